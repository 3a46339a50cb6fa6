"""Wires the demonstration to the real program: the same migrations, imports and server as anywhere else."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from bot import logs
from bot.app import listening, open_host, utc_now
from bot.demo import Demo, DemoRefused
from bot.demo import run as run_demonstration
from bot.sample_council import USUAL, NobodyLikeThat
from bot.settings import Settings, SettingsError
from domain.calendar import local_date
from domain.policy import Policy
from domain.policy import Texts as PolicyTexts
from domain.ports import Clock
from storage import schema
from storage.imports.run import Import
from storage.unit_of_work import SqlStore

POLICY = Policy(texts=PolicyTexts(council="Brackenshire"))


def run_demo(*, fresh: bool, whom: str | None = None) -> int:
    """Until Ctrl-C; `whom` are roles or e-mails between commas. Raises SettingsError where it cannot start, saying
    why."""
    logs.configure("WARNING", "console")
    demo = Demo(prepare=prepare, serve=serve, today=local_date(utc_now()), whom=_listed(whom) or USUAL)
    try:
        _ = demo.people
        return asyncio.run(run_demonstration(demo, Console(), fresh=fresh))
    except (DemoRefused, NobodyLikeThat) as error:
        raise SettingsError(str(error)) from None


def _listed(whom: str | None) -> list[str]:
    return [part.strip() for part in (whom or "").split(",") if part.strip()]


def prepare(database_url: str, files: Mapping[str, Path], clock: Clock = utc_now) -> None:
    """The database at the program's revision, with the files in it. For a thread: it has a loop of its own."""
    schema.upgrade(database_url)
    asyncio.run(_import(database_url, files, clock))


async def _import(database_url: str, files: Mapping[str, Path], clock: Clock) -> None:
    store = SqlStore(database_url)
    try:
        for kind, path in files.items():
            report = await Import(kind, path, POLICY, now=clock()).run(store)
            if report.refused:
                raise DemoRefused(
                    f"The sample council's {path.name} was refused: {report.problems} problems."
                )
    finally:
        await store.close()


@asynccontextmanager
async def serve(database_url: str, host: str, port: int, clock: Clock = utc_now) -> AsyncGenerator[None]:
    settings = Settings(_env_file=None, database_url=database_url, host=host, port=port)  # pyright: ignore[reportCallIssue]
    async with (
        open_host(settings, POLICY, insecure_local=True, clock=clock) as opened,
        listening(opened, host, port),
    ):
        yield
