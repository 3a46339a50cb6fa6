"""What a unit of work promises, in every store: all or nothing, one answer an activity, one update a card."""

import asyncio

import pytest

from domain.errors import Conflict, Replayed
from domain.exemptions import Command, apply
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Authority
from domain.ports import Once, Outcome, TrailEntry
from tests.builders import DANA, NOW, TOM, an_exemption
from tests.storage.council import AnyStore, settle

ONCE = Once("conversation|1", "digest")


async def test_leaving_without_commit_leaves_nothing(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        lost = await uow.exemptions.add(an_exemption())
        await uow.answers.keep(ONCE, Outcome("done"), NOW)

    async def fail() -> None:
        async with any_store.writing() as uow:
            await uow.exemptions.add(an_exemption())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with any_store.reading() as uow:
        assert await uow.exemptions.get(lost.id) is None
        assert await uow.answers.find(ONCE) is None


@pytest.mark.fault(8)
@pytest.mark.fault(9)
async def test_the_first_answer_is_given_again_and_another_payload_is_refused(any_store: AnyStore) -> None:
    first = Outcome("exemption.approve", "E-1", {"refs": "E-1;E-2"})
    async with any_store.writing() as uow:
        assert await uow.answers.find(ONCE) is None
        await uow.answers.keep(ONCE, first, NOW)
        await uow.commit()

    async with any_store.writing() as uow:
        assert await uow.answers.find(ONCE) == first
        with pytest.raises(Replayed):
            await uow.answers.find(Once(ONCE.key, "another digest"))
        with pytest.raises(Conflict):
            await uow.answers.keep(ONCE, Outcome("second"), NOW)


@pytest.mark.fault(18)
@pytest.mark.fault(21)
async def test_of_many_who_decide_at_once_exactly_one_does(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        asked = await uow.exemptions.add(an_exemption())
        await uow.commit()

    async def decide(number: int) -> str:
        async with any_store.writing() as uow:
            seen = await uow.exemptions.get(asked.id)
            assert seen is not None
            await asyncio.sleep(0)
            if not seen.state.open:
                return "too late"
            command = (Command.DECLINE, Command.WITHDRAW)[number % 2]
            try:
                await uow.exemptions.save(
                    apply(seen, command, now=NOW, by=Authority(DANA.id), note=f"{number}")
                )
                await uow.trail.append(TrailEntry(NOW, f"exemption.{command}", asked.ref, DANA.id))
                await uow.commit()
            except Conflict:
                return "conflict"
            return "decided"

    results = await asyncio.gather(*(decide(number) for number in range(12)))

    assert results.count("decided") == 1
    async with any_store.reading() as uow:
        history = await uow.exemptions.history(asked.id)
        stored = await uow.exemptions.get(asked.id)
    assert len(history) == 2
    assert stored is not None
    assert stored.version == 2


async def test_a_notice_is_put_once_for_ever(any_store: AnyStore) -> None:
    await settle(any_store)
    ask = Notice(NoticeKind.EXEMPTION_TO_DECIDE, Lane.DECISION, DANA.id, "E-1", "ask|E-1|2")
    tell = Notice(NoticeKind.EXEMPTION_STANDS, Lane.DECISION, TOM.id, "E-1", "stands|E-1")

    async with any_store.writing() as uow:
        assert await uow.outbox.put([ask], NOW) == 1
        assert await uow.outbox.put([ask, tell], NOW) == 1
        assert await uow.outbox.put([], NOW) == 0
        await uow.commit()
    async with any_store.writing() as uow:
        assert await uow.outbox.put([ask, tell], NOW) == 0


async def test_a_remembered_card_gets_one_update_a_version(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        asked = await uow.exemptions.add(an_exemption())
        await uow.outbox.remember_card(asked.ref, "exemption.to_decide", DANA.id, "chat", "message")
        await uow.outbox.remember_card(asked.ref, "exemption.to_decide", DANA.id, "chat", "message")
        assert await uow.outbox.refresh_cards(asked.ref, asked.version, NOW) == 0, "it shows this version"
        assert await uow.outbox.refresh_cards(asked.ref, 2, NOW) == 1
        assert await uow.outbox.refresh_cards(asked.ref, 2, NOW) == 0
        assert await uow.outbox.refresh_cards(asked.ref, 3, NOW) == 1
        assert await uow.outbox.refresh_cards("E-4711", 3, NOW) == 0
        await uow.commit()


async def test_a_pressed_card_shows_its_new_subject_from_now_on(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        await uow.outbox.remember_card("A-104", "audit.freed", DANA.id, "chat", "message")
        await uow.outbox.show_on_card("E-1", DANA.id, "chat", "message", NOW)
        await uow.outbox.show_on_card("E-1", DANA.id, "chat", "message", NOW)
        assert await uow.outbox.refresh_cards("A-104", 9, NOW) == 0
        assert await uow.outbox.refresh_cards("E-1", 9, NOW) == 1
        await uow.commit()


async def test_a_reading_unit_of_work_takes_no_trail_entry(any_store: AnyStore) -> None:
    async with any_store.reading() as uow:
        with pytest.raises(RuntimeError, match="never writes"):
            await uow.trail.append(TrailEntry(NOW, "test"))
