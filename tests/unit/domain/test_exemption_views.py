"""What somebody is shown: only what is theirs to see, whatever they ask for (section 7, invariant I6)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.audits import AuditState
from domain.calendar import Month
from domain.errors import NotAllowed, NotFound
from domain.exemptions import Command, Exemption, State
from domain.people import Person
from domain.ports import ExemptionFilter
from domain.usecases import audits, exemption_views
from domain.views import Waiting
from tests.builders import DANA, DCS, NOVEMBER, PRIYA, QUINN, RUTH, TOM, a_person, an_exemption
from tests.unit.domain.council import (
    GITA,
    HARRY,
    HETTY,
    LEE,
    MO,
    NELL,
    NOON,
    OLU,
    SKY,
    SOUTH,
    WILL,
    Council,
    a_council,
    refusal,
)

SUE = a_person(50, "Sue South", team=SOUTH)


async def a_busy_council() -> Council:
    """E-1 Tom (Northgate), E-2 Priya (Eastfield), E-3 Will (Westbrook), E-4 Sue (another directorate)."""
    council = a_council()
    council.has(SUE)
    for person in (TOM, PRIYA, WILL, SUE):
        await council.asks(person)
    return council


async def lists(council: Council, person: Person, wanted: ExemptionFilter | None = None) -> list[str]:
    found = await exemption_views.listing(
        council.store, council.actor(person), council.now, wanted or ExemptionFilter()
    )
    return [line.exemption.ref for line in found.lines]


async def waits(council: Council, person: Person, offset: int = 0) -> Waiting:
    return await exemption_views.waiting(council.store, council.actor(person), council.now, offset)


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (TOM, "E-1"),
        (NELL, ""),
        (SKY, ""),
        (MO, "E-1"),
        (DANA, "E-1 E-2"),
        (HARRY, "E-3"),
        (GITA, "E-4"),
        (RUTH, "E-1 E-2 E-3"),
        (OLU, "E-4"),
        (DCS, "E-1 E-2 E-3 E-4"),
        (QUINN, "E-1 E-2 E-3 E-4"),
        (HETTY, "E-1 E-2 E-3 E-4"),
    ],
    ids=lambda value: value.name if isinstance(value, Person) else "",
)
async def test_a_list_holds_what_the_role_reaches(person: Person, sees: str) -> None:
    council = await a_busy_council()
    assert await lists(council, person) == sees.split()
    # and what is listed can be opened, what is not cannot
    for ref in ("E-1", "E-2", "E-3", "E-4"):
        attempt = exemption_views.view(council.store, council.policy, council.actor(person), ref, council.now)
        if ref in sees.split():
            assert (await attempt).exemption.ref == ref
        else:
            assert isinstance(await refusal(attempt), NotAllowed)


async def test_a_filter_narrows_and_never_widens() -> None:
    council = await a_busy_council()
    await council.does(DANA, Command.DECLINE, council.exemption("E-1"))
    wanted = ExemptionFilter(open_only=True, month=NOVEMBER)
    assert await lists(council, DANA, wanted) == ["E-2"]
    assert await lists(council, TOM, ExemptionFilter(person_id=PRIYA.id)) == []
    assert await lists(council, HARRY, ExemptionFilter(requested_by=TOM.id)) == []


async def test_who_has_left_is_shown_nothing_not_even_their_own() -> None:
    council = await a_busy_council()
    for person in (TOM, DANA, QUINN):
        council.changes(person, active_to=date(2026, 11, 10))
    council.audit()
    for person in (TOM, DANA, QUINN, LEE):
        actor, policy = council.actor(person), council.policy
        attempts = (
            lists(council, person),
            waits(council, person),
            exemption_views.form(council.store, policy, actor, NOON, {}),
            audits.my_audits(council.store, policy, actor, NOON),
            exemption_views.view(council.store, policy, actor, "E-1", NOON),
        )
        assert {type(await refusal(attempt)) for attempt in attempts} == {NotAllowed}


@pytest.mark.parametrize("ref", ["E-9", "9", "E-", "", "A-1", "E-1;drop", "E-²", "E-99999999999", "e-x"])
async def test_a_reference_that_is_none(ref: str) -> None:
    council = await a_busy_council()
    attempt = exemption_views.view(council.store, council.policy, council.actor(QUINN), ref, NOON)
    assert isinstance(await refusal(attempt), NotFound)


async def test_references_are_read_as_people_write_them() -> None:
    council = await a_busy_council()
    for ref in ("E-1", "e-1", " E-1 ", "1"):
        seen = await exemption_views.view(
            council.store, council.policy, council.actor(QUINN), ref, council.now
        )
        assert seen.exemption.ref == "E-1"


async def test_what_waits_for_an_approver_and_their_deputy() -> None:
    council = await a_busy_council()
    council.deputy(DANA, HARRY)
    # then Dana has her two, Harry his own and hers, with her name on them
    assert [line.exemption.ref for line in (await waits(council, DANA)).lines] == ["E-1", "E-2"]
    his = await waits(council, HARRY)
    assert [(line.exemption.ref, line.acting_for) for line in his.lines] == [
        ("E-1", DANA),
        ("E-2", DANA),
        ("E-3", None),
    ]
    # and nobody else has anything
    for person in (TOM, RUTH, DCS, QUINN):
        assert (await waits(council, person)).lines == []


async def test_a_deputy_is_not_shown_their_own_request_to_decide() -> None:
    council = a_council()
    council.deputy(DANA, TOM)
    await council.asks(TOM)
    await council.asks(NELL)
    assert [line.exemption.ref for line in (await waits(council, TOM)).lines] == ["E-2"]


async def test_what_was_asked_back_waits_for_who_asked() -> None:
    council = a_council()
    asked = await council.does(DANA, Command.ASK_BACK, await council.asks(TOM))
    assert [line.exemption for line in (await waits(council, TOM)).asked_back] == [asked]
    assert (await waits(council, DANA)).lines == []


async def test_freed_children_wait_for_the_qa_team_alone() -> None:
    council = a_council()
    council.audit(state=AuditState.FREED, auditor_id=None)
    assert [audit.ref for audit in (await waits(council, QUINN)).freed] == ["A-104"]
    for person in (DANA, RUTH, DCS, HETTY, TOM):
        assert (await waits(council, person)).freed == []


async def test_a_thousand_waiting_come_in_pages() -> None:
    council = a_council()
    first = await council.asks(TOM)
    for number in range(2, 1001):
        council.has(a_person(1000 + number, f"P {number}"))
        council.stands(replace(first, id=number, person_id=1000 + number, requested_by_id=1000 + number))
    seen: list[str] = []
    for offset in range(0, 1000, exemption_views.PAGE):
        page = await waits(council, DANA, offset)
        assert page.total == 1000
        seen += [line.exemption.ref for line in page.lines]
    assert len(set(seen)) == 1000
    assert (await waits(council, DANA, 1000)).lines == []


async def test_the_form_offers_a_head_of_service_their_people() -> None:
    council = a_council()
    mine = await exemption_views.form(
        council.store, council.policy, council.actor(DANA), NOON, {}, others=True
    )
    assert {person.id for person in mine.for_people} == {TOM.id, PRIYA.id, NELL.id}
    assert mine.myself is False
    auditor = await exemption_views.form(
        council.store, council.policy, council.actor(TOM), NOON, {}, others=True
    )
    assert auditor.for_people == []
    for person in (MO, RUTH, SKY, QUINN):
        attempt = exemption_views.form(council.store, council.policy, council.actor(person), NOON, {})
        assert isinstance(await refusal(attempt), NotAllowed)


async def test_the_form_knows_the_months() -> None:
    council = a_council(datetime(2026, 11, 25, 12, tzinfo=UTC))
    council.audit()
    form = await exemption_views.form(council.store, council.policy, council.actor(TOM), council.now, {})
    assert (form.months[0], form.months[-1]) == (NOVEMBER, Month(2027, 11))
    assert (form.last_week_months, form.issued_months) == ([NOVEMBER], [NOVEMBER])
    assert form.myself


async def test_a_second_request_shows_the_earlier_refusal() -> None:
    council = a_council()
    first = await council.does(DANA, Command.DECLINE, await council.asks(TOM))
    second = await council.asks(TOM)

    async def earlier(exemption: Exemption) -> Exemption | None:
        seen = await exemption_views.view(
            council.store, council.policy, council.actor(DANA), exemption.ref, council.now
        )
        return seen.earlier_refusal

    assert await earlier(second) == first
    assert await earlier(first) is None


async def test_an_imported_history_row_can_be_looked_at() -> None:
    # given an approval of long ago, whose file does not say who decided
    council = a_council()
    council.stands(an_exemption(7, state=State.APPROVED, approver_id=0, decided_by_id=None))
    seen = await exemption_views.view(council.store, council.policy, council.actor(QUINN), "E-7", council.now)
    assert (seen.commands, seen.name(seen.exemption.decided_by_id)) == ([], "")
