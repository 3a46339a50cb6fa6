"""The doubles as fixtures; `tests/conftest.py` lists this module as a plugin."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.bot import BotDouble, a_bot
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble


@pytest.fixture
async def login() -> AsyncIterator[LoginDouble]:
    """Microsoft's login."""
    async with LoginDouble() as double:
        yield double


@pytest.fixture
async def connector(login: LoginDouble) -> AsyncIterator[ConnectorDouble]:
    """Teams' connector, which takes the tokens of `login`."""
    async with ConnectorDouble(token_ok=login.issued) as double:
        yield double


@pytest.fixture
async def bot(login: LoginDouble, connector: ConnectorDouble) -> AsyncIterator[BotDouble]:
    """The transport room between them."""
    async with a_bot(login, connector) as double:
        yield double
