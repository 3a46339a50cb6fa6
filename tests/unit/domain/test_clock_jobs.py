"""Time and open requests, simulated day by day: chased, escalated, lapsed, never decided (domain, section 4)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain import schedules
from domain.calendar import Month, local_date, local_instant
from domain.exemptions import Command, Exemption, State
from domain.people import Position
from domain.policy import Exemptions, Policy, Working
from tests.builders import DANA, DCS, NORTH, RUTH, TOM
from tests.unit.domain.council import HARRY, WILL, Council, a_council

DAY_STARTS = time(9, 0)


def at_nine(day: date) -> datetime:
    return local_instant(day, DAY_STARTS)


async def days(council: Council, first: date, last: date) -> dict[str, list[str]]:
    """Runs the morning's job and midnight's for every calendar day; the day of each step by its command."""
    found: dict[str, list[str]] = {}
    day = first
    while day <= last:
        for instant, job in ((local_instant(day, time()), council.lapses), (at_nine(day), council.chases)):
            council.goes_to(instant)
            seen = len(council.trail("exemption."))
            await job()
            for entry in council.trail("exemption.")[seen:]:
                found.setdefault(entry.action.removeprefix("exemption."), []).append(f"{day:%a %d}")
        day += timedelta(days=1)
    return found


async def test_a_month_in_which_nobody_answers() -> None:
    # given Tom asks on Wednesday 11 November, and nobody ever answers
    council = a_council(datetime(2026, 11, 11, 12, tzinfo=UTC))
    await council.asks(TOM)
    # when the days pass
    steps = await days(council, date(2026, 11, 12), date(2026, 12, 3))
    # then it is chased each working day, goes up after three, and up again, and the DCS is chased to the end
    assert steps["chase"] == [
        *["Thu 12", "Fri 13"],
        *["Tue 17", "Wed 18"],
        *["Fri 20", "Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Mon 30"],
    ]
    assert steps["escalate"] == ["Mon 16", "Thu 19"]
    # and it lapses at the first instant of December, never having approved itself
    assert steps["lapse"] == ["Tue 01"]
    after = council.exemption("E-1")
    assert (after.state, after.decided_by_id) == (State.LAPSED, None)
    assert after.decided_at == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "chased", "escalated"),
    [
        # the Easter of 2027: Good Friday 26 March, Easter Monday 29 March
        (datetime(2027, 3, 24, 16, tzinfo=UTC), ["Thu 25", "Tue 30"], ["Wed 31"]),
        # Christmas 2026 with its substitute day on Monday 28 December
        (datetime(2026, 12, 23, 16, tzinfo=UTC), ["Thu 24", "Tue 29"], ["Wed 30"]),
        # asked on a Saturday: Monday is the first working day after it
        (datetime(2026, 11, 7, 12, tzinfo=UTC), ["Mon 09", "Tue 10"], ["Wed 11"]),
    ],
)
async def test_weekends_and_bank_holidays_do_not_count(
    asked: datetime, chased: list[str], escalated: list[str]
) -> None:
    council = a_council(asked)
    first = local_date(asked)
    month = Month.of(first)
    await council.asks(TOM, month, explanation="A final hearing")
    last = first + timedelta(days=8)
    steps = await days(council, first + timedelta(days=1), min(last, month.last))
    assert steps["chase"][:2] == chased
    assert steps["escalate"][:1] == escalated


@pytest.mark.parametrize(
    "month", [Month(2027, 1), Month(2027, 2), Month(2027, 5), Month(2027, 7), Month(2027, 10)], ids=str
)
async def test_it_lapses_at_the_deadline_though_that_is_no_working_day(month: Month) -> None:
    # given requests at every step on the eve of a month-end that is a weekend or a bank holiday
    council = a_council(local_instant(month.first, time(12)))
    council.deputy(RUTH, WILL, month.first, month.plus(1).last)
    will = council.changes(WILL, team=NORTH)
    first = await council.asks(TOM, month)
    asked_back = await council.does(DANA, Command.ASK_BACK, await council.asks(will, month))
    second = await council.does(DANA, Command.ENDORSE, first)
    council.goes_to(local_instant(month.plus(1).first, time()) - timedelta(seconds=1))
    assert (await council.lapses(), await council.chases()) == (0, 0)
    told = council.messages()
    # when the month is over
    council.waits(seconds=1)
    assert await council.lapses() == 2
    # then both have lapsed, and everybody on them is told, once
    assert {council.exemption(e.ref).state for e in (second, asked_back)} == {State.LAPSED}
    outcome = "exemption.outcome"
    assert sorted(council.told(told)) == sorted(
        [
            *[(outcome, person.id) for person in (TOM, RUTH, WILL, DANA)],
            *[(outcome, person) for person in (asked_back.person_id, DANA.id)],
        ]
    )
    assert await council.lapses() == 0


async def test_a_month_nobody_watched_over_at_a_clock_change() -> None:
    # given requests for March and October, whose last nights have another offset than their first
    for month, deadline in ((Month(2027, 3), "2027-03-31T23:00"), (Month(2026, 10), "2026-11-01T00:00")):
        council = a_council(local_instant(month.first, time(12)))
        asked = await council.asks(TOM, month)
        # when the clock stands just before and at midnight in London
        over = datetime.fromisoformat(deadline).replace(tzinfo=UTC)
        council.goes_to(over - timedelta(seconds=1))
        assert await council.lapses() == 0
        council.goes_to(over)
        assert await council.lapses() == 1
        # then it is the month's own midnight that counts
        assert council.exemption(asked.ref).decided_at == over


async def test_the_same_job_twice_does_nothing_twice() -> None:
    council = a_council()
    await council.asks(TOM)
    for day in (12, 13, 16, 17, 18, 19, 20):
        council.goes_to(at_nine(date(2026, 11, day)))
        first = await council.chases()
        after = council.store.data
        # when the job is run again, at once and late in the afternoon
        assert first == 1
        assert await council.chases() == 0
        council.waits(hours=7)
        assert await council.chases() == 0
        # then nothing has changed
        assert council.store.data is after


@pytest.mark.parametrize("day", [12, 16], ids=["chase", "escalate"])
async def test_two_replicas_at_once_do_it_once(day: int) -> None:
    # given several requests, and two replicas that overlap at every question
    council = a_council(serial=False)
    await council.asks(DANA, people=[TOM])
    council.names(NORTH, Position.HEAD_OF_SERVICE, HARRY)
    will = council.changes(WILL, team=NORTH)
    await council.asks(will)
    council.goes_to(at_nine(date(2026, 11, day)))
    # when both run the job
    await asyncio.gather(council.chases(), council.chases())
    await council.chases()
    # then each request has had one step
    assert [len(council.commands(council.exemption(ref))) for ref in ("E-1", "E-2")] == [2, 2]
    keys = [row.key for row in council.store.data.notices()]
    assert len(keys) == len(set(keys))


async def test_a_request_acted_on_at_the_same_moment_is_left_to_who_acted() -> None:
    council = a_council(serial=False)
    asked = await council.asks(TOM)
    council.goes_to(at_nine(date(2026, 11, 16)))
    results = await asyncio.gather(
        council.chases(), council.does(DANA, Command.ENDORSE, asked), return_exceptions=True
    )
    # then either Dana was in time, or her card was stale; never both
    after = council.exemption(asked.ref)
    assert (after.state, after.approver_id) == (State.WITH_DIRECTOR, RUTH.id)
    assert len(council.commands(after)) == 2
    assert isinstance(results[1], Exemption) == (council.commands(after)[-1] == "endorse")


async def test_days_of_downtime_are_caught_up_once() -> None:
    council = a_council()
    await council.asks(TOM)
    # given the bot was down from Wednesday 11 until Tuesday 24 November
    council.goes_to(at_nine(date(2026, 11, 24)))
    told = council.messages()
    # when it runs again
    assert (await council.chases(), await council.chases()) == (1, 0)
    # then one step was taken: the director is asked now and has their own days to answer in
    assert council.commands(council.exemption("E-1")) == ["request", "escalate"]
    assert council.told(told) == [
        ("exemption.to_decide", RUTH.id),
        ("exemption.moved_up", DANA.id),
        ("exemption.moved_up", TOM.id),
    ]
    council.goes_to(at_nine(date(2026, 11, 26)))
    await council.chases()
    assert council.exemption("E-1").state is State.WITH_DIRECTOR


async def test_downtime_over_the_deadline_ends_in_a_lapse_and_nothing_else() -> None:
    council = a_council()
    await council.asks(TOM)
    council.goes_to(at_nine(date(2026, 12, 7)))
    assert await council.chases() == 1
    assert council.commands(council.exemption("E-1")) == ["request", "lapse"]


async def test_where_nobody_is_above_it_is_chased_once_a_day() -> None:
    # given the director and the DCS have left since, and Dana's days are over
    council = a_council()
    await council.asks(TOM)
    for person in (RUTH, DCS):
        council.changes(person, active_to=date(2026, 11, 12))
    council.goes_to(at_nine(date(2026, 11, 17)))
    # when the job runs, again and again
    assert [await council.chases() for _ in range(3)] == [1, 0, 0]
    # then Dana was chased once that day
    assert council.commands(council.exemption("E-1")) == ["request", "chase"]


async def test_who_was_asked_back_is_chased_and_never_passed_over() -> None:
    council = a_council()
    asked = await council.does(DANA, Command.ASK_BACK, await council.asks(TOM))
    told = council.messages()
    steps = await days(council, date(2026, 11, 12), date(2026, 12, 1))
    # then Tom alone is reminded, each working day, until it lapses
    assert (len(steps["chase"]), set(steps)) == (13, {"chase", "lapse"})
    assert council.told(told, "exemption.chased") == [("exemption.chased", TOM.id)] * 13
    assert council.exemption(asked.ref).level.value == "head_of_service"


async def test_an_answer_starts_the_days_anew() -> None:
    council = a_council()
    asked = await council.does(DANA, Command.ASK_BACK, await council.asks(TOM))
    council.goes_to(datetime(2026, 11, 18, 15, tzinfo=UTC))
    await council.does(TOM, Command.ANSWER, asked)
    steps = await days(council, date(2026, 11, 19), date(2026, 11, 23))
    assert steps == {"chase": ["Thu 19", "Fri 20"], "escalate": ["Mon 23"]}


async def test_the_policys_days_count() -> None:
    policy = Policy(exemptions=Exemptions(chase_after_working_days=2, escalate_after_working_days=5))
    council = a_council(policy=policy)
    await council.asks(TOM)
    steps = await days(council, date(2026, 11, 12), date(2026, 11, 18))
    assert steps == {"chase": ["Fri 13", "Tue 17"], "escalate": ["Wed 18"]}


async def test_an_approvers_deputy_is_chased_with_them_while_the_dates_last() -> None:
    council = a_council()
    council.deputy(DANA, WILL, date(2026, 11, 12), date(2026, 11, 12))
    await council.asks(TOM)
    told = council.messages()
    await days(council, date(2026, 11, 12), date(2026, 11, 13))
    chased = "exemption.chased"
    assert council.told(told) == [(chased, DANA.id), (chased, WILL.id), (chased, DANA.id)]


async def test_what_is_decided_is_left_alone() -> None:
    council = a_council()
    await council.does(TOM, Command.WITHDRAW, await council.asks(TOM))
    before = council.store.data
    assert await days(council, date(2026, 11, 12), date(2026, 12, 2)) == {}
    assert council.store.data is before


async def test_several_hundred_open_ones_are_all_seen() -> None:
    council = a_council()
    first = await council.asks(TOM)
    for number in range(2, 451):
        council.stands(exemption_like(first, number))
    council.goes_to(at_nine(date(2026, 12, 1)))
    assert await council.chases() == 450


def exemption_like(first: Exemption, number: int) -> Exemption:
    return replace(first, id=number, person_id=1000 + number, requested_by_id=1000 + number)


# When the jobs are due.

WORKING = Working()


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-20T08:59:59+00:00", None),
        ("2026-11-20T09:00:00+00:00", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T16:59:59+00:00", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T17:00:00+00:00", None),
        ("2026-11-21T10:00:00+00:00", None),  # a Saturday
        ("2026-12-28T10:00:00+00:00", None),  # Boxing Day's substitute
        ("2026-07-01T08:00:00+00:00", "2026-07-01T08:00:00+00:00"),  # nine in summer
        ("2026-07-01T16:00:00+00:00", None),  # five in summer
        ("2027-03-29T09:00:00+00:00", None),  # the day after the clocks went forward is Easter Monday
        ("2027-03-30T08:00:00+00:00", "2027-03-30T08:00:00+00:00"),
        ("2026-10-26T08:30:00+00:00", None),  # half past eight again, the clocks went back yesterday
        ("2026-10-26T09:00:00+00:00", "2026-10-26T09:00:00+00:00"),
    ],
)
def test_mornings_of_work(now: str, slot: str | None) -> None:
    found = schedules.working_morning(datetime.fromisoformat(now), WORKING)
    assert found == (datetime.fromisoformat(slot) if slot else None)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-30T23:59:59+00:00", "2026-11-01T00:00:00+00:00"),
        ("2026-12-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00"),
        ("2026-06-30T22:59:59+00:00", "2026-05-31T23:00:00+00:00"),
        ("2026-06-30T23:30:00+00:00", "2026-06-30T23:00:00+00:00"),  # it is July in London
    ],
)
def test_starts_of_months(now: str, slot: str) -> None:
    assert schedules.month_start(datetime.fromisoformat(now), WORKING) == datetime.fromisoformat(slot)
