"""The demonstration's council without a chat client: every answer's card at hand, to be painted, weighed or timed.

The program is the real one behind real HTTP; only Teams and its login are doubles.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp.test_utils import TestServer

from bot import demo_run
from bot.app import open_host, web_application
from bot.sample_council import write
from bot.sample_council.staff import staff
from bot.settings import Settings
from domain.calendar import local_date
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.stories.council import Somebody
from tests.stories.world import CardJson, StoryClock, World

STARTS = datetime(2026, 11, 12, 10, tzinfo=UTC)
"""A Thursday in the middle of a month: audits are issued, nothing is late, and it is working time."""


@dataclass(frozen=True, slots=True)
class Employee(Somebody):
    """Their chat is the one that the bot opens by their account."""

    account: str = ""

    @property
    def aad(self) -> str:
        return self.account

    @property
    def conversation(self) -> str:
        return f"a:{self.account}"


@dataclass
class Walk:
    """`cards` are those that were kept, by name, in the order of the walk."""

    world: World
    cards: dict[str, CardJson] = field(default_factory=dict[str, CardJson])

    def keep(self, name: str, card: CardJson) -> CardJson:
        self.cards[name] = card
        return card


def employees() -> Mapping[str, Employee]:
    """Everybody of the council by their e-mail."""
    people = staff(local_date(STARTS)).people
    return {
        row.email: Employee(
            row.email, row.name, ";".join(row.roles), row.team or "", 0, True, row.aad_object_id
        )
        for row in people
    }


@asynccontextmanager
async def a_sample_world(folder: Path) -> AsyncGenerator[World]:
    """The council's files are imported into SQLite, and the clock stands at `STARTS`."""
    clock = StoryClock(STARTS)
    url = f"sqlite:///{folder / 'council.db'}"
    files = await asyncio.to_thread(write, folder, local_date(STARTS))
    await asyncio.to_thread(demo_run.prepare, url, files, clock)
    async with LoginDouble() as login, ConnectorDouble(token_ok=login.issued, rate=None) as connector:
        settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            database_url=url,
            app_id=login.app_id,
            tenant_id=login.tenant_id,
            app_password=login.password,  # pyright: ignore[reportArgumentType]
            openid_metadata_url=login.metadata_url,
            login_url=login.login_url,
            service_url_hosts="127.0.0.1",
        )
        async with open_host(settings, demo_run.POLICY, insecure_local=False, clock=clock) as host:
            server = TestServer(web_application(host))
            await server.start_server()
            world = World(host, str(server.make_url("")).rstrip("/"), login, connector, clock, folder)
            try:
                yield world
            finally:
                await world.client.close()
                await server.close()
                await asyncio.sleep(0)
