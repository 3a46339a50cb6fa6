"""Processes to measure, and the load put on them: so many turns, 16 at once; CPU from the kernel's own count."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
from aiohttp import web

AT_ONCE = 16
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Caused:
    """What turns lead to after they were answered. `messages`: sent for each turn; `cpu_ms`: the bot's CPU for them, a
    turn, from wording them to their record in the ledger."""

    messages: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`rate`: turns a second; `cpu_ms`: the bot's CPU a turn; `p99_ms`: of the time until the HTTP answer. `caused` is
    in none of them."""

    name: str
    rate: float
    cpu_ms: float
    p99_ms: float
    caused: Caused | None = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def process(arguments: Sequence[str], **environment: str) -> Generator[subprocess.Popen[bytes]]:
    started = subprocess.Popen([sys.executable, "-m", *arguments], env={**os.environ, **environment})
    try:
        yield started
    finally:
        started.terminate()
        started.wait(timeout=20)


async def ready(address: str, seconds: float = 30) -> None:
    async with aiohttp.ClientSession() as client:
        for _ in range(int(seconds / 0.05)):
            try:
                async with client.get(f"{address}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise SystemExit(f"{address} did not become ready")


class Connector:
    """Takes every message at once and without limits: what is measured is the bot."""

    def __init__(self) -> None:
        self.taken = 0
        self._answers = asyncio.Event()
        self._answers.set()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> "Connector":
        app = web.Application()
        app.router.add_route("*", "/v3/{rest:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        port = free_port()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    @contextmanager
    def slow(self) -> Generator[None]:
        """Nothing is answered before the end, as by a platform that is slow: the bot fills its places for messages
        under way and then words no more of them. Not for longer than the bot waits for an answer (15 s)."""
        self._answers.clear()
        try:
            yield
        finally:
            self._answers.set()

    async def until_quiet(self, seconds: float = 0.3) -> None:
        """Until nothing more arrives."""
        before = -1
        while before != self.taken:
            before = self.taken
            await asyncio.sleep(seconds)

    async def _take(self, request: web.Request) -> web.Response:
        await request.read()
        self.taken += 1
        await self._answers.wait()
        return web.Response(body=b'{"id":"%d"}' % self.taken, content_type="application/json")


@dataclass(frozen=True, slots=True)
class Target:
    """The process to measure, and how it is spoken to."""

    address: str
    pid: int
    token: str | None = None


async def load(name: str, to: Target, bodies: Sequence[bytes], warm: int = 100) -> Measured:
    """Posts every body once, AT_ONCE at a time; the first `warm` are not counted."""
    async with _client(to) as client:
        await _post_all(client, to, bodies[:warm])
        return await _counted(name, client, to, bodies[warm:])


async def load_of_writes(
    name: str, to: Target, bodies: Sequence[bytes], connector: Connector, sent: Callable[[], Awaitable[None]],
    warm: int = 100,
) -> Measured:  # fmt: skip
    """The same of turns that lead to messages. These are held back until the turns are done, and counted by themselves
    from then on until all are `sent`."""
    before = connector.taken
    async with _client(to) as client:
        with connector.slow():
            await _post_all(client, to, bodies[:warm])
            await connector.until_quiet()
            turns = await _counted(name, client, to, bodies[warm:])
            used = cpu_seconds(to.pid)
        await sent()
    cpu_ms = (cpu_seconds(to.pid) - used) / len(bodies) * 1000
    return replace(turns, caused=Caused((connector.taken - before) / len(bodies), cpu_ms))


def _client(to: Target) -> aiohttp.ClientSession:
    headers = {"Content-Type": "application/json"}
    if to.token:
        headers["Authorization"] = f"Bearer {to.token}"
    return aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=AT_ONCE))


async def _counted(name: str, client: aiohttp.ClientSession, to: Target, bodies: Sequence[bytes]) -> Measured:
    begun, cpu = time.perf_counter(), cpu_seconds(to.pid)
    times = await _post_all(client, to, bodies)
    seconds, used = time.perf_counter() - begun, cpu_seconds(to.pid) - cpu
    count = len(bodies)
    return Measured(name, count / seconds, used / count * 1000, sorted(times)[int(count * 0.99)] * 1000)


async def _post_all(client: aiohttp.ClientSession, to: Target, bodies: Sequence[bytes]) -> list[float]:
    waiting, times, url = iter(bodies), list[float](), f"{to.address}/api/messages"

    async def one_after_another() -> None:
        for body in waiting:
            begun = time.perf_counter()
            async with client.post(url, data=body) as answer:
                text = await answer.read()
                _check(answer.status, text)
            times.append(time.perf_counter() - begun)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return times


def _check(status: int, text: bytes) -> None:
    """A refused turn must never count as a fast one."""
    if status not in (200, 201, 202):
        raise SystemExit(f"a turn was answered with {status}: {text[:200]!r}")
    if text and "application/vnd.microsoft.card.adaptive" not in str(json.loads(text).get("type", "")):
        raise SystemExit(f"a turn was not answered with a card: {text[:200]!r}")
