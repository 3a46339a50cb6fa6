"""What an auditor hands in: answers to the template's questions, saved as they go (domain, section 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.audits import Audit
from domain.people import PersonId
from domain.templates import NONE_BECAUSE, Template

FOR = "@for"
"""Beside the answers: whose return it is and about which child. Another auditor or another child begins anew."""
LAST_ACTION = "@last_action"
"""Beside the answers: the highest number that an action of this return ever had."""
ACTIONS_MOST = 20
ACTION_LONGEST = 500


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action that the return asks for. `number` names it within the return (1, 2, ...)."""

    number: int
    description: str
    owner_id: PersonId | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Return:
    """The return of one audit, half-filled or handed in. `answers` by the code of the question, practice areas under
    `area_CODE`; what is not answered is not there. `handed_in_at` is the latest time it was handed in. `template` is
    the one it was begun with."""

    audit_id: int
    audit_ref: str
    template: Template
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    actions: tuple[PlannedAction, ...] = ()
    saved_at: datetime | None = None
    handed_in_at: datetime | None = None
    version: int = 0
    """0: not saved yet."""


def none_because(filled: Return | None) -> str:
    """Why there was none to look at, of a return that says so; else ""."""
    return filled.answers.get(NONE_BECAUSE, "") if filled else ""


# whose return it is


def _owner(audit: Audit) -> str:
    return f"{audit.auditor_id or ''}|{audit.child_ref or ''}"


def current(filled: Return | None, audit: Audit) -> Return | None:
    """The return, where it is of the audit's present auditor and child; what somebody else began is nobody's now."""
    if filled is None or filled.answers.get(FOR, _owner(audit)) != _owner(audit):
        return None
    return filled


def begun(filled: Return | None, audit: Audit, template: Template) -> Return:
    """What there is to go on with; else an empty one, which takes the place of what somebody else began."""
    found = current(filled, audit)
    if found is not None:
        return claimed(found, audit)
    version = filled.version if filled else 0
    return claimed(Return(audit.id, audit.ref, template, version=version), audit)


def claimed(filled: Return, audit: Audit) -> Return:
    return replace(filled, answers={**filled.answers, FOR: _owner(audit)})


# actions


def with_action(filled: Return, description: str, owner_id: PersonId | None, due_on: date) -> Return:
    """Numbers are not used twice, so that an action of the tracker stays with its own."""
    before = max((action.number for action in filled.actions), default=0)
    number = max(before, int(filled.answers.get(LAST_ACTION, "0"))) + 1
    action = PlannedAction(number, description.strip(), owner_id, due_on)
    answers = {**filled.answers, LAST_ACTION: str(number)}
    return replace(filled, actions=(*filled.actions, action), answers=answers)


def without_action(filled: Return, number: int) -> Return:
    return replace(filled, actions=tuple(a for a in filled.actions if a.number != number))


def renumbered(filled: Return) -> Return:
    """The same actions as new ones: of another child."""
    actions, emptied = filled.actions, replace(filled, actions=())
    for action in actions:
        emptied = with_action(emptied, action.description, action.owner_id, action.due_on)
    return emptied
