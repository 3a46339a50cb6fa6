"""Cases 42 to 46: a message that cannot be worded, a bot that was down or whose clock jumps, and two bots at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from domain.calendar import Month
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from storage.conversations import KnownConversation
from storage.tables import deliveries, exemption_steps, exemptions, outbox, slots
from storage.unit_of_work import SqlUnitOfWork
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.faults.pressing import ref_on, request
from tests.faults.process import Town, until
from tests.stories.council import PEOPLE
from tests.stories.world import World, a_world, text_of

NOVEMBER = Month(2026, 11)


async def asked_for(world: World, who: str = "amelia", month: Month = NOVEMBER) -> str:
    return ref_on(await world.chat(who).invoke(request(world.chat(who), month)))


async def put(world: World, who: str, kind: str, subject: str) -> None:
    """A row such as a newer program, or a hand in the database, might have left."""
    async with world.store.writing() as uow:
        person = await uow.people.by_email(PEOPLE[who].email)
        assert person is not None
        notice = Notice(NoticeKind.WELCOME, Lane.DECISION, person.id, subject, f"poison|{kind}|{subject}")
        await uow.outbox.put([notice], world.clock())
        changed = update(outbox).where(outbox.c.notice_key == notice.key).values(kind=kind)
        await uow.transaction.run(lambda c: c.execute(changed))
        await uow.commit()


async def pass_by(world: World, minutes: int) -> None:
    for _ in range(minutes):
        world.clock.forward(minutes=1)
        await world.delivered()


@pytest.mark.fault(42)
@pytest.mark.parametrize(
    ("kind", "subject"), [("welcome.of.tomorrow", "X-1"), ("delegation.made", "not a number")]
)
async def test_a_message_that_cannot_be_worded_is_set_aside_and_told(
    world: World, kind: str, subject: str
) -> None:
    # given one that makes its wording raise, ahead of a good one for the same person
    hana, quinn = world.chat("hana"), world.chat("quinn")
    for chat in (hana, quinn):
        await chat.install()
    await put(world, "hana", kind, subject)
    ref = await asked_for(world)
    # when the queue is worked
    await world.delivered()
    # then the good one is not held up
    assert any(ref in text_of(card) for card in hana.cards)
    # and after some tries the bad one is out of the way, and the QA team knows
    await pass_by(world, 20)
    states = {row.kind: row.state for row in await world.ask(select(outbox))}
    assert states[kind] == "set_aside"
    told = text_of(quinn.card("Hana Whitfield"))
    assert "did not" in told


@pytest.mark.fault(42)
@pytest.mark.fault(38)
async def test_a_database_that_is_busy_for_long_makes_no_message_poison(world: World) -> None:
    """A row that was tried often for want of a token is not given up at the first other trouble."""
    hana = world.chat("hana")
    await hana.install()
    ref = await asked_for(world)
    world.login.revoke()
    world.login.down = True
    await pass_by(world, 30)
    [row] = await world.ask(select(outbox))
    assert row.attempts >= 5
    # when the database cannot be read while the message is worded
    world.login.down = False
    await drain_while_busy(world)
    # then it is tried again
    [row] = await world.ask(select(outbox))
    assert row.state == "pending"
    assert {line.outcome for line in await world.ask(select(deliveries))} == {"retry"}
    await pass_by(world, 10)
    assert any(ref in text_of(card) for card in hana.cards)


async def drain_while_busy(world: World) -> None:
    """All readers' places are taken, so that whatever is claimed cannot be worded."""
    [row] = await world.host.deliverer._queue.claim(  # pyright: ignore[reportPrivateUsage]
        world.clock() + timedelta(hours=1), 1, 3600
    )
    async with asyncio.TaskGroup() as group:
        enough, over = asyncio.Semaphore(0), asyncio.Event()
        for _ in range(8):
            group.create_task(_reading(world, enough, over))
        for _ in range(8):
            await enough.acquire()
        await world.host.deliverer.deliver(row)
        over.set()


async def _reading(world: World, enough: asyncio.Semaphore, over: asyncio.Event) -> None:
    async with world.store.reading() as uow:
        await uow.people.get(1)
        enough.release()
        await over.wait()


async def chases(world: World) -> list[datetime]:
    found = await world.ask(select(exemption_steps).where(exemption_steps.c.command == "chase"))
    return [row.at for row in found]


@pytest.mark.fault(43)
async def test_down_at_the_due_time_it_is_caught_up_once(world: World) -> None:
    # given a request of Wednesday, and a bot that is down on Thursday at nine
    hana = world.chat("hana")
    await hana.install()
    ref = await asked_for(world)
    await world.delivered()
    before = len(hana.cards)
    world.clock.to(2026, 11, 12, 14, 37)
    # when it starts in the afternoon, and ticks on
    for _ in range(3):
        await world.tick()
    # then she was reminded once that day
    assert len(await chases(world)) == 1
    assert len(hana.cards) == before + 1
    assert ref in text_of(hana.cards[-1])
    # and what lapsed while it was down over the month's end lapses when it is back, whatever the hour
    world.clock.to(2026, 12, 5, 22, 10)
    for _ in range(3):
        await world.tick()
    [row] = await world.ask(select(exemptions))
    assert row.state == "lapsed"
    assert (await world.trail(ref)).count("exemption.lapse") == 1


