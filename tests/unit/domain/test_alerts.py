"""The ladder of a Category 1: who is told when, who may end it, and that nothing but an acknowledgement does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import alerts
from domain.alerts import (
    Acknowledged,
    Alert,
    Answering,
    Seat,
    acknowledge,
    climb,
    counted_anew,
    due_at,
    is_due,
    lies_ahead,
    next_due,
    not_ahead,
)
from domain.calendar import LONDON
from domain.concern_rules import Concerns, Rung, Tier
from domain.people import Authority

SINCE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""A Friday evening."""
MINUTE = timedelta(minutes=1)
RULES = Concerns()
HOS, DIRECTOR, DCS, QUALITY, HOS_DEPUTY, DIRECTOR_DEPUTY, DCS_DEPUTY = 1, 2, 3, 4, 11, 12, 13
EVERYBODY = Answering(
    (HOS,), (DIRECTOR,), (DCS,), (QUALITY,), {HOS: (HOS_DEPUTY,), DIRECTOR: (DIRECTOR_DEPUTY,)}
)
NO_DEPUTIES = replace(EVERYBODY, deputies={})
BOTH_AT_ONCE = (Rung(after_minutes=0, tell=(Tier.HEAD_OF_SERVICE, Tier.DIRECTOR)),)
ONE_RUNG = Concerns(ladder=BOTH_AT_ONCE, round_minutes=10)


def taken(tier: Tier = Tier.HEAD_OF_SERVICE, by: int = HOS) -> Acknowledged:
    return Acknowledged(Authority(by), tier, SINCE)


def an_alert(*seats: Seat, **changes: Any) -> Alert:
    return replace(Alert(1, SINCE, seats={seat: taken() for seat in seats}), **changes)


def walked(
    alert: Alert, minutes: int, answering: Answering = EVERYBODY, rules: Concerns = RULES, every: int = 1
) -> dict[int, tuple[int, ...]]:
    """Who is told at which minute, where the clock looks every so many minutes."""
    told: dict[int, tuple[int, ...]] = {}
    for minute in range(0, minutes, every):
        found = climb(alert, answering, rules, SINCE + minute * MINUTE)
        if found is not None:
            alert, told[minute] = found.alert, found.told
    return told


# who is told when

ROUND_1 = {
    0: (HOS, DIRECTOR),
    15: (HOS, HOS_DEPUTY, DIRECTOR_DEPUTY),
    30: (DIRECTOR,),
    45: (DCS,),
    60: (QUALITY,),
}


def test_it_climbs_by_the_ladder_and_begins_again_without_an_end() -> None:
    rounds = 40  # two days and two hours
    expected = {75 * nth + minute: people for nth in range(rounds) for minute, people in ROUND_1.items()}
    assert walked(an_alert(), 75 * rounds) == expected


@pytest.mark.parametrize(
    ("open_seat", "expected"),
    [
        (
            Seat.RESPONSE,
            {0: (HOS,), 15: (HOS, HOS_DEPUTY), 30: (DIRECTOR,), 45: (DCS,), 60: (QUALITY,), 75: (HOS,)},
        ),
        (
            Seat.OVERSIGHT,
            {0: (DIRECTOR,), 15: (DIRECTOR_DEPUTY,), 30: (DIRECTOR,), 45: (DCS,), 60: (QUALITY,), 75: (DIRECTOR,)},
        ),
    ],
)  # fmt: skip
def test_whoever_has_acknowledged_is_left_in_peace_until_it_climbs_to_them(
    open_seat: Seat, expected: Mapping[int, tuple[int, ...]]
) -> None:
    other = next(seat for seat in Seat if seat is not open_seat)
    assert walked(an_alert(other), 76) == expected


def test_nothing_climbs_once_both_seats_are_taken() -> None:
    alert = an_alert(*Seat)
    assert walked(alert, 1000) == {}
    assert next_due(alert, RULES) is None


