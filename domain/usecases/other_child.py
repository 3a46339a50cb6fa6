"""An audit that turned out to be about another child: whoever was told of the first one hears that nothing of it
concerns that child, and whose actions were cancelled, which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.audits import Audit
from domain.calendar import local_date
from domain.cycle import Command
from domain.errors import NotAllowed
from domain.notices import NoticeKind, actions_subject, audit_notice
from domain.people import Actor
from domain.permissions import require_present
from domain.ports import Action, AuditStep, ChildFacts, CycleStore, CycleWork
from domain.usecases.audit_access import load
from domain.usecases.audit_views import reader_of


@dataclass(frozen=True, slots=True)
class OtherChild:
    """`was`: the child that it is not about. `cancelled`: the reader's own actions of then. `may_open`: the reader may
    see the audit as it is now, too."""

    audit: Audit
    was: str
    cancelled: Sequence[Action] = ()
    may_open: bool = False


def children_before(steps: Sequence[AuditStep]) -> list[str]:
    """That a correction took it off, the latest first."""
    corrected = [step.facts.get("child_ref", "") for step in steps if step.command == Command.CORRECT.value]
    return [was for was, _, _ in (change.partition(">") for change in reversed(corrected)) if was]


async def was_about(store: CycleStore, actor: Actor, ref: str, now: datetime) -> OtherChild:
    """For who might have seen it then, or has an action of then. Raises NotFound, NotAllowed."""
    require_present(actor, local_date(now))
    async with store.reading() as uow:
        audit = await load(uow, ref)
        dropped = await uow.actions.of_audit(audit.id, dropped=True)
        own = [action for action in dropped if action.owner_id == actor.id]
        child = await uow.children.get(audit.child_ref) if audit.child_ref else None
        for was in children_before(await uow.cycle.history(audit.id)):
            before = await uow.children.get(was)
            mine = [action for action in own if action.child_ref == was]
            if mine or _sees(actor, audit, before, now):
                return OtherChild(audit, was, mine, _sees(actor, audit, child, now))
    raise NotAllowed(ref=ref)


def _sees(actor: Actor, audit: Audit, child: ChildFacts | None, now: datetime) -> bool:
    """By the child, and not because they audit or moderate it."""
    if child is None:
        return False
    of_child = replace(audit, child_ref=child.ref, team=child.team, auditor_id=None, moderator_id=None)
    try:
        reader_of(actor, of_child, child, local_date(now))
    except NotAllowed:
        return False
    return True


async def tell_of_the_first(uow: CycleWork, before: Audit, after: Audit, now: datetime) -> None:
    """Those who were told of it as the first child's, but for its auditor and moderator, who see both values."""
    if before.child_ref is None or before.child_ref == after.child_ref:
        return
    first = await uow.children.get(before.child_ref)
    owners = {action.owner_id for action in await uow.actions.of_audit(after.id, dropped=True)}
    notices = [
        audit_notice(NoticeKind.AUDIT_NOT_OF_CHILD, after, person)
        for person in await _told(uow, before.ref)
        if person not in (after.auditor_id, after.moderator_id)
        and (person in owners or await _saw(uow, person, before, first, now))
    ]
    await uow.outbox.put(notices, now)


async def _told(uow: CycleWork, ref: str) -> list[int]:
    of_actions = await uow.outbox.told(actions_subject(ref))
    return list(dict.fromkeys([*await uow.outbox.told(ref), *of_actions]))


async def _saw(uow: CycleWork, person: int, before: Audit, first: ChildFacts | None, now: datetime) -> bool:
    actor = await uow.people.actor_of(person)
    return actor is not None and _sees(actor, before, first, now)
