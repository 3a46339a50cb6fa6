"""The records of audits."""

from datetime import date

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_

from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import Person, PersonId, Role
from storage.database import Transaction
from storage.repositories.audit_rows import AUDIT, find, save
from storage.repositories.people_rows import PERSON, active_on, by_name, person_of
from storage.repositories.sql import AnySelect
from storage.tables import audits as table
from storage.tables import children, exemptions, moderating, people, person_roles, team_positions

_month = bindparam("month", type_=table.c.month.type)

BY_REF = AUDIT.where(table.c.ref == bindparam("ref"))
OF_AUDITOR = AUDIT.where(table.c.auditor_id == bindparam("auditor"), table.c.month == _month).order_by(
    table.c.ref
)
FREED = AUDIT.where(table.c.month == _month, table.c.state == AuditState.FREED.value).order_by(table.c.ref)


def _holds(role: Role) -> ColumnElement[bool]:
    return exists().where(person_roles.c.person_id == people.c.id, person_roles.c.role == role.value)


def _moderates() -> ColumnElement[bool]:
    """Trained moderators do, unless it was said that they do not this month (domain, section 3.1)."""
    said_no = exists().where(
        moderating.c.person_id == people.c.id, moderating.c.month == _month, ~moderating.c.moderates
    )
    last = bindparam("last", type_=people.c.moderator_from.type)
    trained = or_(people.c.moderator_from.is_(None), people.c.moderator_from <= last)
    return and_(_holds(Role.MODERATOR), trained, ~said_no)


def _free_auditors() -> AnySelect:
    """See `domain.ports.Audits.free_auditors`. An auditor whose file gives no `auditor_from` counts as trained."""
    day = bindparam("day", type_=people.c.auditor_from.type)
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
        _holds(Role.AUDITOR),
        active_on(day),
        or_(people.c.auditor_from.is_(None), people.c.auditor_from <= day),
        or_(team.is_(None), people.c.team_id.is_(None), people.c.team_id != team),
        ~answers_for_it,
        ~is_exempt,
        ~has_one,
        ~knows_the_child,
        ~_moderates(),
    )


_FREE_AUDITORS = _free_auditors()


class SqlAudits:
    """See `domain.ports.Audits`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> Audit | None:
        found = await self._transaction.run(lambda c: find(c, BY_REF, ref=ref))
        return found[0] if found else None

    async def of_auditor(self, person_id: PersonId, month: Month) -> list[Audit]:
        return await self._transaction.run(lambda c: find(c, OF_AUDITOR, auditor=person_id, month=month))

    async def freed(self, month: Month) -> list[Audit]:
        return await self._transaction.run(lambda c: find(c, FREED, month=month))

    async def save(self, audit: Audit) -> Audit:
        return await self._transaction.run(lambda c: save(c, audit))

    async def free_auditors(self, audit: Audit, day: date) -> list[Person]:
        values = {
            "day": day,
            "month": audit.month,
            "last": audit.month.last,
            "child": audit.child_ref,
            "team": audit.team.id if audit.team else None,
        }
        return await self._transaction.run(
            lambda c: by_name([person_of(row) for row in c.execute(_FREE_AUDITORS, values)]), aside=True
        )
