"""The council's own rules: lists, days, times and targets, with the defaults of domain.md.

A policy is one validated, frozen value. `POLICY_FILE` (TOML) overrides any key; an unknown key, an empty list or
a bad value is refused at start with the key's name.
"""

from collections.abc import Sequence
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReasonClass(StrEnum):
    """Decides the second denominator of completion (domain, sections 4 and 8)."""

    NON_OPERATIONAL = "non_operational"
    OPERATIONAL = "operational"


class Term(_Part):
    """An entry of a policy list: the code stands in files, the label is shown. Both are accepted when read."""

    code: Code
    label: Label


class Reason(Term):
    """A reason for an exemption; its class is written `class` in the policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    reason_class: ReasonClass = Field(validation_alias=AliasChoices("class", "reason_class"))


AnyTerm = TypeVar("AnyTerm", bound=Term)


def _terms(**labels: str) -> tuple[Term, ...]:
    return tuple(Term(code=code, label=label) for code, label in labels.items())


def _reasons(cls: ReasonClass, **labels: str) -> tuple[Reason, ...]:
    return tuple(Reason(code=code, label=label, reason_class=cls) for code, label in labels.items())


DEFAULT_REASONS = _reasons(
    ReasonClass.NON_OPERATIONAL,
    extended_leave="Extended leave",
    maternity="Maternity",
    ill_health="Ill health",
    part_time_pattern="Part-time pattern",
    leaving="Leaving the council",
) + _reasons(
    ReasonClass.OPERATIONAL,
    other_qa_activity="Other QA activity",
    statutory_work="Unusually high statutory work",
    moderating="Moderating",
    other="Other",
)


class Working(_Part):
    """When people are written to (alerts excepted): working days of England, between these times in London."""

    day_starts: time = time(9, 0)
    day_ends: time = time(17, 0)

    @model_validator(mode="after")
    def _a_day_has_hours(self) -> Self:
        if self.day_starts >= self.day_ends:
            raise ValueError("day_starts must be earlier than day_ends")
        return self


class Exemptions(_Part):
    """Section 4 of the rules."""

    reasons: tuple[Reason, ...] = Field(default=DEFAULT_REASONS, min_length=1)
    last_week_days: int = Field(default=7, ge=1, le=31)
    """The last calendar days of a month in which a request is discouraged and must be explained."""
    months_ahead: int = Field(default=12, ge=0, le=36)
    chase_after_working_days: int = Field(default=1, ge=1, le=20)
    """An unanswered step is chased every so many working days."""
    escalate_after_working_days: int = Field(default=3, ge=1, le=40)
    """After so many working days without an answer the step goes one level up."""
    note_longest: int = Field(default=1000, ge=100, le=4000)
    """Characters of an explanation or reason."""

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        _refuse_twins(self.reasons)
        return self

    @cached_property
    def by_code(self) -> dict[str, Reason]:
        return {reason.code: reason for reason in self.reasons}


class Audits(_Part):
    """Section 3 of the rules."""

    books_close_after_working_days: int = Field(default=5, ge=0, le=31)
    """Working days after the deadline; what is not returned by then is a nil return."""


DEFAULT_LEGAL_STATUSES = _terms(
    child_in_need="Child in need",
    child_protection_plan="Child protection plan",
    child_in_care="Child in care",
    care_leaver="Care leaver",
    early_help="Early help",
)
DEFAULT_PRACTICE_AREAS = _terms(
    assessment="Assessment",
    planning="Planning",
    review="Review",
    management_oversight="Management oversight",
    iro_oversight="IRO/CP chair oversight",
    direct_work="Direct work",
    relational_practice="Relational practice",
    risk_assessment="Risk assessment",
    responsiveness="Responsiveness",
    legal_activity="Legal activity",
    permanence="Permanence and living arrangements",
)
DEFAULT_COHORTS = _terms(
    looked_after="Looked after",
    care_leavers="Care leavers",
    child_in_need="Child in need",
    child_protection_plan="Child protection plan",
    children_with_disabilities="Children with disabilities",
    missing_episodes="Missing episodes",
)


class Texts(_Part):
    """Sentences that a council says in its own words."""

    council: Label = "the council"
    qa_contact: Label = "the QA team"
    """Whom somebody should ask who is not on the list, or for whom no approver can be found."""
    safeguarding: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] = (
        "If a child is in immediate danger, call 999 now. Then tell your manager and the front door (MASH)."
    )
    """The live safeguarding route: the first line of the answer whenever words sound like danger now."""


def _refuse_twins(terms: Sequence[Term]) -> None:
    seen: set[str] = set()
    for term in terms:
        names = {term.code, term.label.casefold()}
        if names & seen:
            raise ValueError(f"{term.code!r} ({term.label}) stands twice")
        seen |= names


class Policy(_Part):
    """Everything a council may decide for itself."""

    working: Working = Working()
    exemptions: Exemptions = Exemptions()
    audits: Audits = Audits()
    texts: Texts = Texts()
    legal_statuses: tuple[Term, ...] = Field(default=DEFAULT_LEGAL_STATUSES, min_length=1)
    practice_areas: tuple[Term, ...] = Field(default=DEFAULT_PRACTICE_AREAS, min_length=1)
    cohorts: tuple[Term, ...] = Field(default=DEFAULT_COHORTS, min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        for terms in (self.legal_statuses, self.practice_areas, self.cohorts):
            _refuse_twins(terms)
        return self


def find_term(terms: Sequence[AnyTerm], written: str) -> AnyTerm | None:
    """The entry meant by a code or a label, in any case; None when there is none."""
    wanted = written.strip().casefold()
    for term in terms:
        if wanted in (term.code, term.label.casefold()):
            return term
    return None
