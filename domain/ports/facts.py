"""Light rows for the measures (domain, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.audits import AuditState, Engagement
    from domain.calendar import Month
    from domain.kinds import Grade, Kind
    from domain.people import PersonId, Reach, Team


@dataclass(frozen=True, slots=True)
class AuditFact:
    """One audit as the measures need it."""

    month: Month
    kind: Kind
    state: AuditState
    auditor_id: PersonId | None
    team: Team | None
    legal_status: str | None
    issued_on: date | None
    returned_on: date | None
    grade: Grade | None
    moderated_grade: Grade | None
    final_grade: Grade | None
    meets_standard: bool | None
    moderated: bool
    uploaded_on: date | None
    engagement: Engagement
    concern_category: int | None
    reaudit_number: int | None
    earlier_actions_reviewed: bool | None
    ref: str


@dataclass(frozen=True, slots=True)
class ExemptionFact:
    month: Month
    person_id: PersonId
    team: Team | None
    reason: str
    operational: bool
    approved: bool
    after_issue: bool


class Facts(Protocol):
    """Light rows for the measures; every count is made of them in `domain/measures`."""

    async def audits(self, first: Month, last: Month, within: Reach | None = None) -> list[AuditFact]: ...
    async def exemptions(self, first: Month, last: Month, within: Reach | None = None) -> list[ExemptionFact]:
        """Decided ones (approved or declined)."""
        ...

    async def pools(self, first: Month, last: Month) -> dict[Month, frozenset[PersonId]]:
        """Whom the month's core draw was issued for; months without one are not there."""
        ...
