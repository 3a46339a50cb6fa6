"""Cards of one audit for its readers, of moderation, the third lock and the child's record."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dialogs.cards import grade_forms, lists, moderation, moderation_lists, taking_off
from dialogs.cards.audit import audit_card
from dialogs.cards.audit_pages import audit_read
from dialogs.cards.parts import Rendered
from dialogs.payloads.moderation import DisputeForm
from dialogs.telling import moderation as tells
from dialogs.telling.base import Told
from dialogs.telling.other_child import not_of_child
from dialogs.words import moderation as say
from domain.audits import Audit, AuditState, Engagement, Standing, standing
from domain.calendar import Month
from domain.cycle import Command, Party, commands_for
from domain.kinds import Grade, Kind
from domain.moderation import Assigned, Rule, Unmet
from domain.participation import Contribution, Part
from domain.people import Person, Role
from domain.policy import Policy
from domain.ports import Action, AuditStep
from domain.requests import Request, Wish
from domain.templates import REFLECTION
from domain.usecases.locking import digest_of
from domain.usecases.other_child import OtherChild
from domain.views.audits import AuditView, Labels, Reader
from domain.views.moderation import AuditLines, Desk, ReassignView, SampleView, SampleWish, Work
from tests import builders as b
from tests.cards import samples_returns as returns

POLICY = Policy()
LIAM = b.a_person(8, "Liam Grant", Role.MODERATOR, team=b.NORTH)
XENA = b.a_person(9, "Xena Cole", Role.MODERATOR, team=None, external=True)
HELEN = b.a_person(10, "Helen Boyd", Role.HEAD_OF_QUALITY, team=None)
SOL = b.a_person(11, "Sol Reyes", Role.SOCIAL_WORKER, team=b.EAST)
EVERYBODY = {**b.EVERYBODY, **{p.id: p for p in (LIAM, XENA, HELEN, SOL)}}
LABELS = Labels(
    kind="Core audit",
    legal_status="Child in need",
    areas={term.code: term.label for term in POLICY.practice_areas},
    reasons={term.code: term.label for term in POLICY.reallocations},
)
AREAS = {
    "assessment": Grade.GOOD,
    "planning": Grade.REQUIRES_IMPROVEMENT,
    "direct_work": Grade.OUTSTANDING,
}
LONG_AGO = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def a_step(command: Command | str, by: Person, note: str = "", **facts: str) -> AuditStep:
    code = command.value if isinstance(command, Command) else command
    return AuditStep(LONG_AGO, code, by.id, None, note, facts)


ISSUED = a_step("issue", b.QUINN)
RETURN = a_step(Command.RETURN, b.TOM, grade=">good")
ASSIGN = a_step(Command.ASSIGN, b.QUINN)
SENT = a_step(Command.SEND_BACK, LIAM, "Say why the plan is good.", rework="rationale,evidence")
CHANGED = a_step(Command.MODERATE, LIAM, "No visit for six months.", moderated_grade=">inadequate")
DISPUTED = a_step(Command.DISPUTE, b.TOM, "The visits are in another file.")
LOCKED = a_step(Command.LOCK, HELEN, "One visit was seen.", final_grade=">requires_improvement")


def an_audit(state: AuditState = AuditState.RETURNED, **changes: Any) -> Audit:
    audit = b.an_audit(
        state=state,
        returned_on=date(2026, 11, 12),
        grade=Grade.GOOD,
        version=3,
        engagement=Engagement(social_worker=True, manager=True, child=False, reflection_sheet=True),
    )
    return replace(audit, **changes)


def a_view(
    viewer: Person = b.TOM, audit: Audit | None = None, parties: Sequence[Party] = (), **changes: Any
) -> AuditView:
    audit = audit or an_audit()
    mine = frozenset(parties)
    view = AuditView(
        audit=audit,
        viewer=viewer,
        today=b.TODAY,
        standing=standing(audit, b.TODAY, POLICY.audits),
        parties=mine,
        commands=commands_for(audit, mine),
        people=EVERYBODY,
        areas=AREAS if audit.returned_on else {},
        steps=(ISSUED, RETURN) if audit.returned_on else (ISSUED,),
        working_days_left=6,
        labels=LABELS,
    )
    return replace(view, **changes)


def to_do(**changes: Any) -> AuditView:
    wishes = (Wish.SLIPPAGE, Wish.REALLOCATION)
    return a_view(b.TOM, b.an_audit(), [Party.AUDITOR, Party.FILER], wishes=wishes, **changes)


def _filled() -> Any:
    return returns.a_return(audit=an_audit())


def _actions() -> tuple[Action, ...]:
    return (returns.an_action(12), returns.an_action(13))


def full(viewer: Person, audit: Audit, parties: Sequence[Party], **changes: Any) -> AuditView:
    given = Contribution(audit.id, SOL.id, Part.SOCIAL_WORKER, {REFLECTION[0]: "We met weekly."}, b.NOW, 1)
    return a_view(
        viewer,
        audit,
        parties,
        **{"filled": _filled(), "actions": _actions(), "contributions": (given,), **changes},
    )


WITH_LIAM = an_audit(moderator_id=LIAM.id)
SENT_BACK = an_audit(AuditState.SENT_BACK, moderator_id=LIAM.id, meets_standard=False)
DOWN = an_audit(
    AuditState.MODERATED,
    moderator_id=LIAM.id,
    moderated_grade=Grade.INADEQUATE,
    meets_standard=True,
    moderated_on=date(2026, 11, 16),
)
IN_DISPUTE = replace(DOWN, state=AuditState.DISPUTED)
FINAL = replace(DOWN, state=AuditState.LOCKED, final_grade=Grade.REQUIRES_IMPROVEMENT)


def _told(told: Told) -> Rendered:
    return Rendered(told.card, told.summary)


def lines(*audits: Audit, viewer: Person = LIAM, **changes: Any) -> AuditLines:
    view = AuditLines(viewer, b.TODAY, None, audits, len(audits), EVERYBODY, digest=digest_of(audits))
    return replace(view, **changes)


def a_sample(**changes: Any) -> SampleView:
    view = SampleView(
        today=b.TODAY,
        wish=SampleWish(b.NOVEMBER),
        months=[Month(2026, 11), Month(2026, 10)],
        kinds=[Kind.CORE, Kind.REAUDIT],
        share_percent=25,
        returned={Grade.OUTSTANDING: 4, Grade.GOOD: 21, Grade.REQUIRES_IMPROVEMENT: 15, Grade.INADEQUATE: 6},
        sampled=3,
        wanted=12,
        assigned=[Assigned(f"A-{n}", LIAM.id) for n in range(201, 210)],
        chosen={Grade.OUTSTANDING: 4, Grade.GOOD: 3, Grade.REQUIRES_IMPROVEMENT: 2},
        moderated={Grade.GOOD: 2},
        left_out=34,
        left_out_new=34,
        audits={f"A-{n}": replace(an_audit(), ref=f"A-{n}", child_ref=f"C{n}") for n in range(201, 210)},
        people=EVERYBODY,
        desks=[Desk(LIAM, 2, 5), Desk(XENA, 1, 4)],
        unmet=(),
        digest="0123456789abcdef",
        labels={kind: rule.label for kind, rule in POLICY.by_kind.items()},
    )
    return replace(view, **changes)


def reassigning(*candidates: Desk, **changes: Any) -> ReassignView:
    return replace(ReassignView(WITH_LIAM, b.TODAY, candidates, LIAM), **changes)


SLIP = Request(7, 104, "A-104", Wish.SLIPPAGE, b.TOM.id, b.NOW, "Court all week", wanted_on=date(2026, 12, 2))

SAMPLES: dict[str, Callable[[], Rendered]] = {
    # one audit
    "audit_to_do": lambda: audit_card(to_do()),
    "audit_to_do_begun_and_asked": lambda: audit_card(
        replace(to_do(), filled=_filled(), wishes=(Wish.REALLOCATION,), requests=(SLIP,))
    ),
    "audit_late": lambda: audit_card(
        replace(to_do(), standing=Standing.OVERDUE, today=date(2026, 12, 2), books_close_on=date(2026, 12, 7))
    ),
    "audit_seen_by_qa": lambda: audit_card(
        full(b.QUINN, an_audit(), [Party.QA_TEAM, Party.SAMPLER, Party.FILER, Party.DECIDER])
    ),
    "audit_with_its_moderator": lambda: audit_card(
        full(LIAM, WITH_LIAM, [Party.MODERATOR], steps=(ISSUED, RETURN, ASSIGN))
    ),
    "audit_sent_back_to_its_auditor": lambda: audit_card(
        full(b.TOM, SENT_BACK, [Party.AUDITOR], steps=(ISSUED, RETURN, ASSIGN, SENT))
    ),
    "audit_moderated_down": lambda: audit_card(
        full(b.TOM, DOWN, [Party.AUDITOR, Party.CONCERNED], steps=(ISSUED, RETURN, ASSIGN, CHANGED))
    ),
    "audit_nobody_locks": lambda: audit_card(full(b.QUINN, DOWN, [Party.QA_TEAM], nobody_locks=True)),
    "audit_disputed_for_the_head_of_quality": lambda: audit_card(
        full(HELEN, IN_DISPUTE, [Party.HEAD_OF_QUALITY], steps=(ISSUED, RETURN, CHANGED, DISPUTED))
    ),
    "audit_for_the_team": lambda: audit_card(
        full(b.DANA, replace(FINAL, moderator_id=None), [], reader=Reader.TEAM, contributions=())
    ),
    "audit_for_the_social_worker": lambda: audit_card(
        a_view(SOL, an_audit(), [], reader=Reader.WORKER, areas={}, takes_part=True, actions=_actions())
    ),
    "audit_uploaded": lambda: audit_card(
        full(b.TOM, replace(FINAL, state=AuditState.UPLOADED, uploaded_on=b.TODAY), [Party.FILER])
    ),
    "audit_stale_press": lambda: audit_card(full(b.TOM, DOWN, []), say.NOT_NOW),
    "audit_read": lambda: audit_read(full(LIAM, WITH_LIAM, [Party.MODERATOR]), 0),
    "audit_read_nothing": lambda: audit_read(a_view(), 0),
    # judging
    "moderation_form": lambda: moderation.form(full(LIAM, WITH_LIAM, [Party.MODERATOR]), longest=1000),
    "moderation_form_again_with_a_grade_said": lambda: moderation.form(
        full(
            LIAM,
            replace(WITH_LIAM, state=AuditState.RESUBMITTED),
            [Party.MODERATOR],
            steps=(ISSUED, RETURN, SENT),
        ),
        longest=1000,
        said=Grade.REQUIRES_IMPROVEMENT,
        reason="The plan is late",
    ),
    "moderation_mine": lambda: moderation_lists.mine(lines(WITH_LIAM, an_audit(moderator_id=LIAM.id))),
    "moderation_mine_nothing": lambda: moderation_lists.mine(lines()),
    "waiting_with_moderation": lambda: lists.waiting(
        b.waiting(), POLICY.exemptions.by_code, work=Work(3, 12, (SENT_BACK,), (WITH_LIAM,))
    ),
    # the sample
    "sample": lambda: moderation.sample(a_sample()),
    "sample_confirmed": lambda: moderation.sample(a_sample(sampled=12, assigned=()), say.assigned(9)),
    "sample_of_inadequates_to_externals": lambda: moderation.sample(
        a_sample(
            wish=SampleWish(b.NOVEMBER, grades=(Grade.INADEQUATE,), external=True),
            desks=[Desk(XENA, 1, 6)],
            unmet=(Unmet(Rule.NOBODY_MAY, {"audit": "A-211"}),),
        )
    ),
    "sample_nobody_moderates": lambda: moderation.sample(
        a_sample(assigned=(), chosen={}, desks=(), unmet=(Unmet(Rule.NO_MODERATORS, {"wanted": "9"}),))
    ),
    "sample_leaves_out_and_a_moderator_left": lambda: moderation.sample(
        a_sample(assigned=(), chosen={}, stuck=1, left_out=35, left_out_new=2)
    ),
    "sample_nothing_back": lambda: moderation.sample(
        a_sample(returned={}, sampled=0, wanted=0, assigned=(), chosen={})
    ),
    "reassign": lambda: moderation.reassign(reassigning(Desk(XENA, 1)), longest=1000),
    "reassign_nobody_else": lambda: moderation.reassign(reassigning(present=None), longest=1000),
    "reassign_many": lambda: moderation.reassign(
        reassigning(*[Desk(p, 0) for p in b.many_people(140)]), longest=1000
    ),
    # the third lock, and the child's record
    "to_lock": lambda: moderation_lists.to_lock(
        lines(DOWN, IN_DISPUTE, viewer=HELEN, batch=(DOWN,), month=b.NOVEMBER)
    ),
    "to_lock_nobody": lambda: moderation_lists.to_lock(lines(DOWN, viewer=b.QUINN, nobody_locks=True)),
    "to_lock_nothing": lambda: moderation_lists.to_lock(lines(viewer=HELEN)),
    "lock_read": lambda: moderation_lists.lock_read(lines(DOWN, viewer=HELEN, batch=(DOWN, WITH_LIAM))),
    "lock_decide": lambda: grade_forms.decide(
        full(HELEN, IN_DISPUTE, [Party.HEAD_OF_QUALITY], steps=(CHANGED, DISPUTED)), longest=1000
    ),
    "take_off_form": lambda: taking_off.form(a_view(b.QUINN, b.an_audit(), [Party.QA_TEAM]), longest=1000),
    "lock_reopen": lambda: grade_forms.reopen(full(HELEN, FINAL, [Party.HEAD_OF_QUALITY]), longest=1000),
    "dispute_form": lambda: grade_forms.dispute(
        full(b.TOM, DOWN, [Party.CONCERNED], steps=(CHANGED,)), longest=1000
    ),
    "dispute_which": lambda: moderation_lists.which(
        lines(DOWN, WITH_LIAM, viewer=b.TOM), DisputeForm, say.DISPUTE_TITLE, none=say.NONE_HERE
    ),
    "dispute_none": lambda: moderation_lists.which(
        lines(viewer=b.TOM), DisputeForm, say.DISPUTE_TITLE, none=say.NONE_FITS
    ),
    "to_upload": lambda: moderation_lists.to_upload(
        lines(FINAL, WITH_LIAM, viewer=b.TOM, batch=(FINAL, WITH_LIAM))
    ),
    "to_upload_nothing": lambda: moderation_lists.to_upload(lines(viewer=b.TOM, month=b.NOVEMBER)),
    "upload_read": lambda: moderation_lists.upload_read(lines(FINAL, viewer=b.TOM, batch=(FINAL, WITH_LIAM))),
    "upload_unmoderated": lambda: grade_forms.upload(full(b.TOM, an_audit(), [Party.FILER])),
    "upload_untick": lambda: grade_forms.untick(full(b.TOM, FINAL, [Party.FILER]), longest=1000),
    # messages
    "told_moderation_assigned": lambda: _told(tells.assigned(full(LIAM, WITH_LIAM, [Party.MODERATOR]))),
    "told_moderation_stuck": lambda: _told(
        tells.stuck(full(b.QUINN, WITH_LIAM, [Party.SAMPLER], stuck=True))
    ),
    "told_unticked": lambda: _told(
        tells.unticked(
            full(b.TOM, FINAL, [Party.FILER]), a_step(Command.UNTICK, HELEN, "New facts from court")
        )
    ),
    "told_not_of_child": lambda: _told(
        not_of_child(OtherChild(an_audit(), "C10500", (returns.an_action(12),), may_open=False))
    ),
    "audit_inadequate_category_1": lambda: audit_card(
        full(
            b.DANA,
            an_audit(grade=Grade.INADEQUATE, concern_category=1),
            [],
            reader=Reader.TEAM,
            contributions=(),
        )
    ),
    "told_sent_back": lambda: _told(tells.sent_back(full(b.TOM, SENT_BACK, [Party.AUDITOR]), SENT)),
    "told_moderated": lambda: _told(tells.moderated(full(b.TOM, DOWN, [Party.CONCERNED]), CHANGED)),
    "told_resubmitted": lambda: _told(
        tells.resubmitted(
            full(LIAM, replace(WITH_LIAM, state=AuditState.RESUBMITTED), [Party.MODERATOR]), RETURN
        )
    ),
    "told_disputed": lambda: _told(
        tells.disputed(full(HELEN, IN_DISPUTE, [Party.HEAD_OF_QUALITY]), DISPUTED)
    ),
    "told_locked": lambda: _told(tells.locked(full(b.TOM, FINAL, []), LOCKED)),
    "told_reopened": lambda: _told(
        tells.reopened(full(LIAM, WITH_LIAM, [Party.MODERATOR]), a_step(Command.REOPEN, HELEN, "New facts"))
    ),
}


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    """The same cards where every person's text tries to be more than text."""
    everybody = {p.id: replace(p, name=evil, team=person.team) for p in EVERYBODY.values()}
    changes: dict[str, Any] = {"child_ref": evil, "team": person.team, "ref": "A-104", "theme": evil}
    steps = tuple(
        a_step(command, LIAM, evil) for command in (Command.SEND_BACK, Command.MODERATE, Command.DISPUTE)
    )
    filled = returns.a_return({"strengths": f"1. {evil}\n- {evil}", "rationale": evil})
    action = replace(_actions()[0], description=evil)

    def view(audit: Audit, *parties: Party) -> AuditView:
        given = Contribution(audit.id, SOL.id, Part.SOCIAL_WORKER, {REFLECTION[0]: evil}, b.NOW, 1)
        return full(
            b.TOM,
            replace(audit, **changes),
            parties,
            people=everybody,
            steps=steps,
            filled=filled,
            actions=(action,),
            contributions=(given,),
        )

    bad = replace(DOWN, **changes)
    return {
        "audit": lambda: audit_card(view(SENT_BACK, Party.AUDITOR)),
        "audit_read": lambda: audit_read(view(DOWN), 0),
        "audit_told": lambda: _told(tells.moderated(view(DOWN), steps[1])),
        "audit_told_disputed": lambda: _told(tells.disputed(view(IN_DISPUTE), steps[2])),
        "moderation_form": lambda: moderation.form(
            view(replace(WITH_LIAM, state=AuditState.RESUBMITTED), Party.MODERATOR), longest=1000
        ),
        "dispute": lambda: grade_forms.dispute(view(DOWN, Party.CONCERNED), longest=1000),
        "to_lock": lambda: moderation_lists.to_lock(lines(bad, people=everybody, batch=(bad,))),
        "lock_read": lambda: moderation_lists.lock_read(lines(bad, people=everybody, batch=(bad,))),
        "sample_people": lambda: moderation.sample(a_sample(desks=[Desk(everybody[LIAM.id], 1, 1)])),
        "reassign_people": lambda: moderation.reassign(
            reassigning(Desk(everybody[XENA.id], 1), audit=bad, present=everybody[LIAM.id]), longest=1000
        ),
    }
