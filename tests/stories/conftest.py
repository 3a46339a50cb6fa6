"""A world for each story, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.stories import honesty
from tests.stories.council import Somebody
from tests.stories.responsive import watched
from tests.stories.world import World, a_world

NOBODY = Somebody("nobody", "Nora Nobody", "", number=91)


@pytest.fixture
async def world(
    database_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[World]:
    async with a_world(database_url, tmp_path, login, connector) as found:
        asyncio.get_running_loop().set_debug(True)
        asyncio.get_running_loop().slow_callback_duration = float("inf")  # measured by `watched`, and better
        await found.chat(NOBODY).install()  # whatever a process does only once is over now
        with watched() as watch:
            yield found
        asyncio.get_running_loop().set_debug(False)
        assert not watch.slow, "\n".join(watch.slow)
        await honesty.check(found)
