"""A Category 1 while Teams takes no messages, while e-mail is down as well, and while everybody is out of reach: it
climbs by whatever way there is, an acknowledgement stops it, and what still matters arrives when the way is free again
(domain, section 5; cases 27 to 31, 59 and 60)."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.tables import concerns, outbox
from tests.alarm.alarm import Alarm
from tests.doubles.connector import ConnectorDouble
from tests.doubles.heartbeat import HeartbeatListener
from tests.doubles.login import LoginDouble
from tests.doubles.smtp import MailServer, a_mail_server
from tests.faults.alerts import LADDER, acknowledging
from tests.stories.council import PEOPLE
from tests.stories.world import a_world, text_of

EVERYBODY = ("hana", "dina", "carol", "helen", "quinn", "queenie")
KEY = {PEOPLE[key].email: key for key in EVERYBODY}
Came = list[tuple[int, str]]
"""(minutes since it was raised, who)"""
AN_HOUR = [(0, "dina"), (0, "hana"), (15, "hana"), (30, "dina"), (45, "carol")]
"""Whom the ladder tells in the first hour; nobody has a deputy."""
PATIENCE = 2
"""Minutes that Teams has for an alert."""


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest.fixture
async def listener() -> AsyncIterator[HeartbeatListener]:
    async with HeartbeatListener() as double:
        yield double


class Broken(Alarm):
    """`minute` counts from the alert; `letters` and `chats` are what came so far, and when."""

    minute = 0

    def watch(self) -> "Broken":
        self.letters: Came = []
        self.chats: Came = []
        self._seen = dict.fromkeys(LADDER, 0)
        self._began = self.world.clock()
        return self

    async def until_minute(self, minute: int, every: int = 1) -> None:
        """A tick every so many minutes, and all that is due is sent."""
        while self.minute < minute:
            self.minute = min(self.minute + every, minute)
            self.world.clock.now = self._began
            self.world.clock.forward(minutes=self.minute)
            await self.world.tick()
            self.look()

    def look(self) -> None:
        new = self.mail.to[len(self.letters) :]
        self.letters += sorted((self.minute, KEY[address]) for address in new)
        for key in LADDER:
            messages = self.world.chat(key).messages
            self.chats += [(self.minute, key)] * (len(messages) - self._seen[key])
            self._seen[key] = len(messages)

    async def beats(self) -> int:
        """How many have come, when the one under way has."""
        await self.world.host.check.settled()
        return self.listener.beats

    async def failing(self) -> list[str]:
        """What makes `/readyz` red."""
        return list((await self.ready())[1])

    async def raises_now(self) -> str:
        ref = await self.raises()
        await self.world.delivered()
        self.look()
        return ref

    async def presses(self, *keys: str, ref: str) -> None:
        """They open Teams, and press the card in the list there: what they send arrives, what is sent to them not."""
        for key in keys:
            answer = await self.world.chat(key).invoke(acknowledging(self.world.chat(key), ref))
            assert ref in text_of(answer)

    async def steps(self) -> int:
        [row] = await self.world.ask(select(concerns.c.alert_steps))
        return row.alert_steps

    async def states(self, channel: str = "teams") -> list[tuple[str, str]]:
        """(who, state) of each message to somebody of the ladder, in the order in which they were put."""
        rows = await self.world.ask(
            select(outbox).where(outbox.c.lane == 0, outbox.c.channel == channel).order_by(outbox.c.id)
        )
        async with self.world.store.reading() as uow:
            people = await uow.people.many({row.person_id for row in rows})
        return [(KEY[people[row.person_id].email], row.state) for row in rows]


@asynccontextmanager
async def broken(
    url: str, folder: Path, login: LoginDouble, connector: ConnectorDouble, mail: MailServer,
    listener: HeartbeatListener, *, second_channel: bool = True,
) -> AsyncGenerator[Broken]:  # fmt: skip
    settings: dict[str, Any] = {"heartbeat_url": listener.address}
    if second_channel:
        settings |= {"smtp_url": f"smtp://127.0.0.1:{mail.port}", "mail_from": "audits@council.example"}
    async with a_world(url, folder, login, connector, settled=True, **settings) as world:
        for key in EVERYBODY:
            await world.chat(key).install()
            connector.messages[PEOPLE[key].conversation].clear()
        yield Broken(world, mail, listener).watch()
        assert (await world.store.verify_trail()).whole


@pytest.fixture
async def alarm(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    mail: MailServer,
    listener: HeartbeatListener,
) -> AsyncIterator[Broken]:
    async with broken(settled_url, tmp_path, login, connector, mail, listener) as found:
        yield found


@pytest.fixture
async def without_mail(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    mail: MailServer,
    listener: HeartbeatListener,
) -> AsyncIterator[Broken]:
    async with broken(settled_url, tmp_path, login, connector, mail, listener, second_channel=False) as found:
        yield found


async def teams_is_down(alarm: Broken, how: str) -> None:
    match how:
        case "503":
            alarm.teams_is_down(*EVERYBODY)
        case "reset":
            alarm.world.connector.reset(taken=False, times=1_000_000)
        case _:
            await alarm.world.connector.shut()


async def teams_is_back(alarm: Broken) -> None:
    alarm.teams_is_back()
    alarm.world.connector.heal()
    await alarm.world.connector.open()


def by_email(told: Came) -> Came:
    return [(minute + PATIENCE, key) for minute, key in told]


@pytest.mark.fault(27)
@pytest.mark.fault(30)
@pytest.mark.parametrize("how", ["503", "reset", "no connection"])
async def test_an_hour_without_teams_it_climbs_by_email_and_an_acknowledgement_stops_it(
    alarm: Broken, how: str
) -> None:
    await teams_is_down(alarm, how)
    ref = await alarm.raises_now()
    # given nobody answers for fifty minutes, of which those are looked at in which something is due
    for begin, end in ((1, 5), (14, 18), (29, 33), (44, 50)):
        await alarm.until_minute(begin, every=begin)
        await alarm.until_minute(end)
    # then everybody whom the ladder tells has an e-mail two minutes later, and one each time
    assert alarm.letters == by_email(AN_HOUR)
    # and what is red is what stands still: messages that have no second channel
    assert await alarm.failing() == ["outbox"]
    # when both acknowledge, then nobody is asked any more, though the next step was due at sixty
    await alarm.presses("hana", "dina", ref=ref)
    await alarm.until_minute(59, every=9)
    await alarm.until_minute(63)
    assert (alarm.letters, alarm.chats) == (by_email(AN_HOUR), [])
    # when Teams is back, then what has to be known arrives, and repetitions do not
    await teams_is_back(alarm)
    await alarm.until_minute(70)
    assert await alarm.failing() == []
    assert sorted(key for _, key in alarm.chats) == ["dina", "hana"]
    states = await alarm.states()
    assert states == [
        ("hana", "sent"),
        ("dina", "sent"),
        ("hana", "not_needed"),
        ("dina", "not_needed"),
        ("carol", "not_needed"),
    ]
    # and it stays quiet
    await alarm.until_minute(150, every=15)
    assert len(alarm.chats) == 2
    assert alarm.letters == by_email(AN_HOUR)


@pytest.mark.fault(60)
async def test_without_teams_and_email_it_climbs_on_and_both_bring_what_still_matters(alarm: Broken) -> None:
    alarm.teams_is_down(*EVERYBODY)
    alarm.mail.data = "451 4.3.0 Try later"
    await alarm.raises_now()
    await alarm.until_minute(5)
    silent_since = await alarm.beats()
    await alarm.until_minute(50)
    # then nobody has heard, it has climbed all the same, and the outside notices; no alert waits untried
    assert (alarm.letters, alarm.chats, await alarm.steps()) == ([], [], 4)
    assert await alarm.beats() == silent_since
    assert await alarm.failing() == ["outbox"]
    # when both are back, then what was put for them arrives on both ways, each message once
    alarm.mail.data = ""
    alarm.teams_is_back()
    await alarm.until_minute(58, every=2)
    told = sorted(key for _, key in AN_HOUR)
    assert sorted(key for _, key in alarm.letters) == told
    assert sorted(key for _, key in alarm.chats) == told
    assert len(set(alarm.mail.ids)) == len(told)
    assert await alarm.beats() > silent_since


@pytest.mark.fault(59)
@pytest.mark.fault(60)
async def test_where_teams_refuses_everybody_each_is_told_by_email_as_the_ladder_says(alarm: Broken) -> None:
    alarm.blocks(*LADDER)
    ref = await alarm.raises_now()
    await alarm.until_minute(149, every=5)
    first = [*AN_HOUR, (60, "helen")]
    assert alarm.letters == [*first, *((minute + 75, key) for minute, key in first)]
    assert alarm.chats == []
    assert all(ref in str(message["Subject"]) for message in alarm.mail.messages)
    assert len(set(alarm.mail.ids)) == len(alarm.letters)
    # and the QA team knows who cannot be written to
    told = "\n".join(text_of(card) for card in alarm.world.chat("quinn").cards)
    for key in LADDER:
        assert PEOPLE[key].name in told


@pytest.mark.fault(60)
async def test_where_nobody_can_be_reached_at_all_the_outside_notices_and_it_climbs_without_an_end(
    without_mail: Broken,
) -> None:
    alarm = without_mail
    alarm.blocks(*LADDER)
    await alarm.raises_now()
    await alarm.until_minute(5)
    silent_since = await alarm.beats()
    await alarm.until_minute(149, every=5)
    assert (alarm.letters, alarm.chats, await alarm.steps()) == ([], [], 10)
    assert await alarm.beats() == silent_since
    told = "\n".join(text_of(card) for card in alarm.world.chat("quinn").cards)
    for key in LADDER:
        assert PEOPLE[key].name in told
    # then whoever is there again is told at their next step
    alarm.teams_is_back()
    await alarm.until_minute(150)
    assert sorted(alarm.chats) == [(150, "dina"), (150, "hana")]
