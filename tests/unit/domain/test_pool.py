"""Who audits, moderates and rests in a month: the whole table, against a plain telling of the rules (section 3.1)."""

from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Month
from domain.people import Role, WorkingPattern
from domain.policy import Pool as Targets
from domain.pool import POOL, Capacity, Standing, candidate, capacity, free, moderates, rests, standing
from domain.ports import PoolMember
from tests.builders import NORTH, NOVEMBER, TODAY, a_person

ROLES = ((Role.AUDITOR,), (Role.MODERATOR,), (Role.AUDITOR, Role.MODERATOR))
DAYS = (None, date(2025, 3, 1), NOVEMBER.last, NOVEMBER.plus(1).first)
LAST_AUDITED = (None, Month(2026, 10), Month(2026, 9))


def a_member(*roles: Role, **changes: object) -> PoolMember:
    known = {"moderates", "exempt", "has_audit", "last_audited", "answers_for", "audited"}
    person = a_person(1, "Tom Bailey", *roles, **{k: v for k, v in changes.items() if k not in known})
    return PoolMember(person, **{k: v for k, v in changes.items() if k in known})  # pyright: ignore[reportArgumentType]


def told(member: PoolMember, today: date) -> Standing:
    """The rules of the domain text, said once more and in another order: from the end of the month backwards."""
    person, last = member.person, NOVEMBER.last
    there = person.active_to is None or person.active_to >= min(max(today, NOVEMBER.first), last)
    reached = {
        Role.AUDITOR: person.auditor_from is None or person.auditor_from <= last,
        Role.MODERATOR: person.moderator_from is None or person.moderator_from <= last,
    }
    moderating = Role.MODERATOR in person.roles and reached[Role.MODERATOR] and member.moderates is not False
    found = Standing.FREE
    since = member.last_audited or (Month.of(person.auditor_from) if person.auditor_from else None)
    if person.working_pattern is WorkingPattern.ALTERNATE and since:
        gone = (NOVEMBER.year - since.year) * 12 + NOVEMBER.number - since.number
        found = Standing.RESTING if gone % 2 else Standing.FREE
    found = Standing.HAS_AUDIT if member.has_audit else found
    found = Standing.EXEMPT if member.exempt else found
    if Role.AUDITOR in person.roles:
        found = found if reached[Role.AUDITOR] else Standing.NOT_TRAINED
    else:
        found = Standing.NOT_ASKED if reached[Role.MODERATOR] else Standing.NOT_TRAINED
    found = Standing.MODERATES if moderating else found
    return found if there else Standing.LEFT


def test_the_whole_table() -> None:
    seen: set[Standing] = set()
    walked = product(ROLES, WorkingPattern, DAYS, DAYS, (None, True, False), (True, False), (True, False),
                     LAST_AUDITED, (None, date(2026, 11, 5), date(2026, 11, 30)))  # fmt: skip
    for roles, pattern, auditor, moderator, says, exempt, has_one, last, left in walked:
        member = a_member(
            *roles, working_pattern=pattern, auditor_from=auditor, moderator_from=moderator, moderates=says,
            exempt=exempt, has_audit=has_one, last_audited=last, active_to=left,
        )  # fmt: skip
        found = standing(member, NOVEMBER, TODAY)
        assert found is told(member, TODAY), member
        assert (found in POOL) == (found in (Standing.FREE, Standing.EXEMPT, Standing.HAS_AUDIT))
        seen.add(found)
    assert seen == set(Standing), "every standing is reached"


@pytest.mark.parametrize(
    ("last", "trained", "resting"),
    [
        (Month(2026, 10), None, True),
        (Month(2026, 9), None, False),
        (Month(2026, 9), date(2026, 10, 1), False),  # the latest audit counts, not the training
        (None, date(2026, 10, 31), True),
        (None, date(2026, 11, 1), False),
        (None, date(2025, 12, 1), True),  # over the turn of the year
        (None, None, False),
    ],
)
def test_a_part_timer_rests_every_second_month(
    last: Month | None, trained: date | None, *, resting: bool
) -> None:
    member = a_member(
        Role.AUDITOR, working_pattern=WorkingPattern.ALTERNATE, last_audited=last, auditor_from=trained
    )
    assert rests(member, NOVEMBER) is resting


@given(started=st.integers(0, 60))
def test_a_part_timer_who_is_drawn_in_their_months_audits_every_second_one(started: int) -> None:
    first = Month(2026, 1).plus(started)
    member = a_member(Role.AUDITOR, working_pattern=WorkingPattern.ALTERNATE, auditor_from=first.first)
    months = [n for n in range(24) if not rests(member, first.plus(n))]
    assert months == list(range(0, 24, 2))


def test_nobody_full_time_rests() -> None:
    assert not rests(a_member(Role.AUDITOR, last_audited=Month(2026, 10)), NOVEMBER)


def test_who_moderates_is_said_against_the_rule_and_never_without_the_role() -> None:
    assert moderates(a_member(Role.MODERATOR), NOVEMBER)
    assert not moderates(a_member(Role.MODERATOR, moderates=False), NOVEMBER)
    assert not moderates(a_member(Role.AUDITOR, moderates=True), NOVEMBER)
    assert not moderates(a_member(Role.MODERATOR, moderator_from=date(2026, 12, 1), moderates=True), NOVEMBER)


def test_somebody_who_left_in_the_month_was_there_while_they_were() -> None:
    member = a_member(Role.AUDITOR, active_to=date(2026, 11, 5))
    assert standing(member, NOVEMBER, date(2026, 10, 20)) is Standing.FREE, "a draw before the month"
    assert standing(member, NOVEMBER, date(2026, 11, 5)) is Standing.FREE
    assert standing(member, NOVEMBER, date(2026, 11, 6)) is Standing.LEFT
    assert standing(member, NOVEMBER, date(2027, 2, 1)) is Standing.LEFT


def test_what_is_allocated_adds_up() -> None:
    members = [
        *(a_member(Role.AUDITOR) for _ in range(5)),
        a_member(Role.AUDITOR, exempt=True),
        a_member(Role.AUDITOR, has_audit=True),
        a_member(Role.AUDITOR, working_pattern=WorkingPattern.ALTERNATE, last_audited=Month(2026, 10)),
        a_member(Role.AUDITOR, Role.MODERATOR),
        a_member(Role.AUDITOR, active_to=date(2026, 11, 1)),
    ]
    standings = Counter(standing(member, NOVEMBER, TODAY) for member in members)
    found = capacity(standings, Targets(), {"operational": 1})
    assert (found.pool, found.allocated, found.auditors, found.moderators) == (7, 6, 8, 1)
    assert (found.target_auditors, found.target_moderators) == (85, 26)
    assert Capacity({}).pool == 0


def test_only_the_free_are_drawn_for_and_never_for_a_team_of_theirs() -> None:
    auditor = a_member(Role.AUDITOR, answers_for=frozenset({7, 8}), audited=frozenset({"C1"}))
    busy = a_member(Role.AUDITOR, has_audit=True)
    assert free([busy, auditor], NOVEMBER, TODAY) == [auditor]
    drawn_for = candidate(auditor)
    assert drawn_for.own_teams == {7, 8, NORTH.id}
    assert drawn_for.audited_before == {"C1"}
