"""The QA team takes an open audit off its auditor, unasked, and gives the child to another one."""

import asyncio

import pytest

from tests.stories.plots import person_id, there
from tests.stories.test_reallocation import ONE_DATABASE, asked
from tests.stories.world import World, buttons, reads, text_of

TITLE, GO = "Take it off its auditor", "Take it off them"
SAID = ("give A-101 to another auditor", "take A-101 off amelia", "C10432 needs another auditor")


async def test_an_open_audit_goes_to_another_auditor(world: World) -> None:
    amelia, hana, quinn, queenie, gita = await there(world, "amelia", "hana", "quinn", "queenie", "gita")
    await asked(world, "A-101 conflict of interest")
    amelia.news()
    # given the form, which says what will happen before anything does
    card = await quinn.says("A-101")
    form = await quinn.opens(card, TITLE)
    assert "Amelia Adeyemi is told that nothing is due from them any more." in text_of(form)
    assert "the next auditor begins anew" in text_of(form)
    assert "Give a reason" in await quinn.hears(form, GO, note=" ")
    # when it is taken off her
    offered = await quinn.opens(form, GO, note="She knows the family")
    assert "A-101 needs another auditor" in text_of(offered)
    await quinn.opens(offered, "Give to this auditor", auditor=str(await person_id(world, "gita")))
    await world.delivered()
    # then she is told, what she asked for is settled, also for the colleague, and Gita has the child
    assert "A-101, child C10432, is no longer yours. Nothing is due from you for it." in amelia.told()
    assert "C10432" not in await amelia.asks("my audit")
    assert (await world.trail("RQ-1"))[-1] == "request.overtake"
    assert "Settled without an answer" in text_of(queenie.card("A-101"))
    assert "Child C10432" in await gita.asks("my audit")
    assert await world.trail("A-101") == ["audit.free", "audit.give"]
    assert TITLE not in buttons(await hana.says("A-101")), "only for the QA team"
    # and the old form does nothing more
    assert "Nothing was changed by your press" in text_of(await quinn.opens(form, GO, note="Again"))


async def test_two_of_the_qa_team_take_it_off_at_once(world: World) -> None:
    _, quinn, queenie = await there(world, "amelia", "quinn", "queenie")
    forms = [await chat.opens(await chat.says("A-101"), TITLE) for chat in (quinn, queenie)]
    answers = await asyncio.gather(
        quinn.press(forms[0], GO, note="Conflict"), queenie.press(forms[1], GO, note="Conflict")
    )
    assert sum("Nothing was changed by your press" in reads(answer) for answer in answers) == 1
    assert (await world.trail("A-101")).count("audit.free") == 1


@ONE_DATABASE
@pytest.mark.parametrize("said", SAID)
async def test_said_in_words_it_opens_the_form(world: World, said: str) -> None:
    amelia, quinn = await there(world, "amelia", "quinn")
    assert "Take A-101 off its auditor" in text_of(await quinn.says(said))
    # and for its auditor the same words ask for a change
    own = await amelia.says(said)
    assert GO not in buttons(own)
    assert "Send request" in buttons(own)
    assert await world.trail("A-101") == []


@ONE_DATABASE
async def test_where_no_other_child_can_be_drawn_the_way_on_is_a_button(world: World) -> None:
    _, quinn = await there(world, "amelia", "quinn")
    form = await quinn.opens(await quinn.says("A-101"), "Another child")
    assert "No other child can be drawn" in text_of(form)
    assert "Take A-101 off its auditor" in text_of(await quinn.opens(form, TITLE))
    # and the same where there is one, but of the auditor's own team
    path = world.folder / "own-team.csv"
    path.write_text(
        "child_ref,team,legal_status,cohorts,social_worker,opened\n"
        "C10801,North Team,child_in_need,child_in_need,,2026-01-05\n",
        encoding="utf-8",
    )
    await world.imported("children", path)
    form = await quinn.opens(await quinn.says("A-101"), "Another child")
    none = await quinn.opens(form, "Draw another child", note="Closed")
    assert "No other child can be drawn for this auditor" in text_of(none)
    assert "Take A-101 off its auditor" in text_of(await quinn.opens(none, TITLE))


@ONE_DATABASE
async def test_not_ones_own_and_not_by_anybody_else(world: World) -> None:
    await world.people_change({"amelia": {"roles": "auditor;qa_team"}})
    amelia, quinn, hana = await there(world, "amelia", "quinn", "hana")
    own = await amelia.says("A-101")
    assert TITLE not in buttons(own)
    form = await quinn.opens(await quinn.says("A-101"), TITLE)
    for chat, why in ((amelia, "nobody takes an audit off themselves"), (hana, "done by the QA team")):
        forged = {
            **quinn.activity_of(form, GO, note="Please"), **chat.place(), "id": f"by-{chat.who.key}"
        }  # fmt: skip
        assert why in reads(await chat.invoke(forged))
    assert "audit.free" not in await world.trail("A-101")


@ONE_DATABASE
async def test_after_its_month_it_stays_with_its_auditor(world: World) -> None:
    _, quinn = await there(world, "amelia", "quinn")
    form = await quinn.opens(await quinn.says("A-101"), TITLE)
    world.clock.to(2026, 12, 1, 10)
    assert TITLE not in buttons(await quinn.says("A-101"))
    assert "can no longer be given to another auditor" in await quinn.hears(form, GO, note="Late")
    assert "audit.free" not in await world.trail("A-101")
