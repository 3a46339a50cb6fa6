"""Light rows for the measures (both databases)."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from domain.audits import AuditState, Engagement
from domain.calendar import Month
from domain.exemptions import State
from domain.kinds import Grade, Kind
from domain.people import Reach
from domain.policy import ReasonClass
from domain.ports import AuditFact, DrawRecord, ExemptionFact
from storage import tables
from storage.unit_of_work import SqlStore
from tests.builders import DANA, EAST, NORTH, NOVEMBER, NOW, PRIYA, QUINN, TOM, an_audit, an_exemption
from tests.storage.council import SOUTH, Council, settle

OCTOBER = NOVEMBER.plus(-1)
EVERY_FIELD = an_audit(
    104,
    state=AuditState.LOCKED,
    returned_on=date(2026, 11, 29),
    grade=Grade.GOOD,
    moderator_id=PRIYA.id,
    moderated_grade=Grade.INADEQUATE,
    final_grade=Grade.REQUIRES_IMPROVEMENT,
    meets_standard=True,
    moderated_on=date(2026, 12, 1),
    uploaded_on=date(2026, 12, 4),
    engagement=Engagement(True, False, None, True, False, True),
    concern_category=2,
    reaudit_of="A-12",
    reaudit_number=2,
    earlier_actions_reviewed=False,
)


async def test_an_audit_comes_with_all_that_is_measured(store: SqlStore) -> None:
    bare = an_audit(3, ref="2026/3", month=OCTOBER, kind=Kind.OTHER, team=None, auditor_id=None)
    bare = replace(bare, child_ref=None, legal_status=None, issued_on=None)
    await settle(store, Council(audits=[EVERY_FIELD, bare, an_audit(105, month=NOVEMBER.plus(1))]))

    async with store.reading() as uow:
        facts = await uow.facts.audits(OCTOBER, NOVEMBER)

    first = AuditFact(
        OCTOBER, Kind.OTHER, AuditState.ISSUED, None, None, None, None, None, None, None, None, None, False,
        None, Engagement(), None, None, None, "2026/3",
    )  # fmt: skip
    second = AuditFact(
        month=NOVEMBER,
        kind=Kind.CORE,
        state=AuditState.LOCKED,
        auditor_id=TOM.id,
        team=EAST,
        legal_status="child_in_need",
        issued_on=date(2026, 11, 2),
        returned_on=date(2026, 11, 29),
        grade=Grade.GOOD,
        moderated_grade=Grade.INADEQUATE,
        final_grade=Grade.REQUIRES_IMPROVEMENT,
        meets_standard=True,
        moderated=True,
        uploaded_on=date(2026, 12, 4),
        engagement=Engagement(True, False, None, True, False, True),
        concern_category=2,
        reaudit_number=2,
        earlier_actions_reviewed=False,
        ref="A-104",
    )
    assert facts == [first, second]


@pytest.mark.parametrize(
    ("changes", "moderated"),
    [
        ({"state": AuditState.RETURNED, "moderator_id": PRIYA.id}, False),
        ({"state": AuditState.SENT_BACK, "moderator_id": PRIYA.id, "meets_standard": False}, False),
        ({"state": AuditState.UPLOADED}, False),
        ({"state": AuditState.UPLOADED, "moderated_grade": Grade.GOOD}, True),
        ({"state": AuditState.UPLOADED, "moderated_on": date(2026, 12, 1)}, True),
        ({"state": AuditState.DISPUTED}, True),
    ],
    ids=str,
)
async def test_what_counts_as_moderated(sqlite_url: str, changes: dict[str, Any], moderated: bool) -> None:
    store = SqlStore(sqlite_url)
    await settle(store, Council(audits=[an_audit(**changes)]))
    async with store.reading() as uow:
        (fact,) = await uow.facts.audits(NOVEMBER, NOVEMBER)
    await store.close()
    assert fact.moderated is moderated


async def test_facts_keep_to_the_reach(store: SqlStore) -> None:
    audits = [
        an_audit(1, team=NORTH),
        an_audit(2, team=SOUTH),
        an_audit(3, team=None, child_ref=None),
        an_audit(4, team=EAST),
    ]
    await settle(store, Council(audits=audits))
    reaches = {
        Reach(): [],
        Reach(teams=frozenset({"Northgate"})): ["A-1"],
        Reach(services=frozenset({"Assessment"})): ["A-1", "A-4"],
        Reach(teams=frozenset({"Northgate"}), services=frozenset({"Safeguarding"})): ["A-1", "A-2"],
        Reach(directorates=frozenset({"Operations"})): ["A-1", "A-2", "A-4"],
    }
    async with store.reading() as uow:
        for reach, refs in reaches.items():
            assert [fact.ref for fact in await uow.facts.audits(NOVEMBER, NOVEMBER, reach)] == refs, reach
        assert len(await uow.facts.audits(NOVEMBER, NOVEMBER)) == 4


async def test_decided_exemptions_with_their_class(store: SqlStore) -> None:
    await settle(store)
    leave: dict[str, Any] = {"reason": "maternity", "reason_class": ReasonClass.NON_OPERATIONAL}
    async with store.writing() as uow:
        for exemption in (
            an_exemption(person_id=TOM.id, state=State.APPROVED, after_issue=True),
            an_exemption(person_id=PRIYA.id, state=State.DECLINED, **leave),
            an_exemption(person_id=DANA.id, state=State.APPROVED, month=OCTOBER, **leave),
            an_exemption(person_id=QUINN.id, state=State.APPROVED, month=NOVEMBER.plus(1)),
            an_exemption(person_id=QUINN.id),
        ):
            await uow.exemptions.add(exemption)
        await uow.commit()

    async with store.reading() as uow:
        everything = await uow.facts.exemptions(OCTOBER, NOVEMBER)
        of_east = await uow.facts.exemptions(OCTOBER, NOVEMBER, Reach(teams=frozenset({"Eastfield"})))
        of_nothing = await uow.facts.exemptions(OCTOBER, NOVEMBER, Reach())
        of_north = await uow.facts.exemptions(OCTOBER, NOVEMBER, Reach(teams=frozenset({"Northgate"})))

    danas = ExemptionFact(OCTOBER, DANA.id, NORTH, "maternity", False, True, False)
    toms = ExemptionFact(NOVEMBER, TOM.id, NORTH, "statutory_work", True, True, True)
    priyas = ExemptionFact(NOVEMBER, PRIYA.id, EAST, "maternity", False, False, False)
    assert everything == [danas, toms, priyas]
    assert of_east == [priyas]
    assert of_nothing == []
    assert of_north == [toms], "a manager's team is not whoever leads it from above"


async def test_the_pools_that_draws_were_issued_for(store: SqlStore) -> None:
    await settle(store)
    draw = DrawRecord(0, NOVEMBER, Kind.CORE, "seed", "{}", pool=(TOM.id, PRIYA.id), issued_at=NOW)
    async with store.writing() as uow:
        for record in (
            draw,
            replace(draw, pool=(QUINN.id,)),
            replace(draw, month=OCTOBER, issued_at=None),
            replace(draw, month=OCTOBER, kind=Kind.THEMATIC),
            replace(draw, month=NOVEMBER.plus(1)),
        ):
            await uow.draws.save(record)
        await uow.commit()
    async with store.reading() as uow:
        pools = await uow.facts.pools(OCTOBER, NOVEMBER)
    assert pools == {NOVEMBER: frozenset({TOM.id, PRIYA.id, QUINN.id})}


def _history(connection: Connection) -> None:
    rows = [
        {
            "ref": f"H-{number}",
            "month": Month(2026, 1 + number % 12),
            "kind": "core",
            "state": "uploaded",
            "grade": "good",
        }
        for number in range(3_500)
    ]
    connection.execute(insert(tables.audits), rows)


async def test_a_long_history_is_read_without_holding_the_loop(store: SqlStore) -> None:
    await store.bulk(_history)
    turns: list[int] = []

    async def others() -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    beside = asyncio.ensure_future(others())
    async with store.reading() as uow:
        facts = await uow.facts.audits(Month(2026, 1), Month(2026, 12))
    beside.cancel()

    assert len(facts) == 3_500
    assert len({fact.ref for fact in facts}) == 3_500
    assert [fact.month for fact in facts] == sorted(fact.month for fact in facts)
    assert len(turns) > 3
