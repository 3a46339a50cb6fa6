"""What an imported audit makes of the tracker, pure: each fate of a finding."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.alerts import Alert
from domain.calendar import Month
from domain.concern_imports import (
    Fate,
    Finding,
    gravest,
    identified_on,
    is_fresh,
    judged,
    new_concern,
    untouched,
)
from domain.concern_rules import Concerns as Rules
from domain.concerns import Category, Concern, Source, State

RULES = Rules()
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
ONE, TWO = Category.ONE, Category.TWO


def a_finding(category: Category = TWO, **changes: Any) -> Finding:
    return replace(Finding(2, "A-1", "C100", category, TODAY), **changes)


def held(category: Category = TWO, **changes: Any) -> Concern:
    """As a file brought it by A-1."""
    plain = Concern(
        7, "C100", category, State.WITH_HEAD_OF_SERVICE, Source.IMPORT, NOW, TODAY, NOW, audit_ref="A-1"
    )
    return replace(plain, **changes)


REMOVED: dict[str, Any] = {"state": State.REMOVED, "removed_at": NOW}
OTHER: dict[str, Any] = {"audit_ref": "A-9"}
TOUCHED: dict[str, Any] = {"version": 3}
OLD = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("found", "known", "fate"),
    [
        (a_finding(), [], Fate.PUT),
        (a_finding(anew=False), [], Fate.PUT),
        # by the same audit
        (a_finding(), [held()], Fate.KEPT),
        (a_finding(ONE, anew=False), [held()], Fate.KEPT),
        (a_finding(ONE), [held()], Fate.RAISED_AGAIN),
        (a_finding(ONE, identified_on=OLD), [held()], Fate.MOVED),
        (a_finding(), [held(ONE)], Fate.MOVED),
        (a_finding(), [held(ONE, alert=Alert(1, NOW))], Fate.MOVED),
        (a_finding(), [held(ONE, alert=Alert(1, NOW, 1))], Fate.LEFT),
        (a_finding(), [held(ONE, **TOUCHED)], Fate.LEFT),
        (a_finding(ONE, identified_on=OLD), [held(**TOUCHED)], Fate.LEFT),
        (a_finding(ONE, identified_on=OLD), [held(source=Source.CHAT)], Fate.LEFT),
        (a_finding(ONE, identified_on=OLD), [held(responded_at=NOW)], Fate.LEFT),
        # a danger of today speaks over nobody's work: it alerts
        (a_finding(ONE), [held(**TOUCHED)], Fate.RAISED_AGAIN),
        (a_finding(ONE), [held(responded_at=NOW)], Fate.RAISED_AGAIN),
        (a_finding(ONE), [held(ONE, **TOUCHED)], Fate.RAISED_AGAIN),
        (a_finding(ONE, anew=False), [held(ONE, **TOUCHED)], Fate.KEPT),
        (a_finding(ONE), [held(ONE, **REMOVED)], Fate.PUT),
        (a_finding(ONE), [held(**REMOVED)], Fate.PUT),
        (a_finding(ONE), [held(**REMOVED), held(**OTHER, **TOUCHED)], Fate.RAISED_AGAIN),
        (a_finding(ONE, identified_on=OLD), [held(**REMOVED)], Fate.LEFT),
        (a_finding(), [held(ONE, **REMOVED)], Fate.LEFT),
        (a_finding(), [held(**REMOVED)], Fate.KEPT),
        # by another
        (a_finding(), [held(**OTHER)], Fate.RAISED_AGAIN),
        (a_finding(), [held(ONE, **OTHER)], Fate.RAISED_AGAIN),
        (a_finding(identified_on=OLD), [held(**OTHER)], Fate.STANDS),
        (a_finding(ONE), [held(ONE, **OTHER)], Fate.RAISED_AGAIN),
        (a_finding(ONE, anew=False), [held(ONE, **OTHER)], Fate.KEPT),
        (a_finding(ONE, identified_on=OLD), [held(ONE, **OTHER)], Fate.STANDS),
        (a_finding(ONE, anew=False), [held(**OTHER)], Fate.KEPT),
        (a_finding(ONE), [held(**OTHER, **TOUCHED)], Fate.RAISED_AGAIN),
        (a_finding(ONE), [held(audit_ref=None, source=Source.CHAT)], Fate.RAISED_AGAIN),
        (a_finding(ONE, identified_on=OLD), [held(**OTHER)], Fate.MOVED),
        (a_finding(ONE, identified_on=OLD), [held(**OTHER, **TOUCHED)], Fate.LEFT),
        # taken off since, or before
        (a_finding(anew=False), [held(**OTHER, **REMOVED)], Fate.KEPT),
        (a_finding(), [held(**OTHER, **REMOVED)], Fate.PUT),
        (
            a_finding(anew=False),
            [held(**OTHER, state=State.REMOVED, removed_at=NOW.replace(day=1))],
            Fate.PUT,
        ),
    ],
)
def test_the_fate_of_a_finding(found: Finding, known: list[Concern], fate: Fate) -> None:
    assert judged(found, known, TODAY, RULES)[0] is fate


def test_the_newest_of_an_audit_counts() -> None:
    gone, there = held(ONE, **REMOVED), replace(held(), id=8)
    assert judged(a_finding(), [there, gone], TODAY, RULES) == (Fate.KEPT, there)


@pytest.mark.parametrize(
    ("day", "fresh"), [(date(2026, 10, 20), True), (date(2026, 10, 19), False), (TODAY, True)]
)
def test_how_long_it_is_fresh(day: date, fresh: bool) -> None:
    assert is_fresh(day, TODAY, RULES) is fresh
    new = new_concern(a_finding(ONE, identified_on=day), NOW, RULES)
    assert (new.alerts, new.respond_by) == (fresh, TODAY if fresh else None)
    assert new_concern(a_finding(TWO, identified_on=day), NOW, RULES).alerts is False


def test_the_day_that_counts_has_come() -> None:
    assert identified_on(date(2026, 10, 8), Month(2026, 10), TODAY) == date(2026, 10, 8)
    assert identified_on(None, Month(2026, 10), TODAY) == date(2026, 10, 31)
    assert identified_on(None, Month(2026, 11), TODAY) == TODAY


def test_of_one_child_the_graver_counts_and_what_is_new_goes_first() -> None:
    two, one = a_finding(line=2), a_finding(ONE, line=3, audit_ref="A-2", child_ref="c100")
    known = a_finding(ONE, line=4, audit_ref="A-3", anew=False)
    other = a_finding(line=5, audit_ref="A-4", child_ref="C200")

    new, fresh_too, were_known = gravest([known, two, one, other], TODAY, RULES)

    assert new == [(one, [two]), (other, [])]
    assert fresh_too == []
    assert were_known == [(known, [])]


@pytest.mark.parametrize("category", [ONE, TWO])
def test_an_old_finding_of_the_same_file_hides_no_fresh_one(category: Category) -> None:
    old = a_finding(ONE, identified_on=OLD)
    older = a_finding(TWO, line=3, audit_ref="A-2", identified_on=OLD)
    fresh = a_finding(category, line=4, audit_ref="A-3")

    assert gravest([fresh, older, old], TODAY, RULES) == [[(old, [older])], [(fresh, [])], []]
    known = replace(fresh, anew=False)
    assert gravest([known, old], TODAY, RULES) == [[(old, [])], [], [(known, [])]]


def test_an_acknowledged_alert_is_somebodys_work() -> None:
    assert untouched(held(ONE, alert=Alert(1, NOW)))
    assert not untouched(held(ONE, alert=Alert(1, NOW, 2)))
