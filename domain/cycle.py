"""The life of one audit, from issue to the child's record: the workflow as a table (domain, section 3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.audits import Audit, AuditState, Grade
from domain.calendar import Month, local_date
from domain.errors import Invalid, OutOfDate
from domain.people import PersonId


class Command(StrEnum):
    FREE = "free"
    GIVE = "give"
    CHANGE_CHILD = "change_child"
    AGREE_DATE = "agree_date"
    RETURN = "return"
    CORRECT = "correct"
    ASSIGN = "assign"
    MODERATE = "moderate"
    SEND_BACK = "send_back"
    RESUBMIT = "resubmit"
    DISPUTE = "dispute"
    LOCK = "lock"
    REOPEN = "reopen"
    UPLOAD = "upload"
    UNTICK = "untick"


class Party(StrEnum):
    """Who may give a command; whether somebody is one is asked of the permission table, in the use case."""

    AUDITOR = "auditor"
    MODERATOR = "moderator"
    QA_TEAM = "qa_team"
    SAMPLER = "sampler"
    """Who draws the moderation sample and names moderators: the QA team or the head of quality."""
    HEAD_OF_QUALITY = "head_of_quality"
    CONCERNED = "concerned"
    """The auditor, the team's manager, or the head of service: who may disagree with a moderated grade."""
    FILER = "filer"
    """Who ticks that the audit is on the child's record: its auditor, or the QA team."""
    UNTICKER = "unticker"
    """Who takes such a tick back: who files it, and the head of quality, who could not reopen it otherwise."""
    DECIDER = "decider"
    """Who answers a slippage: the head of service or the QA team."""


SAME = None
"""The state stays."""


@dataclass(frozen=True, slots=True)
class Step:
    to: AuditState | None
    by: Party
    needs_note: bool = False


_S, _C, _P = AuditState, Command, Party


def _workflow() -> dict[tuple[AuditState, Command], Step]:
    table = {
        (_S.ISSUED, _C.FREE): Step(_S.FREED, _P.QA_TEAM),
        (_S.ISSUED, _C.CHANGE_CHILD): Step(SAME, _P.QA_TEAM, needs_note=True),
        (_S.ISSUED, _C.AGREE_DATE): Step(SAME, _P.DECIDER),
        (_S.ISSUED, _C.RETURN): Step(_S.RETURNED, _P.AUDITOR),
        (_S.FREED, _C.GIVE): Step(_S.ISSUED, _P.QA_TEAM),
        (_S.SENT_BACK, _C.RESUBMIT): Step(_S.RESUBMITTED, _P.AUDITOR),
        (_S.SENT_BACK, _C.AGREE_DATE): Step(SAME, _P.DECIDER),
        (_S.MODERATED, _C.DISPUTE): Step(_S.DISPUTED, _P.CONCERNED, needs_note=True),
        (_S.MODERATED, _C.LOCK): Step(_S.LOCKED, _P.HEAD_OF_QUALITY),
        (_S.DISPUTED, _C.LOCK): Step(_S.LOCKED, _P.HEAD_OF_QUALITY, needs_note=True),
        (_S.LOCKED, _C.UPLOAD): Step(_S.UPLOADED, _P.FILER),
        (_S.RETURNED, _C.UPLOAD): Step(_S.UPLOADED, _P.FILER),
        (_S.UPLOADED, _C.UNTICK): Step(SAME, _P.UNTICKER, needs_note=True),
    }
    for state in (_S.RETURNED, _S.RESUBMITTED):
        table[state, _C.CORRECT] = Step(SAME, _P.AUDITOR, needs_note=True)
        table[state, _C.ASSIGN] = Step(SAME, _P.SAMPLER)
        table[state, _C.MODERATE] = Step(_S.MODERATED, _P.MODERATOR)
        table[state, _C.SEND_BACK] = Step(_S.SENT_BACK, _P.MODERATOR, needs_note=True)
    for state in (_S.MODERATED, _S.DISPUTED, _S.LOCKED):
        table[state, _C.REOPEN] = Step(_S.RETURNED, _P.HEAD_OF_QUALITY, needs_note=True)
    return table


WORKFLOW = _workflow()
PARTIES: dict[Command, frozenset[Party]] = {
    command: frozenset(step.by for (_, of), step in WORKFLOW.items() if of is command) for command in Command
}
"""Whose command it is, in whatever state."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one command did. `facts` are codes for the history and the trail ("grade": "good>inadequate")."""

    audit: Audit
    command: Command
    before: Audit
    by_id: PersonId | None
    for_id: PersonId | None
    at: datetime
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


