"""The record of one audit, and how it stands against its deadline (domain, section 3)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import Month, last_working_day, plus_working_days, working_days_between
from domain.kinds import Grade, Kind
from domain.people import PersonId, Team
from domain.policy import Audits as Rules


class AuditState(StrEnum):
    """Where the record is in the cycle. FREED: taken off its auditor, waiting for the QA team. SENT_BACK: returned, but
    below the standard, with its auditor again; RESUBMITTED: returned a second time. LOCKED: the head of quality has
    confirmed the moderated grade (the third lock)."""

    ISSUED = "issued"
    FREED = "freed"
    RETURNED = "returned"
    SENT_BACK = "sent_back"
    RESUBMITTED = "resubmitted"
    MODERATED = "moderated"
    DISPUTED = "disputed"
    LOCKED = "locked"
    UPLOADED = "uploaded"


AWAITED = frozenset({AuditState.ISSUED, AuditState.SENT_BACK})
"""Something is awaited from the auditor."""
TO_MODERATE = frozenset({AuditState.RETURNED, AuditState.RESUBMITTED})
"""Can be moderated, once a moderator is named."""


class Standing(StrEnum):
    """How an audit stands against its deadline on a day."""

    DUE = "due"
    OVERDUE = "overdue"
    NIL = "nil"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    FREED = "freed"


@dataclass(frozen=True, slots=True)
class Engagement:
    """Who took part in an audit or gave views. None: not said (history, or a kind that does not ask)."""

    social_worker: bool | None = None
    manager: bool | None = None
    child: bool | None = None
    parent: bool | None = None
    iro: bool | None = None
    reflection_sheet: bool | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit of one child's file (or, by kind, another activity). History may leave people and child out.

    `grade` is the auditor's, `moderated_grade` the moderator's, `final_grade` the head of quality's where a dispute
    ended at the third lock. `meets_standard` is the latest judgement. `agreed_on` is a later day that was agreed to
    (slippage); the deadline stays. `about_id` is the person whose supervision was observed. `theme` names a
    thematic audit or dip sample. `reaudit_of` is the reference of the *first* audit, `reaudit_number` the how-manieth.
    """

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
    moderator_id: PersonId | None = None
    moderated_grade: Grade | None = None
    final_grade: Grade | None = None
    meets_standard: bool | None = None
    moderated_on: date | None = None
    locked_on: date | None = None
    uploaded_on: date | None = None
    agreed_on: date | None = None
    engagement: Engagement = Engagement()
    concern_category: int | None = None
    reaudit_of: str | None = None
    reaudit_number: int | None = None
    about_id: PersonId | None = None
    theme: str = ""
    draw_id: int | None = None
    """The draw that it was issued from."""
    earlier_actions_reviewed: bool | None = None
    """Of an observation: whether the actions of earlier audits were gone through. An answer of the return."""

    @property
    def due_on(self) -> date:
        return self.month.last

    @property
    def counts(self) -> Grade | None:
        """The grade that counts: the third lock's, else the moderator's, else the auditor's."""
        return self.final_grade or self.moderated_grade or self.grade


def standing(audit: Audit, today: date, rules: Rules) -> Standing:
    """Late is after the last calendar day; nil is not returned when the books are closed (section 3.5)."""
    if audit.state is AuditState.FREED:
        return Standing.FREED
    if audit.returned_on:
        return Standing.RETURNED if audit.returned_on <= audit.due_on else Standing.RETURNED_LATE
    if today <= audit.due_on:
        return Standing.DUE
    return Standing.OVERDUE if today <= books_close(audit, rules) else Standing.NIL


def books_close(audit: Audit, rules: Rules) -> date:
    """The last day on which a return counts for the month, as a late one."""
    return plus_working_days(audit.due_on, rules.books_close_after_working_days)


def working_days_left(month: Month, today: date) -> int:
    """Working days after `today`, up to the last working day of the month."""
    return working_days_between(today, last_working_day(month))


def may_take(auditor_team: Team | None, audit: Audit) -> bool:
    """Nobody audits a child of their own team (section 2). The caseload is asked beside this."""
    return audit.team is None or auditor_team is None or auditor_team.id != audit.team.id
