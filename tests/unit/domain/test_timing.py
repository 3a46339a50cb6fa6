"""When a request may be made, and what the day of asking means for it (domain, sections 3.5 and 4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import LONDON, Month, local_date
from domain.errors import Invalid, OutOfDate
from domain.exemptions import Command, State, Timing, in_last_week, timing
from domain.policy import Exemptions as Rules
from tests.builders import DANA, NOVEMBER, TOM, an_audit
from tests.unit.domain.council import a_council, refusal

RULES = Rules()
MONTH_ENDS_OFF = [
    (Month(2027, 1), date(2027, 1, 31)),
    (Month(2027, 2), date(2027, 2, 28)),
    (Month(2027, 5), date(2027, 5, 31)),
    (Month(2027, 7), date(2027, 7, 31)),
    (Month(2027, 10), date(2027, 10, 31)),
]


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def asked(
    month: Month, now: datetime, explanation: str = "Evidence at a hearing", rules: Rules = RULES
) -> Timing:
    return timing(month, now=now, issued=False, explanation=explanation, rules=rules)


@pytest.mark.parametrize(
    ("day", "flagged"), [(1, False), (23, False), (24, True), (27, True), (30, True)], ids=str
)
def test_the_last_seven_days_of_november_are_flagged(day: int, *, flagged: bool) -> None:
    assert asked(NOVEMBER, at(date(2026, 11, day))).last_week is flagged
    # and a month still to come is never in its last week
    assert asked(NOVEMBER.plus(1), at(date(2026, 11, day))).last_week is False


@pytest.mark.parametrize(("month", "end"), MONTH_ENDS_OFF, ids=str)
def test_a_month_end_off_work_is_still_the_deadline(month: Month, end: date) -> None:
    # the weekend or bank holiday itself is in time, and in the last week
    assert asked(month, at(end, 23, 59)) == Timing(last_week=True, after_issue=False)
    # the seventh calendar day before the end counts, the eighth does not, whatever days of the week they are
    assert asked(month, at(end - timedelta(days=6), 0, 0)).last_week
    assert not asked(month, at(end - timedelta(days=7), 23, 59)).last_week
    # one minute into the next day it is over
    with pytest.raises(Invalid) as refused:
        asked(month, at(end + timedelta(days=1), 0, 0))
    assert (refused.value.code, refused.value.facts["month"]) == ("after_deadline", str(month))


@pytest.mark.parametrize("explanation", ["", "   ", "\n"])
def test_the_last_week_wants_an_explanation(explanation: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(NOVEMBER, at(date(2026, 11, 24)), explanation)
    assert (refused.value.code, refused.value.facts["field"]) == ("explanation_missing", "explanation")
    assert not asked(NOVEMBER, at(date(2026, 11, 23)), explanation).last_week


def test_london_decides_what_day_it_is() -> None:
    # half past eleven at night in UTC on 30 June is July in London
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with pytest.raises(Invalid, match="after_deadline"):
        asked(Month(2026, 6), summer)
    assert asked(Month(2026, 6), summer - timedelta(hours=1)).last_week
    # in winter the two agree
    assert asked(NOVEMBER, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)).last_week
    # the last week of June begins at 23:00 UTC of the 23rd
    assert not asked(Month(2026, 6), datetime(2026, 6, 23, 22, 59, tzinfo=UTC)).last_week
    assert asked(Month(2026, 6), datetime(2026, 6, 23, 23, 0, tzinfo=UTC)).last_week


@pytest.mark.parametrize(
    ("month", "last", "first_over"),
    [
        # the clocks go forward on 28 March 2027 and back on 25 October 2026
        (
            Month(2027, 3),
            datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC),
            datetime(2027, 3, 31, 23, tzinfo=UTC),
        ),
        (Month(2026, 10), datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
    ],
    ids=str,
)
def test_months_with_a_clock_change_end_at_their_own_midnight(
    month: Month, last: datetime, first_over: datetime
) -> None:
    assert asked(month, last).last_week
    with pytest.raises(Invalid, match="after_deadline"):
        asked(month, first_over)


def test_how_far_ahead_is_the_policys() -> None:
    now = at(date(2026, 11, 11))
    assert asked(Month(2027, 11), now) == Timing(last_week=False, after_issue=False)
    with pytest.raises(Invalid, match="too_far_ahead"):
        asked(Month(2027, 12), now)
    with pytest.raises(Invalid, match="too_far_ahead"):
        asked(Month(2026, 12), now, rules=Rules(months_ahead=0))
    assert asked(NOVEMBER, now, rules=Rules(months_ahead=0))


def test_an_explanation_too_long_is_said_with_the_limit() -> None:
    now = at(date(2026, 11, 11))
    assert asked(NOVEMBER, now, "x" * 1000)
    with pytest.raises(Invalid) as refused:
        asked(NOVEMBER, now, "x" * 1001)
    assert (refused.value.code, refused.value.facts["longest"]) == ("too_long", "1000")


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    ahead=st.integers(-2, 14),
    week=st.integers(1, 31),
)
def test_every_request_is_in_time_or_says_why_not(now: datetime, ahead: int, week: int) -> None:
    today = now.astimezone(LONDON).date()
    month = Month.of(today).plus(ahead)
    if not 0 <= ahead <= 12:
        with pytest.raises(Invalid) as refused:
            asked(month, now)
        assert refused.value.code == ("after_deadline" if ahead < 0 else "too_far_ahead")
        return
    # the flag counts the days that are left, the deadline included
    left = (month.last - today).days + 1
    assert asked(month, now, rules=Rules(last_week_days=week)).last_week is (left <= week)
    assert in_last_week(month, today, Rules(last_week_days=week)) is (left <= week)


# In a council.


async def test_the_flags_stand_on_the_request_and_in_the_trail() -> None:
    # given Tom has his audit already, and it is the last week
    council = a_council(at(date(2026, 11, 26)))
    council.audit()
    made = await council.asks(TOM, explanation="  Evidence at a final hearing ")
    assert (made.last_week, made.after_issue) == (True, True)
    assert made.explanation == "Evidence at a final hearing"
    [entry] = council.trail()
    assert (entry.facts["last_week"], entry.facts["after_issue"]) == ("True", "True")
    assert entry.texts == {"explanation": "Evidence at a final hearing"}
    assert "hearing" not in str(entry.facts)


async def test_a_child_already_freed_is_not_issued() -> None:
    council = a_council()
    council.audit(ref="A-1", state=an_audit().state.FREED, auditor_id=None)
    council.audit(ref="A-2", kind=an_audit().kind.THEMATIC)
    assert (await council.asks(TOM)).after_issue is False


async def test_a_reason_off_the_list_is_refused() -> None:
    council = a_council()
    assert (await refusal(council.asks(TOM, reason="dentist"))).code == "unknown_reason"
    made = await council.asks(TOM, reason="statutory_work")
    assert made.reason_class.value == "operational"


@pytest.mark.parametrize("command", [Command.ENDORSE, Command.DECLINE, Command.ASK_BACK, Command.WITHDRAW])
async def test_after_the_deadline_nothing_is_decided_any_more(command: Command) -> None:
    # given nobody answered, it is the first second of December, and the lapse is not yet written
    council = a_council()
    made = await council.asks(TOM)
    council.goes_to(datetime(2026, 12, 1, tzinfo=UTC))
    person = TOM if command is Command.WITHDRAW else DANA
    # when somebody presses a button on it
    refused = await refusal(council.does(person, command, made))
    # then it is too late, and says so
    assert isinstance(refused, OutOfDate)
    assert refused.facts["state"] == State.LAPSED.value
    assert council.exemption(made.ref) == made


async def test_the_last_second_of_the_month_still_counts() -> None:
    council = a_council()
    made = await council.asks(TOM)
    council.goes_to(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    assert local_date(council.now) == NOVEMBER.last
    assert (await council.does(DANA, Command.DECLINE, made)).state is State.DECLINED


@pytest.mark.parametrize("end", [Command.WITHDRAW, Command.DECLINE])
async def test_a_second_request_is_possible_once_the_first_is_over(end: Command) -> None:
    council = a_council()
    first = await council.asks(TOM)
    refused = await refusal(council.asks(TOM))
    assert (refused.code, refused.facts["ref"]) == ("already_requested", first.ref)
    assert (await council.asks(TOM, NOVEMBER.plus(1))).ref == "E-2"
    await council.does(TOM if end is Command.WITHDRAW else DANA, end, first)
    assert (await council.asks(TOM)).ref == "E-3"
