"""The limits are never exceeded, whatever the network does; the urgent goes first; nobody is forgotten."""

import asyncio
import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teams.throttle import ROSTER_READS, SENDS, Throttle, Windows, allowed
from bot.turns import TryAgain
from domain.lanes import Lane
from tests.doubles.connector import THREAD_SENDS, ArrivalLimit
from tests.doubles.fake_time import run_in_fake_time


@dataclass(frozen=True)
class Request:
    """When it is asked for, where to and how urgent, and how long its way and its answer's way take."""

    at: float
    conversation: str
    lane: Lane
    there: float = 0.01
    back: float = 0.01


@dataclass(frozen=True)
class Arrival:
    at: float
    request: Request


async def all_of(throttle: Throttle, requests: list[Request], windows: Windows = SENDS) -> list[Arrival]:
    """Lets every request through the throttle; what the platform sees, in its order."""
    arrivals: list[Arrival] = []
    loop = asyncio.get_running_loop()

    async def one(request: Request) -> None:
        await asyncio.sleep(request.at)
        async with throttle.place(request.conversation, windows, request.lane, patience=10_000):
            await asyncio.sleep(request.there)
            arrivals.append(Arrival(loop.time(), request))
            await asyncio.sleep(request.back)

    await asyncio.gather(*(one(request) for request in requests))
    return arrivals


requests = st.builds(
    Request,
    at=st.floats(0, 5),
    conversation=st.sampled_from(["a", "a", "a", "b", "c"]),
    lane=st.sampled_from(list(Lane)),
    there=st.floats(0, 0.6),
    back=st.floats(0, 0.6),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(requests, min_size=1, max_size=120), st.integers(1, 50))
def test_no_window_is_ever_exceeded(wanted: list[Request], rate: int) -> None:
    # given any traffic over a network with any delays, when it has gone through the throttle
    arrivals = run_in_fake_time(all_of(Throttle(rate), wanted))
    # then everything arrived, and a platform that counts arrivals found nothing to complain about
    assert len(arrivals) == len(wanted)
    tenant = ArrivalLimit(((rate, 1.0),))
    threads = {name: ArrivalLimit(THREAD_SENDS) for name in "abc"}
    for arrival in arrivals:
        assert tenant.too_early_by(arrival.at + 1e-9 * len(arrivals)) <= 1e-6
        assert threads[arrival.request.conversation].too_early_by(arrival.at) <= 1e-6


def test_the_hour_of_a_conversation_is_kept() -> None:
    # given a channel that gets twice as much as an hour allows
    wanted = [Request(0.0, "channel", Lane.REPLY) for _ in range(2_000)]
    arrivals = run_in_fake_time(all_of(Throttle(1_000), wanted))
    limit = ArrivalLimit(THREAD_SENDS)
    assert max(limit.too_early_by(arrival.at) for arrival in arrivals) <= 1e-6
    assert arrivals[-1].at > 3_600


def test_an_alert_overtakes_fifteen_thousand_nudges() -> None:
    # given a flood, when an alert is raised in the middle of it
    flood = [Request(0.0, f"person {number}", Lane.NUDGE) for number in range(15_000)]
    alert = Request(100.013, "director", Lane.ALERT)
    arrivals = run_in_fake_time(all_of(Throttle(50), [*flood, alert]))
    # then it leaves at once, not after its turn
    at = next(arrival.at for arrival in arrivals if arrival.request is alert)
    assert at - alert.at < 0.1
    assert arrivals[-1].at < 360, "the flood itself takes little longer than 15,000 / 50 seconds"


def test_an_alert_overtakes_nudges_in_its_own_conversation() -> None:
    flood = [Request(0.0, "channel", Lane.NUDGE) for _ in range(500)]
    alert = Request(33.3, "channel", Lane.ALERT)
    arrivals = run_in_fake_time(all_of(Throttle(50), [*flood, alert]))
    at = next(arrival.at for arrival in arrivals if arrival.request is alert)
    assert at - alert.at < 1.0


def test_replies_do_not_starve_behind_bulk() -> None:
    # given a flood of decisions, nudges and digests, and people who talk with the bot meanwhile
    bulk = [Request(0.0, f"p{n}", random.Random(n).choice(list(Lane)[2:])) for n in range(2_000)]
    talk = [Request(n / 2, f"talker {n}", Lane.REPLY) for n in range(40)]
    arrivals = run_in_fake_time(all_of(Throttle(50), [*bulk, *talk]))
    waits = [arrival.at - arrival.request.at for arrival in arrivals if arrival.request.lane is Lane.REPLY]
    assert len(waits) == 40
    assert max(waits) < 1.1


def test_within_a_lane_the_first_comes_first() -> None:
    wanted = [Request(n * 1e-6, f"person {n % 7}", Lane.NUDGE) for n in range(300)]
    arrivals = run_in_fake_time(all_of(Throttle(50), wanted))
    for person in range(7):
        mine = [
            arrival.request.at for arrival in arrivals if arrival.request.conversation == f"person {person}"
        ]
        assert mine == sorted(mine)


