"""The life of a child of concern, until it leaves the tracker: the workflow as a table (domain, section 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.alerts import Acknowledged, Alert, Seat
from domain.concern_rules import Concerns as Rules
from domain.concerns import OPEN, Category, Concern, State, Wanted, response_due
from domain.errors import Invalid, OutOfDate
from domain.people import Authority, Team


class Command(StrEnum):
    RAISE_AGAIN = "raise_again"
    """Another audit, or somebody else, found the same child: the alert begins anew where they say Category 1, and what
    was asked for until then is overtaken."""
    NOTE = "note"
    """What an audit says of the child no longer: written down, and nothing else."""
    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    UPDATE = "update"
    """What the team tells; it goes back to the head of service where the team was asked."""
    ASK_TEAM = "ask_team"
    PROCEEDINGS = "proceedings"
    TAKE_BACK = "take_back"
    SETTLE = "settle"
    """The head of service says which category it is, where whoever raised it was not sure."""
    WORSEN = "worsen"
    """Category 2 becomes Category 1."""
    CHALLENGE = "challenge"
    UPHOLD = "uphold"
    RECATEGORISE = "recategorise"
    EVIDENCE = "evidence"
    SUBMIT = "submit"
    """For the director's sign-off."""
    SIGN_OFF = "sign_off"
    REFUSE = "refuse"
    REMOVE = "remove"
    REOPEN = "reopen"
    CORRECT = "correct"
    """Another child or team than was written."""
    CLIMB = "climb"
    REMIND = "remind"


BY_CLOCK = frozenset({Command.CLIMB, Command.REMIND})
"""They change nothing that a reader sees: the version stays, and no line is added to the timeline."""


class Party(StrEnum):
    """Who may give a command; whether somebody is one is asked of the permission table, in the use case."""

    RAISER = "raiser"
    """Everybody: a danger to a child is never refused."""
    ALERTED = "alerted"
    """Whoever stands on the ladder for this child, and today's deputies."""
    HEAD_OF_SERVICE = "head_of_service"
    """Where nobody is head of service, whoever is above."""
    ABOVE = "above"
    """The director and the DCS in the head of service's place. They do not ask for what they decide."""
    TEAM = "team"
    """The team's managers and the child's social worker."""
    HEAD_OF_QUALITY = "head_of_quality"
    DIRECTOR = "director"
    """The director, the DCS in their place."""
    QA_TEAM = "qa_team"
    CLOCK = "clock"


SAME = None
"""The state stays."""


@dataclass(frozen=True, slots=True)
class Step:
    to: State | None
    by: tuple[Party, ...]
    needs_note: bool = False


_S, _C, _P = State, Command, Party
_WORKING = (_S.WITH_HEAD_OF_SERVICE, _S.WITH_TEAM, _S.IN_PROCEEDINGS)
_UPWARDS = (_P.HEAD_OF_SERVICE, _P.ABOVE, _P.DIRECTOR, _P.HEAD_OF_QUALITY, _P.QA_TEAM)


