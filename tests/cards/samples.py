"""One view for each card that people meet, by a name that says the situation; the golden files are made of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dialogs import payloads
from dialogs.cards import audits, deliveries, exemptions, lists, people, requests
from dialogs.cards.parts import Rendered
from dialogs.telling import audits as audits_told
from dialogs.telling import deliveries as deliveries_told
from dialogs.telling import exemptions as exemptions_told
from dialogs.telling import people as people_told
from dialogs.telling.base import Told
from dialogs.words import exemptions as exemption_words
from dialogs.words import home
from domain.audits import AuditState, Kind, Standing
from domain.exemptions import Command, State
from domain.people import Role
from domain.policy import Policy, Texts
from tests import builders as b
from tests.cards import (
    samples_activities,
    samples_concerns,
    samples_issuing,
    samples_moderation,
    samples_participation,
    samples_requests,
    samples_returns,
    samples_selfcheck,
)

REASONS = Policy().exemptions.by_code
TEXTS = Texts()
HEAD = (Command.ENDORSE, Command.DECLINE, Command.ASK_BACK)
DECIDER = (Command.APPROVE, Command.DECLINE, Command.ASK_BACK)
REQUESTER = (Command.WITHDRAW,)

LONG_WAY = (
    b.a_step(),
    b.a_step(Command.ASK_BACK, b.DANA, note="Could the hearing be covered by somebody else?"),
    b.a_step(Command.ANSWER, b.TOM, note="No, I am the only witness."),
    b.a_step(Command.ENDORSE, b.SAM, for_id=b.DANA.id),
)
FLAGGED = b.an_exemption(state=State.WITH_DIRECTOR, last_week=True, after_issue=True, version=4)


def _declined(**changes: object) -> Rendered:
    exemption = b.an_exemption(
        state=State.DECLINED, decided_by_id=b.SAM.id, decided_for_id=b.RUTH.id, note="Cover can be arranged."
    )
    history = (*LONG_WAY, b.a_step(Command.DECLINE, b.SAM, for_id=b.RUTH.id, note="Cover can be arranged."))
    return exemptions.exemption(b.an_exemption_view(b.TOM, exemption, history=history))


def _asked_back() -> Rendered:
    exemption = b.an_exemption(state=State.ASKED_BACK, approver_id=b.DANA.id, version=2)
    commands = (Command.ANSWER, Command.WITHDRAW)
    return exemptions.exemption(b.an_exemption_view(b.TOM, exemption, commands, history=LONG_WAY[:2]))


def _told(told: Told) -> Rendered:
    return Rendered(told.card, told.summary)


SAMPLES: dict[str, Callable[[], Rendered]] = {
    # my audits
    "my_audit_due": lambda: audits.my_audits(b.my_audits(b.an_audit_line())),
    "my_audit_due_soon_with_request": lambda: audits.my_audits(
        b.my_audits(b.an_audit_line(), working_days_left=1, may_request=False, exemption=b.an_exemption())
    ),
    "my_audit_time_asked_for": lambda: audits.my_audits(
        b.my_audits(replace(b.an_audit_line(), awaited=True, asked=samples_requests.a_request()))
    ),
    "my_audits_several": lambda: audits.my_audits(
        b.my_audits(
            b.an_audit_line(standing=Standing.RETURNED, audit=b.an_audit(returned_on=date(2026, 11, 12))),
            b.an_audit_line(b.an_audit(105, kind=Kind.REAUDIT), Standing.OVERDUE),
            b.an_audit_line(b.an_audit(106, kind=Kind.OBSERVATION, child_ref=None, team=None), Standing.NIL),
        )
    ),
    "my_audit_freed": lambda: audits.my_audits(
        b.my_audits(b.an_audit_line(b.an_audit(state=AuditState.FREED), Standing.FREED))
    ),
    "my_audit_exempt": lambda: audits.my_audits(
        b.my_audits(exemption=b.an_exemption(state=State.APPROVED), may_request=False)
    ),
    "my_audit_none_yet": lambda: audits.my_audits(b.my_audits()),
    "my_audit_not_an_auditor": lambda: audits.my_audits(
        b.my_audits(person=b.RUTH, is_auditor=False, may_request=False)
    ),
    # the request form
    "request_form": lambda: requests.request_form(b.a_form()),
    "request_form_last_week": lambda: requests.request_form(
        b.a_form(last_week_months=[b.NOVEMBER], issued_months=[b.NOVEMBER])
    ),
    "request_form_refused": lambda: requests.request_form(
        b.a_form(
            last_week_months=[b.NOVEMBER],
            filled={"month": "2026-11", "reason": "ill_health"},
            problem="explanation_missing",
        )
    ),
    "request_form_for_managers": lambda: requests.request_form(
        b.a_form(b.DANA, myself=False, for_people=[b.TOM, b.PRIYA], filled={"people": "1,4"})
    ),
    "request_form_too_many_people": lambda: requests.request_form(
        b.a_form(b.DANA, myself=False, for_people=b.many_people(214))
    ),
    "request_form_search_result": lambda: requests.request_form(
        b.a_form(b.DANA, myself=False, for_people=b.many_people(214)), find="number002"
    ),
    "request_form_nobody": lambda: requests.request_form(b.a_form(b.DANA, myself=False), others=True),
    "requests_sent": lambda: requests.requested(
        [b.an_exemption_view(b.DANA, b.an_exemption(n, requested_by_id=b.DANA.id)) for n in (12, 13)]
    ),
    # an exemption
    "exemption_head_decides": lambda: exemptions.exemption(
        b.an_exemption_view(b.DANA, commands=HEAD, audit=b.an_audit())
    ),
    "exemption_director_decides_flagged": lambda: exemptions.exemption(
        b.an_exemption_view(
            b.RUTH,
            FLAGGED,
            DECIDER,
            audit=b.an_audit(),
            history=LONG_WAY,
            earlier_refusal=b.an_exemption(9, state=State.DECLINED, note="Asked too early to say."),
        )
    ),
    "exemption_deputy_decides": lambda: exemptions.exemption(
        b.an_exemption_view(b.SAM, FLAGGED, DECIDER, acting_for=b.RUTH.id, history=LONG_WAY)
    ),
    "exemption_requester_waits": lambda: exemptions.exemption(
        b.an_exemption_view(
            b.TOM,
            b.an_exemption(chases=1, last_week=True),
            REQUESTER,
            deputies=[b.SAM.id],
            audit=b.an_audit(),
        )
    ),
    "exemption_requester_is_asked": _asked_back,
    "exemption_approved": lambda: exemptions.exemption(
        b.an_exemption_view(b.TOM, b.an_exemption(state=State.APPROVED, last_week=True))
    ),
    "exemption_declined_by_deputy": _declined,
    "exemption_withdrawn": lambda: exemptions.exemption(
        b.an_exemption_view(b.DANA, b.an_exemption(state=State.WITHDRAWN, decided_by_id=b.TOM.id))
    ),
    "exemption_lapsed": lambda: exemptions.exemption(
        b.an_exemption_view(b.TOM, b.an_exemption(state=State.LAPSED), today=date(2026, 12, 1))
    ),
    "exemption_looked_at_by_qa": lambda: exemptions.exemption(b.an_exemption_view(b.QUINN)),
    "exemption_stale_press": lambda: exemptions.exemption(
        b.an_exemption_view(b.RUTH, b.an_exemption(state=State.APPROVED)), exemption_words.MOVED_ON
    ),
    # lists
    "waiting": lambda: lists.waiting(
        b.waiting(
            b.a_waiting_line(12),
            b.a_waiting_line(13, b.PRIYA, acting_for=b.RUTH),
            asked_back=[b.a_waiting_line(14, b.DANA)],
            freed=[b.an_audit(104, state=AuditState.FREED, auditor_id=None)],
        ),
        REASONS,
    ),
    "waiting_page_in_the_middle": lambda: lists.waiting(
        b.waiting(*[b.a_waiting_line(n) for n in range(21, 31)], total=1000, offset=20), REASONS
    ),
    "waiting_nothing": lambda: lists.waiting(b.waiting(), REASONS),
    "exemption_list": lambda: lists.exemptions(
        b.an_exemption_list(b.a_waiting_line(12), b.a_waiting_line(13, b.PRIYA)),
        payloads.ExemptionList(month=b.NOVEMBER, state=State.WITH_HEAD_OF_SERVICE),
        REASONS,
    ),
    "exemption_list_empty": lambda: lists.exemptions(
        b.an_exemption_list(title_month=None), payloads.ExemptionList(), REASONS
    ),
    # a child who needs another auditor
    "freed_with_takers": lambda: audits.freed(b.a_freed_audit(b.TOM, b.PRIYA)),
    "freed_without_takers": lambda: audits.freed(b.a_freed_audit()),
    "freed_too_many_takers": lambda: audits.freed(b.a_freed_audit(*b.many_people(320))),
    "freed_search_result": lambda: audits.freed(b.a_freed_audit(*b.many_people(320)), find="number001"),
    "freed_given": lambda: audits.freed(
        b.a_freed_audit(audit=b.an_audit(auditor_id=b.PRIYA.id), given_to=b.PRIYA),
        lead=exemption_words.MOVED_ON,
    ),
    # people
    "hi_auditor": lambda: people.hi(b.TOM, TEXTS),
    "welcome_head_of_service": lambda: people.welcome(b.DANA, TEXTS),
    "welcome_qa_team": lambda: people.welcome(b.QUINN, TEXTS),
    "help_director": lambda: people.help_(b.RUTH, TEXTS),
    "help_not_understood": lambda: people.help_(b.TOM, TEXTS, home.NOT_UNDERSTOOD),
    "help_social_worker": lambda: people.help_(b.a_person(9, "Jo Field", Role.SOCIAL_WORKER), TEXTS),
    "unknown_person": lambda: people.unknown_person(TEXTS),
    "deputies": lambda: people.delegations(b.deputies(b.a_delegation())),
    "deputies_refused": lambda: people.delegations(
        b.deputies(
            filled={"delegate": "5", "from_day": "2026-11-27", "to_day": "2026-11-23"},
            problem="days_reversed",
        )
    ),
    "deputies_nobody_to_name": lambda: people.delegations(b.deputies(candidates=())),
    # messages
    "told_to_decide": lambda: _told(exemptions_told.to_decide(b.an_exemption_view(b.DANA, commands=HEAD))),
    "told_to_decide_after_endorsement": lambda: _told(
        exemptions_told.to_decide(b.an_exemption_view(b.RUTH, FLAGGED, DECIDER, history=LONG_WAY))
    ),
    "told_chased": lambda: _told(
        exemptions_told.chased(b.an_exemption_view(b.DANA, b.an_exemption(chases=2), HEAD))
    ),
    "told_asked_back": lambda: _told(
        exemptions_told.asked_back(
            b.an_exemption_view(
                b.TOM, b.an_exemption(state=State.ASKED_BACK), (Command.ANSWER,), history=LONG_WAY[:2]
            )
        )
    ),
    "told_outcome": lambda: _told(
        exemptions_told.outcome(b.an_exemption_view(b.TOM, b.an_exemption(state=State.APPROVED)))
    ),
    "told_moved_up": lambda: _told(exemptions_told.moved_up(b.an_exemption_view(b.TOM, FLAGGED, REQUESTER))),
    "told_stands": lambda: _told(
        exemptions_told.stands(b.an_exemption_view(b.TOM, b.an_exemption(requested_by_id=b.DANA.id)))
    ),
    "told_freed": lambda: _told(audits_told.freed(b.a_freed_audit(b.TOM))),
    "told_deputy": lambda: _told(people_told.delegation_made(b.a_delegation(), b.DANA)),
    "failed_messages_none": lambda: deliveries.failed(b.failed_deliveries()),
    "told_delivery_failed": lambda: _told(
        deliveries_told.failed(b.failed_deliveries(b.a_failure(), b.a_failure(8, person=None), more=True))
    ),
}


for noun in (
    samples_activities,
    samples_requests,
    samples_participation,
    samples_issuing,
    samples_returns,
    samples_moderation,
    samples_concerns,
    samples_selfcheck,
):
    SAMPLES.update(noun.SAMPLES)


def hostile() -> dict[str, Callable[[], Rendered]]:
    """The same cards where every person's text tries to be more than text."""
    evil = (
        "**bold** [click](https://evil.example) <at>Tom</at> <b>x</b> @Ruth \u202egnp.exe "
        "{{DATE(2026-11-30T00:00:00Z)}}"
    )
    person = replace(b.TOM, name=evil, team=replace(b.NORTH, name=evil))
    everybody = {p.id: replace(p, name=evil, team=person.team) for p in b.EVERYBODY.values()}
    exemption = b.an_exemption(explanation=f"1. {evil}\n- {evil}", note=evil, state=State.DECLINED)
    history = tuple(b.a_step(Command.ASK_BACK, b.DANA, for_id=b.RUTH.id, note=evil) for _ in range(9))
    view = b.an_exemption_view(
        b.RUTH, exemption, people=everybody, history=history, earlier_refusal=exemption, deputies=[5]
    )
    open_ = replace(view, exemption=b.an_exemption(explanation=evil), commands=HEAD, acting_for=b.RUTH.id)
    audit = b.an_audit(child_ref=evil, team=person.team)
    line = replace(b.a_waiting_line(person=person), acting_for=person)
    return {
        **samples_requests.hostile(evil, person),
        **samples_returns.hostile(evil, person),
        **samples_moderation.hostile(evil, person),
        **samples_participation.hostile(evil, person),
        **samples_issuing.hostile(evil, person),
        **samples_activities.hostile(evil, person),
        **samples_concerns.hostile(evil, person),
        **samples_selfcheck.hostile(evil, person),
        "closed": lambda: exemptions.exemption(view),
        "open": lambda: exemptions.exemption(open_),
        "told": lambda: _told(exemptions_told.to_decide(open_)),
        "told_outcome": lambda: _told(exemptions_told.outcome(view)),
        "sent": lambda: requests.requested([view, open_]),
        "audits": lambda: audits.my_audits(b.my_audits(b.an_audit_line(audit), person=person)),
        "freed": lambda: audits.freed(b.a_freed_audit(person, audit=audit)),
        "given": lambda: audits.freed(b.a_freed_audit(audit=audit, given_to=person)),
        "form": lambda: requests.request_form(b.a_form(person, for_people=[person])),
        "waiting": lambda: lists.waiting(b.waiting(line, asked_back=[line], freed=[audit]), REASONS),
        "list": lambda: lists.exemptions(b.an_exemption_list(line), payloads.ExemptionList(), REASONS),
        "hi": lambda: people.hi(person, TEXTS),
        "deputies": lambda: people.delegations(
            b.deputies(b.a_delegation(), acting_for_me=everybody, candidates=[person])
        ),
        "told_deputy": lambda: _told(people_told.delegation_made(b.a_delegation(), person)),
        "told_failed": lambda: _told(
            deliveries_told.failed(b.failed_deliveries(b.a_failure(person=person, subject=evil, reason=evil)))
        ),
    }
