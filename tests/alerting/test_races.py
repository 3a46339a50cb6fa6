"""Two replicas, or a person and the clock, at the same moment on PostgreSQL: the second one stands before the first
one's lock, and neither tells anybody twice nor takes back what the first has kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

import pytest

from domain.alerts import Seat
from domain.concern_workflow import Command
from domain.concerns import Category, State, Wanted
from domain.errors import OutOfDate
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.alerting.desk import CHILD, Desk, a_desk
from tests.builders import DANA, DCS, PRIYA, RUTH, TOM
from tests.storage.council import somebody_waits

T = TypeVar("T")


class _HeldWork(SqlUnitOfWork):
    of: "Held"

    async def commit(self) -> None:
        self.of.reached.set()
        await self.of.goes_on.wait()
        await super().commit()


class Held(SqlStore):
    """A replica that stops before each commit until it may go on."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.reached, self.goes_on = asyncio.Event(), asyncio.Event()

    def writing(self) -> SqlUnitOfWork:
        uow = _HeldWork(self._database, write=True)
        uow.of = self
        return uow


class Two:
    """`first` is done up to its commit, then `second` meets it there."""

    def __init__(self, first: Desk, second: Desk) -> None:
        self.first, self.second = first, second

    async def meet(self, first: Awaitable[Any], second: Awaitable[T]) -> tuple[Any, T | BaseException]:
        held = self.first.store
        assert isinstance(held, Held)
        before = asyncio.ensure_future(first)
        await held.reached.wait()
        after = asyncio.ensure_future(second)
        async with self.second.store.reading() as uow:
            await somebody_waits(uow)
        held.goes_on.set()
        done = await asyncio.gather(before, after, return_exceptions=True)
        return done[0], done[1]

    def later(self, minutes: int) -> None:
        for desk in (self.first, self.second):
            desk.later(minutes=minutes)


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[Two]:
    held, other = Held(postgres_url), SqlStore(postgres_url)
    desk = await a_desk(other)
    yield Two(Desk(held, keys=iter(range(1000, 2000))), desk)
    held.goes_on.set()
    await held.close()
    await other.close()


async def test_two_replicas_climb_at_once_and_each_person_is_told_once(two: Two) -> None:
    await two.second.raises()
    await two.second.news()
    two.later(15)
    assert await two.meet(two.first.climbs(), two.second.climbs()) == (1, 0)
    assert await two.second.news() == [("climbed", "Dana")]
    assert (await two.second.trail()).count("concern.climb") == 2


async def test_ten_ticks_of_two_replicas_take_each_step_once(two: Two) -> None:
    for child in (CHILD, "C10501", "C10700"):
        await two.second.raises(child=child)
    await two.second.news()
    held = two.first.store
    assert isinstance(held, Held)
    held.goes_on.set()
    for _ in range(10):
        two.later(15)
        await asyncio.gather(two.first.climbs(), two.second.climbs())
    # whatever was left to the other one is taken at the next tick
    await two.second.climbs()
    for ref in ("C-1", "C-2", "C-3"):
        assert (await two.second.trail(ref)).count("concern.climb") == 11
    told = await two.second.news()
    assert [told.count(("climbed", name)) for name in ("Dana", "Sam", "Ruth", "Alex", "Helen")] == [
        8,
        4,
        12,
        6,
        6,
    ]


async def test_an_acknowledgement_while_it_climbs_is_kept(two: Two) -> None:
    await two.second.raises()
    two.later(15)
    climbed, taken = await two.meet(two.first.climbs(), two.second.acknowledges(DANA))
    assert climbed == 1
    assert not isinstance(taken, BaseException)
    assert taken.facts["seats"] == "response"
    alert = (await two.second.concern()).alert
    assert alert is not None
    assert (alert.steps, set(alert.seats)) == (2, {Seat.RESPONSE})


