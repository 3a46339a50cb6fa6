"""A Category 1 is raised, and whoever has to know is told until they acknowledge it."""

from datetime import timedelta

from tests.stories.alarms import ACK, EVERYBODY, acknowledged, climbing, looks, quiet, raised, raises
from tests.stories.council import OUTSIDER
from tests.stories.plots import there
from tests.stories.world import World, buttons, text_of


async def test_the_alert_climbs_until_both_have_acknowledged(world: World) -> None:
    amelia, hana, dina, carol, helen, quinn, _ = await there(world, *EVERYBODY)
    # when Amelia raises a Category 1
    card = await raises(amelia)
    assert "The head of service and the director are alerted now" in text_of(card)
    assert "Not acknowledged yet by the head of service and the director" in text_of(card)
    assert buttons(card) == ["Timeline"], "who raised it has no step of it"
    # then the head of service and the director are told in the same moment, before any tick
    await world.delivered()
    for chat in (hana, dina):
        (message,) = chat.news()
        assert message.activity["summary"].startswith("Category 1 alert: child C10600.")
        assert message.activity["channelData"]["notification"]["alert"] is True
        read = text_of(message.card)
        assert "A response is due today" in read
        assert "Nobody has seen the child for three weeks" in read
        assert ACK in buttons(message.card)
    assert "was raised as a child of concern, Category 1" in quinn.told()
    assert not carol.news()
    assert not helen.news()
    # and when Hana has acknowledged it, it is the director who is still missing
    await acknowledged(world, "hana")
    assert "Not acknowledged yet by the director" in text_of(amelia.card("C-1")), "every card says so"
    await quiet(world)
    assert await climbing(world, 13, every=1) == {}, "nobody is told before their time"
    world.clock.now -= timedelta(minutes=13)
    # then it climbs: past the tiers that nobody holds, to the director, the DCS, the head of quality, and round again
    climbed = await climbing(world, 120)
    assert climbed == {
        15: ["dina"], 45: ["carol"], 60: ["helen"], 75: ["dina"], 90: ["dina"], 120: ["carol"]
    }  # fmt: skip
    last = carol.card("C-1")
    assert "not acknowledged by the director since it was raised" in text_of(last)
    # when the DCS acknowledges it, it is over for everybody
    await carol.opens(last, ACK)
    await world.delivered()
    assert "acknowledged" in text_of(dina.card("C-1"))
    assert "Not acknowledged yet" not in text_of(dina.card("C-1"))
    assert "(director of children's services)" in text_of(amelia.card("C-1"))
    await quiet(world)
    assert await climbing(world, 80) == {}
    assert (await world.trail("C-1")).count("concern.acknowledge") == 2


async def test_a_second_press_and_an_old_card_do_no_harm(world: World) -> None:
    _, hana, _, carol, *_ = await there(world, *EVERYBODY)
    await raised(world)
    first = hana.card("C-1")
    # when Hana's client sends the press twice
    press = hana.activity_of(first, ACK)
    once = await hana.invoke(press)
    assert await hana.invoke(press) == once
    # and she presses the old card again, a minute later
    world.clock.forward(minutes=1)
    again = await hana.opens(first, ACK)
    assert "Still missing: the director" in text_of(again)
    assert (await world.trail("C-1")).count("concern.acknowledge") == 1
    # when Dina presses after Carol has taken the director's place, she is not said to have taken it
    await acknowledged(world, "dina")
    late = await carol.says("concerns")
    opened = await carol.opens(late, "Open C-1")
    assert ACK not in buttons(opened)
    assert (await world.trail("C-1")).count("concern.acknowledge") == 2


async def test_a_forwarded_card_opens_for_nobody_else(world: World) -> None:
    _, hana, dina, *_ = await there(world, *EVERYBODY)
    karl, edwin, sol, ben = await there(world, "karl", "edwin", "sol", "ben")
    outsider = world.chat(OUTSIDER)
    await outsider.install()
    await raised(world)
    card = hana.card("C-1")
    # when a head of service of another service, another director, or a social worker presses it
    for chat in (karl, edwin, sol, ben):
        for title in (ACK, "Write the response", "Timeline"):
            said = await chat.hears(card, title)
            assert "Nobody has seen" not in said
            assert "C10600" not in said
    # and somebody who is not of the council
    said = await outsider.hears(card, ACK)
    assert "can't find your account" in said
    # then nothing has happened but what is in the trail
    assert "concern.acknowledge" not in await world.trail("C-1")
    refused = [action for action in await world.trail() if action.startswith("refused.")]
    assert len(refused) == 13
    assert await looks(world) == 0, "nobody has seen it"
    # and in a channel nothing is shown, also to those who may
    in_channel = {
        "conversation": {**dina.place()["conversation"], "conversationType": "channel", "id": "19:team"}
    }
    press = dina.activity_of(dina.card("C-1"), ACK)
    press |= in_channel
    assert "for you alone" in str(await dina.invoke(press))
