"""Who stands in for whom, and when."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.people import Delegation, PersonId, Scope
from storage.database import Transaction
from storage.repositories.sql import AnyRow, AnySelect, one_of, untyped
from storage.tables import delegations as table

_ALL = untyped(
    select(
        table.c.id, table.c.delegator_id, table.c.delegate_id, table.c.scope, table.c.from_day, table.c.to_day
    )
)
_day = bindparam("day", type_=table.c.to_day.type)
_IN_FORCE = _ALL.where(table.c.from_day <= _day, table.c.to_day >= _day).order_by(table.c.id)

_TO = _IN_FORCE.where(table.c.delegate_id == bindparam("delegate"))
_BY = _IN_FORCE.where(table.c.delegator_id.in_(one_of("delegators")))
_UPCOMING = _ALL.where(
    table.c.delegator_id == bindparam("delegator"), table.c.to_day >= _day, table.c.to_day >= table.c.from_day
).order_by(table.c.from_day, table.c.id)
_ONE = _ALL.where(table.c.id == bindparam("id"))
_ADD = insert(table).returning(table.c.id)
_END = update(table).where(table.c.id == bindparam("delegation"))


def _delegation(row: AnyRow) -> Delegation:
    return Delegation(row.id, row.delegator_id, row.delegate_id, Scope(row.scope), row.from_day, row.to_day)


def _find(connection: Connection, statement: AnySelect, **values: object) -> list[Delegation]:
    return [_delegation(row) for row in connection.execute(statement, values)]


class SqlDelegations:
    """See `domain.ports.Delegations`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def to(self, delegate_id: PersonId, day: date) -> list[Delegation]:
        return await self._transaction.run(lambda c: _find(c, _TO, delegate=delegate_id, day=day))

    async def by(self, delegator_ids: Collection[PersonId], day: date) -> list[Delegation]:
        wanted = list(delegator_ids)
        return await self._transaction.run(lambda c: _find(c, _BY, delegators=wanted, day=day))

    async def upcoming(self, delegator_id: PersonId, day: date) -> list[Delegation]:
        return await self._transaction.run(lambda c: _find(c, _UPCOMING, delegator=delegator_id, day=day))

    async def get(self, delegation_id: int) -> Delegation | None:
        found = await self._transaction.run(lambda c: _find(c, _ONE, id=delegation_id))
        return found[0] if found else None

    async def add(
        self, delegator_id: PersonId, delegate_id: PersonId, scope: Scope, from_day: date, to_day: date
    ) -> Delegation:
        values = {
            "delegator_id": delegator_id,
            "delegate_id": delegate_id,
            "scope": scope.value,
            "from_day": from_day,
            "to_day": to_day,
        }
        number = await self._transaction.run(lambda c: c.execute(_ADD, values).scalar_one())
        return Delegation(number, delegator_id, delegate_id, scope, from_day, to_day)

    async def end(self, delegation_id: int, last_day: date) -> None:
        values = {"delegation": delegation_id, "to_day": last_day}
        await self._transaction.run(lambda c: c.execute(_END, values))
