"""A return that was sent back: it opens where something was asked for, and the moderator sees what was changed."""

from tests.stories.judging import MODERATORS, ON_ONE_DATABASE, moderating
from tests.stories.plots import person_id, there
from tests.stories.test_return import ON, filled, opened
from tests.stories.world import CardJson, World, buttons, text_of


async def sent_back(world: World, *, why: str, what_to_do: str, grade: str = "good") -> CardJson:
    """Amelia has handed in A-101, Liam has sent it back; gives what opens for her."""
    amelia, liam = world.chat("amelia"), world.chat("liam")
    await world.people_change(MODERATORS)
    await amelia.opens(await filled(amelia, await opened(world, amelia), grade), "Hand in")
    form = await liam.opens(await moderating(world, "A-101"), "Moderate")
    await liam.opens(form, "Send it back", why=why, what_to_do=what_to_do)
    await world.delivered()
    return await amelia.opens(amelia.card("back for rework"), "Rework the return")


async def test_it_opens_where_it_was_asked_for_and_says_what_was_changed(world: World) -> None:
    _, amelia, liam = await there(world, "quinn", "amelia", "liam")
    step = await sent_back(world, why="rationale", what_to_do="Say why the plan is good")
    assert "answer_rationale" in str(step)
    assert "Say why the plan is good" in text_of(step)
    # when nothing is changed, it is asked about
    review = await amelia.opens(step, "All steps")
    ask = await amelia.opens(review, "Hand in")
    assert "Nothing has been changed since it was sent back." in text_of(ask)
    assert "Hand in" not in buttons(ask)
    assert "audit.resubmit" not in await world.trail("A-101")
    # and when something is, the moderator sees what
    on = await amelia.opens(step, ON, answer_rationale="The plan names who does what by when.")
    await amelia.opens(await amelia.opens(on, "All steps"), "Hand in")
    await world.delivered()
    form = text_of(await liam.opens(liam.card("returned A-101 again"), "Moderate"))
    assert "Since then" in form
    assert "Changed: " in form
    assert "Nothing was changed." not in form


@ON_ONE_DATABASE
async def test_the_moderator_sees_that_nothing_was_changed(world: World) -> None:
    _, amelia, liam = await there(world, "quinn", "amelia", "liam")
    review = await sent_back(world, why="grammar", what_to_do="Mind the spelling")
    await amelia.opens(await amelia.opens(review, "Hand in"), "Hand it in unchanged")
    await world.delivered()
    form = await liam.opens(liam.card("returned A-101 again"), "Moderate")
    assert "Nothing was changed." in text_of(form)


@ON_ONE_DATABASE
async def test_an_old_card_names_what_has_happened(world: World) -> None:
    _, amelia, liam = await there(world, "quinn", "amelia", "liam")
    await world.people_change(MODERATORS)
    await amelia.opens(await filled(amelia, await opened(world, amelia)), "Hand in")
    form = await liam.opens(await moderating(world, "A-101"), "Moderate")
    menu = await amelia.opens(await amelia.says("correct A-101"), "Correct: Strengths")
    await amelia.opens(menu, "Save the correction", answer_strengths="Kind and clear.", note="Said better")
    stale = await liam.opens(form, "Agree: Good")
    assert "A-101 has moved on: its auditor has corrected the return." in text_of(stale)


@ON_ONE_DATABASE
async def test_an_inadequate_is_what_is_read_first_and_the_safeguarding_route_stays(world: World) -> None:
    amelia, hana = await there(world, "amelia", "hana")
    owner = await person_id(world, "sol")
    review = await filled(
        amelia, await opened(world, amelia), "inadequate", owner=owner, category="category_1"
    )
    # every step says the route, from when Category 1 is saved
    at_risk = next(line for line in text_of(review).splitlines() if "999" in line)
    assert at_risk in text_of(await amelia.opens(review, "Change step 1"))
    await amelia.opens(review, "Hand in")
    await world.delivered()
    card = text_of(await hana.says("A-101"))
    assert "Inadequate · child of concern, Category 1" in card
    assert (
        card.index("Inadequate · child of concern")
        < card.index("Why this grade")
        < card.index("Returned on time")
    )


@ON_ONE_DATABASE
async def test_what_an_answer_asks_for_next_is_said_before_and_after(world: World) -> None:
    [amelia] = await there(world, "amelia")
    review = await filled(amelia, await opened(world, amelia))
    change = next(
        title for title in buttons(review) if title.startswith("Change step") and title.endswith("6")
    )
    step = await amelia.opens(review, change)
    if "answer_concern" not in str(step):
        step = await amelia.opens(review, "Change step 7")
    assert "If your answer asks for more, it is shown here" in text_of(step)
    more = await amelia.opens(step, ON, answer_concern="yes")
    assert "Because of your answer this step asks for more" in text_of(more)
    assert "Still to answer" not in text_of(more)
