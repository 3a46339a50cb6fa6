"""The third lock: grades confirmed one by one or together, disputes that end there, and the child's record."""

import asyncio

from tests.stories.judging import ON_ONE_DATABASE, agreed, changed, returned
from tests.stories.world import World, buttons, choices, reads, text_of

ALL = ("helen", "quinn", "liam", "farah", "amelia", "hana", "dina")


async def test_a_dispute_ends_at_the_third_lock(world: World) -> None:
    helen, _, liam, _, amelia, *_ = await returned(world, *ALL)
    await changed(world)
    # given an auditor who sees it differently
    form = await amelia.opens(amelia.card("A-201"), "Dispute the grade")
    assert "No visit for six months" in text_of(form)
    assert "Give a reason" in await amelia.hears(form, "Dispute the grade", note="")
    disputed = await amelia.opens(form, "Dispute the grade", note="The visits are in another file")
    assert "The grade is disputed" in text_of(disputed)
    await world.delivered()
    told = helen.told()
    assert "Because Amelia Adeyemi disputes the grade of A-201, the third lock decides it." in told
    assert "The visits are in another file" in told
    # when the head of quality decides
    decide = await helen.opens(helen.card("A-201"), "Decide the grade")
    assert "Give a reason" in await helen.hears(decide, "Confirm this grade", final_grade="good", note="")
    done = await helen.opens(
        decide, "Confirm this grade", final_grade="requires_improvement", note="One visit was seen"
    )
    assert "Good → Inadequate (moderated, down) → Requires Improvement (third lock)" in text_of(done)
    await world.delivered()
    # then auditor and moderator are told
    for chat in (amelia, liam):
        told = chat.told()
        assert "Because Helen Boyd confirmed the grade of A-201, it is final: Requires Improvement." in told
        assert "One visit was seen" in told
    assert await world.trail("A-201") == ["audit.assign", "audit.moderate", "audit.dispute", "audit.lock"]


@ON_ONE_DATABASE
async def test_the_teams_head_of_service_disputes_without_knowing_who_moderated(world: World) -> None:
    *_, hana, _ = await returned(world, *ALL)
    await changed(world)
    card = await hana.says("A-201")
    assert "Inadequate (moderated, down)" in text_of(card)
    assert "No visit for six months" in text_of(card)
    assert "Liam" not in text_of(card)
    form = await hana.opens(card, "Dispute the grade")
    assert "Liam" not in text_of(form)
    await hana.opens(form, "Dispute the grade", note="I know the case")
    assert (await world.trail("A-201"))[-1] == "audit.dispute"


async def test_those_agreed_are_read_back_and_confirmed_together(world: World) -> None:
    helen, *_ = await returned(world, *ALL)
    await agreed(world, "A-201")
    await agreed(world, "A-205")
    await changed(world, "A-204", "inadequate")
    listed = await helen.says("third lock")
    assert "Third lock: 3 audits" in text_of(listed)
    read = await helen.opens(listed, "Confirm 2 agreed grades …")
    assert "A-201 · child C10432 · South Team · Good · Amelia Adeyemi" in text_of(read)
    assert "A-204" not in text_of(read), "what moderation changed is confirmed one by one"
    done = await helen.opens(read, "Yes, confirm these 2 audits")
    assert "2 grades are confirmed." in text_of(done)
    assert "A-204" in text_of(done)
    # a second press, or an older list, confirms nothing more
    again = await helen.opens(read, "Yes, confirm these 2 audits")
    assert "The list has changed since it was shown" in text_of(again)
    assert (await world.trail()).count("audit.lock") == 2
    await world.delivered()
    assert world.chat("amelia").told().count("it is final: Good") >= 2


@ON_ONE_DATABASE
async def test_what_cannot_be_done_yet_says_when_it_can(world: World) -> None:
    helen, *_, amelia, _, _ = await returned(world, *ALL)
    assert "There is no moderated grade yet." in text_of(await amelia.says("dispute A-201"))
    waits = text_of(await amelia.says("A-201 uploaded"))
    assert "It can be ticked when the head of quality has confirmed it" in waits
    await agreed(world)
    await helen.opens(await helen.says("A-201"), "Confirm the grade")
    assert "can no longer be disputed" in text_of(await amelia.says("dispute A-201"))
    ready = await amelia.says("A-201 uploaded")
    assert "It can be ticked when" not in text_of(ready)
    await amelia.opens(ready, "It is on the child's record")
    assert "ticked as on the child's record already" in text_of(await amelia.says("A-201 uploaded"))


@ON_ONE_DATABASE
async def test_the_third_lock_does_not_take_a_grade_away(world: World) -> None:
    helen, *_ = await returned(world, *ALL)
    await changed(world)
    form = await helen.opens(await helen.says("A-201"), "Another grade")
    assert "Not graded" not in choices(form, "final_grade")
    forged = await helen.hears(form, "Confirm this grade", final_grade="not_graded", note="No matter")
    assert "That is not one of the grades" in forged
    assert "audit.lock" not in await world.trail("A-201")


async def test_one_lock_though_pressed_twice_at_once(world: World) -> None:
    helen, *_ = await returned(world, *ALL)
    await agreed(world)
    card = await helen.says("A-201")
    answers = await asyncio.gather(
        helen.press(card, "Confirm the grade"), helen.press(card, "Confirm the grade")
    )
    assert all("Grade confirmed (third lock)" in reads(answer) for answer in answers)
    assert (await world.trail("A-201")).count("audit.lock") == 1