async def test_a_climb_that_meets_an_acknowledgement_leaves_the_seat_and_tells_nobody_for_it(
    two: Two,
) -> None:
    await two.second.raises()
    await two.second.news()
    two.later(15)
    taken, climbed = await two.meet(two.first.acknowledges(DANA), two.second.climbs())
    assert (taken.facts["seats"], climbed) == ("response", 0)
    assert await two.second.news() == []
    # and at the next tick it climbs for the other seat alone
    assert await two.second.climbs() == 1
    assert await two.second.news() == [("climbed", "Ruth")]
    alert = (await two.second.concern()).alert
    assert alert is not None
    assert set(alert.seats) == {Seat.RESPONSE}


async def submitted(two: Two) -> None:
    """With the director for sign-off, whose acknowledgement is still missing."""
    await two.second.raises()
    await two.second.does(DANA, Command.RESPOND)
    await two.second.does(DANA, Command.SUBMIT, evidence="Seen on Thursday.", wanted=Wanted.REMOVAL)
    # and it has climbed to the DCS, who may take it
    two.later(45)
    await two.second.climbs()
    assert (await two.second.concern()).climbing


async def test_an_acknowledgement_that_meets_a_sign_off_finds_it_off_the_tracker(two: Two) -> None:
    await submitted(two)
    signed, late = await two.meet(two.first.does(RUTH, Command.SIGN_OFF), two.second.acknowledges(DCS))
    assert signed.code == "concern.sign_off"
    assert isinstance(late, OutOfDate)
    concern = await two.second.concern()
    assert (concern.state, concern.alert) == (State.REMOVED, None)


async def test_a_sign_off_that_meets_an_acknowledgement_is_signed_all_the_same(two: Two) -> None:
    await submitted(two)
    taken, signed = await two.meet(two.first.acknowledges(DCS), two.second.does(RUTH, Command.SIGN_OFF))
    assert taken.facts["seats"] == "oversight"
    assert not isinstance(signed, BaseException)
    assert (await two.second.concern()).state is State.REMOVED
    commands = [line.command for line in await two.second.history()]
    assert commands[-2:] == ["acknowledge", "sign_off"], "both are in the timeline"


async def test_one_child_raised_by_two_at_once_stands_on_the_tracker_once(two: Two) -> None:
    first, second = await two.meet(
        two.first.raises(TOM, category="2"), two.second.raises(PRIYA, category="1")
    )
    assert not isinstance(second, BaseException)
    assert (first.subject, second.subject) == ("C-1", "C-1")
    assert second.facts["again"] == "yes"
    concern = await two.second.concern()
    assert (concern.category, concern.climbing) == (Category.ONE, True)


async def test_raised_again_while_it_is_signed_off_it_is_alerted_and_not_lost(two: Two) -> None:
    """Whichever comes first: the child is on the tracker in the end, and somebody is alerted."""
    await submitted(two)
    await two.second.news()
    _, again = await two.meet(
        two.first.does(RUTH, Command.SIGN_OFF), two.second.raises(PRIYA, grounds="Left alone at night.")
    )
    assert not isinstance(again, BaseException)
    assert again.subject == "C-2", "the first one was gone when it could be written"
    assert (await two.second.concern("C-2")).climbing


async def test_a_sign_off_that_meets_a_new_finding_is_refused(two: Two) -> None:
    await submitted(two)
    again, late = await two.meet(
        two.first.raises(PRIYA, grounds="Left alone at night."), two.second.does(RUTH, Command.SIGN_OFF)
    )
    assert again.facts["again"] == "yes"
    assert isinstance(late, OutOfDate), "what the director read did not say so"
    concern = await two.second.concern()
    assert (concern.state, concern.climbing) == (State.WITH_HEAD_OF_SERVICE, True)


async def test_two_replicas_remind_at_once_and_each_person_is_told_once(two: Two) -> None:
    await two.second.raises(category="2")
    await two.second.news()
    for desk in (two.first, two.second):
        desk.at(2026, 11, 30, 9, 0)
    await two.meet(two.first.reminds(), two.second.reminds())
    assert await two.second.news() == [("overdue", "Dana"), ("overdue", "Ruth")]
