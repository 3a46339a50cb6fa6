"""Two children of concern in the service that is looked at: a Category 2 with a history, and a Category 1 that both
have acknowledged and that is being worked on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from domain.audits import Audit
from domain.concern_workflow import Command
from domain.concerns import Category
from domain.people import Actor, PersonId, Position
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork, Once
from domain.usecases import alerting, concern_raising, concerns
from domain.usecases.concerns import Said

_TWO_GROUNDS = (
    "No visit for nine weeks, and the plan is of the year before. The school has asked three times."
)
_ONE_GROUNDS = "The partner who is not to be there has moved back in, and nobody has seen the child since."
_DAYS_OF_TWO, _DAYS_OF_ONE = 38, 2
_keys = count(1)


@dataclass(frozen=True, slots=True)
class _Scene:
    """At one instant of the past. `people` by what they are to the child."""

    store: CycleStore
    policy: Policy
    start: datetime
    people: Mapping[str, Actor]

    async def raised(self, child: str, category: str, grounds: str) -> str:
        wish = concern_raising.RaiseWish(child, category, grounds)
        by = self.people["auditor"]
        done = await concern_raising.raise_concern(
            self.store, self.policy, by, wish, self.start, self._once()
        )
        return done.subject

    async def acknowledged(self, ref: str, who: str, minutes: int) -> None:
        now = self.start + timedelta(minutes=minutes)
        await alerting.acknowledge(self.store, self.policy, self.people[who], ref, now, self._once())

    async def step(self, ref: str, who: str, command: Command, note: str, **when: float) -> None:
        async with self.store.reading() as uow:
            concern = await uow.concerns.get(ref)
        assert concern is not None
        said, now = Said(note=note), self.start + timedelta(**when)
        await concerns.act(
            self.store,
            self.policy,
            self.people[who],
            ref,
            command,
            said,
            now,
            self._once(),
            moved=concern.moved,
        )

    @staticmethod
    def _once() -> Once:
        key = f"sample-council-concern-{next(_keys)}"
        return Once(key, key)


async def play(store: CycleStore, policy: Policy, now: datetime, seen: Actor, spared: PersonId) -> int:
    """How many were raised: none where the council has nobody for it."""
    async with store.reading() as uow:
        found = [audit for audit in await _audited(uow, seen) if audit.auditor_id != spared]
        cases = [
            (audit, people) for audit in found if (people := await _people(uow, audit, seen)) is not None
        ]
        free = [(a, p) for a, p in cases if a.child_ref and not await uow.concerns.open_of(a.child_ref)]
    chosen = list({audit.child_ref: (audit, people) for audit, people in free}.values())[:2]
    for (audit, people), scene in zip(chosen, (_category_2, _category_1), strict=False):
        assert audit.child_ref is not None
        await scene(_Scene(store, policy, now, people), audit.child_ref)
    return len(chosen)


async def _audited(uow: CycleWork, seen: Actor) -> list[Audit]:
    audits, _ = await uow.cycle.find(AuditFilter(within=seen.reach), limit=60, newest_first=True)
    return [audit for audit in audits if audit.team and audit.child_ref and audit.concern_category is None]


async def _people(uow: CycleWork, audit: Audit, head: Actor) -> dict[str, Actor] | None:
    assert audit.team is not None
    named = {
        "manager": await uow.pool.in_position(audit.team.id, (Position.TEAM_MANAGER,)),
        "director": await uow.pool.in_position(audit.team.id, (Position.DIRECTOR,)),
    }
    ids = {key: people[0].id for key, people in named.items() if people}
    if audit.auditor_id is not None:
        ids["auditor"] = audit.auditor_id
    found = {key: await uow.people.actor_of(number) for key, number in ids.items()}
    known = {key: actor for key, actor in found.items() if actor is not None}
    return {**known, "head": head} if len(known) == len(named) + 1 else None


async def _category_2(scene: _Scene, child: str) -> None:
    before = _Scene(scene.store, scene.policy, scene.start - timedelta(days=_DAYS_OF_TWO), scene.people)
    ref = await before.raised(child, str(Category.TWO.value), _TWO_GROUNDS)
    await before.step(ref, "head", Command.RESPOND, "A new plan and fortnightly visits are agreed.", days=2)
    await before.step(ref, "head", Command.ASK_TEAM, "Have the visits been made since?", days=14)
    await before.step(ref, "manager", Command.UPDATE, "Two of three; the third is on Friday.", days=15)
    await before.step(
        ref, "manager", Command.EVIDENCE, "The new plan is on the file, signed by both.", days=24
    )


async def _category_1(scene: _Scene, child: str) -> None:
    before = _Scene(scene.store, scene.policy, scene.start - timedelta(days=_DAYS_OF_ONE), scene.people)
    ref = await before.raised(child, str(Category.ONE.value), _ONE_GROUNDS)
    await before.acknowledged(ref, "head", 3)
    await before.acknowledged(ref, "director", 9)
    await before.step(ref, "head", Command.RESPOND, "Joint visit with the police this afternoon.", minutes=40)
    await before.step(ref, "head", Command.ASK_TEAM, "Who can be with the grandmother tonight?", hours=3)
