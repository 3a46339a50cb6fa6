"""Other kinds of audits than the monthly one, as one viewer may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.audits import Audit
from domain.calendar import Month
from domain.kind_rules import KindRules
from domain.kinds import Kind
from domain.people import Person, PersonId
from domain.permissions import Reaching
from domain.ports import ChildFacts
from domain.programme import Planned
from domain.reaudits import Due


@dataclass(frozen=True, slots=True)
class ActivityList:
    """A page of what there is of a kind in a month, and how many of it are in. `expected` is None where the viewer does
    not see the whole council, for which the number stands; `far` says how much of it they see. `about_viewer`:
    observations of their own supervision. `none`: by audit, why there was none to look at."""

    rules: KindRules
    month: Month
    today: date
    audits: Sequence[Audit]
    total: int
    returned: int
    people: Mapping[PersonId, Person]
    expected: int | None = None
    planned: Planned | None = None
    about_viewer: Sequence[Audit] = ()
    none: Mapping[int, str] = field(default_factory=dict[int, str])
    far: Reaching = Reaching.ALL
    may_log: bool = False
    may_assign: bool = False
    may_issue: bool = False
    may_say_none: bool = False
    sees_due: bool = False
    offset: int = 0
    page: int = 10


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """Before one is logged, or somebody is asked for one (`assign`). `about` are people whom the search found, `doers`
    who may do the kind. `filled` holds what was typed or said, by field."""

    rules: KindRules
    today: date
    assign: bool = False
    doers: Sequence[Person] = ()
    about: Sequence[Person] = ()
    find: str = ""
    filled: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def kind(self) -> Kind:
        return self.rules.kind


@dataclass(frozen=True, slots=True)
class DueLine:
    due: Due
    may_assign: bool


@dataclass(frozen=True, slots=True)
class DueList:
    lines: Sequence[DueLine]
    total: int
    today: date
    people: Mapping[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    offset: int = 0
    page: int = 10


@dataclass(frozen=True, slots=True)
class ReauditForm:
    """`elsewhere`: who may re-audit by role and has nothing to do with the child's team; where there is nobody,
    `others` are offered, and a reason is asked for."""

    due: Due
    child: ChildFacts | None
    today: date
    elsewhere: Sequence[Person]
    others: Sequence[Person]
    filled: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def needs_reason(self) -> bool:
        return not self.elsewhere
