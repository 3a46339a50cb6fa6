"""An approval after issue frees the child, and the QA team finds another auditor (domain, sections 2, 3 and 4)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.audits import Audit, AuditState, Kind, Standing, may_take, standing, working_days_left
from domain.errors import Invalid, NotAllowed, NotFound, OutOfDate
from domain.exemptions import Command, State
from domain.people import Person, Role
from domain.policy import Audits as Rules
from domain.usecases import audits as audit_usecases
from domain.usecases import freeing
from domain.views import MyAudits
from tests.builders import (
    DANA,
    EAST,
    NORTH,
    NOVEMBER,
    PRIYA,
    QUINN,
    RUTH,
    TOM,
    a_person,
    an_audit,
    an_exemption,
)
from tests.unit.domain.council import (
    HETTY,
    NELL,
    NOON,
    QUENTIN,
    WEST,
    WILL,
    Council,
    a_council,
    refusal,
)

FREED = "audit.freed"


async def approved(council: Council, person: Person = TOM) -> None:
    endorsed = await council.does(DANA, Command.ENDORSE, await council.asks(person))
    await council.does(RUTH, Command.APPROVE, endorsed)


async def a_freed_child(**changes: Any) -> tuple[Council, Audit]:
    """Tom's, of Eastfield; Priya is of that team, Nell and Will could take it."""
    council = a_council()
    made = council.audit(**changes)
    await approved(council)
    return council, council.store.data.audits[made.ref]


async def test_the_child_leaves_its_auditor_and_the_qa_team_is_told_once_each() -> None:
    council = a_council()
    made = council.audit()
    endorsed = await council.does(DANA, Command.ENDORSE, await council.asks(TOM))
    commits = len(council.store.commits)
    await council.does(RUTH, Command.APPROVE, endorsed)
    # then in the one commit of the approval the child is free, the trail has both, the QA team is told
    assert len(council.store.commits) == commits + 1
    freed = council.store.data.audits[made.ref]
    assert (freed.state, freed.auditor_id, freed.version) == (AuditState.FREED, None, made.version + 1)
    [entry] = council.trail("audit.free")
    assert (entry.subject, entry.actor_id, entry.facts["auditor"]) == (made.ref, RUTH.id, str(TOM.id))
    assert sorted(council.told(0, FREED)) == [(FREED, QUINN.id), (FREED, QUENTIN.id)]
    # and it waits with them
    view = await freeing.view_freed(council.store, council.actor(QUINN), made.ref, council.now)
    assert TOM.id not in [person.id for person in view.takers]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": AuditState.RETURNED, "returned_on": date(2026, 11, 9)},
        {"state": AuditState.MODERATED},
        {"kind": Kind.THEMATIC},
        {"month": NOVEMBER.plus(1)},
        {"auditor_id": PRIYA.id},
    ],
    ids=str,
)
async def test_only_a_core_audit_still_to_be_returned_is_freed(changes: dict[str, Any]) -> None:
    council = a_council()
    made = council.audit(**changes)
    await approved(council)
    assert council.store.data.audits[made.ref] == made
    assert council.told(0, FREED) == []


@pytest.mark.parametrize("end", [Command.DECLINE, Command.WITHDRAW])
async def test_no_other_end_frees_anything(end: Command) -> None:
    council = a_council()
    made = council.audit()
    asked = await council.asks(TOM)
    await council.does(DANA if end is Command.DECLINE else TOM, end, asked)
    assert council.store.data.audits[made.ref] == made


async def test_a_lapse_frees_nothing() -> None:
    council = a_council()
    made = council.audit()
    await council.asks(TOM)
    council.goes_to(datetime(2026, 12, 1, tzinfo=UTC))
    assert await council.lapses() == 1
    assert council.store.data.audits[made.ref] == made


