"""Which child of concern somebody means, and which ones wait for them. What is not for who asks is never found: the
scope stands in the question."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from domain.alerts import Answering, reached
from domain.concern_workflow import Command
from domain.concerns import OPEN, Category, Concern
from domain.errors import NotAllowed
from domain.people import Actor, PersonId, Role
from domain.policy import Policy
from domain.ports import ConcernFilter, CycleStore, CycleWork
from domain.usecases.concern_access import answering
from domain.usecases.concern_next import askers, next_with, responding
from domain.usecases.concern_tracker import deputised, scope
from domain.usecases.concern_views import looked_at, view_of
from domain.views.concerns import ConcernLine, ConcernView

MOST = 30
"""So many are looked through: whoever has more of them at once chooses from the tracker."""


async def named(
    store: CycleStore, actor: Actor, child_ref: str, concern_ref: str, now: datetime
) -> str | None:
    """The reference of the one that is meant: the open one of a child that is known, else the one of that number, else
    the child's newest that the actor may see. None where there is none to show."""
    async with store.reading() as uow:
        scoped = await scope(uow, actor, now)
        for child in (child_ref, concern_ref.replace("-", "")):
            found = await _of_child(uow, scoped, child)
            if found is not None:
                return found.ref
        known = bool(child_ref) and await uow.children.get(child_ref) is not None
        by_number = await uow.concerns.get(concern_ref) if concern_ref and not known else None
        return by_number.ref if by_number else None


async def _of_child(uow: CycleWork, scoped: ConcernFilter, child_ref: str) -> Concern | None:
    if not child_ref:
        return None
    child = await uow.children.get(child_ref)
    wanted = replace(scoped, child_ref=child.ref if child else child_ref)
    found, _ = await uow.concerns.find(wanted, limit=MOST)
    return next((one for one in found if one.state.open), found[-1] if found else None)


async def waiting_for_step(
    store: CycleStore,
    policy: Policy,
    actor: Actor,
    category: Category | None,
    wanted: Collection[Command],
    now: datetime,
) -> list[ConcernView]:
    """The open ones at which the actor may take one of these steps now."""
    async with store.reading() as uow:
        scoped = replace(await scope(uow, actor, now), states=OPEN)
        asked = replace(scoped, categories={category}) if category else scoped
        found, _ = await uow.concerns.find(asked, limit=MOST)
        views = [await view_of(uow, policy, actor, concern, now) for concern in found]
    return [view for view in views if set(wanted) & set(view.commands)]


# what waits


_ASKED = frozenset(
    {
        Role.HEAD_OF_SERVICE,
        Role.DIRECTOR,
        Role.DCS,
        Role.HEAD_OF_QUALITY,
        Role.TEAM_MANAGER,
        Role.SERVICE_MANAGER,
    }
)
"""Who can have the next step of one, beside their deputies."""


async def waiting_for(
    store: CycleStore, policy: Policy, actor: Actor, now: datetime
) -> Sequence[ConcernLine]:
    """Those whose next step is the actor's, or of whom they are deputy: alerts that nobody has acknowledged first. A
    look at each Category 1 goes into the trail. Raises Busy."""
    try:
        async with store.reading() as uow:
            found = await _waiting(uow, policy, actor, now)
    except NotAllowed:
        return ()
    await looked_at(
        store, actor, [line.concern.ref for line in found if line.concern.category is Category.ONE], now
    )
    return found


async def _waiting(uow: CycleWork, policy: Policy, actor: Actor, now: datetime) -> list[ConcernLine]:
    principals = await deputised(uow, actor, now)
    if not (actor.roles & _ASKED or principals):
        return []
    scoped = replace(await scope(uow, actor, now), states=OPEN)
    concerns, _ = await uow.concerns.find(scoped, limit=MOST)
    teams = {concern.team.id if concern.team else None: concern.team for concern in concerns}
    who = {number: await answering(uow, team, now) for number, team in teams.items()}
    lines: list[ConcernLine] = []
    for concern in concerns:
        barred = askers(concern, await uow.concerns.history(concern.id))
        asked = await _asked(uow, policy, concern, who[concern.team.id if concern.team else None], barred)
        acting = [principals[one].person for one in asked if one in principals and actor.id not in barred]
        if actor.id in asked or acting:
            lines.append(ConcernLine(concern, None if actor.id in asked else acting[0]))
    return sorted(lines, key=lambda line: not line.concern.climbing)


async def _asked(
    uow: CycleWork, policy: Policy, concern: Concern, who: Answering, barred: frozenset[PersonId]
) -> Sequence[PersonId]:
    """With whom the next step lies, and who owes a response; of an alert everybody to whom it has climbed."""
    if concern.alert is not None and concern.climbing:
        return (*reached(concern.alert, who, policy.concerns), *responding(concern, who))
    return (*await next_with(uow, concern, who, barred), *responding(concern, who))