def _workflow() -> dict[tuple[State, Command], Step]:
    table: dict[tuple[State, Command], Step] = {}
    for state in sorted(OPEN):
        table[state, _C.ACKNOWLEDGE] = Step(SAME, (_P.ALERTED,))
        table[state, _C.RAISE_AGAIN] = Step(SAME, (_P.RAISER,), needs_note=True)
        table[state, _C.EVIDENCE] = Step(
            SAME, (_P.HEAD_OF_SERVICE, _P.ABOVE, _P.TEAM, _P.QA_TEAM), needs_note=True
        )
        table[state, _C.CORRECT] = Step(SAME, (_P.QA_TEAM,), needs_note=True)
        table[state, _C.NOTE] = Step(SAME, (_P.CLOCK,))
        table[state, _C.CLIMB] = Step(SAME, (_P.CLOCK,))
        table[state, _C.REMIND] = Step(SAME, (_P.CLOCK,))
        table[state, _C.WORSEN] = Step(_S.WITH_HEAD_OF_SERVICE, _UPWARDS, needs_note=True)
        table[state, _C.RESPOND] = Step(SAME, (_P.HEAD_OF_SERVICE, _P.ABOVE), needs_note=True)
        table[state, _C.UPDATE] = Step(SAME, (_P.TEAM,), needs_note=True)
    for state in _WORKING:
        table[state, _C.ASK_TEAM] = Step(_S.WITH_TEAM, (_P.HEAD_OF_SERVICE, _P.ABOVE), needs_note=True)
        table[state, _C.PROCEEDINGS] = Step(
            _S.IN_PROCEEDINGS, (_P.HEAD_OF_SERVICE, _P.ABOVE), needs_note=True
        )
        table[state, _C.TAKE_BACK] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.HEAD_OF_SERVICE, _P.ABOVE))
        table[state, _C.SETTLE] = Step(SAME, (_P.HEAD_OF_SERVICE, _P.ABOVE, _P.DIRECTOR), needs_note=True)
        table[state, _C.CHALLENGE] = Step(_S.CHALLENGED, (_P.HEAD_OF_SERVICE,), needs_note=True)
        table[state, _C.SUBMIT] = Step(_S.WITH_DIRECTOR, (_P.HEAD_OF_SERVICE,), needs_note=True)
        table[state, _C.REMOVE] = Step(
            _S.REMOVED, (_P.HEAD_OF_SERVICE, _P.ABOVE, _P.QA_TEAM), needs_note=True
        )
    del table[_S.WITH_HEAD_OF_SERVICE, _C.TAKE_BACK]
    del table[_S.IN_PROCEEDINGS, _C.PROCEEDINGS]
    table[_S.WITH_TEAM, _C.UPDATE] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.TEAM,), needs_note=True)
    table[_S.CHALLENGED, _C.TAKE_BACK] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.HEAD_OF_SERVICE, _P.ABOVE))
    table[_S.CHALLENGED, _C.UPHOLD] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.HEAD_OF_QUALITY,), needs_note=True)
    table[_S.CHALLENGED, _C.RECATEGORISE] = Step(_S.WITH_DIRECTOR, (_P.HEAD_OF_QUALITY,), needs_note=True)
    table[_S.WITH_DIRECTOR, _C.TAKE_BACK] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.HEAD_OF_SERVICE, _P.ABOVE))
    table[_S.WITH_DIRECTOR, _C.SIGN_OFF] = Step(_S.REMOVED, (_P.DIRECTOR,))
    table[_S.WITH_DIRECTOR, _C.REFUSE] = Step(_S.WITH_HEAD_OF_SERVICE, (_P.DIRECTOR,), needs_note=True)
    table[_S.REMOVED, _C.REOPEN] = Step(
        _S.WITH_HEAD_OF_SERVICE,
        (_P.HEAD_OF_SERVICE, _P.ABOVE, _P.QA_TEAM, _P.HEAD_OF_QUALITY),
        needs_note=True,
    )
    return table


WORKFLOW = _workflow()
PARTIES: dict[Command, frozenset[Party]] = {
    command: frozenset(party for (_, of), step in WORKFLOW.items() if of is command for party in step.by)
    for command in Command
}
"""Whose command it is, in whatever state."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one command did. `facts` are codes for the history and the trail ("category": "2>1")."""

    concern: Concern
    command: Command
    before: Concern
    by: Authority | None
    at: datetime
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


def apply(
    concern: Concern, command: Command, *, now: datetime, rules: Rules, by: Authority | None = None,
    note: str = "", said: Category | None = None, sure: bool = True, about: Mapping[str, str] | None = None,
    **changes: Any,
) -> Done:  # fmt: skip
    """The only writer of a child of concern. `said` is the category that is given (raise_again, settle), `sure` whether
    who raised it again knew it; `changes` are what else the command sets: `alert` (acknowledge, climb, respond),
    `wanted` (challenge, submit, recategorise), `child_ref`, `team`, `legal_status` (correct). `about` are more facts
    for the timeline. Who may give it is asked before, in the use case. Raises OutOfDate where the table has no such
    step; Invalid: "note_missing", "evidence_missing", "sign_off_needed", "no_sign_off_needed", "nothing_changed"."""
    step = WORKFLOW.get((concern.state, command))
    if step is None:
        raise OutOfDate(ref=concern.ref, state=concern.state.value)
    if step.needs_note and not note.strip():
        raise Invalid("note_missing", field="note", command=command.value)
    _check(concern, command, changes.get("wanted", concern.wanted))
    given = {**_set(concern, command, by, now), **_category(concern, command, said, sure), **changes}
    after = _ended(replace(concern, **given, state=step.to or concern.state), concern, command, now)
    if command is Command.CORRECT and after == concern:
        raise Invalid("nothing_changed", field="child", ref=concern.ref)
    after = _alerted(after, concern, command, said, now, rules)
    if after.state is not concern.state or begun(concern, after):
        after = replace(after, state_since=now, reminded_at=None)
    moved = command is Command.RAISE_AGAIN or begun(concern, after)
    if moved or any(getattr(after, name) != getattr(concern, name) for name in _MOVES):
        after = replace(after, moved=concern.version + 1)
    return Done(after, command, concern, by, now, note.strip(), _facts(concern, after) | dict(about or {}))


