"""People, their reporting lines and their deputies, in memory."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from domain.people import (
    Actor,
    Delegation,
    Person,
    PersonId,
    Position,
    Reach,
    ReportingLine,
    Role,
    Scope,
    Team,
)
from tests.fakes.memory import Memory, Transaction

_LEADING = {Role(position.value) for position in Position}
_ORDER = list(Position)
_OF_TEAM = (Position.TEAM_MANAGER, Position.SERVICE_MANAGER, Position.ASSISTANT_DIRECTOR)


def by_name(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda person: (person.name.casefold(), person.id))


def held(data: Memory, person_id: PersonId) -> list[tuple[Position, Team]]:
    """The positions for which the teams file names the person."""
    rows = sorted(data.positions.items())
    return [(position, data.teams[team]) for (team, position), holder in rows if holder == person_id]


def reach_of(data: Memory, person: Person) -> Reach:
    """By the teams file; for a leading role that no team names them for, by their own team."""
    leading = _LEADING & person.roles
    if not leading:
        return Reach()
    found = held(data, person.id)
    named = {position.value for position, _ in found}
    if person.team:
        found += [(Position(role.value), person.team) for role in leading if role.value not in named]
    return Reach(
        teams=frozenset(team.name for position, team in found if position in _OF_TEAM),
        services=frozenset(team.service for at, team in found if at is Position.HEAD_OF_SERVICE),
        directorates=frozenset(team.directorate for at, team in found if at is Position.DIRECTOR),
    )


def line_of(data: Memory, person_id: PersonId) -> ReportingLine:
    """See `domain.ports.People.line`."""
    person = data.people.get(person_id)
    found = held(data, person_id)
    highest = max((position for position, _ in found), key=_ORDER.index, default=None)
    base = [team for position, team in found if position is highest]
    if not base and person and person.team:
        base = [person.team]
    roles = person.roles if person else frozenset[Role]()
    at = {position for position, _ in found}
    is_director = Role.DIRECTOR in roles or Position.DIRECTOR in at or Role.DCS in roles
    is_head = is_director or Role.HEAD_OF_SERVICE in roles or Position.HEAD_OF_SERVICE in at
    heads = [] if is_head else _candidates(data, Position.HEAD_OF_SERVICE, base)
    directors = [] if is_director else _candidates(data, Position.DIRECTOR, base)
    every_dcs = (p for _, p in sorted(data.people.items()) if Role.DCS in p.roles)
    return ReportingLine(
        _others(heads, person_id), _others(directors, person_id), _others(every_dcs, person_id)
    )


def _candidates(data: Memory, position: Position, base: list[Team]) -> list[Person]:
    """Whom the file names for the teams, then holders of the role in the same service (directorate), by id."""

    def place(team: Team) -> str:
        return team.service if position is Position.HEAD_OF_SERVICE else team.directorate

    places = {place(team) for team in base}
    named = [data.positions.get((team.id, position)) for team in sorted(base, key=lambda team: team.id)]
    around = {
        holder
        for (team, at), holder in data.positions.items()
        if at is position and place(data.teams[team]) in places
    }
    holders = [
        person
        for _, person in sorted(data.people.items())
        if Role(position.value) in person.roles
        and (person.id in around or (person.team is not None and place(person.team) in places))
    ]
    return [*(data.people[number] for number in named if number is not None), *holders]


def _others(found: Iterable[Person], person_id: PersonId) -> tuple[Person, ...]:
    return tuple({person.id: person for person in found if person.id != person_id}.values())


class MemoryPeople:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def actor(self, aad_object_id: str) -> Actor | None:
        data = await self._transaction.look()
        wanted = aad_object_id.lower()
        found = next((p for p in data.people.values() if (p.aad_object_id or "").lower() == wanted), None)
        return Actor(found, reach_of(data, found)) if found and wanted else None

    async def actor_of(self, person_id: PersonId) -> Actor | None:
        data = await self._transaction.look()
        found = data.people.get(person_id)
        return Actor(found, reach_of(data, found)) if found else None

    async def get(self, person_id: PersonId) -> Person | None:
        return (await self._transaction.look()).people.get(person_id)

    async def many(self, person_ids: Collection[PersonId]) -> dict[PersonId, Person]:
        people = (await self._transaction.look()).people
        return {number: people[number] for number in person_ids if number in people}

    async def by_email(self, email: str) -> Person | None:
        wanted = email.strip().lower()
        people = (await self._transaction.look()).people
        return next((p for p in people.values() if p.email.lower() == wanted), None)

    async def link(self, person_id: PersonId, aad_object_id: str) -> bool:
        data = await self._transaction.change()
        person, wanted = data.people.get(person_id), aad_object_id.lower()
        taken = any((p.aad_object_id or "").lower() == wanted for p in data.people.values())
        if person is None or person.aad_object_id is not None or taken:
            return False
        data.people[person_id] = replace(person, aad_object_id=wanted)
        return True

    async def line(self, person_id: PersonId) -> ReportingLine:
        return line_of(await self._transaction.look(), person_id)

    async def with_role(self, role: Role, day: date) -> list[Person]:
        people = (await self._transaction.look()).people
        return by_name(p for p in people.values() if p.holds(role, day))

    async def anybody_with(self, role: Role, day: date) -> bool:
        return bool(await self.with_role(role, day))

    async def auditors_of(self, services: Collection[str], day: date) -> list[Person]:
        people = (await self._transaction.look()).people
        return by_name(
            p
            for p in people.values()
            if (p.holds(Role.AUDITOR, day) or p.holds(Role.MODERATOR, day))
            and p.team is not None
            and p.team.service in services
        )


class MemoryDelegations:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def _in_force(self, day: date) -> list[Delegation]:
        found = (await self._transaction.look()).delegations
        return [d for _, d in sorted(found.items()) if d.from_day <= day <= d.to_day]

    async def to(self, delegate_id: PersonId, day: date) -> list[Delegation]:
        return [d for d in await self._in_force(day) if d.delegate_id == delegate_id]

    async def by(self, delegator_ids: Collection[PersonId], day: date) -> list[Delegation]:
        return [d for d in await self._in_force(day) if d.delegator_id in delegator_ids]

    async def upcoming(self, delegator_id: PersonId, day: date) -> list[Delegation]:
        found = (await self._transaction.look()).delegations.values()
        mine = [d for d in found if d.delegator_id == delegator_id and d.to_day >= max(day, d.from_day)]
        return sorted(mine, key=lambda d: (d.from_day, d.id))

    async def get(self, delegation_id: int) -> Delegation | None:
        return (await self._transaction.look()).delegations.get(delegation_id)

    async def add(
        self, delegator_id: PersonId, delegate_id: PersonId, scope: Scope, from_day: date, to_day: date
    ) -> Delegation:
        data = await self._transaction.change()
        made = Delegation(
            max(data.delegations, default=0) + 1, delegator_id, delegate_id, scope, from_day, to_day
        )
        data.delegations[made.id] = made
        return made

    async def end(self, delegation_id: int, last_day: date) -> None:
        data = await self._transaction.change()
        data.delegations[delegation_id] = replace(data.delegations[delegation_id], to_day=last_day)
