"""A world for each story, on both databases."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.doubles.quick_time import QuickLoop
from tests.stories import honesty
from tests.stories.council import Somebody
from tests.stories.responsive import watched
from tests.stories.world import World, a_world

NOBODY = Somebody("nobody", "Nora Nobody", "", number=91)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """For every story."""
    return {"quick": QuickLoop}


_slow_before: set[str] = set()


def _again(slow: list[str]) -> list[str]:
    """What held the loop here for the second time in this process: a busy machine can make one callback look long,
    but not the same one twice among some hundred stories."""
    places = {re.sub(r"^\d+ ms: |:\d+", "", line): line for line in slow}
    found = [line for place, line in places.items() if place in _slow_before]
    _slow_before.update(places)
    return found


@pytest.fixture
async def world(
    settled_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[World]:
    async with a_world(settled_url, tmp_path, login, connector, settled=True) as found:
        asyncio.get_running_loop().set_debug(True)
        asyncio.get_running_loop().slow_callback_duration = float("inf")  # measured by `watched`, and better
        await found.chat(NOBODY).install()  # whatever a process does only once is over now
        with watched() as watch:
            yield found
        asyncio.get_running_loop().set_debug(False)
        assert not _again(watch.slow), "\n".join(watch.slow)
        await honesty.check(found)
