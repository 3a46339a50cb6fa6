"""The other kinds of audits: observed, sampled, none this month, and who is asked for what."""

from domain.kinds import Kind
from tests.stories.acting import OBSERVED, figure, hands_in, managers
from tests.stories.plots import there
from tests.stories.world import World, buttons, choices, reads, text_of

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
    assert "Return of A-105 · step 2 of 5" in text_of(step), "what was said is answered already"
    assert "To be done by Mon 30 November 2026" in await karl.asks("observations")
    assert (await figure(world, "activity", "2026-11", Kind.OBSERVATION))["outstanding"] == 1

    assert await hands_in(world, "karl", "A-105", OBSERVED) == "audit.return"
    said = await karl.asks("how many observations this month")
    assert "Returned: 1 of 1 (100.0 %)." in said
    assert (
        "Tom Bailey, by Karl Osei. Returned Wed 11 November 2026: Good. Earlier actions were gone through."
        in said
    )
    row = await figure(world, "activity", "2026-11", Kind.OBSERVATION)
    assert (
        row["returned"],
        row["earlier_actions_reviewed"],
        row["earlier_actions_reviewed_denominator"],
    ) == (1, 1, 1)

    about_me = await tom.asks("is someone observing my supervision")
    assert "Of your own supervision\nA-105: by Karl Osei. Returned Wed 11 November 2026: Good." in about_me
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
