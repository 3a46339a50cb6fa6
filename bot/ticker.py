"""APScheduler as a ticker and nothing more: it says "look now"; the database knows what is due and what was done."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Tick = Callable[[], Awaitable[None]]


class Ticker:
    """Calls `tick` every `seconds`, at once for the first time, never twice at the same time."""

    def __init__(self, tick: Tick, seconds: float) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            tick,
            "interval",
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
