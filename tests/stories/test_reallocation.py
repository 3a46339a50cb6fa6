"""The wrong child, or no time for it: asked for by the auditor, decided by the QA team; what the files say is shown."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import update

from storage.repositories.sql import untyped
from storage.tables import children
from tests.stories.plots import person_id, there
from tests.stories.world import CardJson, World, buttons, choices, reads, text_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What only reads, or is refused, is the same on both."""

WHY = "I led this team until last month."
DRAW = "Yes, draw another child"
TAKE_OFF = "Yes, take it off them"


async def asked(world: World, said: str, who: str = "amelia", *, reason: str | None = None) -> CardJson:
    """Says it, fills in the form that opens, and sends it; gives the requester's card."""
    chat = world.chat(who)
    form = await chat.says(said)
    filled = {"reason": reason} if reason else {}
    if not reason:  # what the words said is filled in already
        filled = {"reason": next(e["value"] for e in _inputs(form) if e["id"] == "reason")}
    answer = await chat.opens(form, "Send request", explanation=WHY, **filled)
    await world.delivered()
    return answer


def _inputs(card: CardJson) -> list[CardJson]:
    return [element for element in card["body"] if str(element.get("type", "")).startswith("Input.")]


async def the_files_say(world: World, **changes: object) -> None:
    """The children file is imported again with other values for Amelia's child."""
    async with world.store.writing() as uow:
        await uow.transaction.run(
            lambda c: c.execute(untyped(update(children)).where(children.c.child_ref == "C10432"), changes)
        )
        await uow.commit()


async def more_children(world: World) -> None:
    """Two more: one of a team far from Amelia, one of her own."""
    row = "child_in_need,child_in_need,,2026-01-05\n"
    head = "child_ref,team,legal_status,cohorts,social_worker,opened\n"
    path = world.folder / "more-children.csv"
    path.write_text(f"{head}C10800,East Team,{row}C10801,North Team,{row}", encoding="utf-8")
    await world.imported("children", path)


async def test_another_child_is_drawn_for_the_auditor(world: World) -> None:
    amelia, hana, quinn, queenie = await there(world, "amelia", "hana", "quinn", "queenie")
    await more_children(world)
    mine = await asked(world, "A-101 conflict of interest, I need another child")
    assert "The QA team answers it." in text_of(mine)
    # the QA team is asked, the head of service is told
    assert "Because Amelia Adeyemi asks for a change of A-101, your answer is needed." in quinn.told()
    told = hana.told()
    assert "You need do nothing." in told
    assert DRAW not in buttons(hana.card("A-101"))
    amelia.news()
    # when Quinn draws another child
    card = quinn.card("A-101")
    assert "A conflict of interest stands in no file" in text_of(card)
    drawn = await quinn.opens(card, DRAW)
    assert "Another child was drawn for the auditor, who has been told." in text_of(drawn)
    await world.delivered()
    # then Amelia has another child, is told once, and the colleague's card is closed
    assert "C10432" not in await amelia.asks("my audit")
    assert DRAW not in buttons(queenie.card("A-101"))
    assert await world.trail("RQ-1") == ["request.ask", "request.grant"]
    assert await world.trail("A-101") == ["audit.change_child"]
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
    assert audit is not None
    assert audit.child_ref == "C10800", "never a child of the auditor's own team"


@ONE_DATABASE
async def test_where_no_other_child_is_left_nothing_is_decided(world: World) -> None:
    _, _, quinn = await there(world, "amelia", "hana", "quinn")
    await asked(world, "A-101 conflict of interest")
    assert "No other child can be drawn" in await quinn.hears(quinn.card("A-101"), DRAW)
    assert await world.trail("RQ-1") == ["request.ask"]
    assert TAKE_OFF in buttons(quinn.card("A-101"))


async def test_the_child_goes_to_another_auditor(world: World) -> None:
    amelia, _, quinn, queenie = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world, "A-101 conflict of interest")
    amelia.news()
    offered = await quinn.opens(quinn.card("A-101"), TAKE_OFF)
    # Quinn goes on with the child that needs an auditor
    assert "A-101 needs another auditor" in text_of(offered)
    given = await quinn.opens(offered, "Give to this auditor", auditor=str(await person_id(world, "gita")))
    assert "A-101 is with Gita Rao now" in text_of(given)
    await world.delivered()
    told = amelia.told()
    assert "A-101, child C10432, is no longer yours. Nothing is due from you for it." in told
    assert "C10432" not in await amelia.asks("my audit")
    assert "A-101" in queenie.told()
    assert await world.trail("A-101") == ["audit.free", "audit.give"]


