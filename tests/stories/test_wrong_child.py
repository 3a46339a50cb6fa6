"""An auditor finds that a return was about another child: whoever was told of the first one hears so in words."""

from tests.stories.drawing import with_children
from tests.stories.plots import person_id, there
from tests.stories.test_return import filled, opened
from tests.stories.world import World, text_of


async def test_who_was_told_of_the_first_child_hears_that_it_was_not_theirs(world: World) -> None:
    amelia, hana, sol = await there(world, "amelia", "hana", "sol")
    await with_children(world)
    review = await filled(
        amelia,
        await opened(world, amelia),
        "inadequate",
        owner=await person_id(world, "sol"),
        category="category_1",
    )
    await amelia.opens(review, "Hand in")
    await world.delivered()
    assert "A-101" in hana.told()
    assert "T-1" in sol.told()
    # when it is put right
    world.clock.forward(seconds=60)
    form = await amelia.opens(await amelia.says("correct A-101"), "It was about another child")
    card = await amelia.opens(
        form, "Move it to this child", other_child="C10501", note="I typed the wrong reference"
    )
    assert "child C10432 → C10501" in text_of(card)
    await world.delivered()
    # then head of service and social worker are told in words, and the old cards say so too
    for chat in (hana, sol):
        told = chat.told()
        assert "it was not about child C10432" in told
        assert "Nothing of it concerns that child" in told
    assert "T-1 is cancelled: Update the risk assessment" in "\n".join(text_of(card) for card in sol.cards)
    assert not [card for card in hana.cards if "This is with somebody else now" in text_of(card)]
    assert any("A-101 was not about C10432" in text_of(card) for card in hana.cards)
