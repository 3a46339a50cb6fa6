"""Deputies: named from the chat, within their dates, both names on the record, never on their own request."""

from tests.stories.plots import asking, person_id, there, with_dina, with_hana
from tests.stories.world import CardJson, Chat, World, buttons, reads, text_of

ALL = ("amelia", "hana", "karl", "dina", "carol", "quinn", "queenie")


async def name(world: World, chat: Chat, deputy: str, first: str, last: str) -> CardJson:
    form = await chat.says("my deputy")
    return await chat.opens(
        form,
        "Name as deputy",
        delegate=str(await person_id(world, deputy)),
        scope="exemptions",
        from_day=first,
        to_day=last,
    )


async def test_named_told_acts_and_ends(world: World) -> None:
    amelia, hana, karl, dina, *_ = await there(world, *ALL)
    named = await name(world, hana, "karl", "2026-11-11", "2026-11-12")
    assert "Karl Osei: exemptions, from Wed 11 November 2026 to Thu 12 November 2026" in text_of(named)
    await world.delivered()
    assert "Because Hana Whitfield named you as deputy" in karl.told()
    # when Amelia asks, both are asked, and she reads who may decide
    await with_hana(world)
    assert "You are asked as deputy for Hana Whitfield" in text_of(karl.card("E-1"))
    assert "Karl Osei may decide too, as deputy." in text_of(amelia.card("E-1"))
    ask = karl.card("E-1")
    assert "as deputy for Hana Whitfield" in await karl.asks("what is waiting for me")
    # when the deputy endorses
    endorsed = await karl.opens(ask, "Endorse")
    await world.delivered()
    for card in (endorsed, hana.card("E-1"), dina.card("E-1"), amelia.card("E-1")):
        assert "Karl Osei, as deputy for Hana Whitfield, endorsed it" in text_of(card)
    assert "Endorse" not in buttons(hana.card("E-1"))
    # when his days are over, the next request is not his
    world.clock.forward(days=2)
    await asking(amelia, month="2026-12")
    await world.delivered()
    assert "Nothing is waiting for you" in await karl.asks("what is waiting for me")
    hana.news()
    assert "Endorse" in buttons(hana.card("E-2"))


async def test_ended_at_once(world: World) -> None:
    _, hana, karl, *_ = await there(world, *ALL)
    named = await name(world, hana, "karl", "2026-11-11", "2026-11-30")
    await with_hana(world)
    theirs = karl.card("E-1")
    ended = await hana.opens(named, "Yes, end it")
    assert "You have no deputy now" in text_of(ended)
    # then the card that he still has decides nothing
    said = await karl.press(theirs, "Endorse")
    assert "Somebody else is asked for this step now" in reads(said)
    assert (await world.trail("E-1"))[-1] == "refused.not_allowed"
    assert "Nothing is waiting for you" in await karl.asks("what is waiting for me")


async def test_only_on_the_days_named(world: World) -> None:
    _, hana, karl, *_ = await there(world, *ALL)
    await name(world, hana, "karl", "2026-11-16", "2026-11-17")
    await with_hana(world)
    assert "E-1" not in karl.told()
    assert "Nothing is waiting for you" in await karl.asks("what is waiting for me")
    world.clock.to(2026, 11, 16, 9, 30)
    assert "E-1" in await karl.asks("what is waiting for me")


async def test_a_deputy_who_is_on_it_decides_nothing(world: World) -> None:
    """Hana stands in for Dina while Hana's own request waits for Dina."""
    _, hana, _, dina, *_ = await there(world, *ALL)
    await name(world, dina, "hana", "2026-11-11", "2026-11-30")
    await asking(hana)
    await world.delivered()
    card = hana.card("E-1")
    assert "Approve" not in buttons(card)
    assert "E-1" not in await hana.asks("what is waiting for me")
    # when she sends the press all the same
    forged = hana.activity_of(dina.card("E-1"), "Approve")
    said = await hana.invoke(forged)
    assert "Nobody decides on their own request" in reads(said)
    assert (await world.trail("E-1"))[-1] == "refused.not_allowed"
    assert "Waiting for the director" in text_of(hana.card("E-1"))


async def test_days_that_cannot_be(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    wrong = await name(world, hana, "karl", "2026-11-20", "2026-11-12")
    assert "The last day is before the first" in text_of(wrong)
    past = await name(world, hana, "karl", "2026-10-01", "2026-10-02")
    assert "The last day is in the past" in text_of(past)
    form = await hana.says("my deputy")
    empty = await hana.press(
        form, "Name as deputy", delegate="", scope="all", from_day="2026-11-12", to_day=""
    )
    assert "Choose" in reads(empty)
    assert await world.trail() == []


async def test_two_people_look_at_each_request(world: World) -> None:
    """Hana is Dina's deputy too: what she endorsed as head of service she does not decide in Dina's name."""
    hana, dina, *_ = await there(world, "hana", "dina", "amelia")
    form = await dina.says("my deputy")
    days = {"from_day": "2026-11-10", "to_day": "2026-11-20"}
    await dina.press(
        form, "Name as deputy", delegate=str(await person_id(world, "hana")), scope="all", **days
    )
    decide = await with_dina(world)
    assert "Approve" in buttons(decide)
    shown = await hana.says("E-1")
    assert "Approve" not in buttons(shown)
    forged = await hana.press(decide, "Approve")
    assert "two people look at each one" in reads(forged)
    assert "exemption.approve" not in await world.trail("E-1")


async def test_the_same_deputy_is_named_once(world: World) -> None:
    [dina] = await there(world, "dina")
    once = await name(world, dina, "karl", "2026-11-12", "2026-11-20")
    named = {"delegate": str(await person_id(world, "karl")), "scope": "exemptions"}
    again = await dina.press(once, "Name as deputy", **named, from_day="2026-11-20", to_day="2026-11-30")
    assert "your deputy on some of these days already" in reads(again)
    assert (await world.trail()).count("delegation.make") == 1
