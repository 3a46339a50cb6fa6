"""What may be asked about an audit, by its state and the day (domain, sections 3.5 and 3.6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import requests as rules
from domain.audits import AuditState
from domain.errors import Invalid
from domain.participation import Part
from domain.people import Actor, Reach, Role
from domain.policy import Audits as Rules
from domain.policy import Policy
from domain.ports import ChildFacts
from domain.requests import Request, Wish
from domain.usecases.participation import part_of
from tests.builders import EAST, NORTH, TODAY, a_person, an_audit

DEFAULT = Rules()
CLOSES = date(2026, 12, 7)
"""Five working days after Monday 30 November."""


def a_request(wish: Wish = Wish.SLIPPAGE) -> Request:
    asked_at = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    return Request(7, 104, "A-104", wish, 1, asked_at, "why", wanted_on=date(2026, 12, 2))


def test_a_later_day_can_be_agreed_until_the_books_close() -> None:
    assert rules.latest_day(an_audit(), TODAY, DEFAULT) == CLOSES


def test_or_as_many_days_as_the_policy_says() -> None:
    three = Rules(slippage_at_most_days=3)
    assert rules.latest_day(an_audit(), TODAY, three) == date(2026, 12, 3)


def test_a_rework_is_counted_from_today_once_its_month_is_over() -> None:
    rework = an_audit(state=AuditState.SENT_BACK, returned_on=date(2026, 11, 18))
    assert rules.latest_day(rework, TODAY, DEFAULT) == CLOSES
    assert rules.latest_day(rework, date(2026, 12, 14), DEFAULT) == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY - timedelta(days=1), "day_not_ahead"),
        (TODAY, "day_not_ahead"),
        (TODAY + timedelta(days=1), None),
        (CLOSES, None),
        (CLOSES + timedelta(days=1), "day_too_late"),
    ],
)
def test_the_wanted_day(day: date, code: str | None) -> None:
    assert _refusal(lambda: rules.check_wanted(day, an_audit(), TODAY, DEFAULT)) == code


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY - timedelta(days=1), "day_past"),
        (TODAY, None),
        (CLOSES, None),
        (date(2027, 1, 1), "day_too_late"),
    ],
)
def test_the_agreed_day_may_be_today(day: date, code: str | None) -> None:
    assert _refusal(lambda: rules.check_agreed(day, an_audit(), TODAY, DEFAULT)) == code


def _refusal(check: object) -> str | None:
    assert callable(check)
    try:
        check()
    except Invalid as refused:
        return refused.code
    return None


@given(ahead=st.integers(0, 400), wanted=st.integers(-400, 400), most=st.none() | st.integers(1, 62))
def test_what_can_be_asked_for_can_be_agreed_on_the_same_day(
    ahead: int, wanted: int, most: int | None
) -> None:
    audit, policy = an_audit(), Rules(slippage_at_most_days=most)
    today = date(2026, 11, 1) + timedelta(days=ahead)
    day = today + timedelta(days=wanted)
    if _refusal(lambda: rules.check_wanted(day, audit, today, policy)) is None:
        assert today < day <= rules.latest_day(audit, today, policy)
        assert _refusal(lambda: rules.check_agreed(day, audit, today, policy)) is None


def test_once_the_books_are_closed_nothing_can_be_asked() -> None:
    after = CLOSES + timedelta(days=1)
    assert _refusal(lambda: rules.check_wanted(after, an_audit(), after, DEFAULT)) == "books_closed"


def test_late_is_after_the_deadline_and_never_a_rework() -> None:
    assert not rules.is_late(an_audit(), date(2026, 11, 30))
    assert rules.is_late(an_audit(), date(2026, 12, 1))
    assert not rules.is_late(an_audit(returned_on=date(2026, 11, 18)), date(2026, 12, 1))


@pytest.mark.parametrize("state", AuditState)
@pytest.mark.parametrize("wish", Wish)
def test_a_request_is_open_only_while_something_is_awaited_from_who_asked(
    state: AuditState, wish: Wish
) -> None:
    awaited = {Wish.SLIPPAGE: {"issued", "sent_back"}, Wish.REALLOCATION: {"issued"}}[wish]
    assert rules.moved_on(a_request(wish), an_audit(state=state)) == (state.value not in awaited)
    assert rules.moved_on(a_request(wish), an_audit(state=state, auditor_id=2))
    assert rules.moved_on(a_request(wish), an_audit(state=state, auditor_id=None))


def test_every_request_has_its_reference() -> None:
    assert a_request().ref == "RQ-7"
    assert not replace(a_request(), state=rules.RequestState.GRANTED).open


CHILD = ChildFacts("C10432", EAST, "child_in_need", 9, frozenset(), None, None)


@pytest.mark.parametrize("role", Role)
def test_who_takes_part(role: Role) -> None:
    """The child's own social worker; and who answers for the child's team."""
    audit = an_audit(auditor_id=1)
    manages = {Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR}
    near = Reach(teams=frozenset({EAST.name}), services=frozenset({EAST.service}))
    far = Reach(teams=frozenset({NORTH.name}))
    worker = Actor(a_person(9, "A B", role), far)
    other = Actor(a_person(8, "C D", role), near)
    stranger = Actor(a_person(7, "E F", role), far)
    takes = manages | {Role.SOCIAL_WORKER, Role.IRO}
    assert part_of(worker, audit, CHILD, TODAY) == (Part.SOCIAL_WORKER if role in takes else None)
    assert part_of(other, audit, CHILD, TODAY) == (Part.MANAGER if role in manages else None)
    assert part_of(stranger, audit, CHILD, TODAY) is None


def test_not_the_auditor_nor_who_has_left_nor_of_an_unknown_child() -> None:
    worker = a_person(9, "A B", Role.SOCIAL_WORKER, Role.AUDITOR)
    assert part_of(Actor(worker), an_audit(auditor_id=9), CHILD, TODAY) is None
    assert part_of(Actor(worker), an_audit(auditor_id=1), None, TODAY) is None
    gone = replace(worker, active_to=date(2026, 11, 1))
    assert part_of(Actor(gone), an_audit(auditor_id=1), CHILD, TODAY) is None


def test_the_policys_reasons_each_have_an_effect() -> None:
    assert {term.code: term.effect.value for term in Policy().reallocations} == {
        "own_team": "child",
        "case_closed": "child",
        "conflict_of_interest": "child",
        "absence": "auditor",
    }
