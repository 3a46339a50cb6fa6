"""Chat windows start side by side, and nothing of them is left, whatever happens."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot import playground
from bot.node import ChatClientUnavailable
from bot.playground import ChatPerson, ChatWindows

BOT = "http://127.0.0.1:3978/api/messages"
STAND_IN = (sys.executable, str(Path(__file__).with_name("playground_stand_in.py")))
PEOPLE = [
    ChatPerson("Priya Bevan", "priya.bevan@example.org", "aaaaaaaa-0000-4000-8000-000000000001"),
    ChatPerson("Samuel Okonkwo", "samuel.okonkwo@example.org", "aaaaaaaa-0000-4000-8000-000000000002"),
    ChatPerson("Paul Ahmed", "paul.ahmed@example.org", "aaaaaaaa-0000-4000-8000-000000000003"),
]


@pytest.fixture(autouse=True)
def short_survival(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds are for a client of 5 MB; the stand-in is quick."""
    monkeypatch.setattr(playground, "SURVIVING", 0.4)


def windows(directory: Path, *behaviour: str, first_port: int = 0) -> ChatWindows:
    return ChatWindows(BOT, PEOPLE, directory, command=(*STAND_IN, *behaviour), first_port=first_port)


def is_alive(pid_file: Path) -> bool:
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # a dead child that nobody has waited for yet is no process any more
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def pid_files(directory: Path) -> list[Path]:
    """Of the clients and, where they have some, of their children."""
    return list(directory.glob("*/*pid"))


async def comes_true(condition: Callable[[], bool]) -> None:
    def wait() -> None:
        patience = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < patience, "It never came true."
            time.sleep(0.02)

    await asyncio.to_thread(wait)


async def all_gone(directory: Path) -> None:
    await comes_true(lambda: not any(is_alive(file) for file in pid_files(directory)))


def names_in_environment(pid: str) -> set[str]:
    shown = Path(f"/proc/{pid}/environ")
    if not shown.exists():
        pytest.skip("This system does not show the environment of a process.")
    return {entry.partition("=")[0] for entry in shown.read_text().split("\0") if entry}


def configuration(directory: Path, person: ChatPerson) -> dict[str, Any]:
    return json.loads((directory / person.aad_object_id / ".m365agentsplayground.yml").read_text())


async def test_each_person_has_a_window_with_five_others_in_it(tmp_path: Path) -> None:
    async with windows(tmp_path) as opened:
        assert [window.person for window in opened] == PEOPLE
        assert len({window.url for window in opened}) == 3

    for person in PEOPLE:
        written = configuration(tmp_path, person)
        assert written["currentUser"]["email"] == person.email
        assert written["currentUser"]["id"] == written["currentUser"]["aadObjectId"] == person.aad_object_id
        assert len(written["users"]) == 5
        assert {other.email for other in PEOPLE if other != person} < {
            user["email"] for user in written["users"]
        }
    chats = {configuration(tmp_path, person)["personalChat"]["id"] for person in PEOPLE}
    assert chats == {window.conversation_id for window in opened}


async def test_nothing_is_left_afterwards_not_even_what_the_client_started(tmp_path: Path) -> None:
    async with windows(tmp_path, "--child"):
        assert [is_alive(file) for file in pid_files(tmp_path)] == [True] * 6

    await all_gone(tmp_path)


async def test_an_error_inside_ends_them_too(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with windows(tmp_path):
            raise ZeroDivisionError
    await all_gone(tmp_path)


async def test_a_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    starting = asyncio.ensure_future(windows(tmp_path).__aenter__())
    await comes_true(lambda: len(pid_files(tmp_path)) == 3)

    starting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await starting
    await all_gone(tmp_path)


async def test_a_taken_port_gives_another_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with windows(tmp_path, first_port=port) as opened:
            assert urlsplit(opened[0].url).port != port
            assert opened[0].service_url == f"http://localhost:{urlsplit(opened[0].url).port}/_connector"


@pytest.mark.parametrize("behaviour", ["--dies", "--mute"])
async def test_a_client_that_ends_at_once_is_told_in_a_sentence(tmp_path: Path, behaviour: str) -> None:
    with pytest.raises(ChatClientUnavailable, match=r"The chat window for .+ did not start"):
        await windows(tmp_path, behaviour).__aenter__()
    await all_gone(tmp_path)


async def test_it_is_noticed_when_a_window_ends_by_itself(tmp_path: Path) -> None:
    chats = windows(tmp_path)
    async with chats as opened:
        os.kill(int((opened[1].directory / "pid").read_text()), 15)
        async with asyncio.timeout(10):
            await chats.first_to_end()


async def test_a_window_sees_nothing_of_the_users_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org")
    monkeypatch.setenv("AUDIT_BOT_APP_PASSWORD", "secret")
    async with windows(tmp_path) as opened:
        names = names_in_environment((opened[0].directory / "pid").read_text())
    assert "TEAMSAPPTESTER_BROWSER" in names
    assert not {"HTTP_PROXY", "AUDIT_BOT_APP_PASSWORD"} & names