def apply(
    audit: Audit, command: Command, *, now: datetime, by: PersonId | None, note: str = "",
    for_id: PersonId | None = None, **changes: Any,
) -> Done:  # fmt: skip
    """The only writer of an audit's state. `changes` are the fields that the command sets (a grade, a moderator).
    Who may give it is asked before, in the use case. Raises OutOfDate where the table has no such step,
    Invalid("note_missing") where a reason is needed, and what the command itself forbids."""
    step = WORKFLOW.get((audit.state, command))
    if step is None:
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    if step.needs_note and not note.strip():
        raise Invalid("note_missing", field="note", command=command.value)
    _check(audit, command, changes)
    dated = _dated(audit, command, local_date(now))
    state = _state_after(audit, command, step)
    after = replace(audit, **{**dated, **changes, "state": state})
    return Done(after, command, audit, by, for_id, now, note.strip(), _facts(audit, after))


def _check(audit: Audit, command: Command, changes: Mapping[str, Any]) -> None:
    moderator = changes.get("moderator_id", audit.moderator_id)
    if command is Command.ASSIGN and moderator is not None and moderator == audit.auditor_id:
        raise Invalid("own_audit", field="moderator", ref=audit.ref)
    if command in (Command.MODERATE, Command.SEND_BACK) and moderator is None:
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    if command is Command.UPLOAD and audit.state is AuditState.RETURNED and moderator is not None:
        raise OutOfDate(ref=audit.ref, state=audit.state.value)


def _state_after(audit: Audit, command: Command, step: Step) -> AuditState:
    if command is Command.UNTICK:
        return AuditState.LOCKED if audit.locked_on else AuditState.RETURNED
    return step.to or audit.state


def _dated(audit: Audit, command: Command, today: date) -> dict[str, Any]:
    """The days that a command sets or takes back. The first return's day stays through every rework: it decides
    whether the audit was on time."""
    found: dict[Command, dict[str, Any]] = {
        Command.FREE: {"auditor_id": None, "agreed_on": None},
        Command.RETURN: {"returned_on": today},
        Command.MODERATE: {"moderated_on": today, "meets_standard": True},
        Command.SEND_BACK: {"meets_standard": False},
        Command.LOCK: {"locked_on": today},
        Command.REOPEN: {
            "locked_on": None,
            "moderated_on": None,
            "moderated_grade": None,
            "final_grade": None,
            "meets_standard": None,
        },
        Command.UPLOAD: {"uploaded_on": today},
        Command.UNTICK: {"uploaded_on": None},
    }
    return found.get(command, {})


_TOLD = ("state", "auditor_id", "child_ref", "grade", "moderator_id", "moderated_grade", "final_grade",
         "meets_standard", "agreed_on", "concern_category")  # fmt: skip


def _facts(before: Audit, after: Audit) -> dict[str, str]:
    """What changed, both sides: `{"grade": "good>inadequate"}`; empty on a side where there was nothing."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _TOLD}
    return {name: f"{_code(old)}>{_code(new)}" for name, (old, new) in pairs.items() if old != new}


def _code(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "value", value))


def commands_for(audit: Audit, parties: Iterable[Party]) -> tuple[Command, ...]:
    """What somebody who is each of the parties may do now, in the table's order; the buttons of a card."""
    mine = frozenset(parties)
    return tuple(
        command
        for (state, command), step in WORKFLOW.items()
        if state is audit.state and step.by in mine and _possible(audit, command)
    )


def _possible(audit: Audit, command: Command) -> bool:
    try:
        _check(audit, command, {})
    except (OutOfDate, Invalid):
        return False
    return True


CAME_IN = frozenset({Command.RETURN, Command.RESUBMIT, Command.CORRECT, Command.REOPEN})
"""After each of these a return is another one than was there before."""
LOOKED_BACK_MONTHS = 2
LOOKED_AHEAD_MONTHS = 12


def still_moving(month: Month | None, today: date) -> tuple[Month, Month]:
    """The months of a list of what waits: the one asked for, else from two months ago on. What a council's files tell
    of years ago waits for nobody."""
    this = Month.of(today)
    return (month, month) if month else (this.plus(-LOOKED_BACK_MONTHS), this.plus(LOOKED_AHEAD_MONTHS))


def moderated_to(primary: Grade | None, moderated: Grade) -> str:
    """ "agreed", "up" or "down", against the auditor's grade; "changed" where one of the two is not graded."""
    if primary is moderated:
        return "agreed"
    order = (Grade.INADEQUATE, Grade.REQUIRES_IMPROVEMENT, Grade.GOOD, Grade.OUTSTANDING)
    if primary not in order or moderated not in order:
        return "changed"
    return "up" if order.index(moderated) > order.index(primary) else "down"
