"""The clock's jobs: one table. Planning is pure and lies in `domain`; here stands only what is done when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from domain import schedules
from domain.policy import Policy, Working
from domain.ports import Store
from domain.usecases import exemption_clock

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """`slot` gives the latest instant at which the job was due, or None; `run` does it and says how much it did.

    A run works from the state it finds and checks each thing again in that thing's own transaction: two replicas
    that run one slot do the work once, and a run that a crash cut off is simply done again, because the slot is
    marked only afterwards. `slot` None: a sweep, looked at on every tick.
    """

    name: str
    slot: Callable[[datetime, Working], datetime | None] | None
    run: Callable[[Store, Policy, datetime], Awaitable[int]]


async def _reroute(store: Store, policy: Policy, now: datetime) -> int:
    return await exemption_clock.reroute_open(store, now)


JOBS = (
    Job("exemption-lapse", schedules.month_start, exemption_clock.lapse_open),
    Job("exemption-reroute", None, _reroute),
    Job("exemption-chase", schedules.working_morning, exemption_clock.chase_open),
)


class Slots(Protocol):
    async def done(self, job: str, slot: datetime) -> bool: ...
    async def mark(self, job: str, slot: datetime, now: datetime) -> None: ...


async def run_due(store: Store, slots: Slots, policy: Policy, now: datetime) -> int:
    """Does what is due and not yet done; how many things were done. One job's failure does not stop the others."""
    done = 0
    for job in JOBS:
        try:
            done += await _run(job, store, slots, policy, now)
        except Exception:
            log.exception("job_failed", job=job.name)
    return done


async def _run(job: Job, store: Store, slots: Slots, policy: Policy, now: datetime) -> int:
    if job.slot is None:
        return await job.run(store, policy, now)
    slot = job.slot(now, policy.working)
    if slot is None or await slots.done(job.name, slot):
        return 0
    did = await job.run(store, policy, now)
    await slots.mark(job.name, slot, now)
    log.info("job_done", job=job.name, did=did)
    return did
