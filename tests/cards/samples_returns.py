"""Cards of returns: each step, a look at all of it, corrections, and what is told at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dialogs.cards import audits, corrections, own_actions
from dialogs.cards import return_review as reviews
from dialogs.cards import returns as cards
from dialogs.cards.parts import Rendered
from dialogs.cards.returns import Form
from dialogs.words import returns as say
from domain.audits import Audit, AuditState, Standing
from domain.kinds import Kind
from domain.people import Person
from domain.policy import Policy
from domain.ports import Action
from domain.return_results import area_grades, counted, suggested
from domain.return_rules import missing, open_sections, progress
from domain.returns import PlannedAction, Return, claimed
from domain.templates import AREA, ENGAGEMENT, Template
from domain.usecases.own_actions import OwnActions
from domain.views.returns import ReturnView
from tests import builders as b

POLICY = Policy()
CORE = POLICY.template_of(Kind.CORE)
SAVED_AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
AREAS = {
    **{f"{AREA}{code}": "requires_improvement" for code in CORE.areas},
    f"{AREA}risk_assessment": "inadequate",
    f"{AREA}direct_work": "good",
    f"{AREA}iro_oversight": "n/a",
}
ACTIONS = (
    PlannedAction(1, "Update the risk assessment with the family.", b.DANA.id, date(2026, 12, 18)),
    PlannedAction(3, "Visit the child at school.", None, date(2026, 12, 4)),
)
ANSWERS = {
    **AREAS,
    **dict.fromkeys(ENGAGEMENT, "yes"),
    "parent_views": "no",
    "grade": "requires_improvement",
    "rationale": "Visits are purposeful, but the plan has drifted since August.",
    "strengths": "A relationship that the child trusts.",
    "concern": "no",
    "reflection_well": "Time with the child.",
}
"""A whole return of a core audit."""


def a_return(answers: dict[str, str] | None = None, audit: Audit | None = None, **changes: Any) -> Return:
    """Filled in whole unless said otherwise."""
    audit = audit or b.an_audit()
    filled = Return(
        audit.id, audit.ref, POLICY.template_of(audit.kind), answers or ANSWERS, ACTIONS, SAVED_AT
    )
    return claimed(replace(filled, **{"version": 5, **changes}), audit)


def a_view(filled: Return | None = None, section: str | None = None, **changes: Any) -> ReturnView:
    """Of Tom's A-104; `section` by code, None: all of it."""
    audit: Audit = changes.get("audit") or b.an_audit()
    filled = filled or a_return(audit=audit)
    steps = {one.code: one for one in open_sections(filled.template, filled.answers)}
    view = ReturnView(
        audit=audit,
        viewer=b.TOM,
        today=b.TODAY,
        standing=Standing.DUE,
        filled=filled,
        progress=progress(filled),
        missing=missing(filled),
        rules=POLICY.audits,
        areas={term.code: term.label for term in POLICY.practice_areas},
        kind=POLICY.by_kind[audit.kind].label,
        due=b.TODAY + timedelta(days=28),
        section=steps[section] if section else None,
        suggested=suggested(area_grades(counted(filled)), POLICY.suggestion),
        owners=[b.DANA, b.SAM],
        people=b.EVERYBODY,
        safeguarding=POLICY.texts.safeguarding,
        may_be_none=POLICY.by_kind[audit.kind].may_be_none,
    )
    return replace(view, **changes)


def empty(kind: Kind = Kind.CORE, template: Template | None = None) -> Return:
    audit = b.an_audit(kind=kind)
    return Return(audit.id, audit.ref, template or POLICY.template_of(kind))


def fresh(kind: Kind = Kind.CORE, section: str | None = None) -> ReturnView:
    """Nothing is answered yet; at the first step unless another is named."""
    filled = empty(kind)
    return a_view(filled, section or filled.template.sections[0].code, audit=b.an_audit(kind=kind))


def _without(*codes: str) -> Return:
    return a_return({code: said for code, said in ANSWERS.items() if code not in codes})


def an_action(number: int = 12, **changes: Any) -> Action:
    action = Action(
        number, f"T-{number}", "Update the risk assessment.", date(2026, 11, 20), date(2026, 12, 18),
        child_ref="C10432", team=b.EAST, owner_id=b.DANA.id,
    )  # fmt: skip
    return replace(action, **changes)


SENT_BACK = b.an_audit(state=AuditState.SENT_BACK, returned_on=date(2026, 11, 18), version=4)
CONCERN = {**ANSWERS, "concern": "yes", "grade": "inadequate"}

