"""A category is challenged: who judges it, and that nothing leaves the tracker by that way without evidence."""

import pytest

from domain.concern_workflow import Command
from domain.concerns import Category, State, Wanted
from domain.errors import Invalid
from tests.alerting.desk import HELEN, Desk
from tests.builders import DANA, RUTH


async def challenged(desk: Desk, category: str = "1", wanted: Wanted = Wanted.REMOVAL) -> None:
    await desk.raises(category=category)
    await desk.does(DANA, Command.CHALLENGE, wanted=wanted)
    await desk.news()


@pytest.mark.parametrize("category", ["1", "2"])
async def test_the_head_of_quality_takes_no_child_off_without_evidence(desk: Desk, category: str) -> None:
    await challenged(desk, category)
    with pytest.raises(Invalid, match="evidence_missing"):
        await desk.does(HELEN, Command.RECATEGORISE, wanted=Wanted.REMOVAL)
    assert (await desk.concern()).state is State.CHALLENGED
    # when it is given with the step
    await desk.does(HELEN, Command.RECATEGORISE, wanted=Wanted.REMOVAL, evidence="Seen daily since.")
    concern = await desk.concern()
    assert (concern.evidence, concern.state) == (
        1,
        State.WITH_DIRECTOR if category == "1" else State.REMOVED,
    )
    assert [line.command for line in await desk.history()][-2:] == ["evidence", "recategorise"]


async def test_to_make_it_a_category_2_takes_no_evidence(quick: Desk) -> None:
    await challenged(quick)
    await quick.does(HELEN, Command.RECATEGORISE, wanted=Wanted.CATEGORY_2)
    await quick.does(RUTH, Command.SIGN_OFF)
    assert (await quick.concern()).category is Category.TWO


async def test_a_sign_off_looks_for_the_evidence_once_more(quick: Desk) -> None:
    await challenged(quick)
    await quick.does(HELEN, Command.RECATEGORISE, wanted=Wanted.CATEGORY_2)
    # given a record from when a removal was asked for without
    await quick.change(wanted=Wanted.REMOVAL.value)
    with pytest.raises(Invalid, match="evidence_missing"):
        await quick.does(RUTH, Command.SIGN_OFF)
    assert (await quick.concern()).state is State.WITH_DIRECTOR


async def test_the_director_hears_of_a_category_2_that_the_head_of_quality_takes_off(quick: Desk) -> None:
    await challenged(quick, "2")
    await quick.does(HELEN, Command.RECATEGORISE, evidence="Seen daily since.")
    assert sorted(await quick.news()) == [("moved", "Dana"), ("moved", "Ruth")]
