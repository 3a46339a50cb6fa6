"""Whom a request about an audit is brought to, and who may answer it (domain, sections 2 and 3.6)."""

from dataclasses import dataclass
from datetime import date

from domain.audits import Audit
from domain.errors import NotAllowed, NotFound
from domain.people import (
    Actor,
    Authority,
    Level,
    Person,
    PersonId,
    Role,
    Scope,
    authority_of,
    next_approver,
)
from domain.permissions import Belongs, Permission, allowed
from domain.ports import CycleWork
from domain.requests import PREFIX, Request, Wish


@dataclass(frozen=True, slots=True)
class Asked:
    """`head` is the auditor's head of service, or who stands above where they are it themselves (None: nobody is
    named); `deputies` act for them today."""

    head: PersonId | None
    deputies: tuple[PersonId, ...] = ()
    qa_team: tuple[PersonId, ...] = ()

    @property
    def above(self) -> tuple[PersonId, ...]:
        return (self.head, *self.deputies) if self.head is not None else ()


async def load(uow: CycleWork, ref: str) -> Request:
    """Raises NotFound for anything that is not the reference of a request."""
    number = ref.strip().upper().removeprefix(PREFIX)
    sane = number.isascii() and number.isdigit() and len(number) < 10
    found = await uow.requests.get(int(number)) if sane else None
    if found is None:
        raise NotFound(ref=ref[:20], kind="request")
    return found


async def audit_of(uow: CycleWork, request: Request) -> Audit:
    audit = await uow.audits.get(request.audit_ref)
    if audit is None:
        raise NotFound(ref=request.audit_ref, kind="audit")
    return audit


async def head_of(uow: CycleWork, auditor_id: PersonId, today: date) -> PersonId | None:
    """The auditor's head of service; the director for a head of service's own audit; the next one up who is there."""
    line = await uow.people.line(auditor_id)
    found = next_approver(line, Level.HEAD_OF_SERVICE, {auditor_id}, today)
    return found.person.id if found else None


async def asked(uow: CycleWork, auditor_id: PersonId, today: date) -> Asked:
    """Everybody to whom a request of this auditor is brought today; never the auditor."""
    head = await head_of(uow, auditor_id, today)
    qa_team = await uow.people.with_role(Role.QA_TEAM, today)
    return Asked(
        head,
        await _deputies(uow, head, auditor_id, today) if head is not None else (),
        tuple(person.id for person in qa_team if person.id != auditor_id),
    )


async def _deputies(
    uow: CycleWork, head: PersonId, auditor_id: PersonId, today: date
) -> tuple[PersonId, ...]:
    delegations = await uow.delegations.by([head], today)
    named = dict.fromkeys(d.delegate_id for d in delegations if d.covers(Scope.ALL, today))
    named.pop(auditor_id, None)
    people = await uow.people.many(named) if named else {}
    return tuple(p for p in named if p in people and people[p].active_on(today))


async def answering(
    uow: CycleWork, request: Request, audit: Audit, asker: Person | None, actor: Actor, today: date
) -> Authority | None:
    """In whose name the actor may answer the request; None for somebody who may not. Nobody answers their own."""
    if actor.id in (request.asked_by_id, audit.auditor_id):
        return None
    if request.wish is Wish.REALLOCATION:
        return Authority(actor.id) if allowed(actor, Permission.AUDIT_REISSUE, Belongs(), today) else None
    if allowed(actor, Permission.SLIPPAGE_DECIDE, of_asker(request, asker), today):
        return Authority(actor.id)
    delegations = [d for d in await uow.delegations.to(actor.id, today) if d.covers(Scope.ALL, today)]
    head = await head_of(uow, request.asked_by_id, today) if delegations else None
    return authority_of(actor, head, Scope.ALL, delegations, today) if head is not None else None


def of_asker(request: Request, asker: Person | None) -> Belongs:
    """Where a request belongs: to who asked, and in their own team."""
    return Belongs(frozenset({request.asked_by_id}), asker.team if asker else None)


async def require_answering(
    uow: CycleWork, request: Request, audit: Audit, actor: Actor, today: date
) -> Authority:
    """Raises NotAllowed."""
    wanted = Permission.SLIPPAGE_DECIDE if request.wish is Wish.SLIPPAGE else Permission.AUDIT_REISSUE
    if actor.id in (request.asked_by_id, audit.auditor_id):
        raise NotAllowed(permission=wanted.value, ref=request.ref, why="own_request")
    asker = await uow.people.get(request.asked_by_id)
    by = await answering(uow, request, audit, asker, actor, today)
    if by is None:
        raise NotAllowed(permission=wanted.value, ref=request.ref)
    return by


async def require_view(
    uow: CycleWork, request: Request, asker: Person | None, actor: Actor, by: Authority | None, today: date
) -> None:
    """Its asker, who may answer it, and the head of service above the asker. Raises NotAllowed."""
    here = actor.person.active_on(today)
    if here and (by is not None or actor.id in (request.asked_by_id, request.decided_by_id)):
        return
    if actor.id != request.asked_by_id and allowed(
        actor, Permission.SLIPPAGE_DECIDE, of_asker(request, asker), today
    ):
        return
    raise NotAllowed(permission=Permission.SLIPPAGE_DECIDE.value, ref=request.ref)
