"""A small council, put into any store: the SQL ones and the one in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, insert

from domain.audits import Audit
from domain.people import Person, PersonId, Position, Role, Team
from storage import tables
from storage.unit_of_work import SqlStore
from tests.builders import DANA, DCS, EAST, NORTH, PRIYA, QUINN, RUTH, SAM, TOM, a_person, an_audit
from tests.fakes.memory import MemoryStore

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
    data.audits = {audit.ref: audit for audit in council.audits}


def _insert(connection: Connection, council: Council) -> None:
    emails = {person.id: person.email for person in council.people}
    children = {audit.child_ref: audit for audit in council.audits if audit.child_ref}
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
        (
            tables.children,
            [
                {
                    "child_ref": ref,
                    "team_id": audit.team.id if audit.team else NORTH.id,
                    "legal_status": audit.legal_status or "child_in_need",
                    "social_worker_id": council.social_workers.get(ref),
                }
                for ref, audit in children.items()
            ],
        ),
        (tables.audits, [_audit(audit) for audit in council.audits]),
    )
    for table, values in rows:
        if values:
            connection.execute(insert(table), values)


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


def _audit(audit: Audit) -> dict[str, Any]:
    return {
        "id": audit.id,
        "ref": audit.ref,
        "month": audit.month,
        "kind": audit.kind.value,
        "state": audit.state.value,
        "child_ref": audit.child_ref,
        "team_id": audit.team.id if audit.team else None,
        "legal_status": audit.legal_status,
        "auditor_id": audit.auditor_id,
        "issued_on": audit.issued_on,
        "returned_on": audit.returned_on,
        "grade": audit.grade.value if audit.grade else None,
        "version": audit.version,
    }
