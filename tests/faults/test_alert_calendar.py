"""Nobody answers a Category 1 for days: over a change of the clocks, Christmas, Easter, a month's end, with the bot
down for hours. Who must be told when is written down here a second time, from the text of the rules,
and compared with what arrived at Teams (domain, section 5; cases 43 to 47 and 59)."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.people import Scope
from storage.tables import concerns, trail
from tests.doubles.connector import ConnectorDouble
from tests.doubles.heartbeat import HeartbeatListener
from tests.doubles.login import LoginDouble
from tests.doubles.quick_time import QuickLoop
from tests.faults.alerts import raising
from tests.stories.council import PEOPLE
from tests.stories.world import World, a_world, text_of

LONDON = ZoneInfo("Europe/London")
ON_THE_LADDER = ("hana", "dina", "carol", "helen", "karl", "edwin")
"""Karl and Edwin are somebody's deputies, where a story has them."""
A_ROUND = 75
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Deputy:
    """On whole days of London's calendar."""

    of: str
    who: str
    first: date
    last: date


@dataclass(frozen=True)
class Weekend:
    """Raised at `raised`; watched until `until`. `down`: no bot runs from … to …"""

    raised: datetime
    until: datetime
    deputies: tuple[Deputy, ...] = ()
    down: tuple[tuple[datetime, datetime], ...] = ()
    gone: dict[str, date] = field(default_factory=dict[str, date])
    """Somebody's last day."""


def london(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type]


# who must be told when, by the text of the rules


def rungs(weekend: Weekend) -> Iterator[tuple[datetime, list[str]]]:
    """Minute 0 head of service and director, 15 head of service and deputies, 30 director, 45 DCS, 60 head of quality
    (the two highest with their deputies), and round again after 75, by the minutes that went by. A rung that nobody
    holds is passed over at once, and the next one is then told in its place."""
    passed: datetime | None = None
    for at, tiers in _ladder(weekend.raised, weekend.until):
        when = passed or at
        people = _people(weekend, tiers, when)
        passed = None if people else when
        if people:
            yield when, people


