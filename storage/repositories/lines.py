"""Reporting lines: who stands above a person, read from the teams file's positions and the roles (section 2)."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, or_, select

from domain.people import Person, PersonId, Position, ReportingLine, Role
from storage.repositories.packed import packed, unpacked
from storage.repositories.people_rows import PERSON, ROLES, person_of, role_set
from storage.repositories.sql import AnySelect, Few, one_of, untyped, written
from storage.tables import people, person_roles, team_positions, teams

_held = (
    select(packed(team_positions.c.position, teams.c.id, teams.c.service, teams.c.directorate))
    .select_from(team_positions.join(teams, teams.c.id == team_positions.c.team_id))
    .where(team_positions.c.person_id == bindparam("id", type_=people.c.id.type))
    .scalar_subquery()
)
_SELF = untyped(
    select(teams.c.id, teams.c.service, teams.c.directorate, ROLES.label("roles"), _held.label("held"))
    .select_from(people.outerjoin(teams, people.c.team_id == teams.c.id))
    .where(people.c.id == bindparam("id"))
)

_ABOVE = (Position.HEAD_OF_SERVICE, Position.DIRECTOR)
_RANK = {position: rank for rank, position in enumerate(Position)}


_Meets = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""A column against what is asked for, by its name."""


def _is_one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(one_of(name))


def _is(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


def _holds(role: Role, column: str, within: str, meets: _Meets) -> ColumnElement[bool]:
    """Holds the role, and their own team lies in the same service (directorate) or another team of it names them."""
    of = teams.alias()
    named = exists().where(
        team_positions.c.person_id == people.c.id,
        team_positions.c.position == role.value,
        team_positions.c.team_id == of.c.id,
        meets(of.c[column], within),
    )
    return and_(person_roles.c.role == role.value, or_(meets(teams.c[column], within), named))


_NAMED = Few(
    PERSON.add_columns(team_positions.c.position.label("above"))
    .join(team_positions, team_positions.c.person_id == people.c.id)
    .where(written(team_positions.c.position, [position.value for position in _ABOVE]))
    .order_by(team_positions.c.team_id),
    team_positions.c.team_id,
)
"""The persons whom the teams file names for these teams."""


def _holders(meets: _Meets) -> AnySelect:
    return (
        PERSON.add_columns(person_roles.c.role.label("above"))
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(
            written(person_roles.c.role, [Role.HEAD_OF_SERVICE.value, Role.DIRECTOR.value, Role.DCS.value]),
            or_(
                _holds(Role.HEAD_OF_SERVICE, "service", "services", meets),
                _holds(Role.DIRECTOR, "directorate", "directorates", meets),
                person_roles.c.role == Role.DCS.value,
            ),
        )
        .order_by(people.c.id)
    )


_HOLDERS, _HOLDERS_OF_ONE = _holders(_is_one_of), _holders(_is)
"""Of several services and directorates, and of one each, which is most people's."""


def _others(found: Iterable[Person], person_id: PersonId) -> tuple[Person, ...]:
    """Each once, in the order found; nobody is their own line."""
    return tuple({person.id: person for person in found if person.id != person_id}.values())


class _Team(NamedTuple):
    team_id: int
    service: str
    directorate: str


def _base(connection: Connection, person_id: PersonId) -> tuple[frozenset[str], list[_Team]]:
    """The roles and positions a person holds, by their codes, and the teams that count for their line: those where
    they hold the highest position, else their own."""
    row = connection.execute(_SELF, {"id": person_id}).first()
    if row is None:
        return frozenset(), []
    *own, roles, held = row
    found = [(Position(position), _Team(*team)) for position, *team in unpacked(held)]
    codes = frozenset({*role_set(roles), *(position.value for position, _ in found)})
    if found:
        highest = max((position for position, _ in found), key=_RANK.__getitem__)
        return codes, [team for position, team in found if position is highest]
    return codes, [_Team(*own)] if own[0] is not None else []


def _candidates(connection: Connection, base: list[_Team]) -> dict[str, list[Person]]:
    """By role, best first: named by the teams file, then holders of the role."""
    services = sorted({row.service for row in base})
    directorates = sorted({row.directorate for row in base})
    if len(services) == len(directorates) == 1:
        one = {"services": services[0], "directorates": directorates[0]}
        holders = connection.execute(_HOLDERS_OF_ONE, one)
    else:
        holders = connection.execute(_HOLDERS, {"services": services, "directorates": directorates})
    found: dict[str, list[Person]] = {role: [] for role in ("head_of_service", "director", "dcs")}
    for row in (*_NAMED.rows(connection, [row.team_id for row in base]), *holders):
        found[row.above].append(person_of(row))
    return found


def line_of(connection: Connection, person_id: PersonId) -> ReportingLine:
    """See `domain.ports.People.line`."""
    held, base = _base(connection, person_id)
    is_dcs = Role.DCS in held
    is_director = is_dcs or Role.DIRECTOR in held
    is_head = is_director or Role.HEAD_OF_SERVICE in held
    found = _candidates(connection, base)
    return ReportingLine(
        head_of_service=() if is_head else _others(found["head_of_service"], person_id),
        director=() if is_director else _others(found["director"], person_id),
        dcs=_others(found["dcs"], person_id),
    )
