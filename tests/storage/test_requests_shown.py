"""Cards of a request follow its version; actions of several audits are counted at once (both databases)."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select, update

from domain.requests import Request, RequestState, Wish
from storage.repositories.sql import untyped
from storage.tables import actions, cards, outbox
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, TOM
from tests.storage.council import settle
from tests.storage.test_returns import AUDIT, a_plan, put

ASKED_AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


async def test_a_card_that_was_answered_shows_the_request_as_it_is_now(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        draft = Request(0, AUDIT.id, AUDIT.ref, Wish.SLIPPAGE, TOM.id, ASKED_AT, "why")
        request = await uow.requests.add(draft)
        await uow.requests.save(replace(request, state=RequestState.GRANTED))
        # when Dana opens version 1 after somebody has answered it
        await uow.outbox.card_shows(request.ref, 1, DANA.id, "a:dana", "m-1", NOW)
        await uow.commit()
    # then her card is brought up to version 2
    async with store.reading() as uow:
        asked = untyped(select(outbox.c.version).join(cards, cards.c.id == outbox.c.card_id))
        versions = await uow.transaction.run(
            lambda c: list(c.execute(asked.where(outbox.c.subject == request.ref)).scalars())
        )
    assert versions == [2]


async def test_actions_are_counted_open_and_done(store: SqlStore) -> None:
    await settle(store)
    await put(store, a_plan(1), a_plan(2), a_plan(3))
    async with store.writing() as uow:
        done = untyped(update(actions)).where(actions.c.number == 1)
        await uow.transaction.run(lambda c: c.execute(done, {"done_on": date(2026, 11, 20)}))
        await uow.commit()
    await put(store, a_plan(1), a_plan(2))  # the third is dropped
    async with store.reading() as uow:
        assert await uow.actions.counts([AUDIT.id, 999]) == {AUDIT.id: (1, 1)}
        assert await uow.actions.counts([]) == {}
