"""What the faults happen to: the whole bot in this process (`world`), or in processes of its own (`town`)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.doubles.quick_time import QuickLoop
from tests.faults.forge import Forge
from tests.faults.holding import HoldingConnector
from tests.faults.process import ROOT, Town, a_town
from tests.stories import honesty
from tests.stories.world import World, a_world


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """For every fault; processes of their own keep the real time."""
    return {"quick": QuickLoop}


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    forge = Forge(ROOT)
    yield forge
    forge.close()


@pytest.fixture
async def holding(login: LoginDouble) -> AsyncIterator[HoldingConnector]:
    async with HoldingConnector(token_ok=login.issued) as connector:
        yield connector


@pytest.fixture
async def world(
    settled_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[World]:
    """Whatever the fault was: at the end trail, ledger and cards tell the truth."""
    async with a_world(settled_url, tmp_path, login, connector, settled=True) as found:
        yield found
        await honesty.check(found)


@pytest.fixture
async def town(
    database_url: str, tmp_path: Path, login: LoginDouble, holding: HoldingConnector, forge: Forge
) -> AsyncIterator[Town]:
    async with a_town(database_url, tmp_path, login, holding, forge) as found:
        yield found


@pytest.fixture
async def town_on(
    tmp_path: Path, login: LoginDouble, holding: HoldingConnector, forge: Forge
) -> AsyncIterator[Callable[[str], Awaitable[Town]]]:
    """A town on a database that the test names."""
    async with AsyncExitStack() as stack:
        yield lambda url: stack.enter_async_context(a_town(url, tmp_path, login, holding, forge))
