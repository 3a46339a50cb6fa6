"""Months, deadlines and working days, against facts written by hand (gov.uk's list of bank holidays)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    Month,
    bank_holidays,
    ends_at,
    first_working_day,
    is_working_day,
    last_working_day,
    local_date,
    local_instant,
    next_working_day,
    plus_working_days,
    working_days_between,
)

ENGLAND = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
"""The working days that England has off, substitute days included."""


@pytest.mark.parametrize("year", ENGLAND)
def test_the_bank_holidays_of_england(year: int) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in ENGLAND[year].split()}
    weekdays = {day for day in bank_holidays(year) if day.weekday() < 5}
    assert weekdays == expected
    assert not any(is_working_day(day) for day in expected)


def test_scotlands_and_northern_irelands_are_working_days() -> None:
    for day in (date(2026, 1, 2), date(2026, 3, 17), date(2026, 8, 3), date(2026, 11, 30), date(2027, 7, 12)):
        assert is_working_day(day)


@pytest.mark.parametrize(
    ("month", "last", "last_working", "first_working"),
    [
        ("2026-11", "2026-11-30", "2026-11-30", "2026-11-02"),
        ("2026-12", "2026-12-31", "2026-12-31", "2026-12-01"),
        ("2027-01", "2027-01-31", "2027-01-29", "2027-01-04"),
        ("2027-02", "2027-02-28", "2027-02-26", "2027-02-01"),
        ("2027-05", "2027-05-31", "2027-05-28", "2027-05-04"),
        ("2027-07", "2027-07-31", "2027-07-30", "2027-07-01"),
        ("2027-10", "2027-10-31", "2027-10-29", "2027-10-01"),
        ("2028-01", "2028-01-31", "2028-01-31", "2028-01-04"),
        ("2028-02", "2028-02-29", "2028-02-29", "2028-02-01"),
        ("2028-04", "2028-04-30", "2028-04-28", "2028-04-03"),
    ],
)
def test_ends_and_beginnings_of_months(month: str, last: str, last_working: str, first_working: str) -> None:
    found = Month.parse(month)
    assert found.last == date.fromisoformat(last)
    assert last_working_day(found) == date.fromisoformat(last_working)
    assert first_working_day(found) == date.fromisoformat(first_working)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-12-24", 1, "2026-12-29"),  # Christmas on a Friday, Boxing Day's substitute on Monday
        ("2027-12-24", 1, "2027-12-29"),  # both with substitutes
        ("2027-03-25", 1, "2027-03-30"),  # Easter
        ("2027-12-31", 1, "2028-01-04"),  # New Year's Day on a Saturday
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-30", 5, "2026-12-07"),
        ("2026-11-21", 0, "2026-11-21"),
    ],
)
def test_so_many_working_days_on(day: str, count: int, expected: str) -> None:
    assert plus_working_days(date.fromisoformat(day), count) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-11", Month(2026, 11)), (" 2027-01 ", Month(2027, 1))],
)
def test_months_are_read(text: str, expected: Month) -> None:
    assert Month.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "26-11", "2026-1", "2026-11-01", "November", "0000-01", "9999-12", "0001-01"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        Month.parse(text)


@pytest.mark.parametrize("text", ["1990-01", "2099-12"])
def test_every_month_that_is_read_has_a_calendar(text: str) -> None:
    month = Month.parse(text)
    assert month.first <= first_working_day(month) <= last_working_day(month) <= month.last
    assert ends_at(month) > local_instant(month.first, time())


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-06-30T23:30:00+00:00", "2026-07-01"),
        ("2026-06-30T22:59:59+00:00", "2026-06-30"),
        ("2026-11-30T23:59:59+00:00", "2026-11-30"),
        ("2026-12-01T01:30:00+02:00", "2026-11-30"),
        ("2026-10-24T23:30:00+00:00", "2026-10-25"),  # still summer time, hours before the change
        ("2026-10-25T23:30:00+00:00", "2026-10-25"),  # winter time
    ],
)
def test_the_day_in_london(instant: str, day: str) -> None:
    assert local_date(datetime.fromisoformat(instant)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 11, 20), time(9), "2026-11-20T09:00:00+00:00"),
        (date(2026, 7, 1), time(9), "2026-07-01T08:00:00+00:00"),
        (date(2027, 3, 28), time(1, 30), "2027-03-28T01:30:00+00:00"),  # skipped: shown as 02:30
        (date(2026, 10, 25), time(1, 30), "2026-10-25T00:30:00+00:00"),  # repeated: the first
        (date(2026, 10, 25), time(2), "2026-10-25T02:00:00+00:00"),
        (date(2027, 3, 28), time(), "2027-03-28T00:00:00+00:00"),
        (date(2027, 3, 29), time(), "2027-03-28T23:00:00+00:00"),
    ],
)
def test_what_londons_clocks_show(day: date, at: time, instant: str) -> None:
    found = local_instant(day, at)
    assert found == datetime.fromisoformat(instant)
    assert found.tzinfo is UTC


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(day=DAYS)
def test_a_month_is_its_days(day: date) -> None:
    month = Month.of(day)
    assert month.first <= day <= month.last
    assert Month.of(month.last + timedelta(days=1)) == month.plus(1)
    assert Month.of(month.first - timedelta(days=1)) == month.plus(-1)
    assert month.plus(1).plus(-1) == month
    assert Month.parse(str(month)) == month
    assert local_date(ends_at(month)) == month.plus(1).first
    assert local_date(ends_at(month) - timedelta(microseconds=1)) == month.last


@given(day=DAYS, count=st.integers(0, 40))
def test_counting_on_and_counting_between_agree(day: date, count: int) -> None:
    then = plus_working_days(day, count)
    assert working_days_between(day, then) == count
    assert count == 0 or is_working_day(then)
    assert working_days_between(then, day) == 0


@given(first=DAYS, second=DAYS, third=DAYS)
def test_working_days_add_up(first: date, second: date, third: date) -> None:
    a, b, c = sorted((first, second, third))
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)
    assert working_days_between(a, b) <= (b - a).days


@given(day=DAYS)
def test_the_next_working_day_is_near(day: date) -> None:
    found = next_working_day(day)
    assert is_working_day(found)
    assert timedelta(0) <= found - day <= timedelta(days=4)
    assert (found == day) is is_working_day(day)


@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_lies_in_its_local_day(now: datetime) -> None:
    day = local_date(now)
    assert local_instant(day, time()) <= now < local_instant(day + timedelta(days=1), time())
