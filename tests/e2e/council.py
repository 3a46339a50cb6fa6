"""The demonstration's council with its bot, on a working morning, for the stories in real chat windows."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from bot import demo_run
from bot.playground import ChatPerson
from bot.sample_council import demo_people, write
from bot.sample_council.staff import staff
from domain.calendar import local_date

HOST = "127.0.0.1"
STARTS = datetime(2026, 11, 12, 10, tzinfo=UTC)
"""A Thursday in the middle of a month: audits are issued, nothing is late, and it is working time."""

AUDITOR, HEAD, DIRECTOR = (
    ChatPerson(person.name, person.email, person.aad_object_id) for person in demo_people()
)


class AClock:
    """Starts at `STARTS` and goes on as time does."""

    def __init__(self) -> None:
        self._began = monotonic()

    def __call__(self) -> datetime:
        return STARTS + timedelta(seconds=monotonic() - self._began)


def one_of_each(*roles: str) -> list[ChatPerson]:
    """One person for each role, who have to do with the demonstration's auditor and her audit."""
    return [
        ChatPerson(person.name, person.email, person.aad_object_id)
        for person in demo_people(roles, local_date(STARTS))
    ]


def somebody(name: str) -> ChatPerson:
    """A person of the council by their name."""
    row = next(person for person in staff(local_date(STARTS)).people if person.name == name)
    return ChatPerson(row.name, row.email, row.aad_object_id)


@asynccontextmanager
async def a_council(directory: Path) -> AsyncGenerator[str]:
    """The bot as `audit-bot demo` composes it, with its own database; gives the address of `/api/messages`."""
    clock = AClock()
    database_url = f"sqlite+aiosqlite:///{directory / 'council.db'}"
    files = write(directory, local_date(STARTS))
    await asyncio.to_thread(demo_run.prepare, database_url, files, clock)
    port = _free_port()
    async with demo_run.serve(database_url, HOST, port, clock):
        yield f"http://{HOST}:{port}/api/messages"


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]
