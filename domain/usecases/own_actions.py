"""The actions that an audit asks of one person: shown to their owner, whether the audit itself is or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.audits import Audit
from domain.calendar import local_date
from domain.errors import NotAllowed
from domain.people import Actor
from domain.permissions import require_present
from domain.ports import Action, CycleStore
from domain.usecases.audit_access import load
from domain.usecases.audit_views import reader_of


@dataclass(frozen=True, slots=True)
class OwnActions:
    """`may_open`: the owner may see the audit too; `cancelled`: what was theirs and is on the return no longer."""

    audit: Audit
    actions: list[Action]
    may_open: bool
    cancelled: Sequence[Action] = ()


async def of_audit(store: CycleStore, actor: Actor, ref: str, now: datetime) -> OwnActions:
    """Those of the actor that are not done; none where they were given to somebody else. Raises NotFound, NotAllowed
    for somebody who has left."""
    today = local_date(now)
    require_present(actor, today)
    async with store.reading() as uow:
        audit = await load(uow, ref)
        actions = [
            a for a in await uow.actions.of_audit(audit.id) if a.owner_id == actor.id and a.done_on is None
        ]
        dropped = [a for a in await uow.actions.of_audit(audit.id, dropped=True) if a.owner_id == actor.id]
        child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    try:
        reader_of(actor, audit, child, today)
    except NotAllowed:
        return OwnActions(audit, actions, may_open=False, cancelled=dropped)
    return OwnActions(audit, actions, may_open=True, cancelled=dropped)