@pytest.mark.parametrize(
    ("answering", "open_seats", "expected"),
    [
        # given nobody is head of service: the director at once, and deputies of whom there is
        (replace(NO_DEPUTIES, head_of_service=()), tuple(Seat),
         {0: (DIRECTOR,), 15: (DIRECTOR,), 45: (DCS,), 60: (QUALITY,), 75: (DIRECTOR,)}),
        # given no deputies, and the head of service has acknowledged: the rung of the deputies is passed over
        (NO_DEPUTIES, (Seat.OVERSIGHT,),
         {0: (DIRECTOR,), 15: (DIRECTOR,), 45: (DCS,), 60: (QUALITY,), 75: (DIRECTOR,)}),
        # given no DCS: the head of quality a rung earlier, and the next round a rung earlier too
        (replace(NO_DEPUTIES, dcs=()), tuple(Seat),
         {0: (HOS, DIRECTOR), 15: (HOS,), 30: (DIRECTOR,), 45: (QUALITY,), 75: (HOS, DIRECTOR)}),
        # given nobody but the head of quality
        (Answering(head_of_quality=(QUALITY,)), tuple(Seat), {0: (QUALITY,), 75: (QUALITY,)}),
        # given a child whose team nobody answers for, and somebody stands in for the DCS
        (Answering(dcs=(DCS,), deputies={DCS: (DCS_DEPUTY,)}), tuple(Seat),
         {0: (DCS, DCS_DEPUTY), 60: (DCS, DCS_DEPUTY)}),
    ],
)  # fmt: skip
def test_a_tier_that_nobody_holds_is_passed_over_at_once(
    answering: Answering, open_seats: Sequence[Seat], expected: Mapping[int, tuple[int, ...]]
) -> None:
    alert = an_alert(*(seat for seat in Seat if seat not in open_seats))
    assert walked(alert, 76, answering) == expected


def test_where_nobody_is_there_at_all_every_rung_says_so() -> None:
    nobody = walked(an_alert(), 151, Answering())
    assert list(nobody) == [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150]
    assert set(nobody.values()) == {()}


def test_somebody_who_holds_two_places_is_told_once_a_step() -> None:
    both = Answering((HOS,), (HOS,), (DCS,), (DCS,), {HOS: (DCS,)})
    assert walked(an_alert(), 61, both) == {0: (HOS,), 15: (HOS, DCS), 30: (HOS,), 45: (DCS,), 60: (DCS,)}


def test_a_ladder_of_one_rung_repeats_it() -> None:
    assert walked(an_alert(), 31, rules=ONE_RUNG) == dict.fromkeys((0, 10, 20, 30), (HOS, DIRECTOR))
    # and with a director who has their own seat, it reaches them for the other one in the second round
    assert walked(an_alert(Seat.OVERSIGHT), 21, rules=ONE_RUNG) == {
        0: (HOS,),
        10: (HOS, DIRECTOR),
        20: (HOS, DIRECTOR),
    }


# time


@pytest.mark.parametrize(
    ("late", "steps", "told"),
    [
        (0, 1, (HOS, DIRECTOR)),
        (14, 1, (HOS, DIRECTOR)),
        (29, 2, (HOS, DIRECTOR, HOS_DEPUTY, DIRECTOR_DEPUTY)),
        (74, 5, (HOS, DIRECTOR, HOS_DEPUTY, DIRECTOR_DEPUTY, DCS, QUALITY)),
        (60 * 75, 301, (HOS, HOS_DEPUTY, DIRECTOR_DEPUTY, DIRECTOR, DCS, QUALITY)),
    ],
)
def test_missed_steps_are_caught_up_at_once_and_nobody_is_told_twice(
    late: int, steps: int, told: tuple[int, ...]
) -> None:
    found = climb(an_alert(), EVERYBODY, RULES, SINCE + late * MINUTE)
    assert found is not None
    assert (found.alert.steps, found.told, found.first) == (steps, told, True)
    # and what comes after is due at its own time
    assert climb(found.alert, EVERYBODY, RULES, SINCE + late * MINUTE) is None
    assert next_due(found.alert, RULES) == due_at(found.alert, steps, RULES) > SINCE + late * MINUTE


def test_a_second_short_of_the_minute_is_not_due() -> None:
    begun = climb(an_alert(), EVERYBODY, RULES, SINCE)
    assert begun is not None
    second = timedelta(seconds=1)
    assert climb(begun.alert, EVERYBODY, RULES, SINCE + 15 * MINUTE - second) is None
    assert climb(begun.alert, EVERYBODY, RULES, SINCE + 15 * MINUTE) is not None


