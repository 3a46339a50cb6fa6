"""The record of one audit, and how it stands against its deadline (domain, section 3)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import Month, last_working_day, plus_working_days, working_days_between
from domain.people import PersonId, Team
from domain.policy import Audits as Rules


class Kind(StrEnum):
    CORE = "core"
    REAUDIT = "reaudit"
    THEMATIC = "thematic"
    DIP_SAMPLE = "dip_sample"
    PRACTICE_REVIEW = "practice_review"
    OBSERVATION = "observation"
    EARLY_HELP = "early_help"
    MINIMUM_STANDARDS = "minimum_standards"
    MULTI_AGENCY = "multi_agency"
    OTHER = "other"


class Grade(StrEnum):
    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"
    NOT_GRADED = "not_graded"


class AuditState(StrEnum):
    """Where the record is in the cycle. FREED: taken off its auditor, waiting for the QA team."""

    ISSUED = "issued"
    FREED = "freed"
    RETURNED = "returned"
    MODERATED = "moderated"
    UPLOADED = "uploaded"


class Standing(StrEnum):
    """How an audit stands against its deadline on a day."""

    DUE = "due"
    OVERDUE = "overdue"
    NIL = "nil"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    FREED = "freed"


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit of one child's file (or, by kind, another activity). History may leave people and child out."""

    id: int
    ref: str
    month: Month
    kind: Kind
    state: AuditState
    child_ref: str | None = None
    team: Team | None = None
    legal_status: str | None = None
    auditor_id: PersonId | None = None
    issued_on: date | None = None
    returned_on: date | None = None
    grade: Grade | None = None
    version: int = 1

    @property
    def due_on(self) -> date:
        return self.month.last


def standing(audit: Audit, today: date, rules: Rules) -> Standing:
    """Late is after the last calendar day; nil is not returned when the books are closed (section 3.5)."""
    if audit.state is AuditState.FREED:
        return Standing.FREED
    if audit.returned_on:
        return Standing.RETURNED if audit.returned_on <= audit.due_on else Standing.RETURNED_LATE
    if today <= audit.due_on:
        return Standing.DUE
    closes = plus_working_days(audit.due_on, rules.books_close_after_working_days)
    return Standing.OVERDUE if today <= closes else Standing.NIL


def working_days_left(month: Month, today: date) -> int:
    """Working days after `today`, up to the last working day of the month."""
    return working_days_between(today, last_working_day(month))


def may_take(auditor_team: Team | None, audit: Audit) -> bool:
    """Nobody audits a child of their own team (section 2). The caseload is asked beside this."""
    return audit.team is None or auditor_team is None or auditor_team.id != audit.team.id
