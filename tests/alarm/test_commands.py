"""`audit-bot check` and `run-due` with a mail server and a heartbeat, as an administrator runs them."""

import asyncio
import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.app import utc_now
from bot.cli import run
from domain.policy import Policy
from domain.ports import Once
from domain.usecases.concern_raising import RaiseWish, raise_concern
from storage.unit_of_work import SqlStore
from tests.builders import TOM, an_actor
from tests.doubles.heartbeat import SECRET, HeartbeatListener
from tests.doubles.smtp import MailServer, a_mail_server
from tests.storage.council import settle

PASSWORD = "a-secret-that-must-not-show"


class Outside:
    """A mail server and a listener in a thread of their own, because the command has this one."""

    def __init__(self) -> None:
        self.mail = MailServer()
        self.listener = HeartbeatListener()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])

    async def _serve(self) -> None:
        async with a_mail_server() as self.mail, self.listener:
            self._ready.set()
            await self._over.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()


@contextmanager
def an_outside() -> Generator[Outside]:
    outside = Outside()
    outside.start()
    try:
        yield outside
    finally:
        outside.stop()


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> Iterator[Outside]:
    """A bot that could serve locally, in a directory of its own, and what it speaks to."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("AUDIT_BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("bot.logs.configure", Mock())  # it would outlive the test
    with an_outside() as found:
        monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", sqlite_url)
        monkeypatch.setenv("AUDIT_BOT_SMTP_URL", f"smtp://127.0.0.1:{found.mail.port}")
        monkeypatch.setenv("AUDIT_BOT_MAIL_FROM", "audits@council.example")
        monkeypatch.setenv("AUDIT_BOT_HEARTBEAT_URL", found.listener.address)
        yield found


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """By part: the mark and the sentence."""
    out = capsys.readouterr().out
    assert SECRET not in out
    assert PASSWORD not in out
    rows = [line.split("  ", maxsplit=1) for line in out.splitlines()]
    return {
        rest.strip().split("  ")[0]: f"{mark.strip()} {rest.strip().split('  ')[-1].strip()}"
        for mark, rest in rows
    }


def test_check_tries_both_ways_and_sends_nothing(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check"])

    found = lines(capsys)
    assert found["e-mail"] == "ok The mail server lets us in; nothing was sent."
    assert found["heartbeat"] == "ok Its machine can be reached; no beat was sent."
    assert (len(outside.mail.greeted), outside.mail.messages, outside.listener.beats) == (1, [], 0)


def test_check_notes_what_is_not_set(
    outside: Outside, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SMTP_URL", "MAIL_FROM", "HEARTBEAT_URL"):
        monkeypatch.delenv(f"AUDIT_BOT_{name}")
    run(["check"])
    found = lines(capsys)
    assert found["e-mail"].startswith("note Not set: an alert has no second way.")
    assert found["heartbeat"].startswith("note Not set: nobody outside notices")


def test_check_says_what_cannot_be_used(
    outside: Outside,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    monkeypatch.setenv("AUDIT_BOT_SMTP_URL", f"smtp://u:{PASSWORD}@127.0.0.1:{unused_tcp_port}")
    monkeypatch.setenv("AUDIT_BOT_HEARTBEAT_URL", f"http://127.0.0.1:{unused_tcp_port}/{SECRET}")
    assert run(["check"]) == 1
    found = lines(capsys)
    assert found["e-mail"] == "FAIL The mail server cannot be used (no_connection). Check AUDIT_BOT_SMTP_URL."
    assert found["heartbeat"] == "FAIL Its machine cannot be reached. Check AUDIT_BOT_HEARTBEAT_URL."

    monkeypatch.delenv("AUDIT_BOT_MAIL_FROM")
    monkeypatch.setenv("AUDIT_BOT_HEARTBEAT_URL", f"ftp://{SECRET}")
    assert run(["check"]) == 1
    found = lines(capsys)
    assert found["e-mail"].startswith("FAIL AUDIT_BOT_SMTP_URL is set without AUDIT_BOT_MAIL_FROM")
    assert found["heartbeat"] == "FAIL AUDIT_BOT_HEARTBEAT_URL must be an http or https address."


@pytest.mark.parametrize(
    ("name", "value"), [("MAIL_FROM", ""), ("SMTP_URL", f"smtp:{PASSWORD}"), ("HEARTBEAT_URL", SECRET)]
)
def test_nothing_starts_with_settings_that_cannot_work(
    outside: Outside,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(f"AUDIT_BOT_{name}", value)
    for command in ("serve", "run-due"):
        assert run([command, "--insecure-local"]) == 1
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert said.err.startswith("audit-bot: AUDIT_BOT_")
        assert PASSWORD not in said.err
        assert SECRET not in said.err


def test_run_due_beats_once_where_all_is_well(outside: Outside, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run-due", "--insecure-local"]) == 0
    assert capsys.readouterr().err == ""
    assert outside.listener.beats == 1


def test_run_due_says_what_it_found_and_does_not_beat(
    outside: Outside, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    """A Category 1 of yesterday: nobody has opened a chat with the bot, and the mail server takes nothing."""

    async def raised() -> None:
        store = SqlStore(sqlite_url)
        await settle(store)
        wish = RaiseWish("C10432", "1", "Left alone for two nights")
        yesterday = utc_now() - timedelta(days=1)
        await raise_concern(store, Policy(), an_actor(TOM), wish, yesterday, Once("key", "digest"))
        await store.close()

    asyncio.run(raised())
    outside.mail.data = "451 Not now"

    assert run(["run-due", "--insecure-local"]) == 0

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2, said
    assert said[0].startswith("audit-bot: Nobody has acknowledged C-1 in a whole round; silent since ")
    assert said[1].startswith("audit-bot: No message about C-1 has arrived, in Teams or by e-mail, since ")
    assert outside.listener.beats == 0
    # when the mail server is back, the alert leaves with the next run
    outside.mail.data = ""
    later = (utc_now() + timedelta(minutes=10)).isoformat()
    assert run(["run-due", "--insecure-local", "--now", later]) == 0
    assert outside.mail.to
    assert "No message about" not in capsys.readouterr().err
