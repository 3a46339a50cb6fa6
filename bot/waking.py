"""A message leaves as soon as it is committed, and not at the worker's next look."""

from collections.abc import Callable
from typing import TypeVar

from domain.lanes import Lane
from storage.unit_of_work import SqlStore, SqlUnitOfWork

T = TypeVar("T")


class Waking:
    """The same store; the worker hears of new messages, so that a message leaves at once and not at the next poll."""

    def __init__(self, store: SqlStore, wake: Callable[[frozenset[Lane]], None]) -> None:
        self._store = store
        self._wake = wake

    def reading(self) -> SqlUnitOfWork:
        return self._store.reading()

    def writing(self) -> SqlUnitOfWork:
        uow = self._store.writing()
        uow.on_messages = self._wake
        return uow

    async def aside(self, work: Callable[[], T]) -> T:
        return await self._store.aside(work)
