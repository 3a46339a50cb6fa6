"""A child of concern from the response to the end: asked, challenged, refused, signed off, taken off the tracker."""

from tests.stories.alarms import (
    ACK,
    EVERYBODY,
    acknowledged,
    climbing,
    looks,
    quiet,
    raised,
    raises,
    shown,
    steps,
)
from tests.stories.plots import person_id, there
from tests.stories.world import World, buttons, choices, reads, text_of

OFF = "removal"
TO_TWO = "category_2"


async def test_a_category_1_from_the_response_to_the_sign_off(world: World) -> None:
    amelia, hana, dina, _, _, quinn, tom = await there(world, *EVERYBODY)
    await raised(world)
    # when Hana says what is done, in her own words, that acknowledges the alert too
    form = await hana.says("seen the cat 1, visiting this afternoon")
    assert "Child C10600" in text_of(form)
    await hana.opens(form, "Record the response", note="Visiting at four with the police.")
    await world.delivered()
    assert "Response" in dina.told()
    assert "Visiting at four with the police" in text_of(dina.card("C-1"))
    assert "Not acknowledged yet by the director" in text_of(hana.card("C-1"))
    await acknowledged(world, "dina")
    # and asks the team's manager, who sees what is asked and nothing of what others wrote
    await quiet(world)
    card = await steps(hana, "Ask the team", "Ask the team", note="Who saw the child last?")
    assert "Awaiting information from the team" in text_of(card)
    await world.delivered()
    asked = tom.told()
    assert "Who saw the child last?" in asked
    await tom.opens(tom.card("C-1"), "Tell what the team knows")
    await steps(tom, "Tell what the team knows", "Send to the head of service", note="The school, yesterday.")
    await world.delivered()
    assert "The school, yesterday" in hana.told()
    # when nothing shows that things are better, nothing can be submitted: what was typed stays
    refused = await steps(
        hana,
        "Submit for sign-off",
        "Submit for sign-off",
        wanted=OFF,
        note="The order is made.",
        evidence=" ",
    )
    assert "Nothing leaves the tracker without evidence" in text_of(refused)
    assert "The order is made." in text_of(refused)
    await hana.opens(
        refused, "Submit for sign-off", wanted=OFF, note="The order is made.", evidence="Seen daily since."
    )
    await world.delivered()
    # then the director reads the evidence, and refuses with a reason
    ask = dina.card("C-1")
    assert "Seen daily since." in text_of(ask)
    assert "Hana Whitfield asks the director to take it off the tracker" in text_of(ask)
    form = await dina.opens(ask, "Do not sign off")
    await dina.opens(form, "Do not sign off", note="Not before the review on Monday.")
    await world.delivered()
    assert "Not before the review on Monday" in text_of(hana.card("C-1"))
    # when there is more, it is submitted again, and signed off
    await steps(hana, "Add evidence", "Record the evidence", note="The review has been held.")
    await world.delivered()
    await steps(hana, "Submit for sign-off", "Submit for sign-off", wanted=OFF, note="Reviewed.", evidence="")
    await world.delivered()
    ask = dina.card("The review has been held.")
    gone = await dina.opens(ask, "Yes, sign off")
    assert "Off the tracker" in text_of(gone)
    await world.delivered()
    # then every card that stands says so, and none asks for anything
    for chat in (amelia, hana, quinn, tom):
        card = chat.card("C-1")
        assert "Off the tracker" in text_of(card)
        assert not {ACK, "Sign off", "Submit for sign-off"} & set(buttons(card))
    # and all of it is on the timeline, and in the trail
    timeline = text_of(await hana.opens(hana.card("C-1"), "Timeline"))
    assert "Signed off by the director, Dina Marsh" in timeline
    assert "Showing 1 to 8 of 11" in timeline
    took = [
        action for action in await world.trail("C-1") if action not in ("concern.climb", "concern.viewed")
    ]
    assert took == [
        "concern.raise", "concern.respond", "concern.acknowledge", "concern.ask_team", "concern.update",
        "concern.evidence", "concern.submit", "concern.refuse", "concern.evidence", "concern.submit",
        "concern.sign_off",
    ]  # fmt: skip
    assert await looks(world) >= 3


