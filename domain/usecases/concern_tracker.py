"""The tracker of children of concern: a list scoped by role in the question itself, with what it counts (section 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.alerts import Answering
from domain.calendar import Month, local_date
from domain.concerns import OPEN, Category, Concern, State
from domain.errors import NotAllowed
from domain.people import Actor, PersonId, Reach, Role, Scope
from domain.permissions import TABLE, Permission, Reaching, reaching
from domain.policy import Policy
from domain.ports import ConcernFilter, CycleStore, CycleWork
from domain.usecases.concern_access import answering
from domain.usecases.concern_next import next_with, responding
from domain.usecases.concern_views import looked_at
from domain.views.concerns import ConcernCount, ConcernList

PAGE = 8
ON_LADDER = frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS, Role.HEAD_OF_QUALITY})
"""In these somebody has deputies; what a principal sees in another role is not the deputy's."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see; without `states` the open ones."""

    category: Category | None = None
    states: frozenset[State] | None = None
    identified: Month | None = None
    child_ref: str | None = None
    place: str = ""
    """The name of a team or of a service."""
    unanswered: bool = False
    """Only those without the response that is due."""
    offset: int = 0


async def scope(uow: CycleWork, actor: Actor, now: datetime) -> ConcernFilter:
    """What the actor may see at all, as conditions of the question: what their roles reach, what is their own, and
    within the dates of a delegation what those see for whom they stand in. Raises NotAllowed for somebody who may see
    none."""
    if reaching(actor, Permission.CONCERN_VIEW, local_date(now)) is None:
        raise NotAllowed(permission=Permission.CONCERN_VIEW.value)
    within = _within(actor, actor.roles)
    for principal in (await deputised(uow, actor, now)).values():
        within = _both(within, _within(principal, principal.roles & ON_LADDER))
    return ConcernFilter() if within is None else ConcernFilter(within=within, or_owner=actor.id)


async def deputised(uow: CycleWork, actor: Actor, now: datetime) -> dict[PersonId, Actor]:
    """For whom the actor stands in today where children are of concern."""
    today = local_date(now)
    given = [d for d in await uow.delegations.to(actor.id, today) if d.covers(Scope.CONCERNS, today)]
    found = {d.delegator_id: await uow.people.actor_of(d.delegator_id) for d in given}
    return {number: one for number, one in found.items() if one and one.person.active_on(today)}


def _within(actor: Actor, roles: Iterable[Role]) -> Reach | None:
    """What these of the actor's roles reach; None: everything."""
    fars = {TABLE[role].get(Permission.CONCERN_VIEW) for role in roles}
    if Reaching.ALL in fars:
        return None
    return Reach(
        teams=actor.reach.teams if Reaching.TEAM in fars else frozenset(),
        services=actor.reach.services if Reaching.SERVICE in fars else frozenset(),
        directorates=actor.reach.directorates if Reaching.DIRECTORATE in fars else frozenset(),
    )


def _both(one: Reach | None, other: Reach | None) -> Reach | None:
    if one is None or other is None:
        return None
    return Reach(
        one.teams | other.teams, one.services | other.services, one.directorates | other.directorates
    )


async def tracker(store: CycleStore, policy: Policy, actor: Actor, wish: Wish, now: datetime) -> ConcernList:
    """A page, and what all of it counts. A look at each Category 1 that is shown goes into the trail first. Raises
    NotAllowed, Busy."""
    async with store.reading() as uow:
        wanted = replace(
            await scope(uow, actor, now),
            categories=None if wish.category is None else {wish.category},
            states=OPEN if wish.states is None else wish.states,
            identified=None if wish.identified is None else (wish.identified, wish.identified),
            child_ref=wish.child_ref,
            unanswered=wish.unanswered,
        )
        wanted = await _placed(uow, wanted, wish.place)
        every = replace(wanted, identified=None)
        lines, total = await uow.concerns.find(wanted, limit=PAGE, offset=wish.offset)
        counts = [ConcernCount(*row) for row in await uow.concerns.counted(wanted)]
        months = {row[2] for row in await uow.concerns.counted(every)}
        answers = await _answers(uow, lines, now)
        nexts = {line.ref: await next_with(uow, line, answers[line.ref]) for line in lines}
        owing = {line.ref: responding(line, answers[line.ref]) for line in lines}
        named = {person for found in (*nexts.values(), *owing.values()) for person in found}
        people = await uow.people.many(named)
    await looked_at(store, actor, [c.ref for c in lines if c.category is Category.ONE], now)
    return ConcernList(
        viewer=actor.person,
        today=local_date(now),
        lines=lines,
        total=total,
        counts=counts,
        months=sorted(months),
        people=people,
        next_with=nexts,
        owing=owing,
        offset=wish.offset,
        page=PAGE,
    )


async def _placed(uow: CycleWork, wanted: ConcernFilter, place: str) -> ConcernFilter:
    """Narrowed to a team or a service by its name; a place that there is not has no concerns."""
    if not place:
        return wanted
    teams, name = await uow.pool.teams(), place.casefold()
    found = {team.id for team in teams if team.name.casefold() == name}
    services = {team.service for team in teams if team.service.casefold() == name}
    if services and not found:
        return replace(wanted, services=services)
    return replace(wanted, team_ids=found or {0})


async def place_in(store: CycleStore, plain: str) -> str:
    """The team or service that is named in words in lower case; empty where none is."""
    async with store.reading() as uow:
        teams = await uow.pool.teams()
    names = sorted({name for team in teams for name in (team.name, team.service) if name}, key=len)
    return next((name for name in reversed(names) if f" {name.casefold()} " in f" {plain} "), "")


async def _answers(uow: CycleWork, lines: Sequence[Concern], now: datetime) -> dict[str, Answering]:
    """Who answers for each, by reference; asked for once a team."""
    teams = {line.team.id if line.team else None: line.team for line in lines}
    found = {number: await answering(uow, team, now) for number, team in teams.items()}
    return {line.ref: found[line.team.id if line.team else None] for line in lines}