async def test_two_of_the_qa_team_decide_at_once(world: World) -> None:
    *_, quinn, queenie = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world, "A-101 conflict of interest")
    answers = await asyncio.gather(
        quinn.press(quinn.card("A-101"), TAKE_OFF),
        queenie.press(queenie.card("A-101"), "Say no, with this reason", note="Please go on."),
    )
    assert sum("Nothing was changed by your press" in reads(answer) for answer in answers) == 1
    trail = await world.trail("RQ-1")
    assert sum(action in ("request.grant", "request.refuse") for action in trail) == 1


async def test_no_with_a_reason(world: World) -> None:
    amelia, _, quinn, _ = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world, "A-101 conflict of interest")
    amelia.news()
    await quinn.opens(quinn.card("A-101"), "Say no, with this reason", note="You left the team in 2019.")
    await world.delivered()
    assert "You left the team in 2019." in amelia.told()
    assert "C10432" in await amelia.asks("my audit")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("reason", "said"),
    [("own_team", "The files confirm it: the auditor is the child's social worker."),
     ("case_closed", "The files confirm it: the case was closed on Tue 10 November 2026.")],
)  # fmt: skip
async def test_what_the_files_confirm_is_said(world: World, reason: str, said: str) -> None:
    *_, quinn = await there(world, "amelia", "hana", "quinn")
    changes: dict[str, object] = {"closed": date(2026, 11, 10)}
    if reason == "own_team":
        changes = {"social_worker_id": await person_id(world, "amelia")}
    await the_files_say(world, **changes)
    await asked(world, "A-101 reallocate", reason=reason)
    assert said in text_of(quinn.card("A-101"))


@ONE_DATABASE
async def test_the_childs_team_became_the_auditors_own(world: World) -> None:
    *_, quinn = await there(world, "amelia", "hana", "quinn")
    await world.people_change({"amelia": {"team": "South Team"}})
    await asked(world, "A-101 is of my own team")
    card = quinn.card("A-101")
    assert "The files confirm it: the child is of the auditor's own team." in text_of(card)
    assert "The child is of my own team or caseload" in text_of(card)


async def test_away_is_given_to_somebody_else_or_better_an_exemption(world: World) -> None:
    amelia, _, quinn, _ = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world, "A-101 reallocate", reason="absence")
    card = quinn.card("A-101")
    assert DRAW not in buttons(card)
    assert TAKE_OFF in buttons(card)
    assert "better served by an exemption" in text_of(card)
    amelia.news()
    await quinn.opens(card, "No, suggest an exemption")
    await world.delivered()
    assert "Please ask for an exemption for the month instead" in amelia.told()
    form = await amelia.opens(amelia.card("said no"), "Ask for an exemption")
    assert "Ask for an exemption" in text_of(form)
    assert choices(form, "month")


async def test_asked_once_withdrawn_and_asked_again(world: World) -> None:
    amelia, _, quinn = await there(world, "amelia", "hana", "quinn")
    mine = await asked(world, "A-101 conflict of interest")
    again = await amelia.says("A-101 conflict of interest")
    assert "You have asked for a change of this audit already" in text_of(again)
    await amelia.opens(mine, "Yes, withdraw it")
    await world.delivered()
    assert TAKE_OFF not in buttons(quinn.card("A-101"))
    await asked(world, "A-101 conflict of interest")
    assert await world.trail("RQ-2") == ["request.ask"]


@ONE_DATABASE
async def test_only_the_qa_team_decides(world: World) -> None:
    _, hana, quinn, ben = await there(world, "amelia", "hana", "quinn", "ben")
    await asked(world, "A-101 conflict of interest")
    for chat in (hana, ben):
        said = await chat.invoke(
            {**quinn.activity_of(quinn.card("A-101"), TAKE_OFF), **chat.place(), "id": f"by-{chat.who.key}"}
        )
        assert "is no longer yours" not in reads(said)
    assert await world.trail("A-101") == []


@ONE_DATABASE
async def test_somebody_of_the_qa_team_does_not_decide_on_their_own(world: World) -> None:
    await world.people_change(
        {"quinn": {"roles": "qa_team;auditor", "team": "East Team", "auditor_from": "2025-01-01"}}
    )
    _, quinn, queenie, _ = await there(world, "amelia", "quinn", "queenie", "hana")
    await asked(world, "A-101 conflict of interest")
    offered = await queenie.opens(queenie.card("A-101"), TAKE_OFF)
    await queenie.opens(offered, "Give to this auditor", auditor=str(await person_id(world, "quinn")))
    await world.delivered()
    await asked(world, "A-101 conflict of interest", "quinn")
    card = queenie.card("your answer is needed")
    said = await quinn.invoke({**queenie.activity_of(card, TAKE_OFF), **quinn.place(), "id": "own"})
    assert "Nobody decides on their own request" in reads(said)
