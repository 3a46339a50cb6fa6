"""Children of concern, asked for and kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.calendar import Month
    from domain.concern_workflow import Done
    from domain.concerns import Category, Concern, Source, State
    from domain.people import PersonId, Reach
    from domain.policy import Policy


@dataclass(frozen=True, slots=True)
class NewConcern:
    """A child of concern about to be put on the tracker; it gets the next free `C-` number. `alerts`: its alert begins
    now, with no step of the ladder taken yet."""

    child_ref: str
    category: Category
    source: Source
    identified_on: date
    team_id: int | None = None
    legal_status: str | None = None
    unsure: bool = False
    audit_ref: str | None = None
    raised_by_id: PersonId | None = None
    respond_by: date | None = None
    alerts: bool = False
    grounds: str = ""


@dataclass(frozen=True, slots=True)
class ConcernFilter:
    """All given conditions together. `within` (with `or_owner`): the team, its service or directorate is one of the
    reach's, or the person raised it or is the child's social worker. None: everywhere."""

    categories: Collection[Category] | None = None
    states: Collection[State] | None = None
    identified: tuple[Month, Month] | None = None
    """From and to, both included."""
    child_ref: str | None = None
    team_ids: Collection[int] | None = None
    services: Collection[str] | None = None
    unanswered: bool = False
    """No response yet, and one is due."""
    within: Reach | None = None
    or_owner: PersonId | None = None


@dataclass(frozen=True, slots=True)
class ConcernStep:
    """A line of the timeline."""

    at: datetime
    command: str
    by_id: PersonId | None
    for_id: PersonId | None
    note: str
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ConcernFact:
    """One row of what `figures concerns` counts."""

    ref: str
    category: Category
    state: State
    identified_on: date
    removed_on: date | None
    team: str | None
    service: str | None
    area: str | None
    legal_status: str | None


class Concerns(Protocol):
    async def get(self, ref: str) -> Concern | None:
        """In any case of letters."""
        ...

    async def open_of(self, child_ref: str) -> Concern | None:
        """The open one of a child (in any case of letters), the newest first."""
        ...

    async def of_audit(self, audit_ref: str) -> Concern | None:
        """The one that an audit raised, open or not; the newest first."""
        ...

    async def raise_(self, new: NewConcern, now: datetime) -> Concern:
        """With the first line of its timeline (`raise`, by whom, the grounds as its note). Raises Conflict where the
        child has an open one by now: a child stands on the tracker once."""
        ...

    async def save(self, done: Done, policy: Policy) -> Concern:
        """With the instant at which its alert is due next. The next version and the line of the timeline; neither for
        the clock's own commands (BY_CLOCK: the ledger and the trail hold those). Raises Conflict where it has moved
        on (by version, and by the steps of its alert), or a reopened child has another open one."""
        ...

    async def history(self, concern_id: int) -> list[ConcernStep]:
        """Oldest first."""
        ...

    async def find(
        self, wanted: ConcernFilter, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Concern], int]:
        """Category 1 first, then by the day identified and number, and how many there are in all."""
        ...

    async def counted(self, wanted: ConcernFilter) -> list[tuple[Category, State, Month, int]]:
        """How many there are, by category, state and month identified."""
        ...

    async def climb_due(self, now: datetime, limit: int = 100) -> list[str]:
        """References of those whose alert has a step due, the longest waiting first."""
        ...

    async def climbing(self, limit: int = 100) -> list[tuple[str, datetime, int]]:
        """Reference, beginning and steps taken of each alert that looks for somebody, the next one due first."""
        ...

    async def to_remind(self, today: date, before: datetime, limit: int = 500) -> list[Concern]:
        """Open ones whose response is overdue, or whose state has begun and whose last reminder was before `before`."""
        ...

    async def facts(self) -> Sequence[ConcernFact]:
        """Every one, removed ones too."""
        ...

    async def next_climb_due(self) -> datetime | None:
        """The earliest instant at which any open alert has its next step due; None where nothing climbs. What lies far
        in the past says that nobody looks."""
        ...
