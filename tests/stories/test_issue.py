"""The month's draw: previewed by the QA team, issued once as it was seen, and everybody told."""

import asyncio

from domain.calendar import Month
from domain.pool import Standing, standing
from domain.ports import AuditFilter
from tests.stories.drawing import previewed, the_form, with_children
from tests.stories.plots import person_id, there
from tests.stories.world import World, buttons, choices, reads, text_of

AUDITORS = ("amelia", "farah", "gita", "hana", "liam")


async def test_said_previewed_and_issued(world: World) -> None:
    quinn, tom, amelia, *_ = await there(world, "quinn", "tom", *AUDITORS)
    await with_children(world)
    # given what was typed is filled in, in the council's own words
    form = await the_form(quinn, "issue audits for december, 4 cp 2 cin")
    assert "Draw for December 2026: core audits" in text_of(form)
    assert "6 auditors can be given an audit" in text_of(form)
    assert "4 child protection plan, 2 child in need" in text_of(form)
    # when something cannot be read, that is said and nothing typed is lost
    refused = await quinn.opens(form, "Preview", numbers="4 cp, some purple", theme="Neglect")
    assert "I could not read “some purple”" in text_of(refused)
    assert "4 cp, some purple" in text_of(refused)
    assert "Neglect" in text_of(refused)
    # then the preview says what would happen, and nothing is sent
    card = await quinn.opens(
        refused, "Preview", numbers="4 cp, 2 cin", theme="Neglect", exclusions="C20000 in court all month"
    )
    read = text_of(card)
    assert "6 children are drawn for 6 auditors, by lot out of" in read
    assert "4 of 4" in read
    assert "C20000: in court all month" in read
    assert "1 moderates this month" in read
    assert "Nothing has been sent yet" in read
    await world.delivered()
    assert amelia.news() == []
    pairs = await quinn.opens(card, "Who gets whom")
    assert "Amelia Adeyemi: child C2" in text_of(pairs)
    back = await quinn.opens(pairs, "Back")
    # when Quinn issues it
    done = await quinn.opens(back, "Issue now")
    assert "6 audits are issued for December 2026" in text_of(done)
    await world.delivered()
    # then each auditor has their card, with child, theme and deadline
    told = amelia.told()
    assert "Because you audit in December 2026, core audit A-1" in told
    assert "Theme: Neglect. It is due on Thu 31 December 2026" in told
    assert "Child C2" in await amelia.asks("my audit december")
    # and who takes part knows that it is coming
    assert ("coming to your team" in tom.told()) == (await _of_team(world, "North Team") > 0)
    assert (await world.trail()).count("audit.issue") == 6
    assert (await world.trail())[-1] == "draw.issue"
    # and the old preview issues nothing more
    late = await quinn.opens(back, "Issue now")
    assert "was issued a moment ago by you: 6 audits. This press issued nothing more" in text_of(late)
    assert "Issue now" not in buttons(late)
    assert (await world.trail()).count("audit.issue") == 6


async def _of_team(world: World, team: str) -> int:
    async with world.store.reading() as uow:
        found, _ = await uow.cycle.find(AuditFilter(months=(Month(2026, 12), Month(2026, 12))))
    return sum(audit.team is not None and audit.team.name == team for audit in found)


async def test_two_of_the_qa_team_issue_at_once(world: World) -> None:
    quinn, queenie, amelia = await there(world, "quinn", "queenie", "amelia")
    await with_children(world)
    # given a preview of each, of which the one is no less good for the other's look
    mine, theirs = await previewed(quinn), await previewed(queenie)
    answers = await asyncio.gather(
        quinn.press(mine, "Issue now"), queenie.press(theirs, "Issue now"), quinn.press(mine, "Issue now")
    )
    # then one press issues, and the others say who did and how many, with nothing more to issue
    assert sum("6 audits are issued for December 2026" in reads(answer) for answer in answers) == 1
    losers = [answer for answer in answers if "6 audits are issued" not in reads(answer)]
    for answer in losers:
        assert "December 2026 was issued a moment ago by " in reads(answer)
        assert ": 6 audits. This press issued nothing more." in reads(answer)
        assert isinstance(answer, dict)
        assert "Issue now" not in buttons(answer)
    # and the trail knows of the two looks that were, and of no other
    assert (await world.trail()).count("draw.preview") == 2
    assert (await world.trail()).count("draw.issue") == 1
    await world.delivered()
    assert len([m for m in amelia.news() if "A-1" in text_of(m.card)]) == 1


async def test_a_colleague_who_merely_looks_takes_nothing_away(world: World) -> None:
    quinn, queenie = await there(world, "quinn", "queenie")
    await with_children(world)
    card = await previewed(quinn)
    await previewed(queenie)
    assert "6 audits are issued for December 2026" in text_of(await quinn.opens(card, "Issue now"))


async def test_a_colleague_who_asks_for_something_else(world: World) -> None:
    quinn, queenie = await there(world, "quinn", "queenie")
    await with_children(world)
    card = await previewed(quinn)
    await previewed(queenie, total="4", theme="Neglect", exclusions="C20000 in court")
    said = text_of(await quinn.opens(card, "Issue now"))
    assert "Queenie Holt asked for other numbers, other children to leave out and another theme" in said
    assert "1 more left out by hand" in said
    assert "audit.issue" not in await world.trail()