async def test_a_challenge_is_upheld_then_re_categorised_and_waits_for_the_director(world: World) -> None:
    _, hana, dina, _, helen, quinn, _ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    await steps(hana, "Write the response", "Record the response", note="Seen.")
    # when Hana does not agree
    form = await hana.says("i dont agree C10600 is cat 1")
    await hana.opens(form, "Challenge the category", wanted=TO_TWO, note="The child lives elsewhere.")
    await world.delivered()
    assert "Hana Whitfield does not agree with the category" in text_of(helen.card("C-1"))
    # then the head of quality upholds it
    await steps(helen, "Uphold the category", "Uphold the category", note="Visits go on.")
    await world.delivered()
    assert "Visits go on." in text_of(hana.card("C-1"))
    # when it is challenged again, and re-categorised, it stays a Category 1 until the director signs off
    await steps(hana, "Challenge the category", "Challenge the category", wanted=TO_TWO, note="They ended.")
    await world.delivered()
    form = await helen.says("re-categorise C10600 to cat 2")
    await helen.opens(form, "Re-categorise", wanted=TO_TWO, note="Agreed.")
    await world.delivered()
    ask = dina.card("C-1")
    assert "Category 1: child C10600" in text_of(ask)
    assert "Helen Boyd asks the director to make it a Category 2" in text_of(ask)
    waits = text_of(await dina.says("what is waiting for me"))
    assert "Category 1, child C10600" in waits
    await dina.opens(ask, "Yes, sign off")
    await world.delivered()
    read = text_of(hana.card("C-1"))
    assert "Category 2: child C10600" in read
    assert "With the head of service" in read
    # then the head of service takes it off, with evidence
    card = await steps(
        hana, "Take off the tracker", "Take off the tracker", note="Done.", evidence="All visits made."
    )
    assert "It is off the tracker." in text_of(card)
    await world.delivered()
    assert "Off the tracker" in text_of(quinn.card("C-1"))
    # and puts it back when it was too early: nothing is lost
    back = await steps(
        hana, "Put it back on the tracker", "Put it back on the tracker", note="Missed a visit."
    )
    assert "With the head of service" in text_of(back)


async def test_nobody_signs_off_what_they_submitted(world: World) -> None:
    """Hana is the director's deputy, and asks for the sign-off herself."""
    _, hana, dina, *_ = await there(world, *EVERYBODY)
    await deputy_of(world, "dina", "hana")
    await raised(world)
    await acknowledged(world, "hana")
    assert "Not acknowledged yet by the director" in text_of(hana.card("C-1")), "one press, one of the two"
    await acknowledged(world, "dina")
    await steps(hana, "Write the response", "Record the response", note="Seen.")
    await steps(
        hana, "Submit for sign-off", "Submit for sign-off", wanted=OFF, note="Over.", evidence="Seen daily."
    )
    await world.delivered()
    card = hana.card("C-1")
    assert not {"Sign off", "Yes, sign off", "Do not sign off"} & set(buttons(card))
    # when she presses the button of Dina's card, which somebody forwarded
    said = await hana.press(dina.card("C-1"), "Yes, sign off")
    assert "their own request" in reads(said)
    assert "concern.sign_off" not in await world.trail("C-1")
    # then the director can
    await dina.opens(dina.card("C-1"), "Yes, sign off")
    await world.delivered()
    assert "Off the tracker" in text_of(hana.card("C-1"))


async def deputy_of(world: World, principal: str, deputy: str) -> None:
    chat = world.chat(principal)
    form = await chat.says("my deputy")
    await chat.opens(
        form,
        "Name as deputy",
        delegate=str(await person_id(world, deputy)),
        scope="concerns",
        from_day="2026-11-11",
        to_day="2026-11-12",
    )
    await world.delivered()
    await quiet(world, (principal, deputy))


async def test_a_deputy_in_their_dates(world: World) -> None:
    _, hana, dina, *_ = await there(world, *EVERYBODY)
    [karl] = await there(world, "karl")
    await deputy_of(world, "hana", "karl")
    await raised(world)
    # given Karl, of another service, is told as Hana's deputy at the second step, and sees what she would see
    await quiet(world, ("karl", "hana"))
    assert await climbing(world, 15, ("karl", "hana")) == {15: ["karl", "hana"]}
    card = karl.card("C-1")
    assert "You are asked as deputy for Hana Whitfield" in text_of(card)
    assert "Open C-1" in buttons(await karl.says("concerns"))
    assert "as deputy for Hana Whitfield" in await karl.asks("what is waiting for me")
    # when he acknowledges it, both names are on the record
    await karl.opens(card, ACK)
    await world.delivered()
    assert "by Karl Osei, for Hana Whitfield" in text_of(dina.card("C-1"))
    assert ACK not in buttons(hana.card("C-1"))
    # then after his dates he sees nothing of it any more
    world.clock.to(2026, 11, 13, 9, 0)
    assert "There is no child of concern" in await karl.asks("concerns")
    said = await karl.hears(card, "Timeline")
    assert "Nobody has seen" not in said


