"""The three stores that answer the same ports: SQLite, PostgreSQL, and the double in memory."""

from collections.abc import AsyncIterator

import pytest

from storage.unit_of_work import SqlStore
from tests.fakes.memory import MemoryStore
from tests.storage.council import AnyStore


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def any_store(request: pytest.FixtureRequest) -> AsyncIterator[AnyStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    store = SqlStore(request.getfixturevalue(name))
    yield store
    await store.close()
