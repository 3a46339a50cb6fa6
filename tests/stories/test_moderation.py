"""A return is judged a second time: the sample, the moderator's form, back for rework, and judged again."""

import asyncio

import pytest

from tests.stories.judging import ON_ONE_DATABASE, SAMPLE, agreed, changed, moderating, returned, sampled
from tests.stories.plots import person_id
from tests.stories.world import World, buttons, choices, reads, text_of

ALL = ("quinn", "queenie", "liam", "farah", "amelia", "helen")


async def test_the_sample_is_looked_at_and_confirmed_as_it_was_seen(world: World) -> None:
    quinn, _, liam, farah, *_ = await returned(world, *ALL)
    seen = await quinn.says(SAMPLE)
    # given what it is a share of, in numbers, and who would get what
    assert "5 returns so far; 0 have a moderator already." in text_of(seen)
    assert "The policy asks for 25 % of them: 2 of 5. 2 would be new." in text_of(seen)
    assert "1 returned, none moderated already, 1 new in the sample" in text_of(seen)
    assert "New in the sample (2)" in text_of(seen)
    assert "Requires Improvement · Gita Rao → Liam Grant" in text_of(seen)
    assert "Has none of this month, would get 1 more" in text_of(seen)
    assert "Confirming it leaves 3 returns out" in text_of(seen)
    said = text_of(seen)
    assert said.index("Name these 2 moderations") < said.index("New in the sample"), "a phone's first screen"
    # when it is confirmed
    done = await quinn.opens(seen, "Name these 2 moderations")
    assert "2 audits have a moderator now" in text_of(done)
    assert "5 returns so far; 2 have a moderator already." in text_of(done)
    await world.delivered()
    # then each of the two moderators has one, and is told once, with the audit itself
    told = {chat.who.key: chat.told() for chat in (liam, farah)}
    assert all("Because you were named as the moderator of A-20" in text for text in told.values())
    assert (await world.trail()).count("audit.assign") == 2
    # and a second press of the old card assigns nobody anew
    again = await quinn.opens(seen, "Name these 2 moderations")
    assert "The list has changed since it was shown" in text_of(again)
    assert (await world.trail()).count("audit.assign") == 2


async def test_two_of_the_qa_team_confirm_at_once(world: World) -> None:
    quinn, queenie, *_ = await returned(world, *ALL)
    mine, theirs = await quinn.says(SAMPLE), await queenie.says(SAMPLE)
    answers = await asyncio.gather(
        quinn.press(mine, "Name these 2 moderations"), queenie.press(theirs, "Name these 2 moderations")
    )
    assert sorted("2 audits have a moderator now" in reads(answer) for answer in answers) == [False, True]
    assert (await world.trail()).count("audit.assign") == 2


@ON_ONE_DATABASE
async def test_all_inadequates_go_to_the_external_moderators(world: World) -> None:
    quinn, *_ = await returned(world, *ALL)
    card = await quinn.says("send all inadequates to the external moderators")
    # given that there is no external moderator, it says so and offers nothing to confirm
    assert "Of those graded Inadequate, none would be new." in text_of(card)
    assert "Nobody moderates in this month." in text_of(card)
    assert not [title for title in buttons(card) if title.startswith("Name")]
    # when Liam counts as external
    path = world.folder / "external.csv"
    path.write_text(
        "email,name,roles,external\nliam@council.example,Liam Grant,moderator,yes\n", encoding="utf-8"
    )
    await world.imported("people", path)
    card = await quinn.says("send all inadequates to the external moderators")
    assert "Of those graded Inadequate, 1 would be new." in text_of(card)
    assert "Liam Grant (external)" in text_of(card)


async def test_a_moderator_agrees_and_the_auditor_is_told(world: World) -> None:
    *_, liam, _, amelia, _ = await returned(world, *ALL)
    card = await moderating(world)
    assert "Because you were named as the moderator of A-201" in text_of(card)
    form = await liam.opens(card, "Moderate")
    assert "The auditor's grade\nGood" in text_of(form)
    done = await liam.opens(form, "Agree: Good")
    assert "Good → agreed at moderation" in text_of(done)
    await world.delivered()
    assert "Because Liam Grant moderated A-201, its grade is agreed: Good." in amelia.told()
    # a second press of the same form changes nothing
    again = await liam.opens(form, "Agree: Good")
    assert "A-201 has moved on: it has been moderated" in text_of(again)
    assert await world.trail("A-201") == ["audit.assign", "audit.moderate", "refused.out_of_date"]


@ON_ONE_DATABASE
async def test_a_grade_is_changed_only_with_a_reason(world: World) -> None:
    _, _, liam, _, amelia, _ = await returned(world, *ALL)
    form = await liam.opens(await moderating(world), "Moderate")
    assert "Give a reason" in await liam.hears(
        form, "Save this grade", moderated_grade="inadequate", note=" "
    )
    await liam.opens(form, "Save this grade", moderated_grade="inadequate", note="No visit for six months")
    await world.delivered()
    told = amelia.told()
    assert "its grade was changed from Good to Inadequate. If you see it differently" in told
    in_the_open = told.split("moderated it")[0]
    assert in_the_open.count("No visit for six months") == 1, "the reason is read once"
    assert "Dispute the grade" in told


@ON_ONE_DATABASE
async def test_a_core_audit_cannot_be_moderated_out_of_the_figures(world: World) -> None:
    _, _, liam, *_ = await returned(world, *ALL)
    form = await liam.opens(await moderating(world), "Moderate")
    assert "Not graded" not in choices(form, "moderated_grade")
    forged = await liam.hears(form, "Save this grade", moderated_grade="not_graded", note="No matter")
    assert "That is not one of the grades" in forged
    assert "audit.moderate" not in await world.trail("A-201")