@pytest.mark.parametrize(
    "since", [datetime(2026, 10, 24, 18, tzinfo=LONDON), datetime(2027, 3, 27, 18, tzinfo=LONDON)]
)
def test_a_weekend_in_which_the_clocks_change_has_as_many_steps_as_minutes_went_by(since: datetime) -> None:
    alert, told = replace(an_alert(), since=since), list[datetime]()
    for minute in range(63 * 60):
        now = (since.astimezone(UTC) + minute * MINUTE).astimezone(LONDON)
        found = climb(alert, EVERYBODY, RULES, now)
        if found is not None:
            alert = found.alert
            told.append(now.astimezone(UTC))
    gaps = {int((after - before) / MINUTE) for before, after in pairwise(told)}
    assert gaps == {15}
    assert len(told) == 63 * 4


def test_a_clock_that_steps_back_tells_nobody_twice_and_skips_nobody() -> None:
    alert = an_alert()
    told: list[tuple[int, tuple[int, ...]]] = []
    for minute in (0, 15, 30, 5, 0, 15, 29, 30, -600, 44, 45, 30, 60):
        found = climb(alert, EVERYBODY, RULES, SINCE + minute * MINUTE)
        if found is not None:
            alert = found.alert
            told.append((minute, found.told))
    assert told == list(ROUND_1.items())


# another policy while it climbs


def test_a_ladder_that_was_changed_while_it_climbs_does_not_put_off_the_next_step() -> None:
    """Given eleven steps of five rungs, the next one due after 165 minutes; then the ladder has one rung of 75."""
    slow = Concerns(ladder=BOTH_AT_ONCE, round_minutes=75)
    alert, now = an_alert(steps=11), SINCE + 165 * MINUTE
    assert climb(alert, EVERYBODY, slow, now) is None, "by this ladder it would be due after eleven rounds"
    found = climb(counted_anew(alert, slow, now), EVERYBODY, slow, now)
    assert found is not None
    assert (found.told, found.alert.steps) == ((HOS, DIRECTOR), 3)
    assert next_due(found.alert, slow) == SINCE + 225 * MINUTE


def test_what_is_due_by_its_own_ladder_is_not_counted_anew() -> None:
    alert = an_alert(steps=2)
    assert counted_anew(alert, RULES, SINCE + 30 * MINUTE) == alert
    assert counted_anew(an_alert(*Seat, steps=20), RULES, SINCE) == an_alert(*Seat, steps=20)


# who may take which seat

R, V = Seat.RESPONSE, Seat.OVERSIGHT
NONE: frozenset[Seat] = frozenset()


@pytest.mark.parametrize(
    ("tiers", "climbed", "had", "takes"),
    [
        ((Tier.HEAD_OF_SERVICE,), False, (), {R}),
        ((Tier.HEAD_OF_SERVICE,), True, (), {R}),
        ((Tier.HEAD_OF_SERVICE,), False, (R,), NONE),
        ((Tier.DIRECTOR,), False, (), {V}),
        ((Tier.DIRECTOR,), True, (), {R, V}),
        ((Tier.DIRECTOR,), False, (V,), NONE),
        ((Tier.DIRECTOR,), True, (V,), {R}),
        ((Tier.HEAD_OF_QUALITY,), True, (R, V), NONE),
        ((Tier.DEPUTY,), True, (), NONE),
        ((), True, (), NONE),
    ],
)  # fmt: skip
def test_each_takes_the_seats_that_are_theirs_or_that_it_has_climbed_to(
    tiers: Sequence[Tier], climbed: bool, had: Sequence[Seat], takes: Collection[Seat]
) -> None:
    alert = an_alert(*had, climbed=climbed)
    mine = {tier: Authority(90) for tier in tiers}
    after = acknowledge(alert, mine, SINCE + MINUTE, answering=EVERYBODY, rules=RULES)
    assert set(after.seats) - set(had) == set(takes)
    for seat in takes:
        given_ = after.seats[seat]
        assert (given_.by, given_.at) == (mine[given_.tier], SINCE + MINUTE)
    for seat in had:
        assert after.seats[seat] == alert.seats[seat], "who was first stays in the record"
    assert (after == alert) is not bool(takes)


ME = 50
OWN, FOR = Authority(ME), Authority(ME, 51)
HOS_TOO, DIRECTOR_TOO, DCS_TOO, QUALITY_TOO = (
    {Tier.HEAD_OF_SERVICE: OWN}, {Tier.DIRECTOR: OWN}, {Tier.DCS: OWN}, {Tier.HEAD_OF_QUALITY: OWN},
)  # fmt: skip
ALONE = replace(EVERYBODY, head_of_service=(ME,), director=(ME,))
SECOND_DIRECTOR = replace(EVERYBODY, head_of_service=(HOS,), director=(ME,))


