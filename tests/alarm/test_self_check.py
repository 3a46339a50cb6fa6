"""The self-check on the whole bot: what turns `/readyz` red, what ends the heartbeat alone, and that all is well again
afterwards. On SQLite alone: what the database is asked is tested on both in `tests/storage/test_queue_facts.py`."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import structlog
from sqlalchemy import update

from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from storage.tables import people
from tests.alarm.alarm import Alarm
from tests.doubles.connector import ConnectorDouble
from tests.doubles.heartbeat import SECRET, HeartbeatListener
from tests.doubles.login import LoginDouble
from tests.stories.council import PEOPLE
from tests.stories.world import a_world


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def beats(alarm: Alarm) -> int:
    """How many have come, when the one under way has."""
    await alarm.world.host.check.settled()
    return alarm.listener.beats


async def metric(alarm: Alarm, name: str) -> float:
    async with alarm.world.client.get(f"{alarm.world.address}/metrics") as response:
        page = await response.text()
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    assert found is not None, page
    return float(found.group(1))


async def test_while_all_is_well_the_heart_beats_once_a_minute(alarm: Alarm) -> None:
    world = alarm.world
    await world.host.tick()
    assert await alarm.ready() == (200, {})
    assert await beats(alarm) == 1
    # when the clock ticks twice within the minute
    for _ in range(2):
        world.clock.forward(seconds=20)
        await world.host.tick()
    assert await beats(alarm) == 1
    world.clock.forward(seconds=20)
    await world.host.tick()
    assert await beats(alarm) == 2


async def test_an_alert_that_is_answered_in_time_troubles_nobody(alarm: Alarm) -> None:
    ref = await alarm.raises()
    for _ in range(5):
        await alarm.minutes(1)
    assert await alarm.ready() == (200, {})
    assert await metric(alarm, "audit_bot_alerts_climbing") == 1
    await alarm.acknowledges("hana", ref)
    await alarm.acknowledges("dina", ref)
    before = await beats(alarm)
    await alarm.minutes(1)
    assert await beats(alarm) == before + 1
    assert await metric(alarm, "audit_bot_alerts_climbing") == 0


async def test_an_alert_that_does_not_climb_turns_it_red(alarm: Alarm) -> None:
    """Nobody takes the ladder's step, though the self-check goes on."""
    world = alarm.world
    await alarm.raises()
    await world.delivered()
    world.clock.forward(minutes=16)
    await world.host.check.run_due()
    world.host.check.ticked()
    status, failing = await alarm.ready()
    assert (status, list(failing)) == (200, [])
    world.clock.forward(minutes=1)
    await world.host.check.run_due()
    world.host.check.ticked()

    status, failing = await alarm.ready()
    assert (status, list(failing)) == (503, ["escalation"])
    assert failing["escalation"] == (
        "An alert's next step has been overdue since Wed 11 November 2026, 10:15."
    )
    assert await metric(alarm, 'audit_bot_self_check_findings{trouble="step_overdue"}') == 1
    heard = await beats(alarm)
    # when the clock's jobs go again, all is well, a minute later
    await alarm.minutes(1)
    assert await alarm.ready() == (200, {})
    assert await beats(alarm) == heard + 1


async def test_an_alert_without_a_second_channel_turns_it_red(alarm_without_mail: Alarm) -> None:
    alarm = alarm_without_mail
    alarm.blocks("hana")
    ref = await alarm.raises()
    await alarm.world.delivered()
    heard = await beats(alarm)
    await alarm.minutes(4)

    status, failing = await alarm.ready()
    assert (status, list(failing)) == (503, ["alerts"])
    assert ref in failing["alerts"]
    assert "no mail server is set" in failing["alerts"]
    assert await beats(alarm) == heard
    # when it is acknowledged, nothing is wrong any more
    await alarm.acknowledges("hana", ref)
    await alarm.acknowledges("dina", ref)
    await alarm.minutes(1)
    assert await alarm.ready() == (200, {})
    assert await beats(alarm) == heard + 1


