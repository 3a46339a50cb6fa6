"""Draws and the children they are made of (both databases)."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from domain.allocation import Child
from domain.audits import AuditState
from domain.errors import Conflict
from domain.kinds import Kind
from domain.people import Team
from domain.ports import ChildFacts, DrawRecord, Exclusion
from storage.unit_of_work import SqlStore
from tests.builders import EAST, NORTH, NOVEMBER, NOW, QUINN, TOM, an_audit
from tests.storage.council import MEERA, SOUTH, Council, settle, somebody_waits

DRAW = DrawRecord(
    0,
    NOVEMBER,
    Kind.CORE,
    seed="2026-11 core 7f3a",
    options='{"total": 40}',
    exclusions=(Exclusion("C1", "in proceedings; ask the head of service"), Exclusion("C2", "“sibling”")),
    pool=(TOM.id, QUINN.id),
    digest="0123456789abcdef",
    previews=1,
    made_by_id=QUINN.id,
    made_at=NOW,
    theme="Neglect",
)


def a_child(ref: str, *cohorts: str, team: Team = NORTH, **changes: object) -> ChildFacts:
    child = ChildFacts(ref, team, "child_in_care", None, frozenset(cohorts), None, None)
    return replace(child, **changes)


async def saved(store: SqlStore, record: DrawRecord) -> DrawRecord:
    async with store.writing() as uow:
        kept = await uow.draws.save(record)
        await uow.commit()
    return kept


async def test_a_draw_is_kept_with_all_that_it_was_made_of(store: SqlStore) -> None:
    await settle(store)
    first = await saved(store, DRAW)
    assert first == replace(DRAW, id=first.id, version=1)

    second = await saved(store, replace(first, previews=2, digest="fedcba9876543210", exclusions=()))

    async with store.reading() as uow:
        assert await uow.draws.of_month(NOVEMBER, Kind.CORE) == second
        assert await uow.draws.get(first.id) == second
        assert await uow.draws.of_month(NOVEMBER, Kind.THEMATIC) is None
        assert await uow.draws.of_month(NOVEMBER.plus(1), Kind.CORE) is None
        assert await uow.draws.get(first.id + 1) is None
    assert (second.version, second.previews) == (2, 2)


@pytest.mark.fault(19)
async def test_a_preview_over_another_preview_is_refused(store: SqlStore) -> None:
    await settle(store)
    first = await saved(store, DRAW)
    await saved(store, replace(first, previews=2))
    with pytest.raises(Conflict):
        await saved(store, replace(first, previews=2))


async def test_one_draw_of_a_month_and_kind_is_in_the_making(store: SqlStore) -> None:
    await settle(store)
    first = await saved(store, DRAW)
    with pytest.raises(Conflict):
        await saved(store, DRAW)
    other_kind = await saved(store, replace(DRAW, kind=Kind.THEMATIC))

    issued = await saved(store, replace(first, issued_at=NOW, issued_by_id=QUINN.id))
    supplement = await saved(store, replace(DRAW, seed="supplement"))

    async with store.reading() as uow:
        assert await uow.draws.of_month(NOVEMBER, Kind.CORE) == supplement
        assert await uow.draws.get(first.id) == issued
        assert await uow.draws.of_month(NOVEMBER, Kind.THEMATIC) == other_kind


@pytest.mark.fault(20)
async def test_of_two_first_previews_at_once_one_is_kept(store: SqlStore, database_url: str) -> None:
    await settle(store)

    async def preview() -> str:
        try:
            return (await saved(store, replace(DRAW, seed="second"))).seed
        except Conflict:
            return "conflict"

    async with store.writing() as uow:
        kept = await uow.draws.save(DRAW)
        second = asyncio.ensure_future(preview())
        if database_url.startswith("postgresql"):
            await somebody_waits(uow)
        await uow.commit()

    assert await second == "conflict"
    async with store.reading() as uow:
        assert await uow.draws.of_month(NOVEMBER, Kind.CORE) == kept


REFS = ("C20417", "20418", "C20418", "cyp/12A", "CYP/12a", "X9")


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("C20417", "C20417"),
        ("c20417", "C20417"),
        (" 20417 ", "C20417"),
        ("20418", "20418"),
        ("c20418", "C20418"),
        ("cyp/12A", "cyp/12A"),
        ("CYP/12a", "CYP/12a"),
        ("CYP/12A", None),  # two are meant
        ("x9", "X9"),
        ("Cx9", "X9"),
        ("4711", None),
        ("", None),
    ],
)
async def test_a_child_is_found_as_people_type_it(sqlite_url: str, typed: str, ref: str | None) -> None:
    store = SqlStore(sqlite_url)
    await settle(store, Council(audits=[], children=[a_child(one) for one in REFS]))
    async with store.reading() as uow:
        found = await uow.children.get(typed)
    await store.close()
    assert (found.ref if found else None) == ref


async def test_a_childs_file_comes_whole(store: SqlStore) -> None:
    known = a_child(
        "C1",
        "looked_after",
        "missing_episodes",
        team=EAST,
        social_worker_id=MEERA.id,
        opened=date(2024, 3, 1),
        closed=date(2026, 12, 31),
    )
    plain = a_child("c2")
    await settle(store, Council(audits=[], children=[known, plain]))
    async with store.reading() as uow:
        assert await uow.children.get("1") == known
        assert await uow.children.get("C2") == plain
        assert await uow.children.many(["C1", "c2", "C2", "C3"]) == {"C1": known, "c2": plain}
        assert await uow.children.many([]) == {}


async def test_children_of_teams_are_those_whose_case_is_open(store: SqlStore) -> None:
    day = date(2026, 11, 20)
    open_now = a_child("C1", opened=day, closed=date(2026, 11, 21))
    children = [
        a_child("C2", opened=date(2026, 11, 21)),
        a_child("C3", closed=day),
        a_child("C4", team=EAST),
        a_child("C5", team=SOUTH),
        open_now,
    ]
    await settle(store, Council(audits=[], children=children))
    async with store.reading() as uow:
        found = await uow.children.of_team([NORTH.id, EAST.id], day)
        assert [child.ref for child in found] == ["C1", "C4"]
        assert found[0] == open_now
        assert await uow.children.of_team([], day) == []


async def test_who_can_be_drawn_and_why_the_others_cannot(store: SqlStore) -> None:
    issued, freed = AuditState.ISSUED, AuditState.FREED
    year_ago = NOVEMBER.plus(-12)
    audits = [
        an_audit(1, child_ref="RETURNED-1", month=year_ago, state=AuditState.UPLOADED, kind=Kind.THEMATIC),
        an_audit(2, child_ref="LONG-AGO-1", month=year_ago.plus(-1), state=AuditState.RETURNED),
        an_audit(3, child_ref="BEGUN-1", month=NOVEMBER.plus(-1), state=issued),
        an_audit(4, child_ref="FREED-1", state=freed, auditor_id=None),
        an_audit(5, child_ref="OBSERVED-1", state=AuditState.RETURNED, kind=Kind.OBSERVATION),
        an_audit(6, child_ref="TWICE-1", month=year_ago, state=AuditState.RETURNED),
        an_audit(7, child_ref="TWICE-1", state=issued),
        an_audit(8, child_ref="NEVER-BACK-1", month=year_ago.plus(-1), state=issued),
    ]
    children = [
        *(a_child(str(audit.child_ref), "looked_after") for audit in audits),
        a_child("PLAIN-1", "looked_after", "missing_episodes", social_worker_id=MEERA.id),
        a_child("CLOSES-1", "looked_after", closed=NOVEMBER.last),
        a_child("CLOSES-2", "looked_after", closed=NOVEMBER.plus(1).first),
        a_child("NOT-OPEN-1", "looked_after", opened=NOVEMBER.plus(1).first),
        a_child("EXCLUDED-1"),
        a_child("OTHER-1", "care_leavers"),
        a_child("NO-COHORT-1"),
    ]
    await settle(store, Council(audits=audits, children=children))

    async with store.reading() as uow:
        found = await uow.children.eligible(
            NOVEMBER, ["looked_after", "early_help"], 12, ["EXCLUDED-1", "BEGUN-1", "UNKNOWN-1"]
        )
        everybody = await uow.children.eligible(NOVEMBER, [], 12, [])
        last_month = await uow.children.eligible(NOVEMBER, [], 0, [])

    refs = ["CLOSES-2", "FREED-1", "LONG-AGO-1", "NEVER-BACK-1", "OBSERVED-1", "PLAIN-1"]
    assert [child.ref for child in found.children] == refs
    plain = Child("PLAIN-1", NORTH.id, MEERA.id, frozenset({"looked_after", "missing_episodes"}))
    assert found.children[-1] == plain
    assert found.left_out == {"closed": 2, "audited": 2, "in_progress": 1, "excluded": 1, "cohort": 2}
    assert everybody.left_out == {"closed": 2, "audited": 2, "in_progress": 1}
    assert len(everybody.children) == len(children) - 1 - 5
    assert last_month.left_out == {"closed": 2, "in_progress": 2}, "what is begun is not drawn a second time"
