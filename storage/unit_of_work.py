"""Units of work on either database: one connection, one transaction, nothing kept without `commit`."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, text

from domain.calendar import Month
from domain.lanes import Lane
from storage.conversations import SqlConversations
from storage.cycle_parts import CycleParts
from storage.database import WAIT_SECONDS, Database, Transaction, open_database
from storage.months import wait_for
from storage.repositories.answers import SqlAnswers
from storage.repositories.audits import SqlAudits
from storage.repositories.delegations import SqlDelegations
from storage.repositories.deliveries import SqlDeliveries
from storage.repositories.exemptions import SqlExemptions
from storage.repositories.outbox import SqlOutbox
from storage.repositories.people import SqlPeople
from storage.schema import revision_of
from storage.slots import SqlSlots
from storage.trail import SqlTrail, Verdict, append_all, verify

T = TypeVar("T")


class SqlUnitOfWork(CycleParts):
    """See `domain.ports.UnitOfWork` and `CycleWork`. Its parts are there between entering and leaving."""

    people: SqlPeople
    delegations: SqlDelegations
    audits: SqlAudits
    exemptions: SqlExemptions
    outbox: SqlOutbox
    deliveries: SqlDeliveries
    trail: SqlTrail
    answers: SqlAnswers
    conversations: SqlConversations
    slots: SqlSlots

    def __init__(self, database: Database, *, write: bool) -> None:
        self._database = database
        self._write = write
        self._transaction: Transaction | None = None
        self._alone_in: set[Month] = set()
        self.on_messages: Callable[[frozenset[Lane]], None] | None = None
        """Told after a certain commit with new messages: in which lanes they are."""

    @property
    def transaction(self) -> Transaction:
        assert self._transaction is not None, "a unit of work is used inside `async with`"
        return self._transaction

    async def __aenter__(self) -> Self:
        transaction = self._transaction = await self._database.begin(write=self._write)
        self.people = SqlPeople(transaction)
        self.delegations = SqlDelegations(transaction)
        self.audits = SqlAudits(transaction)
        self.exemptions = SqlExemptions(transaction)
        self.outbox = SqlOutbox(transaction)
        self.deliveries = SqlDeliveries(transaction)
        self.trail = SqlTrail(transaction, write=self._write)
        self.answers = SqlAnswers(transaction)
        self.conversations = SqlConversations(transaction)
        self.slots = SqlSlots(transaction)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        transaction, self._transaction = self.transaction, None
        await transaction.end()

    async def alone_in(self, month: Month) -> None:
        assert self._write, "a reading unit of work holds nobody up"
        if month not in self._alone_in:
            await self.transaction.run(lambda connection: wait_for(connection, [month]))
            self._alone_in.add(month)

    async def commit(self) -> None:
        assert self._write, "a reading unit of work has nothing to commit"
        entries = self.trail.gathered
        if entries:
            await self.transaction.run(lambda connection: append_all(connection, entries))
            self.trail.gathered = []
        await self.transaction.commit()
        if self.on_messages is not None and self.outbox.lanes:
            self.on_messages(frozenset(self.outbox.lanes))


class SqlStore:
    """See `domain.ports.Store` and `CycleStore`. One for a process; `url` is SQLAlchemy's (sqlite:///… or postgresql+asyncpg://…)."""

    def __init__(self, url: str, wait_seconds: float = WAIT_SECONDS) -> None:
        self._database = open_database(url, wait_seconds)

    def reading(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._database, write=False)

    def writing(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._database, write=True)

    async def aside(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def bulk(self, work: Callable[[Connection], T], *, keep: bool = True) -> T:
        """One long piece of work over a connection, in one transaction: imports. Kept if it returns and `keep`."""
        async with self.writing() as uow:
            await uow.transaction.run(_no_hurry)
            done = await uow.transaction.run(work, aside=True)
            if keep:
                await uow.commit()
        return done

    async def verify_trail(self) -> Verdict:
        """In one state of the database, however long it takes."""
        async with self.writing() if self._serial_reads_need_a_writer else self.reading() as uow:
            return await uow.transaction.run(_verify_one_state, aside=True)

    async def revision(self) -> str | None:
        """The schema's revision, for readiness; compare with `storage.schema.HEAD`."""
        async with self.reading() as uow:
            return await uow.transaction.run(revision_of)

    @property
    def _serial_reads_need_a_writer(self) -> bool:
        """PostgreSQL's readers are in autocommit: a state that holds takes a transaction."""
        return not self._database.readers_see_one_state

    async def close(self) -> None:
        await self._database.close()


def _no_hurry(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def _verify_one_state(connection: Connection) -> Verdict:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    return verify(connection)
