"""The outbox's claiming side, on both databases: lanes, leases, fences, the ledger, the cards."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.exemptions import Command, apply
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId, Role
from domain.ports import Failure
from storage import tables
from storage.outbox import ClaimedRow, OutboxQueue
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, PRIYA, QUINN, RUTH, SAM, TOM, a_person, an_exemption, many_people
from tests.storage.council import Council, settle

SECOND = timedelta(seconds=1)
LEASE = 60.0


def a_notice(key: str, person: PersonId = TOM.id, lane: Lane = Lane.DECISION, subject: str = "E-1") -> Notice:
    return Notice(NoticeKind.EXEMPTION_OUTCOME, lane, person, subject, key)


async def _put(store: SqlStore, *notices: Notice, due_at: datetime | None = None) -> None:
    async with store.writing() as uow:
        await uow.outbox.put(notices, NOW, due_at)
        await uow.commit()


async def _rows(store: SqlStore, table: Any = tables.outbox) -> Sequence[Any]:
    async with store.reading() as uow:
        return await uow.transaction.run(lambda c: c.execute(select(table).order_by(table.c.id)).all())


async def _keys(store: SqlStore, claimed: Sequence[ClaimedRow]) -> list[str]:
    names = {row.id: row.notice_key for row in await _rows(store)}
    return [names[row.id] for row in claimed]


async def _failures(store: SqlStore, first: int) -> list[Failure]:
    async with store.reading() as uow:
        return await uow.deliveries.failures(first)


@pytest.fixture
async def queue(store: SqlStore) -> OutboxQueue:
    await settle(store)
    return OutboxQueue(store)


async def test_higher_lanes_go_first_then_the_oldest(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("digest", TOM.id, Lane.DIGEST), a_notice("nudge", PRIYA.id, Lane.NUDGE))
    await _put(store, a_notice("later", DANA.id, Lane.NUDGE), due_at=NOW + SECOND)
    await _put(store, a_notice("alert", RUTH.id, Lane.ALERT), a_notice("reply", SAM.id, Lane.REPLY))

    first = await queue.claim(NOW, 3, LEASE)
    second = await queue.claim(NOW, 10, LEASE)
    third = await queue.claim(NOW + SECOND, 10, LEASE)

    assert await _keys(store, first) == ["alert", "reply", "nudge"]
    assert await _keys(store, second) == ["digest"]
    assert await _keys(store, third) == ["later"]
    assert (first[0].lane, first[0].kind, first[0].subject) == (Lane.ALERT, "exemption.outcome", "E-1")
    assert (first[0].attempts, first[0].fence, first[0].message_id) == (1, 1, None)


async def test_only_the_wanted_lanes_are_claimed(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("nudge", TOM.id, Lane.NUDGE), a_notice("alert", DANA.id, Lane.ALERT))

    assert await _keys(store, await queue.claim(NOW, 5, LEASE, [Lane.NUDGE, Lane.DIGEST])) == ["nudge"]
    assert await queue.claim(NOW, 5, LEASE, [Lane.NUDGE]) == []


async def test_one_person_gets_one_message_at_a_time_in_order(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("one"), a_notice("two"), a_notice("dana", DANA.id))

    first = await queue.claim(NOW, 10, LEASE)
    assert await _keys(store, first) == ["one", "dana"]
    assert await queue.claim(NOW, 10, LEASE) == []

    await queue.sent(first[0], NOW, message_id="m", conversation_id="c", shown_version=None)
    assert await _keys(store, await queue.claim(NOW, 10, LEASE)) == ["two"]


async def test_an_alert_does_not_wait_for_a_nudge_in_flight(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("nudge", TOM.id, Lane.NUDGE))
    await queue.claim(NOW, 10, LEASE)
    await _put(store, a_notice("alert", TOM.id, Lane.ALERT), a_notice("digest", TOM.id, Lane.DIGEST))

    assert await _keys(store, await queue.claim(NOW, 10, LEASE)) == ["alert"]


@pytest.mark.fault(32)
async def test_an_alert_overtakes_fifteen_thousand_nudges(store: SqlStore) -> None:
    crowd = many_people(1500)
    await settle(store, Council().with_people(*crowd))
    queue = OutboxQueue(store)
    await _put(store, *(a_notice(f"n{p.id}-{n}", p.id, Lane.NUDGE) for p in crowd for n in range(10)))
    await _put(store, a_notice("alert", TOM.id, Lane.ALERT))

    [first, *others] = await queue.claim(NOW, 32, LEASE)

    assert await _keys(store, [first]) == ["alert"]
    assert len({row.person_id for row in others}) == 31
    assert (await queue.waiting())[Lane.NUDGE] == 15_000


async def test_many_claimers_never_share_a_row(store: SqlStore) -> None:
    crowd = many_people(60)
    await settle(store, Council().with_people(*crowd))
    await _put(store, *(a_notice(f"n{p.id}", p.id) for p in crowd))
    queues = [OutboxQueue(store) for _ in range(6)]

    batches = await asyncio.gather(*(queue.claim(NOW, 10, LEASE) for queue in queues))
    left = await queues[0].claim(NOW, 100, LEASE)

    claimed = [row.id for batch in [*batches, left] for row in batch]
    assert len(claimed) == len(set(claimed)) == 60


@pytest.mark.fault(35)
async def test_a_lease_that_ran_out_is_claimed_again(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("one"))
    [lost] = await queue.claim(NOW, 1, LEASE)
    assert await queue.claim(NOW + 59 * SECOND, 1, LEASE) == []

    [again] = await queue.claim(NOW + 60 * SECOND, 1, LEASE)

    assert (again.id, again.fence, again.attempts) == (lost.id, 2, 2)


@pytest.mark.fault(37)
@pytest.mark.parametrize(
    "late", ["sent", "retry", "unknown", "unreachable", "set_aside", "not_needed", "give_back"]
)
async def test_a_late_write_is_fenced_off(store: SqlStore, queue: OutboxQueue, late: str) -> None:
    await _put(store, a_notice("one"))
    [slow] = await queue.claim(NOW, 1, LEASE)
    [quick] = await queue.claim(NOW + 61 * SECOND, 1, LEASE)
    more: dict[str, dict[str, Any]] = {
        "sent": {"message_id": "late", "conversation_id": "c", "shown_version": 1},
        "retry": {"reason": "r", "due_at": NOW},
        "unknown": {"reason": "r", "due_at": NOW},
        "give_back": {},
    }

    assert not await getattr(queue, late)(slow, NOW + 62 * SECOND, **more.get(late, {"reason": "r"}))

    [row] = await _rows(store)
    assert (row.state, row.fence, await _rows(store, tables.deliveries)) == ("claimed", 2, [])
    assert await queue.sent(quick, NOW, message_id="m", conversation_id="c", shown_version=None)
    assert not await getattr(queue, late)(quick, NOW, **more.get(late, {"reason": "r"})), "recorded once"


async def test_the_ledger_tells_every_attempt(store: SqlStore, queue: OutboxQueue) -> None:
    await _put(store, a_notice("one"))
    [row] = await queue.claim(NOW, 1, LEASE)
    assert await queue.retry(row, NOW, reason="429", due_at=NOW + 5 * SECOND)
    assert await queue.claim(NOW + 4 * SECOND, 1, LEASE) == []
    [row] = await queue.claim(NOW + 5 * SECOND, 1, LEASE)
    assert await queue.unknown(row, NOW + 5 * SECOND, reason="reset", due_at=NOW + 9 * SECOND)
    [row] = await queue.claim(NOW + 9 * SECOND, 1, LEASE)
    assert await queue.give_back(row, NOW + 9 * SECOND)
    [row] = await queue.claim(NOW + 9 * SECOND, 1, LEASE)
    assert row.attempts == 3, "what was given back was no attempt"
    assert await queue.sent(row, NOW + 9 * SECOND, message_id="m1", conversation_id="c", shown_version=None)

    ledger = [
        (line.outcome, line.reason, line.message_id, line.fence)
        for line in await _rows(store, tables.deliveries)
    ]
    assert ledger == [
        ("retry", "429", None, 1),
        ("unknown", "reset", None, 2),
        ("given_back", "", None, 3),
        ("sent", "", "m1", 4),
    ]
    assert await queue.claim(NOW + 99 * SECOND, 1, LEASE) == []
    assert await _rows(store, tables.cards) == []


@pytest.mark.fault(31)
@pytest.mark.fault(42)
@pytest.mark.parametrize("outcome", ["unreachable", "set_aside"])
async def test_what_does_not_arrive_is_told_to_the_qa_team(store: SqlStore, outcome: str) -> None:
    gone = a_person(30, "Gone", Role.QA_TEAM, active_to=NOW.date() - timedelta(days=1))
    await settle(store, Council().with_people(gone))
    queue = OutboxQueue(store)
    await _put(store, a_notice("one", TOM.id), a_notice("two", PRIYA.id), a_notice("three", DANA.id))
    rows = await queue.claim(NOW, 10, LEASE)
    for row in rows[:2]:
        assert await getattr(queue, outcome)(row, NOW, reason="403 blocked")

    told = await queue.claim(NOW + 30 * SECOND, 10, LEASE)
    assert [(row.kind, row.person_id, row.subject) for row in told] == [
        ("delivery.failed", QUINN.id, f"M-{rows[0].id}")
    ]
    failures = await _failures(store, rows[0].id)
    assert [(f.outbox_id, f.person_id, f.outcome, f.reason) for f in failures] == [
        (row.id, row.person_id, outcome, "403 blocked") for row in rows[:2]
    ]

    assert [f.outbox_id for f in await _failures(store, 0)] == [row.id for row in rows[:2]]
    assert await getattr(queue, outcome)(rows[2], NOW, reason="404")
    assert await getattr(queue, outcome)(told[0], NOW, reason="403 blocked")
    [again] = await queue.claim(NOW + 60 * SECOND, 10, LEASE)
    assert again.subject == f"M-{rows[2].id}", (
        "the first was on its way: a new one tells; its own failure is not told"
    )
    assert [f.outbox_id for f in await _failures(store, rows[2].id)] == [rows[2].id]


async def test_a_sent_card_is_kept_up_to_date(store: SqlStore, queue: OutboxQueue) -> None:
    async with store.writing() as uow:
        asked = await uow.exemptions.add(an_exemption())
        await uow.outbox.put([a_notice("ask", DANA.id, subject=asked.ref)], NOW)
        await uow.commit()
    [row] = await queue.claim(NOW, 1, LEASE)
    await queue.sent(row, NOW, message_id="m1", conversation_id="c1", shown_version=1)
    assert await queue.claim(NOW, 1, LEASE) == []

    async with store.writing() as uow:
        chased = await uow.exemptions.save(apply(asked, Command.CHASE, now=NOW))
        assert await uow.outbox.refresh_cards(asked.ref, chased.version, NOW) == 1
        chased = await uow.exemptions.save(apply(chased, Command.CHASE, now=NOW))
        assert await uow.outbox.refresh_cards(asked.ref, chased.version, NOW) == 1
        await uow.commit()

    [update] = await queue.claim(NOW, 10, LEASE)
    assert (update.kind, update.subject, update.person_id) == ("card.update", asked.ref, DANA.id)
    assert (update.conversation_id, update.message_id) == ("c1", "m1")
    assert await queue.sent(update, NOW, message_id="m1", conversation_id="c1", shown_version=3)
    assert await queue.claim(NOW, 10, LEASE) == [], "the older update was superseded"
    states = [row.state for row in await _rows(store)]
    assert states == ["sent", "not_needed", "sent"]


async def test_a_subject_that_moved_on_while_its_card_was_sent_is_updated_at_once(
    store: SqlStore, queue: OutboxQueue
) -> None:
    async with store.writing() as uow:
        asked = await uow.exemptions.add(an_exemption())
        await uow.outbox.put([a_notice("ask", DANA.id, subject=asked.ref)], NOW)
        await uow.commit()
    [row] = await queue.claim(NOW, 1, LEASE)
    async with store.writing() as uow:
        chased = await uow.exemptions.save(apply(asked, Command.CHASE, now=NOW))
        assert await uow.outbox.refresh_cards(asked.ref, chased.version, NOW) == 0, "no card is known yet"
        await uow.commit()

    await queue.sent(row, NOW, message_id="m1", conversation_id="c1", shown_version=1)

    [update] = await queue.claim(NOW, 1, LEASE)
    assert (update.kind, update.message_id) == ("card.update", "m1")


async def test_the_last_answer_on_a_pressed_card_wins(store: SqlStore, queue: OutboxQueue) -> None:
    async with store.writing() as uow:
        first, second = [
            await uow.exemptions.add(an_exemption(person_id=person)) for person in (TOM.id, PRIYA.id)
        ]
        await uow.outbox.remember_card(first.ref, "exemption.to_decide", DANA.id, "c1", "m1")
        await uow.outbox.refresh_cards(first.ref, 2, NOW)
        await uow.outbox.show_on_card(second.ref, DANA.id, "c1", "m1", NOW)
        await uow.commit()

    [update] = await queue.claim(NOW, 10, LEASE)

    assert update.subject == second.ref


async def test_a_card_that_is_gone_is_updated_no_more_and_nobody_is_told(
    store: SqlStore, queue: OutboxQueue
) -> None:
    async with store.writing() as uow:
        asked = await uow.exemptions.add(an_exemption())
        await uow.outbox.remember_card(asked.ref, "exemption.to_decide", DANA.id, "c1", "m1")
        await uow.outbox.refresh_cards(asked.ref, 2, NOW)
        await uow.commit()
    [update] = await queue.claim(NOW, 1, LEASE)

    await queue.unreachable(update, NOW, reason="404")

    async with store.writing() as uow:
        assert await uow.outbox.refresh_cards(asked.ref, 3, NOW) == 0
    assert await queue.claim(NOW + 60 * SECOND, 1, LEASE) == []


async def test_health_hears_since_when_something_is_due(store: SqlStore, queue: OutboxQueue) -> None:
    assert await queue.oldest_due(NOW) == {}
    await _put(store, a_notice("old", TOM.id, Lane.NUDGE), due_at=NOW - 90 * SECOND)
    await _put(store, a_notice("new", DANA.id, Lane.NUDGE), a_notice("alert", RUTH.id, Lane.ALERT))
    await _put(store, a_notice("future", SAM.id, Lane.DIGEST), due_at=NOW + SECOND)

    assert await queue.oldest_due(NOW) == {Lane.NUDGE: NOW - 90 * SECOND, Lane.ALERT: NOW}
    assert await queue.waiting() == {Lane.NUDGE: 2, Lane.ALERT: 1, Lane.DIGEST: 1}
