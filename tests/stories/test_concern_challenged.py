"""The head of quality's form, where a child would leave the tracker by it."""

from tests.stories.alarms import EVERYBODY, acknowledged, raised, steps
from tests.stories.plots import there
from tests.stories.world import World, text_of

CHALLENGE = "Challenge the category"


async def test_a_category_2_leaves_the_tracker_with_evidence_and_the_form_says_that_it_does(
    world: World,
) -> None:
    _, hana, dina, _, helen, _, _ = await there(world, *EVERYBODY)
    await raised(world, category="2")
    await steps(hana, CHALLENGE, CHALLENGE, note="The child is well.")
    await world.delivered()
    # when the head of quality opens the form, it says what the press does
    form = await helen.opens(helen.card("C-1"), "Re-categorise")
    assert "takes this child off the tracker" in text_of(form)
    # and without evidence nothing is done: what was typed stays
    refused = await helen.opens(form, "Re-categorise", note="Agreed.", evidence=" ")
    assert "Nothing leaves the tracker without evidence" in text_of(refused)
    assert "Agreed." in text_of(refused)
    gone = await helen.opens(refused, "Re-categorise", note="Agreed.", evidence="Seen daily since.")
    assert "Off the tracker" in text_of(gone)
    await world.delivered()
    assert "Off the tracker" in text_of(dina.card("C-1"))


async def test_a_category_1_that_only_becomes_a_category_2_needs_none(world: World) -> None:
    _, hana, dina, _, helen, _, _ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    await steps(hana, CHALLENGE, CHALLENGE, wanted="category_2", note="The child lives elsewhere.")
    await world.delivered()
    form = await helen.opens(helen.card("C-1"), "Re-categorise")
    assert "needed to take it off the tracker" in text_of(form)
    await helen.opens(form, "Re-categorise", wanted="category_2", note="Agreed.", evidence="")
    await world.delivered()
    assert "Helen Boyd asks the director to make it a Category 2" in text_of(dina.card("C-1"))
