"""The other kinds of audits: observed, sampled, none this month, and who is asked for what."""

from domain.kinds import Kind
from tests.doubles import activities
from tests.stories.acting import OBSERVED, figure, hands_in, managers
from tests.stories.plots import there
from tests.stories.world import CardJson, Chat, World, buttons, choices, reads, text_of, walk

TOM = "Tom Bailey (North Team)"
GITA = "Gita Rao (East Team)"
LOG = "Log, and fill in the return"


async def test_an_observation_is_logged_from_a_sentence_and_counts_when_it_is_handed_in(world: World) -> None:
    await managers(world)
    karl, tom = await there(world, "karl", "tom")
    form = await karl.says("log obs for Tom's supervision today, previous actions reviewed yes")
    step = await karl.opens(
        form, LOG, day="2026-11-11", about=choices(form, "about")[TOM], reviewed="yes", find="Tom"
    )
    assert "Return for Tom Bailey's supervision · step 2 of 5" in text_of(step), (
        "what was said is answered already"
    )
    assert "To be done by Mon 30 November 2026" in await karl.asks("observations")
    assert (await figure(world, "activity", "2026-11", Kind.OBSERVATION))["outstanding"] == 1

    assert await hands_in(world, "karl", "A-105", OBSERVED) == "audit.return"
    said = await karl.asks("how many observations this month")
    assert "returned: 1 of 1 (100.0 %)." in said
    assert (
        "supervision of Tom Bailey, observed by Karl Osei. Returned Wed 11 November 2026: Good. Earlier actions were "
        "gone through." in said
    )
    row = await figure(world, "activity", "2026-11", Kind.OBSERVATION)
    assert (
        row["returned"],
        row["earlier_actions_reviewed"],
        row["earlier_actions_reviewed_denominator"],
    ) == (1, 1, 1)

    about_me = await tom.asks("is someone observing my supervision")
    assert (
        "Of your own supervision\nA-105: observed by Karl Osei. Returned Wed 11 November 2026: Good."
        in about_me
    )
    assert (await world.trail("A-105"))[0] == "audit.log"


async def test_what_cannot_be_logged_stays_on_the_form_and_says_why(world: World) -> None:
    (karl,) = await there(world, "karl")
    form = await karl.says("log obs for Karl's supervision today")
    assert "Nobody of that name" in text_of(form), "nobody observes their own supervision"
    form = await karl.opens(form, "Search", find="tom", day="2026-11-10")
    refused = await karl.opens(form, LOG, day="2026-11-10", find="tom")
    assert "Say whose supervision it is" in text_of(refused)
    tom = choices(refused, "about")[TOM]
    refused = await karl.opens(refused, LOG, day="2026-11-12", about=tom, find="tom")
    assert "That day has not come yet" in text_of(refused)
    refused = await karl.opens(refused, LOG, day="2026-09-30", about=tom, find="tom")
    assert "longer ago than last month" in text_of(refused)
    await karl.opens(refused, LOG, day="2026-10-31", about=tom, find="tom")
    refused = await karl.opens(refused, LOG, day="2026-10-30", about=tom, find="tom")
    assert "A-105 is about the same and not returned yet" in text_of(refused)
    assert await world.trail() == ["audit.log"]


async def test_a_double_click_logs_one(world: World) -> None:
    (karl,) = await there(world, "karl")
    form = await karl.says("log obs for Tom's supervision today")
    pressed = karl.activity_of(form, LOG, day="2026-11-11", about=choices(form, "about")[TOM])
    first, second = await karl.invoke(pressed), await karl.invoke(pressed)
    assert reads(first) == reads(second)
    assert await world.trail() == ["audit.log"]


async def test_somebody_is_asked_for_one_and_told(world: World) -> None:
    await managers(world)
    quinn, gita, liam = await there(world, "quinn", "gita", "liam")
    form = await quinn.opens(await quinn.says("observations"), "Ask somebody for one")
    gita_id = choices(form, "who")[GITA]
    form = await quinn.opens(form, "Search", find="tom", who=gita_id)
    card = await quinn.opens(form, "Ask", who=gita_id, when="2026-12", about=choices(form, "about")[TOM])
    assert "Gita Rao has A-105 now, and is told. It is due on Thu 31 December 2026." in text_of(card)
    await world.delivered()
    told = gita.told()
    assert "A-105" in told
    assert "Tom Bailey" in told
    assert "Fill in the return" in buttons(gita.card("A-105"))
    assert not liam.news()
    assert await world.trail("A-105") == ["audit.issue"]


