"""E-mails in the place of alerts: when one is put, that it is put once, and that the two ways never wait for each
other; on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.lanes import Channel, Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from storage import tables
from storage.outbox import ClaimedRow, OutboxQueue
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, QUINN, RUTH, TOM
from tests.storage.council import settle

MINUTE = timedelta(minutes=1)
LEASE = 60.0


def an_alert(about: str, person: PersonId = DANA.id, lane: Lane = Lane.ALERT) -> Notice:
    return Notice(NoticeKind.CONCERN_ALERT, lane, person, "C-7", f"alert|{about}|{person}")


async def put(store: SqlStore, *notices: Notice) -> None:
    async with store.writing() as uow:
        await uow.outbox.put(notices, NOW)
        await uow.commit()


async def mails(store: SqlStore) -> Sequence[Any]:
    table = tables.outbox
    async with store.reading() as uow:
        question = select(table).where(table.c.channel == Channel.EMAIL.value).order_by(table.c.id)
        return await uow.transaction.run(lambda c: c.execute(question).all())


async def claim(
    queue: OutboxQueue, channel: Channel = Channel.TEAMS, after: timedelta = timedelta()
) -> list[ClaimedRow]:
    return await queue.claim(NOW + after, 10, LEASE, channel=channel)


@pytest.fixture
async def queue(store: SqlStore) -> OutboxQueue:
    await settle(store)
    return OutboxQueue(store, mail=True)


@pytest.mark.fault(31)
@pytest.mark.parametrize("outcome", ["unreachable", "set_aside"])
async def test_an_alert_that_teams_refuses_goes_by_email_in_the_same_commit(
    store: SqlStore, queue: OutboxQueue, outcome: str
) -> None:
    await put(store, an_alert("one"))
    [row] = await claim(queue)

    assert await getattr(queue, outcome)(row, NOW, reason="403")

    [mail] = await mails(store)
    assert (mail.kind, mail.subject, mail.person_id) == ("concern.alert", "C-7", DANA.id)
    assert (mail.lane, mail.state, mail.notice_key) == (Lane.ALERT, "pending", f"email|{row.id}")
    [claimed] = await claim(queue, Channel.EMAIL)
    assert (claimed.id, claimed.kind, claimed.created_at) == (mail.id, "concern.alert", NOW)
    assert not await getattr(queue, outcome)(row, NOW, reason="403"), "a late write changes nothing"
    assert len(await mails(store)) == 1


@pytest.mark.fault(31)
async def test_without_a_second_channel_none_is_put(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, an_alert("one"))
    [row] = await claim(queue)

    assert await OutboxQueue(store).unreachable(row, NOW, reason="403")

    assert await mails(store) == []


async def test_what_is_no_alert_stays_within_teams(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, an_alert("nudge", lane=Lane.NUDGE), an_alert("ask", RUTH.id, lane=Lane.DECISION))

    for row in await claim(queue):
        assert await queue.unreachable(row, NOW, reason="403")

    assert await queue.mail_overdue(NOW + 60 * MINUTE, NOW + 58 * MINUTE) == 0
    assert await mails(store) == []


async def test_an_email_that_fails_is_told_to_the_qa_team_and_makes_no_other(
    store: SqlStore, queue: OutboxQueue
) -> None:
    await put(store, an_alert("one"))
    [row] = await claim(queue)
    await queue.unreachable(row, NOW, reason="403")
    [mail] = await claim(queue, Channel.EMAIL)

    assert await queue.unreachable(mail, NOW, reason="smtp_550")

    assert [found.id for found in await mails(store)] == [mail.id]
    [told] = await claim(queue, after=MINUTE)
    assert (told.kind, told.person_id) == ("delivery.failed", QUINN.id)
    async with store.reading() as uow:
        assert [f.reason for f in await uow.deliveries.failures(0)] == ["403", "smtp_550"]


async def test_an_alert_that_teams_has_not_taken_in_time_goes_by_email_once(
    store: SqlStore, queue: OutboxQueue
) -> None:
    """Pending, in flight or waiting for its next try: whatever the reason."""
    await put(store, an_alert("waits"), an_alert("tried", RUTH.id), an_alert("flies", TOM.id))
    rows = {row.person_id: row for row in await claim(queue)}
    await queue.retry(rows[RUTH.id], NOW, reason="503", due_at=NOW + 5 * MINUTE)
    await queue.give_back(rows[DANA.id], NOW)

    assert await queue.mail_overdue(NOW + MINUTE, NOW - MINUTE) == 0, "too early"
    assert await queue.mail_overdue(NOW + 2 * MINUTE, NOW) == 3
    assert await queue.mail_overdue(NOW + 3 * MINUTE, NOW + MINUTE) == 0, "once"

    found = await mails(store)
    assert {mail.person_id for mail in found} == {DANA.id, RUTH.id, TOM.id}
    assert await queue.mail_overdue(NOW + 9 * MINUTE, NOW + 7 * MINUTE) == 0, "an e-mail is no alert of Teams"
    # when Teams refuses one of them after that, it has its e-mail already
    await queue.unreachable(rows[TOM.id], NOW, reason="403")
    assert len(await mails(store)) == 3


async def test_an_alert_that_arrived_needs_no_email(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, an_alert("one"), an_alert("old", RUTH.id))
    first, second = await claim(queue)
    await queue.sent(first, NOW, message_id="m", conversation_id="c", shown_version=None)
    await queue.not_needed(second, NOW, reason="nothing_to_say")

    assert await queue.mail_overdue(NOW + 9 * MINUTE, NOW + 7 * MINUTE) == 0


async def test_the_two_ways_never_wait_for_each_other(store: SqlStore, queue: OutboxQueue) -> None:
    """Dana's first alert hangs in Teams; her e-mail leaves, and while that hangs her next alert leaves in Teams."""
    await put(store, an_alert("one"))
    [hanging] = await claim(queue)
    await queue.mail_overdue(NOW, NOW)

    [mail] = await claim(queue, Channel.EMAIL)
    assert mail.person_id == DANA.id
    await put(store, an_alert("two"))
    assert await claim(queue) == [], "within Teams the order of her chat holds"
    await queue.sent(hanging, NOW, message_id="m", conversation_id="c", shown_version=None)
    [second] = await claim(queue)
    assert second.person_id == DANA.id, "though her e-mail is still in flight"


async def test_each_persons_emails_keep_their_order(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, an_alert("one"), an_alert("two"))
    assert await queue.mail_overdue(NOW, NOW) == 2

    [first] = await claim(queue, Channel.EMAIL)
    assert await claim(queue, Channel.EMAIL) == []
    await queue.sent(first, NOW, message_id="m", conversation_id="", shown_version=None)
    [second] = await claim(queue, Channel.EMAIL)

    assert first.id < second.id
