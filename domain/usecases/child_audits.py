"""The audits of one child that somebody may see: what a question about a child is answered from.

The scope stands in the query, so that neither the answer nor how long it takes says anything of a child, or of an
audit, that is not for who asks."""

from datetime import datetime

from domain.audits import Audit
from domain.calendar import Month, local_date
from domain.people import Actor, Reach
from domain.permissions import Belongs, Permission, Reaching, allowed, reaching, require_present
from domain.ports import AuditFilter, CycleStore
from domain.usecases.participation_views import within

MOST = 8


async def of_child(
    store: CycleStore, actor: Actor, child_ref: str, month: Month | None, now: datetime
) -> tuple[list[Audit], int]:
    """Newest first, at most MOST, and how many there are: the actor's own (as auditor, as moderator), those within
    their reach, and their own child's as its social worker. Raises NotAllowed for somebody who is not here."""
    wanted = [
        AuditFilter(
            child_ref=child_ref,
            months=(month, month) if month else None,
            within=one.within,
            or_owner=one.or_owner,
            social_worker_id=one.social_worker_id,
        )
        for one in _scopes(actor, now)
    ]
    found: dict[str, Audit] = {}
    most = 0
    async with store.reading() as uow:
        for one in wanted:
            audits, total = await uow.cycle.find(one, limit=MOST, newest_first=True)
            found |= {audit.ref: audit for audit in audits}
            most = max(most, total)
    newest = sorted(found.values(), key=lambda audit: (audit.month, audit.id), reverse=True)
    return newest[:MOST], max(most, len(newest))


def _scopes(actor: Actor, now: datetime) -> list[AuditFilter]:
    today = local_date(now)
    require_present(actor, today)
    scopes: list[AuditFilter] = []
    far = reaching(actor, Permission.AUDIT_VIEW, today)
    if far is Reaching.ALL:
        return [AuditFilter()]
    if far is not None:
        reach = Reach() if far is Reaching.OWN else within(actor.reach, far)
        scopes.append(AuditFilter(within=reach, or_owner=actor.id))
    if allowed(actor, Permission.AUDIT_TAKE_PART, Belongs(frozenset({actor.id})), today):
        scopes.append(AuditFilter(social_worker_id=actor.id))
    return scopes