async def test_a_deputy_confirms_but_not_what_they_had_a_part_in(world: World) -> None:
    """Hana audited A-203; for all others she can stand in for Helen."""
    helen, *_, hana, _ = await returned(world, *ALL)
    for ref in ("A-201", "A-203"):
        await agreed(world, ref)
    form = await helen.says("deputy")
    await helen.opens(
        form, "Name as deputy", delegate=choices(form, "delegate")["Hana Whitfield (North Team)"], scope="all",
        from_day="2026-11-11", to_day="2026-11-20",
    )  # fmt: skip
    own = await hana.says("A-203")
    assert "Confirm the grade" not in buttons(own)
    pressed = {
        **helen.activity_of(await helen.says("A-203"), "Confirm the grade"),
        **hana.place(),
        "id": "own",
    }
    said = reads(await hana.invoke(pressed))
    assert "Nobody moderates or confirms what they audited or moderated themselves" in said
    # another one she confirms, and both names stand in the history
    done = await hana.opens(await hana.says("A-201"), "Confirm the grade")
    assert "Grade confirmed (third lock)" in text_of(done)
    assert "Hana Whitfield, for Helen Boyd, confirmed the grade" in await helen.asks("A-201")
    # and when the days are over, nothing more
    world.clock.to(2026, 11, 21, 10)
    assert "third lock is the head of quality's" in await hana.asks("third lock")


@ON_ONE_DATABASE
async def test_a_deputy_does_not_decide_their_own_dispute(world: World) -> None:
    helen, *_, hana, _ = await returned(world, *ALL)
    await changed(world)
    form = await helen.says("deputy")
    await helen.opens(
        form, "Name as deputy", delegate=choices(form, "delegate")["Hana Whitfield (North Team)"], scope="all",
        from_day="2026-11-11", to_day="2026-11-20",
    )  # fmt: skip
    dispute = await hana.opens(await hana.says("A-201"), "Dispute the grade")
    card = await hana.opens(dispute, "Dispute the grade", note="I know the case")
    assert "Decide the grade" not in buttons(card)
    decide = await helen.opens(await helen.says("A-201"), "Decide the grade")
    pressed = helen.activity_of(decide, "Confirm this grade", final_grade="good", note="As I said")
    said = reads(await hana.invoke({**pressed, **hana.place(), "id": "own-dispute"}))
    assert "You disputed this grade, so somebody else has to decide it." in said
    assert "audit.lock" not in await world.trail("A-201")


async def test_a_locked_one_is_reopened_with_a_reason(world: World) -> None:
    helen, _, liam, _, amelia, *_ = await returned(world, *ALL)
    await agreed(world)
    await helen.opens(await helen.says("A-201"), "Confirm the grade")
    form = await helen.opens(await helen.says("A-201"), "Reopen")
    assert "Give a reason" in await helen.hears(form, "Reopen it", note="")
    back = await helen.opens(form, "Reopen it", note="New facts from court")
    assert "with a moderator" in text_of(back)
    await world.delivered()
    for chat in (liam, amelia):
        assert (
            "reopened A-201, it is to be moderated again. The reason: “New facts from court”." in chat.told()
        )
    assert "Moderate" in buttons(liam.card("A-201"))


@ON_ONE_DATABASE
async def test_nobody_to_confirm_is_said(world: World) -> None:
    _, quinn, *_ = await returned(world, *ALL)
    await agreed(world)
    await world.people_change({"helen": {"roles": "auditor"}, "liam": {"roles": "auditor;moderator"}})
    assert "Nobody holds the role of head of quality" in await quinn.asks("A-201")
    assert "Nobody holds the role of head of quality" in await quinn.asks("third lock")


async def test_the_childs_record_is_ticked_together_and_taken_back(world: World) -> None:
    helen, quinn, _, _, amelia, *_ = await returned(world, *ALL)
    for ref in ("A-201", "A-205"):
        await agreed(world, ref)
        await helen.opens(await helen.says(ref), "Confirm the grade")
    listed = await amelia.says("upload")
    assert "For the child's record: 2 audits" in text_of(listed)
    read = await amelia.opens(listed, "Tick 2 together …")
    assert "Tick only what is there." in text_of(read)
    done = await amelia.opens(read, "Yes, tick these 2 audits")
    assert "2 audits are ticked as on the child's record." in text_of(done)
    again = await amelia.opens(read, "Yes, tick these 2 audits")
    assert "The list has changed since it was shown" in text_of(again)
    # one was not there after all
    form = await quinn.opens(await quinn.says("A-205"), "Take back the tick")
    card = await quinn.opens(form, "Take back the tick", note="Wrong child's record")
    assert "Grade confirmed (third lock)" in text_of(card)
    assert await world.trail("A-205") == [
        "audit.assign", "audit.moderate", "audit.lock", "audit.upload", "audit.untick",
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_who_may_do_none_of_it(world: World) -> None:
    helen, quinn, _, farah, _, _, dina = await returned(world, *ALL)
    await agreed(world)
    card = await helen.says("A-201")
    for chat in (quinn, farah, dina):
        pressed = {
            **helen.activity_of(card, "Confirm the grade"),
            **chat.place(),
            "id": f"lock-{chat.who.key}",
        }
        assert "third lock is the head of quality's" in reads(await chat.invoke(pressed))
    assert "third lock is the head of quality's" in await farah.asks("third lock")
    assert "audit.lock" not in await world.trail("A-201")
