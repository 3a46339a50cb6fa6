"""A child of concern that turned out to be about another child, or another team's: whoever was told of it as the first
one's hears that nothing of it is theirs any more. Their cards are worded by it too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.concern_workflow import Command, Done
from domain.concerns import Category, Concern
from domain.errors import NotAllowed
from domain.lanes import Lane
from domain.notices import NoticeKind, concern_notice
from domain.people import Actor, PersonId
from domain.ports import ConcernStep, CycleStore, CycleWork
from domain.usecases.concern_access import load, standing


@dataclass(frozen=True, slots=True)
class Corrected:
    """`was`: the child that it was about when its reader saw it; the same as now where only the team was another."""

    ref: str
    version: int
    was: str
    other_child: bool


async def was_about(store: CycleStore, actor: Actor, ref: str, now: datetime) -> Corrected:
    """To who could have seen it before a correction, and may not see it now. Raises NotFound, NotAllowed for everybody
    else."""
    async with store.reading() as uow:
        concern = await load(uow, ref)
        if not await _sees(uow, actor.id, concern, now):
            for before in await _before(uow, concern):
                if await _sees(uow, actor.id, before, now):
                    other = before.child_ref != concern.child_ref
                    return Corrected(concern.ref, concern.version, before.child_ref, other)
    raise NotAllowed(ref=ref)


async def _before(uow: CycleWork, concern: Concern) -> list[Concern]:
    """As it was before each correction, the latest first."""
    teams = {team.name: team for team in await uow.pool.teams()}
    found: list[Concern] = []
    for child, team in _corrections(await uow.concerns.history(concern.id)):
        concern = replace(concern, child_ref=child or concern.child_ref, team=teams.get(team, concern.team))
        found.append(concern)
    return found


def _corrections(steps: Sequence[ConcernStep]) -> Iterator[tuple[str, str]]:
    """The child and the team that each took away, the latest first; empty where it left them."""
    for step in reversed(steps):
        if step.command == Command.CORRECT.value:
            child, team = (step.facts.get(name, "").partition(">")[0] for name in ("child_ref", "team"))
            yield child, team


async def _sees(uow: CycleWork, person: PersonId, concern: Concern, now: datetime) -> bool:
    actor = await uow.people.actor_of(person)
    child = await uow.children.get(concern.child_ref)
    return actor is not None and (await standing(uow, actor, concern, child, now)).may_view


async def raisers(uow: CycleWork, concern: Concern) -> tuple[PersonId, ...]:
    """Whoever raised it, and raised it again."""
    lines = await uow.concerns.history(concern.id)
    found = [
        concern.raised_by_id,
        *(line.by_id for line in lines if line.command == Command.RAISE_AGAIN.value),
    ]
    return tuple(dict.fromkeys(person for person in found if person is not None))


async def tell_of_the_first(uow: CycleWork, done: Done, now: datetime) -> None:
    """At once, in the alert's own lane where there was one: they may be on their way to the wrong child. Never who
    corrected it."""
    before, after = done.before, done.concern
    if (before.child_ref, before.team) == (after.child_ref, after.team):
        return
    people = [
        person
        for person in dict.fromkeys(await uow.outbox.told(after.ref))
        if await _sees(uow, person, before, now)
        and not await _sees(uow, person, after, now)
        and (done.by is None or person != done.by.by_id)
    ]
    lane = Lane.ALERT if before.category is Category.ONE else Lane.DECISION
    kind, about = NoticeKind.CONCERN_NOT_OF_CHILD, str(after.version)
    await uow.outbox.put([concern_notice(kind, after.ref, about, person, lane) for person in people], now)
