"""Children of concern as a figure, pure: who counts at the end of a period, what is said where it does not add up."""

from datetime import date

from domain.calendar import Month
from domain.concerns import Category, State
from domain.measures.concerns import concerns
from domain.measures.tables import Dimension, Span
from domain.ports.concerns import ConcernFact

OCTOBER, NOVEMBER, JANUARY = Month(2026, 10), Month(2026, 11), Month(2027, 1)
TODAY = date(2026, 11, 20)


def a_fact(identified: date, removed: date | None = None, category: int = 2) -> ConcernFact:
    state = State.REMOVED if removed else State.WITH_HEAD_OF_SERVICE
    return ConcernFact("C-1", Category(category), state, identified, removed, None, None, None, None)


def test_the_first_and_the_last_day_belong_to_a_period() -> None:
    facts = [
        a_fact(date(2026, 10, 1), category=1),
        a_fact(date(2026, 10, 31)),
        a_fact(date(2026, 9, 30), date(2026, 10, 1)),
        a_fact(date(2026, 9, 1), date(2026, 10, 31)),
        a_fact(date(2026, 9, 1), date(2026, 11, 1)),
        a_fact(date(2026, 11, 1)),
    ]
    (row,) = concerns(facts, Span(OCTOBER, OCTOBER), TODAY).rows
    assert [row.values[n] for n in ("open", "category_1", "identified", "removed")] == [3, 1, 2, 2]


def test_a_month_that_has_not_ended_is_as_of_today() -> None:
    facts = [a_fact(TODAY), a_fact(date(2026, 11, 2), TODAY)]
    found = concerns(facts, Span(NOVEMBER, NOVEMBER), TODAY)
    assert [found.rows[0].values[n] for n in ("open", "identified", "removed")] == [1, 2, 1]
    assert found.notes == ("1 of the 2 identified in the period was taken off again within it",)


def test_months_to_come_are_said() -> None:
    found = concerns([a_fact(TODAY)], Span(NOVEMBER, JANUARY), TODAY, Dimension.MONTH)
    assert [(row.key, row.values["open"], row.values["identified"]) for row in found.rows] == [
        ("2026-11", 1, 1),
        ("2026-12", 1, 0),
        ("2027-01", 1, 0),
    ]
    assert found.notes == ("2 months have not come yet: shown as of today",)


def test_dates_that_contradict_each_other_are_said() -> None:
    """Taken off before the day that was put down for its identification."""
    found = concerns([a_fact(date(2026, 10, 20), date(2026, 9, 30))], Span(OCTOBER, OCTOBER), TODAY)
    assert found.rows[0].values["open"] == 0
    assert found.notes[-1] == (
        "0 at the beginning and 1 identified less 0 removed is 1, not the 0 on the tracker: "
        "dates contradict each other"
    )


def test_who_is_gone_and_was_before_is_in_no_row() -> None:
    gone = a_fact(date(2026, 8, 1), date(2026, 9, 1))
    found = concerns(
        [gone, a_fact(date(2026, 9, 5))], Span(OCTOBER, OCTOBER), TODAY, Dimension.MONTH_IDENTIFIED
    )
    assert [(row.key, row.values["open"]) for row in found.rows] == [("2026-09", 1)]
