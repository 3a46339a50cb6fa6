"""More time for an audit, or another one: asked for by its auditor, answered once (domain, sections 3.5 and 3.6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain import requests as rules
from domain.audits import AWAITED, Audit, AuditState
from domain.calendar import local_date
from domain.cycle import Command, apply
from domain.errors import Conflict, Invalid, NotAllowed, OutOfDate
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Actor, Authority, PersonId
from domain.permissions import Belongs, Permission, allowed
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, Once, Outcome, TrailEntry, UnitOfWork
from domain.requests import Request, RequestState, Wish
from domain.terms import find_term
from domain.usecases.audit_access import load_version
from domain.usecases.request_access import asked, audit_of, load, require_answering
from domain.usecases.transaction import once_only

EVERY_WISH = frozenset(Wish)


@dataclass(frozen=True, slots=True)
class Slip:
    """What the form of a slippage holds. `version` is the audit's; `changes` the version of the open request that is
    asked anew."""

    ref: str
    version: int
    wanted_on: date
    explanation: str
    changes: int | None = None


async def ask_slippage(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Slip, now: datetime, once: Once
) -> Outcome:
    """The auditor says until when it might slip, and why; the head of service and the QA team are asked.

    Outcome("request.ask", the request's reference); "request.change" where an open one is asked anew. Raises
    NotAllowed, OutOfDate, Invalid (explanation_needed, too_long, books_closed, day_not_ahead, day_too_late,
    no_approver; already_asked with `request`)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _own(uow, actor, wanted.ref, wanted.version, AWAITED, now)
        _check_text(policy, wanted.explanation)
        rules.check_wanted(wanted.wanted_on, audit, local_date(now), policy.audits)
        draft = _draft(audit, Wish.SLIPPAGE, actor, wanted.explanation, now)
        draft = replace(draft, wanted_on=wanted.wanted_on)
        present = await open_of(uow, audit, Wish.SLIPPAGE)
        if present is not None and wanted.changes is not None:
            return await _changed(uow, present, draft, wanted.changes, now)
        return await _asked(uow, audit, draft, present, now)

    return await once_only(store, once, actor, now, work)


async def ask_reallocation(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, reason: str, explanation: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Wrong child, or no time for it: the QA team is asked, the head of service is told. Raises as `ask_slippage`, and
    Invalid("unknown_reason")."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _own(uow, actor, ref, version, {AuditState.ISSUED}, now)
        term = find_term(policy.reallocations, reason)
        if term is None:
            raise Invalid("unknown_reason", field="reason")
        _check_text(policy, explanation)
        draft = replace(_draft(audit, Wish.REALLOCATION, actor, explanation, now), reason=term.code)
        return await _asked(uow, audit, draft, await open_of(uow, audit, Wish.REALLOCATION), now)

    return await once_only(store, once, actor, now, work)


async def _own(
    uow: CycleWork, actor: Actor, ref: str, version: int, states: Collection[AuditState], now: datetime
) -> Audit:
    audit = await load_version(uow, ref, version)
    own = Belongs(frozenset({actor.id}))
    if audit.auditor_id != actor.id or not allowed(actor, Permission.AUDIT_RETURN, own, local_date(now)):
        raise NotAllowed(permission=Permission.AUDIT_RETURN.value, ref=audit.ref)
    if audit.state not in states:
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    return audit


def _check_text(policy: Policy, explanation: str) -> None:
    if not explanation.strip():
        raise Invalid("explanation_needed", field="explanation")
    if len(explanation) > policy.exemptions.note_longest:
        raise Invalid("too_long", field="explanation", longest=str(policy.exemptions.note_longest))


def _draft(audit: Audit, wish: Wish, actor: Actor, explanation: str, now: datetime) -> Request:
    return Request(0, audit.id, audit.ref, wish, actor.id, now, explanation.strip())


async def open_of(uow: CycleWork, audit: Audit, wish: Wish) -> Request | None:
    return next((r for r in await uow.requests.of_audit(audit.id) if r.wish is wish and r.open), None)


async def _asked(
    uow: CycleWork, audit: Audit, draft: Request, present: Request | None, now: datetime
) -> Outcome:
    if present is not None:
        raise Invalid("already_asked", field="explanation", ref=audit.ref, request=present.ref)
    to = await asked(uow, draft.asked_by_id, local_date(now))
    if not to.qa_team and not (to.head and draft.wish is Wish.SLIPPAGE):
        raise Invalid("no_approver")
    try:
        request = await uow.requests.add(draft)
    except Conflict:
        raise Invalid("already_asked", field="explanation", ref=audit.ref) from None
    deciding = to.qa_team if request.wish is Wish.REALLOCATION else (*to.above, *to.qa_team)
    await _tell(uow, NoticeKind.REQUEST_TO_DECIDE, request, deciding, now)
    await _tell(uow, NoticeKind.REQUEST_STANDS, request, set(to.above) - set(deciding), now)
    await uow.trail.append(_entry("ask", request, now, Authority(draft.asked_by_id), draft.explanation))
    return Outcome("request.ask", request.ref)


async def _changed(uow: CycleWork, present: Request, draft: Request, version: int, now: datetime) -> Outcome:
    """Another day or another reason: the cards of everybody who is asked are brought up to date where they stand."""
    if present.version != version:
        raise OutOfDate(ref=present.ref, state=present.state.value)
    saved = await uow.requests.save(
        replace(present, wanted_on=draft.wanted_on, explanation=draft.explanation, asked_at=now)
    )
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    await uow.trail.append(_entry("change", saved, now, Authority(draft.asked_by_id), draft.explanation))
    return Outcome("request.change", saved.ref)


async def agree(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, day: date | None, now: datetime,
    once: Once,
) -> Outcome:  # fmt: skip
    """Yes, until the wanted day, or until `day`. The deadline stays. Raises NotAllowed, OutOfDate where somebody was
    quicker or the audit has moved on, Invalid (books_closed, day_past, day_too_late)."""

    async def work(uow: CycleWork) -> Outcome:
        request, audit, by = await to_answer(uow, actor, ref, version, Wish.SLIPPAGE, now)
        agreed_on = day or request.wanted_on
        assert agreed_on is not None
        rules.check_agreed(agreed_on, audit, local_date(now), policy.audits)
        done = apply(audit, Command.AGREE_DATE, now=now, by=by.by_id, for_id=by.for_id, agreed_on=agreed_on)
        saved = await uow.cycle.save(done)
        await close(uow, replace(request, agreed_on=agreed_on), RequestState.GRANTED, by, "", now)
        facts = {**done.facts, "request": request.ref, "version": str(saved.version)}
        await uow.trail.append(TrailEntry(now, "audit.agree_date", saved.ref, by.by_id, by.for_id, facts))
        await uow.outbox.refresh_cards(saved.ref, saved.version, now)
        return Outcome("request.grant", request.ref)

    return await once_only(store, once, actor, now, work)


async def refuse(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """No, with the reason. Raises NotAllowed, OutOfDate, Invalid (why_not_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        request, _, by = await to_answer(uow, actor, ref, version, None, now)
        if not note.strip():
            raise Invalid("why_not_missing", field="note")
        if len(note) > policy.exemptions.note_longest:
            raise Invalid("too_long", field="note", longest=str(policy.exemptions.note_longest))
        await close(uow, request, RequestState.REFUSED, by, note.strip(), now)
        return Outcome("request.refuse", request.ref)

    return await once_only(store, once, actor, now, work)


async def withdraw(
    store: CycleStore, actor: Actor, ref: str, version: int, now: datetime, once: Once
) -> Outcome:
    """By who asked, while it is open. Raises NotAllowed, OutOfDate."""

    async def work(uow: CycleWork) -> Outcome:
        request = await load(uow, ref)
        if actor.id != request.asked_by_id or not actor.person.active_on(local_date(now)):
            raise NotAllowed(permission=Permission.AUDIT_RETURN.value, ref=request.ref, why="not_requester")
        _still_open(request, version)
        await close(uow, request, RequestState.WITHDRAWN, Authority(actor.id), "", now, tell=False)
        return Outcome("request.withdraw", request.ref)

    return await once_only(store, once, actor, now, work)


async def to_answer(
    uow: CycleWork, actor: Actor, ref: str, version: int, wish: Wish | None, now: datetime
) -> tuple[Request, Audit, Authority]:
    """The open request as its card showed it, and in whose name the actor answers it: who may is asked first, so that
    a stale card tells nothing to somebody else. Raises NotFound, NotAllowed, OutOfDate."""
    request = await load(uow, ref)
    audit = await audit_of(uow, request)
    by = await require_answering(uow, request, audit, actor, local_date(now))
    _still_open(request, version)
    if wish is not None and request.wish is not wish:
        raise OutOfDate(ref=request.ref, state=request.state.value)
    if rules.moved_on(request, audit):
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    return request, audit, by


def _still_open(request: Request, version: int) -> None:
    if not request.open or request.version != version:
        raise OutOfDate(ref=request.ref, state=request.state.value)


_DID = {
    RequestState.GRANTED: "grant",
    RequestState.REFUSED: "refuse",
    RequestState.WITHDRAWN: "withdraw",
    RequestState.OVERTAKEN: "overtake",
}


async def close(
    uow: UnitOfWork, request: Request, state: RequestState, by: Authority | None, note: str, now: datetime,
    *, tell: bool = True,
) -> Request:  # fmt: skip
    """The end of a request, in the caller's commit: its cards, its entry in the trail and, with `tell`, the message to
    who asked."""
    closed = replace(request, state=state, decided_by_id=by.by_id if by else None, decided_at=now, note=note)
    saved = await uow.requests.save(closed)
    if tell:
        await _tell(uow, NoticeKind.REQUEST_DECIDED, saved, [saved.asked_by_id], now)
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    await uow.trail.append(_entry(_DID[state], saved, now, by, note))
    return saved


async def overtake(
    uow: UnitOfWork, audit: Audit, now: datetime, *, wishes: Collection[Wish] = EVERY_WISH
) -> None:
    """Within the commit that returns, frees or gives away an audit, or changes its child: what was asked about it
    and not answered is settled by that, and its cards say so."""
    for request in await uow.requests.of_audit(audit.id):
        if request.open and request.wish in wishes:
            await close(uow, request, RequestState.OVERTAKEN, None, "", now, tell=False)


async def _tell(
    uow: UnitOfWork, kind: NoticeKind, request: Request, people: Collection[PersonId], now: datetime
) -> None:
    notices = [
        Notice(kind, Lane.DECISION, person, request.ref, f"{kind}|{request.ref}|{person}")
        for person in dict.fromkeys(people)
    ]
    await uow.outbox.put(notices, now)


def _entry(did: str, request: Request, now: datetime, by: Authority | None, text: str) -> TrailEntry:
    known: Sequence[tuple[str, object]] = (
        ("wanted_on", request.wanted_on),
        ("agreed_on", request.agreed_on),
        ("reason", request.reason),
    )
    facts = {
        "audit": request.audit_ref,
        "wish": request.wish.value,
        "version": str(request.version),
        **{name: str(value) for name, value in known if value},
    }
    name = "explanation" if did in ("ask", "change") else "note"
    return TrailEntry(
        now, f"request.{did}", request.ref, by.by_id if by else None, by.for_id if by else None, facts,
        {name: text} if text else {},
    )  # fmt: skip
