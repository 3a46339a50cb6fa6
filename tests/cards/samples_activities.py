"""Cards of the other kinds of audits and of re-audits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.cards import activities as cards
from dialogs.cards import reaudits
from dialogs.cards.audit import audit_card
from dialogs.cards.parts import Rendered
from dialogs.words import activities as say
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.cycle import Party
from domain.kinds import Grade, Kind
from domain.people import Person
from domain.permissions import Reaching
from domain.policy import Policy
from domain.ports import Action
from domain.programme import Planned
from domain.reaudits import Due
from domain.returns import Return
from domain.templates import NONE_BECAUSE
from domain.views.activities import ActivityForm, ActivityList, DueLine, DueList, ReauditForm
from domain.views.audits import AuditView
from tests import builders as b
from tests.cards import samples_moderation as of_moderation

POLICY = Policy()
OCTOBER = Month(2026, 10)


def an_observation(number: int = 120, **changes: Any) -> Audit:
    known: dict[str, Any] = {"kind": Kind.OBSERVATION, "child_ref": None, "about_id": b.TOM.id}
    return b.an_audit(number, **{**known, "auditor_id": b.DANA.id, **changes})


def returned(audit: Audit, **changes: Any) -> Audit:
    known = {"state": AuditState.RETURNED, "returned_on": date(2026, 11, 12), "grade": Grade.GOOD}
    return replace(audit, **{**known, **changes})


def a_list(kind: Kind = Kind.OBSERVATION, *audits: Audit, **changes: Any) -> ActivityList:
    known: dict[str, Any] = {
        "rules": POLICY.by_kind[kind],
        "month": b.NOVEMBER,
        "today": b.TODAY,
        "audits": audits,
        "total": len(audits),
        "returned": sum(audit.returned_on is not None for audit in audits),
        "people": b.EVERYBODY,
    }
    return ActivityList(**{**known, **changes})


def a_form(kind: Kind = Kind.OBSERVATION, **changes: Any) -> ActivityForm:
    return ActivityForm(POLICY.by_kind[kind], b.TODAY, **changes)


def an_inadequate(number: int = 77, **changes: Any) -> Audit:
    known = {"month": OCTOBER, "returned_on": date(2026, 10, 20), "grade": Grade.INADEQUATE}
    return replace(b.an_audit(number), state=AuditState.RETURNED, **{**known, **changes})


def a_due_list(*due: Due, may: bool = True, **changes: Any) -> DueList:
    known: dict[str, Any] = {"total": len(due), "today": b.TODAY, "people": b.EVERYBODY}
    return DueList([DueLine(one, may) for one in due], **{**known, **changes})


FIRST = Due(an_inadequate(), "A-77", 1)
THIRD = Due(an_inadequate(90, kind=Kind.REAUDIT, reaudit_of="A-50", reaudit_number=2), "A-50", 3)
REAUDITED = returned(
    b.an_audit(110, kind=Kind.REAUDIT), reaudit_of="A-77", reaudit_number=1, grade=Grade.REQUIRES_IMPROVEMENT
)
PLANNED = Planned(b.NOVEMBER, Kind.OBSERVATION, 31, "Reflective supervision", note="After the practice week")


def a_reaudit_form(due: Due = FIRST, **changes: Any) -> ReauditForm:
    known: dict[str, Any] = {"child": None, "today": b.TODAY, "elsewhere": (b.SAM, b.PRIYA), "others": ()}
    return ReauditForm(due, **{**known, **changes})


SAMPLES: dict[str, Callable[[], Rendered]] = {
    "activity_observations": lambda: cards.listing(
        a_list(
            Kind.OBSERVATION,
            returned(an_observation(), earlier_actions_reviewed=True),
            an_observation(121, about_id=b.SAM.id),
            expected=31,
            planned=PLANNED,
            may_log=True,
            may_assign=True,
        ),
        POLICY,
    ),
    "activity_own_supervision": lambda: cards.listing(
        a_list(Kind.OBSERVATION, an_observation(), about_viewer=[an_observation()]), POLICY
    ),
    "activity_none_yet": lambda: cards.listing(
        a_list(Kind.DIP_SAMPLE, may_log=True, may_assign=True, may_issue=True, may_say_none=True, expected=0),
        POLICY,
    ),
    "activity_none_because": lambda: cards.listing(
        a_list(
            Kind.DIP_SAMPLE,
            returned(b.an_audit(130, kind=Kind.DIP_SAMPLE, child_ref=None), grade=Grade.NOT_GRADED),
            none={130: "No record of that kind was open."},
            expected=4,
        ),
        POLICY,
    ),
    "activity_of_ones_own": lambda: cards.listing(
        a_list(Kind.OBSERVATION, far=Reaching.TEAM, may_log=True), POLICY
    ),
    "activity_a_page": lambda: cards.listing(
        a_list(
            Kind.THEMATIC,
            *(b.an_audit(n, kind=Kind.THEMATIC, theme="Neglect") for n in range(200, 210)),
            total=42,
            returned=17,
            offset=10,
            may_log=True,
        ),
        POLICY,
        say.asked_unseen("A-209"),
    ),
    "activity_reaudits": lambda: cards.listing(a_list(Kind.REAUDIT, REAUDITED, sees_due=True), POLICY),
    "activity_log_observation": lambda: cards.form(a_form(filled={"day": "2026-11-19", "reviewed": "yes"})),
    "activity_log_found": lambda: cards.form(
        a_form(about=(b.TOM, b.SAM), find="am", filled={"about": "5"}), "That day has not come yet."
    ),
    "activity_log_nobody_found": lambda: cards.form(a_form(find="zz")),
    "activity_log_child": lambda: cards.form(
        a_form(Kind.THEMATIC, filled={"child": "C1", "theme": "Neglect"})
    ),
    "activity_ask": lambda: cards.form(a_form(assign=True, doers=(b.DANA, b.SAM))),
    "activity_ask_many": lambda: cards.form(
        a_form(Kind.DIP_SAMPLE, assign=True, doers=b.many_people(150), find="number000")
    ),
    "activity_none_form": lambda: cards.none_form(POLICY.by_kind[Kind.DIP_SAMPLE], b.NOVEMBER, 4000),
    "reaudits_due": lambda: reaudits.due(a_due_list(FIRST, THIRD)),
    "reaudits_due_to_look_at": lambda: reaudits.due(
        a_due_list(FIRST, may=False, total=23), say.no_longer_due("A-77")
    ),
    "reaudits_none_due": lambda: reaudits.due(a_due_list()),
    "reaudit_give_out": lambda: reaudits.assign(a_reaudit_form()),
    "reaudit_give_out_third": lambda: reaudits.assign(a_reaudit_form(THIRD)),
    "reaudit_nobody_of_elsewhere": lambda: reaudits.assign(
        a_reaudit_form(elsewhere=(), others=(b.DANA,), filled={"who": "2", "reason": ""}), "Say why."
    ),
    "reaudit_nobody": lambda: reaudits.assign(a_reaudit_form(elsewhere=())),
}


# the card of one of them


def a_reaudit() -> AuditView:
    """The second one, whose first audit left three actions."""
    first = an_inadequate(ref="A-50", month=Month(2026, 8))
    audit = b.an_audit(131, kind=Kind.REAUDIT, reaudit_of="A-50", reaudit_number=2)
    task = Action(1, "T-1", "Visit every week.", date(2026, 8, 20), date(2026, 10, 1), owner_id=b.DANA.id)
    actions = (
        replace(task, done_on=date(2026, 9, 28), verified_on=date(2026, 10, 5)),
        replace(task, id=2, ref="T-2", description="Update the plan."),
        replace(
            task, id=3, ref="T-3", description="Hold a meeting.", due_on=date(2026, 12, 1), owner_id=b.TOM.id
        ),
    )
    return of_moderation.a_view(b.TOM, audit, [Party.AUDITOR], first=first, first_actions=actions)


def a_none() -> AuditView:
    audit = returned(b.an_audit(130, kind=Kind.DIP_SAMPLE, child_ref=None), grade=Grade.NOT_GRADED)
    filled = Return(130, "A-130", POLICY.template_of(Kind.DIP_SAMPLE), {NONE_BECAUSE: "No record was open."})
    return of_moderation.a_view(b.TOM, audit, [Party.AUDITOR], filled=filled, areas={})


SAMPLES.update(
    audit_second_reaudit=lambda: audit_card(a_reaudit()), audit_none_this_month=lambda: audit_card(a_none())
)


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    ref = evil[:100]
    audit = b.an_audit(ref=ref, child_ref=ref, theme=evil, kind=Kind.THEMATIC, auditor_id=person.id)
    planned = replace(PLANNED, theme=evil, note=evil)
    seen = an_observation(about_id=person.id, auditor_id=person.id)
    due = Due(an_inadequate(ref=ref, child_ref=ref, team=person.team, auditor_id=person.id), ref, 1)
    everybody = {person.id: person}
    return {
        "activity_list": lambda: cards.listing(
            a_list(Kind.THEMATIC, audit, people=everybody, planned=planned), POLICY
        ),
        "activity_observed": lambda: cards.listing(
            a_list(
                Kind.OBSERVATION,
                seen,
                people=everybody,
                about_viewer=[an_observation(9, auditor_id=person.id)],
            ),
            POLICY,
        ),
        "activity_ask": lambda: cards.form(a_form(assign=True, doers=[person], about=[person], find="bold")),
        "reaudits_due": lambda: reaudits.due(a_due_list(due, people=everybody)),
        "reaudit": lambda: reaudits.assign(a_reaudit_form(due, elsewhere=[person])),
    }
