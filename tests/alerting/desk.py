"""Northgate's child of concern: Dana answers for the service, Ruth is the director, and what each does is one verb."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import delete, select, update

from domain.audits import Audit
from domain.concern_workflow import Command
from domain.concerns import Concern
from domain.lanes import Lane
from domain.notices import NoticeKind
from domain.people import Person, Position, Role, Scope, Team
from domain.policy import Policy
from domain.ports import ChildFacts, ConcernStep, Once, Outcome
from domain.usecases import alerting, concern_raising, concern_reminding
from domain.usecases import concerns as usecases
from domain.usecases.concern_raising import RaiseWish
from domain.usecases.concern_steps import step
from storage import tables
from storage.repositories.sql import untyped
from storage.unit_of_work import SqlStore
from tests.builders import DANA, DCS, EAST, NORTH, PRIYA, QUINN, RUTH, SAM, TOM, a_person
from tests.storage.council import MEERA, SOUTH, Council, settle

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
CHILD = "C10432"
HELEN = a_person(40, "Helen Boyd", Role.HEAD_OF_QUALITY, team=None)
WILL = a_person(41, "Will Deeks", Role.SERVICE_MANAGER, team=NORTH)
"""Dana's deputy, where a story has one."""
MONA = a_person(42, "Mona Reid", Role.TEAM_MANAGER, team=NORTH)
WEST = Team(4, "Westfield", "West", "Care", "Communities")
NAMES = {
    person.id: person.name.split()[0]
    for person in (TOM, DANA, RUTH, PRIYA, SAM, QUINN, DCS, MEERA, HELEN, WILL, MONA)
}
GROUNDS = "Nobody has seen the child since August."


def a_council(*audits: Audit) -> Council:
    positions = {
        (NORTH.id, Position.TEAM_MANAGER): MONA.id,
        (NORTH.id, Position.HEAD_OF_SERVICE): DANA.id,
        (NORTH.id, Position.DIRECTOR): RUTH.id,
        (EAST.id, Position.HEAD_OF_SERVICE): SAM.id,
        (EAST.id, Position.DIRECTOR): RUTH.id,
    }
    children = tuple(
        ChildFacts(ref, team, "child_in_need", MEERA.id if ref == CHILD else None, frozenset(), None, None)
        for ref, team in ((CHILD, NORTH), ("C10501", EAST), ("C10700", NORTH))
    )
    people = (TOM, DANA, RUTH, PRIYA, SAM, QUINN, DCS, MEERA, HELEN, WILL, MONA)
    return Council(
        teams=(NORTH, EAST, SOUTH, WEST), people=people, positions=positions, audits=audits, children=children
    )