SAMPLES: dict[str, Callable[[], Rendered]] = {
    "return_areas_fresh": lambda: cards.step(fresh()),
    "return_areas_half": lambda: cards.step(
        a_view(_without(f"{AREA}planning", "grade"), "areas"), Form(lead=say.still_to_answer(["Planning"]))
    ),
    "return_engagement": lambda: cards.step(a_view(section="engagement")),
    "return_grade": lambda: cards.step(a_view(section="grade")),
    "return_grade_refused": lambda: cards.step(
        a_view(section="grade"),
        Form(
            {"grade": "good", "rationale": "x" * 40}, {"rationale": "too_long", "grade": "changed_elsewhere"}
        ),
    ),
    "return_actions": lambda: cards.step(a_view(section="actions")),
    "return_actions_search": lambda: cards.step(
        a_view(section="actions", owners=[b.PRIYA]), Form({"description": "Visit", "owner": "2"}, find="shah")
    ),
    "return_actions_too_early": lambda: cards.step(a_view(_without("grade"), "actions")),
    "return_concern": lambda: cards.step(a_view(a_return(CONCERN), "concern")),
    "return_reflection": lambda: cards.step(a_view(section="reflection")),
    "return_sent_back": lambda: cards.step(
        a_view(section="grade", audit=SENT_BACK, sent_back="The rationale does not say what was seen.")
    ),
    "return_none_possible": lambda: cards.step(fresh(Kind.DIP_SAMPLE)),
    "return_observation": lambda: cards.step(fresh(Kind.OBSERVATION, "quality")),
    "return_said": lambda: cards.said(
        a_view(empty()), Form({"grade": "good", "social_worker_took_part": "yes", "reflection_sheet": "no"})
    ),
    "return_review_ready": lambda: reviews.review(a_view()),
    "return_review_missing": lambda: reviews.review(
        a_view(_without(f"{AREA}planning", "rationale", "grade"), late="late")
    ),
    "return_review_inadequate": lambda: reviews.review(
        a_view(a_return({**CONCERN, "concern_category": "category_1", "concern_grounds": "Not seen."}))
    ),
    "return_closed": lambda: reviews.closed(a_view(_without("strengths", "concern"))),
    "return_none_form": lambda: reviews.none_form(fresh(Kind.DIP_SAMPLE)),
    "return_which": lambda: reviews.which([b.an_audit(), b.an_audit(105, child_ref=None)], say.SEVERAL),
    "correct_menu": lambda: corrections.menu(a_view()),
    "correct_step": lambda: corrections.step(a_view(section="grade")),
    "correct_step_refused": lambda: corrections.step(
        a_view(section="concern"),
        Form({"concern": "yes"}, {"concern_category": "answer_missing", "concern_grounds": "answer_missing"}),
        "I misread the chronology.",
    ),
    "correct_child": lambda: corrections.child(a_view(), "C99", "A slip.", "That reference is not known."),
    "told_actions_raised": lambda: own_actions.raised(
        OwnActions(b.an_audit(), [an_action(), an_action(13, child_ref=None)], may_open=True)
    ),
    "my_audit_return_started": lambda: audits.my_audits(
        b.my_audits(
            replace(b.an_audit_line(), awaited=True, started=progress(_without("grade", "strengths")))
        )
    ),
    "my_audit_sent_back": lambda: audits.my_audits(
        b.my_audits(replace(b.an_audit_line(SENT_BACK, Standing.RETURNED), awaited=True))
    ),
}


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    """An input's own value is shown as it was typed, and read as nothing else; it is left out here."""
    audit = b.an_audit(child_ref=evil[:100], ref=f"A-{evil}"[:100], team=person.team)
    people = {p: replace(person, id=p) for p in b.EVERYBODY}
    actions = tuple(replace(action, description=evil, owner_id=b.DANA.id) for action in ACTIONS)
    said = {
        code: evil if code in ("rationale", "strengths", "reflection_well") else a
        for code, a in ANSWERS.items()
    }
    filled = replace(a_return(said, audit), actions=actions)
    view = a_view(filled, audit=audit, people=people, owners=[person], sent_back=evil)
    acting = replace(view, section=next(s for s in CORE.sections if s.code == "actions"))
    owned = OwnActions(audit, [an_action(description=evil, child_ref=evil, team=person.team)], may_open=False)
    return {
        "return_review": lambda: reviews.review(view),
        "return_actions": lambda: cards.step(acting),
        "return_closed": lambda: reviews.closed(view),
        "return_correct": lambda: corrections.menu(view),
        "return_which": lambda: reviews.which([audit], say.none_fits("A-1")),
        "own_actions": lambda: own_actions.raised(owned),
    }