def begun(before: Concern, after: Concern) -> bool:
    """Whether an alert began in between."""
    numbers = [one.alert.number if one.alert else None for one in (before, after)]
    return numbers[1] is not None and numbers[1] != numbers[0]


def _check(concern: Concern, command: Command, wanted: Wanted | None) -> None:
    one = concern.category is Category.ONE
    moved_on = (
        (command is Command.WORSEN and one)
        or (command is Command.SETTLE and not concern.unsure)
        or (command is Command.ACKNOWLEDGE and concern.alert is None)
    )
    if moved_on:
        raise OutOfDate(ref=concern.ref, state=concern.state.value)
    if command is Command.REMOVE and one:
        raise Invalid("sign_off_needed", field="note", ref=concern.ref)
    if command is Command.SUBMIT and not one:
        raise Invalid("no_sign_off_needed", field="note", ref=concern.ref)
    if _needs_evidence(concern, command, wanted) and not concern.evidence:
        raise Invalid("evidence_missing", field="evidence", ref=concern.ref)


def _needs_evidence(concern: Concern, command: Command, wanted: Wanted | None) -> bool:
    """Nothing leaves the tracker without evidence, by whatever route; a sign-off looks once more."""
    if command is Command.RECATEGORISE:
        return concern.category is Category.TWO or wanted is Wanted.REMOVAL
    if command is Command.SIGN_OFF:
        return wanted is not Wanted.CATEGORY_2
    return command in (Command.SUBMIT, Command.REMOVE)


def _set(concern: Concern, command: Command, by: Authority | None, now: datetime) -> dict[str, Any]:
    """The fields that a command sets or takes back, beside the state."""
    asked = {"asked_by_id": by.by_id if by else None}
    nobody_asked: dict[str, Any] = {"asked_by_id": None, "wanted": None}
    found: dict[Command, dict[str, Any]] = {
        Command.RESPOND: {"responded_at": now, "respond_by": None},
        Command.SETTLE: {"unsure": False},
        Command.WORSEN: {"category": Category.ONE, "unsure": False, "evidence": 0, **nobody_asked},
        Command.CHALLENGE: asked,
        Command.RECATEGORISE: asked,
        Command.UPHOLD: {**nobody_asked, "unsure": False},
        Command.EVIDENCE: {"evidence": concern.evidence + 1},
        Command.SUBMIT: asked,
        Command.SIGN_OFF: {**nobody_asked, "unsure": False},
        Command.REFUSE: nobody_asked,
        Command.TAKE_BACK: nobody_asked,
        Command.REMOVE: nobody_asked,
        Command.REOPEN: {"removed_at": None, "evidence": 0, **nobody_asked},
        Command.REMIND: {"reminded_at": now},
    }
    return found.get(command, {})


def _category(concern: Concern, command: Command, said: Category | None, sure: bool) -> dict[str, Any]:
    """Raised again, the graver of the two counts; the head of service's own word settles what nobody was sure of. An
    unsure word leaves a sure one as it is, and makes of a Category 2 what is still to be settled."""
    if said is None:
        return {}
    if command is Command.SETTLE:
        return {"category": said}
    if said is Category.TWO:
        return {}
    unsure = not sure and (concern.unsure or concern.category is Category.TWO)
    return {"category": Category.ONE, "unsure": unsure}


