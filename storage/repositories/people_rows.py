"""People and teams as rows: one select that gives a person whole, and how it is read."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from domain.people import Person, Role, Team, WorkingPattern
from storage.repositories.packed import joined
from storage.repositories.sql import AnyRow, untyped
from storage.tables import people, person_roles, teams

ROLES = (
    select(joined(person_roles.c.role))
    .where(person_roles.c.person_id == people.c.id)
    .correlate(people)
    .scalar_subquery()
)
"""Of the person at hand, as `role_set` takes them."""

PERSON = untyped(
    select(
        people.c.id,
        people.c.email,
        people.c.name,
        people.c.aad_object_id,
        people.c.working_pattern,
        people.c.auditor_from,
        people.c.moderator_from,
        people.c.external,
        people.c.active_from,
        people.c.active_to,
        ROLES.label("roles"),
        people.c.team_id,
        teams.c.name.label("team_name"),
        teams.c.area,
        teams.c.service,
        teams.c.directorate,
    ).select_from(people.outerjoin(teams, people.c.team_id == teams.c.id))
)


@lru_cache(maxsize=512)
def role_set(text: str | None) -> frozenset[Role]:
    return frozenset(Role(part) for part in text.split(",")) if text else frozenset()


@lru_cache(maxsize=4096)
def team_of(team_id: int | None, name: str, area: str, service: str, directorate: str) -> Team | None:
    """Teams are few and come with every person: the same value is given again."""
    return None if team_id is None else Team(team_id, name, area, service, directorate)


def person_of(row: AnyRow) -> Person:
    """From a row that begins with PERSON's columns, in their order: by name they cost as much again as the rest, and
    a pool has hundreds."""
    of, email, name, account, pattern, auditor, moderator, external, begins, ends, roles, *team = row[:_WIDTH]
    return Person(
        id=of,
        email=email,
        name=name,
        roles=role_set(roles),
        aad_object_id=account,
        team=team_of(*team),
        working_pattern=_PATTERN[pattern],
        auditor_from=auditor,
        moderator_from=moderator,
        external=external,
        active_from=begins,
        active_to=ends,
    )


_WIDTH = len(PERSON.selected_columns)
_PATTERN = {pattern.value: pattern for pattern in WorkingPattern}


def active_on(day: ColumnElement[Any]) -> ColumnElement[bool]:
    """As Person.active_on."""
    return and_(
        or_(people.c.active_from.is_(None), people.c.active_from <= day),
        or_(people.c.active_to.is_(None), people.c.active_to >= day),
    )


def by_name(found: list[Person]) -> list[Person]:
    """In the order of names, whatever the database's collation."""
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))
