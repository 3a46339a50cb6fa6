"""One audit's whole way: returned, sent back, reworked, judged again, disputed, confirmed and put on the record."""

from tests.stories.judging import MODERATORS, moderating
from tests.stories.plots import there
from tests.stories.test_return import filled, opened
from tests.stories.world import World, text_of


async def test_from_the_return_to_the_record(world: World) -> None:
    amelia, helen, _, liam = await there(world, "amelia", "helen", "quinn", "liam")
    await world.people_change(MODERATORS)
    await amelia.opens(await filled(amelia, await opened(world, amelia)), "Hand in")
    form = await liam.opens(await moderating(world, "A-101"), "Moderate")
    assert "Visits are purposeful and seen." in text_of(form)
    # when the moderator sends it back
    await liam.opens(form, "Send it back", why="evidence", what_to_do="Say which visits")
    await world.delivered()
    assert "sent A-101 back for rework (the evidence is missing)" in amelia.told()
    # given a rework that is begun, the moderator does not read it half-filled
    step = await amelia.opens(amelia.card("A-101"), "Rework the return")
    assert "Say which visits" in text_of(step)
    step = await amelia.opens(
        step, "Save and continue", answer_grade="good", answer_rationale="Three visits, each with a purpose."
    )
    looked = await liam.asks("A-101")
    assert "Three visits" not in looked
    # when it is handed in again, the moderator is told and judges anew
    again = await amelia.opens(amelia.card("A-101"), "Rework the return")
    await amelia.opens(await amelia.opens(again, "All steps"), "Hand in")
    await world.delivered()
    told = liam.told()
    assert "Because Amelia Adeyemi returned A-101 again after rework, it is with you to judge anew." in told
    again = await liam.opens(liam.card("A-101"), "Moderate")
    assert "Three visits, each with a purpose." in text_of(again)
    assert "Why it was sent back" in text_of(again)
    await liam.opens(again, "Agree: Good")
    # then the third lock and the record
    await helen.opens(await helen.says("A-101"), "Confirm the grade")
    await world.delivered()
    final = await amelia.opens(amelia.card("it is final: Good"), "It is on the child's record")
    assert "On the child's record" in text_of(final)
    assert "Met" in text_of(final)
    assert [a for a in await world.trail("A-101") if a.startswith("audit.")] == [
        "audit.return", "audit.assign", "audit.send_back", "audit.resubmit", "audit.moderate", "audit.lock",
        "audit.upload",
    ]  # fmt: skip
