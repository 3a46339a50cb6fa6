"""What an auditor asks first: what is mine, when is it due, and how does it stand."""

import pytest

from tests.stories.plots import freed, there, with_hana
from tests.stories.world import World, buttons, text_of


@pytest.mark.parametrize(
    "said", ["my audit", "whats my audit this month", "wots my audti pls", "which child am i auditing??"]
)
async def test_my_audit_however_it_is_asked(world: World, said: str) -> None:
    [amelia] = await there(world, "amelia")
    card = await amelia.says(said)
    # then child, reference, team, deadline, working days, what is next, and the ways on
    for told in (
        "Child C10432",
        "A-101",
        "South Team",
        "Mon 30 November 2026",
        "13 working days left after today",
        "social worker",
        "asks your head of service and the QA team",
    ):
        assert told in text_of(card)
    assert buttons(card) == [
        "Fill in the return",
        "Open A-101",
        "Ask for an exemption",
        "October 2026",
        "December 2026",
    ]


async def test_another_month(world: World) -> None:
    [gita] = await there(world, "gita")
    # given Gita returned in October and has nothing now
    assert "No audit has been issued to you for November 2026 yet" in await gita.asks("my audit")
    october = await gita.says("my audit october")
    assert "Returned on time" in text_of(october)
    assert "20 October 2026" in text_of(october)
    # then the months are a press apart
    november = await gita.opens(october, "November 2026")
    assert "nothing is due from you now" in text_of(november)
    assert "No audit was issued to you for March 2026" in await gita.asks("what did i audit in march 2026?")


async def test_up_to_the_last_minute_and_after_it(world: World) -> None:
    [amelia] = await there(world, "amelia")
    # given the evening of the last day, a minute before midnight in London
    world.clock.to(2026, 11, 30, 23, 59)
    assert "it is due today, mon 30 november 2026" in (await amelia.asks("my audit")).casefold()
    # when the month is over: late, but it can still be returned, and asks for no exemption any more
    world.clock.to(2026, 12, 1, 0, 0)
    late = await amelia.says("my audit november")
    assert "Late" in text_of(late)
    assert "can still be returned" in text_of(late)
    assert "Ask for an exemption" not in buttons(late)
    # when the books are closed, five working days later
    world.clock.to(2026, 12, 8, 9, 0)
    nil = await amelia.asks("my audit november")
    assert "Not returned" in nil
    assert "it is kept and used" in nil


async def test_summer_time_is_london_time(world: World) -> None:
    """31 July 23:30 UTC is 1 August in London."""
    [amelia] = await there(world, "amelia")
    world.clock.to(2026, 7, 31, 22, 59)
    assert "July 2026" in await amelia.asks("my audit")
    world.clock.to(2026, 7, 31, 23, 30)
    assert "August 2026" in await amelia.asks("my audit")


async def test_who_does_not_audit(world: World) -> None:
    dina, sol, karl = await there(world, "dina", "sol", "karl")
    for chat in (dina, sol, karl):
        card = await chat.says("my audit")
        assert "You are not on the list of auditors" in text_of(card)
        assert buttons(card) == ["Help"]


async def test_the_exemption_stands_beside_the_audit(world: World) -> None:
    amelia, *_ = await there(world, "amelia", "hana", "dina", "quinn", "queenie")
    await with_hana(world)
    card = await amelia.says("my audit")
    assert "E-1: waiting for the head of service. Until it is decided, the audit stands." in text_of(card)
    assert "Ask for an exemption" not in buttons(card)
    assert "Withdraw" in text_of(await amelia.opens(card, "Open E-1"))


async def test_exempt(world: World) -> None:
    amelia, *_ = await there(world, "amelia", "hana", "dina", "quinn", "queenie")
    await freed(world)
    card = await amelia.says("my audit")
    assert "You are exempt in November 2026 (E-1, approved)" in text_of(card)
    assert "C10432" not in text_of(card)
    assert "Approved" in text_of(await amelia.opens(card, "Open E-1"))


async def test_a_late_audits_card_says_until_when_it_counts(world: World) -> None:
    [amelia] = await there(world, "amelia")
    # given a month whose last day was a Monday: the fifth working day after it is the Monday after
    world.clock.to(2026, 12, 1, 9, 0)
    late = await amelia.asks("A-101")
    assert "Late: returned by Mon 7 December 2026 it counts as late, after that as not returned" in late
    world.clock.to(2026, 12, 7, 9, 0)
    assert "returned by Mon 7 December 2026 it counts as late" in await amelia.asks("A-101")
    world.clock.to(2026, 12, 8, 9, 0)
    nil = await amelia.asks("A-101")
    assert "nil return" in nil
    assert "It can still be returned: it is kept and used." in nil
    assert "counts as late" not in nil
