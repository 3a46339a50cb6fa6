"""`audit-bot demo`: a fictional council, the bot without Microsoft's sign-in, and chat windows."""

import asyncio
import signal
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.node import CLIENT, PROJECT, ChatClientUnavailable, is_installed
from bot.playground import ChatPerson, ChatWindow, ChatWindows
from bot.sample_council import NAME, USUAL, DemoPerson, demo_people, write
from dialogs.words.home import what_you_can_do
from domain.calendar import Month
from domain.people import Role

DIRECTORY = PROJECT / "var" / "demo"
HOST = "127.0.0.1"
PORT = 3978

Prepare = Callable[[str, Mapping[str, Path]], None]
"""`prepare(database_url, files)`: brings the database to the program's revision and imports the files by what they
hold, in the order given (there are none for a database that is kept). Called in a thread. Raises what is refused."""

Serve = Callable[[str, str, int], AbstractAsyncContextManager[object]]
"""`serve(database_url, host, port)`: inside, the bot listens without sign-in; leaving it, the bot has ended."""


class DemoRefused(Exception):
    """The demonstration cannot start; the message is one sentence that says why and what to do."""


class Database(Enum):
    """Where the demonstration's database comes from; the value is what the person is told."""

    FIRST = "The sample council is new."
    ASKED = "The sample council was built anew, as asked."
    NEW_MONTH = "A month has begun since the last time, so the sample council was built anew."
    KEPT = "This goes on from the last time; `audit-bot demo --fresh` starts anew."


@dataclass(frozen=True, slots=True)
class Demo:
    """What is put together: the bot's two entrances, the day in London, and where things are kept.

    `client` is how a chat window is run; None fetches the Agents Playground at the first time. `whom` are the people
    whose windows are opened, as `sample_council.demo_people` takes them.
    """

    prepare: Prepare
    serve: Serve
    today: date
    directory: Path = DIRECTORY
    port: int = PORT
    client: Sequence[str] | None = None
    whom: Sequence[str] = field(default=USUAL)

    @property
    def people(self) -> Sequence[DemoPerson]:
        """Raises NobodyLikeThat."""
        return demo_people(self.whom, self.today)

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self._database}"

    @property
    def _database(self) -> Path:
        return self.directory / "audit-bot.db"

    @property
    def _built(self) -> Path:
        return self.directory / "built"

    def state(self, fresh: bool) -> Database:
        """What would be done with the database. It counts as built only once everything is imported."""
        if fresh:
            return Database.ASKED
        if not self._built.exists() or not self._database.exists():
            return Database.FIRST
        of_this_month = self._built.read_text() == str(Month.of(self.today))
        return Database.KEPT if of_this_month else Database.NEW_MONTH

    def build(self, state: Database) -> None:
        """Blocks for a few seconds: for a thread."""
        if state is Database.KEPT:
            self.prepare(self.database_url, {})
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        self._built.unlink(missing_ok=True)
        for leftover in self.directory.glob(f"{self._database.name}*"):
            leftover.unlink()
        self.prepare(self.database_url, write(self.directory / "council", self.today))
        self._built.write_text(str(Month.of(self.today)))


async def run(demo: Demo, console: Console, *, fresh: bool = False) -> int:
    """Until Ctrl-C; then everything it started has ended, and so has it on an error.

    Gives 0, or 1 when a chat window ended by itself. Raises DemoRefused, and what `prepare` and `serve`
    raise.
    """
    refuse_a_taken_port(demo.port)
    if demo.client is None and not is_installed(CLIENT):
        console.print(
            "Fetching the Microsoft 365 Agents Playground, once (its licence: .playground/README.md) ..."
        )
    running = asyncio.ensure_future(_run(demo, console, demo.state(fresh)))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        pass
    except ChatClientUnavailable as missing:
        raise DemoRefused(str(missing)) from None
    console.print("\nEverything has ended.")
    return 0


async def _run(demo: Demo, console: Console, state: Database) -> int:
    people = [ChatPerson(person.name, person.email, person.aad_object_id) for person in demo.people]
    bot_url = f"http://{HOST}:{demo.port}/api/messages"
    chats = ChatWindows(bot_url, people, demo.directory / "windows", command=demo.client)
    building = asyncio.create_task(asyncio.to_thread(demo.build, state))  # while the windows start
    try:
        async with chats as windows:
            await asyncio.shield(building)
            async with demo.serve(demo.database_url, HOST, demo.port):
                _welcome(console, demo, windows, state)
                return await _until_a_window_ends(chats.first_to_end(), console)
    finally:
        # A thread cannot be cancelled: it is seen to its end, so that nothing writes on after us.
        await asyncio.gather(building, return_exceptions=True)


async def _until_a_window_ends(ended: Awaitable[None], console: Console) -> int:
    await ended
    console.print("A chat window has ended, so the demonstration ends too. Start it again with `make demo`.")
    return 1


def refuse_a_taken_port(port: int) -> None:
    """Raises DemoRefused when something listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise DemoRefused(
                f"Port {port} is taken: end what listens there (perhaps another demonstration) and try again."
            ) from None


def _welcome(console: Console, demo: Demo, windows: Sequence[ChatWindow], state: Database) -> None:
    table = Table(box=None, padding=(0, 3, 0, 0))
    for heading in ("Who", "Role", "Chat window"):
        table.add_column(heading, no_wrap=True)
    people = demo.people
    for person, window in zip(people, windows, strict=True):
        table.add_row(person.name, person.role.replace("_", " "), window.url)
    console.print(f"\n{NAME}, which does not exist, is ready. {state.value}\n", soft_wrap=True)
    console.print(table)
    every = "it" if len(people) == 1 else "all of them"
    console.print(
        f"\nOpen {every} now, each in a tab: a closed window misses what is sent to it.", soft_wrap=True
    )
    console.print(_what_to_try(people), soft_wrap=True)
    console.print(
        "In any window, hi and help say what else there is. Ctrl-C here ends everything.", soft_wrap=True
    )


def _what_to_try(people: Sequence[DemoPerson]) -> str:
    if tuple(person.role for person in people) == USUAL:
        auditor, head, director = people
        return (
            f"Then type as {auditor.name}: exemption\n"
            f"fill in the card and send it; {head.name} is asked next, then {director.name}."
        )
    lines = [f"As {p.name} type: {', or '.join(_says(p))}" for p in people]
    return "\n".join(lines)


def _says(person: DemoPerson) -> list[str]:
    """What help names for the role and for few others."""
    shared = Counter(say for role in Role for say, _ in what_you_can_do([role]))
    mine = [say for say, _ in what_you_can_do([Role(person.role)])]
    return sorted(mine, key=lambda say: shared[say])[:2]
