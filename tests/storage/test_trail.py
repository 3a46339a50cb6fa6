"""The audit trail on both databases: what is written stays, and what was touched is named."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.errors import Conflict
from domain.ports import TrailEntry
from storage.tables import trail, trail_head, trail_texts
from storage.trail import Verdict
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, TOM


def an_entry(number: int = 1) -> TrailEntry:
    return TrailEntry(
        NOW + timedelta(seconds=number),
        "exemption.decline",
        f"E-{number}",
        actor_id=DANA.id,
        for_id=TOM.id,
        facts={"from": "with_director", "to": "declined"},
        texts={"note": f"Because of {number}, naïve, I know."},
    )


async def write(store: SqlStore, *entries: TrailEntry) -> None:
    async with store.writing() as uow:
        for entry in entries:
            await uow.trail.append(entry)
        await uow.commit()


async def test_entries_are_chained_one_after_the_other(store: SqlStore) -> None:
    assert await store.verify_trail() == Verdict(0)
    await write(store, an_entry(1), an_entry(2))
    await write(store, an_entry(3))

    assert await store.verify_trail() == Verdict(3)
    async with store.reading() as uow:
        rows = await uow.transaction.run(lambda c: c.execute(select(trail).order_by(trail.c.seq)).all())
        head = await uow.transaction.run(lambda c: c.execute(select(trail_head)).one())
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev for row in rows] == ["0" * 64, rows[0].hash, rows[1].hash]
    assert (head.seq, head.hash) == (3, rows[2].hash)
    assert all("Because" not in str(row) for row in rows), "what people wrote stands beside the chain"


async def test_what_was_not_committed_is_not_in_the_trail(store: SqlStore) -> None:
    async with store.writing() as uow:
        await uow.trail.append(an_entry(1))
    assert await store.verify_trail() == Verdict(0)


async def test_many_writers_at_once_make_one_chain(store: SqlStore) -> None:
    await asyncio.gather(*(write(store, an_entry(number), an_entry(number)) for number in range(20)))

    assert await store.verify_trail() == Verdict(40)


async def test_a_long_chain_is_walked_in_parts(store: SqlStore) -> None:
    await write(store, *(an_entry(number) for number in range(2100)))

    assert await store.verify_trail() == Verdict(2100)


async def test_an_erased_text_does_not_break_the_chain(store: SqlStore) -> None:
    await write(store, an_entry(1), an_entry(2))
    async with store.writing() as uow:
        await uow.transaction.run(lambda c: c.execute(trail_texts.delete().where(trail_texts.c.seq == 1)))
        await uow.commit()

    assert await store.verify_trail() == Verdict(2)


async def test_the_same_text_has_another_digest_each_time(store: SqlStore) -> None:
    await write(store, an_entry(1), an_entry(1))
    async with store.reading() as uow:
        digests = await uow.transaction.run(lambda c: c.execute(select(trail.c.text_digests)).scalars().all())
    assert len(set(digests)) == 2


@pytest.mark.fault(62)
@pytest.mark.parametrize("statement", ["UPDATE trail SET action = 'x'", "DELETE FROM trail WHERE seq = 1"])
async def test_the_database_itself_refuses_to_change_the_trail(store: SqlStore, statement: str) -> None:
    await write(store, an_entry(1))

    async with store.writing() as uow:
        with pytest.raises(Exception, match="append-only") as refused:
            await uow.transaction.run(lambda c: c.execute(text(statement)))
        assert not isinstance(refused.value, Conflict)

    assert await store.verify_trail() == Verdict(1)


@pytest.mark.fault(62)
async def test_postgresql_refuses_to_truncate_the_trail(postgres_url: str) -> None:
    store = SqlStore(postgres_url)
    try:
        await write(store, an_entry(1))
        async with store.writing() as uow:
            with pytest.raises(Exception, match="append-only"):
                await uow.transaction.run(lambda c: c.execute(text("TRUNCATE trail")))
        assert await store.verify_trail() == Verdict(1)
    finally:
        await store.close()
