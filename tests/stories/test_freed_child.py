"""A child whose auditor was exempted: offered to the QA team, given once, and the new auditor is told."""

import asyncio

from tests.stories.plots import asking, freed, person_id, there, with_hana
from tests.stories.test_return import ON, areas, opened, value_of
from tests.stories.world import World, buttons, choices, reads, text_of

ALL = ("amelia", "gita", "hana", "karl", "dina", "quinn", "queenie")
GIVE = "Give to this auditor"


async def test_given_to_an_eligible_auditor_who_is_told(world: World) -> None:
    _, gita, *_, quinn, queenie = await there(world, *ALL)
    offered = await freed(world)
    # given those who can take it: trained, of another team than the child's, without an audit, not exempt
    assert list(choices(offered, "auditor")) == [
        "Farah Iqbal (North Team)",
        "Gita Rao (East Team)",
        "Liam Grant (West Team)",
    ]
    given = await quinn.opens(offered, GIVE, auditor=str(await person_id(world, "gita")))
    assert "A-101 is with Gita Rao now, who has been told." in text_of(given)
    await world.delivered()
    # then Gita has it, with child and deadline, and why
    told = gita.told()
    assert "Because its first auditor was taken off it, the QA team has given you A-101, child C10432" in told
    assert "It is due on Mon 30 November 2026" in told
    assert "Child C10432" in await gita.asks("my audit")
    # and the second of the QA team sees that it is taken
    assert "A-101 is with Gita Rao now" in text_of(queenie.card("A-101"))
    assert GIVE not in buttons(queenie.card("A-101"))
    assert "Nothing is waiting for you" in await queenie.asks("what is waiting for me")
    assert await world.trail("A-101") == ["audit.free", "audit.give"]


async def test_nobody_gives_a_child_to_themselves(world: World) -> None:
    await world.people_change({"quinn": {"roles": "qa_team;auditor", "auditor_from": "2025-01-01"}})
    *_, quinn, _ = await there(world, *ALL)
    offered = await freed(world)
    assert "Quinn Lister" not in choices(offered, "auditor")
    # not with forged data either
    own = str(await person_id(world, "quinn"))
    refused = await quinn.press(offered, GIVE, auditor=own)
    assert "can no longer take this child" in reads(refused)
    assert await world.trail("A-101") == ["audit.free"]


async def test_what_the_former_auditor_had_begun_stays_theirs(world: World) -> None:
    amelia, gita, *_, quinn, _ = await there(world, *ALL)
    # given Amelia had begun her return before she was exempted
    card = await opened(world, amelia)
    await amelia.opens(card, ON, **areas(assessment="inadequate"))
    offered = await freed(world)
    # when Gita has the child
    await quinn.opens(offered, GIVE, auditor=str(await person_id(world, "gita")))
    await world.delivered()
    # then nothing of it is on her card or in her return, nor on the QA team's
    for card in (await gita.says("A-101"), await quinn.says("A-101"), gita.card("A-101")):
        assert isinstance(card, dict)
        assert "Inadequate" not in text_of(card)
    begun = await gita.opens(await gita.says("my audit"), "Fill in the return")
    assert "step 1 of 7" in text_of(begun)
    assert await value_of(begun, "answer_area_assessment") == ""


async def test_two_give_it_at_once(world: World) -> None:
    *_, quinn, queenie = await there(world, *ALL)
    offered = await freed(world)
    gita, liam = str(await person_id(world, "gita")), str(await person_id(world, "liam"))
    answers = await asyncio.gather(
        quinn.press(offered, GIVE, auditor=gita), queenie.press(queenie.card("A-101"), GIVE, auditor=liam)
    )
    assert sum("Nothing was changed by your press" in reads(answer) for answer in answers) == 1
    assert all("has an auditor" in reads(answer) for answer in answers)
    assert (await world.trail("A-101")).count("audit.give") == 1


async def test_somebody_who_cannot_take_it(world: World) -> None:
    *_, quinn, _ = await there(world, *ALL)
    offered = await freed(world)
    # when nobody is chosen
    assert "Choose an auditor" in reads(await quinn.press(offered, GIVE, auditor=""))
    # when Gita has become exempt since the card was sent
    gita, karl, dina = world.chat("gita"), world.chat("karl"), world.chat("dina")
    await asking(gita)
    await world.delivered()
    await karl.opens(karl.card("E-2"), "Endorse")
    await world.delivered()
    await dina.opens(dina.card("E-2"), "Approve")
    refused = await quinn.opens(offered, GIVE, auditor=str(await person_id(world, "gita")))
    assert "can no longer take this child" in text_of(refused)
    assert list(choices(refused, "auditor")) == ["Farah Iqbal (North Team)", "Liam Grant (West Team)"]
    # when the press names an auditor of the child's own team, whatever the card offered
    forged = await quinn.opens(offered, GIVE, auditor=str(await person_id(world, "newt")))
    assert "can no longer take this child" in text_of(forged)
    assert await world.trail("A-101") == ["audit.free"]


async def test_only_the_qa_team(world: World) -> None:
    _, gita, hana, *_, quinn, _ = await there(world, *ALL)
    offered = await freed(world)
    for chat in (gita, hana):
        said = await chat.invoke(
            {**quinn.activity_of(offered, GIVE, auditor="1"), **chat.place(), "id": f"forged-{chat.who.key}"}
        )
        assert "done by the QA team" in reads(said)
    assert (await world.trail()).count("refused.not_allowed") == 2


async def test_the_former_auditor_has_no_more_to_do_with_it(world: World) -> None:
    amelia, *_ = await there(world, *ALL)
    await freed(world)
    assert "C10432" not in await amelia.asks("my audit")
    # and is not asked again: an exempt auditor's next request for the month is the same one
    assert "E-1" in reads(await asking(amelia))


async def test_a_returned_audit_is_not_taken_away(world: World) -> None:
    """Gita's October audit is in; her exemption for November frees nothing."""
    _, gita, _, karl, dina, quinn, _ = await there(world, *ALL)
    await asking(gita)
    await world.delivered()
    await karl.opens(karl.card("E-1"), "Endorse")
    await world.delivered()
    await dina.opens(dina.card("E-1"), "Approve")
    await world.delivered()
    assert quinn.news() == []
    assert "Returned on time" in await gita.asks("my audit october")


async def test_declined_frees_nothing(world: World) -> None:
    amelia, _, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await hana.opens(ask, "Decline this request", note="Not now")
    await world.delivered()
    assert "Child C10432" in await amelia.asks("my audit")
    assert await world.trail("A-101") == []


async def test_a_child_without_an_auditor_is_not_forgotten(world: World) -> None:
    """The QA team is reminded each working morning; when the month is over, told that nobody has it."""
    quinn = (await there(world, "quinn", "queenie", "amelia", "hana", "dina", "gita"))[0]
    card = await freed(world)
    quinn.news()
    world.clock.to(2026, 11, 12, 9, 30)
    await world.tick()
    assert "A-101 needs another auditor" in quinn.told()
    await world.tick()
    assert quinn.news() == []
    world.clock.to(2026, 12, 1, 9, 30)
    await world.tick()
    assert "A-101" in quinn.told()
    over = await quinn.opens(await quinn.says("what is waiting for me"), "Open A-101")
    assert "this child was not placed with another auditor" in text_of(over)
    # and an older card can give it to nobody any more
    refused = await quinn.press(card, "Give to this auditor", auditor=str(await person_id(world, "gita")))
    assert "November 2026 is over" in reads(refused)