async def test_after_an_outage_it_is_green_again_when_the_next_message_has_come(
    alarm_without_mail: Alarm,
) -> None:
    """What Teams refused while it was down is nobody's loss any more."""
    alarm = alarm_without_mail
    alarm.blocks("hana", "dina")
    ref = await alarm.raises()
    await alarm.world.delivered()
    await alarm.minutes(5)
    assert (await alarm.ready())[0] == 503
    # given Teams is back: the next rung asks Hana, and later Dina
    alarm.teams_is_back()
    await alarm.minutes(10)
    assert (await alarm.ready())[0] == 503, "Dina has heard nothing yet"
    heard = await beats(alarm)
    await alarm.minutes(15)
    assert ref in alarm.came("dina")
    await alarm.minutes(1)
    assert await alarm.ready() == (200, {})
    assert await beats(alarm) > heard


async def test_what_waits_of_an_acknowledged_alert_turns_nothing_red(alarm_without_mail: Alarm) -> None:
    alarm = alarm_without_mail
    alarm.teams_is_down("hana")
    ref = await alarm.raises()
    await alarm.world.delivered()
    alarm.world.clock.forward(minutes=5)
    await alarm.world.host.tick()
    assert (await alarm.ready())[0] == 503
    # when both have acknowledged from another card, and Hana's message waits still
    await alarm.acknowledges("hana", ref)
    await alarm.acknowledges("dina", ref)
    await alarm.world.host.tick()
    assert await alarm.ready() == (200, {})


@pytest.mark.fault(60)
async def test_where_nobody_can_be_found_to_tell_the_outside_notices_at_once(alarm: Alarm) -> None:
    """Neither on the ladder nor in the QA team is anybody left."""
    world = alarm.world
    gone = update(people).where(people.c.email != PEOPLE["amelia"].email).values(active_to=date(2026, 1, 1))
    async with world.store.writing() as uow:
        await uow.transaction.run(lambda c: c.execute(gone))
        await uow.commit()
    await world.host.tick()
    heard = await beats(alarm)
    await alarm.raises()
    world.clock.forward(minutes=1)
    await world.host.tick()

    assert await alarm.ready() == (200, {}), "whoever comes back acknowledges here"
    assert await beats(alarm) == heard
    assert await metric(alarm, 'audit_bot_self_check_findings{trouble="nobody_reached"}') == 1


@pytest.mark.fault(31)
async def test_an_alert_whose_email_was_tried_is_on_its_way(alarm: Alarm) -> None:
    alarm.blocks("hana")
    alarm.mail.data = "451 Not now"
    await alarm.raises()
    await alarm.world.delivered()
    await alarm.minutes(4)
    assert await alarm.ready() == (200, {}), "it is tried, and Dina has it in Teams"


async def test_an_email_that_nobody_sends_turns_it_red(alarm: Alarm) -> None:
    """The e-mails' loop stands still."""
    alarm.blocks("hana")
    await alarm.raises()
    world = alarm.world
    await world.host.deliverer.drain()
    world.clock.forward(minutes=4)
    await world.host.tick()
    status, failing = await alarm.ready()
    assert (status, list(failing)) == (503, ["alerts"])
    assert "no e-mail was tried" in failing["alerts"]

    await alarm.minutes(1)
    await alarm.minutes(1)
    assert await alarm.ready() == (200, {})


@pytest.mark.fault(59)
async def test_a_round_without_an_answer_ends_the_heartbeat_and_nothing_else(alarm: Alarm) -> None:
    """A replica that is out of service could not take the acknowledgement."""
    ref = await alarm.raises()
    for _ in range(15):
        await alarm.minutes(5)
    heard = await beats(alarm)
    await alarm.minutes(1)

    assert await alarm.ready() == (200, {})
    assert await beats(alarm) == heard
    assert await metric(alarm, 'audit_bot_self_check_findings{trouble="unanswered"}') == 1
    # when one seat is taken, somebody has reacted
    await alarm.acknowledges("hana", ref)
    await alarm.minutes(1)
    assert await beats(alarm) == heard + 1


@pytest.mark.fault(60)
async def test_where_nobody_is_reached_on_any_channel_the_outside_notices(alarm: Alarm) -> None:
    alarm.blocks("hana", "dina", "carol", "helen")
    alarm.mail.data = "451 Not now"
    await alarm.raises()
    await alarm.world.delivered()
    heard = await beats(alarm)
    await alarm.minutes(4)

    assert await alarm.ready() == (200, {})
    assert await beats(alarm) == heard
    assert await metric(alarm, 'audit_bot_self_check_findings{trouble="nobody_reached"}') == 1
    # when one e-mail leaves, somebody knows
    alarm.mail.data = ""
    for _ in range(3):
        await alarm.minutes(2)
    assert await beats(alarm) > heard


