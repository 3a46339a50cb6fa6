"""The pool of a month, one of its people, and the programme of the year, as the viewer may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.calendar import Month
from domain.kinds import Kind
from domain.people import Person, Role, Team
from domain.pool import Capacity, Standing
from domain.programme import Planned


@dataclass(frozen=True, slots=True)
class PoolLine:
    person: Person
    standing: Standing


@dataclass(frozen=True, slots=True)
class PoolView:
    """A page of the month's auditors and moderators, all of them or those of one `standing`. `may_change`: the viewer
    keeps the pool."""

    today: date
    month: Month
    capacity: Capacity
    lines: Sequence[PoolLine]
    total: int
    standing: Standing | None = None
    offset: int = 0
    page: int = 12
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class PoolPersonView:
    """One person and their part in a month. `standing` is None for somebody who is neither auditor nor moderator;
    `says` what was said of their moderating this month. `may_change`: these roles can be given or taken by the viewer
    (never their own)."""

    today: date
    month: Month
    person: Person
    standing: Standing | None
    says: bool | None = None
    may_change: bool = False
    filled: Mapping[str, str] = field(default_factory=dict[str, str])

    def holds(self, role: Role) -> bool:
        return role in self.person.roles


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Whom a typed name or e-mail means: several, one or nobody. `teams` are for the form of a new person."""

    today: date
    month: Month
    written: str
    people: Sequence[Person]
    teams: Sequence[Team]
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """What is planned in the twelve months from `month`. `done` counts the audits of each month and kind."""

    today: date
    month: Month
    planned: Sequence[Planned]
    done: Mapping[tuple[Month, Kind], int]
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class PlannedForm:
    """One entry to be added or changed; `version` 0: there is none yet."""

    today: date
    month: Month
    kind: Kind
    kinds: Sequence[Kind]
    months: Sequence[Month]
    version: int
    filled: Mapping[str, str]
