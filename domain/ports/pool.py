"""The programme of the year, and who is there to do it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.calendar import Month
    from domain.kinds import Kind
    from domain.people import Person, PersonId, Position, Role, Team, WorkingPattern
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

    @property
    def roles(self) -> frozenset[Role]:
        return self.person.roles

    @property
    def working_pattern(self) -> WorkingPattern:
        return self.person.working_pattern

    @property
    def auditor_from(self) -> date | None:
        return self.person.auditor_from

    @property
    def moderator_from(self) -> date | None:
        return self.person.moderator_from

    @property
    def active_to(self) -> date | None:
        return self.person.active_to


@dataclass(frozen=True, slots=True)
class Alike:
    """Members of a month's pool who differ in nothing that decides where they stand in it: of hundreds of people
    there are a few such groups, and each is judged once. `roles` are auditor and moderator only; `exempt_for` is the
    class of the approved exemption's reason, "" where there is none; `last_audited` is known of those who work
    alternate months. `people` are names and ids, in no order."""

    roles: frozenset[Role]
    working_pattern: WorkingPattern
    auditor_from: date | None
    moderator_from: date | None
    active_to: date | None
    moderates: bool | None
    exempt_for: str
    has_audit: bool
    last_audited: Month | None
    people: Sequence[tuple[str, PersonId]]

    @property
    def exempt(self) -> bool:
        return bool(self.exempt_for)


class Pool(Protocol):
    async def members(self, month: Month, not_again_months: int) -> list[PoolMember]:
        """Holders of the auditor or moderator role active on any day of the month, by name."""
        ...

    async def alike(self, month: Month) -> list[Alike]:
        """The same people in groups, for counts and lists: at a fraction of the price of `members`."""
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
