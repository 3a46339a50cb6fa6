"""The tracker of children of concern: a list scoped by role in the question itself, with what it counts (section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.calendar import Month, local_date
from domain.concerns import OPEN, Category, Concern, State
from domain.errors import NotAllowed
from domain.people import Actor, PersonId, Reach
from domain.permissions import TABLE, Permission, Reaching, reaching
from domain.policy import Policy
from domain.ports import ConcernFilter, CycleStore, CycleWork
from domain.usecases.concern_access import answering
from domain.usecases.concern_next import next_with
from domain.usecases.concern_views import looked_at
from domain.views.concerns import ConcernCount, ConcernList

PAGE = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see; without `states` the open ones."""

    category: Category | None = None
    states: frozenset[State] | None = None
    identified: Month | None = None
    child_ref: str | None = None
    offset: int = 0


def scope(actor: Actor, now: datetime) -> ConcernFilter:
    """What the actor may see at all, as conditions of the question: what their roles reach, and what is their own.
    Raises NotAllowed for somebody who may see none."""
    today = local_date(now)
    far = reaching(actor, Permission.CONCERN_VIEW, today)
    if far is None:
        raise NotAllowed(permission=Permission.CONCERN_VIEW.value)
    if far is Reaching.ALL:
        return ConcernFilter()
    fars = {TABLE[role].get(Permission.CONCERN_VIEW) for role in actor.roles}
    within = Reach(
        teams=actor.reach.teams if Reaching.TEAM in fars else frozenset(),
        services=actor.reach.services if Reaching.SERVICE in fars else frozenset(),
        directorates=actor.reach.directorates if Reaching.DIRECTORATE in fars else frozenset(),
    )
    return ConcernFilter(within=within, or_owner=actor.id)


async def tracker(store: CycleStore, policy: Policy, actor: Actor, wish: Wish, now: datetime) -> ConcernList:
    """A page, and what all of it counts. A look at each Category 1 that is shown goes into the trail first. Raises
    NotAllowed, Busy."""
    wanted = replace(
        scope(actor, now),
        categories=None if wish.category is None else {wish.category},
        states=OPEN if wish.states is None else wish.states,
        identified=None if wish.identified is None else (wish.identified, wish.identified),
        child_ref=wish.child_ref,
    )
    async with store.reading() as uow:
        lines, total = await uow.concerns.find(wanted, limit=PAGE, offset=wish.offset)
        counts = [ConcernCount(*row) for row in await uow.concerns.counted(wanted)]
        nexts = await _nexts(uow, lines, now)
        people = await uow.people.many({person for found in nexts.values() for person in found})
    await looked_at(store, actor, [c.ref for c in lines if c.category is Category.ONE], now)
    return ConcernList(
        viewer=actor.person,
        today=local_date(now),
        lines=lines,
        total=total,
        counts=counts,
        people=people,
        next_with=nexts,
        offset=wish.offset,
        page=PAGE,
    )


async def _nexts(uow: CycleWork, lines: Sequence[Concern], now: datetime) -> dict[str, tuple[PersonId, ...]]:
    """Who has the next step of each; who answers for a team is asked for once."""
    who = {line.team.id if line.team else None: line.team for line in lines}
    answers = {number: await answering(uow, team, now) for number, team in who.items()}
    return {
        line.ref: await next_with(uow, line, answers[line.team.id if line.team else None]) for line in lines
    }
