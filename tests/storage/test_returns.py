"""What is handed in with an audit and asked about it (both databases)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import Conflict
from domain.kinds import Grade, Kind
from domain.participation import Contribution, Part
from domain.people import Reach
from domain.ports import Action
from domain.requests import Request, RequestState, Wish
from domain.returns import PlannedAction, Return
from domain.templates import Asks, Question, Section, Template
from storage.unit_of_work import SqlStore
from tests.builders import DANA, EAST, NORTH, NOW, PRIYA, QUINN, TODAY, TOM, a_person, an_audit
from tests.storage.council import MEERA, SOUTH, Council, settle, somebody_waits

AUDIT = an_audit(104)
SOUTHERNER = a_person(30, "Sunita Rao", team=SOUTH)


def a_template(label: str = "Grade?") -> Template:
    question = Question(code="grade", label=label, asks=Asks.GRADE)
    section = Section(code="overall", title="Overall", questions=(question,))
    return Template(
        kind=Kind.CORE,
        sections=(section,),
        good_looks_like={Grade.GOOD: "As it should be.", Grade.INADEQUATE: "Harm — done."},
    )


def a_plan(number: int = 1, **changes: Any) -> PlannedAction:
    return replace(PlannedAction(number, f"Action {number}", DANA.id, date(2026, 12, 18)), **changes)


def a_return(*actions: PlannedAction, **changes: Any) -> Return:
    filled = Return(
        AUDIT.id,
        AUDIT.ref,
        a_template(),
        {"grade": "good", "area_planning": "good", "strengths": "Zoë: the plan\nis “good”."},
        actions,
        saved_at=NOW,
    )
    return replace(filled, **changes)


async def saved(store: SqlStore, filled: Return) -> Return:
    async with store.writing() as uow:
        kept = await uow.returns.save(filled)
        await uow.commit()
    return kept


async def put(store: SqlStore, *actions: PlannedAction, day: date = TODAY) -> list[Action]:
    async with store.writing() as uow:
        kept = await uow.actions.put(AUDIT, a_return(*actions), day)
        await uow.commit()
    return kept


async def test_a_return_is_kept_as_it_was_filled_in(store: SqlStore) -> None:
    await settle(store)
    first = await saved(store, a_return(a_plan(1, owner_id=None), a_plan(2)))
    assert first.version == 1
    handed_in = replace(first, answers={"grade": "inadequate"}, actions=(), handed_in_at=NOW)

    second = await saved(store, handed_in)

    assert second == replace(handed_in, version=2)
    async with store.reading() as uow:
        assert await uow.returns.get(AUDIT.id) == second
        assert await uow.returns.get(105) is None


async def test_a_return_keeps_the_template_that_it_was_begun_with(store: SqlStore) -> None:
    await settle(store, Council(audits=[AUDIT, an_audit(105)]))
    await saved(store, a_return())
    await saved(store, a_return(audit_id=105, audit_ref="A-105", template=a_template("How was it?")))
    async with store.reading() as uow:
        old, new = await uow.returns.get(AUDIT.id), await uow.returns.get(105)
    assert old
    assert new
    assert (old.template, new.template) == (a_template(), a_template("How was it?"))


@pytest.mark.fault(19)
async def test_saving_over_a_return_that_one_has_not_seen_is_refused(store: SqlStore) -> None:
    await settle(store)
    first = await saved(store, a_return())
    await saved(store, first)
    for late in (first, a_return()):
        with pytest.raises(Conflict):
            await saved(store, late)


async def test_actions_follow_their_return(store: SqlStore) -> None:
    await settle(store)
    first, second = await put(store, a_plan(1), a_plan(2))
    assert first == Action(
        first.id,
        "T-1",
        "Action 1",
        NOW.date(),
        date(2026, 12, 18),
        AUDIT.id,
        AUDIT.ref,
        1,
        child_ref=AUDIT.child_ref,
        team=AUDIT.team,
        owner_id=DANA.id,
    )
    assert second.ref == "T-2"

    later = date(2026, 11, 25)
    changed = a_plan(2, description="Sharper", owner_id=PRIYA.id, due_on=date(2027, 1, 4))
    kept, added = await put(store, changed, a_plan(3), day=later)

    assert kept == replace(
        second, description="Sharper", owner_id=PRIYA.id, due_on=date(2027, 1, 4), version=2
    )
    assert (added.ref, added.number, added.raised_on) == ("T-3", 3, later)
    again = await put(store, changed, a_plan(3), day=later)
    assert again == [kept, added], "the same once more changes nothing"
    back, *_ = await put(store, a_plan(1), changed, a_plan(3), day=later)
    assert back == replace(first, version=3), "what is back on the return is no longer dropped"
    async with store.reading() as uow:
        assert await uow.actions.of_audit(AUDIT.id) == [back, kept, added]
        assert await uow.actions.of_audit(105) == []


async def test_what_is_done_stays_as_it_was(store: SqlStore) -> None:
    from sqlalchemy import update

    from storage.tables import actions as table

    await settle(store)
    await put(store, a_plan(1), a_plan(2))
    done = update(table).where(table.c.ref == "T-1").values(done_on=NOW.date())
    await store.bulk(lambda c: c.execute(done).close())

    (left,) = await put(store)
    async with store.reading() as uow:
        assert await uow.actions.counts([AUDIT.id, 105]) == {AUDIT.id: (0, 1)}
    (unchanged,) = await put(store, a_plan(1, description="Rewritten"))

    assert (left.ref, left.done_on, left.dropped_on) == ("T-1", NOW.date(), None)
    assert unchanged == left


async def test_returns_handed_in_together_number_their_actions_one_after_the_other(
    store: SqlStore, database_url: str
) -> None:
    other = an_audit(105)
    await settle(store, Council(audits=[AUDIT, other]))

    async def hand_in_too() -> list[Action]:
        async with store.writing() as uow:
            kept = await uow.actions.put(other, a_return(a_plan(1)), TODAY)
            await uow.commit()
        return kept

    async with store.writing() as uow:
        first, second = await uow.actions.put(AUDIT, a_return(a_plan(1), a_plan(2)), TODAY)
        too = asyncio.ensure_future(hand_in_too())
        if database_url.startswith("postgresql"):
            await somebody_waits(uow)
        await uow.commit()

    (third,) = await too
    assert [action.ref for action in (first, second, third)] == ["T-1", "T-2", "T-3"]
    async with store.reading() as uow:
        assert await uow.actions.counts([AUDIT.id, 105]) == {AUDIT.id: (2, 0), 105: (1, 0)}
        assert await uow.actions.counts([]) == {}


async def test_an_audit_without_child_or_team_has_actions_too(store: SqlStore) -> None:
    bare = an_audit(104, child_ref=None, team=None)
    await settle(store, Council(audits=[bare]))
    async with store.writing() as uow:
        (action,) = await uow.actions.put(bare, a_return(a_plan(owner_id=None)), NOW.date())
    assert (action.child_ref, action.team, action.owner_id) == (None, None, None)


def a_request(audit_id: int = AUDIT.id, **changes: Any) -> Request:
    asked = Request(
        0,
        audit_id,
        f"A-{audit_id}",
        Wish.SLIPPAGE,
        TOM.id,
        NOW,
        "A hearing all week.",
        wanted_on=date(2026, 12, 2),
    )
    return replace(asked, **changes)


async def added(store: SqlStore, request: Request) -> Request:
    async with store.writing() as uow:
        kept = await uow.requests.add(request)
        await uow.commit()
    return kept


async def test_one_wish_of_a_kind_is_open_for_an_audit(store: SqlStore) -> None:
    await settle(store)
    slippage = await added(store, a_request())
    assert slippage == a_request(id=slippage.id)
    with pytest.raises(Conflict):
        await added(store, a_request())
    change = await added(store, a_request(wish=Wish.REALLOCATION, reason="own_team", wanted_on=None))

    answered = replace(
        slippage,
        state=RequestState.GRANTED,
        agreed_on=date(2026, 12, 1),
        decided_by_id=DANA.id,
        decided_at=NOW,
        note="A day less.",
    )
    async with store.writing() as uow:
        granted = await uow.requests.save(answered)
        await uow.commit()
    again = await added(store, a_request())

    assert granted == replace(answered, version=2)
    async with store.reading() as uow:
        assert await uow.requests.of_audit(AUDIT.id) == [again, change, granted]
        assert await uow.requests.get(change.id) == change
        assert await uow.requests.get(again.id + 1) is None
    async with store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.requests.save(answered)


async def test_a_second_wish_at_the_same_time_is_refused_and_leaves_the_rest(
    store: SqlStore, database_url: str
) -> None:
    """The refusal leaves the transaction whole: what else it wrote can still be kept."""
    await settle(store)

    async def ask_too() -> str:
        async with store.writing() as uow:
            try:
                await uow.requests.add(a_request())
            except Conflict:
                await uow.requests.add(a_request(wish=Wish.REALLOCATION))
                await uow.commit()
                return "conflict"
        return "asked twice"

    async with store.writing() as uow:
        await uow.requests.add(a_request())
        second = asyncio.ensure_future(ask_too())
        if database_url.startswith("postgresql"):
            await somebody_waits(uow)
        await uow.commit()

    assert await second == "conflict"
    async with store.reading() as uow:
        assert [request.wish for request in await uow.requests.of_audit(AUDIT.id)] == [
            Wish.REALLOCATION,
            Wish.SLIPPAGE,
        ]


async def test_open_wishes_are_those_of_ones_own_services_auditors(store: SqlStore) -> None:
    """By the auditor's team: the audits are all of a child of Eastfield."""
    audits = [
        an_audit(104, auditor_id=TOM.id),
        an_audit(105, auditor_id=SOUTHERNER.id),
        an_audit(106, auditor_id=PRIYA.id),
        an_audit(107, auditor_id=None),
    ]
    await settle(store, Council(audits=audits).with_people(SOUTHERNER))
    late = datetime(2026, 11, 21, tzinfo=UTC)
    toms = await added(store, a_request(104, asked_at=late))
    sunitas = await added(store, a_request(105))
    await added(store, a_request(106, state=RequestState.WITHDRAWN))
    nobodys = await added(store, a_request(107))

    async with store.reading() as uow:
        assert await uow.requests.open_within(None) == [sunitas, nobodys, toms]
        assert await uow.requests.open_within(None, limit=1) == [sunitas]
        assert await uow.requests.open_within(Reach(services=frozenset({"Assessment"}))) == [toms]
        assert await uow.requests.open_within(Reach(services=frozenset({"Safeguarding"}))) == [sunitas]
        assert await uow.requests.open_within(Reach(teams=frozenset({"Northgate"}))) == []
    assert {NORTH.service, EAST.service} == {"Assessment"}


async def test_what_somebody_gave_to_an_audit(store: SqlStore) -> None:
    await settle(store)
    first = Contribution(AUDIT.id, MEERA.id, Part.SOCIAL_WORKER, {"views": "“It went well”"}, NOW)
    other = Contribution(AUDIT.id, QUINN.id, Part.MANAGER)
    async with store.writing() as uow:
        kept = await uow.contributions.save(first)
        kept = await uow.contributions.save(replace(kept, answers={"comment": "Fair."}))
        of_other = await uow.contributions.save(other)
        await uow.commit()

    assert kept == replace(first, answers={"comment": "Fair."}, version=2)
    async with store.reading() as uow:
        assert await uow.contributions.of_audit(AUDIT.id) == [of_other, kept]
        assert await uow.contributions.of_audit(105) == []
    for late in (first, replace(first, version=1)):
        async with store.writing() as uow:
            with pytest.raises(Conflict):
                await uow.contributions.save(late)
