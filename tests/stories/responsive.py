"""Nothing may hold the loop: each callback's own work is measured, and long ones fail the story.

Asyncio's debug mode measures by the wall clock and so blames the code for a busy machine. Here counts the CPU time
of the loop's thread, without the collector's: what the code itself asks for, however many others run beside it.
"""

import asyncio
import gc
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

LONGEST_SECONDS = 0.05


class LoopWatch:
    """`slow` are the callbacks that held the loop for too long: seconds, and where each was when it let go."""

    def __init__(self, longest: float = LONGEST_SECONDS) -> None:
        self._longest = longest
        self._collecting = 0.0
        self._collected = 0.0
        self.slow: list[str] = []

    def on_collect(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            self._collected += time.thread_time() - self._collecting

    def run(self, handle: asyncio.Handle, run: Any) -> None:
        began, collected = time.thread_time(), self._collected
        try:
            run(handle)
        finally:
            spent = time.thread_time() - began - (self._collected - collected)
            if spent > self._longest:
                self.slow.append(f"{spent * 1000:.0f} ms: {_where(handle)}")


@contextmanager
def watched() -> Generator[LoopWatch]:
    """Every callback of every loop of this process, as long as the block lasts."""
    watch = LoopWatch()
    original: Any = asyncio.Handle._run  # type: ignore[attr-defined]

    def run(handle: asyncio.Handle) -> None:
        watch.run(handle, original)

    gc.callbacks.append(watch.on_collect)
    asyncio.Handle._run = run  # type: ignore[attr-defined]
    try:
        yield watch
    finally:
        asyncio.Handle._run = original  # type: ignore[attr-defined]
        gc.callbacks.remove(watch.on_collect)


def _where(handle: asyncio.Handle) -> str:
    """The coroutines that a task has open, outermost first; for a plain callback, its name."""
    callback: Any = getattr(handle, "_callback", None)
    coroutine = _coroutine(getattr(callback, "__self__", None))
    if coroutine is None:
        return repr(callback)
    found: list[str] = []
    while coroutine is not None and len(found) < 30:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None)
        name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
        found.append(f"{name}:{frame.f_lineno}" if frame else name)
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "ag_await", None)
    return " > ".join(found)


def _coroutine(task: Any) -> Any:
    """Of a task; None for anything else that a callback may be bound to."""
    return task.get_coro() if hasattr(task, "get_coro") else None