@dataclass
class Desk:
    """`now` moves with `at` and `later`; every press is a new one unless its key is given."""

    store: SqlStore
    policy: Policy = field(default_factory=Policy)
    now: datetime = FRIDAY
    keys: Any = field(default_factory=count)

    def at(self, *when: int) -> "Desk":
        self.now = datetime(*when, tzinfo=UTC)  # type: ignore[arg-type]
        return self

    def later(self, **how_far: float) -> "Desk":
        self.now += timedelta(**how_far)
        return self

    def once(self, key: str | None = None) -> Once:
        key = key or f"press-{next(self.keys)}"
        return Once(key, key)

    async def actor(self, who: Person) -> Any:
        async with self.store.reading() as uow:
            found = await uow.people.actor_of(who.id)
        assert found is not None
        return found

    # verbs

    async def raises(
        self, who: Person = TOM, child: str = CHILD, category: str = "1", grounds: str = GROUNDS, *,
        team: str | None = None, audit: str | None = None, key: str | None = None,
    ) -> Outcome:  # fmt: skip
        wish = RaiseWish(child, category, grounds, team, audit)
        actor = await self.actor(who)
        return await concern_raising.raise_concern(
            self.store, self.policy, actor, wish, self.now, self.once(key)
        )

    async def acknowledges(self, who: Person, ref: str = "C-1", *, key: str | None = None) -> Outcome:
        actor = await self.actor(who)
        return await alerting.acknowledge(self.store, self.policy, actor, ref, self.now, self.once(key))

    async def does(self, who: Person, command: Command, ref: str = "C-1", **said: Any) -> Outcome:
        """As it stands now: the card is never an old one."""
        filled: dict[str, Any] = {"note": "Words.", **said}
        given = usecases.Said(**filled)
        moved = (await self.concern(ref)).moved
        return await usecases.act(
            self.store, self.policy, await self.actor(who), ref, command, given, self.now, self.once(), moved=moved
        )  # fmt: skip

    async def climbs(self) -> int:
        return await alerting.climb_open(self.store, self.policy, self.now)

    async def reminds(self) -> int:
        return await concern_reminding.remind_open(self.store, self.policy, self.now)

    async def takes(self, command: Command, ref: str = "C-1", **how: Any) -> Concern:
        """A step straight in the workflow, where who may take it is not what the story is about."""
        given: dict[str, Any] = {"note": "Words.", **how}
        async with self.store.writing() as uow:
            concern = await uow.concerns.get(ref)
            assert concern is not None
            done = await step(uow, self.policy, concern, command, self.now, **given)
            await uow.commit()
        return done.concern

    async def stands_in(self, deputy: Person, principal: Person, first: date, last: date) -> None:
        async with self.store.writing() as uow:
            await uow.delegations.add(principal.id, deputy.id, Scope.CONCERNS, first, last)
            await uow.commit()

    async def leave(self, *people: Person) -> None:
        """Their last day was long ago."""
        gone = update(tables.people).where(tables.people.c.id.in_([person.id for person in people]))
        await self.store.bulk(lambda c: c.execute(gone.values(active_to=date(2026, 1, 1))))

    async def change(self, **columns: Any) -> None:
        """C-1 as no press leaves it."""
        first = update(tables.concerns).where(tables.concerns.c.id == 1)
        await self.store.bulk(lambda c: c.execute(first.values(**columns)))

    async def forget(self, child: str) -> None:
        """The children's file does not have it."""
        await self.store.bulk(
            lambda c: c.execute(delete(tables.children).where(tables.children.c.child_ref == child))
        )

    # what is there

    async def concern(self, ref: str = "C-1") -> Concern:
        async with self.store.reading() as uow:
            found = await uow.concerns.get(ref)
        assert found is not None
        return found

    async def history(self, ref: str = "C-1") -> list[ConcernStep]:
        async with self.store.reading() as uow:
            return await uow.concerns.history((await self.concern(ref)).id)

    async def rows(self, statement: Any) -> list[Any]:
        async with self.store.reading() as uow:
            return await uow.transaction.run(lambda c: list(c.execute(untyped(statement))))

    async def told(self, *kinds: NoticeKind, clear: bool = False) -> list[tuple[str, str]]:
        """(short kind, first name) of what was put for people, in that order; `clear`: and not again."""
        box = tables.outbox
        rows = await self.rows(
            select(box).where(box.c.kind != NoticeKind.CARD_UPDATE.value).order_by(box.c.id)
        )
        wanted = [kind.value for kind in kinds]
        found = [
            (r.kind.removeprefix("concern."), NAMES[r.person_id])
            for r in rows
            if not wanted or r.kind in wanted
        ]
        if clear:
            await self.store.bulk(lambda c: c.execute(delete(box)))
        return found

    async def news(self) -> list[tuple[str, str]]:
        """What was put since it was asked for last."""
        return await self.told(clear=True)

    async def lanes(self) -> dict[str, set[Lane]]:
        found: dict[str, set[Lane]] = {}
        for row in await self.rows(select(tables.outbox)):
            found.setdefault(row.kind.removeprefix("concern."), set()).add(Lane(row.lane))
        return found

    async def trail(self, subject: str = "C-1") -> list[str]:
        table = tables.trail
        rows = await self.rows(select(table.c.action).where(table.c.subject == subject).order_by(table.c.seq))
        return [row.action for row in rows]

    async def trail_of(self, action: str) -> list[Mapping[str, Any]]:
        table = tables.trail
        rows = await self.rows(select(table).where(table.c.action == action).order_by(table.c.seq))
        return [row._mapping for row in rows]  # pyright: ignore[reportPrivateUsage]


async def a_desk(store: SqlStore, *audits: Audit, **how: Any) -> Desk:
    await settle(store, a_council(*audits))
    return Desk(store, **how)


def with_rules(**changes: Any) -> Policy:
    policy = Policy()
    return policy.model_copy(update={"concerns": policy.concerns.model_copy(update=changes)})