@pytest.mark.parametrize(
    ("mine", "answering", "steps", "had", "takes"),
    [
        # the DCS and the head of quality: nothing before the ladder has reached them, then whatever is open
        (DCS_TOO, EVERYBODY, 3, (), NONE),
        (DCS_TOO, EVERYBODY, 4, (), {R, V}),
        (DCS_TOO, EVERYBODY, 9, (R,), {V}),
        (QUALITY_TOO, EVERYBODY, 4, (V,), NONE),
        (QUALITY_TOO, EVERYBODY, 5, (V,), {R}),
        ({Tier.DCS: FOR}, EVERYBODY, 4, (), {R, V}),
        # in two places: one seat, and the other waits for somebody else
        (HOS_TOO | QUALITY_TOO, EVERYBODY, 1, (), {R}),
        (HOS_TOO | QUALITY_TOO, EVERYBODY, 5, (), {R, V}),
        (HOS_TOO | {Tier.DIRECTOR: FOR}, EVERYBODY, 1, (), {R}),
        (DIRECTOR_TOO | {Tier.HEAD_OF_SERVICE: FOR}, EVERYBODY, 1, (), {V}),
        ({Tier.HEAD_OF_SERVICE: FOR, Tier.DIRECTOR: FOR}, EVERYBODY, 1, (), {R}),
        ({Tier.HEAD_OF_SERVICE: FOR, Tier.DIRECTOR: FOR}, EVERYBODY, 1, (R,), {V}),
        (HOS_TOO | DIRECTOR_TOO, EVERYBODY, 1, (), {R}),
        (HOS_TOO | DIRECTOR_TOO, SECOND_DIRECTOR, 1, (), {V}),
        # nobody but they are both
        (HOS_TOO | DIRECTOR_TOO, ALONE, 1, (), {R, V}),
        ({Tier.HEAD_OF_SERVICE: FOR, Tier.DIRECTOR: FOR}, ALONE, 1, (), {R}),
    ],
)  # fmt: skip
def test_two_must_acknowledge_unless_it_has_climbed_to_one_or_one_alone_is_both(
    mine: Mapping[Tier, Authority],
    answering: Answering,
    steps: int,
    had: Sequence[Seat],
    takes: Collection[Seat],
) -> None:
    alert = an_alert(*had, steps=steps)
    after = acknowledge(alert, mine, SINCE, answering=answering, rules=RULES)
    assert set(after.seats) - set(had) == set(takes)
    # and the same person pressing again takes nothing more
    assert acknowledge(after, mine, SINCE, answering=answering, rules=RULES) == after


def test_a_deputy_of_the_director_does_not_take_both_when_it_climbs_to_the_director() -> None:
    mine = {Tier.HEAD_OF_SERVICE: FOR, Tier.DIRECTOR: FOR}
    after = acknowledge(an_alert(steps=3, climbed=True), mine, SINCE, answering=EVERYBODY, rules=RULES)
    assert set(after.seats) == {R}
    assert acknowledge(after, mine, SINCE, answering=EVERYBODY, rules=RULES) == after


def test_a_seat_is_taken_in_the_place_that_is_its_own_before_a_higher_one() -> None:
    mine = {Tier.DCS: Authority(DCS), Tier.DIRECTOR: Authority(DCS, DIRECTOR)}
    after = acknowledge(an_alert(steps=4), mine, SINCE, answering=EVERYBODY, rules=RULES)
    assert after.seats[V].tier is Tier.DIRECTOR
    assert after.seats[R].tier is Tier.DCS


def test_the_director_can_respond_at_once_where_nobody_is_head_of_service() -> None:
    found = climb(an_alert(), replace(NO_DEPUTIES, head_of_service=()), RULES, SINCE)
    assert found is not None
    assert found.alert.climbed
    begun = climb(an_alert(), EVERYBODY, RULES, SINCE)
    assert begun is not None
    assert not begun.alert.climbed


# whatever happens

