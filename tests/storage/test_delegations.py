"""Deputies, in every store."""

from datetime import date, timedelta

from domain.people import Scope
from tests.builders import DANA, RUTH, SAM, TODAY
from tests.storage.council import AnyStore, settle

DAY = timedelta(days=1)


async def test_a_delegation_is_in_force_from_its_first_to_its_last_day(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        made = await uow.delegations.add(DANA.id, SAM.id, Scope.EXEMPTIONS, TODAY, TODAY + 7 * DAY)
        await uow.commit()

    async with any_store.reading() as uow:
        for day, there in (
            (TODAY - DAY, False),
            (TODAY, True),
            (TODAY + 7 * DAY, True),
            (TODAY + 8 * DAY, False),
        ):
            assert await uow.delegations.to(SAM.id, day) == ([made] if there else [])
            assert await uow.delegations.by([RUTH.id, DANA.id], day) == ([made] if there else [])
        assert await uow.delegations.by([], TODAY) == []
        assert await uow.delegations.get(made.id) == made
        assert await uow.delegations.get(4711) is None


async def test_what_is_to_come_stands_in_order_and_what_was_ended_is_gone(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        later = await uow.delegations.add(DANA.id, RUTH.id, Scope.ALL, date(2027, 1, 4), date(2027, 1, 8))
        sooner = await uow.delegations.add(DANA.id, SAM.id, Scope.ALL, TODAY, TODAY)
        unbegun = await uow.delegations.add(DANA.id, SAM.id, Scope.ALL, TODAY + 2 * DAY, TODAY + 9 * DAY)
        await uow.delegations.end(unbegun.id, TODAY - DAY)
        await uow.commit()

    async with any_store.reading() as uow:
        assert await uow.delegations.upcoming(DANA.id, TODAY) == [sooner, later]
        assert await uow.delegations.upcoming(DANA.id, TODAY + DAY) == [later]
        assert await uow.delegations.to(SAM.id, TODAY + 2 * DAY) == []
