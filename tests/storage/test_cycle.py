"""The whole cycle's audits: found, issued, moved on (both databases)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from domain.audits import Audit, AuditState
from domain.cycle import Command, apply
from domain.errors import Conflict
from domain.kinds import Grade, Kind
from domain.people import Reach
from domain.ports import AuditFilter, AuditStep, CycleStore, DrawRecord, NewAudit, Store
from storage.unit_of_work import SqlStore
from tests.builders import DANA, EAST, NORTH, NOVEMBER, NOW, PRIYA, QUINN, SAM, TOM, an_audit
from tests.storage.council import MEERA, SOUTH, Council, settle, somebody_waits

OCTOBER = NOVEMBER.plus(-1)


async def found(store: SqlStore, wanted: AuditFilter, **page: Any) -> tuple[list[str], int]:
    async with store.reading() as uow:
        audits, count = await uow.cycle.find(wanted, **page)
    return [audit.ref for audit in audits], count


def a_new(number: int = 1, **changes: Any) -> NewAudit:
    new = NewAudit(NOVEMBER, Kind.CORE, TOM.id, NOW.date(), team_id=EAST.id, legal_status="child_in_need")
    return replace(new, **changes)


async def issued(store: SqlStore, new: Sequence[NewAudit]) -> list[Audit]:
    async with store.writing() as uow:
        audits = await uow.cycle.issue(new, QUINN.id, NOW)
        await uow.commit()
    return audits


def test_one_store_answers_the_small_and_the_whole_cycle(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url)
    for_exemptions: Store = store
    for_the_cycle: CycleStore = store
    assert for_exemptions is for_the_cycle


async def test_long_work_runs_beside_the_loop(store: SqlStore) -> None:
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def draw() -> int:
        loop.call_soon_threadsafe(began.set)
        return 42

    drawing = asyncio.ensure_future(store.aside(draw))
    await began.wait()
    assert await drawing == 42


MINE = an_audit(104)
RETURNED = an_audit(
    105,
    auditor_id=PRIYA.id,
    team=NORTH,
    state=AuditState.RETURNED,
    grade=Grade.GOOD,
    moderated_grade=Grade.INADEQUATE,
    moderator_id=TOM.id,
)
OLD = an_audit(3, month=OCTOBER, kind=Kind.THEMATIC, auditor_id=SAM.id, grade=Grade.INADEQUATE, team=SOUTH)
IMPORTED = an_audit(90, ref="2026/14", team=None, child_ref=None, auditor_id=None, state=AuditState.UPLOADED)
OBSERVED = an_audit(120, kind=Kind.OBSERVATION, about_id=TOM.id, child_ref=None, auditor_id=DANA.id)
SOME = Council(
    audits=[IMPORTED, RETURNED, OBSERVED, MINE, OLD], social_workers={str(MINE.child_ref): MEERA.id}
)


FOUND: Sequence[tuple[AuditFilter, list[str]]] = [
    (AuditFilter(), ["A-3", "A-104", "A-105", "A-120", "2026/14"]),
    (AuditFilter(months=(NOVEMBER, NOVEMBER)), ["A-104", "A-105", "A-120", "2026/14"]),
    (AuditFilter(months=(OCTOBER, NOVEMBER), kinds=[Kind.THEMATIC, Kind.OBSERVATION]), ["A-3", "A-120"]),
    (AuditFilter(months=(NOVEMBER.plus(1), NOVEMBER.plus(3))), []),
    (AuditFilter(states=[AuditState.RETURNED, AuditState.UPLOADED]), ["A-105", "2026/14"]),
    (AuditFilter(states=[]), []),
    (AuditFilter(auditor_id=PRIYA.id), ["A-105"]),
    (AuditFilter(moderator_id=TOM.id), ["A-105"]),
    (AuditFilter(moderator_named=True), ["A-105"]),
    (
        AuditFilter(moderator_named=False, months=(NOVEMBER, NOVEMBER)),
        ["A-104", "A-120", "2026/14"],
    ),
    (AuditFilter(child_ref=MINE.child_ref), ["A-104"]),
    (AuditFilter(child_refs=[str(MINE.child_ref), str(OLD.child_ref), "C0"]), ["A-3", "A-104"]),
    (AuditFilter(child_refs=[]), []),
    (AuditFilter(team_ids=[NORTH.id, SOUTH.id]), ["A-3", "A-105"]),
    (AuditFilter(about_id=TOM.id), ["A-120"]),
    (AuditFilter(social_worker_id=MEERA.id), ["A-104"]),
    (AuditFilter(counted_grades=[Grade.INADEQUATE]), ["A-3", "A-105"]),
    (AuditFilter(counted_grades=[Grade.GOOD]), []),
    (AuditFilter(within=Reach(teams=frozenset({"Northgate"}))), ["A-105"]),
    (AuditFilter(within=Reach(services=frozenset({"Assessment"}))), ["A-104", "A-105", "A-120"]),
    (
        AuditFilter(within=Reach(services=frozenset({"Safeguarding"})), states=[AuditState.ISSUED]),
        ["A-3"],
    ),
    (AuditFilter(within=Reach(directorates=frozenset({"Operations"}))), ["A-3", "A-104", "A-105", "A-120"]),
    (AuditFilter(within=Reach()), []),
    (AuditFilter(within=Reach(), or_owner=TOM.id), ["A-104", "A-105"]),
    (AuditFilter(within=Reach(teams=frozenset({"Southmead"})), or_owner=DANA.id), ["A-3", "A-120"]),
]


async def test_audits_are_found_by_any_conditions(store: SqlStore) -> None:
    await settle(store, SOME)
    for wanted, refs in FOUND:
        assert await found(store, wanted) == (refs, len(refs)), wanted


async def test_a_page_says_how_many_there_are_and_newest_may_come_first(store: SqlStore) -> None:
    await settle(store, SOME)
    assert await found(store, AuditFilter(), limit=2) == (["A-3", "A-104"], 5)
    assert await found(store, AuditFilter(), limit=2, offset=3) == (["A-120", "2026/14"], 5)
    assert await found(store, AuditFilter(), offset=9) == ([], 5)
    newest = ["A-120", "A-105", "A-104", "2026/14", "A-3"]
    assert await found(store, AuditFilter(), newest_first=True) == (newest, 5)
    within = AuditFilter(within=Reach(services=frozenset({"Assessment"})))
    assert await found(store, within, limit=1) == (["A-104"], 3)


async def test_a_found_audit_is_whole(store: SqlStore) -> None:
    await settle(store, SOME)
    async with store.reading() as uow:
        assert await uow.cycle.find(AuditFilter(auditor_id=PRIYA.id)) == ([RETURNED], 1)


async def test_issuing_numbers_in_order_and_begins_each_history(store: SqlStore) -> None:
    await settle(store, Council(audits=[an_audit(104), an_audit(7, ref="A-007"), an_audit(9, ref="2026/9")]))
    new = [
        a_new(child_ref=an_audit(104).child_ref, reaudit_of="A-104", reaudit_number=1, kind=Kind.REAUDIT),
        a_new(auditor_id=PRIYA.id, about_id=TOM.id, theme="Supervision", team_id=None),
    ]

    first, second = await issued(store, new)

    assert (first.ref, second.ref) == ("A-105", "A-106")
    assert first == Audit(
        first.id,
        "A-105",
        NOVEMBER,
        Kind.REAUDIT,
        AuditState.ISSUED,
        child_ref=an_audit(104).child_ref,
        team=EAST,
        legal_status="child_in_need",
        auditor_id=TOM.id,
        issued_on=NOW.date(),
        reaudit_of="A-104",
        reaudit_number=1,
    )
    assert (second.about_id, second.theme, second.team) == (TOM.id, "Supervision", None)
    async with store.reading() as uow:
        assert await uow.audits.get("A-105") == first
        assert await uow.cycle.history(second.id) == [AuditStep(NOW, "issue", QUINN.id, None, "", {})]
        assert await uow.cycle.reaudits_of("A-104") == [first]
        assert await uow.cycle.reaudits_of("A-105") == []
    assert await issued(store, []) == []


async def test_a_first_audit_is_number_one(store: SqlStore) -> None:
    await settle(store, Council(audits=[]))
    assert [audit.ref for audit in await issued(store, [a_new()])] == ["A-1"]


@pytest.mark.fault(20)
async def test_who_issues_at_the_same_time_waits_and_goes_on_counting(
    store: SqlStore, database_url: str
) -> None:
    await settle(store, Council(audits=[]))

    async with store.writing() as uow:
        (first,) = await uow.cycle.issue([a_new()], QUINN.id, NOW)
        others = [asyncio.ensure_future(issued(store, [a_new()])) for _ in range(5)]
        if database_url.startswith("postgresql"):
            await somebody_waits(uow)
        await uow.commit()

    refs = sorted(audit.ref for new in await asyncio.gather(*others) for audit in new)
    assert [first.ref, *refs] == ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]


async def test_a_number_that_is_given_up_is_given_to_the_next(store: SqlStore) -> None:
    await settle(store, Council(audits=[]))
    async with store.writing() as uow:
        await uow.cycle.issue([a_new()], QUINN.id, NOW)
    assert [audit.ref for audit in await issued(store, [a_new()])] == ["A-1"]


async def test_a_whole_months_issue_leaves_the_loop_free(store: SqlStore) -> None:
    """500 audits in one transaction: others are answered while it goes on, and leaving without commit leaves none."""
    await settle(store, Council(audits=[]))
    turns = 0
    working = True

    async def others() -> None:
        nonlocal turns
        while working:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.ensure_future(others())
    await asyncio.sleep(0)
    async with store.writing() as uow:
        before = turns
        audits = await uow.cycle.issue([a_new() for _ in range(500)], QUINN.id, NOW)
        assert turns > before
    working = False
    await beside

    assert [audits[0].ref, audits[-1].ref] == ["A-1", "A-500"]
    assert await found(store, AuditFilter()) == ([], 0)


async def test_moving_on_writes_the_next_version_and_a_line(store: SqlStore) -> None:
    await settle(store)
    done = apply(an_audit(), Command.RETURN, now=NOW, by=TOM.id, note=" Done \n", grade=Grade.GOOD)

    async with store.writing() as uow:
        saved = await uow.cycle.save(done)
        await uow.commit()

    assert saved == replace(done.audit, version=2)
    async with store.reading() as uow:
        assert await uow.audits.get("A-104") == saved
        (line,) = await uow.cycle.history(saved.id)
    facts = {"state": "issued>returned", "grade": ">good"}
    assert line == AuditStep(NOW, "return", TOM.id, None, "Done", facts)


@pytest.mark.fault(19)
async def test_moving_on_from_a_version_that_one_has_not_seen_is_refused(store: SqlStore) -> None:
    await settle(store)
    done = apply(an_audit(), Command.RETURN, now=NOW, by=TOM.id, grade=Grade.GOOD)
    async with store.writing() as uow:
        await uow.cycle.save(done)
        await uow.commit()

    async with store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.cycle.save(done)

    async with store.reading() as uow:
        assert len(await uow.cycle.history(104)) == 1


async def test_practice_areas_are_kept_and_replaced(store: SqlStore) -> None:
    await settle(store, Council(audits=[an_audit(104), an_audit(105)]))
    async with store.writing() as uow:
        await uow.cycle.save_areas(104, {"planning": Grade.GOOD, "review": Grade.INADEQUATE})
        await uow.cycle.save_areas(105, {"planning": Grade.OUTSTANDING})
        await uow.cycle.save_areas(104, {"planning": Grade.GOOD})
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.cycle.areas([104, 105, 106]) == {
            104: {"planning": Grade.GOOD},
            105: {"planning": Grade.OUTSTANDING},
        }
        assert await uow.cycle.areas([]) == {}


async def test_nobody_has_two_core_audits_of_one_draw(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        draw = await uow.draws.save(DrawRecord(0, NOVEMBER, Kind.CORE, "seed", "{}", issued_at=NOW))
        await uow.commit()
    second, other = await issued(
        store, [a_new(draw_id=draw.id, auditor_id=who) for who in (PRIYA.id, SAM.id)]
    )
    # given Priya's child was taken off her
    async with store.writing() as uow:
        free = await uow.cycle.save(apply(second, Command.FREE, now=NOW, by=QUINN.id))
        await uow.commit()
    # then it is not given to somebody who has one, whoever was quicker
    given = apply(free, Command.GIVE, now=NOW, by=QUINN.id, auditor_id=other.auditor_id)
    async with store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.cycle.save(given)
    assert await found(store, AuditFilter(auditor_id=SAM.id)) == ([other.ref], 1)
