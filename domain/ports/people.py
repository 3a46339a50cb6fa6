"""People and deputies, asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.people import Actor, Delegation, Person, PersonId, ReportingLine, Role, Scope


class People(Protocol):
    async def actor(self, aad_object_id: str) -> Actor | None:
        """The person with their reach, in one question. None: nobody is linked to this AAD object id."""
        ...

    async def actor_of(self, person_id: PersonId) -> Actor | None: ...
    async def get(self, person_id: PersonId) -> Person | None: ...
    async def many(self, person_ids: Collection[PersonId]) -> dict[PersonId, Person]: ...
    async def by_email(self, email: str) -> Person | None:
        """In any case of letters."""
        ...

    async def link(self, person_id: PersonId, aad_object_id: str) -> bool:
        """First contact: False (and nothing done) where the person is linked already, or the id to another."""
        ...

    async def line(self, person_id: PersonId) -> ReportingLine:
        """Who stands above them. By the teams they hold a position in, else by their own team: the person whom the
        teams file names for a position first, then holders of the role in the same service / directorate
        (dcs: every holder of the role), by id. A head of service's own line starts with the director of their
        services; a director's with the DCS. Nobody is their own line."""
        ...

    async def with_role(self, role: Role, day: date) -> list[Person]:
        """Active holders on the day, by name."""
        ...

    async def anybody_with(self, role: Role, day: date) -> bool:
        """Whether there is an active holder on the day."""
        ...

    async def auditors_of(self, services: Collection[str], day: date) -> list[Person]:
        """Active auditors and moderators whose team lies in one of the services, by name."""
        ...


class Delegations(Protocol):
    async def to(self, delegate_id: PersonId, day: date) -> list[Delegation]:
        """In force on the day."""
        ...

    async def by(self, delegator_ids: Collection[PersonId], day: date) -> list[Delegation]:
        """In force on the day."""
        ...

    async def upcoming(self, delegator_id: PersonId, day: date) -> list[Delegation]:
        """Not over on the day, by first day."""
        ...

    async def get(self, delegation_id: int) -> Delegation | None: ...
    async def add(
        self, delegator_id: PersonId, delegate_id: PersonId, scope: Scope, from_day: date, to_day: date
    ) -> Delegation: ...
    async def end(self, delegation_id: int, last_day: date) -> None:
        """`to_day` becomes `last_day` (a day before `from_day` ends one that has not begun)."""
        ...
