"""An event loop whose time passes only when everybody waits: hours go by in a moment, and in a known order.

For code that lives on timers alone; sockets keep the real time.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.DefaultSelector):
    """Instead of sleeping until the next timer, moves the clock there."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever wake them")
        if not ready:
            self.now += max(0.0, timeout or 0.0)
        return ready


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """`loop.time()` starts at 0."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now


def run_in_fake_time(story: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(story)