async def test_the_qa_team_gives_it_to_another_who_is_told() -> None:
    council, freed = await a_freed_child()
    told = council.messages()
    given = await council.gives(QUINN, freed, NELL)
    assert (given.state, given.auditor_id, given.issued_on) == (AuditState.ISSUED, NELL.id, NOON.date())
    assert council.told(told) == [("audit.given", NELL.id)]
    [entry] = council.trail("audit.give")
    assert (entry.actor_id, entry.facts["auditor"]) == (QUINN.id, str(NELL.id))
    view = await freeing.view_freed(council.store, council.actor(QUINN), freed.ref, council.now)
    assert (view.takers, view.given_to) == ([], NELL)


async def test_who_cannot_take_it() -> None:
    council, freed = await a_freed_child()
    council.store.data.social_workers[freed.child_ref or ""] = 60
    council.has(
        a_person(60, "Caseload Holder", team=NORTH),
        a_person(61, "Not Trained", team=NORTH, auditor_from=date(2026, 12, 1)),
        a_person(62, "Has Left", team=NORTH, active_to=date(2026, 11, 10)),
        a_person(63, "No Auditor", Role.MODERATOR, team=NORTH),
        a_person(64, "Is Exempt", team=NORTH),
        a_person(65, "Has One", team=NORTH),
        a_person(66, "Has Returned", team=NORTH),
        a_person(67, "Moderates Now", Role.AUDITOR, Role.MODERATOR, team=NORTH),
    )
    council.stands(an_exemption(50, person_id=64, state=State.APPROVED))
    council.audit(number=201, ref="A-201", auditor_id=65)
    council.audit(number=202, ref="A-202", auditor_id=66, state=AuditState.RETURNED)
    before = council.store.data
    for person in (TOM, PRIYA, *(a_person(number, "X") for number in range(60, 68))):
        refused = await refusal(council.gives(QUINN, freed, person))
        assert isinstance(refused, Invalid), person
        assert (refused.code, refused.facts["field"]) == ("cannot_take", "auditor")
    assert council.store.data is before
    view = await freeing.view_freed(council.store, council.actor(QUINN), freed.ref, council.now)
    assert [person.id for person in view.takers] == [NELL.id, WILL.id]


async def test_somebody_with_a_thematic_audit_or_one_of_another_month_can() -> None:
    council, freed = await a_freed_child()
    council.audit(number=201, ref="A-201", auditor_id=NELL.id, kind=Kind.THEMATIC)
    council.audit(number=202, ref="A-202", auditor_id=NELL.id, month=NOVEMBER.plus(1))
    assert (await council.gives(QUINN, freed, NELL)).auditor_id == NELL.id


async def test_of_two_in_the_qa_team_the_first_counts() -> None:
    for serial in (True, False):
        council, freed = await a_freed_child()
        council.store.serial = serial
        results = await asyncio.gather(
            council.gives(QUINN, freed, NELL), council.gives(QUENTIN, freed, WILL), return_exceptions=True
        )
        assert sorted(type(result).__name__ for result in results) == ["Audit", "OutOfDate"]
        assert len(council.trail("audit.give")) == 1
        assert len(council.told(0, "audit.given")) == 1


