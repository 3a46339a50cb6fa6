"""A response that is due stays with the head of service, whoever else has a step meanwhile."""

from tests.stories.alarms import ACK, EVERYBODY, acknowledged, raised, steps
from tests.stories.plots import there
from tests.stories.world import World, text_of

YOURS = "Yours now: write the response"
OFF = "removal"


async def test_the_response_stays_with_the_head_of_service_while_the_team_is_asked(world: World) -> None:
    _, hana, _, _, _, quinn, tom = await there(world, *EVERYBODY)
    await raised(world)
    # when Hana has acknowledged it, the director's acknowledgement is missing, and her response too
    await hana.opens(hana.card("(C-1)"), ACK)
    await world.delivered()
    assert YOURS in text_of(hana.card("(C-1)"))
    assert "C10600" in await hana.asks("what is waiting for me")
    await acknowledged(world, "dina")
    # when she asks the team before she has written it
    card = await steps(hana, "Ask the team", "Ask the team", note="Who saw the child last?", of="(C-1)")
    await world.delivered()
    # then her card, her list and the tracker say both
    for read in (text_of(card), text_of(hana.card("(C-1)"))):
        assert f"{YOURS} (what is being done for the child). It is due today." in read
        assert "Tom Bailey; the response is to be written by Hana Whitfield" in read
    assert "C10600" in await hana.asks("what is waiting for me")
    assert "Yours now: tell what the team knows" in text_of(tom.card("C-1"))
    assert YOURS not in text_of(tom.card("C-1"))
    listed = text_of(await quinn.says("concerns"))
    assert "Next step: Tom Bailey; the response is to be written by Hana Whitfield." in listed
    # when it is written, nothing of it waits any more
    await steps(hana, "Write the response", "Record the response", note="Visited.", of="(C-1)")
    await world.delivered()
    assert YOURS not in text_of(hana.card("(C-1)"))
    assert "C10600" not in await hana.asks("what is waiting for me")


async def test_the_response_stays_with_the_head_of_service_while_others_decide(world: World) -> None:
    _, hana, dina, *_ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    await steps(
        hana, "Challenge the category", "Challenge the category", wanted=OFF, note="Not so.", of="(C-1)"
    )
    await world.delivered()
    assert YOURS in text_of(hana.card("(C-1)"))
    assert "C10600" in await hana.asks("what is waiting for me")
    await hana.opens(hana.card("(C-1)"), "Take it back")
    await world.delivered()
    await steps(
        hana,
        "Submit for sign-off",
        "Submit for sign-off",
        wanted=OFF,
        note="Over.",
        evidence="Seen daily.",
        of="(C-1)",
    )
    await world.delivered()
    assert YOURS in text_of(hana.card("(C-1)"))
    assert "C10600" in await hana.asks("what is waiting for me")
    # the director has the decision alone, and reads who has still to answer
    assert "Yours now: sign it off" in text_of(dina.card("C-1"))
    assert YOURS not in text_of(dina.card("C-1"))
    # when it is signed off, nothing is owed
    await dina.opens(dina.card("C-1"), "Yes, sign off")
    await world.delivered()
    assert "Nothing is waiting" in await hana.asks("what is waiting for me")
