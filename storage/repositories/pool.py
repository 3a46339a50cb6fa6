"""Who is there to audit and to moderate in a month, and what the QA team says of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, select, update

from domain.audits import AuditState
from domain.calendar import Month
from domain.errors import Conflict
from domain.people import Person, PersonId, Position, Role, Team
from domain.ports import Alike, PoolMember
from storage.database import Transaction
from storage.repositories.parts import in_parts
from storage.repositories.people_rows import PERSON, active_on, by_name, person_of, team_of
from storage.repositories.pool_groups import APPROVED, CORE, SAID, THERE, THIS_MONTH, WITH_AUDIT, alike
from storage.repositories.sql import AnyRow, InsertNew, one_of, untyped
from storage.tables import audits, exemptions, moderating, people, person_roles, team_positions, teams

_month, _day = audits.c.month.type, people.c.active_from.type
_of_pool = exists().where(
    person_roles.c.person_id == people.c.id,
    person_roles.c.role.in_([Role.AUDITOR.value, Role.MODERATOR.value]),
)
_last_audited = (
    select(func.max(audits.c.month))
    .where(
        audits.c.auditor_id == people.c.id,
        audits.c.month < THIS_MONTH,
        CORE,
    )
    .correlate(people)
    .scalar_subquery()
)
MEMBERS = PERSON.add_columns(_last_audited.label("last_audited")).where(_of_pool, THERE)
_POSITIONS = select(team_positions.c.person_id, team_positions.c.team_id).where(
    team_positions.c.person_id.is_not(None)
)
EXEMPT = select(exemptions.c.person_id).where(APPROVED)
AUDITED = select(audits.c.auditor_id, audits.c.child_ref).where(
    audits.c.month.between(bindparam("since", type_=_month), THIS_MONTH),
    audits.c.state != AuditState.FREED.value,
    audits.c.auditor_id.is_not(None),
    audits.c.child_ref.is_not(None),
)

_WRITE_SAID = (
    update(moderating)
    .where(
        moderating.c.month == bindparam("of_month", type_=_month),
        moderating.c.person_id == bindparam("person"),
    )
    .values(moderates=bindparam("says"))
)
_SAY = InsertNew(moderating, returning="person_id")
_UNSAY = delete(moderating).where(
    moderating.c.month == THIS_MONTH, moderating.c.person_id == bindparam("person")
)
_FROM = {Role.AUDITOR: people.c.auditor_from, Role.MODERATOR: people.c.moderator_from}
_GIVE = InsertNew(person_roles, returning="person_id")
_one_role = and_(person_roles.c.person_id == bindparam("person"), person_roles.c.role == bindparam("of_role"))
_MARK_GIVEN = update(person_roles).where(_one_role).values(given=True)
_TAKE = delete(person_roles).where(_one_role)
_ADD_PERSON = InsertNew(people)
_BY_IDS = PERSON.where(people.c.id.in_(one_of("ids")))
_NAMES = select(people.c.id, people.c.name).where(active_on(bindparam("day", type_=_day)))
_TEAMS = untyped(select(teams))
IN_POSITION = (
    PERSON.add_columns(team_positions.c.position)
    .join(team_positions, team_positions.c.person_id == people.c.id)
    .where(
        team_positions.c.team_id == bindparam("of_team"),
        team_positions.c.position.in_(one_of("positions")),
    )
)
_RANK = {position.value: rank for rank, position in enumerate(Position)}


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides whether somebody audits in the month, by person."""

    answers_for: dict[int, set[int]]
    moderates: dict[int, bool]
    exempt: set[int]
    with_audit: set[int]
    audited: dict[int, set[str]]

    def member(self, row: AnyRow) -> PoolMember:
        return PoolMember(
            person=person_of(row),
            answers_for=frozenset(self.answers_for.get(row.id, ())),
            moderates=self.moderates.get(row.id),
            exempt=row.id in self.exempt,
            has_audit=row.id in self.with_audit,
            last_audited=row.last_audited,
            audited=frozenset(self.audited.get(row.id, ())),
        )


