"""SQLite: one writer and a few readers, kept open, all used from the loop's thread.

The driver never sleeps on a lock (`busy_timeout` is 0): the coroutine waits and asks again, so that the loop stays
free. Writers of this process queue for one connection and so never meet each other's locks.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import Busy, Conflict
from storage.database import sqlite_file

T = TypeVar("T")

READERS = 8
_RETRY_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05)
_PASSING = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)


def make_engine(url: URL, busy_seconds: float = 0) -> Engine:
    """An engine whose transactions are begun by whoever uses it, with `begin`: the driver begins none, and a listener
    on the engine would cost every statement a fifth of its time."""
    file = sqlite_file(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"isolation_level": None, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.execute("PRAGMA busy_timeout = 5000")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")

    return engine


def begin(connection: Connection, kind: str) -> RootTransaction:
    """`kind` IMMEDIATE takes the writer's place at once. Raises sqlite3.OperationalError, with nothing begun."""
    begun = connection.begin()
    # On the driver's own connection: SQLAlchemy's way around a bare BEGIN costs more than a point read.
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        driver.execute(f"BEGIN {kind}").close()
    except BaseException:
        begun.rollback()
        raise
    return begun


def _primary_code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _translated(error: DBAPIError) -> Exception:
    if isinstance(error, IntegrityError) and "UNIQUE" in str(error.orig):
        return Conflict(why="unique")
    return _refused(error.orig) if _primary_code(error.orig) in _PASSING else error


def _refused(error: BaseException | None) -> Busy:
    return Busy(why="locked" if _primary_code(error) == sqlite3.SQLITE_BUSY else "disk")


class SqliteTransaction:
    """See `storage.database.Transaction`."""

    def __init__(self, place: "_Place", connection: Connection, begun: RootTransaction) -> None:
        self._place = place
        self._connection = connection
        self._begun = begun
        self._sound = True
        """False once the database has refused to end it: nobody can tell in what state the connection is then."""

    async def run(self, work: Callable[[Connection], T], *, aside: bool = False) -> T:
        try:
            if aside:
                return await self._place.aside(lambda: work(self._connection))
            return work(self._connection)
        except DBAPIError as error:
            raise _translated(error) from error

    async def commit(self) -> None:
        try:
            await self._place.aside(self._begun.commit)
        except DBAPIError as error:
            self._sound = False
            raise _translated(error) from error

    async def end(self) -> None:
        if self._begun.is_active:
            try:
                self._begun.rollback()
            except DBAPIError:
                self._sound = False
        if not self._sound:
            self._connection.invalidate()
        self._place.give_back(self._connection)


class _Place:
    """Connections of one kind and the queue for them."""

    def __init__(self, database: "SqliteDatabase", begin: str, count: int) -> None:
        self._database = database
        self._begin = begin
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(count)

    async def aside(self, work: Callable[[], T]) -> T:
        return await self._database.aside(work)

    async def take(self, wait_seconds: float) -> SqliteTransaction:
        deadline = asyncio.get_running_loop().time() + wait_seconds
        if self._free.locked():
            await self._wait_until(deadline)
        else:
            await self._free.acquire()  # at once, and without a timer for it
        try:
            connection = self._idle.pop() if self._idle else await self.aside(self._connect)
        except DBAPIError as error:
            self._free.release()
            raise _translated(error) from error
        except BaseException:
            self._free.release()
            raise
        try:
            return SqliteTransaction(self, connection, await self._begun(connection, deadline))
        except BaseException:
            self.give_back(connection)
            raise

    async def _wait_until(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._free.acquire()
        except TimeoutError:
            raise Busy(why="queue") from None

    def _connect(self) -> Connection:
        connection = self._database.engine.connect()
        if self._begin == "DEFERRED":
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.rollback()
        return connection

    async def _begun(self, connection: Connection, deadline: float) -> RootTransaction:
        loop, tries = asyncio.get_running_loop(), 0
        while True:
            try:
                return begin(connection, self._begin)
            except sqlite3.OperationalError as error:
                if _primary_code(error) != sqlite3.SQLITE_BUSY or loop.time() >= deadline:
                    raise _refused(error) from error
            await asyncio.sleep(_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)])
            tries += 1

    def give_back(self, connection: Connection) -> None:
        if connection.invalidated or connection.in_transaction() or self._database.closed:
            connection.close()
        else:
            self._idle.append(connection)
        self._free.release()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class SqliteDatabase:
    """See `storage.database.Database`."""

    readers_see_one_state = True

    def __init__(self, url: URL, wait_seconds: float) -> None:
        self.engine = make_engine(url)
        self.closed = False
        self._wait = wait_seconds
        self._threads = ThreadPoolExecutor(max_workers=READERS + 1, thread_name_prefix="sqlite")
        self._writer = _Place(self, "IMMEDIATE", 1)
        self._readers = _Place(self, "DEFERRED", READERS)

    async def begin(self, *, write: bool) -> SqliteTransaction:
        return await (self._writer if write else self._readers).take(self._wait)

    async def aside(self, work: Callable[[], T]) -> T:
        """In a thread; a cancelled caller still waits for its end, because the connection is in use until then."""
        return await _to_the_end(asyncio.get_running_loop().run_in_executor(self._threads, work))

    async def close(self) -> None:
        self.closed = True
        self._writer.close()
        self._readers.close()
        self.engine.dispose()
        self._threads.shutdown(wait=True)


async def _to_the_end(work: "asyncio.Future[T]") -> T:
    waiting: Awaitable[T] = asyncio.shield(work)
    try:
        return await waiting
    except asyncio.CancelledError:
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({work})
        with suppress(Exception):
            work.result()
        raise
