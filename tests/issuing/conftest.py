"""A desk of the QA team on each of both databases; on SQLite alone where what is tested is not the database's."""

import pytest

from storage.unit_of_work import SqlStore
from tests.issuing.council import Desk, a_desk


@pytest.fixture
async def desk(store: SqlStore) -> Desk:
    return await a_desk(store)


@pytest.fixture
async def quick_desk(sqlite_store: SqlStore) -> Desk:
    return await a_desk(sqlite_store)
