"""Every decision at every level: what is asked, what is told to whom, and what then stands in each chat."""

from collections.abc import Awaitable, Callable

import pytest

from tests.stories.plots import asking, freed, there, with_carol, with_dina, with_hana
from tests.stories.world import CardJson, World, buttons, text_of

Opening = Callable[..., Awaitable[CardJson]]
LEVELS = pytest.mark.parametrize(
    ("opening", "approver", "requester"),
    [(with_hana, "hana", "amelia"), (with_dina, "dina", "amelia"), (with_carol, "carol", "dina")],
    ids=["head of service", "director", "DCS"],
)
ALL = ("amelia", "hana", "dina", "carol", "quinn", "queenie")


@LEVELS
async def test_declined_with_the_reason(
    world: World, opening: Opening, approver: str, requester: str
) -> None:
    await there(world, *ALL)
    ask = await opening(world)
    by, asked = world.chat(approver), world.chat(requester)
    # when nothing but spaces is given as the reason, the card stays with what is typed, and nothing happens
    said = await by.hears(ask, "Decline this request", note="   ")
    assert "Say why you decline it" in said
    # when there is a reason
    asked.news()
    declined = await by.opens(ask, "Decline this request", note="Ben is away too")
    assert "Ben is away too" in text_of(declined)
    assert buttons(declined) == ["What is waiting for me"]
    await world.delivered()
    # then the requester reads it, with what it means and what can be done
    told = asked.told()
    assert "was declined" in told
    assert "Ben is away too" in told
    assert "the audit for November 2026 is still expected" in told
    assert "Ask again" in buttons(asked.card("E-1"))


@LEVELS
async def test_a_question_and_its_answer(
    world: World, opening: Opening, approver: str, requester: str
) -> None:
    await there(world, *ALL)
    ask = await opening(world)
    by, asked = world.chat(approver), world.chat(requester)
    assert "Write what you want to know" in await by.hears(ask, "Send question", question=" ")
    asked.news()
    await by.opens(ask, "Send question", question="Could you do it in the first week?")
    await world.delivered()
    # then the requester is asked, and an empty answer is none
    assert "Could you do it in the first week?" in asked.told()
    question = asked.card("The question")
    assert "Write your answer" in await asked.hears(question, "Send answer", answer="")
    by.news()
    await asked.opens(question, "Send answer", answer="The operation is then")
    await world.delivered()
    # then it is back with whoever asked, whose card has the answer and the buttons
    assert "The operation is then" in by.told()
    again = by.card("E-1")
    assert {"Decline this request", "Send question"} < set(buttons(again))
    steps = await world.trail("E-1")
    assert steps[-2:] == ["exemption.ask_back", "exemption.answer"]


async def test_a_decision_of_the_dcs(world: World) -> None:
    dina, carol = await there(world, "dina", "carol")
    ask = await with_carol(world)
    assert "Dina Marsh" in text_of(ask)
    await carol.opens(ask, "Approve")
    await world.delivered()
    assert "was approved" in dina.told()


async def test_approved_before_issue_frees_no_child(world: World) -> None:
    amelia, _, dina, _, quinn, _ = await there(world, *ALL)
    decide = await with_dina(world, month="2026-12")
    assert "Asked after the audit was issued" not in text_of(decide)
    await dina.opens(decide, "Approve")
    await world.delivered()
    assert "you do not need to audit in December 2026" in amelia.told()
    assert quinn.news() == []
    assert await world.trail("A-101") == []


async def test_approved_after_issue_is_flagged_on_every_card_and_frees_the_child(world: World) -> None:
    await there(world, *ALL)
    await freed(world)
    for key in ("amelia", "hana", "dina"):
        assert "Asked after the audit was issued" in text_of(world.chat(key).card("E-1"))
    # then the auditor is off the child, and both of the QA team are offered it
    assert "goes to the QA team" not in text_of(world.chat("amelia").card("E-1"))
    for key in ("quinn", "queenie"):
        assert "needs another auditor" in world.chat(key).told()
    assert await world.trail("A-101") == ["audit.free"]


@pytest.mark.parametrize("by", ["amelia"])
async def test_withdrawn_by_the_requester(world: World, by: str) -> None:
    amelia, hana, *_ = await there(world, *ALL)
    await with_hana(world)
    hana.news()
    mine = amelia.card("E-1")
    assert "Everybody on it is told" in text_of(mine)
    withdrawn = await amelia.opens(mine, "Yes, withdraw it")
    assert "Withdrawn" in text_of(withdrawn)
    await world.delivered()
    # then the head of service's card shows it, without a button that decides
    assert "Withdrawn" in text_of(hana.card("E-1"))
    assert buttons(hana.card("E-1")) == ["What is waiting for me"]
    # and she can ask again, while the month lasts
    form = await amelia.opens(withdrawn, "Ask again")
    again = await amelia.opens(form, "Send request", month="2026-11", reason="other", explanation="Once more")
    assert "E-2" in text_of(again)


async def test_earlier_refusal_is_shown_to_who_decides_next(world: World) -> None:
    amelia, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await hana.opens(ask, "Decline this request", note="Too few auditors")
    await asking(amelia, explanation="Now with a letter")
    await world.delivered()
    assert "An earlier request for the same month (E-1) was declined" in text_of(hana.card("E-2"))
    assert "Too few auditors" in text_of(hana.card("E-2"))


async def test_a_reason_longer_than_the_council_allows_keeps_what_was_typed(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    # then a message, not another card: the text stays in the input
    assert "longer than 1,000 characters" in await hana.hears(ask, "Decline this request", note="x" * 1001)
