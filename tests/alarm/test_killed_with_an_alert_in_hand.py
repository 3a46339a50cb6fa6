"""A process is killed while it sends an alert for the first time: another one sends it within a minute of the raise,
for an alert's lease is short. No delivery outlives its lease all the same."""

import asyncio
from datetime import timedelta

import pytest

from bot import delivery
from bot.worker import URGENT, USUAL, Pace
from storage.outbox import ClaimedRow, OutboxQueue
from tests.alarm.alarm import Alarm


def test_no_delivery_outlives_its_lease() -> None:
    for pace in (USUAL, URGENT):
        assert pace.send + pace.record < pace.lease
    assert URGENT.lease <= 20
    with pytest.raises(ValueError, match="outlive its lease"):
        Pace(lease=20, send=15, record=5)


async def _taken_by_one_that_dies(alarm: Alarm) -> list[ClaimedRow]:
    """Claimed as the alerts' loop claims, and nothing more."""
    host = alarm.world.host
    return list(await host.deliverer._claim(delivery.ALERTS, 9))  # pyright: ignore[reportPrivateUsage]


def _told(alarm: Alarm, ref: str) -> list[int]:
    chats = [alarm.world.chat(key) for key in ("hana", "dina")]
    return [sum(ref in str(card) for card in chat.cards) for chat in chats]


@pytest.mark.fault(34)
async def test_killed_with_an_alert_in_hand_it_is_told_within_a_minute_of_the_raise(alarm: Alarm) -> None:
    world = alarm.world
    ref = await alarm.raises()
    raised = world.clock()
    rows = await _taken_by_one_that_dies(alarm)
    assert len(rows) == 2
    # given another process is there, and the dead one's lease is not over
    world.clock.forward(seconds=13)
    await world.delivered()
    assert _told(alarm, ref) == [0, 0]
    # when it is
    world.clock.forward(seconds=URGENT.lease - 13)
    await world.delivered()
    # then both have it, once, and the dead one's word changes nothing any more
    assert world.clock() - raised < timedelta(minutes=1)
    assert _told(alarm, ref) == [1, 1]
    queue = OutboxQueue(world.store)
    assert not await queue.unknown(rows[0], world.clock(), reason="late", due_at=world.clock())


async def test_an_alert_that_teams_never_answers_is_recorded_as_unknown_while_its_lease_lasts(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = alarm.world
    deliverer = world.host.deliverer

    async def never(*_: object) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    await alarm.raises()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "URGENT", Pace(lease=20, send=0.05, record=10))
        patch.setattr(type(deliverer._teams), "send", never)  # pyright: ignore[reportPrivateUsage]
        for row in await _taken_by_one_that_dies(alarm):
            await deliverer.deliver(row)
            assert await alarm.ledger(row.id) == [("unknown", "TimeoutError")]
    # when Teams answers again, it is sent once more
    world.clock.forward(seconds=5)
    await world.delivered()
    assert "Category 1 alert" in alarm.came("hana")
