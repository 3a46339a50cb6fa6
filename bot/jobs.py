"""The clock's jobs: one table. Planning is pure and lies in `domain`; here stands only what is done when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import structlog

from domain import schedules
from domain.errors import Conflict
from domain.policy import Policy, Working
from domain.ports import CycleStore
from domain.usecases import (
    alerting,
    concern_reminding,
    exemption_clock,
    freeing,
    request_views,
    stuck_moderation,
)

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """`slot` gives the latest instant at which the job was due, or None; `run` does it and says how much it did.

    A run works from the state it finds and checks each thing again in that thing's own transaction: two replicas
    that run one slot do the work once, and a run that a crash cut off is simply done again, because the slot is
    marked only afterwards.
    """

    name: str
    slot: Callable[[datetime, Working], datetime | None]
    run: Callable[[CycleStore, Policy, datetime], Awaitable[int]]


CONCERNS = (
    ("concern-climb", alerting.climb_open),
    ("concern-remind", concern_reminding.remind_open),
)
"""First at every tick, by day and night: the records themselves say what is due of them, so that there is no slot to
wait for or to miss."""
LAPSE = Job("exemption-lapse", schedules.month_start, exemption_clock.lapse_open)
CHASE = Job("exemption-chase", schedules.working_morning, exemption_clock.chase_open)
FREED = Job("freed-chase", schedules.working_morning, freeing.chase_freed)
REQUESTS = Job("request-chase", schedules.working_morning, request_views.chase_open)
STUCK = Job("moderation-stuck", schedules.working_morning, stuck_moderation.tell_stuck)


class Slots(Protocol):
    async def done(self, job: str, slot: datetime) -> bool: ...
    async def mark(self, job: str, slot: datetime, now: datetime) -> None: ...


class Clockwork:
    """Does what is due and not yet done. One for a process."""

    def __init__(self, store: CycleStore, slots: Slots, policy: Policy) -> None:
        self._store = store
        self._slots = slots
        self._policy = policy
        self._routed_for: tuple[int, date] | None = None

    async def run_due(self, now: datetime) -> int:
        """How many things were done. One job's failure does not stop the others, and is tried again at the next
        tick. Children of concern come before all else. What has lapsed is out of the way before anybody is asked anew
        or chased."""
        done = 0
        for name, run in CONCERNS:
            done += await self._safely(name, run(self._store, self._policy, now))
        done += await self._safely(LAPSE.name, self._slotted(LAPSE, now))
        done += await self._safely("exemption-reroute", self._reroute(now))
        for job in (CHASE, FREED, REQUESTS, STUCK):
            done += await self._safely(job.name, self._slotted(job, now))
        return done

    async def _safely(self, name: str, run: Awaitable[int]) -> int:
        try:
            return await run
        except Conflict:
            log.info("job_crossed", job=name)
            return 0
        except Exception:
            log.exception("job_failed", job=name)
            return 0

    async def _slotted(self, job: Job, now: datetime) -> int:
        slot = job.slot(now, self._policy.working)
        if slot is None or await self._slots.done(job.name, slot):
            return 0
        did = await job.run(self._store, self._policy, now)
        await self._slots.mark(job.name, slot, now)
        log.info("job_done", job=job.name, did=did)
        return did

    async def _reroute(self, now: datetime) -> int:
        """Only where people, teams or the day have changed since this process last looked."""
        changes = await exemption_clock.route_changes(self._store, now)
        if changes == self._routed_for:
            return 0
        did = await exemption_clock.reroute_open(self._store, now)
        self._routed_for = changes
        return did
