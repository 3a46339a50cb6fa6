"""A child judged Inadequate is looked at again by somebody of elsewhere, and the result stands beside the first."""

from datetime import date

from sqlalchemy import insert

from domain.kinds import Kind
from storage.tables import actions
from tests.doubles import activities
from tests.stories.acting import all_answered, figure, hands_in, history, managers
from tests.stories.plots import person_id, there
from tests.stories.world import World, buttons, choices, text_of

INADEQUATE = "{},2026-{:02d},core,{},{},2026-{:02d}-20,inadequate"
LIAM = "Liam Grant (West Team)"


def inadequate(ref: str, month: int, child: str, team: str) -> str:
    return INADEQUATE.format(ref, month, child, team, month)


async def test_what_is_due_is_seen_by_those_who_answer_for_it(world: World) -> None:
    await managers(world)
    await history(
        world,
        inadequate("H-1", 9, "C10501", "East Team"),
        inadequate("H-2", 8, "C10432", "South Team"),
        inadequate("H-3", 6, "C10600", "North Team"),
        "H-4,2026-10,core,C10600,North Team,2026-10-20,good",
    )
    quinn, hana, amelia = await there(world, "quinn", "hana", "amelia")
    card = await quinn.says("which kids are due a re-audit")
    said = text_of(card)
    assert "2 children are due another look after an Inadequate, longest waiting first." in said
    assert said.index("C10432") < said.index("C10501")
    assert "C10600" not in said, "a better grade came since"
    assert "Inadequate in H-1 on Sun 20 September 2026. The first re-audit is due." in said
    mine = text_of(await hana.says("re-audits"))
    assert "C10432" in mine
    assert "C10501" not in mine, "East Team is of another service"
    assert "Of your own, none is recorded for November 2026." in await amelia.asks("re-audits")


async def test_given_out_done_and_shown_against_the_first(world: World) -> None:
    await managers(world)
    await history(world, inadequate("H-1", 9, "C10501", "East Team"))
    quinn, liam, sol = await there(world, "quinn", "liam", "sol")
    due = await quinn.says("re-audits")
    form = await quinn.opens(due, "Give out: child C10501")
    assert list(choices(form, "who")) == [LIAM], "Gita is of the child's own team"
    card = await quinn.opens(form, "Give it out", who=choices(form, "who")[LIAM], when="2026-11")
    assert "Liam Grant has the first re-audit now: A-105, due on Mon 30 November 2026." in text_of(card)
    await world.delivered()
    assert "A-105" in liam.told()
    assert "C10501" in sol.told(), "the social worker takes part"

    again = await quinn.opens(due, "Give out: child C10501")
    assert "Nothing was changed" in text_of(again)
    assert "No child is due a re-audit" in text_of(again)
    stale = await quinn.opens(form, "Give it out", who=choices(form, "who")[LIAM], when="2026-11")
    assert "Nothing was changed" in text_of(stale)

    opened = await liam.says("done the re audit on C10501, now RI")
    assert "Return for C10501: what you said" in text_of(opened)
    answers = all_answered(Kind.REAUDIT, "good")
    assert await hands_in(world, "liam", "A-105", answers) == "audit.return"
    said = await quinn.asks("re-audits in november")
    assert "The first re-audit of H-1: improved to Good." in said
    assert "No child is due a re-audit" in await quinn.asks("re-audits")
    row = await figure(world, "reaudits", "2026-11")
    assert (row["allocated"], row["improved"], row["still_inadequate"]) == (1, 1, 0)
    assert await world.trail("A-105") == ["audit.issue", "return.save", "audit.return"]


async def test_still_inadequate_makes_the_second_due(world: World) -> None:
    await managers(world)
    await history(
        world,
        inadequate("H-1", 6, "C10501", "East Team"),
        "H-2,2026-09,reaudit,C10501,East Team,2026-09-20,inadequate,H-1,1",
    )
    (quinn,) = await there(world, "quinn")
    assert "The first re-audit of H-1: still Inadequate." in await quinn.asks("re-audits in september")
    due = await quinn.says("re-audits due")
    assert "The second re-audit is due." in text_of(due)
    form = await quinn.opens(due, "Give out: child C10501")
    assert "It began with H-1. This will be the second re-audit." in text_of(form)
    await quinn.opens(form, "Give it out", who=choices(form, "who")[LIAM], when="2026-11")
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-105")
    assert audit is not None
    assert (audit.reaudit_of, audit.reaudit_number) == ("H-1", 2)
    row = await figure(world, "reaudits", "2026-09")
    assert (row["returned"], row["still_inadequate"], row["first_still_inadequate"]) == (1, 1, 1)


