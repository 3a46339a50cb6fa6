"""Exemptions from the month's audit: the workflow as a table, and the rules of timing (domain, section 4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import Month, ends_at, local_date
from domain.errors import Invalid, OutOfDate
from domain.people import Approver, Authority, Level, PersonId
from domain.policy import Exemptions as Rules
from domain.policy import ReasonClass


class State(StrEnum):
    WITH_HEAD_OF_SERVICE = "with_head_of_service"
    WITH_DIRECTOR = "with_director"
    WITH_DCS = "with_dcs"
    ASKED_BACK = "asked_back"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def open(self) -> bool:
        return self not in CLOSED

    @property
    def level(self) -> Level | None:
        """Who is asked in this state; None where the requester is, or nobody."""
        return next((level for level, state in WITH.items() if state is self), None)


CLOSED = frozenset({State.APPROVED, State.DECLINED, State.WITHDRAWN, State.LAPSED})
OPEN = frozenset(State) - CLOSED
STANDING = OPEN | {State.APPROVED}
"""States that keep a second request for the same person and month out."""

WITH: dict[Level, State] = {
    Level.HEAD_OF_SERVICE: State.WITH_HEAD_OF_SERVICE,
    Level.DIRECTOR: State.WITH_DIRECTOR,
    Level.DCS: State.WITH_DCS,
}


class Command(StrEnum):
    ENDORSE = "endorse"
    APPROVE = "approve"
    DECLINE = "decline"
    ASK_BACK = "ask_back"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    CHASE = "chase"
    ESCALATE = "escalate"
    REASSIGN = "reassign"
    LAPSE = "lapse"


class Party(StrEnum):
    """Who may give a command."""

    APPROVER = "approver"
    REQUESTER = "requester"
    CLOCK = "clock"


class To(StrEnum):
    """Where a step leads, where that is not one fixed state."""

    SAME = "same"
    NEXT_APPROVER = "next_approver"
    """The level of the approver that the caller has found above the present one."""
    ASKER = "asker"
    """Back to whoever asked."""


@dataclass(frozen=True, slots=True)
class Step:
    to: State | To
    by: Party
    needs_note: bool = False


def _workflow() -> dict[tuple[State, Command], Step]:
    table: dict[tuple[State, Command], Step] = {}
    for state in (State.WITH_HEAD_OF_SERVICE, State.WITH_DIRECTOR, State.WITH_DCS):
        if state is State.WITH_HEAD_OF_SERVICE:
            table[state, Command.ENDORSE] = Step(To.NEXT_APPROVER, Party.APPROVER)
        else:
            table[state, Command.APPROVE] = Step(State.APPROVED, Party.APPROVER)
        table[state, Command.DECLINE] = Step(State.DECLINED, Party.APPROVER, needs_note=True)
        table[state, Command.ASK_BACK] = Step(State.ASKED_BACK, Party.APPROVER, needs_note=True)
        table[state, Command.WITHDRAW] = Step(State.WITHDRAWN, Party.REQUESTER)
        table[state, Command.CHASE] = Step(To.SAME, Party.CLOCK)
        table[state, Command.REASSIGN] = Step(To.NEXT_APPROVER, Party.CLOCK)
        table[state, Command.LAPSE] = Step(State.LAPSED, Party.CLOCK)
    for state in (State.WITH_HEAD_OF_SERVICE, State.WITH_DIRECTOR):
        table[state, Command.ESCALATE] = Step(To.NEXT_APPROVER, Party.CLOCK)
    table[State.ASKED_BACK, Command.ANSWER] = Step(To.ASKER, Party.REQUESTER, needs_note=True)
    table[State.ASKED_BACK, Command.WITHDRAW] = Step(State.WITHDRAWN, Party.REQUESTER)
    table[State.ASKED_BACK, Command.CHASE] = Step(To.SAME, Party.CLOCK)
    table[State.ASKED_BACK, Command.REASSIGN] = Step(To.SAME, Party.CLOCK)
    table[State.ASKED_BACK, Command.LAPSE] = Step(State.LAPSED, Party.CLOCK)
    return table


WORKFLOW = _workflow()


PARTY: dict[Command, Party] = {command: step.by for (_, command), step in WORKFLOW.items()}
"""Whose command it is, whatever the state."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A request that `person_id` need not audit in `month`, made by `requested_by_id`.

    `approver_id` and `level` say who is asked (in ASKED_BACK: who asked). `step_since` is when the present step
    began and `chases` how often it was chased since. `decided_for_id` is set where a deputy decided.
    """

    id: int
    person_id: PersonId
    requested_by_id: PersonId
    month: Month
    reason: str
    reason_class: ReasonClass
    explanation: str
    state: State
    level: Level
    approver_id: PersonId
    requested_at: datetime
    step_since: datetime
    last_week: bool = False
    after_issue: bool = False
    chases: int = 0
    chased_at: datetime | None = None
    note: str = ""
    decided_by_id: PersonId | None = None
    decided_for_id: PersonId | None = None
    decided_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> str:
        return f"E-{self.id}"

    @property
    def parties(self) -> frozenset[PersonId]:
        """Who can never decide on it, in any role and as nobody's deputy."""
        return frozenset({self.person_id, self.requested_by_id})


