"""Ticking that an audit is on the child's record in the case system, which is outside (domain, section 3.9)."""

from dataclasses import replace
from datetime import date, datetime

from domain.audits import Audit, AuditState
from domain.calendar import Month, local_date
from domain.cycle import Command, still_moving
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.notices import NoticeKind
from domain.people import Actor, Authority
from domain.permissions import Permission, Reaching, reaching
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork, Once, Outcome
from domain.usecases import left_out
from domain.usecases.audit_access import load_version, parties, require_command
from domain.usecases.locking import BATCH_MOST, digest_of
from domain.usecases.moderation import check_note, child_of
from domain.usecases.moving import move, tell
from domain.usecases.transaction import once_only


async def may_upload(uow: CycleWork, policy: Policy, audit: Audit) -> bool:
    """A confirmed one; and by policy one that its month's sample left out. What is about no child has no record."""
    if audit.child_ref is None:
        return False
    if audit.state is AuditState.LOCKED:
        return True
    return policy.audits.upload_unmoderated and await left_out.was_left_out(uow, policy, audit)


async def upload(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, now: datetime, once: Once
) -> Outcome:
    """By its auditor or the QA team. Raises NotFound, NotAllowed, OutOfDate, Invalid("not_to_upload")."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _filed_by(uow, actor, ref, version, Command.UPLOAD, now)
        if not await may_upload(uow, policy, audit):
            raise Invalid("not_to_upload", ref=audit.ref)
        saved = await move(uow, audit, Command.UPLOAD, Authority(actor.id), now)
        return Outcome("audit.upload", saved.ref)

    return await once_only(store, once, actor, now, work)


async def untick(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """Raises NotFound, NotAllowed, OutOfDate, Invalid (note_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _filed_by(uow, actor, ref, version, Command.UNTICK, now)
        check_note(policy, note, "note")
        saved = await move(uow, audit, Command.UNTICK, Authority(actor.id), now, note=note)
        await tell(uow, NoticeKind.AUDIT_UNTICKED, saved, [saved.auditor_id], actor.id, now)
        return Outcome("audit.untick", saved.ref)

    return await once_only(store, once, actor, now, work)


async def _filed_by(
    uow: CycleWork, actor: Actor, ref: str, version: int, command: Command, now: datetime
) -> Audit:
    audit = await load_version(uow, ref, version)
    mine = parties(actor, audit, child=await child_of(uow, audit), auditor=None, today=local_date(now))
    require_command(audit, command, mine, Permission.AUDIT_UPLOAD)
    return audit


def wanted(actor: Actor, month: Month | None, today: date) -> AuditFilter:
    """The audits whose tick is the actor's: every one for the QA team, their own for an auditor. Raises NotAllowed."""
    far = reaching(actor, Permission.AUDIT_UPLOAD, today)
    if far is None:
        raise NotAllowed(permission=Permission.AUDIT_UPLOAD.value)
    whose = None if far is Reaching.ALL else actor.id
    return AuditFilter(months=still_moving(month, today), auditor_id=whose)


async def ready(
    uow: CycleWork, policy: Policy, actor: Actor, month: Month | None, today: date
) -> tuple[list[Audit], int]:
    """What can be ticked now, the confirmed ones first, at most so many as are ticked with one press; and how many
    returns still wait for their month's moderation sample."""
    ours = wanted(actor, month, today)
    locked, _ = await uow.cycle.find(replace(ours, states={AuditState.LOCKED}), limit=BATCH_MOST)
    found = [audit for audit in locked if audit.child_ref is not None]
    if not policy.audits.upload_unmoderated:
        return found, 0
    left, waiting = await left_out.of_list(uow, policy, ours, BATCH_MOST)
    return [*found, *left][:BATCH_MOST], waiting


async def upload_many(
    store: CycleStore, policy: Policy, actor: Actor, month: Month | None, digest: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """Ticks what was read back. Raises NotAllowed, OutOfDate where the list is another by now."""

    async def work(uow: CycleWork) -> Outcome:
        audits, _ = await ready(uow, policy, actor, month, local_date(now))
        if not audits or digest_of(audits) != digest:
            raise OutOfDate(why="list_changed")
        for audit in audits:
            await move(uow, audit, Command.UPLOAD, Authority(actor.id), now)
        return Outcome("audit.upload_many", facts={"count": str(len(audits))})

    return await once_only(store, once, actor, now, work)