async def test_a_head_of_service_asks_their_own_managers_only(world: World) -> None:
    await managers(world)
    karl, _, _ = await there(world, "karl", "gita", "liam")
    form = await karl.opens(await karl.says("observations"), "Ask somebody for one")
    form = await karl.opens(form, "Search", find="tom")
    tom, doers = choices(form, "about")[TOM], choices(form, "who")
    assert list(doers) == [GITA, "Karl Osei (East Team)"], "Liam is of another service"
    refused = await karl.hears(form, "Ask", who=doers[GITA], when="2026-11", about=tom)
    assert "by a head of service to their own managers" in refused, "North Team is not of Karl's service"
    form = await karl.opens(form, "Search", find="karl")
    karl_id = choices(form, "about")["Karl Osei (East Team)"]
    card = await karl.opens(form, "Ask", who=doers[GITA], when="2026-11", about=karl_id)
    assert "Gita Rao has A-105 now" in text_of(card)
    assert await world.trail() == ["refused.not_allowed", "audit.issue"]


async def test_none_this_month_because_is_a_result_and_counted_once(world: World) -> None:
    (quinn,) = await there(world, "quinn")
    form = await quinn.opens(await quinn.says("what dip samples did we do in nov"), "None this month")
    refused = await quinn.hears(form, "There was none", because=" ")
    assert "why" in refused.casefold()
    pressed = quinn.activity_of(form, "There was none", because="No file of that kind was open.")
    answer = await quinn.invoke(pressed)
    await quinn.invoke(pressed)
    assert "It is recorded that there was none in November 2026, and why." in reads(answer)
    assert "Returned: 1 of 1 (100.0 %)." in reads(answer)
    assert "None this month" not in buttons(answer)
    assert await world.trail("A-105") == ["audit.log", "audit.return"]


