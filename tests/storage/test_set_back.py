"""A clock that is set back holds up no message (case 45), on both databases."""

from datetime import timedelta

import pytest

from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from storage.outbox import OutboxQueue
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, RUTH
from tests.storage.council import settle

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def queue(store: SqlStore) -> OutboxQueue:
    await settle(store)
    async with store.writing() as uow:
        notices = [
            Notice(NoticeKind.CONCERN_ALERT, Lane.ALERT, DANA.id, "C-7", "alert"),
            Notice(NoticeKind.CONCERN_RAISED, Lane.DECISION, RUTH.id, "C-7", "raised"),
        ]
        await uow.outbox.put(notices, NOW)
        await uow.commit()
    return OutboxQueue(store)


@pytest.mark.fault(45)
async def test_what_was_put_by_the_old_hour_is_due_now(queue: OutboxQueue) -> None:
    assert await queue.claim(NOW - HOUR, 10, 60) == []
    assert await queue.pull_forward(NOW - HOUR) == 2
    assert [row.kind for row in await queue.claim(NOW - HOUR, 10, 60)] == ["concern.alert", "concern.raised"]


@pytest.mark.fault(45)
async def test_a_retry_of_an_alert_does_not_wait_for_the_old_hour(queue: OutboxQueue) -> None:
    [alert, other] = await queue.claim(NOW, 10, 60)
    await queue.retry(alert, NOW, reason="503", due_at=NOW + MINUTE)
    assert await queue.pull_forward(NOW - HOUR) == 1
    assert [row.id for row in await queue.claim(NOW - HOUR, 10, 60)] == [alert.id]
    # what another replica holds by its own clock is left to it
    assert await queue.sent(other, NOW, message_id="1", conversation_id="a", shown_version=None)


async def test_a_clock_that_goes_as_it_should_changes_nothing(queue: OutboxQueue) -> None:
    [alert, other] = await queue.claim(NOW, 10, 60)
    await queue.retry(alert, NOW, reason="429", due_at=NOW + 5 * MINUTE)
    await queue.retry(other, NOW, reason="429", due_at=NOW + HOUR)
    assert await queue.pull_forward(NOW) == 0
    assert await queue.claim(NOW + MINUTE, 10, 60) == []
