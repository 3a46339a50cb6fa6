"""Looking at requests: one, the forms that ask, and what waits for somebody's yes or no."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.audits import AWAITED, Audit, AuditState, may_take
from domain.calendar import local_date
from domain.cycle import still_moving
from domain.errors import Conflict, NotAllowed, OutOfDate
from domain.notices import reminder
from domain.people import Actor, Authority, Person, PersonId, Position, Role, Scope
from domain.permissions import Belongs, Permission, Reaching, allowed, reaching, require_present
from domain.policy import Effect, Policy
from domain.ports import AuditFilter, CycleStore, CycleWork
from domain.requests import Request, RequestState, Wish, latest_day, moved_on
from domain.terms import find_term
from domain.usecases.audit_access import load as load_audit
from domain.usecases.audit_access import of_child
from domain.usecases.request_access import (
    Asked,
    answering,
    asked,
    audit_of,
    head_of,
    load,
    require_view,
)
from domain.usecases.requests import close, open_of
from domain.views.requests import Answer, AskForm, Known, RequestLine, RequestView

WAITING_MOST = 50
_ALL = 10_000
_STAND_INS = frozenset(
    {Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS, Role.HEAD_OF_QUALITY, Role.ASSISTANT_DIRECTOR}
)
"""Who may be asked for a slippage, or stand in for somebody who is, beside the QA team."""


async def view(store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime) -> RequestView:
    """Raises NotFound, NotAllowed."""
    today = local_date(now)
    async with store.reading() as uow:
        request = await load(uow, ref)
        audit = await audit_of(uow, request)
        asker = await uow.people.get(request.asked_by_id)
        by = await answering(uow, request, audit, asker, actor, today)
        await require_view(uow, request, asker, actor, by, today)
        if request.open and moved_on(request, audit):
            request, by = replace(request, state=RequestState.OVERTAKEN, decided_at=now), None
        slips = request.wish is Wish.SLIPPAGE
        to = await asked(uow, request.asked_by_id, today) if slips and request.open else Asked(None)
        named = {request.asked_by_id, request.decided_by_id, *to.above, by.for_id if by else None}
        term = find_term(policy.reallocations, request.reason) if request.reason else None
        return RequestView(
            request=request,
            audit=audit,
            viewer=actor.person,
            today=today,
            people=await uow.people.many({p for p in named if p is not None}),
            answers=_answers(request, actor, by, term.effect if term else None),
            latest=latest_day(audit, today, policy.audits),
            reason=term,
            approvers=to.above,
            acting_for=by.for_id if by else None,
            known=Known() if slips else await known(uow, audit, asker),
            may_open=allowed(actor, Permission.AUDIT_VIEW, of_child(audit, None), today),
        )


def _answers(request: Request, actor: Actor, by: Authority | None, effect: Effect | None) -> Sequence[Answer]:
    if not request.open:
        return ()
    if actor.id == request.asked_by_id:
        return (Answer.CHANGE, Answer.WITHDRAW) if request.wish is Wish.SLIPPAGE else (Answer.WITHDRAW,)
    if by is None:
        return ()
    if request.wish is Wish.SLIPPAGE:
        return (Answer.AGREE, Answer.REFUSE)
    if effect is Effect.CHILD:
        return (Answer.REDRAW, Answer.TAKE_OFF, Answer.REFUSE)
    return (Answer.TAKE_OFF, Answer.REFUSE)


async def known(uow: CycleWork, audit: Audit, asker: Person | None) -> Known:
    """Whether the council's own files say that the auditor should not have this child."""
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    if asker is None or child is None:
        return Known()
    named = await uow.pool.in_position(child.team.id, tuple(Position))
    own = not may_take(asker.team, audit) or asker.id in {person.id for person in named}
    return Known(own, child.social_worker_id == asker.id, child.closed)


async def awaited(store: CycleStore, actor: Actor, now: datetime) -> list[Audit]:
    """The actor's own audits of which something is awaited, oldest first: what they can ask about."""
    today = local_date(now)
    require_present(actor, today)
    wanted = AuditFilter(auditor_id=actor.id, states=AWAITED, months=still_moving(None, today))
    async with store.reading() as uow:
        found, _ = await uow.cycle.find(wanted)
    return found


async def form(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, wish: Wish, now: datetime, filled: Mapping[str, str],
    *, anew: bool = False,
) -> AskForm | Request:  # fmt: skip
    """The form to ask with, or the request that is open already (to be shown, and changed with `anew`).

    Raises NotFound, NotAllowed for somebody else's audit, OutOfDate where nothing is awaited any more."""
    today = local_date(now)
    async with store.reading() as uow:
        audit = await load_audit(uow, ref)
        own = Belongs(frozenset({actor.id}))
        if audit.auditor_id != actor.id or not allowed(actor, Permission.AUDIT_RETURN, own, today):
            raise NotAllowed(permission=Permission.AUDIT_RETURN.value, ref=audit.ref)
        present = await open_of(uow, audit, wish)
    if present is not None and not (anew and wish is Wish.SLIPPAGE):
        return present
    if audit.state not in (AWAITED if wish is Wish.SLIPPAGE else {AuditState.ISSUED}):
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    before = _values(present) if present else {}
    latest = latest_day(audit, today, policy.audits)
    return AskForm(audit, wish, today, latest, policy.reallocations, {**before, **filled}, present)


