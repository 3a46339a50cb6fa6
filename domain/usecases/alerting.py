"""The alert of a Category 1 is acknowledged, and climbs until it is (domain, section 5; invariant I4)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from domain import alerts
from domain.alerts import Acknowledged, Alert, Seat
from domain.concern_workflow import Command
from domain.concerns import Concern
from domain.errors import Conflict, NotAllowed, OutOfDate
from domain.people import Actor, PersonId
from domain.permissions import Permission
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, Once, Outcome, TrailEntry
from domain.usecases.concern_access import Standing, answering, load, standing
from domain.usecases.concern_steps import step, tell_alert
from domain.usecases.transaction import once_only

AT_ONCE = 10_000
"""So many alerts are looked at in one tick: more than there are, so that none that fails again and again stands in the
way of the others."""


async def taking_seats(
    uow: CycleWork, policy: Policy, concern: Concern, alert: Alert, mine: Standing, now: datetime
) -> Alert:
    """The alert with the seats taken that somebody may take; the same one where there is none for them."""
    who = await answering(uow, concern.team, now)
    return alerts.acknowledge(alert, mine.tiers, now, answering=who, rules=policy.concerns)


async def acknowledge(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime, once: Once
) -> Outcome:
    """Takes the seats that are the actor's to take, whichever card was pressed. Outcome("concern.acknowledge", the
    reference) with `seats` that are theirs now and `at` since when (ISO), `open` that still wait for somebody (both
    "response;oversight"), `already` = "yes" where nothing was changed. Without `seats`: they have seen it, and it goes
    on climbing. Raises NotFound, NotAllowed for somebody who is not on the ladder, OutOfDate where there is no alert
    any more."""

    async def work(uow: CycleWork) -> Outcome:
        concern = await load(uow, ref)
        child = await uow.children.get(concern.child_ref)
        mine = await standing(uow, actor, concern, child, now)
        if not mine.tiers:
            raise NotAllowed(permission=Permission.CONCERN_ACKNOWLEDGE.value, ref=concern.ref)
        if concern.alert is None or not concern.state.open:
            raise OutOfDate(ref=concern.ref, state=concern.state.value)
        after = await taking_seats(uow, policy, concern, concern.alert, mine, now)
        if after == concern.alert:
            await _seen(uow, concern, actor, now)
            return _outcome(concern.ref, after, actor.id, already=True)
        await _taken(uow, policy, concern, after, now)
        return _outcome(concern.ref, after, actor.id, already=False)

    return await once_only(store, once, actor, now, work)


async def _taken(uow: CycleWork, policy: Policy, concern: Concern, after: Alert, now: datetime) -> None:
    """In whose name: that of the seat which is taken first, for the record shows both names."""
    assert concern.alert is not None
    new = [given for seat, given in after.seats.items() if seat not in concern.alert.seats]
    await step(uow, policy, concern, Command.ACKNOWLEDGE, now, by=new[0].by, alert=after)


async def _seen(uow: CycleWork, concern: Concern, actor: Actor, now: datetime) -> None:
    """They pressed, and nothing is theirs to take: in the trail, and nowhere else."""
    seats = concern.alert.seats.values() if concern.alert else ()
    if not any(given.by.by_id == actor.id for given in seats):
        await uow.trail.append(TrailEntry(now, "concern.seen", concern.ref, actor.id))


def _outcome(ref: str, alert: Alert, actor_id: PersonId, *, already: bool) -> Outcome:
    mine = {seat: given for seat, given in alert.seats.items() if given.by.by_id == actor_id}
    facts = {"open": _listed(alert.open_seats)}
    if mine:
        facts |= {"seats": _listed(mine), "at": _first(mine.values()).at.isoformat()}
    return Outcome("concern.acknowledge", ref, facts | ({"already": "yes"} if already else {}))


def _first(given: Iterable[Acknowledged]) -> Acknowledged:
    return min(given, key=lambda one: one.at)


def _listed(seats: Iterable[Seat]) -> str:
    return ";".join(seat.value for seat in Seat if seat in set(seats))


# the clock


async def climb_open(store: CycleStore, policy: Policy, now: datetime) -> int:
    """Takes the steps of the ladder that are due, each record in a commit of its own; how many climbed. Due is what was
    written down, and what is by the policy's ladder as it is now. What another
    replica or a person did at the same moment is left to them. One record that fails stops no other: what went wrong
    is raised in the end, all together (ExceptionGroup), and tried again at the next tick."""
    async with store.reading() as uow:
        written = await uow.concerns.climb_due(now, limit=AT_ONCE)
        climbing = await uow.concerns.climbing(limit=AT_ONCE)
    rules = policy.concerns
    by_ladder = [ref for ref, since, steps in climbing if alerts.is_due(Alert(0, since, steps), rules, now)]
    due = list(dict.fromkeys([*written, *by_ladder]))
    return await one_by_one(due, lambda ref: _climb(store, policy, ref, now))


async def one_by_one(refs: Sequence[str], run: Callable[[str], Awaitable[bool]]) -> int:
    """How many runs did something. Raises ExceptionGroup of what went wrong, when all of them had their turn."""
    did, failed = 0, list[Exception]()
    for ref in refs:
        try:
            did += await run(ref)
        except Conflict:
            continue
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(refs)} children of concern", failed)
    return did


async def _climb(store: CycleStore, policy: Policy, ref: str, now: datetime) -> bool:
    async with store.writing() as uow:
        concern = await load(uow, ref)
        climbed = await tell_alert(uow, policy, concern, now)
        if climbed is concern and concern.ref in await uow.concerns.climb_due(now, limit=AT_ONCE):
            climbed = await tell_alert(uow, policy, concern, now, recount=True)
        if climbed is concern:
            return False
        await uow.commit()
        return True
