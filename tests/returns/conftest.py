"""An auditor's desk on each of both databases."""

import pytest

from storage.unit_of_work import SqlStore
from tests.returns.desk import Desk, a_desk


@pytest.fixture
async def desk(store: SqlStore) -> Desk:
    return await a_desk(store)


@pytest.fixture
async def quick_desk(sqlite_store: SqlStore) -> Desk:
    """Where what is tested is not the database's."""
    return await a_desk(sqlite_store)
