"""How the outbox stands, as the self-check asks it; on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain.lanes import Channel, Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from domain.selfcheck import LaneState, Undelivered
from storage import queue_facts
from storage.outbox import OutboxQueue
from storage.repositories.sql import AnySelect
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, RUTH, TOM
from tests.storage.council import settle
from tests.storage.test_plans import analyse, plan_of

MINUTE = timedelta(minutes=1)
LEASE = 60.0


@pytest.fixture
async def queue(store: SqlStore) -> OutboxQueue:
    await settle(store)
    return OutboxQueue(store, mail=True)


async def put(
    store: SqlStore,
    key: str,
    person: PersonId = DANA.id,
    lane: Lane = Lane.ALERT,
    ref: str = "C-7",
    kind: NoticeKind = NoticeKind.CONCERN_ALERT,
    after: timedelta = timedelta(),
) -> None:
    async with store.writing() as uow:
        await uow.outbox.put([Notice(kind, lane, person, ref, key)], NOW + after)
        await uow.commit()


async def undelivered(store: SqlStore, *climbing: str, before: timedelta = MINUTE) -> list[Undelivered]:
    async with store.reading() as uow:
        return await uow.transaction.run(lambda c: queue_facts.undelivered(c, NOW + before, climbing))


async def lanes(store: SqlStore, after: timedelta = timedelta()) -> dict[Lane, LaneState]:
    async with store.reading() as uow:
        return await uow.transaction.run(lambda c: queue_facts.lanes(c, NOW + after))


async def arrived(store: SqlStore, climbing: Sequence[str]) -> dict[str, object]:
    async with store.reading() as uow:
        return dict(await uow.transaction.run(lambda c: queue_facts.arrived(c, climbing)))


async def test_an_alert_is_undelivered_until_teams_has_it(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, "one")
    await put(store, "young", RUTH.id, after=2 * MINUTE)
    await put(store, "nudge", TOM.id, Lane.NUDGE)
    waiting = [Undelivered("C-7", NOW)]
    assert await undelivered(store) == waiting
    [row] = await queue.claim(NOW, 1, LEASE, [Lane.ALERT])
    assert await undelivered(store) == waiting, "in flight is not there"
    await queue.retry(row, NOW, reason="503", due_at=NOW + MINUTE)
    assert await undelivered(store) == waiting

    [row] = await queue.claim(NOW + MINUTE, 1, LEASE, [Lane.ALERT])
    await queue.sent(row, NOW + MINUTE, message_id="m", conversation_id="c", shown_version=None)
    assert await undelivered(store) == []


async def test_an_alert_is_taken_care_of_when_its_email_was_tried(
    store: SqlStore, queue: OutboxQueue
) -> None:
    await put(store, "one")
    assert await queue.mail_overdue(NOW, NOW) == 1
    assert await undelivered(store) == [Undelivered("C-7", NOW)], "put is not tried"
    [mail] = await queue.claim(NOW, 1, LEASE, channel=Channel.EMAIL)
    assert await undelivered(store) == []
    await queue.give_back(mail, NOW)
    assert await undelivered(store) == [Undelivered("C-7", NOW)]

    [mail] = await queue.claim(NOW, 1, LEASE, channel=Channel.EMAIL)
    await queue.unreachable(mail, NOW, reason="smtp 550")
    assert await undelivered(store) == [], "more cannot be done"


@pytest.mark.parametrize("outcome", ["unreachable", "set_aside"])
async def test_an_alert_that_teams_refused_counts_while_it_climbs(
    store: SqlStore, queue: OutboxQueue, outcome: str
) -> None:
    await put(store, "one")
    [row] = await queue.claim(NOW, 1, LEASE)
    await getattr(OutboxQueue(store), outcome)(row, NOW, reason="403")

    assert await undelivered(store, "C-7", "C-8") == [Undelivered("C-7", NOW)]
    assert await undelivered(store) == [], "whoever could be told has acknowledged it"


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("outcome", ["waiting", "unreachable"])
async def test_an_earlier_message_counts_no_more_when_a_later_one_has_reached_the_same_person(
    store: SqlStore, queue: OutboxQueue, outcome: str, channel: Channel
) -> None:
    await put(store, "first")
    await put(store, "for another", RUTH.id)
    rows = {row.person_id: row for row in await queue.claim(NOW, 9, LEASE)}
    without_mail = OutboxQueue(store)
    for row in rows.values():
        if outcome == "unreachable":
            await without_mail.unreachable(row, NOW, reason="403")
        else:
            await without_mail.retry(row, NOW, reason="503", due_at=NOW + 60 * MINUTE)
    before = [Undelivered("C-7", NOW), Undelivered("C-7", NOW)]
    assert await undelivered(store, "C-7") == before
    # when the next rung's message comes to the one of them, in Teams or by e-mail
    await put(store, "climbed", kind=NoticeKind.CONCERN_CLIMBED, after=10 * MINUTE)
    if channel is Channel.EMAIL:
        [row] = await queue.claim(NOW + 10 * MINUTE, 9, LEASE, [Lane.ALERT])
        await queue.unreachable(row, NOW, reason="403")
    [row] = await queue.claim(NOW + 10 * MINUTE, 9, LEASE, [Lane.ALERT], channel)
    assert await undelivered(store, "C-7") == before, "in flight is not there"
    await queue.sent(row, NOW + 10 * MINUTE, message_id="m", conversation_id="c", shown_version=None)
    # then only the other's is missing
    assert await undelivered(store, "C-7") == [Undelivered("C-7", NOW)]


async def test_what_arrived_of_an_alert_is_known_whatever_the_channel(
    store: SqlStore, queue: OutboxQueue
) -> None:
    await put(store, "teams")
    await put(store, "by mail", RUTH.id, ref="C-8")
    await put(store, "to the qa team", TOM.id, ref="C-9", kind=NoticeKind.CONCERN_NOBODY)
    rows = {row.subject: row for row in await queue.claim(NOW, 9, LEASE)}
    await queue.unreachable(rows["C-8"], NOW, reason="403")
    assert await arrived(store, ["C-7", "C-8", "C-9"]) == {}
    for ref in ("C-7", "C-9"):
        await queue.sent(rows[ref], NOW, message_id=ref, conversation_id="c", shown_version=None)
    [mail] = await queue.claim(NOW, 9, LEASE, channel=Channel.EMAIL)
    await queue.sent(mail, NOW, message_id="m", conversation_id="", shown_version=None)

    assert await arrived(store, ["C-7", "C-8", "C-9"]) == {"C-7": NOW, "C-8": NOW}


async def test_a_lane_waits_since_its_oldest_message_was_due_or_first_tried(
    store: SqlStore, queue: OutboxQueue
) -> None:
    assert await lanes(store) == {lane: LaneState() for lane in Lane}
    await put(store, "one", TOM.id, Lane.NUDGE)
    await put(store, "two", DANA.id, Lane.NUDGE, after=5 * MINUTE)
    [row] = await queue.claim(NOW + MINUTE, 9, LEASE)
    await queue.retry(row, NOW + MINUTE, reason="503", due_at=NOW + 30 * MINUTE)

    assert (await lanes(store, 4 * MINUTE))[Lane.NUDGE] == LaneState(waiting=2, due_since=NOW + MINUTE)
    # a quarter of an hour later, it is asked too whether others have left
    assert (await lanes(store, 17 * MINUTE))[Lane.NUDGE].sent_at is None
    [second] = await queue.claim(NOW + 17 * MINUTE, 9, LEASE)
    await queue.sent(second, NOW + 17 * MINUTE, message_id="m", conversation_id="c", shown_version=None)
    assert (await lanes(store, 18 * MINUTE))[Lane.NUDGE] == LaneState(
        waiting=1, due_since=NOW + MINUTE, sent_at=NOW + 17 * MINUTE
    )
    assert (await lanes(store, 33 * MINUTE))[Lane.NUDGE].sent_at is None, "that was long ago"


async def test_emails_that_wait_are_counted_apart(store: SqlStore, queue: OutboxQueue) -> None:
    await put(store, "one")
    await queue.mail_overdue(NOW, NOW)
    assert (await lanes(store))[Lane.ALERT] == LaneState(waiting=1, due_since=NOW, mails=1)


async def test_the_last_failures_are_named_newest_first(store: SqlStore, queue: OutboxQueue) -> None:
    for key, person in (("one", TOM.id), ("two", DANA.id), ("three", RUTH.id)):
        await put(store, key, person, Lane.NUDGE)
    for row in sorted(await queue.claim(NOW, 9, LEASE), key=lambda row: row.id):
        await queue.unreachable(row, NOW, reason="403")
    async with store.reading() as uow:
        found = await uow.deliveries.latest(2)
    assert [failure.person_id for failure in found] == [RUTH.id, DANA.id]


@pytest.mark.parametrize(
    ("question", "values", "index"),
    [
        (queue_facts.UNDELIVERED[0], {"before": NOW}, "ix_outbox_waiting"),
        (queue_facts.UNDELIVERED[1], {"before": NOW, "climbing": ["C-7"]}, "ix_outbox_subject"),
        (queue_facts.ARRIVED, {"climbing": ["C-7"]}, "ix_outbox_subject"),
        (queue_facts.LANES, {"now": NOW}, "ix_outbox_waiting"),
    ],
)
async def test_what_is_asked_every_minute_reads_no_table_from_end_to_end(
    store: SqlStore, queue: OutboxQueue, question: AnySelect, values: dict[str, Any], index: str
) -> None:
    kind = NoticeKind.EXEMPTION_OUTCOME
    async with store.writing() as uow:
        many = [Notice(kind, Lane.NUDGE, TOM.id, f"A-{n}", f"nudge-{n}") for n in range(40)]
        await uow.outbox.put(many, NOW)
        await uow.commit()
    rows = await queue.claim(NOW, 1, LEASE)
    await queue.sent(rows[0], NOW, message_id="m", conversation_id="c", shown_version=None)
    await store.bulk(analyse)
    async with store.writing() as uow:
        plan = await uow.transaction.run(lambda c: plan_of(c, question, values))
    assert index in plan, plan
