"""The programme of the year, and who is there to do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.calendar import Month
    from domain.kinds import Kind
    from domain.people import Person, PersonId, Position, Role, Team
    from domain.programme import Planned


class Programme(Protocol):
    async def between(self, first: Month, last: Month) -> list[Planned]: ...
    async def save(self, planned: Planned) -> Planned:
        """New (version 0) or the next version. Raises Conflict."""
        ...

    async def remove(self, month: Month, kind: Kind) -> None: ...


@dataclass(frozen=True, slots=True)
class PoolMember:
    """An auditor or moderator (by role, active in the month), with what decides whether they audit in it.
    `moderates` is what was said for the month (None: nothing). `last_audited` is the latest month before it in
    which
    they had a core audit. `answers_for` are the teams that the teams file names them for."""

    person: Person
    answers_for: frozenset[int] = frozenset()
    moderates: bool | None = None
    exempt: bool = False
    has_audit: bool = False
    last_audited: Month | None = None
    audited: frozenset[str] = frozenset()
    """Children they audited in the policy's look-back."""


class Pool(Protocol):
    async def members(self, month: Month, not_again_months: int) -> list[PoolMember]:
        """Holders of the auditor or moderator role active on any day of the month, by name."""
        ...

    async def say_moderates(self, month: Month, person_id: PersonId, moderates: bool | None) -> None:
        """Who moderates this month, against the rule; None takes it back."""
        ...

    async def give_role(self, person_id: PersonId, role: Role, from_day: date) -> None:
        """Adds the role and its `auditor_from`/`moderator_from`; a later import of the people file keeps it."""
        ...

    async def take_role(self, person_id: PersonId, role: Role) -> None: ...
    async def add_person(
        self, email: str, name: str, team_id: int | None, role: Role, from_day: date
    ) -> Person:
        """Raises Conflict where the e-mail is known."""
        ...

    async def by_name(self, name: str, day: date) -> list[Person]:
        """Active people whose name holds every part, in any case."""
        ...

    async def teams(self) -> list[Team]: ...
    async def in_position(self, team_id: int, positions: Collection[Position]) -> list[Person]:
        """Whom the teams file names for the team, in the order of `domain.people.Position`."""
        ...
