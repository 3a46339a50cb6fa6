"""An open audit taken off its auditor by the QA team, unasked, so that another can have it (domain, section 3.3)."""

from datetime import date, datetime

from domain.audits import Audit, AuditState
from domain.calendar import local_date
from domain.cycle import Command
from domain.errors import Invalid, NotAllowed
from domain.people import Actor, Authority, PersonId, Role
from domain.permissions import Permission
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, Once, Outcome
from domain.usecases.audit_access import load_version, parties, require_command
from domain.usecases.reallocation import release
from domain.usecases.transaction import once_only


def can_be_moved(policy: Policy, audit: Audit, today: date) -> bool:
    """Auditors do its kind, so that it can be given to another one; and its month is not over: what is overdue stays
    with whom it was due from, and in the count."""
    rules = policy.by_kind[audit.kind]
    done_by_auditors = rules.about_child and Role.AUDITOR in rules.done_by
    return audit.state is AuditState.ISSUED and done_by_auditors and today <= audit.due_on


async def take_off(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """Its auditor and the rest of the QA team are told, and what was asked about it is settled; a half-filled return
    stays its auditor's. Outcome("audit.free", the audit's reference).

    Raises NotAllowed (why="own_take_off" for one's own), NotFound, OutOfDate, Invalid (cannot_be_moved,
    reason_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await load_version(uow, ref, version)
        auditor = await _require(uow, actor, audit, now)
        if not can_be_moved(policy, audit, local_date(now)):
            raise Invalid("cannot_be_moved", field="note", ref=audit.ref)
        if not note.strip():
            raise Invalid("reason_missing", field="note")
        longest = policy.exemptions.note_longest
        if len(note) > longest:
            raise Invalid("too_long", field="note", longest=str(longest))
        await release(uow, audit, Authority(actor.id), auditor, now, note=note)
        return Outcome("audit.free", audit.ref)

    return await once_only(store, once, actor, now, work)


async def _require(uow: CycleWork, actor: Actor, audit: Audit, now: datetime) -> PersonId | None:
    """The QA team's, and never for one's own audit: it would be a way out of the draw that nobody looked at."""
    auditor = await uow.people.get(audit.auditor_id) if audit.auditor_id else None
    mine = parties(actor, audit, child=None, auditor=auditor, today=local_date(now))
    require_command(audit, Command.FREE, mine, Permission.AUDIT_REISSUE)
    if audit.auditor_id == actor.id:
        raise NotAllowed(permission=Permission.AUDIT_REISSUE.value, ref=audit.ref, why="own_take_off")
    return audit.auditor_id
