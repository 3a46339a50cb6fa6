"""A world for each story, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.stories.world import World, a_world


@pytest.fixture
async def world(
    database_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[World]:
    async with a_world(database_url, tmp_path, login, connector) as found:
        yield found
