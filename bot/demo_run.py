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
from bot.sample_council import USUAL, NobodyLikeThat, demo_people, happenings
from bot.settings import Settings, SettingsError
from domain.calendar import local_date
from domain.policy import Policy
from domain.policy import Texts as PolicyTexts
from domain.ports import Clock
from storage import schema
from storage.imports.run import Import
from storage.outbox import OutboxQueue
from storage.unit_of_work import SqlStore

POLICY = Policy(texts=PolicyTexts(council="Brackenshire"))


def run_demo(*, fresh: bool, whom: str | None = None) -> int:
    """Until Ctrl-C; `whom` are roles or e-mails between commas. Raises SettingsError where it cannot start, saying
    why."""
    logs.configure("WARNING", "console")
    demo = Demo(
        prepare=prepare_in_full_swing, serve=serve, today=local_date(utc_now()), whom=_listed(whom) or USUAL
    )
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


def prepare_in_full_swing(database_url: str, files: Mapping[str, Path], clock: Clock = utc_now) -> None:
    """The same; and where it is built anew, its people have done in the month what files cannot tell."""
    prepare(database_url, files, clock)
    if files:
        asyncio.run(_play(database_url, clock))


async def _play(database_url: str, clock: Clock) -> None:
    store = SqlStore(database_url)
    auditor, head, _ = demo_people()
    try:
        await happenings.play(store, POLICY, clock(), spared=auditor.email, seen_by=head.email)
        await _nobody_is_written_to(OutboxQueue(store), clock)
    finally:
        await store.close()


async def _nobody_is_written_to(queue: OutboxQueue, clock: Clock) -> None:
    """No window is open yet, and most people have none: what was to be sent is recorded as not needed. What waits for
    somebody is there when they ask."""
    while rows := await queue.claim(clock(), 100, lease_seconds=60):
        for row in rows:
            await queue.not_needed(row, clock(), reason="sample_council")


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
    """Nothing leaves this machine, whatever stands in the environment: the people are made up."""
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        database_url=database_url,
        host=host,
        port=port,
        smtp_url=None,
        mail_from="",
        heartbeat_url=None,
    )
    async with (
        open_host(settings, POLICY, insecure_local=True, clock=clock) as opened,
        listening(opened, host, port),
    ):
        yield
