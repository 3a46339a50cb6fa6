"""People with their roles and team, how far they reach, and who stands above them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, exists, select, update
from sqlalchemy.exc import IntegrityError

from domain.people import Actor, Person, PersonId, Position, Reach, ReportingLine, Role
from storage.database import Transaction
from storage.repositories.lines import line_of
from storage.repositories.people_rows import PERSON, active_on, by_name, person_of
from storage.repositories.sql import AnySelect, Few, one_of
from storage.tables import people, person_roles, team_positions, teams

_day = bindparam("day", type_=people.c.active_from.type)
_holders = select(person_roles.c.person_id)

BY_AAD = PERSON.where(people.c.aad_object_id == bindparam("aad"))
_BY_ID = PERSON.where(people.c.id == bindparam("id"))
_BY_IDS = Few(PERSON, people.c.id)
BY_EMAIL = PERSON.where(people.c.email == bindparam("email"))
WITH_ROLE = PERSON.where(
    people.c.id.in_(_holders.where(person_roles.c.role == bindparam("role"))), active_on(_day)
)
ANYBODY = (
    select(people.c.id)
    .join(person_roles, person_roles.c.person_id == people.c.id)
    .where(person_roles.c.role == bindparam("role"), active_on(_day))
    .limit(1)
)
_IN_SERVICES = PERSON.where(
    people.c.id.in_(_holders.where(person_roles.c.role.in_(one_of("roles")))),
    active_on(_day),
    teams.c.service.in_(one_of("services")),
)
_POSITIONS = (
    select(team_positions.c.position, teams.c.name, teams.c.service, teams.c.directorate)
    .join(teams, teams.c.id == team_positions.c.team_id)
    .where(team_positions.c.person_id == bindparam("id"))
)
_other = people.alias()
_LINK = update(people).where(
    people.c.id == bindparam("person"),
    people.c.aad_object_id.is_(None),
    ~exists().where(_other.c.aad_object_id == bindparam("aad")),
)

_LEADING = frozenset(Role(position.value) for position in Position)
_OF_TEAM = (Position.TEAM_MANAGER, Position.SERVICE_MANAGER, Position.ASSISTANT_DIRECTOR)


def _person(connection: Connection, statement: AnySelect, **values: object) -> Person | None:
    row = connection.execute(statement, values).first()
    return person_of(row) if row else None


def _reach(connection: Connection, person: Person) -> Reach:
    """Where the teams file names the person for a position; and their own team, service or directorate for a
    leading role for which no team names them."""
    if not _LEADING & person.roles:
        return Reach()
    rows = connection.execute(_POSITIONS, {"id": person.id}).all()
    found = [(Position(row.position), row.name, row.service, row.directorate) for row in rows]
    named = {position.value for position, *_ in found}
    if person.team:
        own = person.team
        unnamed = (role for role in _LEADING & person.roles if role.value not in named)
        found += [(Position(role.value), own.name, own.service, own.directorate) for role in unnamed]
    return Reach(
        teams=frozenset(team for position, team, _, _ in found if position in _OF_TEAM),
        services=frozenset(service for at, _, service, _ in found if at is Position.HEAD_OF_SERVICE),
        directorates=frozenset(directorate for at, *_, directorate in found if at is Position.DIRECTOR),
    )


def _actor(connection: Connection, statement: AnySelect, **values: object) -> Actor | None:
    person = _person(connection, statement, **values)
    return Actor(person, _reach(connection, person)) if person else None


def _link(connection: Connection, person_id: PersonId, aad_object_id: str) -> bool:
    try:
        with connection.begin_nested():
            values = {"person": person_id, "aad": aad_object_id, "aad_object_id": aad_object_id}
            return connection.execute(_LINK, values).rowcount == 1
    except IntegrityError:
        return False  # another replica linked the same id to somebody else between our look and our write


class SqlPeople:
    """See `domain.ports.People`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._lines: dict[PersonId, ReportingLine] = {}
        self._met: dict[PersonId, Person] = {}
        """Whom this unit of work has read as somebody's line."""

    async def actor(self, aad_object_id: str) -> Actor | None:
        return await self._transaction.run(lambda c: _actor(c, BY_AAD, aad=aad_object_id.lower()))

    async def actor_of(self, person_id: PersonId) -> Actor | None:
        met = self._met.get(person_id)
        if met is not None:
            return Actor(met, await self._transaction.run(lambda c: _reach(c, met)))
        return await self._transaction.run(lambda c: _actor(c, _BY_ID, id=person_id))

    async def get(self, person_id: PersonId) -> Person | None:
        return await self._transaction.run(lambda c: _person(c, _BY_ID, id=person_id))

    async def many(self, person_ids: Collection[PersonId]) -> dict[PersonId, Person]:
        wanted = list(set(person_ids))

        def work(connection: Connection) -> dict[PersonId, Person]:
            found: dict[PersonId, Person] = {}
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                found |= {row.id: person_of(row) for row in _BY_IDS.rows(connection, part)}
            return found

        return await self._transaction.run(work) if wanted else {}

    async def by_email(self, email: str) -> Person | None:
        return await self._transaction.run(lambda c: _person(c, BY_EMAIL, email=email.strip().lower()))

    async def link(self, person_id: PersonId, aad_object_id: str) -> bool:
        return await self._transaction.run(lambda c: _link(c, person_id, aad_object_id.lower()))

    async def line(self, person_id: PersonId) -> ReportingLine:
        """Asked several times in one unit of work, answered once: nothing in it changes people's lines."""
        known = self._lines.get(person_id)
        if known is None:
            known = self._lines[person_id] = await self._transaction.run(lambda c: line_of(c, person_id))
            self._met |= {
                person.id: person for person in (*known.head_of_service, *known.director, *known.dcs)
            }
        return known

    async def with_role(self, role: Role, day: date) -> list[Person]:
        values = {"role": role.value, "day": day}
        return await self._transaction.run(
            lambda c: by_name([person_of(row) for row in c.execute(WITH_ROLE, values)])
        )

    async def anybody_with(self, role: Role, day: date) -> bool:
        values = {"role": role.value, "day": day}
        return await self._transaction.run(lambda c: c.execute(ANYBODY, values).first() is not None)

    async def auditors_of(self, services: Collection[str], day: date) -> list[Person]:
        values = {
            "roles": [Role.AUDITOR.value, Role.MODERATOR.value],
            "day": day,
            "services": list(services),
        }
        return await self._transaction.run(
            lambda c: by_name([person_of(row) for row in c.execute(_IN_SERVICES, values)])
        )
