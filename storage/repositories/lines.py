"""Reporting lines: who stands above a person, read from the teams file's positions and the roles (section 2)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, exists, or_, select

from domain.people import Person, PersonId, Position, ReportingLine, Role
from storage.repositories.people_rows import PERSON, person_of
from storage.repositories.sql import AnyRow, one_of, untyped
from storage.tables import people, person_roles, team_positions, teams

_HELD = untyped(
    select(team_positions.c.position, teams.c.id.label("team_id"), teams.c.service, teams.c.directorate)
    .join(teams, teams.c.id == team_positions.c.team_id)
    .where(team_positions.c.person_id == bindparam("id"))
)
_SELF = untyped(
    select(teams.c.id.label("team_id"), teams.c.service, teams.c.directorate)
    .select_from(people.outerjoin(teams, people.c.team_id == teams.c.id))
    .where(people.c.id == bindparam("id"))
)
_ROLES = select(person_roles.c.role).where(person_roles.c.person_id == bindparam("id"))

_ABOVE = (Position.HEAD_OF_SERVICE, Position.DIRECTOR)
_RANK = {position: rank for rank, position in enumerate(Position)}


def _holds(role: Role, column: str, within: BindParameter[Any]) -> ColumnElement[bool]:
    """Holds the role, and their own team lies in the same service (directorate) or another team of it names them."""
    of = teams.alias()
    named = exists().where(
        team_positions.c.person_id == people.c.id,
        team_positions.c.position == role.value,
        team_positions.c.team_id == of.c.id,
        of.c[column].in_(within),
    )
    return and_(person_roles.c.role == role.value, or_(teams.c[column].in_(within), named))


_NAMED = (
    PERSON.add_columns(team_positions.c.position.label("above"))
    .join(team_positions, team_positions.c.person_id == people.c.id)
    .where(
        team_positions.c.position.in_([position.value for position in _ABOVE]),
        team_positions.c.team_id.in_(one_of("teams")),
    )
    .order_by(team_positions.c.team_id)
)
"""The persons whom the teams file names for these teams."""
_HOLDERS = (
    PERSON.add_columns(person_roles.c.role.label("above"))
    .join(person_roles, person_roles.c.person_id == people.c.id)
    .where(
        person_roles.c.role.in_([role.value for role in (Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS)]),
        or_(
            _holds(Role.HEAD_OF_SERVICE, "service", one_of("services")),
            _holds(Role.DIRECTOR, "directorate", one_of("directorates")),
            person_roles.c.role == Role.DCS.value,
        ),
    )
    .order_by(people.c.id)
)


def _others(found: Iterable[Person], person_id: PersonId) -> tuple[Person, ...]:
    """Each once, in the order found; nobody is their own line."""
    return tuple({person.id: person for person in found if person.id != person_id}.values())


def _base(connection: Connection, person_id: PersonId) -> tuple[set[Position], list[AnyRow]]:
    """The positions a person holds, and the teams that count for their line: those where they hold the highest."""
    held = connection.execute(_HELD, {"id": person_id}).all()
    if held:
        highest = max((Position(row.position) for row in held), key=_RANK.__getitem__)
        return {Position(row.position) for row in held}, [row for row in held if row.position == highest]
    own = connection.execute(_SELF, {"id": person_id}).first()
    if own is None or own.team_id is None:
        return set(), []
    return set(), [own]


def _candidates(connection: Connection, base: list[AnyRow]) -> dict[str, list[Person]]:
    """By role, best first: named by the teams file, then holders of the role."""
    values: dict[str, Any] = {
        "teams": [row.team_id for row in base],
        "services": sorted({row.service for row in base}),
        "directorates": sorted({row.directorate for row in base}),
    }
    found: dict[str, list[Person]] = {role: [] for role in ("head_of_service", "director", "dcs")}
    for statement, names in ((_NAMED, ("teams",)), (_HOLDERS, ("services", "directorates"))):
        for row in connection.execute(statement, {name: values[name] for name in names}):
            found[row.above].append(person_of(row))
    return found


def line_of(connection: Connection, person_id: PersonId) -> ReportingLine:
    """See `domain.ports.People.line`."""
    held, base = _base(connection, person_id)
    roles = {Role(role) for role in connection.execute(_ROLES, {"id": person_id}).scalars()}
    is_dcs = Role.DCS in roles
    is_director = is_dcs or Role.DIRECTOR in roles or Position.DIRECTOR in held
    is_head = is_director or Role.HEAD_OF_SERVICE in roles or Position.HEAD_OF_SERVICE in held
    found = _candidates(connection, base)
    return ReportingLine(
        head_of_service=() if is_head else _others(found["head_of_service"], person_id),
        director=() if is_director else _others(found["director"], person_id),
        dcs=_others(found["dcs"], person_id),
    )