def _values(request: Request) -> dict[str, str]:
    wanted = request.wanted_on.isoformat() if request.wanted_on else ""
    return {"wanted_on": wanted, "explanation": request.explanation}


async def waiting_for(store: CycleStore, actor: Actor, now: datetime) -> list[RequestLine]:
    """Requests that wait for the actor's answer, oldest first: the QA team's, their own as head of service (or one
    step up), and those of whom they stand in for. Nothing is asked of the database for anybody else."""
    today = local_date(now)
    qa = allowed(actor, Permission.AUDIT_REISSUE, Belongs(), today)
    if not qa and not (actor.roles & _STAND_INS and actor.person.active_on(today)):
        return []
    async with store.reading() as uow:
        found = await _waiting(uow, actor, today, qa=qa)
        people = await uow.people.many({request.asked_by_id for request in found}) if found else {}
    return [RequestLine(request, people.get(request.asked_by_id)) for request in found]


async def _waiting(uow: CycleWork, actor: Actor, today: date, *, qa: bool) -> list[Request]:
    if qa:
        everything = await uow.requests.open_within(None, limit=WAITING_MOST)
        return [request for request in everything if request.asked_by_id != actor.id]
    found: dict[int, Request] = {}
    for principal in await _principals(uow, actor, today):
        for request in await _brought_to(uow, principal, today):
            if request.asked_by_id != actor.id:
                found[request.id] = request
    return sorted(found.values(), key=lambda request: (request.asked_at, request.id))


async def _principals(uow: CycleWork, actor: Actor, today: date) -> list[Actor]:
    covered = [d for d in await uow.delegations.to(actor.id, today) if d.covers(Scope.ALL, today)]
    others = [await uow.people.actor_of(delegation.delegator_id) for delegation in covered]
    return [actor, *(other for other in others if other is not None)]


async def _brought_to(uow: CycleWork, principal: Actor, today: date) -> list[Request]:
    """Slippages that are brought to this head of service, or to this director for want of one below."""
    reach = reaching(principal, Permission.SLIPPAGE_DECIDE, today)
    if reach is None:
        return []
    near = reach is Reaching.SERVICE
    within, most = (principal.reach, WAITING_MOST) if near else (None, _ALL)
    found = await uow.requests.open_within(within, limit=most)
    slips = [r for r in found if r.wish is Wish.SLIPPAGE and r.asked_by_id != principal.id]
    return slips if near or not slips else await _one_step_up(uow, slips, principal, today)


async def _one_step_up(
    uow: CycleWork, slips: Sequence[Request], principal: Actor, today: date
) -> list[Request]:
    """Of everybody's slippages those that have no head of service to go to, but this person. The line is asked for
    of the few where that can be."""
    askers = await uow.people.many({request.asked_by_id for request in slips})
    heads = await uow.people.with_role(Role.HEAD_OF_SERVICE, today)
    covered = {head.team.service for head in heads if head.team}
    perhaps = {
        asker.id
        for asker in askers.values()
        if Role.HEAD_OF_SERVICE in asker.roles or asker.team is None or asker.team.service not in covered
    }
    mine = {asker for asker in perhaps if await head_of(uow, asker, today) == principal.id}
    return [request for request in slips if request.asked_by_id in mine]


async def chase_open(store: CycleStore, policy: Policy, now: datetime) -> int:
    """On working mornings: whoever can answer is reminded, in their one reminder of the day, of what was asked on an
    earlier day; where no day is left that could be agreed, the request ends, and who asked is told. How many it was."""
    today = local_date(now)
    async with store.reading() as uow:
        waiting = await uow.requests.open_within(None, limit=_ALL)
    chased = 0
    for request in waiting:
        try:
            chased += await _chase(store, policy, request.ref, today, now)
        except Conflict:  # somebody answers it at this moment
            continue
    return chased


async def _chase(store: CycleStore, policy: Policy, ref: str, today: date, now: datetime) -> bool:
    async with store.writing() as uow:
        request = await load(uow, ref)
        audit = await audit_of(uow, request)
        if not request.open or local_date(request.asked_at) >= today:
            return False
        if moved_on(request, audit):
            await close(uow, request, RequestState.OVERTAKEN, None, "", now, tell=False)
        elif request.wish is Wish.SLIPPAGE and today > latest_day(audit, today, policy.audits):
            await close(uow, request, RequestState.OVERTAKEN, None, "", now)
        else:
            await _remind(uow, request, today, now)
        await uow.commit()
    return True


async def _remind(uow: CycleWork, request: Request, today: date, now: datetime) -> None:
    to = await asked(uow, request.asked_by_id, today)
    people: Iterable[PersonId] = to.qa_team
    if request.wish is Wish.SLIPPAGE:
        people = (*to.above, *to.qa_team)
    await uow.outbox.put([reminder(request.ref, person, today) for person in dict.fromkeys(people)], now)