async def test_one_auditor_is_not_given_two_children_at_once() -> None:
    # given two children wait, and two of the QA team pick the same auditor
    council, freed = await a_freed_child()
    other = council.audit(number=300, ref="A-300", state=AuditState.FREED, auditor_id=None)
    results = await asyncio.gather(
        council.gives(QUINN, freed, NELL), council.gives(QUENTIN, other, NELL), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Audit", "Invalid"]


async def test_a_stale_card_of_a_child_gives_nothing() -> None:
    council, freed = await a_freed_child()
    stale = replace(freed, version=freed.version - 1)
    assert isinstance(await refusal(council.gives(QUINN, stale, NELL)), OutOfDate)
    assert council.store.data.audits[freed.ref] == freed


@pytest.mark.parametrize("person", [TOM, DANA, RUTH, HETTY, WILL], ids=lambda person: person.name)
async def test_nobody_but_the_qa_team_gives_or_looks(person: Person) -> None:
    council, freed = await a_freed_child()
    assert isinstance(await refusal(council.gives(person, freed, NELL)), NotAllowed)
    attempt = freeing.view_freed(council.store, council.actor(person), freed.ref, council.now)
    assert isinstance(await refusal(attempt), NotAllowed)


async def test_no_such_child() -> None:
    council = a_council()
    assert isinstance(await refusal(council.gives(QUINN, an_audit(999), NELL)), NotFound)


async def test_a_child_freed_again_is_offered_again() -> None:
    council, freed = await a_freed_child()
    await council.gives(QUINN, freed, NELL)
    # when its second auditor is exempted too
    await approved(council, NELL)
    # then the QA team hears of it a second time
    assert len(council.told(0, FREED)) == 4
    assert council.store.data.audits[freed.ref].state is AuditState.FREED


# How an audit stands, and what somebody sees of their own.


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        ((2026, 11), "2026-11-30", Standing.DUE),
        ((2026, 11), "2026-12-01", Standing.OVERDUE),
        ((2026, 11), "2026-12-07", Standing.OVERDUE),  # the fifth working day after
        ((2026, 11), "2026-12-08", Standing.NIL),
        ((2027, 1), "2027-01-31", Standing.DUE),  # a Sunday
        ((2027, 1), "2027-02-05", Standing.OVERDUE),
        ((2027, 1), "2027-02-06", Standing.NIL),  # a Saturday, but the books are closed
        ((2026, 12), "2027-01-08", Standing.OVERDUE),  # New Year's Day and a weekend do not count
        ((2026, 12), "2027-01-09", Standing.NIL),
    ],
)
def test_due_overdue_and_nil(month: tuple[int, int], day: str, expected: Standing) -> None:
    audit = an_audit(month=replace(NOVEMBER, year=month[0], number=month[1]))
    assert standing(audit, date.fromisoformat(day), Rules()) is expected


def test_returned_on_the_last_sunday_is_on_time_and_the_day_after_is_late() -> None:
    january = replace(NOVEMBER, year=2027, number=1)
    for returned, expected in ((31, Standing.RETURNED), (1, Standing.RETURNED_LATE)):
        on = date(2027, 1, 31) if returned == 31 else date(2027, 2, 1)
        audit = an_audit(month=january, state=AuditState.RETURNED, returned_on=on)
        assert standing(audit, date(2027, 3, 1), Rules()) is expected


def test_nobody_audits_a_child_of_their_own_team() -> None:
    assert not may_take(EAST, an_audit(team=EAST))
    assert may_take(WEST, an_audit(team=EAST))
    assert may_take(None, an_audit(team=EAST))
    assert may_take(EAST, an_audit(team=None))


@pytest.mark.parametrize(
    ("day", "left"), [(date(2026, 11, 20), 6), (date(2026, 11, 30), 0), (date(2026, 12, 2), 0)]
)
def test_working_days_left(day: date, left: int) -> None:
    assert working_days_left(NOVEMBER, day) == left


async def test_my_audits_say_what_stands_and_what_counts() -> None:
    council = a_council()
    council.audit()

    async def mine() -> MyAudits:
        return await audit_usecases.my_audits(council.store, council.policy, council.actor(TOM), council.now)

    first = await mine()
    assert [(line.audit.ref, line.standing) for line in first.lines] == [("A-104", Standing.DUE)]
    assert (first.may_request, first.exemption) == (True, None)
    asked = await council.asks(TOM)
    assert (await mine()).may_request is False
    declined = await council.does(DANA, Command.DECLINE, asked)
    after = await mine()
    assert (after.may_request, after.exemption) == (True, declined)
    council.audit(state=AuditState.RETURNED, returned_on=date(2026, 11, 10))
    assert (await mine()).may_request is False
