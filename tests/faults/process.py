"""The bot as an operating system runs it: `serve` in a process of its own, between doubles that live in the test.
It can be killed, ended, paused and started again at precise points."""

import asyncio
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
from sqlalchemy import text

import bot
from bot.app import Host, utc_now
from bot.jobs import CHASE, LAPSE
from domain.calendar import Month, local_date
from domain.policy import Policy
from storage.imports.run import Import
from storage.unit_of_work import SqlStore
from tests.doubles.login import LoginDouble
from tests.faults.forge import Forge
from tests.faults.holding import HoldingConnector
from tests.stories.council import write_files
from tests.stories.world import StoryClock, World

ROOT = Path(bot.__file__).parent.parent
PATIENCE = 60.0
"""How long a condition is waited for before the test fails; on a quiet machine none takes two seconds."""
FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)

Condition = Callable[[], Awaitable[Any]]


async def until(condition: Condition, what: str, patience: float = PATIENCE) -> Any:
    """The first true answer of the condition. Fails where there is none within `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        found = await condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"never came about: {what}"
        await asyncio.sleep(0.02)


def free_port() -> int:
    """One that nobody listens at, below those from which systems take the ports of outgoing connections: none of them
    can get in before the process listens."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(database_url: str, login: LoginDouble, **more: str) -> dict[str, str]:
    """Only what is named here, so that nothing of the developer's own settings gets in."""
    settings = {
        "DATABASE_URL": database_url,
        "APP_ID": login.app_id,
        "TENANT_ID": login.tenant_id,
        "APP_PASSWORD": login.password,
        "OPENID_METADATA_URL": login.metadata_url,
        "LOGIN_URL": login.login_url,
        "SERVICE_URL_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "1000",
        **more,
    }
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**system, "PYTHONPATH": str(ROOT), **{f"AUDIT_BOT_{k}": v for k, v in settings.items()}}


class Process:
    """One `serve`. `address` is where it listens; `lines` what it wrote to stderr so far."""

    def __init__(self, forge: Forge, env: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._popen = forge.start(["serve", "--port", str(self.port)], env, folder)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self.lines.extend(line.rstrip() for line in self._popen.stderr)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def said(self, event: str) -> bool:
        """Whether an event stands in the log."""
        return any(f'"event": "{event}"' in line for line in self.lines)

    async def ready(self, client: aiohttp.ClientSession) -> None:
        """Until `/readyz` says so."""

        async def answers() -> bool:
            assert self.alive, self.lines
            return (await asked(client, f"{self.address}/readyz"))[0] == 200

        await until(answers, "the process is ready")

    def send(self, number: signal.Signals) -> None:
        self._popen.send_signal(number)

    async def ended(self, patience: float = PATIENCE) -> int:
        """The exit code, when it has come to its end by itself."""
        try:
            return await asyncio.to_thread(self._popen.wait, patience)
        finally:
            await self._over()

    async def kill(self) -> None:
        """SIGKILL: nothing of it runs any more when this returns."""
        self._popen.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self._popen.wait)
        await self._over()

    async def _over(self) -> None:
        if self._popen.poll() is not None:
            await asyncio.to_thread(self._reader.join)
            self._popen.stderr.close()


async def asked(client: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """(status, body); (0, "") where nobody answers."""
    try:
        async with client.get(url) as response:
            return response.status, await response.text()
    except (aiohttp.ClientError, OSError):
        return 0, ""


class Town(World):
    """The stories' council around processes of the bot. `address` is the newest process's. The time is the real one."""

    connector: HoldingConnector  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        database_url: str,
        folder: Path,
        login: LoginDouble,
        connector: HoldingConnector,
        forge: Forge,
    ) -> None:
        super().__init__(cast("Host", None), "", login, connector, StoryClock(utc_now()), folder)
        self.database_url = database_url
        self._forge = forge
        self.processes: list[Process] = []
        self._store = SqlStore(database_url)

    @property
    def store(self) -> SqlStore:
        return self._store

    @property
    def next_month(self) -> Month:
        return Month.of(local_date(utc_now())).plus(1)

    async def start(self, **settings: str) -> Process:
        process = Process(self._forge, environment(self.database_url, self.login, **settings), self.folder)
        self.processes.append(process)
        await process.ready(self.client)
        self.address = process.address
        return process

    async def post_to(self, process: Process, activity: dict[str, Any]) -> tuple[int, Any]:
        """To one of several processes."""
        there = World(self.host, process.address, self.login, self.connector, self.clock, self.folder)
        try:
            return await there.post(activity)
        finally:
            await there.client.close()

    async def close(self) -> None:
        for process in self.processes:
            await process.kill()
        self.connector.release_all()
        await self.client.close()
        await self._store.close()

    async def settle(self) -> None:
        """The council's files, and no job due: what a test counts is its own doing."""
        today = local_date(utc_now())
        month = Month.of(today)
        for kind, path in write_files(self.folder, str(month), str(month.plus(-1)), month.first.isoformat()):
            report = await Import(kind, path, Policy(), now=utc_now()).run(self._store)
            assert not report.refused, report
        async with self._store.writing() as uow:
            for job in (LAPSE, CHASE):
                await uow.slots.take(job.name, FAR_AHEAD, utc_now())
            await uow.commit()

    async def sql(self, statement: str, **values: object) -> list[Any]:
        """Rows of a question, straight from the database."""
        async with self._store.reading() as uow:
            return await uow.transaction.run(lambda c: list(c.execute(text(statement), values).all()))

    async def change(self, statement: str, **values: object) -> None:
        async with self._store.writing() as uow:
            await uow.transaction.run(lambda c: c.execute(text(statement), values))
            await uow.commit()

    async def count(self, table_and_condition: str) -> int:
        return int((await self.sql(f"SELECT count(*) AS n FROM {table_and_condition}"))[0].n)

    async def delivered(self) -> None:
        await self.quiet()

    async def leases_run_out(self) -> None:
        """As if the minute of a lease had passed."""
        past = {"past": "2020-01-01 00:00:00.000000"}
        moment = (
            ":past" if self.database_url.startswith("sqlite") else "CAST(CAST(:past AS text) AS timestamptz)"
        )
        await self.change(f"UPDATE outbox SET lease_until = {moment} WHERE state = 'claimed'", **past)

    async def quiet(self) -> None:
        """Until nothing waits in the outbox."""

        async def nothing_waits() -> bool:
            return await self.count("outbox WHERE state IN ('pending', 'claimed')") == 0

        await until(nothing_waits, "the outbox is empty")


@asynccontextmanager
async def a_town(
    database_url: str, folder: Path, login: LoginDouble, connector: HoldingConnector, forge: Forge
) -> AsyncGenerator[Town]:
    """No process runs yet."""
    town = Town(database_url, folder, login, connector, forge)
    try:
        await town.settle()
        yield town
    finally:
        await town.close()
