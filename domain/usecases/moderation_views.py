"""Lists of what is to moderate, to confirm and to file, each for the one whose work it is."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.audits import TO_MODERATE, Audit, AuditState
from domain.calendar import Month, local_date
from domain.cycle import still_moving
from domain.errors import NotAllowed
from domain.people import Actor, Person, PersonId, Role
from domain.permissions import Belongs, Permission, allowed, require_present
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork
from domain.usecases import locking, stuck_moderation, uploading
from domain.views.moderation import AuditLines, Work

PAGE = 8


async def to_moderate(store: CycleStore, actor: Actor, now: datetime, offset: int = 0) -> AuditLines:
    """What the actor has to moderate, the oldest first. Raises NotAllowed for somebody who is not here."""
    today = local_date(now)
    require_present(actor, today)
    own = Belongs(frozenset({actor.id}))
    if not allowed(actor, Permission.MODERATION_JUDGE, own, today):
        raise NotAllowed(permission=Permission.MODERATION_JUDGE.value)
    async with store.reading() as uow:
        wanted = AuditFilter(moderator_id=actor.id, states=TO_MODERATE, months=still_moving(None, today))
        lines, total = await uow.cycle.find(wanted, limit=PAGE, offset=offset)
        people = await _named(uow, lines)
    return AuditLines(actor.person, today, None, lines, total, people, offset, PAGE)


async def to_lock(
    store: CycleStore, actor: Actor, month: Month | None, now: datetime, offset: int = 0
) -> AuditLines:
    """What waits for the third lock. To be looked at by the QA team too, who see when nobody can confirm. Raises
    NotAllowed."""
    today = local_date(now)
    async with store.reading() as uow:
        by = await locking.locks_as(uow, actor, today)
        if by is None and not allowed(actor, Permission.MODERATION_ASSIGN, Belongs(), today):
            raise NotAllowed(permission=Permission.MODERATION_LOCK.value)
        states = {AuditState.MODERATED, AuditState.DISPUTED}
        wanted = AuditFilter(months=still_moving(month, today), states=states)
        lines, total = await uow.cycle.find(wanted, limit=PAGE, offset=offset)
        batch: Sequence[Audit] = await locking.agreed(uow, by, month, today) if by else ()
        people = await _named(uow, [*lines, *batch])
        nobody = not await uow.people.anybody_with(Role.HEAD_OF_QUALITY, today)
    return AuditLines(
        actor.person, today, month, lines, total, people, offset, PAGE,
        batch, locking.digest_of(batch), nobody,
    )  # fmt: skip


async def to_upload(
    store: CycleStore, policy: Policy, actor: Actor, month: Month | None, now: datetime, offset: int = 0
) -> AuditLines:
    """What can be ticked as on the child's record. Raises NotAllowed."""
    today = local_date(now)
    async with store.reading() as uow:
        batch, waiting = await uploading.ready(uow, policy, actor, month, today)
        lines = batch[offset : offset + PAGE]
        people = await _named(uow, lines)
    digest = locking.digest_of(batch)
    return AuditLines(
        actor.person, today, month, lines, len(batch), people, offset, PAGE, batch, digest, waiting=waiting
    )


async def _named(uow: CycleWork, audits: Iterable[Audit]) -> dict[PersonId, Person]:
    ids = {person for audit in audits for person in (audit.auditor_id, audit.moderator_id)} - {None}
    return await uow.people.many([person for person in ids if person is not None])


async def candidates(
    store: CycleStore, actor: Actor, wanted: AuditFilter, now: datetime, offset: int = 0
) -> AuditLines:
    """The audits that words could mean, which the caller has narrowed to the actor's own or to what they see."""
    async with store.reading() as uow:
        lines, total = await uow.cycle.find(wanted, limit=PAGE, offset=offset, newest_first=True)
        people = await _named(uow, lines)
    return AuditLines(actor.person, local_date(now), None, lines, total, people, offset, PAGE)


async def work_of(store: CycleStore, actor: Actor, now: datetime) -> Work:
    """What of moderation waits for the actor; nothing is asked for a role that has none of it."""
    today = local_date(now)
    own = Belongs(frozenset({actor.id}))
    months = still_moving(None, today)
    judged = AuditFilter(moderator_id=actor.id, states=TO_MODERATE, months=months)
    sent_back = AuditFilter(auditor_id=actor.id, states={AuditState.SENT_BACK}, months=months)
    async with store.reading() as uow:
        judges = allowed(actor, Permission.MODERATION_JUDGE, own, today)
        locks = allowed(actor, Permission.MODERATION_LOCK, Belongs(), today)
        audits = allowed(actor, Permission.AUDIT_RETURN, own, today)
        names = allowed(actor, Permission.MODERATION_ASSIGN, Belongs(), today)
        return Work(
            await _count(uow, judged) if judges else 0,
            await _count(uow, AuditFilter(states=_TO_LOCK, months=months)) if locks else 0,
            (await uow.cycle.find(sent_back, limit=PAGE))[0] if audits else (),
            await stuck_moderation.waiting(uow, today) if names else (),
        )


_TO_LOCK = frozenset({AuditState.MODERATED, AuditState.DISPUTED})


async def _count(uow: CycleWork, wanted: AuditFilter) -> int:
    return (await uow.cycle.find(wanted, limit=1))[1]
