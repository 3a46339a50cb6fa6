"""A desk on both databases, and a quick one on SQLite where what is tested is not the database's."""

import pytest

from storage.unit_of_work import SqlStore
from tests.alerting.desk import Desk, a_desk


@pytest.fixture
async def desk(store: SqlStore) -> Desk:
    return await a_desk(store)


@pytest.fixture
async def quick(sqlite_store: SqlStore) -> Desk:
    return await a_desk(sqlite_store)
