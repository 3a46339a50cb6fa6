"""What a return asks: sections of questions, by kind of audit, written in the policy (domain, section 3.4).

A return is kept with the template that it was begun with, so that a change of the policy never changes one that is
already made. Some codes of questions have a meaning of their own: their answers become the record's own fields.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.kinds import Grade, Kind
from domain.terms import Code, Label, Part, Sentence, Term


class Asks(StrEnum):
    """What kind of answer a question takes."""

    AREAS = "areas"
    """A grade for each of the template's practice areas; answers stand under `area_CODE`."""
    GRADE = "grade"
    YES_NO = "yes_no"
    TEXT = "text"
    CHOICE = "choice"
    ACTIONS = "actions"
    """Actions with an owner and a due day; kept beside the answers."""


class When(Part):
    """A condition: the answer to another question is one of these. For areas: `area_CODE`."""

    question: Code
    answers: tuple[str, ...] = Field(min_length=1)


class Question(Part):
    code: Code
    label: Sentence
    asks: Asks
    required: bool = True
    help: str = Field(default="", max_length=600)
    choices: tuple[Term, ...] = ()
    not_applicable: bool = False
    """ "Not applicable" is a valid answer, kept as `n/a`."""
    when: When | None = None
    """Asked only then."""

    @model_validator(mode="after")
    def _choices_where_they_belong(self) -> Self:
        if (self.asks is Asks.CHOICE) != bool(self.choices):
            raise ValueError(
                f"{self.code}: choices belong to a question that asks for a choice, and only there"
            )
        return self


class Section(Part):
    """One step of the form."""

    code: Code
    title: Label
    questions: tuple[Question, ...] = Field(min_length=1)


class Template(Part):
    """`areas` are codes of the policy's practice areas; empty means all of them. `good_looks_like` stands beside
    each grade."""

    kind: Kind
    sections: tuple[Section, ...] = Field(min_length=1)
    areas: tuple[Code, ...] = ()
    good_looks_like: Mapping[Grade, str] = {}

    @property
    def questions(self) -> Sequence[Question]:
        return [question for section in self.sections for question in section.questions]


class Suggestion(Part):
    """How an overall grade is suggested from the practice areas; explained, never forced."""

    inadequate_share_percent: int = Field(default=30, ge=1, le=100)
    """From this share of graded areas that are Inadequate, Inadequate is suggested."""
    any_inadequate_at_most: Grade = Grade.REQUIRES_IMPROVEMENT
    """One Inadequate area suggests no more than this."""


GRADE = "grade"
RATIONALE = "rationale"
STRENGTHS = "strengths"
CONCERN = "concern"
CONCERN_CATEGORY = "concern_category"
CONCERN_GROUNDS = "concern_grounds"
CATEGORIES: Mapping[str, int] = {"category_1": 1, "category_2": 2}
"""By answer: the category of a child of concern."""
EARLIER_ACTIONS = "earlier_actions_reviewed"
NONE_BECAUSE = "none_because"
REFLECTION = ("reflection_well", "reflection_challenges", "reflection_tools", "reflection_differently")
REFLECTION_SHEET = "reflection_sheet"
AREA = "area_"
ENGAGEMENT: Mapping[str, str] = {
    "social_worker_took_part": "social_worker",
    "manager_took_part": "manager",
    "child_views": "child",
    "parent_views": "parent",
    "iro_views": "iro",
    REFLECTION_SHEET: "reflection_sheet",
}
"""By question: the field of `domain.audits.Engagement`."""
NOT_APPLICABLE = "n/a"
