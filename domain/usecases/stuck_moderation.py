"""Audits whose named moderator cannot judge them any more: who left, lost the role, or whose own team or caseload the
child has come into (faults 23-25, 63). The QA team is told, names somebody else, and nobody waits for nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from domain.audits import TO_MODERATE, Audit
from domain.calendar import local_date
from domain.cycle import Party, still_moving
from domain.errors import Conflict
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Actor, Person, PersonId, Role
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, CycleStore, CycleWork
from domain.usecases.audit_access import parties

MOST = 5000
SHOWN = 6


async def stuck(uow: CycleWork, audits: Iterable[Audit], today: date) -> list[Audit]:
    """Those of them that wait for a moderator who cannot judge them."""
    named = [audit for audit in audits if audit.state in TO_MODERATE and audit.moderator_id is not None]
    ids = sorted({audit.moderator_id for audit in named if audit.moderator_id is not None})
    actors = {person: await uow.people.actor_of(person) for person in ids}
    children = await uow.children.many([audit.child_ref for audit in named if audit.child_ref])
    return [
        audit
        for audit in named
        if not _may_judge(actors[audit.moderator_id or 0], audit, children.get(audit.child_ref or ""), today)
    ]


def is_stuck(audit: Audit, moderator: Person | None, child: ChildFacts | None, today: date) -> bool:
    """The same of one audit for its card, without a question: what the teams file says of them is left out."""
    named = audit.state in TO_MODERATE and audit.moderator_id is not None
    return named and not _may_judge(Actor(moderator) if moderator else None, audit, child, today)


def _may_judge(moderator: Actor | None, audit: Audit, child: ChildFacts | None, today: date) -> bool:
    if moderator is None or not moderator.person.active_on(today):
        return False
    return Party.MODERATOR in parties(moderator, audit, child=child, auditor=None, today=today)


async def waiting(uow: CycleWork, today: date) -> list[Audit]:
    """All that is stuck, the oldest first."""
    wanted = AuditFilter(months=still_moving(None, today), states=TO_MODERATE, moderator_named=True)
    named, _ = await uow.cycle.find(wanted, limit=MOST)
    return await stuck(uow, named, today)


async def told_where_stuck(uow: CycleWork, audit: Audit, now: datetime) -> bool:
    """Tells the QA team, once for an audit and moderator, where nobody can judge it; whether that is so."""
    if not await stuck(uow, [audit], local_date(now)):
        return False
    await uow.outbox.put(await _notices(uow, [audit], local_date(now)), now)
    return True


async def _notices(uow: CycleWork, audits: Sequence[Audit], today: date) -> list[Notice]:
    kind = NoticeKind.MODERATION_STUCK
    team: list[PersonId] = [person.id for person in await uow.people.with_role(Role.QA_TEAM, today)]
    return [
        Notice(kind, Lane.DECISION, person, a.ref, f"{kind}|{a.ref}|{a.moderator_id}|{person}")
        for a in audits
        for person in team
    ]


async def tell_stuck(store: CycleStore, policy: Policy, now: datetime) -> int:
    """On working mornings, what nobody has told of yet: somebody left, or a file has moved a child or a moderator. How
    many are stuck."""
    today = local_date(now)
    async with store.reading() as uow:
        found = await waiting(uow, today)
    if not found:
        return 0
    try:
        async with store.writing() as uow:
            await uow.outbox.put(await _notices(uow, found, today), now)
            await uow.commit()
    except Conflict:
        return 0
    return len(found)
