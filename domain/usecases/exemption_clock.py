"""What time does to open exemptions: chased, escalated, lapsed; and re-routed when people change (section 4)."""

from collections.abc import Callable
from datetime import date, datetime

from domain.calendar import local_date
from domain.chasing import due_step, has_lapsed
from domain.errors import Conflict
from domain.exemptions import Command, Exemption
from domain.notices import stuck_notices
from domain.people import Approver, Role
from domain.policy import Policy
from domain.ports import ExemptionFilter, Store
from domain.usecases.exemptions import step
from domain.usecases.routing import above, better_approver, nobody_is_asked

_BATCH = 200


async def open_numbers(store: Store) -> list[int]:
    """The open exemptions' numbers, oldest first."""
    numbers: list[int] = []
    async with store.reading() as uow:
        while True:
            found, total = await uow.exemptions.find(
                ExemptionFilter(open_only=True), limit=_BATCH, offset=len(numbers)
            )
            numbers += [exemption.id for exemption in found]
            if len(numbers) >= total or not found:
                return numbers


async def chase_open(store: Store, policy: Policy, now: datetime) -> int:
    """Gives each open exemption the one step that is due, each in its own commit; how many were given one.
    One that somebody acts on at the same moment is left to them."""
    return await _each_open(
        store, now, lambda exemption, top: due_step(exemption, now=now, rules=policy.exemptions, top=top)
    )


async def lapse_open(store: Store, policy: Policy, now: datetime) -> int:
    """At the deadline, at whatever hour: what was not decided lapses in sight of everybody on it."""
    return await _each_open(
        store, now, lambda exemption, top: Command.LAPSE if has_lapsed(exemption, now) else None
    )


Due = Callable[[Exemption, bool], Command | None]
"""What is due to an exemption; the flag says that there is nobody above to escalate it to."""


async def _each_open(store: Store, now: datetime, due_of: Due) -> int:
    given = 0
    for number in await open_numbers(store):
        try:
            given += await _one(store, number, now, due_of)
        except Conflict:
            continue
    return given


async def _one(store: Store, number: int, now: datetime, due_of: Due) -> bool:
    async with store.reading() as uow:
        exemption = await uow.exemptions.get(number)
        if exemption is None or due_of(exemption, False) is None:
            return False
    async with store.writing() as uow:
        exemption = await uow.exemptions.get(number)
        if exemption is None:
            return False
        to: Approver | None = None
        due = due_of(exemption, False)
        if due is Command.ESCALATE:
            to = await above(uow, exemption, now)
            due = due_of(exemption, to is None)
        if due is None:
            return False
        await step(uow, exemption, due, None, "", now, to)
        if due is Command.CHASE and await nobody_is_asked(uow, exemption, now):
            qa_team = [person.id for person in await uow.people.with_role(Role.QA_TEAM, local_date(now))]
            await uow.outbox.put(stuck_notices(exemption.ref, exemption.approver_id, qa_team), now)
        await uow.commit()
        return True


PEOPLE_CHANGE = frozenset({"import.people", "import.teams"})
"""What in the trail can change who should be asked, beside the day (somebody's last one may be over)."""


async def route_changes(store: Store, now: datetime) -> tuple[int, date]:
    """The same value as long as nothing can have changed whom the open requests should ask."""
    async with store.reading() as uow:
        return await uow.trail.last(PEOPLE_CHANGE), local_date(now)


async def reroute_open(store: Store, now: datetime) -> int:
    """Finds the steps whose approver has left, lost the role or been replaced, and asks the right person (faults
    23-25, 63). Reads first; writes only where something changed. Raises Conflict in the end where somebody acted on
    one of them at the same moment, so that the caller looks again."""
    moved, crossed = 0, 0
    for number in await open_numbers(store):
        try:
            moved += await _reroute_one(store, number, now)
        except Conflict:
            crossed += 1
    if crossed:
        raise Conflict(crossed=str(crossed))
    return moved


async def _reroute_one(store: Store, number: int, now: datetime) -> bool:
    async with store.reading() as uow:
        exemption = await uow.exemptions.get(number)
        if exemption is None or await better_approver(uow, exemption, now) is None:
            return False
    async with store.writing() as uow:
        exemption = await uow.exemptions.get(number)
        to = await better_approver(uow, exemption, now) if exemption else None
        if exemption is None or to is None:
            return False
        await step(uow, exemption, Command.REASSIGN, None, "", now, to)
        await uow.commit()
        return True
