"""Looking at one child of concern. Who sees it, and how much, is decided here; every look at a Category 1 record is in
the trail (domain, section 5).

Whoever answers for the child's team, whoever stands on the ladder, the QA team and the head of quality see all of it.
Whoever raised it and the child's social worker see how it stands, what they wrote themselves, and what the team is
asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.alerts import Answering, acknowledge, next_due
from domain.calendar import local_date
from domain.concern_rules import Concerns as Rules
from domain.concern_rules import Tier
from domain.concern_workflow import Command, Party, commands_for
from domain.concerns import Category, Concern
from domain.people import Actor, Authority, PersonId
from domain.permissions import Permission, Reaching, allowed, reaching
from domain.policy import Policy
from domain.ports import ChildFacts, ConcernStep, CycleStore, CycleWork, TrailEntry
from domain.usecases.concern_access import Standing, answering, belongs, load, require_view, standing
from domain.usecases.concern_next import askers, next_with, responding
from domain.views.concerns import ConcernView

_DECIDES = frozenset({Command.UPHOLD, Command.RECATEGORISE, Command.SIGN_OFF, Command.REFUSE})
_ON_CARD = frozenset(Command) - {Command.CLIMB, Command.REMIND, Command.RAISE_AGAIN}


async def open_view(store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime) -> ConcernView:
    """Somebody opens it. Raises NotFound, NotAllowed; Busy where the look could not be written down."""
    async with store.reading() as uow:
        found = await view_of(uow, policy, actor, await load(uow, ref), now)
    if found.concern.category is Category.ONE:
        await looked_at(store, actor, [found.concern.ref], now)
    return found


async def looked_at(store: CycleStore, actor: Actor, refs: Sequence[str], now: datetime) -> None:
    """A look at Category 1 records, in the trail before they are shown; nothing where there are none."""
    if not refs:
        return
    async with store.writing() as uow:
        subject = refs[0] if len(refs) == 1 else ""
        entry = TrailEntry(now, "concern.viewed", subject, actor.id, facts={"refs": ";".join(refs)})
        await uow.trail.append(entry)
        await uow.commit()


async def view(store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime) -> ConcernView:
    """For a message, or for the answer to a step that is in the trail itself. Raises NotFound, NotAllowed."""
    async with store.reading() as uow:
        return await view_of(uow, policy, actor, await load(uow, ref), now)


@dataclass(frozen=True, slots=True)
class _Found:
    child: ChildFacts | None
    mine: Standing
    who: Answering
    steps: Sequence[ConcernStep]


async def view_of(
    uow: CycleWork, policy: Policy, actor: Actor, concern: Concern, now: datetime
) -> ConcernView:
    """The same within a transaction. Raises NotAllowed."""
    child = await uow.children.get(concern.child_ref)
    mine = await standing(uow, actor, concern, child, now)
    require_view(concern, mine)
    steps = await uow.concerns.history(concern.id)
    found = _Found(child, mine, await answering(uow, concern.team, now), steps)
    next_people = await next_with(uow, concern, found.who, askers(concern, steps))
    owing = responding(concern, found.who)
    named = await uow.people.many(_named(concern, found, (*next_people, *owing)))
    labels = {term.code: term.label for term in policy.legal_statuses}
    return ConcernView(
        concern=concern,
        viewer=actor.person,
        now=now,
        today=local_date(now),
        steps=steps
        if _sees_all(actor, concern, found, now)
        else [_without(line, actor, mine) for line in steps],
        commands=_commands(concern, found, policy.concerns, now),
        people=named,
        tiers=frozenset(mine.tiers),
        acting_for=_acting_for(mine),
        child=child,
        legal_status=labels.get(concern.legal_status or "", concern.legal_status or ""),
        answers={tier: found.who.holders(tier) for tier in Tier},
        next_with=next_people,
        owing=owing,
        climbs_at=next_due(concern.alert, policy.concerns) if concern.alert and concern.climbing else None,
        safeguarding=policy.texts.safeguarding,
    )


def _sees_all(actor: Actor, concern: Concern, found: _Found, now: datetime) -> bool:
    if found.mine.tiers or reaching(actor, Permission.CONCERN_VIEW, local_date(now)) is Reaching.ALL:
        return True
    nobodys = replace(belongs(concern, found.child), owners=frozenset[PersonId]())
    return allowed(actor, Permission.CONCERN_VIEW, nobodys, local_date(now))


def _without(line: ConcernStep, actor: Actor, mine: Standing) -> ConcernStep:
    """What the team is asked is for the team; everything else that others wrote stays with them."""
    for_team = line.command == Command.ASK_TEAM.value and Party.TEAM in mine.parties
    return line if for_team or actor.id in (line.by_id, line.for_id) else replace(line, note="")


def _commands(concern: Concern, found: _Found, rules: Rules, now: datetime) -> tuple[Command, ...]:
    """Acknowledging is offered while there is a seat left for this viewer to take."""
    barred = askers(concern, found.steps)
    mine = {p: by for p, by in found.mine.parties.items() if p is not Party.RAISER}
    deciders = {p for p, by in mine.items() if not {by.by_id, by.for_id} & barred}
    return tuple(
        command
        for command in commands_for(concern, mine)
        if command in _ON_CARD
        and (command not in _DECIDES or command in commands_for(concern, deciders))
        and (command is not Command.ACKNOWLEDGE or _to_acknowledge(concern, found, rules, now))
    )


def _to_acknowledge(concern: Concern, found: _Found, rules: Rules, now: datetime) -> bool:
    """Whether a seat is left for them to take."""
    alert, tiers = concern.alert, found.mine.tiers
    return alert is not None and acknowledge(alert, tiers, now, answering=found.who, rules=rules) != alert


def _acting_for(mine: Standing) -> PersonId | None:
    """Whom the viewer stands in for, where they act in no name of their own."""
    names: list[Authority] = list(mine.tiers.values())
    own = any(by.for_id is None for by in names)
    return None if own else next((by.for_id for by in names), None)


def _named(concern: Concern, found: _Found, next_people: Iterable[PersonId]) -> set[PersonId]:
    lines = {person for line in found.steps for person in (line.by_id, line.for_id)}
    seats = concern.alert.seats.values() if concern.alert else ()
    taken = {person for given in seats for person in (given.by.by_id, given.by.for_id)}
    holders = {person for tier in Tier for person in found.who.holders(tier)}
    acting = {by.for_id for by in found.mine.tiers.values()}
    everybody = lines | taken | holders | acting | {concern.raised_by_id, concern.asked_by_id, *next_people}
    return {person for person in everybody if person is not None}