CLOCK_CHANGES = {
    "spring": (datetime(2027, 3, 24, tzinfo=UTC), Month(2027, 4)),
    "autumn": (datetime(2027, 10, 28, tzinfo=UTC), Month(2027, 11)),
}


@pytest.mark.fault(44)
@pytest.mark.parametrize("season", CLOCK_CHANGES)
async def test_over_a_clock_change_no_day_is_skipped_or_doubled(world: World, season: str) -> None:
    begins, month = CLOCK_CHANGES[season]
    # given a tick every half hour of the nine days around it
    world.clock.now = begins
    await asked_for(world, month=month)
    for _ in range(9 * 48):
        await world.host.tick()
        world.clock.forward(minutes=30)
    # then the clock's jobs ran once each working morning, at nine in London
    taken = await world.ask(select(slots).where(slots.c.job == "exemption-chase").order_by(slots.c.slot))
    mornings = [row.slot.isoformat() for row in taken]
    spring = ["24T09", "25T09", "30T08", "31T08", "01T08"]  # the 26th and the 29th are Easter
    autumn = ["28T08", "29T08", "01T09", "02T09", "03T09", "04T09", "05T09"]
    expected = spring if season == "spring" else autumn
    assert [morning[8:13] for morning in mornings] == expected
    # and nobody was reminded twice on a day
    days = [moment.date() for moment in await chases(world)]
    assert len(days) == len(set(days))


@pytest.mark.fault(45)
async def test_a_clock_that_steps_back_repeats_nothing(world: World) -> None:
    hana = world.chat("hana")
    await hana.install()
    await asked_for(world)
    world.clock.to(2026, 11, 12, 9, 0)
    await world.tick()
    before = (len(hana.cards), await world.trail())
    # when the clock is set back by ten minutes, and passes nine again
    world.clock.to(2026, 11, 12, 8, 50)
    for _ in range(25):
        await world.tick()
        world.clock.forward(minutes=1)
    # then she has heard nothing twice
    assert (len(hana.cards), await world.trail()) == before
    # and the next morning comes as if nothing had been
    world.clock.to(2026, 11, 13, 9, 0)
    await world.tick()
    assert len(await chases(world)) == 2


@pytest.mark.fault(46)
async def test_two_hosts_tick_at_once_and_each_step_is_taken_once(
    database_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> None:
    # given two hosts on one database, and three requests that should be chased this morning
    async with (
        a_world(database_url, tmp_path, login, connector) as one,
        a_world(database_url, tmp_path, login, connector) as other,
    ):
        await one.chat("hana").install()
        for who in ("amelia", "ben", "farah"):
            await asked_for(one, who)
        await one.delivered()
        for world in (one, other):
            world.clock.to(2026, 11, 12, 9, 0)
        # when both tick and deliver at the same time, again and again
        for _ in range(3):
            await asyncio.gather(*(world.tick() for world in (one, other)))
        # then each was chased once, and no message came twice
        assert len(await chases(one)) == 3
        lines = await one.ask(select(deliveries).where(deliveries.c.outcome == "sent"))
        assert len(lines) == len({line.outbox_id for line in lines})
        assert (await one.store.verify_trail()).whole


@pytest.mark.fault(46)
async def test_two_processes_share_the_work_and_double_nothing(town: Town) -> None:
    # given two replicas, a backlog of messages to many people, and a connector that is slow with the first of them
    many, most_at_once = 60, 32
    await asyncio.gather(town.start(), town.start())
    for _ in range(most_at_once):
        town.connector.hold(taken=True)
    conversations = await a_crowd(town, many)

    async def both_send() -> bool:
        return len(set(town.connector.bearers)) == 2

    await until(both_send, "the second replica takes what the first has no hands for")
    town.connector.release_all()
    await town.quiet()
    # then everybody has one message, sent by the one or the other
    arrived = [len(town.connector.messages[conversation]) for conversation in conversations]
    assert arrived == [1] * many
    assert await town.count("deliveries WHERE outcome = 'sent'") == many


async def a_crowd(town: Town, number: int) -> list[str]:
    """People with a chat and a message that waits for them; gives the chats."""
    names = [f"crowd{n:03d}" for n in range(number)]
    lines = [f"{name}@council.example,Person {name},auditor,North Team" for name in names]
    file = town.folder / "crowd.csv"
    file.write_text("email,name,roles,team\n" + "\n".join(lines) + "\n", encoding="utf-8")
    await town.imported("people", file)
    found: list[str] = []
    async with town.store.writing() as uow:
        for name in names:
            person = await uow.people.by_email(f"{name}@council.example")
            assert person is not None
            found.append(await a_chat(town, uow, person.id))
            notice = Notice(NoticeKind.WELCOME, Lane.NUDGE, person.id, "", f"crowd|{person.id}")
            await uow.outbox.put([notice], town.clock())
        await uow.commit()
    return found


async def a_chat(town: Town, uow: SqlUnitOfWork, person_id: int) -> str:
    known = KnownConversation(
        f"a:crowd-{person_id}", "personal", town.connector.url, town.login.tenant_id, None, person_id
    )
    await uow.conversations.remember(known, town.clock())
    return known.id
