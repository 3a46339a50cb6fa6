"""A loop that empties one part of the outbox: claims what is due, delivers it side by side, and looks again as soon as
something new was committed. Each part has a loop of its own, so that none waits for what another one is busy with."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from domain.errors import Busy
from storage.outbox import ClaimedRow

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `send` is the most that wording and sending may take, `record` the most that writing down what became of
    it may: together less than the `lease`, so that no delivery outlives it. What a process had in hand when it was
    killed waits for the rest of the lease."""

    lease: float
    send: float
    record: float

    def __post_init__(self) -> None:
        if self.send + self.record >= self.lease:
            raise ValueError("a delivery would outlive its lease")


USUAL = Pace(lease=60.0, send=40.0, record=15.0)
URGENT = Pace(lease=20.0, send=12.0, record=6.0)
"""For alerts: told within a minute of the raise, though the process that had them in hand is killed (section 5)."""
RECORD_AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0, 2.0)
"""Pauses between tries to record what was sent; each try waits for the database by itself too."""
LONGEST_WAIT = 300.0
POLL_SECONDS = 1.0

Claim = Callable[[int], Awaitable[Sequence[ClaimedRow]]]
"""(at most so many) → the rows under lease."""
Deliver = Callable[[ClaimedRow], Coroutine[Any, Any, None]]
"""One row to its end or its next try; never raises but for being cancelled."""


class Worker:
    """`gather` is how many seconds its claims are apart, so that a busy minute is claimed in handfuls and not row by
    row; `poll` after how many it looks unasked. `wake` says that something was committed."""

    def __init__(
        self, claim: Claim, deliver: Deliver, *, at_once: int, gather: float = 0, poll: float = POLL_SECONDS
    ) -> None:
        self._claim_rows = claim
        self._deliver = deliver
        self._at_once = at_once
        self._gather = gather
        self._poll = poll
        self._stopping = False
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> asyncio.Task[None]:
        self._task = asyncio.create_task(self._loop())
        return self._task

    def wake(self) -> None:
        self._news.set()

    def ask_to_stop(self) -> None:
        """Claims nothing more; what is in flight goes on."""
        self._stopping = True
        self.wake()

    @property
    def task(self) -> asyncio.Task[None] | None:
        return self._task

    async def _loop(self) -> None:
        flying: set[asyncio.Task[None]] = set()
        try:
            while not self._stopping:
                self._news.clear()
                claimed = await self._claim(self._at_once - len(flying))
                flying |= {asyncio.create_task(self._deliver(row)) for row in claimed}
                flying = await self._pause(flying, idle=not claimed)
        finally:
            await asyncio.gather(*flying, return_exceptions=True)

    async def _claim(self, limit: int) -> Sequence[ClaimedRow]:
        if limit <= 0:
            return ()
        try:
            return await self._claim_rows(limit)
        except Exception as error:
            log.warning("claim_failed", error=type(error).__name__)
            return ()

    async def _pause(self, flying: set[asyncio.Task[None]], *, idle: bool) -> set[asyncio.Task[None]]:
        """Until one in flight has ended, something new was committed, or the poll is due."""
        if idle or len(flying) >= self._at_once:
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait([news, *flying], timeout=self._poll, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
        await asyncio.sleep(self._gather)
        return {task for task in flying if not task.done()}


async def stop_workers(workers: Iterable[Worker], seconds: float) -> None:
    """They claim nothing more, finish what is in flight or give it back (fault 36)."""
    workers = tuple(workers)
    for worker in workers:
        worker.ask_to_stop()
    tasks = [worker.task for worker in workers if worker.task is not None]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def recorded(row: ClaimedRow, record: Callable[[], Awaitable[bool]]) -> bool | None:
    """What was sent is sent: as long as the lease lasts, a busy database is worth waiting for, because forgetting it
    means saying it twice. False where the lease is another's by now, None where it could not be recorded."""
    for pause in RECORD_AGAIN_SECONDS:
        try:
            return await record()
        except Busy as busy:
            log.warning("sent_not_recorded_yet", row=row.id, error=busy.code)
            await asyncio.sleep(pause)
    return None


def backoff(attempts: int) -> float:
    """Seconds until the next try: doubling, jittered, at most five minutes."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not a secret)
