"""Clicks that come twice, too late or at the same time: one decision, and everybody sees the card as it is."""

import asyncio
from typing import Any

from tests.stories.plots import person_id, there, with_dina, with_hana
from tests.stories.world import Chat, World, buttons, reads, text_of

ALL = ("amelia", "hana", "dina", "carol", "quinn", "queenie")


def decisions(trail: list[str]) -> list[str]:
    return [action for action in trail if not action.startswith(("refused.", "exemption.request"))]


async def test_a_double_press_is_one_endorsement(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    press = hana.activity_of(ask, "Endorse")
    # when Teams brings the same activity twice at once, and once more later
    first, second = await asyncio.gather(hana.invoke(press), hana.invoke(dict(press)))
    third = await hana.invoke(press)
    assert "Waiting for the director" in reads(first)
    assert first == second == third
    # and when she presses a second time herself
    again = await hana.press(ask, "Endorse")
    assert "E-1 has moved on: it is with the director" in reads(again)
    assert "Waiting for the director" in reads(again)
    assert decisions(await world.trail("E-1")) == ["exemption.endorse"]


async def test_a_stale_press_gets_the_card_as_it_is(world: World) -> None:
    amelia, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await amelia.opens(amelia.card("E-1"), "Yes, withdraw it")
    # when Hana presses before her card is updated
    stale = await hana.opens(ask, "Endorse")
    assert "it has been withdrawn" in text_of(stale)
    assert "Nothing was changed by your press" in text_of(stale)
    assert "Endorse" not in buttons(stale)
    assert (await world.trail("E-1"))[-1] == "refused.out_of_date"


async def test_an_older_version_of_the_card_decides_nothing(world: World) -> None:
    """She must not endorse what she did not see: the request came back with an answer since."""
    amelia, hana, *_ = await there(world, *ALL)
    old = await with_hana(world)
    await hana.opens(old, "Send question", question="When?")
    await world.delivered()
    await amelia.opens(amelia.card("The question"), "Send answer", answer="All month")
    stale = await hana.opens(old, "Endorse")
    assert "Nothing was changed by your press" in text_of(stale)
    assert "All month" in text_of(stale)
    assert decisions(await world.trail("E-1")) == ["exemption.ask_back", "exemption.answer"]
    # and the card she got now acts
    assert "Waiting for the director" in text_of(await hana.opens(stale, "Endorse"))


async def both(one: tuple[Chat, dict[str, Any]], other: tuple[Chat, dict[str, Any]]) -> list[str]:
    answers = await asyncio.gather(one[0].invoke(one[1]), other[0].invoke(other[1]))
    return [reads(answer) for answer in answers]


async def test_the_director_and_the_deputy_at_once(world: World) -> None:
    _, hana, dina, carol, *_ = await there(world, *ALL)
    form = await dina.says("my deputy")
    await dina.opens(
        form,
        "Name as deputy",
        delegate=str(await person_id(world, "carol")),
        scope="exemptions",
        from_day="2026-11-11",
        to_day="2026-11-20",
    )
    card = await with_dina(world)
    deputys = carol.card("E-1")
    assert "as deputy for Dina Marsh" in text_of(deputys)
    hana.news()
    # when one approves and the other declines in the same moment
    answers = await both(
        (dina, dina.activity_of(card, "Approve")),
        (carol, carol.activity_of(deputys, "Decline this request", note="No")),
    )
    assert sum("Nothing was changed by your press" in answer for answer in answers) == 1
    assert len(decisions(await world.trail("E-1"))) == 2
    await world.delivered()
    ends = {
        next(end for end in ("Approved", "Declined") if end in text_of(chat.card("E-1")))
        for chat in (dina, carol, hana, world.chat("amelia"))
    }
    assert len(ends) == 1, "everybody sees the same end"


async def test_approve_against_withdraw(world: World) -> None:
    amelia, _, dina, *_ = await there(world, *ALL)
    card = await with_dina(world)
    answers = await both(
        (dina, dina.activity_of(card, "Approve")),
        (amelia, amelia.activity_of(amelia.card("E-1"), "Yes, withdraw it")),
    )
    assert sum("Nothing was changed by your press" in answer for answer in answers) == 1
    last = decisions(await world.trail("E-1"))[-1]
    assert last in ("exemption.approve", "exemption.withdraw")
    # then the child is with the QA team exactly if it was approved
    assert ("audit.free" in await world.trail("A-101")) == (last == "exemption.approve")


async def test_a_card_that_was_opened_again_is_updated_too(world: World) -> None:
    """Typed reference, opened from a list: wherever it stands, it does not look open when it is over."""
    amelia, hana, *_ = await there(world, *ALL)
    first = await with_hana(world)
    await hana.says("E-1")
    waiting = await hana.says("what is waiting for me")
    opened = await hana.opens(waiting, "Open E-1")
    assert "Endorse" in buttons(opened)
    await hana.opens(first, "Decline this request", note="Not this month")
    await world.delivered()
    shown = [card for card in hana.cards if "E-1" in text_of(card)]
    assert len(shown) == 3
    assert all("Declined" in text_of(card) and "Endorse" not in buttons(card) for card in shown)
    assert "Declined" in text_of(amelia.card("E-1"))


async def test_submit_does_what_execute_does(world: World) -> None:
    """A client that knows no Execute sends the fallback: the card is replaced by an update."""
    _, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await hana.submit(ask, "Endorse")
    assert "Waiting for the director" in text_of(hana.card("E-1"))
    await world.delivered()
    assert "Approve" in buttons(world.chat("dina").card("E-1"))
    # and a refusal is a message, the card stays
    decide = world.chat("dina").card("E-1")
    world.chat("dina").news()
    await world.chat("dina").submit(decide, "Decline this request", note=" ")
    assert "Say why you decline it" in world.chat("dina").told()
