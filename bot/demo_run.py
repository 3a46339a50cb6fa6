"""Wires the demonstration to the real program: the same migrations, imports and server as anywhere else."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot import logs
from bot.app import listening, open_host
from bot.demo import Demo, DemoRefused
from bot.demo import run as run_demonstration
from bot.settings import Settings, SettingsError
from domain.calendar import local_date
from domain.policy import Policy
from domain.policy import Texts as PolicyTexts
from storage import schema
from storage.imports.run import Import
from storage.unit_of_work import SqlStore

POLICY = Policy(texts=PolicyTexts(council="Brackenshire"))


def run_demo(*, fresh: bool) -> int:
    """Until Ctrl-C. Raises SettingsError where it cannot start, saying why."""
    logs.configure("WARNING", "console")
    demo = Demo(prepare=_prepare, serve=_serve, today=local_date(datetime.now(UTC)))
    try:
        return asyncio.run(run_demonstration(demo, Console(), fresh=fresh))
    except DemoRefused as error:
        raise SettingsError(str(error)) from None


def _prepare(database_url: str, files: Mapping[str, Path]) -> None:
    schema.upgrade(database_url)
    asyncio.run(_import(database_url, files))


async def _import(database_url: str, files: Mapping[str, Path]) -> None:
    store = SqlStore(database_url)
    try:
        for kind, path in files.items():
            report = await Import(kind, path, POLICY, now=datetime.now(UTC)).run(store)
            if report.refused:
                raise DemoRefused(
                    f"The sample council's {path.name} was refused: {report.problems} problems."
                )
    finally:
        await store.close()


@asynccontextmanager
async def _serve(database_url: str, host: str, port: int) -> AsyncGenerator[None]:
    settings = Settings(_env_file=None, database_url=database_url, host=host, port=port)  # pyright: ignore[reportCallIssue]
    async with open_host(settings, POLICY, insecure_local=True) as opened, listening(opened, host, port):
        yield
