"""Slots of the schedule and known conversations, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from storage.conversations import KnownConversation
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, TOM
from tests.storage.council import settle

HOUR = timedelta(hours=1)


async def _take(store: SqlStore, slot: int) -> bool:
    async with store.writing() as uow:
        taken = await uow.slots.take("chase", NOW + slot * HOUR, NOW)
        await asyncio.sleep(0)
        await uow.commit()
        return taken


@pytest.mark.fault(46)
async def test_of_many_replicas_one_takes_a_slot(store: SqlStore) -> None:
    results = await asyncio.gather(*(_take(store, 1) for _ in range(8)))

    assert sorted(results) == [False] * 7 + [True]


async def test_the_last_slot_is_known_and_outlives_the_pruning(store: SqlStore) -> None:
    async with store.reading() as uow:
        assert await uow.slots.last("chase") is None
    for slot in (1, 3, 2):
        assert await _take(store, slot)

    async with store.writing() as uow:
        assert await uow.slots.last("chase") == NOW + 3 * HOUR
        assert await uow.slots.last("other") is None
        assert await uow.slots.prune(NOW + 9 * HOUR) == 2
        await uow.commit()

    assert not await _take(store, 3)


async def test_a_slot_that_was_not_committed_is_free(store: SqlStore) -> None:
    async with store.writing() as uow:
        assert await uow.slots.take("chase", NOW, NOW)

    assert await _take(store, 0)


def a_chat(name: str = "chat", **changes: object) -> KnownConversation:
    values: dict[str, object] = {
        "id": name,
        "kind": "personal",
        "service_url": "https://smba.example/uk",
        "tenant_id": "tenant",
        "person_id": TOM.id,
    }
    return KnownConversation(**(values | changes))  # pyright: ignore[reportArgumentType]


async def test_a_person_is_written_to_where_they_were_heard_of_last(store: SqlStore) -> None:
    await settle(store)
    channel = a_chat("19:channel", kind="channel", person_id=None, team_id="19:team")
    async with store.writing() as uow:
        await uow.conversations.remember(a_chat("old"), NOW)
        await uow.conversations.remember(a_chat("new"), NOW + HOUR)
        await uow.conversations.remember(channel, NOW)
        await uow.commit()

    async with store.writing() as uow:
        assert await uow.conversations.of_person(TOM.id) == a_chat("new")
        assert await uow.conversations.of_person(DANA.id) is None
        assert await uow.conversations.channels() == [channel]
        moved = a_chat("old", service_url="https://smba.example/emea")
        await uow.conversations.remember(moved, NOW + 2 * HOUR)
        assert await uow.conversations.of_person(TOM.id) == moved
        assert await uow.conversations.get("new") == a_chat("new")


async def test_a_conversation_that_is_gone_lives_again_when_it_is_heard_of(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        await uow.conversations.remember(a_chat(), NOW)
        await uow.conversations.mark_gone("chat", NOW)
        assert await uow.conversations.of_person(TOM.id) is None
        assert await uow.conversations.get("chat") is None
        await uow.conversations.remember(a_chat(person_id=None), NOW + HOUR)
        assert await uow.conversations.of_person(TOM.id) == a_chat(), "whose chat it is stays known"


async def test_a_welcome_is_said_once(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        await uow.conversations.remember(a_chat(), NOW)
        await uow.commit()

    async def welcome() -> bool:
        async with store.writing() as uow:
            first = await uow.conversations.welcome_once("chat", NOW)
            await uow.commit()
            return first

    assert sorted(await asyncio.gather(*(welcome() for _ in range(6)))) == [False] * 5 + [True]
