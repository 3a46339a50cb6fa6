"""PostgreSQL over asyncpg: a pool for writers, and one for readers whose every statement stands alone.

Readers are in autocommit and read-only by the server's own word: READ COMMITTED gives each statement its snapshot
anyway, so a transaction around them would only cost two round trips.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy import exc as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.errors import Busy, CommitUnknown, Conflict

T = TypeVar("T")

POOL = 8
STATEMENT_SECONDS = 20
_UNIQUE = "23505"
_PASSING = frozenset(
    {
        "40001",  # serialisation
        "40P01",  # deadlock
        "53100",  # disk full
        "53200",  # out of memory
        "53300",  # too many connections
        "55P03",  # lock not available in time
        "57014",  # statement time-out
        "57P01",  # shutdown by the administrator
        "57P02",  # crash of another server process
        "57P03",  # starting up
    }
)


def make_engine(url: URL, settings: dict[str, str] | None = None, **more: Any) -> AsyncEngine:
    """`settings` are the server's, for every connection of this engine."""
    return create_async_engine(
        url,
        connect_args={
            "server_settings": {"application_name": "audit-bot", "jit": "off", **(settings or {})},
            "timeout": 5,
        },
        **more,
    )


_FAILURES = (sa.SQLAlchemyError, OSError, TimeoutError)


def _gone(error: BaseException) -> bool:
    return isinstance(error, OSError) or (isinstance(error, sa.DBAPIError) and error.connection_invalidated)


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, sa.DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if state == _UNIQUE:
            return Conflict(why="unique")
        if state in _PASSING or error.connection_invalidated or isinstance(error, sa.InterfaceError):
            return Busy(why=state or "connection")
    if isinstance(error, (sa.TimeoutError, OSError, TimeoutError)):
        return Busy(why="connection")
    return error


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    """Raises Busy, whatever the server's reason for letting nobody in: nothing was done yet."""
    try:
        return await engine.connect()
    except _FAILURES as error:
        raise Busy(why="connection") from error


class PostgresTransaction:
    """See `storage.database.Transaction`."""

    def __init__(self, engine: AsyncEngine, connection: AsyncConnection) -> None:
        self._engine = engine
        self._connection = connection
        self._used = False

    async def run(self, work: Callable[[Connection], T], *, aside: bool = False) -> T:
        first, self._used = not self._used, True
        try:
            return await self._connection.run_sync(work)
        except _FAILURES as error:
            if not first or not _gone(error):
                raise _translated(error) from error
        return await self._again(work)

    async def _again(self, work: Callable[[Connection], T]) -> T:
        """A pooled connection that the server has closed meanwhile shows at its first use: nothing was done yet,
        so a new one does it, and no ping is needed before every unit of work."""
        with suppress(*_FAILURES):
            await self._connection.close()
        self._connection = await _connected(self._engine)
        try:
            return await self._connection.run_sync(work)
        except _FAILURES as error:
            raise _translated(error) from error

    async def commit(self) -> None:
        try:
            await self._connection.commit()
        except _FAILURES as error:
            told = getattr(getattr(error, "orig", None), "sqlstate", None)
            if told is not None and not told.startswith(("08", "57P")):
                raise _translated(error) from error
            raise CommitUnknown(why="connection") from error

    async def end(self) -> None:
        closing = asyncio.ensure_future(self._connection.close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await asyncio.wait({closing})
            raise
        except _FAILURES:
            await self._connection.invalidate()


class PostgresDatabase:
    """See `storage.database.Database`."""

    readers_see_one_state = False

    def __init__(self, url: URL, wait_seconds: float) -> None:
        limits = {
            "lock_timeout": f"{int(wait_seconds * 1000)}",
            "statement_timeout": f"{STATEMENT_SECONDS * 1000}",
            "idle_in_transaction_session_timeout": "60000",
        }
        pool: dict[str, Any] = {
            "pool_size": POOL,
            "max_overflow": 0,
            "pool_timeout": wait_seconds,
            "pool_use_lifo": True,
        }
        self.writers = make_engine(url, limits, **pool)
        self.readers = make_engine(
            url, {**limits, "default_transaction_read_only": "on"}, isolation_level="AUTOCOMMIT", **pool
        )

    async def begin(self, *, write: bool) -> PostgresTransaction:
        engine = self.writers if write else self.readers
        return PostgresTransaction(engine, await _connected(engine))

    async def close(self) -> None:
        await self.writers.dispose()
        await self.readers.dispose()
