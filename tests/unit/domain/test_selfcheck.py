"""The dead-man's switch as a judgement: what is wrong, since when, and whether the program or the people are silent."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.concern_rules import Concerns
from domain.lanes import Lane
from domain.selfcheck import (
    Climbing,
    Facts,
    Finding,
    LaneState,
    Part,
    Report,
    Trouble,
    Undelivered,
    judge,
    ticking,
    undelivered_before,
)
from tests.builders import NOW

RULES = Concerns()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def climbing(
    minutes: float, *, heard: float | None = None, delivered: bool = True, ref: str = "C-7"
) -> Climbing:
    since = NOW - minutes * MINUTE
    return Climbing(ref, since, since if heard is None else NOW - heard * MINUTE, delivered)


def a_lane(waits: float | None, sent: float | None = None, lane: Lane = Lane.NUDGE) -> Facts:
    state = LaneState(
        waiting=int(waits is not None),
        due_since=None if waits is None else NOW - waits * MINUTE,
        sent_at=None if sent is None else NOW - sent * MINUTE,
    )
    return Facts(lanes={lane: state})


def troubles(facts: Facts) -> list[Trouble]:
    return [finding.trouble for finding in judge(facts, RULES, NOW)]


def test_where_nothing_climbs_and_nothing_waits_all_is_well() -> None:
    assert judge(Facts(lanes={lane: LaneState() for lane in Lane}), RULES, NOW) == ()


@pytest.mark.parametrize(
    ("seconds", "found"), [(-60, False), (0, False), (80, False), (81, True), (3 * 86_400, True)]
)
def test_a_step_has_a_tick_and_a_minute(seconds: int, *, found: bool) -> None:
    due = NOW - seconds * SECOND
    expected = (Finding(Trouble.STEP_OVERDUE, due),) if found else ()
    assert judge(Facts(next_step_due=due), RULES, NOW) == expected


@pytest.mark.parametrize(
    ("alert", "found"),
    [
        (climbing(74.9), False),
        (climbing(75), True),
        (climbing(200, heard=10), False),
        (climbing(200, heard=76), True),
    ],
)
def test_a_whole_round_without_an_answer_is_silence(alert: Climbing, *, found: bool) -> None:
    assert troubles(Facts(climbing=[alert])) == ([Trouble.UNANSWERED] if found else [])


@pytest.mark.parametrize(
    ("alert", "found"),
    [
        (climbing(3, delivered=False), False),
        (climbing(4, delivered=False), True),
        (replace(climbing(0, delivered=False), told=False), True),
        (replace(climbing(0, delivered=True), told=False), False),
        (climbing(60), False),
    ],
)
def test_an_alert_of_which_nothing_arrived_is_silence(alert: Climbing, *, found: bool) -> None:
    assert troubles(Facts(climbing=[alert])) == ([Trouble.NOBODY_REACHED] if found else [])


def test_alerts_that_nobody_has_are_named_once_each() -> None:
    messages = [Undelivered("C-7", NOW - 9 * MINUTE), Undelivered("C-8", NOW), Undelivered("C-7", NOW)]
    assert judge(Facts(undelivered=messages), RULES, NOW) == (
        Finding(Trouble.ALERT_UNDELIVERED, NOW - 9 * MINUTE, ("C-7", "C-8")),
    )
    assert undelivered_before(NOW, RULES) == NOW - 200 * SECOND, (
        "two minutes of the policy, a tick and a minute"
    )


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (a_lane(None), False),
        (a_lane(15), False),
        (a_lane(16), True),
        (a_lane(600, sent=14), False),
        (a_lane(600, sent=16), True),
        (a_lane(16, lane=Lane.ALERT), False),
        (a_lane(16, lane=Lane.REPLY), True),
    ],
)
def test_a_lane_stands_still_when_its_oldest_waits_and_none_leaves(facts: Facts, *, found: bool) -> None:
    assert troubles(facts) == ([Trouble.LANE_STUCK] if found else [])


@pytest.mark.parametrize(
    ("ticked", "looked", "found"),
    [
        (0, 0, None),
        (60, 60, None),
        (61, 61, Trouble.NO_TICK),
        (61, 180, Trouble.NO_TICK),
        (0, 181, Trouble.STOPPED),
        (500, 500, Trouble.STOPPED),
    ],
)
def test_the_clock_goes_or_not(ticked: int, looked: int, found: Trouble | None) -> None:
    findings = ticking(NOW - ticked * SECOND, NOW - looked * SECOND, NOW)
    assert [finding.trouble for finding in findings] == ([found] if found else [])


def test_silence_of_people_is_no_failure_of_the_program() -> None:
    facts = Facts(next_step_due=NOW - 5 * MINUTE, climbing=[climbing(90, delivered=False)])
    report = Report(NOW, facts, judge(facts, RULES, NOW))

    assert [f.trouble for f in report.of(Part.ESCALATION)] == [Trouble.STEP_OVERDUE, Trouble.UNANSWERED]
    assert [f.trouble for f in report.of(Part.ESCALATION, failing=True)] == [Trouble.STEP_OVERDUE]
    assert [f.trouble for f in report.of(Part.ALERTS)] == [Trouble.NOBODY_REACHED]
    assert report.of(Part.ALERTS, failing=True) == ()
    assert {trouble.part for trouble in Trouble} == set(Part)


def test_a_clock_that_was_set_back_is_all_that_is_found() -> None:
    """What seems to be of the future is not late."""
    later: datetime = NOW + 60 * MINUTE
    facts = Facts(later, [Climbing("C-7", later, later, delivered=False)], (), a_lane(-60).lanes)
    assert judge(facts, RULES, NOW) == (Finding(Trouble.CLOCK_SET_BACK, NOW),)
    assert ticking(later, later, NOW) == ()


@pytest.mark.parametrize(("minutes", "found"), [(14, False), (19, False), (21, True), (60, True)])
def test_a_step_that_waits_for_longer_than_the_ladder_does_says_that_the_clock_was_set_back(
    minutes: int, found: bool
) -> None:
    """Fifteen minutes are the ladder's longest wait; clocks of replicas differ by a little."""
    facts = Facts(next_step_due=NOW + timedelta(minutes=minutes))
    troubles = [finding.trouble for finding in judge(facts, Concerns(), NOW)]
    assert (Trouble.CLOCK_SET_BACK in troubles) is found
    assert Trouble.CLOCK_SET_BACK.fails
