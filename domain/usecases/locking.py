"""The third lock: the head of quality confirms every moderated grade, and a dispute about one ends there (section 3.8).

A deputy of the head of quality (a delegation of everything, within its dates) confirms for them; nobody confirms what
they audited or moderated, and no deputy what the one they stand in for audited or moderated."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from domain.audits import Audit, AuditState
from domain.calendar import Month, local_date
from domain.cycle import Command, Party, commands_for, still_moving
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade
from domain.notices import NoticeKind
from domain.people import Actor, Authority, PersonId, Role, Scope
from domain.permissions import Belongs, Permission, allowed
from domain.policy import Policy
from domain.ports import AuditFilter, AuditStep, CycleStore, CycleWork, Once, Outcome
from domain.usecases.audit_access import load_version, parties, require_command
from domain.usecases.moderation import check_grade, check_note, child_of, tell_inadequate
from domain.usecases.moving import move, tell
from domain.usecases.stuck_moderation import told_where_stuck
from domain.usecases.transaction import once_only

BATCH_MOST = 50
"""Audits that are confirmed or filed with one press: as many as can be read back on one card."""
AGREED_ONLY = frozenset({AuditState.MODERATED})


async def locks_as(uow: CycleWork, actor: Actor, today: date) -> Authority | None:
    """As head of quality, or as the deputy of one; None for everybody else."""
    if allowed(actor, Permission.MODERATION_LOCK, Belongs(), today):
        return Authority(actor.id)
    covered = [d for d in await uow.delegations.to(actor.id, today) if d.covers(Scope.ALL, today)]
    if not covered or not actor.person.active_on(today):
        return None
    people = await uow.people.many([delegation.delegator_id for delegation in covered])
    heads = (p.id for p in people.values() if p.holds(Role.HEAD_OF_QUALITY, today))
    head = min(heads, default=None)
    return Authority(actor.id, head) if head is not None else None


def may_lock(by: Authority, audit: Audit) -> bool:
    """Neither of the two had a part in the grade."""
    return not {by.by_id, by.for_id} & ({audit.auditor_id, audit.moderator_id} - {None})


async def lock(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, now: datetime, once: Once,
    *, grade: Grade | None = None, note: str = "",
) -> Outcome:  # fmt: skip
    """`grade` None: as it was moderated. A disputed one, and one that gets another grade, needs a grade and a reason.
    Auditor, moderator and who disputed it are told. Raises NotAllowed, OutOfDate, Invalid (grade_missing,
    unknown_grade, reason_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit, by = await _of_head(uow, actor, ref, version, Command.LOCK, now)
        check_note(policy, note, "note")
        if audit.state is AuditState.DISPUTED and grade is None:
            raise Invalid("grade_missing", field="final_grade")
        final = grade or audit.counts
        if final is not None:
            check_grade(policy, audit, final, "final_grade")
        if (grade is not None and grade is not audit.counts) and not note.strip():
            raise Invalid("reason_missing", field="note")
        changes: dict[str, Any] = {"final_grade": grade} if grade is not None else {}
        disputers = disputed_by(await uow.cycle.history(audit.id))
        if audit.state is AuditState.DISPUTED and {by.by_id, by.for_id} & disputers:
            raise NotAllowed(permission=Permission.MODERATION_LOCK.value, ref=audit.ref, why="own_dispute")
        saved = await move(uow, audit, Command.LOCK, by, now, note=note, **changes)
        concerned = [saved.auditor_id, saved.moderator_id, *sorted(disputers)]
        await tell(uow, NoticeKind.AUDIT_LOCKED, saved, concerned, actor.id, now)
        await tell_inadequate(uow, audit, saved, actor.id, now)
        return Outcome("audit.lock", saved.ref)

    return await once_only(store, once, actor, now, work)


def disputed_by(history: Sequence[AuditStep]) -> frozenset[PersonId]:
    """Who disputed it, ever: none of them decides it, also not as a deputy."""
    found = (step.by_id for step in history if step.command == Command.DISPUTE.value)
    return frozenset(person for person in found if person is not None)


async def _of_head(
    uow: CycleWork, actor: Actor, ref: str, version: int, command: Command, now: datetime
) -> tuple[Audit, Authority]:
    """Raises NotFound, OutOfDate, NotAllowed."""
    audit = await load_version(uow, ref, version)
    by = await locks_as(uow, actor, local_date(now))
    lock_ = Permission.MODERATION_LOCK
    if by is None:
        raise NotAllowed(permission=lock_.value, ref=audit.ref)
    if not may_lock(by, audit):
        raise NotAllowed(permission=lock_.value, ref=audit.ref, why="own_audit")
    if command not in commands_for(audit, {Party.HEAD_OF_QUALITY}):
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    return audit, by


async def reopen(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """Back to where it was returned, with its moderator; both are told. Raises NotAllowed, OutOfDate, Invalid
    (note_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit, by = await _of_head(uow, actor, ref, version, Command.REOPEN, now)
        check_note(policy, note, "note")
        saved = await move(uow, audit, Command.REOPEN, by, now, note=note)
        gone = await told_where_stuck(uow, saved, now)
        people = [saved.auditor_id, None if gone else saved.moderator_id]
        await tell(uow, NoticeKind.AUDIT_REOPENED, saved, people, actor.id, now)
        return Outcome("audit.reopen", saved.ref)

    return await once_only(store, once, actor, now, work)


async def dispute(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """By the auditor, the team's manager or the head of service, until it is confirmed. The head of quality is told;
    where there is none, the QA team. Raises NotAllowed, OutOfDate, Invalid (note_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await load_version(uow, ref, version)
        today = local_date(now)
        mine = parties(actor, audit, child=await child_of(uow, audit), auditor=None, today=today)
        require_command(audit, Command.DISPUTE, mine, Permission.GRADE_DISPUTE)
        check_note(policy, note, "note")
        saved = await move(uow, audit, Command.DISPUTE, Authority(actor.id), now, note=note)
        heads = await uow.people.with_role(Role.HEAD_OF_QUALITY, today)
        told = heads or await uow.people.with_role(Role.QA_TEAM, today)
        ids = [person.id for person in told]
        await tell(uow, NoticeKind.AUDIT_DISPUTED, saved, ids, actor.id, now)
        return Outcome("audit.dispute", saved.ref)

    return await once_only(store, once, actor, now, work)


# several at once


def digest_of(audits: Sequence[Audit]) -> str:
    """Names a list as it was read back: another audit, or a newer version of one, is another list."""
    return sha256(";".join(f"{a.ref}:{a.version}" for a in audits).encode()).hexdigest()[:16]


async def agreed(uow: CycleWork, by: Authority, month: Month | None, today: date) -> list[Audit]:
    """What can be confirmed together: moderated, agreed and not disputed, and not the actor's own; the oldest first."""
    wanted = AuditFilter(months=still_moving(month, today), states=AGREED_ONLY)
    found, _ = await uow.cycle.find(wanted, limit=BATCH_MOST * 4)
    return [a for a in found if a.moderated_grade is a.grade and may_lock(by, a)][:BATCH_MOST]


async def lock_many(
    store: CycleStore, actor: Actor, month: Month | None, digest: str, now: datetime, once: Once
) -> Outcome:
    """Confirms what was read back. Each auditor is told; each moderator once, with the first of theirs. Raises
    NotAllowed, OutOfDate where the list is another by now."""

    async def work(uow: CycleWork) -> Outcome:
        by = await require_head(uow, actor, now)
        audits = await agreed(uow, by, month, local_date(now))
        if not audits or digest_of(audits) != digest:
            raise OutOfDate(why="list_changed")
        saved = [await move(uow, audit, Command.LOCK, by, now) for audit in audits]
        firsts: dict[PersonId, Audit] = {}
        for audit in saved:
            await tell(uow, NoticeKind.AUDIT_LOCKED, audit, [audit.auditor_id], actor.id, now)
            if audit.moderator_id is not None:
                firsts.setdefault(audit.moderator_id, audit)
        for moderator, audit in firsts.items():
            await tell(uow, NoticeKind.AUDIT_LOCKED, audit, [moderator], actor.id, now)
        return Outcome("audit.lock_many", facts={"count": str(len(saved))})

    return await once_only(store, once, actor, now, work)


async def require_head(uow: CycleWork, actor: Actor, now: datetime) -> Authority:
    """Raises NotAllowed."""
    by = await locks_as(uow, actor, local_date(now))
    if by is None:
        raise NotAllowed(permission=Permission.MODERATION_LOCK.value)
    return by
