"""The demonstration: what it builds, what it keeps, what it says, and that it ends what it started."""

import asyncio
import io
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot import demo as demonstration
from bot import playground
from bot.demo import Database, Demo, DemoRefused, run
from bot.sample_council import demo_people

STAND_IN = (sys.executable, str(Path(__file__).with_name("playground_stand_in.py")))
TODAY = date(2026, 11, 21)


@dataclass
class Bot:
    """What the demonstration asked of the program, in order."""

    told: list[str] = field(default_factory=list[str])
    imported: list[str] = field(default_factory=list[str])
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: bool = False

    def prepare(self, database_url: str, files: Mapping[str, Path]) -> None:
        self.told.append("prepare")
        if self.refuses:
            raise ValueError("a bad row")
        self.imported = [kind for kind, file in files.items() if file.exists()]
        Path(database_url.removeprefix("sqlite+aiosqlite:///")).touch()

    @asynccontextmanager
    async def serve(self, database_url: str, host: str, port: int) -> AsyncGenerator[None]:
        self.told.append(f"serve on {host}")
        self.serving.set()
        try:
            yield
        finally:
            self.told.append("ended")


@pytest.fixture(autouse=True)
def short_survival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "SURVIVING", 0.2)


@pytest.fixture
def bot() -> Bot:
    return Bot()


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def demo(bot: Bot, tmp_path: Path) -> Demo:
    return Demo(bot.prepare, bot.serve, TODAY, tmp_path / "demo", a_free_port(), STAND_IN)


def window_pids(demo: Demo) -> list[int]:
    return [int(file.read_text()) for file in demo.directory.glob("windows/*/pid")]


def a_console() -> tuple[Console, io.StringIO]:
    said = io.StringIO()
    return Console(file=said, width=80), said


async def test_ctrl_c_ends_the_bot_and_the_windows(demo: Demo, bot: Bot) -> None:
    console, said = a_console()
    running = asyncio.ensure_future(run(demo, console))
    await bot.serving.wait()
    pids = window_pids(demo)

    signal.raise_signal(signal.SIGINT)

    assert await running == 0
    assert bot.told == ["prepare", "serve on 127.0.0.1", "ended"]
    assert len(pids) == 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    text = said.getvalue()
    assert all(person.name in text for person in demo_people())
    assert text.count("http://127.0.0.1:") == 3
    assert "exemption" in text


async def test_the_windows_are_for_whom_one_asks(demo: Demo, bot: Bot) -> None:
    console, said = a_console()
    asked = replace(demo, whom=("qa_team", "moderator", "head_of_quality", "social_worker"))
    running = asyncio.ensure_future(run(asked, console))
    await bot.serving.wait()

    signal.raise_signal(signal.SIGINT)

    assert await running == 0
    people = asked.people
    assert [person.role for person in people] == ["qa_team", "moderator", "head_of_quality", "social_worker"]
    text = said.getvalue()
    assert text.count("http://127.0.0.1:") == 4
    for person in people:
        assert f"As {person.name} type: " in text


async def test_a_window_that_ends_by_itself_ends_the_demonstration(demo: Demo, bot: Bot) -> None:
    console, said = a_console()
    running = asyncio.ensure_future(run(demo, console))
    await bot.serving.wait()

    os.kill(window_pids(demo)[0], signal.SIGTERM)

    assert await running == 1
    assert bot.told[-1] == "ended"
    assert "A chat window has ended" in said.getvalue()


async def test_a_refused_import_ends_the_windows_and_counts_as_not_built(demo: Demo, bot: Bot) -> None:
    bot.refuses = True
    with pytest.raises(ValueError, match="a bad row"):
        await run(demo, a_console()[0])
    assert not any(_exists(pid) for pid in window_pids(demo))
    assert demo.state(fresh=False) is Database.FIRST


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_window_that_does_not_start_is_told_in_one_sentence(demo: Demo, bot: Bot) -> None:
    with pytest.raises(DemoRefused, match="did not start"):
        await run(replace(demo, client=(*STAND_IN, "--dies")), a_console()[0])
    assert bot.told == ["prepare"]


async def test_a_taken_port_is_told_before_anything_is_done(demo: Demo, bot: Bot) -> None:
    with socket.create_server(("127.0.0.1", demo.port)), pytest.raises(DemoRefused) as told:
        await run(demo, a_console()[0])
    assert str(told.value).startswith(f"Port {demo.port} is taken")
    assert bot.told == []
    assert os.listdir(demo.directory.parent) == []


def test_the_first_time_everything_is_imported_in_order(demo: Demo, bot: Bot) -> None:
    assert demo.state(fresh=False) is Database.FIRST
    demo.build(Database.FIRST)
    assert bot.imported == ["teams", "people", "children", "audits", "exemptions", "programme"]


def test_later_in_the_month_the_database_is_kept_and_only_migrated(demo: Demo, bot: Bot) -> None:
    demo.build(Database.FIRST)
    tomorrow = replace(demo, today=date(2026, 11, 22))

    assert tomorrow.state(fresh=False) is Database.KEPT
    tomorrow.build(Database.KEPT)

    assert bot.told == ["prepare", "prepare"]
    assert bot.imported == []


@pytest.mark.parametrize(
    ("today", "fresh", "state"),
    [(date(2026, 12, 1), False, Database.NEW_MONTH), (TODAY, True, Database.ASKED)],
)
def test_a_new_month_or_the_wish_for_it_builds_anew(
    demo: Demo, bot: Bot, today: date, fresh: bool, state: Database
) -> None:
    demo.build(Database.FIRST)
    (demo.directory / "audit-bot.db-wal").touch()
    again = replace(demo, today=today)

    assert again.state(fresh) is state
    again.build(state)

    assert bot.imported[0] == "teams"
    assert not (demo.directory / "audit-bot.db-wal").exists()
    assert again.state(fresh=False) is Database.KEPT


def test_the_demonstration_lives_in_the_projects_own_folder(bot: Bot) -> None:
    assert Demo(bot.prepare, bot.serve, TODAY).directory == demonstration.PROJECT / "var" / "demo"
