"""The database stops in the midst of a transaction, at the row that a test names: a program that is killed there has
begun its work and not committed it. The hand is the database's own, a trigger; the program is as it is."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.postgres import make_engine
from tests.bench.driver import cpu_seconds
from tests.faults.locks import WAITING

_KEY = 4711
_COUNTING = 0.15
"""Seconds of the processor, more than any transaction of the program's own needs."""
_ENDLESS = "SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"


@dataclass(frozen=True, slots=True)
class Spot:
    """A row that is written: `on` is INSERT or UPDATE, `when` a condition on NEW in SQL that both databases know."""

    on: str
    table: str
    when: str


class Halt(Protocol):
    async def reached(self, pid: int) -> None:
        """Until the process stands there."""
        ...


class _SqliteHalt:
    """The writer's place is taken, look after look, by a process that counts without an end: whoever waits for the
    disk uses no processor."""

    def __init__(self, file: str) -> None:
        self._file = file

    async def reached(self, pid: int) -> None:
        since: float | None = None
        for _ in range(3_000):
            used = cpu_seconds(pid)
            since = (used if since is None else since) if self._taken() else None
            if since is not None and used - since >= _COUNTING:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody writes there")

    def _taken(self) -> bool:
        connection = sqlite3.connect(self._file, isolation_level=None, timeout=0)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        else:
            return False
        finally:
            connection.close()


class _PostgresHalt:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reached(self, pid: int) -> None:
        for _ in range(3_000):
            if (await self._connection.execute(text(WAITING))).scalar():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nobody writes there")


@asynccontextmanager
async def halted(database_url: str, spot: Spot) -> AsyncGenerator[Halt]:
    """While the block lasts, whoever writes such a row stands there. Whoever does must be dead when it ends."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        _sqlite(url.database, f"CREATE TRIGGER halt_here BEFORE {_at(spot)} BEGIN {_ENDLESS}; END")
        yield _SqliteHalt(url.database)
        _sqlite(url.database, "DROP TRIGGER halt_here")
        return
    engine = make_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with _postgres(engine, spot) as halt:
            yield halt
    finally:
        await engine.dispose()


def _at(spot: Spot) -> str:
    return f"{spot.on} ON {spot.table} FOR EACH ROW WHEN ({spot.when})"


def _sqlite(file: str, statement: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute(statement)
    finally:
        connection.close()


@asynccontextmanager
async def _postgres(engine: AsyncEngine, spot: Spot) -> AsyncGenerator[Halt]:
    async with engine.connect() as hand:
        await hand.execute(text(f"SELECT pg_advisory_lock({_KEY})"))
        await hand.execute(
            text(
                "CREATE FUNCTION halt_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"PERFORM pg_advisory_xact_lock_shared({_KEY}); RETURN NEW; END $$"
            )
        )
        await hand.execute(text(f"CREATE TRIGGER halt_here BEFORE {_at(spot)} EXECUTE FUNCTION halt_here()"))
        try:
            yield _PostgresHalt(hand)
        finally:
            await hand.execute(text(f"SELECT pg_advisory_unlock({_KEY})"))
            await hand.execute(text(f"DROP TRIGGER halt_here ON {spot.table}"))
            await hand.execute(text("DROP FUNCTION halt_here()"))