async def test_messages_that_stand_still_turn_it_red(alarm: Alarm) -> None:
    world = alarm.world
    async with world.store.writing() as uow:
        person = (await uow.people.by_email("amelia@council.example")) or None
        assert person is not None
        now = world.clock()
        kind = NoticeKind.REPLY_LOST
        notices = [Notice(kind, Lane.NUDGE, person.id, "", f"nudge-{n}") for n in range(3)]
        await uow.outbox.put(notices, now)
        await uow.commit()
    alarm.teams_is_down("amelia")
    await world.delivered()
    for _ in range(3):
        world.clock.forward(minutes=5)
        await world.host.deliverer.drain()
        await world.host.tick()
    assert await alarm.ready() == (200, {}), "a quarter of an hour is not too long"
    world.clock.forward(minutes=1)
    await world.host.tick()

    status, failing = await alarm.ready()
    assert (status, failing) == (
        503,
        {"outbox": "No reminders are leaving; the oldest has waited since Wed 11 November 2026, 10:00."},
    )
    # when the first of them has left, they move again, though the others still wait
    alarm.teams_is_back()
    world.clock.forward(minutes=5)
    claimed = await world.host.deliverer._queue.claim(  # pyright: ignore[reportPrivateUsage]
        world.clock(), 1, 60, [Lane.NUDGE]
    )
    await world.host.deliverer.deliver(claimed[0])
    await world.host.tick()
    assert await alarm.ready() == (200, {})


async def test_a_clock_that_stands_still_turns_it_red(alarm: Alarm) -> None:
    world = alarm.world
    await world.host.tick()
    world.clock.forward(seconds=60)
    assert await alarm.ready() == (200, {})
    world.clock.forward(seconds=1)
    status, failing = await alarm.ready()
    assert (status, list(failing)) == (503, ["ticker"])
    assert "have not come to an end since" in failing["ticker"]
    world.clock.forward(minutes=3)
    _, failing = await alarm.ready()
    assert "The clock has stopped" in failing["ticker"]
    await world.host.tick()
    assert await alarm.ready() == (200, {})


async def test_a_clock_that_never_began_is_noticed_too(alarm: Alarm) -> None:
    alarm.world.clock.forward(minutes=4)
    status, failing = await alarm.ready()
    assert (status, list(failing)) == (503, ["ticker"])


async def test_a_check_that_cannot_be_done_is_no_good_news(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = alarm.world
    await world.host.tick()
    heard = await beats(alarm)

    async def broken(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("bot.selfcheck.gather", broken)
        world.clock.forward(minutes=1)
        await world.host.tick()
    status, failing = await alarm.ready()
    assert (status, failing) == (
        503,
        {"self_check": "The last self-check could not be done (ConnectionError)."},
    )
    assert await beats(alarm) == heard

    world.clock.forward(minutes=1)
    await world.host.tick()
    assert await alarm.ready() == (200, {})


@pytest.fixture
async def hanging(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    listener: HeartbeatListener,
) -> AsyncIterator[Alarm]:
    """Whoever listens takes the call and does not answer."""
    listener.held.clear()
    async with a_world(
        settled_url, tmp_path, login, connector, settled=True, heartbeat_url=listener.address
    ) as world:
        yield Alarm(world, None, listener)  # pyright: ignore[reportArgumentType]
    listener.held.set()


async def test_a_listener_that_hangs_stops_no_tick(hanging: Alarm) -> None:
    for _ in range(3):
        await hanging.world.host.tick()
        await hanging.listener.heard(1)
        hanging.world.clock.forward(minutes=1)
    assert hanging.listener.beats == 1, "not another while one is under way"
    assert (await hanging.ready())[0] == 200


async def test_a_heartbeat_that_is_not_heard_is_logged_without_its_address(alarm: Alarm) -> None:
    alarm.listener.status = 503
    with structlog.testing.capture_logs() as lines:
        await alarm.world.host.tick()
        assert await beats(alarm) == 1
    [line] = [line for line in lines if line["event"] == "heartbeat_not_heard"]
    assert line["status"] == 503
    assert SECRET not in str(lines)
