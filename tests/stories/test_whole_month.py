"""A whole month, from the requests before the issue to the child's record: 89 auditors, nobody leaves the chat.

It comes to the row that a council published for January 2019: a pool of 82, less 12 and 5 exemptions 65 allocated; 58
returned in time, one of them below the standard. `returned` is read as what came by the last day of the month. Of the
seven that the council called nil, four come late here, and three never: 65 = 58 + 4 + 3.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from domain.calendar import Month
from domain.measures.tables import Span
from domain.policy import Policy
from domain.usecases import figures
from tests.doubles import activities
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.stories import honesty
from tests.stories import month_books as books
from tests.stories import month_returns as back
from tests.stories.month_council import Member, month_council, write_month_council
from tests.stories.month_story import NON_OPERATIONAL, OPERATIONAL, TheMonth
from tests.stories.world import a_world


@dataclass(frozen=True, slots=True)
class Published:
    pool: int = 82
    non_operational: int = 12
    operational: int = 5
    allocated: int = 65
    returned: int = 58
    below_standard: int = 1
    to_standard: int = 57


ROW = Published()
"""The story is made to come to it; that it does is counted from what happened."""
LATE = 4


@pytest.fixture
async def month(
    database_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[TheMonth]:
    council = month_council()
    async with a_world(database_url, tmp_path, login, connector, settled=True) as world:
        world.clock.to(2018, 12, 17, 10, 0)
        for kind, path in write_month_council(tmp_path, council):
            await world.imported(kind, path)
        for person in council.people.values():
            entry = activities.roster_entry(person.aad, person.email)
            connector.rosters[person.conversation] = [
                {**entry, "id": f"29:{person.key}", "name": person.name}
            ]
        month = TheMonth(world, council)
        await month.chat("qa0").install()
        yield month
        await honesty.check(world)


Figure = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def figure(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Figure:
    """What the command line prints."""
    monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", database_url)

    async def printed(name: str, *options: str) -> dict[str, Any]:
        capsys.readouterr()
        asked = ["figures", name, "--month", "2019-01", "--format", "json", *options]
        assert await asyncio.to_thread(cli.run, asked) == 0
        return json.loads(capsys.readouterr().out)

    return printed


async def test_a_whole_month(month: TheMonth, figure: Figure) -> None:
    await exempt_before_the_issue(month)
    await month.is_issued(ROW.allocated + 1)
    await what_changes_after_the_issue(month)
    assert len(month.diary.allocated) == ROW.allocated
    slipping = await more_time_for_one(month)
    await what_comes_back(month, slipping)
    await at_the_deadline(month)
    await what_comes_late(month, slipping)
    await judged_confirmed_and_put_on_record(month)
    await month.until(2019, 2, 11, 9, 0)
    await the_figures_are_what_happened(month, figure)


async def exempt_before_the_issue(month: TheMonth) -> None:
    """Some ask themselves; heads of service ask for several; one is declined."""
    for reason in NON_OPERATIONAL[:3]:
        await month.asks_to_be_exempt(month.next(), "non-operational", reason)
    await month.asks_to_be_exempt(month.next(), "operational", OPERATIONAL[0])
    await month.is_declined(month.auditors[0])
    left = ROW.non_operational - 1 - 3
    for service, number in (("Safeguarding", left // 2), ("Family Help", left - left // 2)):
        await month.head_asks_for(month.some_of(service, number), "non-operational", NON_OPERATIONAL[3])
    others = month.some_of("Leaving Care", ROW.operational - 1 - 1)
    await month.head_asks_for(others, "operational", OPERATIONAL[1])


async def what_changes_after_the_issue(month: TheMonth) -> None:
    """Two become exempt: one child goes to somebody who has just been trained, one to nobody. One child is changed."""
    await month.until(2019, 1, 8, 10, 0)
    first = await month.is_exempt_after_issue(month.next(), "non-operational", NON_OPERATIONAL[0])
    await month.is_exempt_after_issue(month.next(), "operational", OPERATIONAL[0])
    await month.is_given_to(first, await month.somebody_joins(first))
    await month.gets_another_child(month.auditors[3])


async def more_time_for_one(month: TheMonth) -> Member:
    person = month.auditors[4]
    await month.until(2019, 1, 11, 15, 0)
    await month.may_be_late(person, date(2019, 2, 5), "Tue 5 February 2019")
    return person


def auditing(month: TheMonth, slipping: Member) -> list[Member]:
    """Those whose audit is still to come back, one after the other."""
    waiting = [case.auditor for case in month.diary.allocated if case.returned_on is None]
    return [person for person in waiting if person is not None and person != slipping]


async def what_comes_back(month: TheMonth, slipping: Member) -> None:
    """Four a day from the middle of the month, three of them step by step; the rest in the last hour."""
    people = auditing(month, slipping)[: ROW.returned]
    for place, person in enumerate(people):
        day = 14 + place // 4
        moment = (2019, 1, day, 11, 0) if day < 25 else (2019, 1, 31, 23, 15)
        if place % 4 == 0 or day < 25:
            await month.until(*moment)
        returns = back.returns_in_steps if place in (0, 3, 9) else back.returns_at_once
        await returns(month, person, back.Findings.of(place))


async def at_the_deadline(month: TheMonth) -> None:
    """A minute into the next month the books are still open: what is not here yet is outstanding."""
    await month.until(2019, 2, 1, 0, 1)
    january = Span(Month(2019, 1), Month(2019, 1))
    question = figures.Question("completion", january)
    found = await figures.figure(month.world.store, Policy(), question, back.today(month))
    counted = books.completion(month, back.today(month))
    assert counted["outstanding"] == ROW.allocated - ROW.returned
    for name, value in found.rows[0].values.items():
        assert (float(value) if isinstance(value, Decimal) else value) == counted[name], name


async def what_comes_late(month: TheMonth, slipping: Member) -> None:
    await month.until(2019, 2, 1, 9, 30)
    for place, person in enumerate(auditing(month, slipping)[: LATE - 1], start=ROW.returned):
        await back.returns_at_once(month, person, back.Findings.of(place))
    await month.until(2019, 2, 5, 16, 0)
    await back.returns_at_once(month, slipping, back.Findings.of(ROW.returned + LATE))


async def judged_confirmed_and_put_on_record(month: TheMonth) -> None:
    """Two are sent back: one is reworked, one stays below the standard. One grade is changed."""
    await month.until(2019, 2, 6, 9, 0)
    await back.sample_is_drawn(month)
    reworked, below, other, *rest = back.to_judge(month)
    await back.sends_back(month, reworked)
    await back.sends_back(month, below)
    await back.reworks(month, reworked)
    for case in (reworked, *rest):
        await back.judges(month, case)
    await back.judges(month, other, "inadequate" if other.grade != "inadequate" else "good")
    await back.all_are_confirmed(month)
    await back.all_are_put_on_record(month)


async def the_figures_are_what_happened(month: TheMonth, figure: Figure) -> None:
    """Of the command line, on whatever day it is asked later."""
    today = back.today(month)
    completion = books.completion(month, today)
    for name in Published.__slots__:
        assert completion[name] == getattr(ROW, name), name
    assert (completion["late"], completion["nil"]) == (LATE, ROW.allocated - ROW.returned - LATE)
    whole = {"completion": completion, "activity": books.activity(month, today), "pool": books.pool(month)}
    for name, counted in whole.items():
        [row] = (await figure(name))["rows"]
        assert row == {"key": None, **counted}, name
    for counts in (books.grades, books.moderation, books.engagement, books.exemptions):
        [row] = (await figure(counts.__name__))["rows"]
        counted = counts(month)
        assert {name: row[name] for name in counted} == counted, counts.__name__
    by_service = (await figure("completion", "--by", "service"))["rows"]
    assert {row["key"]: row["returned"] for row in by_service} == books.returned_by_service(month)
