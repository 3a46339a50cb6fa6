"""Days as people say them, read on the side that is meant: what is still to come, or what was."""

import re
from datetime import date, timedelta

from dialogs.phrases import MONTHS

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday/mon", "tuesday/tue/tues", "wednesday/wed/weds", "thursday/thu/thur/thurs", "friday/fri",
         "saturday/sat", "sunday/sun")
    )
    for name in names.split("/")
}  # fmt: skip
_ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_BRITISH_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(?:20)?(\d\d))?\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? (" + "|".join(MONTHS) + r")\b(?: (20\d\d))?")
_THE_DAY = re.compile(r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b|\bthe (\d{1,2})\b")


def day_ahead(plain: str, tokens: tuple[str, ...], today: date) -> date | None:
    """The day that is meant, today or later: "the 4th", "wednesday", "4 dec", "4/12", "tomorrow", "next friday"."""
    return written(plain, today, 1) or _relative(tokens, today, 1) or of_month(plain, today, 1)


def day_back(plain: str, tokens: tuple[str, ...], today: date) -> date | None:
    """The same, today or earlier."""
    return written(plain, today, -1) or _relative(tokens, today, -1) or of_month(plain, today, -1)


def written(plain: str, today: date, way: int) -> date | None:
    """A day with its month: 2026-12-04, 4 dec, 4/12. Without a year, the nearest on the side of `way`."""
    iso = _ISO_DAY.search(plain)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    named = _DAY_MONTH.search(plain)
    if named:
        return _in_year(int(named[1]), MONTHS[named[2]], named[3], today, way)
    slashed = _BRITISH_DAY.search(plain)
    if slashed:
        return _in_year(
            int(slashed[1]), int(slashed[2]), f"20{slashed[3]}" if slashed[3] else None, today, way
        )
    return None


def _in_year(day: int, month: int, year: str | None, today: date, way: int) -> date | None:
    if year:
        return _made(int(year), month, day)
    found = [made for made in (_made(today.year + y, month, day) for y in (-1, 0, 1)) if made]
    fit = [made for made in found if (made >= today if way > 0 else made <= today)]
    return (min(fit) if way > 0 else max(fit)) if fit else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(tokens: tuple[str, ...], today: date, way: int) -> date | None:
    for index, word in enumerate(tokens):
        if word in ("today", "tonight"):
            return today
        if word in ("tomorrow", "tomoz", "tmrw") and way > 0:
            return today + timedelta(days=1)
        if word == "yesterday" and way < 0:
            return today - timedelta(days=1)
        if word in _WEEKDAYS:
            return _weekday(_WEEKDAYS[word], tokens[index - 1] if index else "", today, way)
    return None


def _weekday(wanted: int, before: str, today: date, way: int) -> date:
    away = (wanted - today.weekday()) * way % 7 or 7
    week_after = 7 if before == "next" and way > 0 and away <= 6 - today.weekday() else 0
    return today + timedelta(days=way * (away + week_after))


def of_month(plain: str, today: date, way: int) -> date | None:
    """A number alone is a day of this month or of those beside it. `way`: 1 today or later, -1 today or earlier."""
    found = _THE_DAY.search(plain)
    if found is None:
        return None
    number = int(found[1] or found[2])
    first = today.replace(day=1)
    for months in range(3):
        index = first.year * 12 + first.month - 1 + way * months
        made = _made(index // 12, index % 12 + 1, number)
        if made and (made >= today if way > 0 else made <= today):
            return made
    return None
