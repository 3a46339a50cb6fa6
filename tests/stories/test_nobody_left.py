"""When those who could decide, or those who asked, are gone: nothing hangs unseen, and nothing approves itself."""

from tests.stories.plots import there, with_carol, with_hana
from tests.stories.world import World, buttons, text_of

ALL = ("amelia", "hana", "dina", "carol", "quinn", "queenie")


async def test_the_dcs_leaves_and_nobody_is_above(world: World) -> None:
    people = await there(world, *ALL)
    dina, quinn = people[2], people[4]
    await with_carol(world)
    dina.news()
    await world.people_change(
        {
            "carol": {"active_to": "2026-11-10"},
            "dina": {"roles": "director;auditor", "auditor_from": "2025-01-01"},
        }
    )
    for day in (12, 13, 16, 30):
        world.clock.to(2026, 11, day, 9, 30)
        await world.tick()
    # then the QA team is told, once, with what to do
    [told] = quinn.news()
    assert "nobody can answer E-1. Please have the teams and people files say who decides" in text_of(
        told.card
    )
    # and it stays open, decided by nobody, and the requester can still withdraw it
    assert {"exemption.approve", "exemption.decline"} & set(await world.trail("E-1")) == set()
    assert "Yes, withdraw it" in buttons(dina.card("E-1"))
    # and at the end of the month it lapses in their sight
    world.clock.to(2026, 12, 1, 0, 5)
    await world.tick()
    assert "has lapsed" in dina.told()
    assert "Lapsed" in text_of(dina.card("E-1"))


async def test_the_requester_leaves_while_it_waits(world: World) -> None:
    """It can still be decided; who has left is told nothing, and reads nothing."""
    amelia, hana, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await world.people_change({"amelia": {"active_to": "2026-11-10"}})
    await world.tick()
    amelia.news()
    declined = await hana.opens(ask, "Decline this request", note="Has left")
    assert "Declined" in text_of(declined)
    await world.delivered()
    assert amelia.news() == []
    assert "Yes, withdraw it" not in {b for card in amelia.cards for b in buttons(card)}