async def test_where_nobody_of_elsewhere_is_there_it_takes_a_reason(world: World) -> None:
    await world.people_change({"gita": {"roles": "service_manager", "auditor_from": ""}})
    await history(world, inadequate("H-1", 9, "C10501", "East Team"))
    (quinn,) = await there(world, "quinn")
    form = await quinn.opens(await quinn.says("re-audits"), "Give out: child C10501")
    assert "Everybody who re-audits answers for this child's team." in text_of(form)
    gita = choices(form, "who")["Gita Rao (East Team)"]
    refused = await quinn.opens(form, "Give it out", who=gita, when="2026-11")
    assert "Say why somebody of the child's own team re-audits" in text_of(refused)
    card = await quinn.opens(refused, "Give it out", who=gita, when="2026-11", reason="Liam is on leave.")
    assert "Gita Rao has the first re-audit now" in text_of(card)


async def test_nobody_does_reaudits_yet(world: World) -> None:
    await history(world, inadequate("H-1", 9, "C10501", "East Team"))
    (quinn,) = await there(world, "quinn")
    form = await quinn.opens(await quinn.says("re-audits"), "Give out: child C10501")
    assert "Nobody on the people file does re-audits." in text_of(form)
    assert buttons(form) == ["Back to the list"]


async def test_a_forged_press_gives_nothing_out(world: World) -> None:
    """What the buttons send, from somebody whose card never had them."""
    await managers(world)
    await history(world, inadequate("H-1", 9, "C10501", "East Team"))
    liam_id = await person_id(world, "liam")
    forged = {
        "reaudit.form": {"ref": "H-1"},
        "reaudit.assign": {"ref": "H-1", "who": str(liam_id), "when": "2026-11"},
        "reaudit.due": {},
        "activity.log_form": {"kind": "observation"},
        "activity.log": {"kind": "observation", "day": "2026-11-11", "about": str(liam_id)},
        "activity.ask": {"kind": "thematic", "when": "2026-11", "who": str(liam_id), "child": "C10432"},
        "activity.none": {"kind": "dip_sample", "month": "2026-11", "because": "x"},
    }
    for key in ("tom", "sol", "helen", "gita"):
        chat = world.chat(key)
        for verb, data in forged.items():
            if (key, verb) in ALLOWED:
                continue
            await chat.invoke(activities.execute(world.connector.url, verb, data, **chat.place()))
    async with world.store.reading() as uow:
        assert await uow.audits.get("A-105") is None
    assert set(await world.trail()) == {"refused.not_allowed"}


ALLOWED = {
    ("tom", "activity.none"),
    ("gita", "activity.none"),
    ("gita", "activity.log_form"),
    ("gita", "activity.log"),
}
"""Dip samples are for managers too, and a service manager observes."""


async def test_a_reaudit_says_which_time_it_is_and_what_became_of_the_first(world: World) -> None:
    await managers(world)
    await history(world, inadequate("H-1", 9, "C10501", "East Team"))
    await _actions_of_h1(world)
    quinn, liam, sol = await there(world, "quinn", "liam", "sol")
    form = await quinn.opens(await quinn.says("re-audits"), "Give out: child C10501")
    await quinn.opens(form, "Give it out", who=choices(form, "who")[LIAM], when="2026-11")
    await world.delivered()
    said = liam.told()
    assert "Which time\nFirst re-audit" in said
    assert "Re-audit of\nH-1 of September 2026: Inadequate" in said
    assert "2 of 3 actions of the first audit are not done yet." in said
    assert "Actions of H-1 (3)" in said
    assert "T-1: Visit weekly: done and verified on Tue 20 October 2026." in said
    assert "T-2: Update the plan: overdue since Wed 30 September 2026." in said
    assert "T-3: Hold a meeting: open, due on Mon 30 November 2026." in said
    # the social worker takes part, and is shown their own part of it
    assert "Actions of H-1" not in sol.told()


async def _actions_of_h1(world: World) -> None:
    """One done and verified, one overdue, one still in time."""
    rows = [
        {"description": "Visit weekly", "due_on": date(2026, 10, 10), "done_on": date(2026, 10, 12),
         "verified_on": date(2026, 10, 20)},
        {"description": "Update the plan", "due_on": date(2026, 9, 30), "done_on": None, "verified_on": None},
        {"description": "Hold a meeting", "due_on": date(2026, 11, 30), "done_on": None, "verified_on": None},
    ]  # fmt: skip
    async with world.store.writing() as uow:
        audit = await uow.audits.get("H-1")
        assert audit is not None
        for number, row in enumerate(rows, start=1):
            known = {
                "ref": f"T-{number}",
                "audit_id": audit.id,
                "number": number,
                "raised_on": date(2026, 9, 20),
            }
            await uow.transaction.run(
                lambda c, values=known | row: c.execute(insert(actions).values(**values))
            )
        await uow.commit()