def _ladder(begin: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    while True:
        for minute, tiers in ((0, "SD"), (15, "SP"), (30, "D"), (45, "C"), (60, "Q")):
            at = begin + timedelta(minutes=minute)
            if at > until:
                return
            yield at, tiers
        begin += timedelta(minutes=A_ROUND)


def _people(weekend: Weekend, tiers: str, at: datetime) -> list[str]:
    holds = {"S": "hana", "D": "dina", "C": "carol", "Q": "helen"}
    day = at.astimezone(LONDON).date()

    def there(key: str) -> bool:
        return day <= weekend.gone.get(key, day)

    def deputies(*of: str) -> list[str]:
        standing = (d for d in weekend.deputies if d.of in of and d.first <= day <= d.last)
        return [d.who for d in standing if there(d.of) and there(d.who)]

    found: list[str] = []
    for tier in tiers:
        if tier == "P":
            found += deputies("hana", "dina")
        elif there(holds[tier]):
            found += [holds[tier], *(deputies(holds[tier]) if tier in "CQ" else ())]
    return sorted(set(found))


def expected(weekend: Weekend) -> list[tuple[datetime, list[str]]]:
    """What was missed while the bot was down is made up for once when it is back: everybody whom it missed, once."""
    found: dict[datetime, set[str]] = {}
    for at, people in rungs(weekend):
        back = next((end for begin, end in weekend.down if begin <= at < end), at)
        found.setdefault(back, set()).update(people)
    return [(at, sorted(people)) for at, people in sorted(found.items())]


# what did arrive


class Watch:
    """A bot whose clock goes from moment to moment, and what came of it at the people of the ladder."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ref = ""
        self.came: list[tuple[datetime, list[str]]] = []
        self._seen = dict.fromkeys(ON_THE_LADDER, 0)

    async def stand_in(self, deputies: Sequence[Deputy]) -> None:
        async with self.world.store.writing() as uow:
            for deputy in deputies:
                principal = await uow.people.by_email(PEOPLE[deputy.of].email)
                delegate = await uow.people.by_email(PEOPLE[deputy.who].email)
                assert principal is not None
                assert delegate is not None
                days = deputy.first, deputy.last
                await uow.delegations.add(principal.id, delegate.id, Scope.CONCERNS, *days)
            await uow.commit()

    async def raised(self, at: datetime) -> None:
        self.world.clock.now = at
        await self.world.chat("amelia").invoke(raising(self.world.chat("amelia")))
        [row] = await self.world.ask(select(concerns.c.id))
        self.ref = f"C-{row.id}"
        await self.look(at)

    async def tick(self, at: datetime) -> None:
        """The minutes go by for the platform's limits too."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, QuickLoop)
        loop.skipped += max(0.0, (at - self.world.clock.now).total_seconds())
        self.world.clock.now = at
        await self.world.host.tick()
        await self.look(at)

    async def look(self, at: datetime) -> None:
        await self.world.host.deliverer.drain()
        people: list[str] = []
        for key in ON_THE_LADDER:
            new = self.world.chat(key).messages[self._seen[key] :]
            self._seen[key] += len(new)
            alerts = [m for m in new if str(m.activity.get("summary")).startswith("Category 1 alert")]
            assert all(self.ref in text_of(message.card) for message in alerts)
            people += [key] * len(alerts)
        if people:
            self.came.append((at, sorted(people)))

    async def over(self, weekend: Weekend) -> None:
        """A tick whenever something is due, and now and then one a second before; none while it is down."""
        await self.stand_in(weekend.deputies)
        await self.world.people_change(
            {key: {"active_to": last.isoformat()} for key, last in weekend.gone.items()}
        )
        await self.raised(weekend.raised)
        due = [at for at, _ in _ladder(weekend.raised, weekend.until)][1:]
        moments = {*due, *(at - SECOND for at in due[::7]), *(end for _, end in weekend.down)}
        for moment in sorted(moments):
            if not any(begin <= moment < end for begin, end in weekend.down):
                await self.tick(moment)


@pytest.fixture
async def listener() -> AsyncIterator[HeartbeatListener]:
    async with HeartbeatListener() as double:
        yield double


@pytest.fixture
async def watch(
    settled_url: str, tmp_path: Path, login: LoginDouble, listener: HeartbeatListener
) -> AsyncIterator[Watch]:
    heartbeat: dict[str, Any] = {"heartbeat_url": listener.address}
    async with (
        ConnectorDouble(token_ok=login.issued) as connector,
        a_world(settled_url, tmp_path, login, connector, settled=True, **heartbeat) as world,
    ):
        for key in ON_THE_LADDER:
            await world.chat(key).install()
            connector.messages[PEOPLE[key].conversation].clear()
        yield Watch(world)
        assert (await world.store.verify_trail()).whole


SILENCE = {
    "October, over the change of the clocks": Weekend(
        london(2026, 10, 23, 17, 3),
        london(2026, 10, 26, 9, 0),
        deputies=(
            Deputy("hana", "karl", date(2026, 10, 25), date(2026, 10, 25)),  # a day of 25 hours
            Deputy("carol", "edwin", date(2026, 10, 24), date(2026, 10, 25)),
        ),
    ),
    "Easter, over the change of the clocks": Weekend(
        london(2027, 3, 27, 20, 10),
        london(2027, 3, 28, 20, 0),
        deputies=(Deputy("dina", "edwin", date(2027, 3, 28), date(2027, 3, 28)),),  # of 23 hours
    ),
    "Christmas, and down from the night to the afternoon": Weekend(
        london(2026, 12, 24, 17, 40),
        london(2026, 12, 25, 20, 0),
        down=((london(2026, 12, 25, 2, 11), london(2026, 12, 25, 13, 37)),),
    ),
    "a month's end on a Saturday, the last day of the head of service": Weekend(
        london(2026, 10, 31, 18, 0), london(2026, 11, 1, 6, 0), gone={"hana": date(2026, 10, 31)}
    ),
}


@pytest.mark.fault(43)
@pytest.mark.fault(44)
@pytest.mark.fault(47)
@pytest.mark.fault(59)
@pytest.mark.parametrize("when", SILENCE)
async def test_nobody_answers_and_everybody_is_told_as_the_ladder_says(
    watch: Watch, listener: HeartbeatListener, when: str
) -> None:
    weekend = SILENCE[when]
    await watch.over(weekend)
    assert watch.came == expected(weekend)
    # and it climbs still; each step of it is in the trail, with the beginning
    [row] = await watch.world.ask(select(concerns))
    assert weekend.until < row.alert_next_at <= weekend.until + timedelta(minutes=30)
    entries = await watch.world.ask(select(trail.c.at).where(trail.c.action == "concern.climb"))
    assert [entry.at for entry in entries] == [at for at, _ in watch.came]
    # and the outside has not heard for as long that all is well; the replica itself is fit to take the answer
    assert await watch.world.host.health.examine() == {}
    assert watch.world.host.check.found()
    assert listener.beats <= 5
