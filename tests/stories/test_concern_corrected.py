"""A child of concern that was about another child, or is another team's: nobody acts on the wrong child, and whoever
hears of it again hears why."""

from sqlalchemy import select

from domain.lanes import Lane
from storage.tables import outbox
from tests.stories.alarms import EVERYBODY, acknowledged, quiet, raised, raises, steps
from tests.stories.plots import there
from tests.stories.world import World, buttons, text_of

NOT_OF_IT = "C-1 was not about child C10600: nothing of it concerns that child. You need not act on it."


async def test_the_wrong_childs_head_of_service_hears_so_at_once(world: World) -> None:
    amelia, hana, dina, _, _, quinn, tom = await there(world, *EVERYBODY)
    [karl] = await there(world, "karl")
    await raised(world)
    await acknowledged(world)
    await steps(hana, "Ask the team", "Ask the team", note="Who saw the child last?", of="(C-1)")
    await world.delivered()
    await quiet(world)
    # when it turns out that it is another child, of another service
    await steps(
        quinn, "Correct child or team", "Correct it", of="(C-1)", child="C10501", team="", note="Mistyped."
    )
    await world.delivered()
    # then Hana and Tom are told in words, and their old cards say the same
    for chat in (hana, tom):
        assert NOT_OF_IT in chat.told()
        assert [card for card in chat.cards if NOT_OF_IT in text_of(card)]
        assert not [card for card in chat.cards if "somebody else now" in text_of(card)]
        assert "C10600" not in await chat.asks("what is waiting for me")
    lanes = await world.ask(select(outbox.c.lane).where(outbox.c.kind == "concern.not_of_child"))
    assert {row.lane for row in lanes} == {Lane.ALERT}, "nothing overtakes it"
    # and Amelia, who raised it, hears which child it is about
    assert "Corrected: child C10600 → C10501, team North Team → East Team" in amelia.told()
    # and the director has one message, the alert, which says that it replaces the first
    told = dina.told()
    assert "Category 1 alert: child C10501" in told
    assert "C-1 was corrected: it is about child C10501, not C10600." in told
    assert "C-1, child C10501. Corrected" not in told
    assert "Category 1 alert: child C10501" in karl.told()
    # and the timeline has both values
    timeline = text_of(await karl.opens(karl.card("(C-1)"), "Timeline"))
    assert "Corrected: child C10600 → C10501, team North Team → East Team, Quinn" in timeline


async def test_a_category_2_that_is_another_teams(world: World) -> None:
    _, hana, _, _, _, quinn, _ = await there(world, *EVERYBODY)
    [karl] = await there(world, "karl")
    await raised(world, category="2")
    await quiet(world)
    await steps(
        quinn, "Correct child or team", "Correct it", of="(C-1)", child="", team="East Team", note="Moved."
    )
    await world.delivered()
    said = "C-1, child C10600, was corrected: it is another team's now"
    assert said in hana.told()
    assert "Corrected: team North Team → East Team" in karl.told()
    # when it is put right again, Hana has it as before, and Karl hears that it is not his
    await quiet(world)
    await steps(
        quinn, "Correct child or team", "Correct it", of="(C-1)", child="", team="North Team", note="Not so."
    )
    await world.delivered()
    assert "Write the response" in buttons(hana.card("(C-1)"))
    assert said in karl.told()


async def test_who_raised_it_again_hears_of_the_correction(world: World) -> None:
    _, _, _, _, _, quinn, _ = await there(world, *EVERYBODY)
    [ben] = await there(world, "ben")
    await raised(world)
    await raises(ben, grounds="Left alone at night.")
    await world.delivered()
    ben.news()
    await steps(
        quinn, "Correct child or team", "Correct it", of="(C-1)", child="C10501", team="", note="Mistyped."
    )
    await world.delivered()
    told = ben.told()
    assert "Corrected: child C10600 → C10501" in told


async def test_a_category_1_that_is_put_back_is_told_once(world: World) -> None:
    _, hana, dina, _, _, quinn, _ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    await steps(hana, "Write the response", "Record the response", note="Seen.", of="(C-1)")
    await steps(
        hana, "Submit for sign-off", "Submit for sign-off", of="(C-1)", wanted="removal", note="Over.",
        evidence="Seen daily.",
    )  # fmt: skip
    await world.delivered()
    ask = dina.card("(C-1)")
    assert "There is 1 piece of evidence: all of it is on the timeline." in text_of(ask)
    await dina.opens(ask, "Yes, sign off")
    await world.delivered()
    assert "Signed off by the director, Dina Marsh, on 1 piece of evidence" in hana.told()
    await quiet(world)
    await steps(
        quinn, "Put it back on the tracker", "Put it back on the tracker", of="(C-1)", note="Too early."
    )
    await world.delivered()
    for chat in (hana, dina):
        [told] = chat.news()
        assert "C-1 was put back on the tracker." in told.activity["summary"]
        assert "Too early." in text_of(chat.card("(C-1)"))


async def test_a_removal_says_whose_it_is_why_and_on_what(world: World) -> None:
    _, hana, _, _, _, quinn, _ = await there(world, *EVERYBODY)
    await raised(world, category="2")
    await quiet(world)
    await steps(
        quinn, "Take off the tracker", "Take off the tracker", of="(C-1)", note="All is done.",
        evidence="A plan is made.",
    )  # fmt: skip
    await world.delivered()
    told = hana.told()
    assert "Taken off the tracker, Quinn" in told
    assert "on 1 piece of evidence" in told
    assert "All is done." in text_of(hana.card("(C-1)"))


async def test_raised_again_shows_both_grounds(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    [farah] = await there(world, "farah")
    await raised(world)
    world.clock.to(2026, 11, 23, 9, 0)
    await raises(farah, grounds="Left alone at night.")
    await world.delivered()
    read = text_of(hana.card("(C-1)"))
    assert "Grounds (raised again Mon 23 November 2026 by Farah Iqbal)" in read
    assert "Left alone at night." in read
    assert "First grounds (Wed 11 November 2026, Amelia Adeyemi)" in read
    assert "Nobody has seen the child for three weeks." in read
    assert "; and again Mon 23 November 2026, 09:00, Farah Iqbal" in read
    assert "C-1 was raised again." in hana.told()
    assert "Left alone" not in text_of(amelia.card("(C-1)"))
