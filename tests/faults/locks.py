"""A writer's lock held from outside of the program, on either database, as a backup or a stray session holds one."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.postgres import make_engine

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Lock(Protocol):
    async def somebody_waits(self) -> None:
        """Until the program stands before the lock."""
        ...


class _SqliteLock:
    """SQLite tells nobody who waits. Nothing can be committed past the lock, so any moment is as good as another."""

    async def somebody_waits(self) -> None:
        await asyncio.sleep(0.2)


class _PostgresLock:
    """Asks until the server says that a lock is waited for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def somebody_waits(self) -> None:
        for _ in range(3_000):
            if (await self._connection.execute(text(WAITING))).scalar():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nobody waits for the lock")


@asynccontextmanager
async def writer_lock(database_url: str) -> AsyncGenerator[Lock]:
    """Held while the block lasts: on SQLite the writer's place, on PostgreSQL the end of the trail, which every effect
    moves in its own commit."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        connection = sqlite3.connect(url.database, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield _SqliteLock()
        finally:
            connection.close()
        return
    engine = make_engine(url)
    try:
        async with engine.begin() as held:
            await held.execute(text("SELECT * FROM trail_head FOR UPDATE"))
            yield _PostgresLock(held)
    finally:
        await engine.dispose()
