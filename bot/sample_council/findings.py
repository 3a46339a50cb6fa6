"""What an audit came back with: when, which grades, whose views, and what its moderator made of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from bot.sample_council.rows import AuditRow, dice
from bot.sample_council.staff import Staff
from domain.calendar import Month, plus_working_days

GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
_CHANCES_THEN = (2, 28, 48, 22)
_CHANCES_NOW = (5, 45, 40, 10)
"""Of each grade, half a year ago and this month: a council that gets better."""

_NIL_RETURNS, _LATE, _SENT_BACK, _CHANGED = 0.10, 0.08, 0.07, 0.14
_MODERATED = {"outstanding": 0.6, "good": 0.45, "requires_improvement": 0.12, "inadequate": 1.0}
"""The share moderated of each grade: Good and Outstanding first, then a few, every Inadequate (section 3.7)."""
_WORKING_DAYS_TO_MODERATE = (1, 6)
_DRAWN_SO_FAR = 0.45
"""Of the sample of a month in progress: the rest is for the QA team to draw."""
_NOT_FILED_YET = 0.06
_UNGRADED = ("minimum_standards", "dip_sample")

_ALWAYS = (
    "assessment",
    "planning",
    "review",
    "management_oversight",
    "direct_work",
    "relational_practice",
    "risk_assessment",
    "responsiveness",
)
_ALSO = {
    "child_protection_plan": ("iro_oversight",),
    "child_in_care": ("iro_oversight", "legal_activity", "permanence"),
    "care_leaver": ("permanence",),
}


def return_day(row: AuditRow) -> date | None:
    """When it will be back: mostly in the last third of the month; None for the few that never come."""
    throw = dice(f"return {row.audit_ref}")
    if throw.random() < _NIL_RETURNS:
        return None
    if throw.random() < _LATE:
        return row.month.last + timedelta(days=throw.randint(1, 4))
    days = (row.month.last - row.issued_on).days
    return row.issued_on + timedelta(days=round(throw.triangular(0, days, 0.7 * days)))


def found(staff: Staff, row: AuditRow, returned_on: date, moderators: Sequence[str], today: date) -> AuditRow:
    """The row as it stands today: returned, and moderated and uploaded where that has happened since."""
    throw = dice(f"findings {row.audit_ref}")
    grade = _grade(throw, row, today)
    row = replace(row, returned_on=returned_on, grade=grade)
    if row.child_ref is None:
        return row
    row = replace(
        row,
        social_worker_took_part=throw.random() < 0.72,
        manager_took_part=throw.random() < 0.55,
        child_views=throw.random() < 0.42,
        parent_views=throw.random() < 0.51,
        iro_views=throw.random() < 0.38 if "iro_oversight" in _practice_areas(row) else None,
        reflection_sheet=throw.random() < 0.6,
        areas=() if grade == "not_graded" else tuple(_graded_areas(throw, row, grade)),
    )
    row = _moderated(throw, staff, row, returned_on, moderators, today)
    return _uploaded(throw, _concern(throw, row, today), returned_on, today)


def _grade(throw: Random, row: AuditRow, today: date) -> str:
    if row.kind in _UNGRADED:
        return "not_graded"
    if row.kind == "reaudit":
        return throw.choices(GRADES, (0, 25, 40, 35))[0]
    behind = min(_months_behind(row, today) / 6, 1)
    weights = [
        then * behind + now * (1 - behind) for then, now in zip(_CHANCES_THEN, _CHANCES_NOW, strict=True)
    ]
    return throw.choices(GRADES, weights)[0]


def _practice_areas(row: AuditRow) -> tuple[str, ...]:
    return (*_ALWAYS, *_ALSO.get(row.legal_status or "", ()))


def _graded_areas(throw: Random, row: AuditRow, overall: str) -> list[str]:
    at = GRADES.index(overall)
    places = [max(0, min(len(GRADES) - 1, at + throw.choice((-1, 0, 0, 0, 1)))) for _ in _practice_areas(row)]
    return [f"{area}={GRADES[place]}" for area, place in zip(_practice_areas(row), places, strict=True)]


def _moderated(
    throw: Random, staff: Staff, row: AuditRow, returned_on: date, moderators: Sequence[str], today: date
) -> AuditRow:
    """By somebody else than the auditor, and of another team than the child's (section 2); named at once, and done
    some days later. What was sent back longer ago has been reworked since."""
    share = _MODERATED.get(row.grade or "", 0.0)
    able = [email for email in moderators if email != row.auditor and row.team not in staff.own_teams(email)]
    in_progress = row.month == Month.of(today)
    if throw.random() >= share * (_DRAWN_SO_FAR if in_progress else 1):
        return row
    row = replace(row, moderator=throw.choice(able))
    if plus_working_days(returned_on, throw.randint(*_WORKING_DAYS_TO_MODERATE)) > today:
        return row
    at = GRADES.index(row.grade or "good")
    step = throw.choice((-1, 1, 1)) if throw.random() < _CHANGED else 0
    grade = GRADES[max(0, min(len(GRADES) - 1, at + step))]
    meets = throw.random() >= _SENT_BACK or _months_behind(row, today) > 1
    return replace(row, moderated_grade=grade, meets_standard=meets)


def _concern(throw: Random, row: AuditRow, today: date) -> AuditRow:
    """A third of the Inadequate are children of concern. No Category 1 of the last two months: such a one is an
    alarm to be answered today, not a backdrop."""
    if (row.moderated_grade or row.grade) != "inadequate" or throw.random() >= 0.35:
        return row
    urgent = throw.random() < 0.15 and _months_behind(row, today) >= 2
    return replace(row, concern_category=1 if urgent else 2)


def _uploaded(throw: Random, row: AuditRow, returned_on: date, today: date) -> AuditRow:
    """After the third lock, which follows moderation; what is below standard is not uploaded (section 3.7 to 3.9).
    Of last month's a few are still to be put on the child's record."""
    day = plus_working_days(max(returned_on, row.month.last), throw.randint(2, 6))
    forgotten = throw.random() < _NOT_FILED_YET and _months_behind(row, today) <= 1
    if row.meets_standard is False or forgotten or day > today:
        return row
    return replace(row, uploaded_on=day)


def _months_behind(row: AuditRow, today: date) -> int:
    now = Month.of(today)
    return (now.year - row.month.year) * 12 + now.number - row.month.number