def test_lanes_go_in_their_order() -> None:
    # given a tenant whose second is used up, and one waiter in each lane, the least urgent first
    async def story() -> list[Lane]:
        throttle = Throttle(1)
        full = [Request(0.0, "first", Lane.DIGEST)]
        waiting = [Request(0.1, lane.name, lane) for lane in sorted(Lane, reverse=True)]
        return [arrival.request.lane for arrival in await all_of(throttle, [*full, *waiting])][1:]

    assert run_in_fake_time(story()) == sorted(Lane)


def test_a_waiter_that_gives_up_takes_nothing_with_it() -> None:
    async def story() -> float:
        throttle, loop = Throttle(1), asyncio.get_running_loop()

        async def hold() -> None:
            async with throttle.place("x", SENDS, Lane.NUDGE, 1_000):
                await asyncio.sleep(0.01)

        # given one that goes, one that gives up while it waits, and one just as its turn has come
        first, gives_up, last = (asyncio.create_task(hold()) for _ in range(3))
        await first
        gives_up.cancel()
        await asyncio.gather(gives_up, return_exceptions=True)
        await last
        assert gives_up.cancelled()
        late = asyncio.create_task(hold())
        await asyncio.sleep(0.5)
        late.cancel()
        await asyncio.gather(late, return_exceptions=True)
        async with throttle.place("y", SENDS, Lane.ALERT, 1_000):
            return loop.time()

    assert run_in_fake_time(story()) == pytest.approx(2.02, abs=0.05)


def test_a_place_that_was_granted_and_given_up_in_the_same_moment_is_free_again() -> None:
    async def story() -> tuple[bool, float]:
        throttle, loop = Throttle(1), asyncio.get_running_loop()
        async with throttle.place("x", SENDS, Lane.REPLY):
            pass  # given a second that is used up

        async def hold() -> None:
            async with throttle.place("x", SENDS, Lane.REPLY):
                raise AssertionError("it was cancelled before it could begin")

        task = asyncio.create_task(hold())
        await asyncio.sleep(0.5)
        # when a waiter is cancelled after its place was granted, and before it has heard of it
        loop.call_at(1.0 + 1e-10, task.cancel)
        await asyncio.gather(task, return_exceptions=True)
        async with throttle.place("x", SENDS, Lane.REPLY):
            return task.cancelled(), loop.time()

    assert run_in_fake_time(story()) == (True, pytest.approx(1.0, abs=0.001))


def test_a_paused_lane_waits_and_the_others_do_not() -> None:
    async def story() -> dict[Lane, float]:
        throttle = Throttle(50)
        throttle.pause(Lane.NUDGE, 30)
        arrivals = await all_of(throttle, [Request(1.0, lane.name, lane) for lane in Lane])
        return {arrival.request.lane: arrival.at for arrival in arrivals}

    seen = run_in_fake_time(story())
    assert seen[Lane.NUDGE] >= 30
    assert all(at < 2 for lane, at in seen.items() if lane is not Lane.NUDGE)


def test_a_pause_longer_than_the_patience_is_said_at_once() -> None:
    async def story() -> list[float]:
        throttle, waits = Throttle(1), list[float]()

        async def nudge(number: int) -> None:
            try:
                async with throttle.place(f"p{number}", SENDS, Lane.NUDGE):
                    await asyncio.sleep(0.01)
            except TryAgain as error:
                waits.append(error.retry_after or 0.0)

        # given one that waits already when the platform asks for a minute, and one that comes after
        waiting = [asyncio.create_task(nudge(0)), asyncio.create_task(nudge(1))]
        await asyncio.sleep(0.5)
        throttle.pause(Lane.NUDGE, 60)
        await asyncio.gather(*waiting)
        await nudge(2)
        assert asyncio.get_running_loop().time() < 1
        return waits

    assert run_in_fake_time(story()) == [60, 60]


def test_a_conversation_whose_hour_is_used_up_is_said_at_once() -> None:
    async def story() -> float:
        throttle = Throttle(1_000)
        hour = ((2, 3_600.0),)
        for _ in range(2):
            async with throttle.place("x", hour, Lane.REPLY):
                await asyncio.sleep(0)
        with pytest.raises(TryAgain) as caught:
            async with throttle.place("x", hour, Lane.REPLY):
                pass
        return caught.value.retry_after or 0.0

    assert run_in_fake_time(story()) == pytest.approx(3_600)


def test_idle_conversations_are_forgotten() -> None:
    async def story() -> int:
        throttle = Throttle(100_000)
        for batch in range(5):
            await all_of(throttle, [Request(0.0, f"{batch} {n}", Lane.REPLY) for n in range(2_000)])
            await asyncio.sleep(3_700)
        return len(throttle)

    assert run_in_fake_time(story()) < 5_000


def test_reads_of_the_roster_have_limits_of_their_own() -> None:
    async def story() -> float:
        await all_of(Throttle(50), [Request(0.0, "x", Lane.ALERT) for _ in range(14)], ROSTER_READS)
        return asyncio.get_running_loop().time()

    assert run_in_fake_time(story()) < 1


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("limit", [1, 4, 5, 7, 50, 1_800])
def test_the_last_places_are_for_the_urgent(limit: int, lane: Lane) -> None:
    share = allowed(limit, lane)
    assert 1 <= share <= limit
    assert allowed(limit, Lane.ALERT) == limit
    assert limit < 5 or lane < Lane.NUDGE or share < allowed(limit, Lane.REPLY) < limit


def test_a_rate_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Throttle(0)
