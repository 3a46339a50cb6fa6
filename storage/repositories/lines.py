"""Reporting lines: who stands above a person, read from the teams file's positions and the roles (section 2)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from domain.people import Person, PersonId, Position, ReportingLine, Role
from storage.repositories.people_rows import PERSON, person_of
from storage.repositories.sql import AnyRow, AnySelect, one_of, untyped
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


def _named(position: Position) -> AnySelect:
    """The persons whom the teams file names for the position of these teams."""
    return (
        PERSON.join(team_positions, team_positions.c.person_id == people.c.id)
        .where(
            team_positions.c.position == position.value,
            team_positions.c.team_id.in_(one_of("teams")),
        )
        .order_by(team_positions.c.team_id)
    )


def _holders(position: Position, column: str) -> AnySelect:
    """Holders of the role whose own team lies in the same service (directorate), or whom another team of it names."""
    of = teams.alias()
    within = one_of("within")
    named = exists().where(
        team_positions.c.person_id == people.c.id,
        team_positions.c.position == position.value,
        team_positions.c.team_id == of.c.id,
        of.c[column].in_(within),
    )
    return (
        PERSON.join(person_roles, person_roles.c.person_id == people.c.id)
        .where(and_(person_roles.c.role == position.value, or_(teams.c[column].in_(within), named)))
        .order_by(people.c.id)
    )


_NAMED = {position: _named(position) for position in _ABOVE}
_HOLDERS = {
    Position.HEAD_OF_SERVICE: _holders(Position.HEAD_OF_SERVICE, "service"),
    Position.DIRECTOR: _holders(Position.DIRECTOR, "directorate"),
}
_DCS = (
    PERSON.join(person_roles, person_roles.c.person_id == people.c.id)
    .where(person_roles.c.role == Role.DCS.value)
    .order_by(people.c.id)
)


def _people(connection: Connection, statement: AnySelect, values: dict[str, Any]) -> list[Person]:
    return [person_of(row) for row in connection.execute(statement, values)]


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


def _candidates(connection: Connection, position: Position, base: list[AnyRow]) -> list[Person]:
    team_ids = [row.team_id for row in base]
    column = "service" if position is Position.HEAD_OF_SERVICE else "directorate"
    within = sorted({getattr(row, column) for row in base})
    return [
        *_people(connection, _NAMED[position], {"teams": team_ids}),
        *_people(connection, _HOLDERS[position], {"within": within}),
    ]


def line_of(connection: Connection, person_id: PersonId) -> ReportingLine:
    """See `domain.ports.People.line`."""
    held, base = _base(connection, person_id)
    roles = {Role(role) for role in connection.execute(_ROLES, {"id": person_id}).scalars()}
    is_dcs = Role.DCS in roles
    is_director = is_dcs or Role.DIRECTOR in roles or Position.DIRECTOR in held
    is_head = is_director or Role.HEAD_OF_SERVICE in roles or Position.HEAD_OF_SERVICE in held
    heads = [] if is_head else _candidates(connection, Position.HEAD_OF_SERVICE, base)
    directors = [] if is_director else _candidates(connection, Position.DIRECTOR, base)
    return ReportingLine(
        head_of_service=_others(heads, person_id),
        director=_others(directors, person_id),
        dcs=_others(_people(connection, _DCS, {}), person_id),
    )
