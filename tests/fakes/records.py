"""Records of audits, in memory."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from domain.audits import Audit, AuditState, Kind
from domain.calendar import Month
from domain.cycle import Done
from domain.errors import Conflict
from domain.exemptions import State
from domain.people import Person, PersonId, Role
from domain.requests import Request
from domain.returns import Return
from tests.fakes.memory import Memory, Transaction
from tests.fakes.people import by_name


def _busy(data: Memory, month: Month) -> set[PersonId]:
    """Who is exempt in the month, or has a core audit of it."""
    exempt = {e.person_id for e in data.exemptions.values() if e.month == month and e.state is State.APPROVED}
    return exempt | {
        audit.auditor_id
        for audit in data.audits.values()
        if audit.auditor_id is not None
        and audit.month == month
        and audit.kind is Kind.CORE
        and audit.state is not AuditState.FREED
    }


def _moderates(data: Memory, person: Person, month: Month) -> bool:
    """Trained moderators do, unless it was said that they do not."""
    trained = person.moderator_from is None or person.moderator_from <= month.last
    return Role.MODERATOR in person.roles and trained and data.moderating.get((month, person.id)) is not False


class MemoryAudits:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> Audit | None:
        return (await self._transaction.look()).audits.get(ref)

    async def of_auditor(self, person_id: PersonId, month: Month) -> list[Audit]:
        audits = (await self._transaction.look()).audits
        return [a for _, a in sorted(audits.items()) if a.auditor_id == person_id and a.month == month]

    async def freed(self, month: Month) -> list[Audit]:
        audits = (await self._transaction.look()).audits
        return [a for _, a in sorted(audits.items()) if a.state is AuditState.FREED and a.month == month]

    async def save(self, audit: Audit) -> Audit:
        data = await self._transaction.change()
        stored = data.audits.get(audit.ref)
        if stored is None or stored.version != audit.version:
            raise Conflict(ref=audit.ref)
        saved = replace(audit, version=audit.version + 1)
        data.audits[audit.ref] = saved
        return saved

    async def free_auditors(self, audit: Audit, day: date) -> list[Person]:
        data = await self._transaction.look()
        busy = _busy(data, audit.month)
        worker = data.social_workers.get(audit.child_ref or "")
        return by_name(
            p
            for p in data.people.values()
            if p.holds(Role.AUDITOR, day)
            and (p.auditor_from is None or p.auditor_from <= day)
            and (p.team is None or audit.team is None or p.team.id != audit.team.id)
            and not (
                audit.team
                and p.id in {who for (team, _), who in data.positions.items() if team == audit.team.id}
            )
            and p.id not in busy
            and p.id != worker
            and not _moderates(data, p, audit.month)
        )


class MemoryWishes:
    """Nobody asks for more time or another child in memory; requests are tested on the real databases."""

    async def of_audit(self, audit_id: int) -> list[Request]:
        return []

    async def save(self, request: Request) -> Request:
        raise Conflict(ref=request.audit_ref)


class MemoryReturns:
    """Nobody fills in a return in memory; returns are tested on the real databases."""

    async def get(self, audit_id: int) -> Return | None:
        return None

    async def many(self, audit_ids: Collection[int]) -> dict[int, Return]:
        return {}

    async def save(self, filled: Return) -> Return:
        raise Conflict(ref=filled.audit_ref)


class MemorySteps:
    """The little of the cycle that exemptions need; its history is tested on the real databases."""

    def __init__(self, audits: MemoryAudits) -> None:
        self._audits = audits

    async def save(self, done: Done) -> Audit:
        return await self._audits.save(done.audit)
