"""Which slots of the clock's jobs are done."""

from datetime import datetime

from storage.unit_of_work import SqlStore


class MarkedSlots:
    """A slot is marked after its work, so that a crash in between means doing it again and never losing it."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def done(self, job: str, slot: datetime) -> bool:
        async with self._store.reading() as uow:
            last = await uow.slots.last(job)
        return last is not None and slot <= last

    async def mark(self, job: str, slot: datetime, now: datetime) -> None:
        async with self._store.writing() as uow:
            await uow.slots.take(job, slot, now)
            await uow.commit()
