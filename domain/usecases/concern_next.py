"""With whom the next step of a child of concern lies today, and whom else it concerns."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.alerts import OF_SEAT, Answering, Seat
from domain.calendar import local_date
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Concern, State
from domain.people import PersonId, Position, Role, Team
from domain.ports import ConcernStep, CycleWork

_ASKS = frozenset({Command.CHALLENGE.value, Command.RECATEGORISE.value, Command.SUBMIT.value})
_ENDS = frozenset(
    command.value
    for command in (
        Command.UPHOLD,
        Command.REFUSE,
        Command.SIGN_OFF,
        Command.TAKE_BACK,
        Command.WORSEN,
        Command.REOPEN,
    )
)


def askers(concern: Concern, history: Iterable[ConcernStep]) -> frozenset[PersonId]:
    """Who brought about the decision that is due now, in their own name or another's: they challenged, re-categorised
    or submitted since it was last with the head of service. None of them decides it, in no role and as nobody's
    deputy, nor does anybody in their name (section 2)."""
    found: set[PersonId | None] = set()
    for line in history:
        if line.command in _ENDS:
            found = set()
        elif line.command in _ASKS:
            found |= {line.by_id, line.for_id}
    if concern.state in (State.CHALLENGED, State.WITH_DIRECTOR):
        found.add(concern.asked_by_id)
    return frozenset(person for person in found if person is not None)


async def next_with(
    uow: CycleWork, concern: Concern, who: Answering, barred: frozenset[PersonId] = frozenset()
) -> tuple[PersonId, ...]:
    """Nobody where it is off the tracker, or where no one is left who could take the step. While an alert climbs those
    who have not acknowledged it, and beside them whoever a decision or information lies with. `barred` as `askers`."""
    if not concern.state.open:
        return ()
    asked = await _asked(uow, concern, who, barred)
    if concern.alert is None or not concern.climbing:
        return heads(who) if asked is None else asked
    silent = [person for seat in concern.alert.open_seats for person in _of_tier(who, OF_SEAT[seat])]
    return tuple(dict.fromkeys([*silent, *(asked or ())]))


async def _asked(
    uow: CycleWork, concern: Concern, who: Answering, barred: frozenset[PersonId]
) -> tuple[PersonId, ...] | None:
    """With whom it lies by its state; None where that is the head of service."""
    if concern.state is State.WITH_TEAM:
        return await team_of(uow, concern.team) or heads(who)
    if concern.state is State.CHALLENGED:
        return first_of((who.head_of_quality, who.dcs), barred)
    if concern.state is State.WITH_DIRECTOR:
        return first_of((who.director, who.dcs), barred)
    return None


def responding(concern: Concern, who: Answering) -> tuple[PersonId, ...]:
    """Who owes a response, whoever else has a step: it stays theirs while the team is asked, the category is challenged
    or the director decides. Nobody where none is due; whoever has still to acknowledge has that step first."""
    if not concern.state.open or concern.respond_by is None:
        return ()
    if concern.climbing and concern.alert is not None and Seat.RESPONSE in concern.alert.open_seats:
        return ()
    return heads(who)


def heads(who: Answering) -> tuple[PersonId, ...]:
    """The head of service; one step up where there is none."""
    return first_of((who.head_of_service, who.director, who.dcs), frozenset())


def first_of(tiers: Sequence[tuple[PersonId, ...]], barred: frozenset[PersonId]) -> tuple[PersonId, ...]:
    """Whoever is left of the lowest tier that has somebody left."""
    left = (tuple(person for person in tier if person not in barred) for tier in tiers)
    return next((tier for tier in left if tier), ())


def _of_tier(who: Answering, tier: Tier) -> tuple[PersonId, ...]:
    return who.holders(tier) or first_of((who.director, who.dcs, who.head_of_quality), frozenset())


async def qa_team(uow: CycleWork, now: datetime) -> tuple[PersonId, ...]:
    return tuple(person.id for person in await uow.people.with_role(Role.QA_TEAM, local_date(now)))


_TEAM = (Position.TEAM_MANAGER, Position.SERVICE_MANAGER)


async def team_of(uow: CycleWork, team: Team | None) -> tuple[PersonId, ...]:
    """The team's manager; the service manager where none is named."""
    if team is None:
        return ()
    for position in _TEAM:
        named = await uow.pool.in_position(team.id, (position,))
        if named:
            return tuple(dict.fromkeys(person.id for person in named))
    return ()
