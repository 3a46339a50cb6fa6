"""The clock takes the ladder's steps, each record in its own commit, and what waits too long is said."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.jobs import Clockwork
from bot.slots import MarkedSlots
from domain.calendar import LONDON
from domain.concern_rules import Rung, Tier
from domain.concern_workflow import Command
from domain.concerns import Category, Source, Wanted
from domain.lanes import Lane
from domain.ports import NewConcern
from storage import tables
from storage.unit_of_work import SqlStore
from tests.alerting.desk import CHILD, FRIDAY, HELEN, MONA, NORTH, WILL, Desk, a_desk, with_rules
from tests.builders import DANA, DCS, RUTH, SAM


async def ticked(desk: Desk, minutes: int, every: int = 1) -> dict[int, list[str]]:
    """Whom the clock told at which minute after Friday 17:00."""
    told: dict[int, list[str]] = {}
    start = desk.now
    for minute in range(0, minutes, every):
        desk.now = start + timedelta(minutes=minute)
        await desk.climbs()
        for _, name in await desk.news():
            told.setdefault(minute, []).append(name)
    return told


async def test_nobody_reacts_and_it_climbs_round_after_round(desk: Desk) -> None:
    await desk.raises()
    await desk.news()
    assert await ticked(desk, 160, every=5) == {
        15: ["Dana"], 30: ["Ruth"], 45: ["Alex"], 60: ["Helen"],
        75: ["Dana", "Ruth"], 90: ["Dana"], 105: ["Ruth"], 120: ["Alex"], 135: ["Helen"],
        150: ["Dana", "Ruth"],
    }  # fmt: skip
    concern = await desk.concern()
    assert (concern.version, concern.moved) == (1, 1), "no card that stands is out of date by it"
    assert [line.command for line in await desk.history()] == ["raise"]
    assert (await desk.trail()).count("concern.climb") == 11


async def test_after_a_weekend_without_the_program_everybody_is_told_once(desk: Desk) -> None:
    await desk.raises()
    await desk.news()
    desk.later(hours=63)
    assert await desk.climbs() == 1
    assert await desk.news() == [
        ("climbed", "Alex"), ("climbed", "Helen"), ("climbed", "Dana"), ("climbed", "Ruth"),
    ]  # fmt: skip
    assert await desk.climbs() == 0


async def test_a_category_1_that_came_by_file_is_told_by_the_tick(desk: Desk) -> None:
    new = NewConcern(CHILD, Category.ONE, Source.IMPORT, FRIDAY.date(), NORTH.id, alerts=True)
    async with desk.store.writing() as uow:
        await uow.concerns.raise_(new, FRIDAY)
        await uow.commit()
    assert await desk.told() == []
    assert await desk.later(seconds=20).climbs() == 1
    assert await desk.told() == [("alert", "Dana"), ("alert", "Ruth")]
    assert await desk.lanes() == {"alert": {Lane.ALERT}}


async def test_who_answers_is_asked_anew_at_every_step(quick: Desk) -> None:
    """The head of service leaves, the director gets a deputy: the next step finds who is there then."""
    await quick.raises()
    await quick.leave(DANA, SAM)
    await quick.stands_in(WILL, RUTH, date(2026, 11, 20), date(2026, 11, 21))
    await quick.news()
    assert await ticked(quick, 50, every=15) == {15: ["Will"], 30: ["Ruth"], 45: ["Alex"]}
    # and with no head of service left, the director may take both seats
    assert (await quick.acknowledges(RUTH)).facts["open"] == ""


async def test_where_nobody_can_be_told_the_qa_team_is_and_it_climbs_on(quick: Desk) -> None:
    await quick.leave(DANA, SAM, RUTH, DCS, HELEN)
    await quick.raises()
    await quick.news()
    assert await ticked(quick, 61, every=15) == {15: ["Quinn"], 30: ["Quinn"], 45: ["Quinn"], 60: ["Quinn"]}
    assert (await quick.concern()).climbing


async def test_one_record_that_fails_stops_no_other(quick: Desk) -> None:
    for child in (CHILD, "C10501", "C10700"):
        await quick.raises(child=child)
    await quick.news()
    # given a row that cannot be read
    table = tables.concerns
    broken = update(table).where(table.c.id == 1)
    await quick.store.bulk(lambda c: c.execute(broken.values(source="nonsense")))
    quick.later(minutes=15)
    with pytest.raises(ExceptionGroup, match="1 of 3"):
        await quick.climbs()
    assert [name for _, name in await quick.news()] == ["Sam", "Dana"]
    # and when it can be read again, it is the only one that is still due
    await quick.store.bulk(lambda c: c.execute(broken.values(source=Source.CHAT.value)))
    assert await quick.climbs() == 1
    assert await quick.news() == [("climbed", "Dana")]


async def test_a_policy_that_was_changed_while_it_climbs_puts_nothing_off(quick: Desk) -> None:
    await quick.raises()
    await ticked(quick, 151, every=15)
    both = (Rung(after_minutes=0, tell=(Tier.HEAD_OF_SERVICE, Tier.DIRECTOR)),)
    quick.policy = with_rules(ladder=both, round_minutes=75)
    assert await ticked(quick, 91, every=15) == {15: ["Dana", "Ruth"], 75: ["Dana", "Ruth"]}


async def test_the_clockwork_climbs_first_and_by_night(quick: Desk) -> None:
    """And a job that fails stops nothing else."""
    clockwork = Clockwork(quick.store, MarkedSlots(quick.store), quick.policy)
    await quick.raises()
    await quick.news()
    quick.at(2026, 11, 22, 3, 0)
    assert await clockwork.run_due(quick.now) == 2, "it climbed, and the day went by without a response"
    told = await quick.news()
    assert [name for kind, name in told if kind == "climbed"] == ["Ruth", "Alex", "Helen", "Dana"]
    assert [name for kind, name in told if kind == "overdue"] == ["Dana", "Ruth", "Alex"]


# what waits


async def overdue(desk: Desk) -> list[str]:
    await desk.reminds()
    return [name for kind, name in await desk.news() if kind == "overdue"]


async def test_the_day_of_a_category_1_ends_without_a_response(desk: Desk) -> None:
    await desk.raises()
    for who in (DANA, RUTH):
        await desk.acknowledges(who)
    await desk.news()
    assert await overdue(desk.at(2026, 11, 20, 23, 59)) == []
    # when the calendar day is over, they are told at once, though it is a Saturday's midnight
    await desk.at(2026, 11, 21, 0, 0).reminds()
    assert await desk.lanes() == {"overdue": {Lane.ALERT}}
    assert await desk.news() == [("overdue", "Dana"), ("overdue", "Ruth"), ("overdue", "Alex")]
    # and then once every calendar day, from the start of work
    assert await overdue(desk.at(2026, 11, 21, 9, 30)) == []
    assert await overdue(desk.at(2026, 11, 22, 8, 59)) == []
    assert await overdue(desk.at(2026, 11, 22, 9, 0)) == ["Dana", "Ruth", "Alex"]
    assert await overdue(desk.at(2026, 11, 22, 9, 0)) == []
    # until it is there
    await desk.does(DANA, Command.RESPOND)
    assert await overdue(desk.at(2026, 11, 23, 9, 0)) == []


async def test_midnight_is_londons(quick: Desk) -> None:
    quick.at(2026, 7, 1, 12, 0)
    await quick.raises()
    for who in (DANA, RUTH):
        await quick.acknowledges(who)
    await quick.news()
    assert quick.at(2026, 7, 1, 23, 5).now.astimezone(LONDON).date() == date(2026, 7, 2)
    assert await overdue(quick) == ["Dana", "Ruth", "Alex"]


async def test_after_days_without_the_program_it_is_said_at_once_and_only_once(quick: Desk) -> None:
    await quick.raises()
    for who in (DANA, RUTH):
        await quick.acknowledges(who)
    await quick.news()
    assert await overdue(quick.at(2026, 11, 24, 4, 0)) == ["Dana", "Ruth", "Alex"]
    assert await overdue(quick.at(2026, 11, 24, 9, 0)) == []


async def test_a_category_2_without_a_response_is_said_on_working_mornings_not_every_day(quick: Desk) -> None:
    await quick.raises(category="2")  # answered by Friday the 27th
    await quick.news()
    assert await overdue(quick.at(2026, 11, 28, 9, 0)) == [], "a Saturday"
    assert await overdue(quick.at(2026, 11, 30, 8, 59)) == []
    await quick.at(2026, 11, 30, 9, 0).reminds()
    assert await quick.lanes() == {"overdue": {Lane.DECISION}}
    assert await quick.news() == [("overdue", "Dana"), ("overdue", "Ruth")]
    days = [day for day in range(1, 15) if await overdue(quick.at(2026, 12, day, 9, 0))]
    assert days == [2, 4, 8, 10, 14], "every two working days, until it is there"
    # the council's own policy says how often
    quick.policy = with_rules(overdue_again_after_working_days=1)
    assert await overdue(quick.at(2026, 12, 15, 9, 0)) == ["Dana", "Ruth"]
    assert await overdue(quick.later(minutes=30)) == [], "never twice a day"


async def test_a_step_that_waits_is_said_to_who_has_it_and_the_second_time_to_who_is_above(
    quick: Desk,
) -> None:
    await quick.raises(category="2")
    await quick.does(DANA, Command.RESPOND)
    await quick.does(DANA, Command.ASK_TEAM)
    await quick.news()
    assert await overdue(quick.at(2026, 11, 26, 9, 0)) == []
    assert await overdue(quick.at(2026, 11, 27, 9, 0)) == ["Mona"]
    assert await overdue(quick.at(2026, 12, 3, 9, 0)) == []
    assert await overdue(quick.at(2026, 12, 4, 9, 0)) == ["Mona", "Dana"]
    # when the team answers, it waits for the head of service from then on
    await quick.does(MONA, Command.UPDATE)
    await quick.news()
    assert await overdue(quick.at(2026, 12, 10, 9, 0)) == []
    assert await overdue(quick.at(2026, 12, 11, 9, 0)) == ["Dana"]
    assert await overdue(quick.at(2026, 12, 18, 9, 0)) == ["Dana", "Ruth"]


async def test_a_sign_off_that_waits_goes_from_the_director_to_the_dcs(quick: Desk) -> None:
    await quick.raises()
    for who in (DANA, RUTH):
        await quick.acknowledges(who)
    await quick.does(DANA, Command.RESPOND)
    await quick.does(DANA, Command.SUBMIT, evidence="Seen on Thursday.", wanted=Wanted.REMOVAL)
    await quick.news()
    assert await overdue(quick.at(2026, 11, 27, 9, 0)) == ["Ruth"]
    assert await overdue(quick.at(2026, 12, 4, 9, 0)) == ["Ruth", "Alex"]


async def test_deputies_are_told_with_whom_they_stand_in_for(quick: Desk) -> None:
    await quick.stands_in(WILL, DANA, date(2026, 11, 30), date(2026, 11, 30))
    await quick.raises(category="2")
    await quick.news()
    assert await overdue(quick.at(2026, 11, 30, 9, 0)) == ["Dana", "Ruth", "Will"]


async def test_nothing_is_said_of_a_step_while_the_alert_itself_climbs(quick: Desk) -> None:
    await quick.raises()
    await quick.does(DANA, Command.RESPOND)  # her seat; Ruth's is open
    await quick.news()
    assert await overdue(quick.at(2026, 12, 4, 9, 0)) == []


async def test_nobody_is_told_twice_a_day_though_the_state_changed(quick: Desk) -> None:
    await quick.raises()
    for who in (DANA, RUTH):
        await quick.acknowledges(who)
    await quick.news()
    await quick.at(2026, 11, 23, 9, 0).reminds()
    await quick.does(DANA, Command.ASK_TEAM)
    assert (await quick.concern()).reminded_at is None
    await quick.later(hours=1).reminds()
    told = [name for kind, name in await quick.news() if kind == "overdue"]
    assert told == ["Dana", "Ruth", "Alex"]


async def test_off_the_tracker_nothing_waits(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store)
    await desk.raises(category="2")
    await desk.does(DANA, Command.REMOVE, evidence="The plan is in place.")
    await desk.news()
    assert await overdue(desk.at(2026, 12, 14, 9, 0)) == []
