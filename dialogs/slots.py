"""Slots that any message may carry: its month, references, reason, whom it is for, and a decision."""

import re
from datetime import date

from dialogs.phrases import MONTHS, OTHERS, REASONS
from dialogs.spelling import KNOWN, plain, spelt
from domain.calendar import Month

_EXEMPTION_REF = re.compile(r"\be[- ]?(\d{1,9})\b", re.IGNORECASE)
_AUDIT_REF = re.compile(r"\ba-(\d{1,9})\b", re.IGNORECASE)
_CHILD_REF = re.compile(r"\bc-?(\d{4,9})\b", re.IGNORECASE)
_CHILD_NUMBER = re.compile(r"(?<![\w/-])(\d{5,9})(?![\w/-])")
"""Without its letter: only where the number is too long for a year, a day or a count."""
_NAME = r"([A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2})"
_FOR_NAME = re.compile(r"\b(?:for|exempt)\s+" + _NAME)
_DEPUTY_NAME = re.compile(
    r"\b(?i:make|name|set|want)\s+" + _NAME + r"(?=.*\b(?i:deputy|stand|cover|delegate))"
)
_DECISIONS = {
    "approve": "approve", "approved": "approve", "endorse": "endorse", "decline": "decline", "declined": "decline",
    "reject": "decline", "refuse": "decline",
}  # fmt: skip


def child_in(text: str) -> str:
    """The child's reference that was said; empty where there was none."""
    seen = _CHILD_REF.search(text)
    return f"C{seen[1]}" if seen else ""


def basic(text: str, tokens: tuple[str, ...], found: frozenset[str], today: date) -> dict[str, str]:
    slots: dict[str, str] = {}
    month = month_in(tokens, today)
    if month:
        slots["month"] = str(month)
    for name, pattern, prefix in (
        ("ref", _EXEMPTION_REF, "E-"),
        ("audit_ref", _AUDIT_REF, "A-"),
        ("child_ref", _CHILD_REF, "C"),
    ):
        seen = pattern.search(text)
        if seen:
            slots[name] = f"{prefix}{seen[1]}"
    number = _CHILD_NUMBER.search(text)
    if number and "child_ref" not in slots:
        slots["child_ref"] = number[1]
    reason = next((code for code, said in REASONS.items() if said & found), None)
    if reason:
        slots["reason"] = reason
    slots |= _people(text, found)
    decision = next((_DECISIONS[token] for token in tokens if token in _DECISIONS), None)
    return slots | ({"decision": decision} if decision else {})


def _people(text: str, found: frozenset[str]) -> dict[str, str]:
    deputy = _DEPUTY_NAME.search(text)
    if deputy:
        return {"person": deputy[1]}
    named = _FOR_NAME.search(text)
    if named and not _is_no_name(named[1]):
        return {"person": named[1], "for": "others"}
    if OTHERS & found:
        return {"for": "others"}
    return {"for": "self"} if found & {"i", "im", "me", "my", "myself", "ive"} else {}


def _is_no_name(written: str) -> bool:
    """ "for November", "for Me": a capital letter makes no name."""
    first = plain(written).split()
    return not first or spelt(first[0]) in MONTHS or first[0] in KNOWN


_ISO_MONTH = re.compile(r"(20\d\d)-(0?[1-9]|1[0-2])(?:-\d\d)?\Z")
_SLASH_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/-](20\d\d)\Z")
_RELATIVE = {"this": 0, "next": 1, "last": -1, "previous": -1, "current": 0, "coming": 1}
_BEFORE_MAY = frozenset(
    {"in", "for", "of", "this", "next", "last", "from", "until", "till", "by", "1", "end"}
)


def month_in(tokens: tuple[str, ...], today: date) -> Month | None:
    """The month that is said: "this month", "november", "nov 2026", "2026-11". A name without a year is the
    month of that name that is nearest to today."""
    this = Month.of(today)
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _RELATIVE and after == "month":
            return this.plus(_RELATIVE[token])
        written = _ISO_MONTH.match(token)
        if written:
            return Month(int(written[1]), int(written[2]))
        written = _SLASH_MONTH.match(token)
        if written:
            return Month(int(written[2]), int(written[1]))
        if token in MONTHS and _means_the_month(tokens, index, after):
            return _nearest(MONTHS[token], after, this)
    return None


def _means_the_month(tokens: tuple[str, ...], index: int, after: str) -> bool:
    """ "may" is mostly a verb."""
    return (
        tokens[index] != "may"
        or len(tokens) == 1
        or after.startswith("20")
        or (index > 0 and tokens[index - 1] in _BEFORE_MAY)
    )


def _nearest(number: int, after: str, this: Month) -> Month:
    if re.fullmatch(r"20\d\d", after):
        return Month(int(after), number)
    near = [Month(this.year + years, number) for years in (-1, 0, 1)]
    return min(near, key=lambda month: (abs(_distance(this, month)), -_distance(this, month)))


def _distance(start: Month, end: Month) -> int:
    return (end.year - start.year) * 12 + end.number - start.number


def ahead(slots: dict[str, str], today: date) -> None:
    """Nobody asks to be exempt from a month that is over: the next of that name is meant."""
    if "month" in slots:
        month = Month.parse(slots["month"])
        if -6 <= _distance(Month.of(today), month) < -1:
            slots["month"] = str(month.plus(12))