PEOPLE = st.lists(st.integers(1, 6), max_size=2, unique=True).map(tuple)
ANSWERINGS = st.builds(
    Answering, PEOPLE, PEOPLE, PEOPLE, PEOPLE,
    st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=2, unique=True).map(tuple)),
)  # fmt: skip
TELLS = st.lists(st.sampled_from(list(Tier)), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def ladders(draw: st.DrawFn) -> Concerns:
    later = sorted(draw(st.sets(st.integers(1, 200), max_size=5)))
    rungs = [Rung(after_minutes=minute, tell=draw(TELLS)) for minute in later]
    longest = later[-1] if later else 0
    return Concerns(ladder=(*BOTH_AT_ONCE, *rungs), round_minutes=draw(st.integers(longest + 1, 400)))


@given(
    rules=ladders(),
    answering=ANSWERINGS,
    seats=st.sets(st.sampled_from(list(Seat)), max_size=1),
    looks=st.lists(st.integers(-30, 3000), min_size=1, max_size=12),
)
def test_every_look_leaves_the_next_step_ahead_and_tells_each_person_once(
    rules: Concerns, answering: Answering, seats: set[Seat], looks: list[int]
) -> None:
    alert, latest = an_alert(*seats), -1
    for minute in looks:
        now = SINCE + minute * MINUTE
        found = climb(alert, answering, rules, now)
        due = next_due(alert, rules)
        assert due is not None
        assert (found is not None) == (due <= now), "told exactly when the record says that it is due"
        if found is None:
            continue
        assert minute > latest, "never for an instant that was looked at before"
        assert len(set(found.told)) == len(found.told)
        assert found.alert.steps > alert.steps
        assert found.told or not _reachable(alert, answering, rules), (
            "somebody is told where somebody is there"
        )
        alert, latest = found.alert, minute
        ahead = next_due(alert, rules)
        assert ahead is not None
        assert ahead > now


def _reachable(alert: Alert, answering: Answering, rules: Concerns) -> bool:
    """Whether the ladder leads to anybody while these seats are open."""
    tiers = {tier for rung in rules.ladder for tier in rung.tell}
    first = {Tier.DIRECTOR} if Seat.OVERSIGHT not in alert.open_seats else set[Tier]()
    later = {tier for rung in rules.ladder[1:] for tier in rung.tell}
    return any(answering.at(tier, alert.open_seats) for tier in (tiers - first) | later)


def test_the_seats_are_those_of_the_two_who_must_answer() -> None:
    assert alerts.OF_SEAT == {R: Tier.HEAD_OF_SERVICE, V: Tier.DIRECTOR}


# a clock that is set back, a ladder that is made faster


@pytest.mark.parametrize("hours", [1, 2, 24])
def test_a_clock_that_is_set_back_repeats_no_step_and_is_noticed(hours: int) -> None:
    """Another replica's may be right. Given three steps taken at minute 31."""
    back = SINCE + 31 * MINUTE - timedelta(hours=hours)
    alert = an_alert(steps=3)
    assert not is_due(alert, RULES, back)
    assert climb(alert, EVERYBODY, RULES, back) is None
    assert lies_ahead(due_at(alert, 3, RULES), RULES, back)


def test_a_first_step_that_lies_ahead_is_due_at_once() -> None:
    now = SINCE - 60 * MINUTE
    assert is_due(an_alert(), RULES, now)
    found = climb(not_ahead(an_alert(), now), EVERYBODY, RULES, now)
    assert found is not None
    assert (found.told, found.first) == ((HOS, DIRECTOR), True)
    assert next_due(found.alert, RULES) == now + 15 * MINUTE


def test_a_clock_that_goes_as_it_should_changes_nothing() -> None:
    for steps in range(1, 12):
        alert = an_alert(steps=steps)
        before = due_at(alert, steps - 1, RULES)
        assert not is_due(alert, RULES, before)
        assert not lies_ahead(due_at(alert, steps, RULES), RULES, before - 4 * MINUTE), (
            "replicas differ a little"
        )
        assert is_due(alert, RULES, due_at(alert, steps, RULES))
        assert not_ahead(alert, SINCE - MINUTE) == alert
    assert not is_due(an_alert(*Seat, steps=3), RULES, SINCE + 90 * MINUTE), "nobody is looked for"


def test_a_ladder_that_is_made_faster_is_climbed_at_once() -> None:
    """Given one step of a ladder that takes a day for a round; then the policy has the default one."""
    assert is_due(an_alert(steps=1), RULES, SINCE + 16 * MINUTE)
