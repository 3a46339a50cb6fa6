"""Whoever issues in a month and whoever exempts in it wait for each other: an approval and an issued audit never both
stand, in whichever order they come. PostgreSQL's writers overlap; SQLite's are one after the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.errors import DomainError, Invalid, OutOfDate
from domain.exemptions import Command, State
from domain.kinds import Kind
from domain.people import PersonId, Position
from domain.ports import AuditFilter, Outcome
from domain.usecases import exemptions, freeing, one_child
from storage.database import Transaction
from storage.imports.run import Import
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.builders import QUINN, RUTH, an_exemption
from tests.issuing.council import DECEMBER, QUENTIN, SEED, Desk, a_council, a_desk
from tests.storage.council import somebody_waits

WHO: PersonId = 1003
"""Who asks for an exemption."""
ROUNDS = 8
HEAD_STARTS = (1, 2, 3, 4, 6, 8, 11, 14, 18, 22, 27, 33)
"""Questions that the one has asked of the database when the other is pressed."""


class _Counted:
    """A transaction that says when it has asked so many questions."""

    def __init__(self, inner: Transaction, started: "HeadStart") -> None:
        self._inner, self._started = inner, started
        self.commit, self.end = inner.commit, inner.end

    async def run(self, work: Callable[[Connection], Any], *, aside: bool = False) -> Any:
        self._started.count()
        return await self._inner.run(work, aside=aside)


class HeadStart(SqlStore):
    """A store whose writers' questions are counted; `over` is set after so many of them."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.over = asyncio.Event()
        self.left = 0

    def count(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.over.set()

    def of(self, questions: int) -> None:
        self.left = questions
        self.over.clear()

    def writing(self) -> SqlUnitOfWork:
        return _CountedUnit(self)


class _CountedUnit(SqlUnitOfWork):
    def __init__(self, store: HeadStart) -> None:
        super().__init__(_CountingDatabase(store), write=True)


class _CountingDatabase:
    readers_see_one_state = False

    def __init__(self, store: HeadStart) -> None:
        self._store = store

    async def begin(self, *, write: bool) -> Transaction:
        database = self._store._database  # pyright: ignore[reportPrivateUsage]
        return _Counted(await database.begin(write=write), self._store)

    async def close(self) -> None:
        raise AssertionError("the store closes its database")


class Holding(SqlStore):
    """A store whose next commit is held: everything has been read and written, and nobody else sees it yet."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    def writing(self) -> SqlUnitOfWork:
        return _Held(self)


class _Held(SqlUnitOfWork):
    def __init__(self, store: Holding) -> None:
        super().__init__(store._database, write=True)  # pyright: ignore[reportPrivateUsage]
        self._store = store

    async def commit(self) -> None:
        self._store.reached.set()
        await self._store.go_on.wait()
        await super().commit()


@pytest.fixture
async def races(postgres_url: str) -> AsyncIterator[tuple[Desk, Desk, Holding]]:
    """A desk as it is, and one whose commits are held."""
    council = a_council(6, 200)
    positions = {**council.positions, **{(team.id, Position.DIRECTOR): RUTH.id for team in council.teams}}
    store, holding = SqlStore(postgres_url), Holding(postgres_url)
    desk = await a_desk(store, council.but(positions=positions))
    held = Desk(holding, _activities=count(1_000))
    yield desk, held, holding
    await store.close()
    await holding.close()


@pytest.fixture
async def started(postgres_url: str) -> AsyncIterator[HeadStart]:
    store = HeadStart(postgres_url)
    yield store
    await store.close()


async def asks(desk: Desk, month: Month = DECEMBER, number: int = 1) -> str:
    """An exemption of WHO's for the month waits for the director."""
    async with desk.store.writing() as uow:
        made = an_exemption(
            number, person_id=WHO, requested_by_id=WHO, month=month, state=State.WITH_DIRECTOR,
            requested_at=desk.now, step_since=desk.now,
        )  # fmt: skip
        added = await uow.exemptions.add(made)
        await uow.commit()
    return added.ref


async def approves(desk: Desk, ref: str) -> Outcome:
    async with desk.store.reading() as uow:
        number = int(ref[2:])
        found = await uow.exemptions.get(number)
    assert found is not None
    return await exemptions.decide(
        desk.store, desk.policy, await desk.actor(RUTH), ref, found.version, Command.APPROVE, "", desk.now,
        desk.once(),
    )  # fmt: skip


async def both(desk: Desk, month: Month = DECEMBER) -> tuple[bool, list[Audit]]:
    """Whether WHO is exempt, and the core audits that are with them."""
    async with desk.store.reading() as uow:
        exempt = [e for e in await uow.exemptions.of_person(WHO, month) if e.state is State.APPROVED]
        wanted = AuditFilter(months=(month, month), kinds={Kind.CORE}, auditor_id=WHO)
        audits, _ = await uow.cycle.find(wanted)
    return bool(exempt), audits


T = TypeVar("T")


async def crossed(
    desk: Desk, holding: Holding, first: Coroutine[Any, Any, Outcome], second: Coroutine[Any, Any, T]
) -> tuple[Outcome | BaseException, T | BaseException]:
    """`second` begins when all of `first` but its commit is done."""
    one = asyncio.create_task(first)
    await _either(holding.reached.wait(), one)
    other = asyncio.create_task(second)
    async with desk.store.reading() as uow:
        await _either(somebody_waits(uow), other)
    holding.go_on.set()
    done = await asyncio.gather(one, other, return_exceptions=True)
    return done[0], done[1]


async def _either(reached: Awaitable[Any], running: "asyncio.Task[Any]") -> None:
    """Until a point is reached, or there is nothing left that could reach it."""
    point = asyncio.ensure_future(reached)
    await asyncio.wait({point, running}, return_when=asyncio.FIRST_COMPLETED)
    point.cancel()
    await asyncio.gather(point, return_exceptions=True)


Races = tuple[Desk, Desk, Holding]


async def test_an_approval_on_top_of_an_issue_takes_the_child_off_again(races: Races) -> None:
    desk, held, holding = races
    view, ref = await desk.previews(), await asks(desk)
    issued, approved = await crossed(desk, holding, held.issues(view), approves(desk, ref))
    assert isinstance(issued, Outcome)
    assert isinstance(approved, Outcome)
    # then the child waits for another auditor, and the QA team was offered it
    assert await both(desk) == (True, [])
    [freed] = await desk.audits(states={AuditState.FREED})
    assert [entry.subject for entry in await desk.trail("audit.free")] == [freed.ref]
    assert len(await desk.audits()) == 6


async def test_an_issue_on_top_of_an_approval_issues_nothing(races: Races) -> None:
    desk, held, holding = races
    view, ref = await desk.previews(), await asks(desk)
    approved, refused = await crossed(desk, holding, approves(held, ref), desk.issues(view))
    assert isinstance(approved, Outcome)
    assert isinstance(refused, OutOfDate)
    assert (await both(desk), await desk.audits()) == ((True, []), [])


async def test_one_auditor_only_on_top_of_an_approval(races: Races) -> None:
    desk, held, holding = races
    actor, ref = await desk.actor(QUINN), await asks(desk)
    seen = await one_child.one_preview(
        desk.store, desk.policy, actor, DECEMBER, WHO, SEED, desk.now, desk.once()
    )
    one = one_child.issue_one(
        desk.store, desk.policy, actor, DECEMBER, WHO, seen.child_ref, desk.now, desk.once()
    )
    approved, refused = await crossed(desk, holding, approves(held, ref), one)
    assert isinstance(approved, Outcome)
    assert isinstance(refused, Invalid)
    assert (refused.code, await both(desk)) == ("cannot_join", (True, []))


async def freed_child(desk: Desk, without: PersonId = WHO) -> Audit:
    """A child of December whose auditor was taken off it; `without` has none."""
    await desk.issues(await desk.previews())
    async with desk.store.writing() as uow:
        by = {audit.auditor_id: audit for audit in await desk.audits()}
        # The own audit is put to a later month; another one's is taken off them.
        await uow.transaction.run(
            lambda c: c.exec_driver_sql(f"UPDATE audits SET month = '2027-05' WHERE auditor_id = {without}")
        )
        await uow.commit()
    away = next(a for n, a in by.items() if n != without and a.team and a.team.id != (without - 1000) % 4 + 1)
    async with desk.store.writing() as uow:
        made = an_exemption(
            90, person_id=away.auditor_id, requested_by_id=away.auditor_id, month=DECEMBER,
            state=State.WITH_DIRECTOR, requested_at=desk.now, step_since=desk.now,
        )  # fmt: skip
        added = await uow.exemptions.add(made)
        await uow.commit()
    await approves(desk, added.ref)
    [freed] = await desk.audits(states={AuditState.FREED})
    return freed


async def gives(desk: Desk, audit: Audit, to: PersonId = WHO, by: Any = QUINN) -> Outcome:
    return await freeing.give(
        desk.store, await desk.actor(by), audit.ref, audit.version, to, desk.now, desk.once()
    )


async def test_a_child_is_not_given_to_somebody_exempted_meanwhile(races: Races) -> None:
    desk, held, holding = races
    freed = await freed_child(desk)
    ref = await asks(desk)
    approved, refused = await crossed(desk, holding, approves(held, ref), gives(desk, freed))
    assert isinstance(approved, Outcome)
    assert isinstance(refused, Invalid)
    assert (refused.code, await both(desk)) == ("cannot_take", (True, []))


async def test_an_approval_on_top_of_a_gift(races: Races) -> None:
    desk, held, holding = races
    freed = await freed_child(desk)
    ref = await asks(desk)
    given, approved = await crossed(desk, holding, gives(held, freed), approves(desk, ref))
    assert isinstance(given, Outcome)
    assert isinstance(approved, Outcome)
    assert await both(desk) == (True, [])


async def test_an_open_audit_by_file_on_top_of_an_approval_is_refused(races: Races, tmp_path: Path) -> None:
    desk, held, holding = races
    ref = await asks(desk)
    path = tmp_path / "audits.csv"
    path.write_text(
        "audit_ref,month,kind,child_ref,team,auditor,issued_on\n"
        "A-1,2026-12,core,C100000,Team 01,auditor.003@council.example,2026-11-25\n"
    )

    async def brings() -> Outcome:
        report = await Import("audits", path, desk.policy, now=desk.now).run(desk.store)
        return Outcome("refused" if report.refused else "brought")

    approved, brought = await crossed(desk, holding, approves(held, ref), brings())
    assert isinstance(approved, Outcome)
    assert (brought, await both(desk)) == (Outcome("refused"), (True, []))


async def test_the_same_gift_arriving_twice_at_once_has_one_answer(races: Races) -> None:
    desk, held, holding = races
    freed = await freed_child(desk)
    once, actor = desk.once(), await desk.actor(QUINN)

    def give(by: Desk) -> Coroutine[Any, Any, Outcome]:
        return freeing.give(by.store, actor, freed.ref, freed.version, WHO, by.now, once)

    first, second = await crossed(desk, holding, give(held), give(desk))
    assert isinstance(first, Outcome)
    assert first == second


async def test_the_same_issue_to_one_arriving_twice_at_once_has_one_answer(races: Races) -> None:
    desk, held, holding = races
    once, actor = desk.once(), await desk.actor(QUINN)
    seen = await one_child.one_preview(
        desk.store, desk.policy, actor, DECEMBER, WHO, SEED, desk.now, desk.once()
    )

    def issue(by: Desk) -> Coroutine[Any, Any, Outcome]:
        return one_child.issue_one(by.store, by.policy, actor, DECEMBER, WHO, seen.child_ref, by.now, once)

    first, second = await crossed(desk, holding, issue(held), issue(desk))
    assert isinstance(first, Outcome)
    assert first == second
    assert len((await both(desk))[1]) == 1


@pytest.mark.parametrize("issue_first", [True, False])
async def test_whoever_is_first_and_by_how_much_the_two_never_both_stand(
    races: Races, started: HeadStart, issue_first: bool
) -> None:
    desk = races[0]
    ahead = Desk(started, _activities=count(5_000))
    for number, questions in enumerate(HEAD_STARTS):
        month = DECEMBER.plus(number)
        view, ref = await desk.previews(month=month), await asks(desk, month, number + 1)
        started.of(questions)
        one = asyncio.create_task(ahead.issues(view) if issue_first else approves(ahead, ref))
        await _either(started.over.wait(), one)
        other = approves(desk, ref) if issue_first else desk.issues(view)
        done = await asyncio.gather(one, other, return_exceptions=True)
        issued, approved = done if issue_first else reversed(done)
        # then the approval stands, the issue is done or refused, and nobody exempt has an audit
        assert isinstance(approved, Outcome)
        assert isinstance(issued, Outcome | OutOfDate)
        assert await both(desk, month) == (True, []), f"a head start of {questions}"
        assert len(await desk.audits(month)) == (6 if isinstance(issued, Outcome) else 0)


async def test_two_previews_confirmed_at_once_by_two(races: Races) -> None:
    desk, _, _ = races
    for number in range(ROUNDS):
        month = DECEMBER.plus(number)
        mine, theirs = await desk.previews(month=month), await desk.previews(QUENTIN, month=month)
        done = await asyncio.gather(
            desk.issues(theirs, QUENTIN), desk.issues(mine), desk.issues(mine), return_exceptions=True
        )
        assert sum(isinstance(one, Outcome) for one in done) == 1
        told = [one.facts["state"] for one in done if isinstance(one, DomainError)]
        assert told == ["issued", "issued"]
        assert len(await desk.audits(month)) == 6
