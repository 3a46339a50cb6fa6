"""The command line where something is wrong: one sentence on stderr that says what to do, 1 or 2, never a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.cli import run
from tests.faults.process import ROOT, free_port

PASSWORD = "a-secret-that-must-not-show"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """A bot that could serve locally, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("AUDIT_BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", sqlite_url)
    monkeypatch.setattr("bot.logs.configure", Mock())  # it would outlive the test


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> str:
    """The one sentence with which a command refuses."""
    assert run(list(arguments)) == code
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if line]
    assert (out, len(lines)) == ("", 1), (out, err)
    assert lines[0].startswith("audit-bot: ")
    assert lines[0].endswith((".", "?")), lines[0]
    return lines[0]


COMMANDS = (
    ("serve", "--insecure-local"),
    ("run-due", "--insecure-local"),
    ("db", "upgrade"),
    ("db", "revision"),
    ("trail", "verify"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        f"mysql://bot:{PASSWORD}@db/audits",
        "sqlite://",
        f"postgresql+asyncpg://bot:{PASSWORD}@127.0.0.1:{{port}}/audits",
        f"postgresql://bot:{PASSWORD}@127.0.0.1:99999/audits",
    ],
)
def test_a_wrong_or_unreachable_database(
    command: tuple[str, ...],
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", address.format(port=free_port()))
    said = refused(capsys, *command)
    assert "AUDIT_BOT_DATABASE_URL" in said
    assert PASSWORD not in said


def test_check_says_it_as_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", f"oracle://bot:{PASSWORD}@db/audits")
    assert run(["check"]) == 1
    out, _ = capsys.readouterr()
    failing = [line for line in out.splitlines() if line.startswith("FAIL")]
    assert [line.split()[1] for line in failing] == ["settings", "database"]
    assert PASSWORD not in out


@pytest.mark.fault(48)
@pytest.mark.parametrize(
    ("text", "named"),
    [
        (None, "cannot be read"),
        ("[exemptions\n", "not valid TOML"),
        ("[exemptions]\nlast_week = 7\n", "exemptions.last_week is not a key; allowed are"),
        ('[exemptions]\nlast_week_days = "many"\n', "exemptions.last_week_days"),
    ],
    ids=["missing", "not TOML", "unknown key", "wrong value"],
)
def test_a_wrong_policy_file(
    text: str | None,
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "policy.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("AUDIT_BOT_POLICY_FILE", str(file))
    assert named in refused(capsys, "serve", "--insecure-local")
    assert named in refused(capsys, "run-due", "--insecure-local")


def test_a_file_to_import_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "people", "no-such-file.csv"]) == 1
    _, err = capsys.readouterr()
    assert "no-such-file.csv" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("run-due", "--now", "2026-11-30T09:00+00:00"), 1, "--insecure-local"),
        (("run-due", "--now", "tomorrow", "--insecure-local"), 2, "--now"),
        (("serve",), 1, "AUDIT_BOT_APP_ID"),
        (("serve", "--insecure-local", "--host", "0.0.0.0"), 1, "127.0.0.1"),
        (("serve", "--port", "many"), 2, "--port"),
        (("serve", "--port", "99999", "--insecure-local"), 1, "AUDIT_BOT_PORT"),
        (("import", "cakes", "x.csv"), 2, "cakes"),
        (("dance",), 2, "dance"),
    ],
    ids=str,
)
def test_misuse(
    arguments: tuple[str, ...], code: int, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert named in refused(capsys, *arguments, code=code)


def test_serve_with_an_app_id_is_never_without_sign_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT_BOT_APP_ID", "an-app")
    assert "AUDIT_BOT_APP_ID" in refused(capsys, "serve", "--insecure-local")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield int(held.getsockname()[1])


def audit_bot(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The program as a shell runs it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_a_port_that_is_taken_is_said_before_any_work(taken_port: int) -> None:
    done = audit_bot("serve", "--insecure-local", "--port", str(taken_port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"audit-bot: Cannot listen on 127.0.0.1, port {taken_port}: Address already in use. "
        "Stop the other program, or set AUDIT_BOT_HOST and AUDIT_BOT_PORT.\n"
    )


def test_an_address_of_another_machine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"APP_ID": "a", "TENANT_ID": "t", "APP_PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(f"AUDIT_BOT_{name}", value)
    done = audit_bot("serve", "--host", "192.0.2.7")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Cannot listen on 192.0.2.7" in done.stderr
    assert PASSWORD not in done.stderr


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for command in ("serve", "demo", "check", "import", "run-due", "db", "trail"):
        assert f"  {command} " in out
        assert run([command, "--help"]) == 0
    out, _ = capsys.readouterr()
    assert "Example: audit-bot serve" in out
    assert "Example: audit-bot run-due" in out
