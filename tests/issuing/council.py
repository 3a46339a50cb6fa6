"""A council that draws: auditors, teams and children in any number, and the verbs of the QA team."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from domain.audits import Audit
from domain.calendar import Month
from domain.drawing import Settings
from domain.exemptions import State
from domain.kinds import Kind
from domain.notices import NoticeKind
from domain.people import Actor, Person, Position, Role, Team
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, Exclusion, Once, Outcome
from domain.usecases import issuing
from domain.usecases.issuing import Wanted
from domain.views.issuing import DrawView
from storage.repositories.sql import untyped
from storage.tables import outbox, trail, trail_texts
from storage.unit_of_work import SqlStore
from tests.builders import DCS, QUINN, RUTH, a_person, an_exemption
from tests.storage.council import Council, settle

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
DECEMBER = Month(2026, 12)
QUENTIN = a_person(29, "Quentin Moor", Role.QA_TEAM, team=None)
HETTY = a_person(22, "Hetty Lane", Role.HEAD_OF_QUALITY, team=None)
COHORTS = ("looked_after", "care_leavers", "child_in_need", "child_protection_plan")
SEED = "5eed5eed5eed5eed"


def teams(number: int) -> list[Team]:
    return [
        Team(n + 1, f"Team {n + 1:02d}", f"Area {n % 4}", f"Service {n % 6}", "Operations")
        for n in range(number)
    ]


def auditors(number: int, of: list[Team]) -> list[Person]:
    return [
        a_person(
            1000 + n, f"Auditor {n:03d}", Role.AUDITOR, team=of[n % len(of)], auditor_from=date(2025, 1, 1)
        )
        for n in range(number)
    ]


def children(number: int, of: list[Team], workers: list[Person]) -> list[ChildFacts]:
    chance = random.Random(7)
    return [
        ChildFacts(
            f"C{100000 + n}",
            of[n % len(of)],
            "child_in_need",
            chance.choice(workers).id if workers else None,
            frozenset({chance.choice(COHORTS)}),
            date(2025, 1, 1),
            None,
        )
        for n in range(number)
    ]


def a_council(people: int = 6, files: int = 60, team_number: int = 4, *more: Person) -> Council:
    """Each team has a manager and two social workers."""
    of = teams(team_number)
    managers = [a_person(500 + n, f"Manager {n:02d}", Role.TEAM_MANAGER, team=t) for n, t in enumerate(of)]
    workers = [
        a_person(600 + n, f"Worker {n:02d}", Role.SOCIAL_WORKER, team=of[n % team_number])
        for n in range(team_number * 2)
    ]
    staff = [QUINN, QUENTIN, HETTY, RUTH, DCS, *managers, *workers, *auditors(people, of), *more]
    return Council(
        teams=of,
        people=staff,
        positions={(t.id, Position.TEAM_MANAGER): managers[n].id for n, t in enumerate(of)},
        audits=(),
        children=children(files, of, workers),
    )


@dataclass
class Desk:
    """The QA team's desk: verbs as the bot does them, one activity each."""

    store: SqlStore
    policy: Policy = field(default_factory=Policy)
    now: datetime = NOW
    _activities: "count[int]" = field(default_factory=lambda: count(1))

    def once(self) -> Once:
        return Once(f"activity-{next(self._activities)}", "digest")

    async def actor(self, person: Person) -> Actor:
        async with self.store.reading() as uow:
            found = await uow.people.actor_of(person.id)
        assert found is not None
        return found

    async def previews(
        self, person: Person = QUINN, *, seed: str = SEED, month: Month = DECEMBER, kind: Kind = Kind.CORE,
        exclusions: tuple[Exclusion, ...] = (), theme: str = "", not_again: int = 12,
        per_cohort: tuple[tuple[str, int], ...] = (), cohorts: tuple[str, ...] = (), total: int | None = None,
        per_team: int | None = None,
    ) -> DrawView:  # fmt: skip
        settings = Settings(not_again, cohorts, per_cohort, total, per_team)
        wanted = Wanted(month, kind, settings, exclusions, theme)
        return await issuing.preview(
            self.store, self.policy, await self.actor(person), wanted, seed, self.now, self.once()
        )

    async def issues(self, view: DrawView, person: Person = QUINN, once: Once | None = None) -> Outcome:
        return await issuing.issue(
            self.store,
            self.policy,
            await self.actor(person),
            view.record.id,
            view.record.version,
            view.digest,
            self.now,
            once or self.once(),
        )

    async def audits(self, month: Month = DECEMBER, **wanted: Any) -> list[Audit]:
        async with self.store.reading() as uow:
            return (await uow.cycle.find(AuditFilter(months=(month, month), **wanted), limit=1000))[0]

    async def trail(self, *actions: str) -> list[Any]:
        """The entries with these actions, oldest first, with their facts."""
        async with self.store.reading() as uow:
            rows = await uow.transaction.run(lambda c: list(c.execute(untyped(_TRAIL))))
        return [row for row in rows if row.action in actions]

    async def texts(self) -> list[str]:
        async with self.store.reading() as uow:
            return await uow.transaction.run(lambda c: list(c.scalars(_TEXTS)))

    async def told(self, *kinds: NoticeKind) -> list[tuple[str, int, str]]:
        """Messages of these kinds: kind, person, subject; in the order put."""
        wanted = [kind.value for kind in kinds]
        async with self.store.reading() as uow:
            rows = await uow.transaction.run(lambda c: list(c.execute(untyped(_TOLD))))
        return [(row.kind, row.person_id, row.subject) for row in rows if row.kind in wanted]

    async def exempts(self, person: int, month: Month = DECEMBER) -> None:
        """Their exemption has been approved."""
        async with self.store.writing() as uow:
            made = an_exemption(person_id=person, requested_by_id=person, month=month, state=State.APPROVED)
            await uow.exemptions.add(made)
            await uow.commit()


_TRAIL = select(trail.c.action, trail.c.subject, trail.c.actor_id, trail.c.facts).order_by(trail.c.seq)
_TEXTS = select(trail_texts.c.text).order_by(trail_texts.c.seq)
_TOLD = (
    select(outbox.c.kind, outbox.c.person_id, outbox.c.subject)
    .where(outbox.c.card_id.is_(None))
    .order_by(outbox.c.id)
)


async def a_desk(store: SqlStore, council: Council | None = None) -> Desk:
    await settle(store, council or a_council())
    return Desk(store)
