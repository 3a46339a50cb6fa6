"""What the answers of a return come to: the audit's own fields, and the grade that the areas suggest (domain, 3.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.audits import Audit, Engagement
from domain.kinds import GRADED, Grade
from domain.return_rules import asked, codes_of, valid
from domain.returns import PlannedAction, Return, claimed
from domain.templates import (
    AREA,
    CATEGORIES,
    CONCERN,
    CONCERN_CATEGORY,
    EARLIER_ACTIONS,
    ENGAGEMENT,
    GRADE,
    NONE_BECAUSE,
    NOT_APPLICABLE,
    Asks,
    Suggestion,
    Template,
)


def counted(filled: Return) -> dict[str, str]:
    """The answers that count: to questions that are asked, and valid."""
    found: dict[str, str] = {}
    for question in asked(filled.template, filled.answers):
        found |= valid(question, codes_of(question, filled.template), filled.answers)
    return {NONE_BECAUSE: filled.answers[NONE_BECAUSE]} if NONE_BECAUSE in filled.answers else found


def counted_actions(filled: Return) -> tuple[PlannedAction, ...]:
    """None where the template does not ask for actions now."""
    if NONE_BECAUSE in filled.answers:
        return ()
    wanted = any(question.asks is Asks.ACTIONS for question in asked(filled.template, filled.answers))
    return filled.actions if wanted else ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers say, as the audit's own fields. `areas` holds Not graded where one does not apply."""

    grade: Grade | None
    engagement: Engagement
    concern_category: int | None
    earlier_actions_reviewed: bool | None
    areas: Mapping[str, Grade]

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of `Audit` that a return sets."""
        return {
            "grade": self.grade,
            "engagement": self.engagement,
            "concern_category": self.concern_category,
            "earlier_actions_reviewed": self.earlier_actions_reviewed,
        }


_SAID = {"yes": True, "no": False}


def result(filled: Return) -> Result:
    """Not graded where no grade is asked for, or there was none to look at."""
    said = counted(filled)
    grades = any(question.asks is Asks.GRADE for question in asked(filled.template, filled.answers))
    found = Grade(said[GRADE]) if GRADE in said else None
    if NONE_BECAUSE in said or not grades:
        found = Grade.NOT_GRADED
    engaged = {name: _SAID.get(said.get(code, "")) for code, name in ENGAGEMENT.items()}
    return Result(
        grade=found,
        engagement=Engagement(**engaged),
        concern_category=CATEGORIES.get(said.get(CONCERN_CATEGORY, "")),
        earlier_actions_reviewed=_SAID.get(said.get(EARLIER_ACTIONS, "")),
        areas=area_grades(said),
    )


def area_grades(answers: Mapping[str, str]) -> dict[str, Grade]:
    return {
        code.removeprefix(AREA): Grade.NOT_GRADED if said == NOT_APPLICABLE else Grade(said)
        for code, said in answers.items()
        if code.startswith(AREA)
    }


def of_record(audit: Audit, areas: Mapping[str, Grade], template: Template) -> Return:
    """For an audit that was returned elsewhere and came by import: the answers that its fields would have been."""
    answers = {
        f"{AREA}{code}": _area_answer(grade) for code, grade in areas.items() if code in template.areas
    }
    for code, name in ENGAGEMENT.items():
        answers |= _yes_no(code, getattr(audit.engagement, name))
    answers |= _yes_no(EARLIER_ACTIONS, audit.earlier_actions_reviewed)
    if audit.grade is not None:
        answers[GRADE] = audit.grade.value
    category = {number: code for code, number in CATEGORIES.items()}.get(audit.concern_category or 0)
    if category:
        answers |= {CONCERN: "yes", CONCERN_CATEGORY: category}
    elif audit.returned_on is not None:
        answers[CONCERN] = "no"
    return claimed(Return(audit.id, audit.ref, template, answers), audit)


def _area_answer(grade: Grade) -> str:
    return NOT_APPLICABLE if grade is Grade.NOT_GRADED else grade.value


def _yes_no(code: str, said: bool | None) -> dict[str, str]:
    return {} if said is None else {code: "yes" if said else "no"}


class Why(StrEnum):
    """What a suggested grade rests on."""

    MOST = "most"
    """Most areas have it (of two that are level, the lower)."""
    SHARE = "share"
    """So many areas are Inadequate."""
    CAPPED = "capped"
    """Most areas are better, but one Inadequate allows no more."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """`counts` by grade of the areas that are graded, `inadequate` which areas are so; then `at_most` is the best that
    can be suggested."""

    grade: Grade
    why: Why
    counts: Mapping[Grade, int]
    inadequate: Sequence[str] = ()
    at_most: Grade | None = None

    @property
    def graded(self) -> int:
        return sum(self.counts.values())


def suggested(areas: Mapping[str, Grade], rules: Suggestion) -> Suggested | None:
    """None where no area is graded. Never forced: the auditor decides."""
    graded = {code: grade for code, grade in areas.items() if grade in GRADED}
    if not graded:
        return None
    counts = {grade: list(graded.values()).count(grade) for grade in GRADED}
    inadequate = tuple(code for code, grade in graded.items() if grade is Grade.INADEQUATE)
    if 100 * len(inadequate) >= rules.inadequate_share_percent * len(graded):
        return Suggested(Grade.INADEQUATE, Why.SHARE, counts, inadequate)
    most = max(GRADED, key=lambda grade: (counts[grade], GRADED.index(grade)))
    cap = rules.any_inadequate_at_most
    if inadequate and cap in GRADED and GRADED.index(most) < GRADED.index(cap):
        return Suggested(cap, Why.CAPPED, counts, inadequate, cap)
    return Suggested(most, Why.MOST, counts, inadequate, cap if inadequate and cap in GRADED else None)
