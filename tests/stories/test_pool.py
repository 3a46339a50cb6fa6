"""Who audits and who moderates, and the year's programme: kept by the QA team in chat."""

from tests.stories.plots import person_id, there
from tests.stories.world import World, buttons, choices, reads, text_of


async def test_an_auditor_is_made_a_moderator_told_and_undone(world: World) -> None:
    quinn, gita = await there(world, "quinn", "gita")
    # given what was typed opens the person's card with the day filled in
    card = await quinn.says("promote Gita Rao to moderator, trained 1 november 2026")
    assert "Gita Rao" in text_of(card)
    assert "2026-11-01" in text_of(card)
    done = await quinn.opens(card, "Make moderator", from_day="2026-11-01")
    assert "Gita Rao is a moderator now, and is told." in text_of(done)
    assert "In November 2026: moderates." in text_of(done)
    await world.delivered()
    assert "Because the QA team made you a moderator from Sun 1 November 2026" in gita.told()
    # when it is said that she does not moderate this month
    said = await quinn.opens(done, "Yes, say so")
    assert "Gita Rao does not moderate in November 2026" in text_of(said)
    await world.delivered()
    assert "you do not moderate in that month" in gita.told()
    # and all of it is undone
    ruled = await quinn.opens(said, "Undo what was said")
    undone = await quinn.opens(ruled, "Yes, take it back")
    assert "no longer" in text_of(undone)
    assert await world.trail(f"P-{await person_id(world, 'gita')}") == [
        "pool.give_role", "pool.moderates", "pool.moderates", "pool.take_role",
    ]  # fmt: skip


async def test_the_pool_is_looked_through_and_somebody_new_is_added(world: World) -> None:
    quinn, helen = await there(world, "quinn", "helen")
    pool = await quinn.says("the pool")
    assert "6 of 85, 79 to go" in text_of(pool)
    free = await quinn.opens(pool, "Show", standing="free")
    assert "Farah Iqbal (North Team): can be given an audit" in text_of(free)
    assert "Amelia Adeyemi" not in text_of(free)
    everybody = await quinn.opens(free, "Show", standing="all")
    assert "Amelia Adeyemi (North Team): has an audit" in text_of(everybody)
    # when a name fits several, there is a short list; when it fits nobody, a form
    several = await quinn.opens(pool, "Find or add", find="a")
    assert "Gita Rao (East Team)" in choices(several, "person")
    one = await quinn.opens(several, "Show", person=choices(several, "person")["Gita Rao (East Team)"])
    assert "Make moderator" in buttons(one)
    form = await quinn.opens(pool, "Find or add", find="Nia Jones")
    wrong = await quinn.opens(form, "Add as auditor", email="nia", name="Nia Jones", from_day="2026-11-02")
    assert "Write the e-mail address" in text_of(wrong)
    added = await quinn.opens(
        wrong, "Add as auditor", email="nia@council.example", name="Nia Jones", from_day="2026-11-02"
    )
    assert "Nia Jones is on the list as an auditor now" in text_of(added)
    assert "In November 2026: can be given an audit." in text_of(added)
    twice = await quinn.opens(
        form, "Add as auditor", email="Nia@Council.example", name="Nia J", from_day="2026-11-02"
    )
    assert "on the list already" in text_of(twice)
    # and the head of quality sees the same, and changes nothing
    seen = await helen.says("the pool")
    assert "7 of 85, 78 to go" in text_of(seen)
    assert "Find or add" not in buttons(seen)


async def test_nobody_changes_their_own_role_or_another_s_without_being_of_the_qa_team(world: World) -> None:
    await world.people_change({"quinn": {"roles": "qa_team;auditor", "auditor_from": "2025-01-01"}})
    quinn, queenie, gita = await there(world, "quinn", "queenie", "gita")
    own = await quinn.opens(await quinn.says("the pool"), "Find or add", find="Quinn")
    assert "Make moderator" not in buttons(own)
    theirs = await queenie.opens(await queenie.says("the pool"), "Find or add", find="Quinn")
    for chat, says in ((quinn, "Nobody changes their own role"), (gita, "kept by the QA team")):
        forged = {
            **queenie.activity_of(theirs, "Make moderator", from_day="2026-11-01"),
            **chat.place(), "id": f"forged-{chat.who.key}",
        }  # fmt: skip
        assert says in reads(await chat.invoke(forged))
    assert (await world.trail()).count("refused.not_allowed") == 2
    assert "pool of auditors is shown to the QA team" in await gita.asks("the pool")


async def test_the_programme_is_kept_and_the_draw_follows_it(world: World) -> None:
    quinn, hana, amelia = await there(world, "quinn", "hana", "amelia")
    empty = await quinn.says("programme")
    assert "Nothing is planned in these twelve months yet" in text_of(empty)
    form = await quinn.opens(empty, "Open", month="2027-01", kind="thematic")
    saved = await quinn.opens(
        form, "Save", expected="12", theme="Neglect", cohorts="looked_after", plan_note="JTAI"
    )
    assert "Thematic audits: 12 expected; cohorts: Looked after; theme: Neglect; JTAI" in text_of(saved)
    changed = await quinn.opens(saved, "Open", month="2027-01", kind="thematic")
    draw = await quinn.opens(changed, "Draw")
    assert "From the programme: 12 expected; theme: Neglect; JTAI." in text_of(draw)
    # managers look at it, auditors are told where to look
    seen = await hana.says("programme")
    assert "theme: Neglect" in text_of(seen)
    assert "Open" not in buttons(seen)
    assert "shown to managers and the QA team" in await amelia.asks("programme")
    # and it is taken off again; a form that is out of date changes nothing
    gone = await quinn.opens(changed, "Yes, take it off")
    assert "Taken off the programme." in text_of(gone)
    late = await quinn.opens(changed, "Save", expected="3", theme="Late")
    assert "A colleague changed this entry" in text_of(late)
    assert (await world.trail())[-2:] == ["programme.set", "programme.remove"]
