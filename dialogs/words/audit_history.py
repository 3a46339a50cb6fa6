"""What a step of an audit's history has changed: both values, as far as this reader may know them."""

from collections.abc import Mapping

from dialogs.neutral import one_line
from dialogs.words.audit_card import ENGAGEMENT
from dialogs.words.grades import GRADE
from domain.kinds import Grade
from domain.templates import AREA
from domain.views.audits import AuditView

NAME_SHOWN = 80


def changed(facts: Mapping[str, str], view: AuditView | None = None) -> str:
    """ "Good → Inadequate; child C10432 → C10501", from what a step did; "" where it changed nothing that is said.
    Whom this reader need not know is not in the view, and stays out."""
    found = [
        _grade_changed(facts),
        *(say(facts, view) for say in (_child, _category, _moderator, _areas, _parts)),
    ]
    return "; ".join(one for one in found if one)


def _sides(facts: Mapping[str, str], name: str) -> tuple[str, str]:
    before, _, after = facts.get(name, "").partition(">")
    return before, after


def _grade_changed(facts: Mapping[str, str]) -> str:
    for name in ("final_grade", "moderated_grade", "grade"):
        before, after = _sides(facts, name)
        if after in set(Grade):
            return _arrow(_grade_name(before), _grade_name(after))
    return ""


def _grade_name(code: str) -> str:
    return GRADE[Grade(code)] if code in set(Grade) else ""


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}" if old and old != new else new


def _child(facts: Mapping[str, str], _: AuditView | None) -> str:
    before, after = (one_line(side, 40) for side in _sides(facts, "child_ref"))
    return f"child {before} → {after}" if before and after else ""


def _category(facts: Mapping[str, str], _: AuditView | None) -> str:
    before, after = _sides(facts, "concern_category")
    if not before and not after:
        return ""
    old, new = (f"Category {side}" if side else "no child of concern" for side in (before, after))
    return f"{old} → {new}" if before else new


def _moderator(facts: Mapping[str, str], view: AuditView | None) -> str:
    before, after = (
        one_line(view.name(int(side)), NAME_SHOWN) if view and side.isdecimal() else ""
        for side in _sides(facts, "moderator_id")
    )
    return _arrow(before, after) if after else ""


def _areas(facts: Mapping[str, str], view: AuditView | None) -> str:
    labels: Mapping[str, str] = view.labels.areas if view else {}
    found: list[str] = []
    for name in (name for name in facts if name.startswith(AREA)):
        before, after = (_grade_name(side) or "not graded" for side in _sides(facts, name))
        code = name.removeprefix(AREA)
        found.append(f"{one_line(labels.get(code, code), 60)}: {before} → {after}")
    return "; ".join(found)


def _parts(facts: Mapping[str, str], _: AuditView | None) -> str:
    yes_no = {"yes": "Yes", "no": "No"}
    found: list[str] = []
    for name in (name for name in ENGAGEMENT if name in facts):
        before, after = (yes_no.get(side, "not said") for side in _sides(facts, name))
        found.append(f"{ENGAGEMENT[name]}: {before} → {after}")
    return "; ".join(found)