@ON_ONE_DATABASE
async def test_down_to_inadequate_is_told_above_the_team(world: World) -> None:
    hana, dina, edwin, *_ = await returned(world, "hana", "dina", "edwin", *ALL)
    await changed(world)
    assert "A-201" in hana.told()
    # no assistant director is named for the South Team: its director is told, and why
    assert "No assistant director is named for this team, so you are told as its director." in dina.told()
    assert "No assistant director" not in hana.told()
    assert "A-201" not in edwin.told()


async def test_back_for_rework_and_again(world: World) -> None:
    _, _, liam, _, amelia, _ = await returned(world, *ALL)
    form = await liam.opens(await moderating(world), "Moderate")
    assert "Say what the auditor should do" in await liam.hears(form, "Send it back", why="rationale")
    back = await liam.opens(
        form, "Send it back", why="rationale,grammar", what_to_do="Say why the plan is good"
    )
    assert "Sent back for rework" in text_of(back)
    await world.delivered()
    told = amelia.told()
    assert "sent A-201 back for rework (the rationale is missing and grammar and spelling)" in told
    assert "Say why the plan is good" in told
    assert "Rework the return" in buttons(amelia.card("A-201"))
    # it stays returned, and does not count as to standard
    assert "Not met yet: returned, but not counted as to standard" in told


@ON_ONE_DATABASE
async def test_who_may_not_moderate(world: World) -> None:
    """Not the child's own team, not the auditor, nobody who is not the moderator of the month."""
    quinn, _, liam, farah, amelia, _ = await returned(world, *ALL)
    form = await quinn.opens(await quinn.says("A-204"), "Name a moderator")
    assert list(choices(form, "moderator")) == ["Liam Grant (West Team)"], "Farah is of the child's team"
    forged = await quinn.opens(
        form, "Name this moderator", moderator=str(await person_id(world, "farah")), note="x"
    )
    assert "cannot moderate this audit" in text_of(forged)
    card = await moderating(world, "A-205")
    for chat in (farah, amelia):
        pressed = {**liam.activity_of(card, "Moderate"), **chat.place(), "id": f"forged-{chat.who.key}"}
        assert "Agree: Good" not in reads(await chat.invoke(pressed))
    judge = await liam.opens(card, "Moderate")
    for chat in (farah, amelia):
        pressed = {**liam.activity_of(judge, "Agree: Good"), **chat.place(), "id": f"agree-{chat.who.key}"}
        assert "moderate" in reads(await chat.invoke(pressed)).lower()
    assert "audit.moderate" not in await world.trail("A-205")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"roles": "auditor"}, "moderated by the moderator who was named for it"),
        ({"roles": "auditor;moderator", "team": "South Team"}, "The child is of your own team now"),
        ({"roles": "auditor;moderator", "active_to": "2026-11-10"}, ""),
    ],
)
async def test_asked_anew_at_the_click(world: World, change: dict[str, str], said: str) -> None:
    quinn, _, liam, *_ = await returned(world, *ALL)
    form = await liam.opens(await moderating(world), "Moderate")
    await world.people_change({"farah": {"roles": "auditor;moderator"}, "liam": change})
    assert said in reads(await liam.press(form, "Agree: Good"))
    assert "audit.moderate" not in await world.trail("A-201")
    # and the QA team names somebody else
    other = await quinn.opens(await quinn.says("A-201"), "Another moderator")
    farah = choices(other, "moderator")["Farah Iqbal (North Team)"]
    named = await quinn.opens(other, "Name this moderator", moderator=farah, note="Liam has moved")
    assert "Farah Iqbal" in text_of(named)
    await world.delivered()
    assert "This is with somebody else now" in text_of(liam.card("A-201")) or said == ""


@ON_ONE_DATABASE
async def test_moderators_list_in_words(world: World) -> None:
    _, _, liam, *_ = await returned(world, *ALL)
    assert "You have nothing to moderate" in await liam.asks("what have I to moderate")
    await moderating(world, "A-201")
    await moderating(world, "A-205")
    assert "You have 2 audits to moderate" in await liam.asks("what have I to moderate")
    assert "2 audits are with you to moderate." in await liam.asks("what is waiting for me")
    # a grade said in words opens the form with it, and saves nothing
    form = await liam.says("moderated A-205 down to RI")
    assert "Moderate A-205" in text_of(form)
    assert "audit.moderate" not in await world.trail("A-205")


@ON_ONE_DATABASE
async def test_in_the_sample_or_not(world: World) -> None:
    """What the sample left out may go to the record once it was drawn."""
    quinn, *_, amelia, _ = await returned(world, *ALL)
    assert "It is on the child's record" not in buttons(await quinn.says("A-202"))
    await sampled(world)
    assert "It is on the child's record" in buttons(await quinn.says("A-202"))
    listed = await quinn.asks("upload")
    assert "For the child's record: 3 audits" in listed
    # an auditor ticks their own
    assert "For the child's record: 1 audit" in await amelia.asks("upload")


@ON_ONE_DATABASE
async def test_agreed_and_topped_up(world: World) -> None:
    quinn, *_ = await returned(world, *ALL)
    await agreed(world)
    card = await quinn.says(SAMPLE)
    assert "5 returns so far; 1 has a moderator already." in text_of(card)
    assert "1 would be new." in text_of(card)
