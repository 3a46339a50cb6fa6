"""A child of concern that an audit found: it alerts in the commit that hands the return in, and what the return says no
longer takes nobody off the tracker."""

from tests.stories.alarms import ACK, acknowledged, quiet
from tests.stories.plots import person_id, there
from tests.stories.test_return import filled, opened
from tests.stories.world import World, buttons, text_of

PEOPLE = ("amelia", "hana", "dina", "quinn", "sol")


async def test_handed_in_it_alerts_and_corrected_it_stays(world: World) -> None:
    amelia, hana, dina, quinn, _ = await there(world, *PEOPLE)
    owner = await person_id(world, "sol")
    review = await filled(
        amelia, await opened(world, amelia), "inadequate", owner=owner, category="category_1"
    )
    assert "the head of service and the director are alerted at once" in text_of(review)
    # when Amelia hands it in
    done = await amelia.opens(review, "Hand in")
    read = text_of(done)
    assert "C-1, Category 1: the head of service and the director are alerted now" in read
    assert "Category 1, C-1" in read
    # then she can open it, and it comes from the audit
    card = await amelia.opens(done, "Open C-1")
    assert "A-101" in text_of(card)
    assert buttons(card) == ["Timeline"]
    await world.delivered()
    assert "Category 1 alert: child C10432" in hana.told()
    assert "No visit since August." in text_of(dina.card("C-1"))
    assert "Open A-101" in buttons(await dina.opens(dina.card("(C-1)"), "Timeline"))
    # when she corrects it to Category 2, the record stays what it is, and whoever keeps it is told
    await quiet(world, ("hana", "dina", "quinn"))
    menu = await amelia.opens(done, "Correct the return")
    form = await amelia.opens(menu, "Correct: Child of concern")
    corrected = await amelia.opens(
        form,
        "Save the correction",
        answer_concern_category="category_2",
        note="I took the definition wrongly.",
    )
    assert "Category 2 in the return; C-1 is Category 1 now" in text_of(corrected)
    await world.delivered()
    told = hana.told()
    assert "it says Category 2 now. Here nothing was changed" in told
    assert "Here nothing was changed" in quinn.told()
    assert ACK in buttons(hana.card("(C-1)")), "it still waits for both"
    await acknowledged(world)
    assert "Category 1: child C10432" in text_of(hana.card("(C-1)"))
    # and a second audit of the child that finds a Category 1 is no second record
    assert (await world.trail("C-1")).count("concern.raise") == 1
    assert (await world.trail("C-1")).count("concern.note") == 1


async def test_a_category_2_becomes_a_category_1_by_a_correction(world: World) -> None:
    amelia, hana, dina, *_ = await there(world, *PEOPLE)
    owner = await person_id(world, "sol")
    review = await filled(
        amelia, await opened(world, amelia), "inadequate", owner=owner, category="category_2"
    )
    done = await amelia.opens(review, "Hand in")
    assert "C-1, Category 2: with the head of service." in text_of(done)
    await world.delivered()
    assert "was raised as a child of concern, Category 2" in hana.told()
    assert "Category 1 alert" not in dina.told()
    # when the correction makes it graver, both are alerted
    menu = await amelia.opens(done, "Correct the return")
    form = await amelia.opens(menu, "Correct: Child of concern")
    await amelia.opens(form, "Save the correction", answer_concern_category="category_1", note="Seen again.")
    await world.delivered()
    for chat in (hana, dina):
        assert "Category 1 alert: child C10432" in chat.told()
        assert ACK in buttons(chat.card("(C-1)"))