@dataclass(frozen=True, slots=True)
class Done:
    """What one command did: the new exemption, and the line of its history."""

    exemption: Exemption
    command: Command
    before: State
    by: Authority | None
    at: datetime
    note: str = ""

    @property
    def after(self) -> State:
        return self.exemption.state


def apply(
    exemption: Exemption,
    command: Command,
    *,
    now: datetime,
    by: Authority | None = None,
    note: str = "",
    to: Approver | None = None,
) -> Done:
    """The only writer of an exemption's state. Who may give the command is asked before, in the use case.

    `to` is the approver for steps that lead to one (endorse, escalate, reassign). Raises OutOfDate where the
    table has no such step, Invalid("note_missing") where a reason is needed.
    """
    step = WORKFLOW.get((exemption.state, command))
    if step is None:
        raise OutOfDate(ref=exemption.ref, state=exemption.state.value)
    if step.needs_note and not note.strip():
        raise Invalid("note_missing", field="note", command=command.value)
    if command is not Command.LAPSE and now >= ends_at(exemption.month) and step.by is not Party.CLOCK:
        raise OutOfDate(ref=exemption.ref, state=State.LAPSED.value)
    after = _moved(exemption, command, _target(exemption, step, to), now=now, to=to)
    if after.state in CLOSED:
        after = replace(after, decided_at=now, note=note.strip(), **_names(by))
    return Done(after, command, exemption.state, by, now, note.strip())


def _target(exemption: Exemption, step: Step, to: Approver | None) -> State:
    if isinstance(step.to, State):
        return step.to
    if step.to is To.SAME:
        return exemption.state
    if step.to is To.ASKER:
        return WITH[exemption.level]
    if to is None:
        raise Invalid("no_approver", ref=exemption.ref)
    return WITH[to.level]


def _moved(
    exemption: Exemption, command: Command, state: State, *, now: datetime, to: Approver | None
) -> Exemption:
    if command is Command.CHASE:
        return replace(exemption, chases=exemption.chases + 1, chased_at=now)
    approver = {"level": to.level, "approver_id": to.person.id} if to else {}
    return replace(exemption, state=state, step_since=now, chases=0, chased_at=None, **approver)


def _names(by: Authority | None) -> dict[str, PersonId | None]:
    return {"decided_by_id": by.by_id if by else None, "decided_for_id": by.for_id if by else None}


@dataclass(frozen=True, slots=True)
class Timing:
    """What the day of asking means for a request."""

    last_week: bool
    after_issue: bool


def in_last_week(month: Month, today: date, rules: Rules) -> bool:
    """True in the last `last_week_days` calendar days of the month, the deadline included."""
    return month.last - timedelta(days=rules.last_week_days - 1) <= today <= month.last


def timing(month: Month, *, now: datetime, issued: bool, explanation: str, rules: Rules) -> Timing:
    """Raises Invalid: past the deadline, too far ahead, or in the last week without an explanation."""
    today = local_date(now)
    if today > month.last:
        raise Invalid("after_deadline", field="month", month=str(month))
    if month > Month.of(today).plus(rules.months_ahead):
        raise Invalid("too_far_ahead", field="month", month=str(month))
    last_week = in_last_week(month, today, rules)
    if last_week and not explanation.strip():
        raise Invalid("explanation_missing", field="explanation", month=str(month))
    if len(explanation) > rules.note_longest:
        raise Invalid("too_long", field="explanation", longest=str(rules.note_longest))
    return Timing(last_week, issued)


def commands_for(exemption: Exemption, party: Party) -> tuple[Command, ...]:
    """What a party may do now, in the table's order; the buttons of a card."""
    return tuple(
        command
        for (state, command), step in WORKFLOW.items()
        if state is exemption.state and step.by is party
    )


def standing(exemptions: Iterable[Exemption], month: Month) -> Exemption | None:
    """The exemption that counts for the month: open or approved; the newest refusal if there is nothing else."""
    of_month = [e for e in exemptions if e.month == month]
    return next((e for e in of_month if e.state in STANDING), None) or max(
        of_month, key=lambda e: e.requested_at, default=None
    )
