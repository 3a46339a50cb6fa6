"""Months, deadlines and working days of England. Every "today" and "now" is an argument."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
"""Years that a calendar, its neighbours and a database column can hold: a typed 9999-12 has no next month."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2026-11`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Raises ValueError unless `text` is YYYY-MM of the years 1900 to 2099."""
        found = _MONTH.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is not a month; write it as 2026-11")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The deadline of the month's audits: the last calendar day, weekend or not (domain, section 3.5)."""
        return _last_day(self.year, self.number)

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)


@lru_cache(maxsize=512)
def _last_day(year: int, number: int) -> date:
    """Asked several times for each person of a pool."""
    return Month(year, number).plus(1).first - timedelta(days=1)


def local_date(now: datetime) -> date:
    """The calendar day in London of an aware instant."""
    return now.astimezone(LONDON).date()


def local_instant(day: date, at: time) -> datetime:
    """The instant (UTC) at which London's clocks show `at` on `day`; a time that the spring change skips is
    the instant an hour later, one that the autumn change repeats is the first of the two."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def _days(start: date, end: date) -> Iterator[date]:
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


def last_working_day(month: Month) -> date:
    """What reminders aim at: the last working day on or before the deadline."""
    day = month.last
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def first_working_day(month: Month) -> date:
    day = month.first
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_between(after: date, until: date) -> int:
    """Working days later than `after`, up to and including `until`; 0 when there are none."""
    return sum(1 for day in _days(after + timedelta(days=1), until) if is_working_day(day))


def plus_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (for 0, the day itself)."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the next one."""
    return day if is_working_day(day) else plus_working_days(day, 1)


def ends_at(month: Month) -> datetime:
    """The instant at which the month is over in London: nothing can be asked for it from then on."""
    return local_instant(month.plus(1).first, time())
