"""The council's own rules: lists, days, times and targets, with the defaults of domain.md.

A policy is one validated, frozen value. `POLICY_FILE` (TOML) overrides any key; an unknown key, an empty list or
a bad value is refused at start with the key's name.
"""

from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AliasChoices, ConfigDict, Field, StringConstraints, model_validator

from domain import template_rules
from domain.concern_rules import Concerns
from domain.default_templates import DEFAULT_TEMPLATES
from domain.kind_rules import DEFAULT_KINDS, KindRules
from domain.kinds import Grade, Kind
from domain.templates import Suggestion, Template
from domain.terms import Label, Part, Term, refuse_twins, terms


class ReasonClass(StrEnum):
    """Decides the second denominator of completion (domain, sections 4 and 8)."""

    NON_OPERATIONAL = "non_operational"
    OPERATIONAL = "operational"


class Reason(Term):
    """A reason for an exemption; its class is written `class` in the policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    reason_class: ReasonClass = Field(validation_alias=AliasChoices("class", "reason_class"))


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


class Working(Part):
    """When people are written to (alerts excepted): working days of England, between these times in London."""

    day_starts: time = time(9, 0)
    day_ends: time = time(17, 0)

    @model_validator(mode="after")
    def _a_day_has_hours(self) -> Self:
        if self.day_starts >= self.day_ends:
            raise ValueError("day_starts must be earlier than day_ends")
        return self


class Exemptions(Part):
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
        refuse_twins(self.reasons)
        return self

    @cached_property
    def by_code(self) -> dict[str, Reason]:
        return {reason.code: reason for reason in self.reasons}


class Audits(Part):
    """Section 3 of the rules."""

    books_close_after_working_days: int = Field(default=5, ge=0, le=31)
    """Working days after the deadline; what is not returned by then is a nil return."""
    not_again_months: int = Field(default=12, ge=0, le=120)
    """A child audited in so many months before is not drawn again (a re-audit is no draw)."""
    upload_unmoderated: bool = True
    """Returns that the moderation sample left out may be put on the child's record as they are."""
    slippage_at_most_days: int | None = Field(default=None, ge=1, le=62)
    """How many calendar days after the deadline a later day can be agreed at most; where nothing is said, until the
    books close. The deadline itself never moves: what comes after it is late."""
    action_due_days: int = Field(default=28, ge=1, le=366)
    """Calendar days until an action of a return is due, where the auditor chooses no other day."""
    child_changes_at_most: int = Field(default=2, ge=0, le=20)
    """How often another child can be drawn for one audit, by the QA team or through a granted request, both counted
    together: nobody has children drawn anew until a wanted one comes. 0: never."""
    answer_longest: int = Field(default=2000, ge=100, le=3000)
    """Characters of one answer in words; less where one step asks for several."""


class Pool(Part):
    """Capacity and the targets of section 8."""

    target_auditors: int = Field(default=85, ge=0, le=100_000)
    target_moderators: int = Field(default=26, ge=0, le=100_000)
    target_completion_percent: int = Field(default=90, ge=0, le=100)


class Moderation(Part):
    """Section 3.7: which returns are judged a second time."""

    share_percent: int = Field(default=25, ge=0, le=100)
    first: tuple[Grade, ...] = (Grade.OUTSTANDING, Grade.GOOD)
    then: tuple[Grade, ...] = (Grade.REQUIRES_IMPROVEMENT,)
    at_least_then: int = Field(default=2, ge=0, le=1000)
    """A few of the grades of `then` are in the sample even where the first ones would fill it."""
    every: tuple[Grade, ...] = ()
    """Grades of which every audit is moderated."""


class Effect(StrEnum):
    """What a granted reallocation does."""

    CHILD = "child"
    """The auditor gets another child, drawn at random."""
    AUDITOR = "auditor"
    """The child gets another auditor."""


class ReallocationReason(Term):
    effect: Effect


def _reallocations(effect: Effect, **labels: str) -> tuple[ReallocationReason, ...]:
    return tuple(ReallocationReason(code=code, label=label, effect=effect) for code, label in labels.items())


DEFAULT_REALLOCATIONS = _reallocations(
    Effect.CHILD,
    own_team="The child is of my own team or caseload",
    case_closed="The case is closed",
    conflict_of_interest="Conflict of interest",
) + _reallocations(Effect.AUDITOR, absence="I am away")


DEFAULT_LEGAL_STATUSES = terms(
    child_in_need="Child in need",
    child_protection_plan="Child protection plan",
    child_in_care="Child in care",
    care_leaver="Care leaver",
    early_help="Early help",
)
DEFAULT_PRACTICE_AREAS = terms(
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
DEFAULT_COHORTS = terms(
    looked_after="Looked after",
    care_leavers="Care leavers",
    child_in_need="Child in need",
    child_protection_plan="Child protection plan",
    children_with_disabilities="Children with disabilities",
    missing_episodes="Missing episodes",
)


class Texts(Part):
    """Sentences that a council says in its own words."""

    council: Label = "the council"
    qa_contact: Label = "the QA team"
    """Whom somebody should ask who is not on the list, or for whom no approver can be found."""
    safeguarding: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] = (
        "If a child is in immediate danger, call 999 now. Then tell your manager and the front door (MASH)."
    )
    """The live safeguarding route: the first line of the answer whenever words sound like danger now."""


class Policy(Part):
    """Everything a council may decide for itself."""

    working: Working = Working()
    exemptions: Exemptions = Exemptions()
    audits: Audits = Audits()
    pool: Pool = Pool()
    moderation: Moderation = Moderation()
    concerns: Concerns = Concerns()
    suggestion: Suggestion = Suggestion()
    texts: Texts = Texts()
    legal_statuses: tuple[Term, ...] = Field(default=DEFAULT_LEGAL_STATUSES, min_length=1)
    practice_areas: tuple[Term, ...] = Field(default=DEFAULT_PRACTICE_AREAS, min_length=1)
    cohorts: tuple[Term, ...] = Field(default=DEFAULT_COHORTS, min_length=1)
    reallocations: tuple[ReallocationReason, ...] = Field(default=DEFAULT_REALLOCATIONS, min_length=1)
    kinds: tuple[KindRules, ...] = DEFAULT_KINDS
    """Entries replace the default of the same kind; a kind that is left out keeps its default."""
    templates: tuple[Template, ...] = ()
    """Entries replace the default template of the same kind."""

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        for entries in (self.legal_statuses, self.practice_areas, self.cohorts, self.reallocations):
            refuse_twins(entries)
        for kinds in ([rules.kind for rules in self.kinds], [template.kind for template in self.templates]):
            if len(set(kinds)) < len(kinds):
                raise ValueError("a kind stands twice")
        return self

    @model_validator(mode="after")
    def _templates_can_be_filled_in(self) -> Self:
        for template in self.templates_by_kind.values():
            template_rules.check(template, self._area_codes)
        return self

    @cached_property
    def by_kind(self) -> dict[Kind, KindRules]:
        return {rules.kind: rules for rules in (*DEFAULT_KINDS, *self.kinds)}

    @cached_property
    def templates_by_kind(self) -> dict[Kind, Template]:
        return DEFAULT_TEMPLATES | {template.kind: template for template in self.templates}

    @cached_property
    def _area_codes(self) -> tuple[str, ...]:
        return tuple(area.code for area in self.practice_areas)

    def template_of(self, kind: Kind) -> Template:
        """What a return of the kind asks that is begun now; its practice areas are written out."""
        template = self.templates_by_kind[kind]
        return template if template.areas else template.model_copy(update={"areas": self._area_codes})
