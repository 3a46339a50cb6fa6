"""Databases that do not answer: bounded waits, no false success, nothing left behind (faults 38 to 40)."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from domain.errors import Busy, CommitUnknown
from domain.ports import Once, Outcome, TrailEntry
from storage.database import driver_url
from storage.postgres import make_engine
from storage.sqlite import READERS
from storage.unit_of_work import SqlStore
from tests.builders import NOW
from tests.postgres import PostgresServer
from tests.storage.council import settle

WAIT = 0.3
ONCE = Once("conversation|1", "digest")


@pytest.fixture
async def impatient(database_url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(database_url, wait_seconds=WAIT)
    yield store
    await store.close()


async def _keep(store: SqlStore, once: Once = ONCE) -> None:
    async with store.writing() as uow:
        await uow.answers.keep(once, Outcome("done"), NOW)
        await uow.trail.append(TrailEntry(NOW, "test"))
        await uow.commit()


async def _kept(store: SqlStore, once: Once = ONCE) -> bool:
    async with store.reading() as uow:
        return await uow.answers.find(once) is not None


@asynccontextmanager
async def _locked(url: str) -> AsyncGenerator[None]:
    """Another program holds the writer's place (SQLite) or the end of the trail (PostgreSQL)."""
    parsed = driver_url(url)
    if parsed.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(parsed.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()
        return
    engine = make_engine(parsed)
    async with engine.begin() as held:
        await held.execute(text("SELECT * FROM trail_head FOR UPDATE"))
        yield
    await engine.dispose()


@pytest.mark.fault(38)
async def test_a_locked_database_is_waited_for_and_then_refused(
    impatient: SqlStore, database_url: str
) -> None:
    async with _locked(database_url):
        begun = monotonic()
        with pytest.raises(Busy):
            await _keep(impatient)
        assert monotonic() - begun > WAIT * 0.9, "it was waited for"
        assert not await _kept(impatient), "readers are not kept waiting"

    await _keep(impatient)
    assert await _kept(impatient)


@pytest.mark.fault(38)
async def test_a_lock_that_ends_in_time_is_not_noticed(store: SqlStore, database_url: str) -> None:
    async with _locked(database_url):
        waiting = asyncio.create_task(_keep(store))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await waiting

    assert await _kept(store)


async def test_the_loop_is_free_while_a_lock_is_waited_for(store: SqlStore, database_url: str) -> None:
    async with _locked(database_url):
        waiting = asyncio.create_task(_keep(store))
        for _ in range(20):
            await asyncio.sleep(0)
            assert not await _kept(store)
        assert not waiting.done()
    await waiting


@pytest.mark.fault(38)
async def test_a_full_house_of_readers_is_waited_for_and_then_refused(impatient: SqlStore) -> None:
    units = [impatient.reading() for _ in range(READERS)]
    for unit in units:
        await unit.__aenter__()
        await unit.answers.find(ONCE)

    with pytest.raises(Busy):
        await _kept(impatient)
    for unit in units:
        await unit.__aexit__(None, None, None)

    assert not await _kept(impatient)


@pytest.mark.fault(39)
async def test_a_full_disk_is_refused_and_nothing_is_half_written(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url)
    try:
        await _keep(store)

        def no_more_pages(connection: Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        async with store.writing() as uow:
            await uow.transaction.run(no_more_pages)
        with pytest.raises(Busy):
            await _fill(store)
        assert (await store.verify_trail()).entries == 1
        assert not await _kept(store, Once("big", "digest"))
    finally:
        await store.close()


async def _fill(store: SqlStore) -> None:
    async with store.writing() as uow:
        await uow.answers.keep(Once("big", "digest"), Outcome("done"), NOW)
        await uow.trail.append(TrailEntry(NOW, "test", texts={"note": "x" * 1_000_000}))
        await uow.commit()


def _end_sessions(server: PostgresServer, url: str) -> None:
    database = driver_url(url).database
    others = f"datname = '{database}' AND pid <> pg_backend_pid()"
    server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.mark.fault(40)
async def test_a_connection_lost_in_the_commit_is_told_apart(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    store = SqlStore(postgres_url)
    try:
        async with store.writing() as uow:
            await uow.answers.keep(ONCE, Outcome("done"), NOW)
            await asyncio.to_thread(_end_sessions, postgres_server, postgres_url)
            with pytest.raises(CommitUnknown):
                await uow.commit()

        assert not await _kept(store), "the kept answer settles it: not done, so it is done again"
        await _keep(store)
        assert await _kept(store)
    finally:
        await store.close()


async def test_connections_that_the_server_closed_meanwhile_are_not_noticed(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    store = SqlStore(postgres_url)
    try:
        await _keep(store)
        await asyncio.to_thread(_end_sessions, postgres_server, postgres_url)
        assert await _kept(store)
        await asyncio.to_thread(_end_sessions, postgres_server, postgres_url)
        await _keep(store, Once("conversation|2", "digest"))
        assert await _kept(store, Once("conversation|2", "digest"))
    finally:
        await store.close()


async def test_a_connection_lost_in_the_middle_of_the_work_is_busy(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    store = SqlStore(postgres_url)
    try:
        async with store.writing() as uow:
            await uow.answers.keep(ONCE, Outcome("done"), NOW)
            await asyncio.to_thread(_end_sessions, postgres_server, postgres_url)
            with pytest.raises(Busy) as refused:
                await uow.answers.find(ONCE)
            assert not isinstance(refused.value, CommitUnknown)
        assert not await _kept(store)
    finally:
        await store.close()


async def test_a_server_that_is_not_there_is_busy() -> None:
    store = SqlStore("postgresql+asyncpg://nobody@127.0.0.1:1/none", wait_seconds=WAIT)
    try:
        with pytest.raises(Busy):
            await _kept(store)
        with pytest.raises(Busy):
            await _keep(store)
    finally:
        await store.close()


@pytest.mark.parametrize("after", [0, 1, 2, 3, 5, 8])
async def test_a_cancelled_unit_of_work_leaves_its_place_free(store: SqlStore, after: int) -> None:
    await settle(store)
    once = Once(f"conversation|{after}", "digest")
    for _ in range(12):
        task = asyncio.create_task(_keep(store, once))
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    if not await _kept(store, once):
        await _keep(store, once)
    trail = await store.verify_trail()
    assert trail.whole
    assert trail.entries == 1


async def test_a_reader_cannot_write(store: SqlStore) -> None:
    async with store.reading() as uow:
        with pytest.raises(DBAPIError, match="read"):
            await uow.answers.keep(ONCE, Outcome("done"), NOW)
    assert not await _kept(store)


async def test_a_readers_state_does_not_move_on_sqlite(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url)
    try:
        async with store.reading() as uow:
            assert await uow.answers.find(ONCE) is None
            await _keep(store)
            assert await uow.answers.find(ONCE) is None, "from its first question on a reader sees one state"
        assert await _kept(store)
    finally:
        await store.close()


async def test_a_closed_store_leaves_no_file_behind(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url)
    await _keep(store)
    await store.close()

    file = Path(str(driver_url(sqlite_url).database))
    assert [path.name for path in file.parent.glob(f"{file.name}*")] == [file.name]