async def test_not_sure_is_treated_as_a_category_1_until_it_is_settled(world: World) -> None:
    amelia, hana, dina, *_ = await there(world, *EVERYBODY)
    form = await amelia.says("think this ones a child of concern not sure which catagory")
    await amelia.opens(
        form, "Raise it now", child="C10600", category="unsure", grounds="Bruises, not explained."
    )
    await world.delivered()
    assert "was not sure of the category" in text_of(hana.card("C-1"))
    assert ACK in buttons(dina.card("C-1"))
    # when Hana settles it as Category 2, nobody is alerted any more
    await steps(
        hana, "Say which category it is", "Settle the category", category="2", note="Explained by the GP."
    )
    await world.delivered()
    await quiet(world)
    assert await climbing(world, 80) == {}
    assert "Category 2: child C10600" in text_of(dina.card("C-1"))
    # when somebody else finds the child in danger, it is the same record, and the alert begins anew
    ben = world.chat("ben")
    await ben.install()
    form = await ben.says("raise a concern about C10600 cat 1")
    assert "C-1" not in text_of(form), "who may not see the record is not told that there is one"
    card = await ben.opens(form, "Raise it now", child="C10600", category="1", grounds="Left alone at night.")
    # she follows it from now on as the first who raised it does
    assert "C-1 was on the tracker already. What you wrote is added." in text_of(card)
    assert "Bruises" not in text_of(card)
    await world.delivered()
    assert "Left alone at night" in text_of(hana.card("C-1"))
    assert ACK in buttons(hana.card("C-1"))
    assert "Category 1: child C10600" in text_of(amelia.card("C-1"))
    assert "Left alone" not in text_of(amelia.card("C-1")), (
        "what others wrote stays with those who answer for it"
    )


async def test_a_child_that_is_not_in_the_file_needs_a_team(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    form = await amelia.says("ive got a cat 1")
    # when a name is typed where a reference belongs
    refused = await amelia.opens(
        form, "Raise it now", child="Kai Brown", category="1", grounds="Alone at night."
    )
    assert "no name or date of birth" in text_of(refused)
    assert "Alone at night." in text_of(refused)
    # and then a reference that nobody knows
    which = await amelia.opens(
        refused, "Raise it now", child="C99999", category="1", grounds="Alone at night."
    )
    assert "Choose the child's team" in text_of(which)
    team = choices(which, "team")["North Team"]
    await amelia.opens(
        which, "Raise it now", child="C99999", category="1", grounds="Alone at night.", team=team
    )
    await world.delivered()
    assert "Category 1 alert: child C99999" in hana.told()


async def test_an_old_card_gets_the_state_of_now(world: World) -> None:
    _, hana, dina, *_ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world)
    old = hana.card("C-1")
    form = await hana.opens(old, "Ask the team")
    # given the director has put it into proceedings meanwhile
    await steps(dina, "In proceedings", "Record it", note="Issued today.")
    stale = await hana.opens(form, "Ask the team", note="Who saw the child?")
    assert "C-1 has moved on" in text_of(stale)
    assert "In proceedings" in text_of(stale)
    # but a response is words, and is never lost
    form = await hana.opens(old, "Write the response")
    await hana.opens(form, "Record the response", note="Visited.")
    read, _ = await shown(hana)
    assert "Visited." in read
    assert "concern.ask_team" not in await world.trail("C-1")


async def test_a_second_child_is_a_record_of_its_own(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    await raised(world)
    await raises(amelia, child="C10700", category="2", grounds="No plan.")
    await world.delivered()
    tracker = await hana.says("concerns")
    assert "2 children of concern: 1 Category 1 and 1 Category 2." in text_of(tracker)
    narrowed = text_of(await hana.says("any cat 1s open"))
    assert "Only: Category 1." in narrowed
    assert "child C10700" not in narrowed
    assert "C-2" in text_of(await hana.says("c-2"))
