"""What is said where a preview cannot be issued: what has changed since it was looked at, or who issued it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from dialogs.words.dates import count, day_of, month, short_list
from dialogs.words.issuing import STANDING
from domain.draw_basis import Changes
from domain.kinds import Kind
from domain.pool import Standing
from domain.ports import DrawRecord

A_MOMENT = timedelta(minutes=10)
NOTHING_ISSUED = "This has changed since you looked, and nothing was issued"
NOT_KNOWN = f"{NOTHING_ISSUED}. Here is the draw as it is now."


def changed(changes: Changes | None, kind: Kind, looked: str = "") -> str:
    """`looked` is who asked for something else, neutral already."""
    found = _all(changes, kind, looked) if changes else []
    return f"{NOTHING_ISSUED}: {'; '.join(found)}. Here is the draw as it is now." if found else NOT_KNOWN


def _all(changes: Changes, kind: Kind, looked: str) -> list[str]:
    parts = (*_asked(changes, looked), *_people(changes, kind), *_children(changes))
    return [part for part in parts if part]


_OTHERWISE = {
    "numbers": "other numbers",
    "cohorts": "other cohorts",
    "look_back": "another look-back",
    "excluded": "other children to leave out",
    "theme": "another theme",
}


def _asked(changes: Changes, looked: str) -> list[str]:
    wanted = short_list([_OTHERWISE[what] for what in changes.asked])
    return [f"{looked or 'somebody'} asked for {wanted}"] if wanted else []


def _people(changes: Changes, kind: Kind) -> list[str]:
    return [
        f"{_of(changes.left, kind)} left the draw{_why(changes.reasons)}" if changes.left else "",
        f"{_of(changes.joined, kind)} joined the draw" if changes.joined else "",
        "what is known of somebody has changed (their team, or whom they audited before)"
        if changes.people_known
        else "",
    ]


def _of(number: int, kind: Kind) -> str:
    return count(number, "auditor") if kind is Kind.CORE else count(number, "person", "people")


def _why(reasons: Mapping[Standing, int]) -> str:
    """Those who are not asked any more for a reason that is known; who left the list has none."""
    said = [
        "1 exemption was approved"
        if standing is Standing.EXEMPT and number == 1
        else f"{number:,} exemptions were approved"
        if standing is Standing.EXEMPT
        else f"{number:,} more {STANDING[standing][0 if number == 1 else 1]}"
        for standing, number in reasons.items()
    ]
    return f" ({short_list(said)})" if said else ""


_RULES = {
    "closed": "closed",
    "audited": "audited lately",
    "in_progress": "with an audit under way",
    "excluded": "left out by hand",
    "cohort": "in none of the chosen cohorts",
}


def _children(changes: Changes) -> list[str]:
    """How many fewer or more can be drawn, and by which rule."""
    why = [
        f"{abs(number):,} {'more' if number > 0 else 'fewer'} {_RULES[rule]}"
        for rule, number in changes.rules.items()
        if rule in _RULES
    ]
    if changes.listed:
        word = "more" if changes.listed > 0 else "fewer"
        why.append(f"{abs(changes.listed):,} {word} in the children's file")
    reasons = f" ({short_list(why)})" if why else ""
    moved = changes.more or changes.fewer
    if moved:
        word = "more" if changes.more else "fewer"
        return [f"{count(moved, f'{word} child', f'{word} children')} can be drawn{reasons}"]
    if why:
        return [f"as many children can be drawn, and not the same{reasons}"]
    return [
        "what is known of a child has changed (team, cohort or social worker)"
        if changes.children_known
        else ""
    ]


def issued_by(
    record: DrawRecord, by: str, audits: int, now: datetime, *, mine: bool, pressed: bool = False
) -> str:
    """`by` is neutral already, "" where nobody is known. `pressed`: to somebody who wanted to issue it."""
    at = record.issued_at
    if at is None:
        return NOT_KNOWN
    when = "a moment ago" if timedelta() <= now - at < A_MOMENT else f"on {day_of(at)}"
    who = " by you" if mine else f" by {by}" if by else ""
    nothing = " This press issued nothing more." if pressed else ""
    return (
        f"{month(record.month)} was issued {when}{who}: {count(audits, 'audit')}.{nothing} "
        "Auditors who join later can be drawn for; nothing changes for the others."
    )
