"""Processes of the bot without the second that each would spend on importing the same modules.

The forge is a process that has imported the bot and done nothing else; each process is forked off it, gets its own
environment, folder and streams, and goes the way of `python -m bot`. What it was started by makes no difference to it:
it has its own number, dies of the same signals, and leaves the forge alone.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

WARM = (
    "apscheduler.schedulers.asyncio",
    "bot.cli",
    "bot.policy_file",
    "bot.serving",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite",
    "storage.postgres",
    "storage.sqlite",
)
"""What `serve` imports, some of it only when it is used. Nothing but time depends on it."""
_PIPE = 65_536


class Forge:
    """In the test's process. Ends by itself when `close` is called, or whoever made it is gone."""

    def __init__(self, root: Path) -> None:
        self._control, theirs = socket.socketpair()
        system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                env={**system, "PYTHONPATH": str(root)},
                cwd=root,
                pass_fds=[theirs.fileno()],
            )

    def start(self, arguments: list[str], env: Mapping[str, str], folder: Path) -> "Forged":
        """`python -m bot` with these arguments, this environment and no other."""
        stderr, their_stderr = os.pipe()
        status, their_status = os.pipe()
        order = json.dumps({"arguments": arguments, "env": dict(env), "folder": str(folder)}).encode()
        try:
            socket.send_fds(self._control, [order], [their_stderr, their_status])
        finally:
            os.close(their_stderr)
            os.close(their_status)
        return Forged(status, os.fdopen(stderr, encoding="utf-8"))

    def close(self) -> None:
        self._control.close()
        self._process.wait()


class Forged:
    """As much of `subprocess.Popen` as is asked for here."""

    def __init__(self, status: int, stderr: IO[str]) -> None:
        self._status = os.fdopen(status, encoding="ascii")
        self.stderr = stderr
        self.pid = int(self._status.readline())
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code; negative for a signal; None while it runs."""
        return self._ended_within(0)

    def wait(self, seconds: float = 60.0) -> int:
        """The exit code. Raises TimeoutError where there is none in time."""
        code = self._ended_within(seconds)
        if code is None:
            raise TimeoutError(f"the process has not ended within {seconds:g} seconds")
        return code

    def _ended_within(self, seconds: float) -> int | None:
        if self._code is None and select.select([self._status], [], [], seconds)[0]:
            self._code = int(self._status.readline())
            self._status.close()
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing, where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def _serve_orders(control: socket.socket) -> None:
    """Returns in a forked process that is to be the bot, and in the forge itself at its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, fds, _, _ = socket.recv_fds(control, _PIPE, 2)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _keep(json.loads(message), *fds)
            _become_the_bot()
        for fd in fds:
            os.close(fd)


def _become_the_bot() -> None:
    """Ends as the interpreter does: with the exit code that `main` raises."""
    from bot.__main__ import main

    main()


def _keep(order: dict[str, Any], stderr: int, status: int) -> None:
    """Forks once more: returns in the child, and in the parent waits for its end and tells of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(status)
        _dress(order, stderr)
        return
    os.close(stderr)
    os.write(status, b"%d\n" % pid)
    _, ended = os.waitpid(pid, 0)
    os.write(status, b"%d\n" % os.waitstatus_to_exitcode(ended))
    os._exit(0)


def _dress(order: dict[str, Any], stderr: int) -> None:
    """Its own streams, environment, folder and arguments."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, stream in enumerate((nothing, nothing, stderr)):
        os.dup2(stream, number)
    os.close(nothing)
    os.close(stderr)
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["folder"])
    sys.argv = ["bot", *order["arguments"]]


if __name__ == "__main__":
    for module in WARM:
        import_module(module)
    _serve_orders(socket.socket(fileno=int(sys.argv[1])))
