"""One council for every walk through the use cases: nothing that is tried there stays."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.domain.audit_walk import TRIALS
from tests.unit.domain.walking import Trying, settled_url


@pytest.fixture(scope="session")
def walked_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return settled_url(sqlite_template, tmp_path_factory.mktemp("walk") / "audits.db", TRIALS)


@pytest.fixture
async def trying(walked_url: str) -> AsyncIterator[Trying]:
    store = Trying(walked_url)
    yield store
    await store.close()
