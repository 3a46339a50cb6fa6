"""People change while a request waits: e-mail, team, role, and those who leave (faults 22 to 25, 63)."""

import pytest

from tests.stories.council import TEAMS
from tests.stories.plots import asking, there, with_dina, with_hana
from tests.stories.world import World, buttons, reads, text_of

ALL = ("amelia", "hana", "karl", "dina", "edwin", "carol", "quinn", "queenie")
LEFT = {"hana": {"active_to": "2026-11-10"}}
NOT_HEAD = {"hana": {"roles": "auditor"}}


async def test_an_e_mail_that_changes_loses_nobody(world: World) -> None:
    amelia, hana, *_ = await there(world, *ALL)
    await with_hana(world)
    await world.people_change(
        {"amelia": {"email": "amelia.new@council.example"}, "hana": {"email": "hana.new@council.example"}}
    )
    ask = hana.card("E-1")
    assert "E-1" in await hana.asks("what is waiting for me")
    await hana.opens(ask, "Endorse")
    await world.delivered()
    assert "Hana Whitfield endorsed it" in text_of(amelia.card("E-1"))
    assert "Child C10432" in await amelia.asks("my audit")


@pytest.mark.parametrize("change", [LEFT, NOT_HEAD], ids=["left", "lost the role"])
async def test_the_approver_is_gone_and_the_tick_finds_it(
    world: World, change: dict[str, dict[str, str]]
) -> None:
    amelia, hana, _, dina, *_ = await there(world, *ALL)
    await with_hana(world)
    await world.people_change(change)
    await world.tick()
    # then it is with the next one, who is told why; the old card asks for nothing
    assert "Because the person asked before cannot decide any more" in dina.told()
    assert "Waiting for the director" in text_of(amelia.card("E-1"))
    assert not {"Endorse", "Send question"} & {b for card in hana.cards for b in buttons(card)}
    await dina.opens(dina.card("E-1"), "Approve")
    assert (await world.trail("E-1"))[1:] == ["exemption.reassign", "exemption.approve"]


@pytest.mark.parametrize("change", [LEFT, NOT_HEAD], ids=["left", "lost the role"])
async def test_the_approver_is_gone_and_the_click_finds_it(
    world: World, change: dict[str, dict[str, str]]
) -> None:
    _, hana, _, dina, *_ = await there(world, *ALL)
    ask = await with_hana(world)
    await world.people_change(change)
    said = reads(await hana.press(ask, "Endorse"))
    assert "Endorse\n" not in said
    assert "exemption.endorse" not in await world.trail("E-1")
    await world.tick()
    assert "E-1" in await dina.asks("what is waiting for me")


async def test_the_director_leaves_and_it_goes_to_the_dcs(world: World) -> None:
    _, _, _, dina, _, carol, *_ = await there(world, *ALL)
    await with_dina(world)
    await world.people_change({"dina": {"active_to": "2026-11-10"}})
    await world.tick()
    assert "has come to you" in carol.told()
    assert "Approve" not in {b for card in dina.cards for b in buttons(card)}
    await carol.opens(carol.card("E-1"), "Approve")


async def test_another_head_of_service_in_the_teams_file(world: World) -> None:
    """The service gets a new head: the open request goes to them, at the same level."""
    _, hana, karl, *_ = await there(world, *ALL)
    await with_hana(world)
    await world.teams_change(TEAMS.replace("hana@council.example", "karl@council.example"))
    await world.tick()
    assert "has come to you" in karl.told()
    assert "Endorse" in buttons(karl.card("E-1"))
    assert "Endorse" not in {b for card in hana.cards for b in buttons(card)}


async def test_the_requester_moves_to_another_service(world: World) -> None:
    amelia, _, karl, *_ = await there(world, *ALL)
    await with_hana(world)
    await world.people_change({"amelia": {"team": "East Team"}})
    await world.tick()
    assert "Endorse" in buttons(karl.card("E-1"))
    assert "Karl Osei" in text_of(amelia.card("E-1"))


async def test_whoever_has_left_is_nobody_any_more(world: World) -> None:
    amelia, *_ = await there(world, *ALL)
    await with_hana(world)
    await world.people_change({"amelia": {"active_to": "2026-11-10"}})
    for said in ("hi", "my audit", "exemption", "what is waiting for me", "E-1"):
        answer = await amelia.asks(said)
        assert "C10432" not in answer
        assert "E-1" not in answer


async def test_the_approver_becomes_a_party(world: World) -> None:
    """Hana's own request waits for Dina, who is then asked for by nobody: own requests go past their requester."""
    _, hana, _, dina, _, carol, *_ = await there(world, *ALL)
    await asking(hana)
    await world.delivered()
    # when Hana becomes the director while her own request waits
    await world.people_change({"hana": {"roles": "director;auditor"}, "dina": {"active_to": "2026-11-10"}})
    await world.teams_change(TEAMS.replace("dina@council.example", "hana@council.example"))
    await world.tick()
    assert "Approve" in buttons(carol.card("E-1"))
    assert "Approve" not in {b for card in hana.cards for b in buttons(card)}
    said = await hana.invoke(
        {**carol.activity_of(carol.card("E-1"), "Approve"), **hana.place(), "id": "forged"}
    )
    assert "Nobody decides on their own request" in reads(said)
    dina.news()
