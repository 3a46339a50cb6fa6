"""A small council, put into any store: the SQL ones and the one in memory."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from domain.audits import Audit
from domain.calendar import Month
from domain.people import Person, PersonId, Position, Role, Team
from domain.ports import ChildFacts
from storage import tables
from storage.references import AUDIT, number_in
from storage.repositories.audit_rows import values_of
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.builders import DANA, DCS, EAST, NORTH, PRIYA, QUINN, RUTH, SAM, TOM, a_person, an_audit
from tests.fakes.memory import MemoryStore
from tests.faults.locks import WAITING

AnyStore = SqlStore | MemoryStore

SOUTH = Team(3, "Southmead", "South", "Safeguarding", "Operations")
MEERA = a_person(8, "Meera Nair", Role.SOCIAL_WORKER, team=EAST)


@dataclass(frozen=True)
class Council:
    teams: Sequence[Team] = (NORTH, EAST, SOUTH)
    people: Sequence[Person] = (TOM, DANA, RUTH, PRIYA, SAM, QUINN, DCS, MEERA)
    positions: Mapping[tuple[int, Position], PersonId] = field(
        default_factory=lambda: {
            (NORTH.id, Position.HEAD_OF_SERVICE): DANA.id,
            (NORTH.id, Position.DIRECTOR): RUTH.id,
        }
    )
    social_workers: Mapping[str, PersonId] = field(default_factory=dict[str, PersonId])
    audits: Sequence[Audit] = (an_audit(),)
    children: Sequence[ChildFacts] = ()
    """Beside those of the audits, and instead of them where both are given. Not in memory."""
    moderating: Mapping[tuple[Month, PersonId], bool] = field(
        default_factory=dict[tuple[Month, PersonId], bool]
    )

    def but(self, **changes: Any) -> "Council":
        return replace(self, **changes)

    def with_people(self, *people: Person) -> "Council":
        """These instead of those of the same id, and beside the others."""
        known = {person.id: person for person in (*self.people, *people)}
        return replace(self, people=tuple(known.values()))


async def settle(store: AnyStore, council: Council | None = None) -> None:
    """Puts the council into an empty store."""
    council = council or Council()
    if isinstance(store, SqlStore):
        await store.bulk(lambda connection: _insert(connection, council))
        return
    data = store.data
    data.teams = {team.id: team for team in council.teams}
    data.people = {person.id: person for person in council.people}
    data.positions = dict(council.positions)
    data.social_workers = dict(council.social_workers)
    data.moderating = dict(council.moderating)
    data.audits = {audit.ref: audit for audit in council.audits}


def _insert(connection: Connection, council: Council) -> None:
    emails = {person.id: person.email for person in council.people}
    of_audits = {audit.child_ref: _child_of(audit, council) for audit in council.audits if audit.child_ref}
    children = {**of_audits, **{child.ref: child for child in council.children}}
    rows: Sequence[tuple[Any, list[dict[str, Any]]]] = (
        (tables.teams, [_team(team) for team in council.teams]),
        (tables.people, [_person(person) for person in council.people]),
        (
            tables.person_roles,
            [{"person_id": p.id, "role": role.value} for p in council.people for role in p.roles],
        ),
        (
            tables.team_positions,
            [
                {"team_id": team, "position": at.value, "email": emails[person], "person_id": person}
                for (team, at), person in council.positions.items()
            ],
        ),
        (tables.children, [_child(child) for child in children.values()]),
        (
            tables.child_cohorts,
            [
                {"child_ref": c.ref, "cohort": cohort}
                for c in children.values()
                for cohort in sorted(c.cohorts)
            ],
        ),
        (
            tables.moderating,
            [
                {"month": month, "person_id": person, "moderates": moderates}
                for (month, person), moderates in council.moderating.items()
            ],
        ),
        (tables.audits, [_audit(audit) for audit in council.audits]),
    )
    for table, values in rows:
        if values:
            connection.execute(insert(table), values)
    if connection.dialect.name == "postgresql":
        for table in (tables.teams, tables.people, tables.audits):
            _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """Rows with numbers of their own do not move PostgreSQL's sequence, as they do SQLite's."""
    highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest, False)))


def _team(team: Team) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "name_key": team.name.casefold(),
        "area": team.area,
        "service": team.service,
        "directorate": team.directorate,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "aad_object_id": person.aad_object_id,
        "team_id": person.team.id if person.team else None,
        "working_pattern": person.working_pattern.value,
        "auditor_from": person.auditor_from,
        "moderator_from": person.moderator_from,
        "external": person.external,
        "active_from": person.active_from,
        "active_to": person.active_to,
    }


def _child_of(audit: Audit, council: Council) -> ChildFacts:
    assert audit.child_ref is not None
    worker = council.social_workers.get(audit.child_ref)
    legal_status = audit.legal_status or "child_in_need"
    return ChildFacts(audit.child_ref, audit.team or NORTH, legal_status, worker, frozenset(), None, None)


def _child(child: ChildFacts) -> dict[str, Any]:
    return {
        "child_ref": child.ref,
        "team_id": child.team.id,
        "legal_status": child.legal_status,
        "social_worker_id": child.social_worker_id,
        "opened": child.opened,
        "closed": child.closed,
    }


def _audit(audit: Audit) -> dict[str, Any]:
    return values_of(audit) | {"id": audit.id, "ref": audit.ref, "number": number_in(audit.ref, AUDIT)}


async def somebody_waits(uow: SqlUnitOfWork) -> None:
    """Until another transaction stands before a lock, as PostgreSQL says."""
    for _ in range(3_000):
        if await uow.transaction.run(lambda c: c.execute(text(WAITING)).scalar()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")
