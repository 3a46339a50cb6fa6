"""The database's answer to "who is due a re-audit" is the rule's (both databases)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from domain.audits import Audit, AuditState
from domain.kinds import Grade, Kind
from domain.people import Reach
from domain.reaudits import due
from storage.unit_of_work import SqlStore
from tests.builders import EAST, NORTH, NOVEMBER, an_audit
from tests.storage.council import SOUTH, Council, settle

GRADED_KINDS = [Kind.CORE, Kind.REAUDIT, Kind.THEMATIC]
TEAMS = (NORTH, EAST, SOUTH, None)
GRADES = (None, Grade.INADEQUATE, Grade.INADEQUATE, Grade.INADEQUATE, Grade.GOOD, Grade.NOT_GRADED)


def a_history(seed: int) -> list[Audit]:
    """Few children and few days, so that ties, open re-audits and grades of every step meet."""
    chance = Random(seed)
    return [_some_audit(chance, number) for number in range(1, 61)]


def _some_audit(chance: Random, number: int) -> Audit:
    month = NOVEMBER.plus(-chance.randrange(4))
    audit = an_audit(
        number,
        ref=chance.choice((f"A-{number}", f"H-{number}")),
        month=month,
        kind=chance.choice((*GRADED_KINDS, Kind.DIP_SAMPLE)),
        state=chance.choice((*[AuditState.RETURNED] * 6, AuditState.ISSUED, AuditState.FREED)),
        child_ref=chance.choice((None, *(f"C{child}" for child in range(25)))),
        team=chance.choice(TEAMS),
        auditor_id=None,
    )
    return replace(
        audit,
        returned_on=chance.choice((None, month.first, date(month.year, month.number, 15))),
        grade=chance.choice(GRADES),
        moderated_grade=chance.choice((None, None, chance.choice(GRADES))),
        final_grade=chance.choice((None, None, None, chance.choice(GRADES))),
    )


def as_ruled(audits: Sequence[Audit], within: Reach | None) -> list[str]:
    """What `domain.reaudits` says of the same audits."""
    looked_at = [audit for audit in audits if audit.kind in GRADED_KINDS]
    return [one.audit.ref for one in due(looked_at) if within is None or _reached(one.audit, within)]


def _reached(audit: Audit, within: Reach) -> bool:
    return audit.team is not None and (
        audit.team.name in within.teams
        or audit.team.service in within.services
        or audit.team.directorate in within.directorates
    )


REACHES = [
    None,
    Reach(),
    Reach(teams=frozenset({EAST.name})),
    Reach(teams=frozenset({EAST.name}), services=frozenset({SOUTH.service})),
    Reach(directorates=frozenset({NORTH.directorate})),
]


@pytest.mark.parametrize("seed", range(4))
async def test_the_database_answers_as_the_rule_does(store: SqlStore, seed: int) -> None:
    audits = a_history(seed)
    await settle(store, Council(audits=audits))

    async with store.reading() as uow:
        for within in REACHES:
            found, total = await uow.cycle.reaudits_due(GRADED_KINDS, within)
            wanted = as_ruled(audits, within)
            assert [audit.ref for audit in found] == wanted
            assert total == len(wanted)

    assert as_ruled(audits, None), "a history in which nobody is due would show nothing"


async def test_the_list_comes_by_pages_whose_count_is_of_all(store: SqlStore) -> None:
    audits = [
        replace(an_audit(n, child_ref=f"C{n}", state=AuditState.RETURNED), grade=Grade.INADEQUATE)
        for n in range(1, 8)
    ]
    await settle(store, Council(audits=audits))

    async with store.reading() as uow:
        first, of_first = await uow.cycle.reaudits_due(GRADED_KINDS, None, limit=3)
        last, of_last = await uow.cycle.reaudits_due(GRADED_KINDS, None, limit=3, offset=6)
        beyond, of_beyond = await uow.cycle.reaudits_due(GRADED_KINDS, None, limit=3, offset=9)

    assert [audit.ref for audit in first] == ["A-1", "A-2", "A-3"]
    assert [audit.ref for audit in last] == ["A-7"]
    assert (beyond, of_first, of_last, of_beyond) == ([], 7, 7, 7)


async def test_the_list_takes_in_what_happens_to_a_child(store: SqlStore) -> None:
    """An open re-audit ends it, and a better grade; a worse one that counts instead begins it again."""
    inadequate = replace(an_audit(1, state=AuditState.RETURNED, child_ref="C1"), grade=Grade.INADEQUATE)
    reaudit = an_audit(2, kind=Kind.REAUDIT, child_ref="C1", reaudit_of="A-1", reaudit_number=1)
    await settle(store, Council(audits=[inadequate, reaudit]))

    assert await _due_now(store) == []
    await _changes(store, "A-2", state=AuditState.RETURNED, grade=Grade.GOOD, returned_on=NOVEMBER.last)
    assert await _due_now(store) == []
    await _changes(store, "A-2", moderated_grade=Grade.INADEQUATE)
    assert await _due_now(store) == ["A-2"]
    await _changes(store, "A-2", final_grade=Grade.REQUIRES_IMPROVEMENT)
    assert await _due_now(store) == []


async def _due_now(store: SqlStore) -> list[str]:
    async with store.reading() as uow:
        found, _ = await uow.cycle.reaudits_due(GRADED_KINDS, None)
    return [audit.ref for audit in found]


async def _changes(store: SqlStore, ref: str, **changes: object) -> None:
    async with store.writing() as uow:
        audit = await uow.audits.get(ref)
        assert audit is not None
        await uow.audits.save(replace(audit, **changes))  # type: ignore[arg-type]
        await uow.commit()
