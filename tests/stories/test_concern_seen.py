"""Who sees what of children of concern, asked of everybody who is there (I6)."""

from tests.stories.alarms import EVERYBODY, GROUNDS, acknowledged, looks, quiet, raised, raises, shown, steps
from tests.stories.plots import there
from tests.stories.world import World, text_of

SEES_ALL = {"hana", "dina", "carol", "helen", "quinn", "queenie", "tom"}
"""Of a child in North Team: those who answer for it, and the QA team."""
NOTHING = "There is no child of concern on the tracker that you can see"


async def test_the_tracker_and_the_record_of_everybody(world: World) -> None:
    await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    await steps(world.chat("hana"), "Write the response", "Record the response", note="Visited at four.")
    await world.delivered()
    for chat in world.everybody():
        await chat.install()
        listed = await chat.asks("concerns")
        one = await chat.asks("C-1")
        who = chat.who.key
        if who in SEES_ALL:
            assert "child C10600" in listed, who
            assert GROUNDS in one, who
            assert "Visited at four." in one, who
        elif who == "amelia":
            assert "child C10600" in listed
            assert GROUNDS in one
            assert "Visited" not in one, "what others wrote stays with those who answer for the child"
        else:
            assert NOTHING in listed, who
            assert "C10600" not in one, who
            assert GROUNDS not in one, who
    # then every look that showed it is in the trail: the list and the card of each, and Hana's form; nobody else's
    assert await looks(world) == 2 * (len(SEES_ALL) + 1) + 1
    refused = [action for action in await world.trail("C-1") if action == "refused.not_allowed"]
    assert len(refused) == 16 - len(SEES_ALL) - 1


async def test_the_childs_social_worker_is_heard_and_reads_no_more_than_that(world: World) -> None:
    _, *_ = await there(world, *EVERYBODY)
    sol, karl = await there(world, "sol", "karl")
    # given a child of Karl's service, whose social worker is Sol
    await raises(world.chat("amelia"), "C10501", "1", "Bruises.")
    await world.delivered()
    assert "Category 1 alert: child C10501" in karl.told()
    read, offered = await shown(sol)
    assert "Bruises" not in read
    assert "Tell what the team knows" in offered
    await quiet(world, ("karl",))
    await steps(
        sol, "Tell what the team knows", "Send to the head of service", of="(C-1)", note="Seen at home."
    )
    await world.delivered()
    assert "Seen at home." in text_of(karl.card("(C-1)"))


async def test_filters_and_what_has_left_the_tracker(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    for number, category in (("C10600", "2"), ("C10700", "2")):
        await raises(amelia, number, category, "No plan.")
    await world.delivered()
    await steps(
        hana,
        "Take off the tracker",
        "Take off the tracker",
        of="(C-2)",
        note="Done.",
        evidence="A plan is made.",
    )
    tracker = await hana.says("concerns")
    assert "1 child of concern: 1 Category 2." in text_of(tracker)
    assert "C10700" not in text_of(tracker)
    everything = await hana.opens(tracker, "Show", category="", state="all", identified="")
    assert "Children of concern: all" in text_of(everything)
    assert "C10700" in text_of(everything)
    gone = text_of(await hana.opens(everything, "Show", category="2", state="removed", identified="2026-11"))
    assert "Only: Category 2, off the tracker and identified in November 2026." in gone
    assert "child C10600" not in gone
    assert "C10700" in text_of(await hana.says("removed concerns"))
    assert NOTHING in await hana.asks("concerns in october")


async def test_a_correction_takes_a_reference_and_no_name(world: World) -> None:
    _, hana, _, _, _, quinn, _ = await there(world, *EVERYBODY)
    [karl] = await there(world, "karl")
    await raised(world)
    await acknowledged(world)
    refused = await steps(
        quinn, "Correct child or team", "Correct it", child="Kai Brown", team="", note="Wrong."
    )
    assert "no name or date of birth" in text_of(refused)
    # when it was another child, of another service, it is their head of service who is alerted now
    await quinn.opens(refused, "Correct it", child="C10501", team="", note="The number was mistyped.")
    await world.delivered()
    assert "Category 1 alert: child C10501" in karl.told()
    assert "C-1 was not about child C10600" in text_of(hana.card("C-1"))