async def test_an_exemption_approved_meanwhile(world: World) -> None:
    quinn, amelia, hana, dina = await there(world, "quinn", "amelia", "hana", "dina")
    await with_children(world)
    card = await previewed(quinn)
    form = await amelia.says("exemption")
    reason = choices(form, "reason")["Ill health (non-operational)"]
    await amelia.press(form, "Send request", month="2026-12", reason=reason, explanation="Operation")
    await world.delivered()
    await hana.opens(hana.card("E-1"), "Endorse")
    await world.delivered()
    await dina.opens(dina.card("E-1"), "Approve")
    await world.delivered()
    # when Quinn issues what no longer holds
    changed = await quinn.opens(card, "Issue now")
    assert "This has changed since you looked, and nothing was issued: " in text_of(changed)
    assert "1 auditor left the draw (1 exemption was approved). Here is the draw" in text_of(changed)
    assert "for 5 auditors" in text_of(changed)
    assert "audit.issue" not in await world.trail()
    # then what is shown now can be issued
    assert "5 audits are issued" in text_of(await quinn.opens(changed, "Issue now"))
    assert "You are exempt in December 2026" in await amelia.asks("my audit december")


async def test_only_the_qa_team(world: World) -> None:
    quinn, amelia, hana, helen = await there(world, "quinn", "amelia", "hana", "helen")
    await with_children(world)
    card = await previewed(quinn)
    for chat in (amelia, hana, helen):
        assert "done by the QA team" in await chat.asks("issue audits for december")
        for title in ("Issue now", "Who gets whom", "Change"):  # as a forwarded card is pressed
            activity = {**quinn.activity_of(card, title), **chat.place(), "id": f"{title}-{chat.who.key}"}
            assert "done by the QA team" in reads(await chat.invoke(activity))
    assert (await world.trail()).count("refused.not_allowed") == 3
    assert "audit.issue" not in await world.trail()


async def test_a_month_that_is_over_and_other_kinds(world: World) -> None:
    (quinn,) = await there(world, "quinn")
    await with_children(world)
    assert "October 2026 is over" in await quinn.asks("issue audits for october")
    form = await the_form(quinn)
    thematic = await quinn.opens(form, "Open", month="2027-01", kind="thematic")
    assert "Draw for January 2027: thematic audits" in text_of(thematic)
    card = await quinn.opens(thematic, "Preview", total="4", theme="Neglect")
    assert "4 children are drawn for" in text_of(card)
    assert "Issue to 4 people" in text_of(card)
    assert "4 audits are issued for January 2027" in text_of(await quinn.opens(card, "Issue now"))


async def test_a_late_joiner_and_another_child(world: World) -> None:
    quinn, *everybody = await there(world, "quinn", *AUDITORS)
    await with_children(world)
    await quinn.opens(await previewed(quinn, total="5"), "Issue now")
    await world.delivered()
    left = await _without(world)
    # when the one who is left is given an audit: the child is drawn, seen and issued
    one = await quinn.opens(await the_form(quinn), "One auditor only")
    assert list(choices(one, "auditor").values()) == [str(left)]
    seen = await quinn.opens(one, "Draw a child", auditor=str(left))
    assert "by lot out of" in text_of(seen)
    issued = await quinn.opens(seen, "Issue now")
    ref = text_of(issued).split(" ·")[0]
    # and another child is drawn where it cannot be this one, which needs a reason
    form = await quinn.opens(issued, "Another child")
    assert "Say why another child" in reads(await quinn.press(form, "Draw another child", note=""))
    assert f"This will be the 2nd child for {ref}; at most 3." in text_of(form)
    changed = await quinn.opens(form, "Draw another child", note="The case closed last week")
    assert text_of(changed).startswith(f"{ref} ·")
    assert text_of(changed).splitlines()[0] != text_of(issued).splitlines()[0]
    assert await world.trail(ref) == ["audit.issue", "audit.change_child"]
    # then the auditor knows which child it is now
    await world.delivered()
    told = [f"Because another child was drawn for {ref}" in chat.told() for chat in everybody]
    assert sum(told) == (left in [await person_id(world, key) for key in AUDITORS])
    # and an old form changes nothing more
    again = await quinn.opens(form, "Draw another child", note="Once more")
    assert "Nothing was changed by your press" in text_of(again)
    # and nobody goes on until a wanted child comes: both changes stand in the history, and there is no third
    third = await quinn.opens(changed, "Another child")
    assert f"This will be the 3rd child for {ref}; at most 3." in text_of(third)
    last = await quinn.opens(third, "Draw another child", note="A conflict of interest")
    assert "The case closed last week" in text_of(last)
    assert "A conflict of interest" in text_of(last)
    refused = await quinn.opens(last, "Another child")
    assert f"At most 3 children are drawn for one audit, and {ref} has had as many" in text_of(refused)
    assert "ask the head of quality" in text_of(refused)
    assert (await world.trail(ref)).count("audit.change_child") == 2


async def _without(world: World) -> int:
    month = Month(2026, 12)
    async with world.store.reading() as uow:
        members = await uow.pool.members(month, 12)
    [left] = [m.person.id for m in members if standing(m, month, world.clock().date()) is Standing.FREE]
    return left
