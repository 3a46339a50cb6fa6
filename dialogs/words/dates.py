"""How days, months and numbers are written. Names are spelt here, so that no machine's locale changes them."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.calendar import LONDON, Month

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: date) -> str:
    """Mon 30 November 2026"""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: Month) -> str:
    """November 2026"""
    return f"{_MONTHS[value.number - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Fri 20 November 2026, 14:05 (London's clock)"""
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def when(value: datetime, today: date) -> str:
    """at 14:05; on another day "on Fri 20 November 2026, 14:05" (London's clock)."""
    local = value.astimezone(LONDON)
    return f"at {local:%H:%M}" if local.date() == today else f"on {moment(value)}"


def day_of(value: datetime) -> str:
    """The day of an instant, in London."""
    return day(value.astimezone(LONDON).date())


def count(number: int, one: str, many: str | None = None) -> str:
    """1 request, 2 requests, 1,204 requests"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 11th, 21st."""
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def days_left(working_days: int) -> str:
    if working_days == 0:
        return "no working day left after today"
    return f"{count(working_days, 'working day')} left after today"


def short_list(parts: Sequence[str], joiner: str = "and") -> str:
    """a; a and b; a, b and c"""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joiner} {parts[-1]}"


def page(offset: int, shown: int, total: int) -> str:
    """Showing 11 to 20 of 1,000."""
    if shown == 0:
        return f"None on this page, {total:,} in all."
    if shown == total:
        return f"{total:,} in all."
    return f"Showing {offset + 1:,} to {offset + shown:,} of {total:,}."
