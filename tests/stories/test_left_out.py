"""What the moderation sample has left out may go to the child's record as it is; nothing else does before its grade is
confirmed."""

from tests.stories.judging import (
    ON_ONE_DATABASE,
    SAMPLE,
    agreed,
    changed,
    moderating,
    returned,
    sampled,
)
from tests.stories.world import World, buttons, text_of

ALL = ("quinn", "helen", "liam", "farah", "amelia", "hana")
TICK, SURE = "It is on the child's record", "Yes, it is on the child's record"


@ON_ONE_DATABASE
async def test_nothing_is_ticked_before_the_sample_is_drawn(world: World) -> None:
    quinn, *_, amelia, _ = await returned(world, *ALL)
    # given that one of the month has a moderator, named by hand
    await moderating(world, "A-204")
    # then the others still wait for the sample, for the QA team and for their auditors
    for chat, number in ((quinn, "5 other returns wait"), (amelia, "2 other returns wait")):
        listed = await chat.says("upload")
        assert f"{number} for the month's moderation sample" in text_of(listed)
        assert not [title for title in buttons(listed) if title.startswith("Tick")]
    assert TICK not in buttons(await amelia.says("A-201"))
    assert "It can be ticked when" in await amelia.asks("A-201 uploaded")
    assert "audit.upload" not in await world.trail()


@ON_ONE_DATABASE
async def test_a_return_that_comes_after_the_sample_waits_too(world: World) -> None:
    quinn, *_, amelia, _ = await returned(world, *ALL)
    await sampled(world)
    late = (
        "audit_ref,month,kind,child_ref,team,legal_status,auditor,issued_on,returned_on,grade\n"
        "A-206,2026-11,core,C10600,North Team,child_in_need,amelia@council.example,2026-11-02,2026-11-12,inadequate\n"
    )
    path = world.folder / "late.csv"
    path.write_text(late, encoding="utf-8")
    world.clock.to(2026, 11, 12, 10)
    await world.imported("audits", path)
    assert TICK not in buttons(await amelia.says("A-206"))
    assert "2 other returns wait" in await quinn.asks("upload")
    # when the sample is looked at again, nobody new is needed, and it is left out as the QA team has seen
    card = await quinn.says(SAMPLE)
    assert "none would be new" in text_of(card).lower()
    done = await quinn.opens(card, "Leave 1 return out")
    assert "The sample is confirmed" in text_of(done)
    assert TICK in buttons(await amelia.says("A-206"))
    assert await world.trail("2026-11|core") == ["moderation.sample", "moderation.sample"]


@ON_ONE_DATABASE
async def test_a_tick_of_what_nobody_moderated_is_asked_for_once_more(world: World) -> None:
    quinn, *_, amelia, hana = await returned(world, *ALL)
    await sampled(world)
    left = [ref for ref in ("A-201", "A-205") if TICK in buttons(await amelia.says(ref))]
    ask = await amelia.opens(await amelia.says(left[0]), TICK)
    assert "Nobody has moderated this return" in text_of(ask)
    assert "audit.upload" not in await world.trail(left[0])
    await amelia.opens(ask, SURE)
    assert (await world.trail(left[0]))[-1] == "audit.upload"
    # several are read back with it
    read = await quinn.opens(await quinn.says("upload"), "Tick 2 together …")
    assert "2 of them were not moderated: the month's sample left them out." in text_of(read)
    assert hana.who.key == "hana"


@ON_ONE_DATABASE
async def test_what_is_ticked_is_reopened_once_the_tick_is_off(world: World) -> None:
    _, helen, _, _, amelia, _ = await returned(world, *ALL)
    await agreed(world)
    await helen.opens(await helen.says("A-201"), "Confirm the grade")
    await amelia.opens(await amelia.says("A-201"), TICK)
    await world.delivered()
    amelia.news()
    # given a head of quality who wants it back, it is said what comes first, and they can do it
    card = await helen.says("reopen A-201")
    assert "the tick comes off first" in text_of(card)
    form = await helen.opens(card, "Take back the tick")
    off = await helen.opens(form, "Take back the tick", note="New facts from court")
    await world.delivered()
    told = amelia.told()
    assert "Because Helen Boyd took it back, A-201 is no longer ticked" in told
    assert "New facts from court" in told
    await helen.opens(await helen.opens(off, "Reopen"), "Reopen it", note="New facts from court")
    assert (await world.trail("A-201"))[-2:] == ["audit.untick", "audit.reopen"]


@ON_ONE_DATABASE
async def test_after_moderation_the_auditor_corrects_nothing_though_it_is_reopened(world: World) -> None:
    quinn, helen, _, _, amelia, _ = await returned(world, *ALL)
    await changed(world)
    await helen.opens(await helen.opens(await helen.says("A-201"), "Reopen"), "Reopen it", note="Look again")
    card = await amelia.says("A-201")
    assert "Correct the return" not in buttons(card)
    assert "it can no longer be corrected" in (await amelia.asks("correct A-201")).replace("its return", "it")
    # and the history says whom and what was changed
    history = await quinn.asks("A-201")
    assert "named the moderator: Liam Grant." in history
    assert "moderated it: Inadequate." in history
