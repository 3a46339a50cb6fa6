"""Records of audits, asked for and saved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.audits import Audit
    from domain.calendar import Month
    from domain.cycle import Done
    from domain.people import Person, PersonId
    from domain.requests import Request


class Audits(Protocol):
    async def get(self, ref: str) -> Audit | None: ...
    async def of_auditor(self, person_id: PersonId, month: Month) -> list[Audit]:
        """Every audit that the person has in the month, by reference."""
        ...

    async def freed(self, month: Month) -> list[Audit]: ...
    async def save(self, audit: Audit) -> Audit:
        """Gives it back with the next version. Raises Conflict where the version is not the stored one."""
        ...

    async def free_auditors(self, audit: Audit, day: date) -> list[Person]:
        """Who can take it: active trained auditors (`auditor_from` reached) of another team, whom the teams
        file does
        not name for the child's team either, not the child's social worker,
        without an approved exemption or a core audit in its month; by name."""
        ...


class AuditWishes(Protocol):
    """What every unit of work knows of requests about audits: those of one, settled when it moves on."""

    async def of_audit(self, audit_id: int) -> list[Request]:
        """Newest first."""
        ...

    async def save(self, request: Request) -> Request:
        """The next version. Raises Conflict as Audits.save."""
        ...


class AuditSteps(Protocol):
    """What every unit of work knows of the cycle: an audit moved one step on."""

    async def save(self, done: Done) -> Audit:
        """The audit's next version and the line of its history. Raises Conflict as Audits.save."""
        ...
