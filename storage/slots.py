"""Which instants of a schedule have been served, whichever replica was first (faults 43-46)."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from storage.database import Transaction
from storage.repositories.sql import InsertNew
from storage.tables import slots as table

_TAKE = InsertNew(table, returning="job")
_LAST = select(func.max(table.c.slot, type_=table.c.slot.type)).where(table.c.job == bindparam("job"))
_newest = table.alias()
_PRUNE = delete(table).where(
    table.c.slot < bindparam("before", type_=table.c.slot.type),
    table.c.slot
    < select(func.max(_newest.c.slot)).where(_newest.c.job == table.c.job).correlate(table).scalar_subquery(),
)


class SqlSlots:
    """Part of a unit of work: a slot is taken in the same commit as the messages that it causes."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(self, job: str, slot: datetime, now: datetime) -> bool:
        """False where it was taken before; on PostgreSQL waits for another's commit of the same slot."""
        values = {"job": job, "slot": slot, "taken_at": now}
        return await self._transaction.run(lambda c: _TAKE.one(c, values) is not None)

    async def last(self, job: str) -> datetime | None:
        return await self._transaction.run(lambda c: c.execute(_LAST, {"job": job}).scalar())

    async def prune(self, before: datetime) -> int:
        """Forgets older slots, but never the last one of a job; how many."""
        return await self._transaction.run(lambda c: c.execute(_PRUNE, {"before": before}).rowcount)
