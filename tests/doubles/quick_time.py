"""An event loop on which nobody has to sit out the rate limits: where everybody waits for the throttle alone, the
loop's clock goes on quickly. Everything else that is timed keeps its order, and sockets and threads keep the real time.

The limits themselves stay in force: the throttle and the connector's double measure by this one clock.
"""

import asyncio
import selectors
import time
from collections.abc import Callable
from contextvars import Context
from typing import Any

from bot.teams.throttle import Throttle

QUIET = 0.005
"""Seconds of real time in which nothing happened, before the clock goes on …"""
STEP = 0.5
"""… by at most so many: an answer that another process is slow to give is not overtaken by its own time limit."""


class _QuickSelector(selectors.DefaultSelector):
    """`skip` moves the clock on by at most so many seconds, and says whether it did."""

    skip: Callable[[float], bool]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= QUIET:
            return super().select(timeout)
        ready = super().select(QUIET)
        if ready or self.skip(timeout - QUIET):
            return ready
        return super().select(timeout - QUIET)


class QuickLoop(asyncio.SelectorEventLoop):
    """`loop.time()` is the real one, and what was `skipped`, in seconds."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self._in_threads: set[asyncio.Future[Any]] = set()
        self._throttled: set[asyncio.TimerHandle] = set()
        selector = _QuickSelector()
        selector.skip = self._skip
        super().__init__(selector)

    def time(self) -> float:
        return time.monotonic() + self.skipped

    def get_debug(self) -> bool:
        """Futures and handles ask this, to write down the whole stack where they were made: half of all the time that
        a story takes. The checks of the debug mode (a call from a wrong thread) are switched by `set_debug` as ever."""
        return False

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = super().call_at(when, callback, *args, context=context)
        if isinstance(getattr(callback, "__self__", None), Throttle):
            self._throttled = {timer for timer in self._throttled if self._is_due_later(timer)} | {handle}
        return handle

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        work: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        self._in_threads.add(work)
        work.add_done_callback(self._in_threads.discard)
        return work

    def _is_due_later(self, timer: asyncio.TimerHandle) -> bool:
        return not timer.cancelled() and timer.when() > self.time()

    def _skip(self, at_most: float) -> bool:
        """Only where the next timer of all is the throttle's, and no thread is at work."""
        soonest = min((t.when() for t in self._throttled if self._is_due_later(t)), default=None)
        if soonest is None or self._in_threads or soonest - self.time() > at_most:
            return False
        self.skipped += min(STEP, soonest - self.time())
        return True
