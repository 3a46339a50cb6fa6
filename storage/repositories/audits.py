"""The records of audits."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from domain.audits import Audit, AuditState, Grade, Kind
from domain.calendar import Month
from domain.exemptions import State
from domain.people import Person, PersonId, Role
from storage.database import Transaction
from storage.repositories.people_rows import PERSON, active_on, by_name, person_of, team_of
from storage.repositories.sql import AnyRow, AnySelect, untyped, write_over
from storage.tables import audits as table
from storage.tables import children, exemptions, people, person_roles, team_positions, teams

_AUDIT = untyped(
    select(
        table.c.id,
        table.c.ref,
        table.c.month,
        table.c.kind,
        table.c.state,
        table.c.child_ref,
        table.c.team_id,
        table.c.legal_status,
        table.c.auditor_id,
        table.c.issued_on,
        table.c.returned_on,
        table.c.grade,
        table.c.version,
        teams.c.name.label("team_name"),
        teams.c.area,
        teams.c.service,
        teams.c.directorate,
    ).select_from(table.outerjoin(teams, table.c.team_id == teams.c.id))
)
_month = bindparam("month", type_=table.c.month.type)

BY_REF = _AUDIT.where(table.c.ref == bindparam("ref"))
OF_AUDITOR = _AUDIT.where(table.c.auditor_id == bindparam("auditor"), table.c.month == _month).order_by(
    table.c.ref
)
_FREED = _AUDIT.where(table.c.month == _month, table.c.state == AuditState.FREED.value).order_by(table.c.ref)
_SAVE = update(table).where(table.c.id == bindparam("audit"), table.c.version == bindparam("seen"))


def _free_auditors() -> AnySelect:
    """See `domain.ports.Audits.free_auditors`. An auditor whose file gives no `auditor_from` counts as trained."""
    day = bindparam("day", type_=people.c.auditor_from.type)
    is_auditor = exists().where(
        person_roles.c.person_id == people.c.id, person_roles.c.role == Role.AUDITOR.value
    )
    is_exempt = exists().where(
        exemptions.c.person_id == people.c.id,
        exemptions.c.month == _month,
        exemptions.c.state == State.APPROVED.value,
    )
    has_one = exists().where(
        table.c.auditor_id == people.c.id,
        table.c.month == _month,
        table.c.kind == Kind.CORE.value,
        table.c.state != AuditState.FREED.value,
    )
    knows_the_child = exists().where(
        children.c.child_ref == bindparam("child"), children.c.social_worker_id == people.c.id
    )
    team = bindparam("team", type_=people.c.team_id.type)
    answers_for_it = exists().where(
        team_positions.c.person_id == people.c.id, team_positions.c.team_id == team
    )
    return PERSON.where(
        is_auditor,
        active_on(day),
        or_(people.c.auditor_from.is_(None), people.c.auditor_from <= day),
        or_(team.is_(None), people.c.team_id.is_(None), people.c.team_id != team),
        ~answers_for_it,
        ~is_exempt,
        ~has_one,
        ~knows_the_child,
    )


_FREE_AUDITORS = _free_auditors()


def audit_of(row: AnyRow) -> Audit:
    return Audit(
        id=row.id,
        ref=row.ref,
        month=row.month,
        kind=Kind(row.kind),
        state=AuditState(row.state),
        child_ref=row.child_ref,
        team=team_of(row.team_id, row.team_name, row.area, row.service, row.directorate),
        legal_status=row.legal_status,
        auditor_id=row.auditor_id,
        issued_on=row.issued_on,
        returned_on=row.returned_on,
        grade=Grade(row.grade) if row.grade else None,
        version=row.version,
    )


def _find(connection: Connection, statement: AnySelect, **values: object) -> list[Audit]:
    return [audit_of(row) for row in connection.execute(statement, values)]


def _save(connection: Connection, audit: Audit) -> Audit:
    saved = replace(audit, version=audit.version + 1)
    values = {
        "audit": audit.id,
        "seen": audit.version,
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
        "version": saved.version,
    }
    write_over(connection, _SAVE, values, audit.ref)
    return saved


class SqlAudits:
    """See `domain.ports.Audits`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> Audit | None:
        found = await self._transaction.run(lambda c: _find(c, BY_REF, ref=ref))
        return found[0] if found else None

    async def of_auditor(self, person_id: PersonId, month: Month) -> list[Audit]:
        return await self._transaction.run(lambda c: _find(c, OF_AUDITOR, auditor=person_id, month=month))

    async def freed(self, month: Month) -> list[Audit]:
        return await self._transaction.run(lambda c: _find(c, _FREED, month=month))

    async def save(self, audit: Audit) -> Audit:
        return await self._transaction.run(lambda c: _save(c, audit))

    async def free_auditors(self, audit: Audit, day: date) -> list[Person]:
        values = {
            "day": day,
            "month": audit.month,
            "child": audit.child_ref,
            "team": audit.team.id if audit.team else None,
        }
        return await self._transaction.run(
            lambda c: by_name([person_of(row) for row in c.execute(_FREE_AUDITORS, values)]), aside=True
        )