async def test_a_thematic_audit_names_a_child_of_another_team(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    form = await amelia.says("log a thematic audit on neglect")
    refused = await amelia.opens(form, LOG, day="2026-11-11", child="C10600", theme="neglect")
    assert "Child C10600 is of the auditor's own team or caseload" in text_of(refused)
    refused = await amelia.opens(refused, LOG, day="2026-11-11", child="C99999", theme="neglect")
    assert "C99999 is not in the children's file" in text_of(refused)
    step = await amelia.opens(refused, LOG, day="2026-11-11", child="10501", theme="neglect")
    assert "Return for C10501" in text_of(step)
    said = await amelia.asks("thematic audits")
    assert "A-105: child C10501; theme: neglect, by Amelia Adeyemi." in said


async def test_a_sample_is_set_up_on_the_draws_own_form(world: World) -> None:
    quinn, amelia = await there(world, "quinn", "amelia")
    form = await quinn.says("set up a dip sample of 2 on supervision")
    said = text_of(form)
    assert "Draw for November 2026: dip samples" in said
    assert "supervision" in said
    preview = await quinn.opens(form, "Preview", total="1", theme="supervision", not_again="0")
    assert "1 child is drawn" in text_of(preview)
    assert "done by the QA team" in await amelia.asks("set up a dip sample of 2 on supervision")


async def test_others_are_told_who_does_it_and_what_is_drawn(world: World) -> None:
    amelia, sol = await there(world, "amelia", "sol")
    assert "logged by the roles that the council names" in await amelia.asks(
        "log obs for Tom's supervision today"
    )
    assert "shown to its auditor" in await sol.asks("observations")


async def test_why_there_was_none_is_read_on_the_card_its_history_and_the_list(world: World) -> None:
    quinn, carol = await there(world, "quinn", "carol")
    # when the reason is typed, it stands in the form
    form = await quinn.says("dip sample: none this month because of staff shortage")
    assert value_of(form, "because") == "staff shortage"
    listed = await quinn.opens(form, "There was none", because=WHY)
    assert f"A-105: by Quinn Lister. None this month, because: “{WHY}”" in text_of(listed)
    # then on the card, in its history, and for somebody else
    for chat in (quinn, carol):
        card = await chat.says("A-105")
        said = text_of(card)
        assert f"None this month, because\n{WHY}" in said
        assert "Not graded" not in said
        assert f"Quinn Lister returned it. None this month, because: “{WHY}”" in said
    # and it is no return that anybody could moderate
    hana_or_quality = await _somebody_else_of_the_qa_team(world)
    card = await hana_or_quality.says("A-105")
    assert "Name a moderator" not in buttons(card)
    press = activities.execute(
        world.connector.url, "moderation.reassign_form", {"ref": "A-105"},
        **{**hana_or_quality.place(), "replyToId": "m", "id": "stale"},
    )  # fmt: skip
    assert "nothing in it can be moderated" in reads(await hana_or_quality.invoke(press))


WHY = "No file of that kind was open."


def value_of(card: CardJson, field: str) -> str:
    return next(str(e.get("value", "")) for e in walk(card) if e.get("id") == field)


async def _somebody_else_of_the_qa_team(world: World) -> Chat:
    """Nobody names who moderates what they handed in themselves."""
    await world.people_change({"liam": {"roles": "qa_team"}})
    (liam,) = await there(world, "liam")
    return liam


async def test_a_manager_is_told_whose_observations_are_counted(world: World) -> None:
    await managers(world)
    liam, quinn = await there(world, "liam", "quinn")
    assert (
        "Of your own and of the teams that you answer for, none is recorded for November 2026."
        in await liam.asks("observations")
    )
    assert "None is recorded for November 2026." in await quinn.asks("observations")


async def test_the_observed_person_is_searched_for_where_they_are_chosen(world: World) -> None:
    await managers(world)
    karl, quinn = await there(world, "karl", "quinn")
    form = await karl.opens(await karl.says("observations"), "Log one")
    said = text_of(form)
    places = [said.index(part) for part in ("Part of the name", "Search first", "actions of earlier audits")]
    assert places == sorted(places), "the search, whom it found, then the next question"
    form = await karl.opens(form, "Search", find="tom", day="2026-11-10")
    assert "1 person is found, and chosen in the list." in text_of(form)
    step = await karl.opens(form, LOG, day="2026-11-10", about=choices(form, "about")[TOM], find="tom")
    assert "Return for Tom Bailey's supervision" in text_of(step)
    assert "A-105: supervision of Tom Bailey, observed by Karl Osei." in await quinn.asks("observations")


async def test_the_draw_offers_what_is_missing_of_the_expected(world: World) -> None:
    quinn, *_ = await there(world, "quinn", "amelia")
    form = await quinn.opens(await quinn.says("programme"), "Open", month="2026-11", kind="thematic")
    await quinn.opens(form, "Save", expected=2, theme="Neglect", cohorts="looked_after", plan_note="")
    planned = await quinn.asks("programme")
    assert "Thematic audits: 2 expected; 0 begun; cohorts: Looked after; theme: Neglect" in planned
    form = await quinn.says("set up a thematic audit")
    assert value_of(form, "total") == "2"
    assert "These cohorts come from the programme." in text_of(form)
    for child in ("C10501", "C10600"):
        await _given(world, quinn, child)
        form = await quinn.says("set up a thematic audit")
        if child == "C10501":
            assert "1 of the 2 expected is given out already, so 1 is left to draw." in text_of(form)
            assert value_of(form, "total") == "1"
    assert "2 of the 2 expected are given out already, so none is left to draw." in text_of(form)
    assert value_of(form, "total") == ""


async def _given(world: World, quinn: Chat, child: str) -> None:
    form = await quinn.opens(await quinn.says("thematic audits"), "Ask somebody for one")
    who = next(value for title, value in choices(form, "who").items() if title.startswith("Ben "))
    card = await quinn.opens(form, "Ask", who=who, when="2026-11", child=child)
    assert "Ben Clarke has" in text_of(card)
