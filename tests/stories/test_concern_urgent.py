"""Whoever raises a child of concern is never comforted falsely: where nobody can be alerted they read that they must
telephone, and where a Category 2 reads as danger now they are asked whether it is a Category 1."""

from datetime import date

import pytest
from sqlalchemy import update

from storage.tables import people
from tests.stories.alarms import EVERYBODY, NORTH_CHILD, raises
from tests.stories.council import PEOPLE
from tests.stories.plots import there
from tests.stories.test_concern_said import ROUTE, value
from tests.stories.world import World, buttons, text_of

NOBODY = "Nobody could be found to alert for this child. Telephone the head of service or the front door now."
ALERTED = "are alerted now"


async def _leave(world: World, *but: str) -> None:
    stay = [PEOPLE[key].email for key in but]
    gone = update(people).where(people.c.email.not_in(stay)).values(active_to=date(2026, 1, 1))
    async with world.store.writing() as uow:
        await uow.transaction.run(lambda c: c.execute(gone))
        await uow.commit()


@pytest.mark.parametrize("left", [("amelia",), ("amelia", "quinn")], ids=["nobody", "the QA team"])
async def test_where_nobody_can_be_alerted_the_raiser_reads_whom_to_telephone(
    world: World, left: tuple[str, ...]
) -> None:
    amelia, *_ = await there(world, *left)
    await _leave(world, *left)
    card = await raises(amelia)
    assert NOBODY in text_of(card)
    assert ROUTE in text_of(card)
    assert ALERTED not in text_of(card)
    await world.delivered()
    # and it stands on the card whenever it is opened
    again = await amelia.says("C-1")
    assert NOBODY in text_of(again)
    assert ALERTED not in text_of(again)
    # and nobody else is told that anybody was alerted
    assert all(ALERTED not in text_of(card) for key in left for card in world.chat(key).cards)


async def test_where_somebody_is_alerted_that_is_what_is_said(world: World) -> None:
    amelia, *_ = await there(world, *EVERYBODY)
    card = await raises(amelia)
    assert ALERTED in text_of(card)
    assert NOBODY not in text_of(card)


async def test_a_category_2_that_reads_as_danger_now_is_asked_about(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    grounds = "He is being hit right now."
    asked = await raises(amelia, category="2", grounds=grounds)
    assert text_of(asked).startswith(ROUTE)
    assert "Is it a Category 1?" in text_of(asked)
    assert "Recorded as C-1, Category 2." in text_of(asked)
    # when she says that it is
    form = await amelia.opens(asked, "Yes: raise it to Category 1")
    filled = [value(form, field) for field in ("child", "category", "grounds")]
    assert filled == [NORTH_CHILD, "1", grounds]
    await amelia.opens(form, "Raise it now", child=NORTH_CHILD, category="1", grounds=grounds)
    await world.delivered()
    # then it is one, and alerts
    assert "Category 1 alert: child C10600" in hana.told()


async def test_a_category_2_without_danger_is_answered_as_ever(world: World) -> None:
    amelia, *_ = await there(world, *EVERYBODY)
    card = await raises(amelia, category="2", grounds="No visit was made in August.")
    assert "Is it a Category 1?" not in text_of(card)
    assert "The head of service is told." in text_of(card)
    assert "Yes: raise it to Category 1" not in buttons(card)
