"""The dead-man's switch, judged: whether every alert climbs and reaches somebody, and whether messages move (domain,
section 5; faults 59 and 60). Facts in, findings out; gathering them is the host's part.

Findings are of two kinds. Those that *fail* say that the program does not do its work. Those that are *unanswered* say
that people do not answer although it does: the outside has to notice, but a replica that is taken out of service could
not take the acknowledgement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.alerts import lies_ahead
from domain.concern_rules import Concerns as Rules
from domain.lanes import Lane

TICK = timedelta(seconds=20)
"""How often the clock's jobs are looked at."""
EVERY = timedelta(minutes=1)
"""How often this is judged."""
GRACE = TICK + timedelta(minutes=1)
"""What is due may wait for the next tick and for its work."""
STUCK = timedelta(minutes=15)
TICKS_MISSED = 3
STALE = timedelta(minutes=3)
"""A judgement older than this says nothing any more: whoever should have renewed it has stopped."""


class Part(StrEnum):
    """What is looked at; the names stand in `/readyz`."""

    ESCALATION = "escalation"
    ALERTS = "alerts"
    OUTBOX = "outbox"
    TICKER = "ticker"


class Trouble(StrEnum):
    STEP_OVERDUE = "step_overdue"
    CLOCK_SET_BACK = "clock_set_back"
    """The next step waits for longer than the ladder ever does."""
    ALERT_UNDELIVERED = "alert_undelivered"
    LANE_STUCK = "lane_stuck"
    NO_TICK = "no_tick"
    STOPPED = "stopped"
    """Nobody has judged for a while."""
    UNANSWERED = "unanswered"
    """A whole round of the ladder without an acknowledgement."""
    NOBODY_REACHED = "nobody_reached"
    """No message of an alert has arrived on any channel; known at once where there was nobody to send one to."""

    @property
    def part(self) -> Part:
        return _PART[self]

    @property
    def fails(self) -> bool:
        """The program fails, not the people."""
        return self not in _UNANSWERED


_PART = {
    Trouble.STEP_OVERDUE: Part.ESCALATION,
    Trouble.CLOCK_SET_BACK: Part.ESCALATION,
    Trouble.UNANSWERED: Part.ESCALATION,
    Trouble.ALERT_UNDELIVERED: Part.ALERTS,
    Trouble.NOBODY_REACHED: Part.ALERTS,
    Trouble.LANE_STUCK: Part.OUTBOX,
    Trouble.NO_TICK: Part.TICKER,
    Trouble.STOPPED: Part.TICKER,
}
_UNANSWERED = frozenset({Trouble.UNANSWERED, Trouble.NOBODY_REACHED})
BACKLOG = frozenset({Trouble.ALERT_UNDELIVERED, Trouble.LANE_STUCK})
"""What a process that has just begun may find and cannot have caused: what waited while none ran."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`since` is when it began; `refs` which alerts it is about; `lane` which of the outbox."""

    trouble: Trouble
    since: datetime
    refs: tuple[str, ...] = ()
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Climbing:
    """An alert that still looks for somebody. `heard_at`: when it began, or was last acknowledged for one of its seats;
    `delivered`: a message of it has arrived, on any channel; `told`: somebody who can acknowledge was found to tell, or
    the ladder's first step is still to come."""

    ref: str
    since: datetime
    heard_at: datetime
    delivered: bool
    told: bool = True


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message of an alert that Teams has not taken and for which no e-mail was tried either."""

    ref: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LaneState:
    """`waiting` counts what is not sent, what is due later too; `due_since`: since when its oldest due message waits;
    `sent_at`: when one of it was last sent, as far as it is known to be lately; `mails` counts e-mails that wait."""

    waiting: int = 0
    due_since: datetime | None = None
    sent_at: datetime | None = None
    mails: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """As they were at one instant."""

    next_step_due: datetime | None = None
    climbing: Sequence[Climbing] = ()
    undelivered: Sequence[Undelivered] = ()
    lanes: Mapping[Lane, LaneState] = field(default_factory=dict[Lane, LaneState])


@dataclass(frozen=True, slots=True)
class Report:
    """What was found at `at`. `mail`: there is a second channel."""

    at: datetime
    facts: Facts
    findings: tuple[Finding, ...]
    mail: bool = False

    def of(self, part: Part, *, failing: bool = False) -> tuple[Finding, ...]:
        found = (finding for finding in self.findings if finding.trouble.part is part)
        return tuple(finding for finding in found if finding.trouble.fails or not failing)


def undelivered_before(now: datetime, rules: Rules) -> datetime:
    """A message of an alert put until then should have arrived by now, or have been tried by e-mail."""
    return now - timedelta(minutes=rules.email_after_minutes) - GRACE


def judge(facts: Facts, rules: Rules, now: datetime) -> tuple[Finding, ...]:
    """What is wrong now, the gravest first."""
    return (*_escalation(facts, rules, now), *_alerts(facts, rules, now), *_outbox(facts, now))


def _escalation(facts: Facts, rules: Rules, now: datetime) -> Iterator[Finding]:
    due = facts.next_step_due
    if due is not None and due + GRACE < now:
        yield Finding(Trouble.STEP_OVERDUE, due)
    if due is not None and lies_ahead(due, rules, now):
        yield Finding(Trouble.CLOCK_SET_BACK, now)
    a_round = timedelta(minutes=rules.round_minutes)
    silent = [alert for alert in facts.climbing if alert.heard_at + a_round <= now]
    if silent:
        since = min(alert.heard_at for alert in silent)
        yield Finding(Trouble.UNANSWERED, since, tuple(alert.ref for alert in silent))


def _alerts(facts: Facts, rules: Rules, now: datetime) -> Iterator[Finding]:
    waiting = facts.undelivered
    if waiting:
        refs = tuple(dict.fromkeys(message.ref for message in waiting))
        yield Finding(Trouble.ALERT_UNDELIVERED, min(message.since for message in waiting), refs)
    before = undelivered_before(now, rules)
    unheard = [a for a in facts.climbing if not a.delivered and (a.since <= before or not a.told)]
    if unheard:
        since = min(alert.since for alert in unheard)
        yield Finding(Trouble.NOBODY_REACHED, since, tuple(alert.ref for alert in unheard))


def _outbox(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Every lane but that of alerts, which has a rule of its own. A long queue that moves is none."""
    for lane, state in sorted(facts.lanes.items()):
        late = state.due_since is not None and state.due_since + STUCK < now
        moves = state.sent_at is not None and state.sent_at + STUCK >= now
        if lane is not Lane.ALERT and state.due_since is not None and late and not moves:
            yield Finding(Trouble.LANE_STUCK, state.due_since, lane=lane)


def ticking(ticked_at: datetime, report_at: datetime, now: datetime) -> tuple[Finding, ...]:
    """Whether the clock goes: asked of whoever keeps it, whenever somebody wants to know."""
    if report_at + STALE < now:
        return (Finding(Trouble.STOPPED, report_at),)
    if ticked_at + TICKS_MISSED * TICK < now:
        return (Finding(Trouble.NO_TICK, ticked_at),)
    return ()