def _grouped(rows: Iterable[Any]) -> dict[int, set[Any]]:
    found: dict[int, set[Any]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return found


def _known(connection: Connection, month: Month, not_again_months: int) -> _Known:
    """Five questions, however many members there are."""
    of_month = {"month": month}
    return _Known(
        _grouped(connection.execute(_POSITIONS)),
        _by_person(connection.execute(SAID, of_month)),
        set(connection.scalars(EXEMPT, of_month)),
        {person for person in connection.scalars(WITH_AUDIT, of_month) if person is not None},
        _grouped(connection.execute(AUDITED, of_month | {"since": month.plus(-not_again_months)})),
    )


def _by_person(rows: Iterable[Any]) -> dict[int, Any]:
    return {person: value for person, value in rows}  # noqa: C416 - rows


def _say(connection: Connection, month: Month, person_id: PersonId, moderates: bool | None) -> None:
    if moderates is None:
        connection.execute(_UNSAY, {"month": month, "person": person_id})
        return
    said = {"month": month, "person_id": person_id, "moderates": moderates}
    if _SAY.one(connection, said) is None:
        connection.execute(_WRITE_SAID, {"of_month": month, "person": person_id, "says": moderates})


def _touch(connection: Connection, person_id: PersonId, **values: Any) -> None:
    statement = update(people).where(people.c.id == person_id)
    connection.execute(statement.values(version=people.c.version + 1, **values))


def _give_role(connection: Connection, person_id: PersonId, role: Role, from_day: date) -> None:
    """Also one that the file gives: from now on it stays, whatever a file says."""
    values = {"person_id": person_id, "role": role.value, "given": True}
    if _GIVE.one(connection, values) is None:
        connection.execute(_MARK_GIVEN, {"person": person_id, "of_role": role.value})
    _touch(connection, person_id, **({_FROM[role].name: from_day} if role in _FROM else {}))


def _take_role(connection: Connection, person_id: PersonId, role: Role) -> None:
    connection.execute(_TAKE, {"person": person_id, "of_role": role.value})
    _touch(connection, person_id, **({_FROM[role].name: None} if role in _FROM else {}))


def _add_person(connection: Connection, values: dict[str, Any], role: Role, from_day: date) -> Person:
    number = _ADD_PERSON.one(connection, values)
    if number is None:
        raise Conflict(why="email_known")
    connection.execute(insert(person_roles), {"person_id": number, "role": role.value, "given": True})
    if role in _FROM:
        connection.execute(update(people).where(people.c.id == number).values({_FROM[role]: from_day}))
    return person_of(connection.execute(_BY_IDS, {"ids": [number]}).one())


def _by_name(connection: Connection, name: str, day: date) -> list[Person]:
    """Compared here: the two databases do not agree on letters with accents."""
    parts = name.casefold().split()
    rows = connection.execute(_NAMES, {"day": day}) if parts else ()
    ids = [number for number, known in rows if all(part in known.casefold() for part in parts)]
    found: list[Person] = []
    for start in range(0, len(ids), 500):
        rows = connection.execute(_BY_IDS, {"ids": ids[start : start + 500]})
        found += [person_of(row) for row in rows]
    return by_name(found)


def _teams(connection: Connection) -> list[Team]:
    rows = connection.execute(_TEAMS)
    found = [team_of(row.id, row.name, row.area, row.service, row.directorate) for row in rows]
    return sorted((team for team in found if team), key=lambda team: (team.name.casefold(), team.id))


def _in_position(connection: Connection, team_id: int, positions: list[str]) -> list[Person]:
    values = {"of_team": team_id, "positions": positions}
    rows = sorted(connection.execute(IN_POSITION, values), key=lambda row: _RANK[row.position])
    return list({row.id: person_of(row) for row in rows}.values())


class SqlPool:
    """See `domain.ports.Pool`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def members(self, month: Month, not_again_months: int) -> list[PoolMember]:
        known = await self._transaction.run(lambda c: _known(c, month, not_again_months), aside=True)
        values = {"month": month, "first": month.first, "last": month.last}
        found = await in_parts(self._transaction, MEMBERS, values, known.member)
        return sorted(found, key=lambda member: (member.person.name.casefold(), member.person.id))

    async def alike(self, month: Month) -> list[Alike]:
        """Not aside: of 600 people it takes a millisecond, and half as much again where a thread must be waited for."""
        return await self._transaction.run(lambda c: alike(c, month))

    async def say_moderates(self, month: Month, person_id: PersonId, moderates: bool | None) -> None:
        await self._transaction.run(lambda c: _say(c, month, person_id, moderates))

    async def give_role(self, person_id: PersonId, role: Role, from_day: date) -> None:
        await self._transaction.run(lambda c: _give_role(c, person_id, role, from_day))

    async def take_role(self, person_id: PersonId, role: Role) -> None:
        await self._transaction.run(lambda c: _take_role(c, person_id, role))

    async def add_person(
        self, email: str, name: str, team_id: int | None, role: Role, from_day: date
    ) -> Person:
        values = {"email": email.strip().lower(), "name": name.strip(), "team_id": team_id}
        return await self._transaction.run(lambda c: _add_person(c, values, role, from_day))

    async def by_name(self, name: str, day: date) -> list[Person]:
        return await self._transaction.run(lambda c: _by_name(c, name, day), aside=True)

    async def teams(self) -> list[Team]:
        return await self._transaction.run(_teams)

    async def in_position(self, team_id: int, positions: Collection[Position]) -> list[Person]:
        wanted = sorted(position.value for position in positions)
        return await self._transaction.run(lambda c: _in_position(c, team_id, wanted))