def _ended(after: Concern, before: Concern, command: Command, now: datetime) -> Concern:
    """A sign-off takes it off the tracker, or makes it a Category 2 that stays there; the head of quality needs no
    sign-off to take off a Category 2."""
    if command is Command.SIGN_OFF and before.wanted is Wanted.CATEGORY_2:
        return replace(after, category=Category.TWO, state=State.WITH_HEAD_OF_SERVICE)
    if command is Command.RECATEGORISE and before.category is Category.TWO:
        after = replace(after, state=State.REMOVED, asked_by_id=None, wanted=None)
    if after.state is State.REMOVED:
        return replace(after, removed_at=now, respond_by=None)
    return after


def _alerted(
    after: Concern, before: Concern, command: Command, said: Category | None, now: datetime, rules: Rules
) -> Concern:
    """Begins an alert where a Category 1 is new, new again or another team's, and ends it where there is none any
    more. A number never comes twice, because the version does not."""
    if not after.state.open:
        return replace(after, alert=None)
    again = command is Command.REOPEN or (command is Command.RAISE_AGAIN and said is after.category)
    if after.category is Category.TWO:
        return replace(after, alert=None, **_due_of_two(after, before, again, now, rules))
    moved = command is Command.CORRECT and after.team != before.team
    if not (again or moved or before.category is Category.TWO):
        return after
    if command is Command.RAISE_AGAIN:
        after = _overtaken(after)
    today = response_due(Category.ONE, now, rules)
    # what was overdue as a Category 2 is a new question now, and due today; a Category 1 keeps its older day
    due = today if before.category is Category.TWO else _earlier(before.respond_by, today)
    return replace(after, alert=Alert(before.version + 1, now), respond_by=due, responded_at=None)


def _due_of_two(after: Concern, before: Concern, again: bool, now: datetime, rules: Rules) -> dict[str, Any]:
    """Raised anew, it is to be answered anew; what is no longer a Category 1 and was not answered has as long as any
    other Category 2."""
    due = response_due(Category.TWO, now, rules)
    if again:
        return {"respond_by": _earlier(before.respond_by, due), "responded_at": None}
    eased = before.category is Category.ONE and after.respond_by is not None
    return {"respond_by": due} if eased else {}


def _earlier(had: date | None, due: date) -> date:
    """Raised a second time, nothing that is due becomes due later."""
    return due if had is None else min(had, due)


def _overtaken(after: Concern) -> Concern:
    """What was asked for, and what was shown, before the child was found in danger again answers for it no longer."""
    after = replace(after, evidence=0)
    if after.state not in (State.CHALLENGED, State.WITH_DIRECTOR):
        return after
    return replace(after, state=State.WITH_HEAD_OF_SERVICE, wanted=None, asked_by_id=None)


_MOVES = ("state", "category", "unsure", "wanted", "child_ref", "team")

_TOLD = ("state", "category", "unsure", "child_ref", "team", "wanted", "evidence")


def _facts(before: Concern, after: Concern) -> dict[str, str]:
    """What changed, both sides: `{"category": "2>1"}`; empty on a side where there was nothing."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _TOLD}
    facts = {name: f"{_code(old)}>{_code(new)}" for name, (old, new) in pairs.items() if old != new}
    if after.alert is not None and after.alert != before.alert:
        facts |= {"alert": str(after.alert.number), "steps": str(after.alert.steps)}
    had = _seats(before)
    new = [f"{seat}:{given.tier}" for seat, given in _seats(after).items() if had.get(seat) != given]
    return facts | ({"seats": ";".join(new)} if new else {})


def _seats(concern: Concern) -> Mapping[Seat, Acknowledged]:
    return concern.alert.seats if concern.alert else {}


def _code(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Team):
        return value.name.replace(">", " ")
    return str(getattr(value, "value", value))


def commands_for(concern: Concern, parties: Iterable[Party]) -> tuple[Command, ...]:
    """What somebody who is each of the parties may do now, in the table's order; the buttons of a card."""
    mine = frozenset(parties)
    return tuple(
        command
        for (state, command), step in WORKFLOW.items()
        if state is concern.state and mine & frozenset(step.by) and _possible(concern, command)
    )


def _possible(concern: Concern, command: Command) -> bool:
    try:
        _check(concern, command, concern.wanted)
    except OutOfDate:
        return False
    except Invalid as refusal:
        return refusal.code == "evidence_missing"
    return True
