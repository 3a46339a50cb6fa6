"""Cards of the other kinds of audits and of re-audits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.cards import activities as cards
from dialogs.cards import reaudits
from dialogs.cards.parts import Rendered
from dialogs.words import activities as say
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.kinds import Grade, Kind
from domain.people import Person
from domain.policy import Policy
from domain.programme import Planned
from domain.reaudits import Due
from domain.views.activities import ActivityForm, ActivityList, DueLine, DueList, ReauditForm
from tests import builders as b

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
