"""What an auditor asks for about an audit: more time (slippage), or a change (reallocation); sections 3.5 and 3.6."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.audits import AWAITED, Audit, AuditState
from domain.calendar import plus_working_days
from domain.errors import Invalid
from domain.people import PersonId
from domain.policy import Audits as Rules

PREFIX = "RQ-"
"""How the reference of a request begins."""


class Wish(StrEnum):
    SLIPPAGE = "slippage"
    REALLOCATION = "reallocation"


class RequestState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"
    """The audit moved on by itself: returned, freed, given to somebody else."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish about one audit; at most one of a kind is open for an audit (unique in the database). `reason` is a
    code of the policy's reallocations, "" for a slippage. `wanted_on` and `agreed_on` are the days of a slippage."""

    id: int
    audit_id: int
    audit_ref: str
    wish: Wish
    asked_by_id: PersonId
    asked_at: datetime
    explanation: str
    state: RequestState = RequestState.OPEN
    reason: str = ""
    wanted_on: date | None = None
    agreed_on: date | None = None
    decided_by_id: PersonId | None = None
    decided_at: datetime | None = None
    note: str = ""
    version: int = 1

    @property
    def ref(self) -> str:
        return f"{PREFIX}{self.id}"

    @property
    def open(self) -> bool:
        return self.state is RequestState.OPEN


def latest_day(audit: Audit, today: date, rules: Rules) -> date:
    """The last day that can be agreed: the policy's days after the deadline, or the day on which the books close.
    What was sent back is counted from today where its month is over: a rework has no deadline of its own."""
    start = max(audit.due_on, today) if audit.state is AuditState.SENT_BACK else audit.due_on
    if rules.slippage_at_most_days is not None:
        return start + timedelta(days=rules.slippage_at_most_days)
    return plus_working_days(start, rules.books_close_after_working_days)


def moved_on(request: Request, audit: Audit) -> bool:
    """Whether the audit has gone on without an answer: nothing is awaited from who asked any more."""
    wanted = AWAITED if request.wish is Wish.SLIPPAGE else {AuditState.ISSUED}
    return audit.auditor_id != request.asked_by_id or audit.state not in wanted


def is_late(audit: Audit, day: date) -> bool:
    """Whether an audit that is returned on the day counts as late. The day of the first return decides."""
    return audit.returned_on is None and day > audit.due_on


def check_wanted(day: date, audit: Audit, today: date, rules: Rules) -> None:
    """Raises Invalid: books_closed, day_not_ahead, day_too_late (with the latest day)."""
    _check_latest(day, audit, today, rules, "wanted_on")
    if day <= today:
        raise Invalid("day_not_ahead", field="wanted_on")


def check_agreed(day: date, audit: Audit, today: date, rules: Rules) -> None:
    """The same of the agreed day, which may be today. Raises Invalid: books_closed, day_past, day_too_late."""
    _check_latest(day, audit, today, rules, "agreed_on")
    if day < today:
        raise Invalid("day_past", field="agreed_on")


def _check_latest(day: date, audit: Audit, today: date, rules: Rules, field: str) -> None:
    latest = latest_day(audit, today, rules)
    if today > latest:
        raise Invalid("books_closed", field=field, month=str(audit.month))
    if day > latest:
        raise Invalid("day_too_late", field=field, latest=latest.isoformat())
