"""A return survives what happens to the bot, and other kinds are handed in by the same card."""

from pathlib import Path

from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.stories.plots import there
from tests.stories.test_return import ON, areas, engaged, opened, value_of
from tests.stories.world import World, a_world, buttons, reads, text_of

HEAD = "audit_ref,month,kind,child_ref,team,legal_status,auditor,issued_on,returned_on,grade\n"


async def another(world: World, line: str) -> None:
    """An audit of another kind, as the council's file has it."""
    path = world.folder / "more-audits.csv"
    path.write_text(HEAD + line + "\n", encoding="utf-8")
    await world.imported("audits", path)


async def test_the_bot_is_restarted_in_the_middle(
    settled_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> None:
    async with a_world(settled_url, tmp_path, login, connector, settled=True) as before:
        [amelia] = await there(before, "amelia")
        card = await opened(before, amelia)
        card = await amelia.opens(card, ON, **areas(planning="n/a"))
        half = await amelia.opens(card, ON, **engaged(iro_views=""))
        assert "Still to answer here: “Were the IRO's or CP chair's views heard?”" in text_of(half)
    async with a_world(settled_url, tmp_path, login, connector, settled=True) as after:
        amelia = after.chat("amelia")
        # then the card that was left open still works, with what is typed into it now
        card = await amelia.opens(half, ON, **engaged(iro_views="n/a"))
        assert "step 3 of 7" in text_of(card)
        # and whoever asks is led to where it was left
        mine = await amelia.says("my audit")
        resumed = await amelia.opens(mine, "Continue: 2 of 6 required steps done")
        assert "step 3 of 7" in text_of(resumed)
        first = await amelia.opens(await amelia.opens(resumed, "Back"), "Back")
        assert await value_of(first, "answer_area_planning") == "n/a"


async def test_there_was_none_this_month(world: World) -> None:
    await another(world, "A-301,2026-11,dip_sample,,South Team,,gita@council.example,2026-11-02,,")
    [gita] = await there(world, "gita")
    card = await gita.opens(await gita.says("my audit"), "Fill in the return")
    assert "Return of A-301 · step 1 of 2: Findings" in text_of(card)
    form = await gita.opens(card, "There was none")
    assert "Say in a few words" in reads(await gita.press(form, "Hand in", because=" "))
    done = await gita.opens(form, "Hand in", because="No case met the theme.")
    assert "It is recorded that there was none this month, and why" in text_of(done)
    assert "Returned on time" in await gita.asks("my audit")


async def test_a_supervision_that_was_observed(world: World) -> None:
    await another(world, "A-302,2026-11,observation,,East Team,,karl@council.example,2026-11-02,,")
    [karl] = await there(world, "karl")
    card = await karl.opens(await karl.says("my audit"), "Fill in the return")
    card = await karl.opens(card, ON, answer_earlier_actions_reviewed="no")
    quality = ("child_in_mind", "risk_and_plan", "reflective", "decisions_clear", "wellbeing", "development")
    card = await karl.opens(card, ON, **{f"answer_{code}": "yes" for code in quality})
    card = await karl.opens(card, ON, answer_grade="good", answer_rationale="Reflective and clear.")
    card = await karl.opens(card, ON, answer_strengths="Curious about the child.")
    review = await karl.opens(card, ON)
    assert "Were the actions of earlier audits gone through? No" in text_of(review)
    await karl.opens(review, "Hand in")
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-302")
    assert audit is not None
    assert audit.earlier_actions_reviewed is False


async def test_two_audits_wait_and_words_do_not_say_which(world: World) -> None:
    await another(
        world, "A-303,2026-11,thematic,C10501,East Team,child_in_care,amelia@council.example,2026-11-02,,"
    )
    [amelia] = await there(world, "amelia")
    which = await amelia.says("finished my audit, its good")
    assert "You have more than one audit to return. Which one is meant?" in text_of(which)
    assert [title for title in buttons(which) if title.startswith("Open")] == ["Open A-101", "Open A-303"]
    assert "Return for C10501" in text_of(await amelia.opens(which, "Open A-303"))
    # when the child is said, that one is opened, filled in
    assert "Return for C10501: what you said" in text_of(await amelia.says("finished audit C10501, its good"))
    # and one's own audits lead to both
    mine = await amelia.says("my audit")
    assert buttons(mine).count("Fill in the return") == 2
