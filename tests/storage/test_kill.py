"""A real process that is killed while it commits: all that it said is kept, and nothing is half there (I1, I3)."""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE

import pytest
from sqlalchemy import func, select

from storage import tables
from storage.unit_of_work import SqlStore
from tests.storage.council import settle
from tests.storage.writer import one

AT_LEAST = 20
"""Commits before the kill."""


async def _said_until_killed(url: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.writer", url, stdout=PIPE
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"started\n"
        for _ in range(AT_LEAST):
            assert await process.stdout.readline()
        await asyncio.sleep(random.uniform(0, 0.02))  # any moment within a commit
    finally:
        process.kill()
    lines = (await process.stdout.read()).decode().split("\n")
    await process.wait()
    whole = [line for line in lines[:-1] if line]
    return int(whole[-1]) if whole else AT_LEAST


@pytest.mark.fault(33)
async def test_what_a_killed_process_said_is_kept_and_nothing_is_half_done(
    store: SqlStore, database_url: str
) -> None:
    await settle(store)

    said = await _said_until_killed(database_url)

    async with store.reading() as uow:
        counts = [
            await uow.transaction.run(
                lambda c, t=table: c.execute(select(func.count()).select_from(t)).scalar()
            )
            for table in (tables.answers, tables.outbox, tables.trail, tables.trail_texts)
        ]
    assert len(set(counts)) == 1, "an effect, its message, its trail entry and its answer: all or none"
    [kept] = set(counts)
    assert kept is not None
    assert said <= kept <= said + 1, "the last commit may have been kept without a word of it"
    assert (await store.verify_trail()).entries == kept

    await one(store, kept + 1)
    assert (await store.verify_trail()).entries == kept + 1
