"""The year's programme: seen by managers, kept by the QA team, and followed by the form of the draw."""

import asyncio

import pytest

from domain.calendar import Month
from domain.errors import Invalid, NotAllowed
from domain.kinds import Kind
from domain.people import Person
from domain.ports import Outcome
from domain.programme import Planned
from domain.usecases import draw_views, programme
from domain.views.pool import ProgrammeView
from tests.builders import DCS, QUINN, a_person
from tests.issuing.council import DECEMBER, HETTY, QUENTIN, Desk
from tests.unit.domain.council import refusal

NEGLECT = Planned(DECEMBER, Kind.THEMATIC, 12, "Neglect", ("looked_after",), "With the partnership")
NOVEMBER = Month(2026, 11)


async def saves(desk: Desk, planned: Planned = NEGLECT, by: Person = QUINN) -> Outcome:
    actor = await desk.actor(by)
    return await programme.save(desk.store, desk.policy, actor, planned, desk.now, desk.once())


async def removes(desk: Desk, version: int, by: Person = QUINN) -> Outcome:
    actor = await desk.actor(by)
    return await programme.remove(desk.store, actor, DECEMBER, Kind.THEMATIC, version, desk.now, desk.once())


async def looks(desk: Desk, by: Person = QUINN) -> ProgrammeView:
    return await programme.view(desk.store, await desk.actor(by), NOVEMBER, desk.now)


async def test_an_entry_is_added_changed_and_taken_off(desk: Desk) -> None:
    await saves(desk)
    await saves(desk, Planned(NOVEMBER, Kind.CORE, 80))
    assert [(p.month, p.kind, p.expected) for p in (await looks(desk)).planned] == [
        (NOVEMBER, Kind.CORE, 80), (DECEMBER, Kind.THEMATIC, 12),
    ]  # fmt: skip
    await saves(desk, Planned(DECEMBER, Kind.THEMATIC, 20, version=1))
    assert [p.expected for p in (await looks(desk)).planned] == [80, 20]
    await removes(desk, 2)
    assert len((await looks(desk)).planned) == 1
    assert [e.action for e in await desk.trail("programme.set", "programme.remove")] == [
        "programme.set", "programme.set", "programme.set", "programme.remove",
    ]  # fmt: skip
    assert "Neglect" in await desk.texts()


async def test_the_form_of_the_draw_begins_with_it(quick_desk: Desk) -> None:
    await saves(quick_desk)
    actor = await quick_desk.actor(QUINN)
    view = await draw_views.form(
        quick_desk.store, quick_desk.policy, actor, DECEMBER, Kind.THEMATIC, quick_desk.now
    )
    assert (view.filled["total"], view.filled["theme"], view.filled["cohorts"]) == (
        "12", "Neglect", "looked_after",
    )  # fmt: skip
    assert view.planned is not None


async def test_what_was_done_stands_beside_what_was_planned(quick_desk: Desk) -> None:
    await saves(quick_desk, Planned(DECEMBER, Kind.CORE, 80))
    await quick_desk.issues(await quick_desk.previews())
    quick_desk.now = quick_desk.now.replace(month=12)
    assert (await looks(quick_desk)).done == {(DECEMBER, Kind.CORE): 6}


async def test_two_change_an_entry_at_once(desk: Desk) -> None:
    results = await asyncio.gather(saves(desk), saves(desk, by=QUENTIN), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Outcome"]
    assert len((await looks(desk)).planned) == 1
    for attempt in (saves(desk), removes(desk, 7)):
        assert (await refusal(attempt)).code == "programme_changed"


@pytest.mark.parametrize(
    ("code", "planned"),
    [
        ("past_month", Planned(Month(2026, 10), Kind.CORE, 80)),
        ("unknown_cohort", Planned(DECEMBER, Kind.CORE, 80, cohorts=("pirates",))),
        ("not_a_number", Planned(DECEMBER, Kind.CORE, 10_001)),
        ("too_long", Planned(DECEMBER, Kind.CORE, 80, "x" * 301)),
        ("too_long", Planned(DECEMBER, Kind.CORE, 80, note="x" * 301)),
    ],
)
async def test_what_cannot_be_planned(quick_desk: Desk, code: str, planned: Planned) -> None:
    refused = await refusal(saves(quick_desk, planned))
    assert isinstance(refused, Invalid)
    assert refused.code == code


@pytest.mark.parametrize("who", [HETTY, DCS, a_person(500, "Manager 00")])
async def test_managers_look_and_change_nothing(quick_desk: Desk, who: Person) -> None:
    await saves(quick_desk)
    view = await looks(quick_desk, who)
    assert (len(view.planned), view.may_change) == (1, False)
    for attempt in (saves(quick_desk, by=who), removes(quick_desk, 1, by=who)):
        assert isinstance(await refusal(attempt), NotAllowed)


async def test_an_auditor_alone_does_not_see_it(quick_desk: Desk) -> None:
    assert isinstance(await refusal(looks(quick_desk, a_person(1000, "Auditor 000"))), NotAllowed)
