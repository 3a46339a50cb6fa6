"""What a month's figures must be, counted from the story's own diary as somebody would with pencil and paper."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.policy import Policy
from tests.stories.month_story import Case, TheMonth

DEADLINE, BOOKS_CLOSE = date(2019, 1, 31), date(2019, 2, 7)
"""A Thursday, and five working days later."""
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
Row = dict[str, int | float | None]


def percent(name: str, count: int, of: int) -> Row:
    exact = Decimal(100 * count) / of if of else None
    rounded = float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)) if exact is not None else None
    return {f"{name}_percent": rounded, f"{name}_denominator": of}


def in_time(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.returned_on and case.returned_on <= DEADLINE]


def here(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.returned_on]


def standing(cases: Sequence[Case], today: date) -> Row:
    """`returned` is what came by the deadline; all of these add up to what was issued."""
    found = Counter("returned" for _ in in_time(cases))
    for case in cases:
        if case.returned_on is None:
            found["nil" if today > BOOKS_CLOSE else "outstanding"] += 1
        elif case.returned_on > DEADLINE:
            found["late" if case.returned_on <= BOOKS_CLOSE else "nil"] += 1
    assert sum(found.values()) == len(cases)
    return {name: found[name] for name in ("returned", "late", "nil", "outstanding")}


def completion(month: TheMonth, today: date) -> Row:
    diary = month.diary
    cases, away = diary.allocated, diary.exempt_as("non-operational")
    pool, returned = len(cases) + len(diary.exempt), len(in_time(cases))
    below = sum(case.meets_standard is False for case in in_time(cases))
    return {
        "pool": pool,
        "non_operational": away,
        "operational": diary.exempt_as("operational"),
        "allocated": len(cases),
        **standing(cases, today),
        "below_standard": below,
        "to_standard": returned - below,
        **percent("overall", returned, pool),
        **percent("less_non_operational", returned, pool - away),
        **percent("to_standard", returned - below, len(cases)),
        **percent("compliance", returned, len(cases)),
    }


def activity(month: TheMonth, today: date) -> Row:
    """No programme says how many core audits are expected: as many as were issued."""
    cases = month.diary.allocated
    returned, sheets = len(in_time(cases)), sum(case.took_part["reflection_sheet"] for case in here(cases))
    return {
        "expected": len(cases),
        "issued": len(cases),
        **standing(cases, today),
        "reflection_sheets": sheets,
        "earlier_actions_reviewed": 0,
        **percent("expected", returned, len(cases)),
        **percent("compliance", returned, len(cases)),
        **percent("reflection_sheets", sheets, len(here(cases))),
        **percent("earlier_actions_reviewed", 0, 0),
    }


def pool(month: TheMonth) -> Row:
    targets, diary = Policy().pool, month.diary
    auditors, moderators = len(month.council.auditing) + len(diary.joined), len(month.council.moderators)
    return {
        "auditors": auditors,
        "moderators": moderators,
        "target_auditors": targets.target_auditors,
        "target_moderators": targets.target_moderators,
        "pool": auditors,
        "exempt": len(diary.exempt),
        "with_audit": len(diary.allocated),
        "free": auditors - len(diary.exempt) - len(diary.allocated),
        "resting": 0,
        "not_trained": 0,
        **percent("auditors", auditors, targets.target_auditors),
        **percent("moderators", moderators, targets.target_moderators),
    }


def grades(month: TheMonth) -> Row:
    """By the moderated grade where there is one; what is below the standard counts only for a child of concern."""
    counted = [
        case for case in here(month.diary.allocated) if case.meets_standard is not False or case.concern
    ]
    found = Counter(case.moderated_grade or case.grade for case in counted)
    return {"graded": len(counted), **{grade: found[grade] for grade in GRADES}}


def moderation(month: TheMonth) -> Row:
    judged = [case for case in month.diary.allocated if case.moderated_grade]
    steps = [GRADES.index(case.grade) - GRADES.index(case.moderated_grade) for case in judged]
    primary, second = Counter(case.grade for case in judged), Counter(case.moderated_grade for case in judged)
    return {
        "returned": len(here(month.diary.allocated)),
        "moderated": len(judged),
        "changed": sum(step != 0 for step in steps),
        "up": sum(step > 0 for step in steps),
        "down": sum(step < 0 for step in steps),
        **{f"primary_{grade}": primary[grade] for grade in GRADES},
        **{f"moderated_{grade}": second[grade] for grade in GRADES},
    }


def engagement(month: TheMonth) -> Row:
    back = here(month.diary.allocated)
    names = ("social_worker", "manager", "child", "parent", "iro", "reflection_sheet")
    counts = {name: sum(case.took_part[name] for case in back) for name in names}
    found: Row = {"returned": len(back), **counts}
    for name, count in counts.items():
        found |= percent(name, count, len(back))
    return found


def exemptions(month: TheMonth) -> Row:
    diary = month.diary
    return {
        "approved": len(diary.exempt),
        "non_operational": diary.exempt_as("non-operational"),
        "operational": diary.exempt_as("operational"),
        "after_issue": len(diary.exempt_after_issue),
        "declined": len(diary.declined),
    }


def returned_by_service(month: TheMonth) -> dict[str, int]:
    services = {team.name: team.service for team in month.council.teams}
    found = Counter(services[case.team] for case in in_time(month.diary.allocated))
    return {service: found[service] for service in sorted(set(services.values()))}
