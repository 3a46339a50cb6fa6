"""Asking for, deciding on and looking at exemptions. Permissions are asked here and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain import exemptions as rules
from domain.calendar import Month, local_date
from domain.errors import Conflict, Invalid, NotAllowed, NotFound, OutOfDate
from domain.exemptions import Command, Exemption, Party, State
from domain.notices import Audience, exemption_notices, request_notices
from domain.people import Actor, Approver, Authority, Level, Person, PersonId, Scope, authority_of
from domain.permissions import Belongs, Permission, reaching, require
from domain.policy import Policy
from domain.ports import Once, Outcome, Store, TrailEntry, UnitOfWork
from domain.usecases.exemption_views import barred_as_deputy, has_issued, load, require_view
from domain.usecases.freeing import free_audits
from domain.usecases.routing import above, asked, better_approver, first_approver
from domain.usecases.transaction import once_only


@dataclass(frozen=True, slots=True)
class Request:
    """What a request form holds. `people` is empty when somebody asks for themselves."""

    month: Month
    reason: str
    explanation: str = ""
    people: Sequence[PersonId] = ()


async def request(
    store: Store, policy: Policy, actor: Actor, wanted: Request, now: datetime, once: Once
) -> Outcome:
    """Asks for oneself, or as head of service for several people: one exemption each, all or none.

    Outcome("exemption.requested", subject = the reference if there is one, facts: refs = all, joined by ";").
    Raises Invalid (see `rules.timing`; unknown_reason; already_requested with ref; no_approver), NotAllowed.
    """

    async def work(uow: UnitOfWork) -> Outcome:
        if wanted.reason not in policy.exemptions.by_code:
            raise Invalid("unknown_reason", field="reason")
        subjects = await _subjects(uow, actor, wanted.people, now)
        made = [await _request_one(uow, policy, actor, person, wanted, now) for person in subjects]
        refs = ";".join(exemption.ref for exemption in made)
        return Outcome("exemption.requested", made[0].ref if len(made) == 1 else "", {"refs": refs})

    return await once_only(store, once, actor, now, work)


async def _subjects(uow: UnitOfWork, actor: Actor, ids: Sequence[PersonId], now: datetime) -> list[Person]:
    if not ids:
        require(actor, Permission.EXEMPTION_REQUEST, Belongs(frozenset({actor.id})), local_date(now))
        return [actor.person]
    found = await uow.people.many(set(ids))
    people = [found[person_id] for person_id in dict.fromkeys(ids) if person_id in found]
    if len(people) != len(set(ids)) or not all(p.active_on(local_date(now)) for p in people):
        raise NotFound(kind="person")
    for person in people:
        owners = frozenset({person.id}) if person.id == actor.id else frozenset[PersonId]()
        require(actor, Permission.EXEMPTION_REQUEST, Belongs(owners, person.team), local_date(now))
    return people


async def _request_one(
    uow: UnitOfWork, policy: Policy, actor: Actor, person: Person, wanted: Request, now: datetime
) -> Exemption:
    issued = await has_issued(uow, person.id, wanted.month)
    when = rules.timing(
        wanted.month, now=now, issued=issued, explanation=wanted.explanation, rules=policy.exemptions
    )
    approver = await first_approver(uow, person.id, actor.id, now)
    if approver is None:
        raise Invalid("no_approver")
    draft = Exemption(
        id=0,
        person_id=person.id,
        requested_by_id=actor.id,
        month=wanted.month,
        reason=wanted.reason,
        reason_class=policy.exemptions.by_code[wanted.reason].reason_class,
        explanation=wanted.explanation.strip(),
        state=rules.WITH[approver.level],
        level=approver.level,
        approver_id=approver.person.id,
        requested_at=now,
        step_since=now,
        last_week=when.last_week,
        after_issue=when.after_issue,
    )
    exemption = await _add(uow, draft)
    audience = Audience(approvers=await asked(uow, exemption, now))
    await uow.outbox.put(request_notices(exemption.ref, person.id, actor.id, audience), now)
    await uow.trail.append(_request_entry(exemption, actor, now))
    return exemption


async def _add(uow: UnitOfWork, draft: Exemption) -> Exemption:
    for present in await uow.exemptions.of_person(draft.person_id, draft.month):
        if present.state in rules.STANDING:
            raise Invalid("already_requested", field="month", ref=present.ref)
    try:
        return await uow.exemptions.add(draft)
    except Conflict:
        raise Invalid("already_requested", field="month") from None


def _request_entry(exemption: Exemption, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "person": str(exemption.person_id),
        "month": str(exemption.month),
        "reason": exemption.reason,
        "state": exemption.state.value,
        "approver": str(exemption.approver_id),
        "last_week": str(exemption.last_week),
        "after_issue": str(exemption.after_issue),
    }
    texts = {"explanation": exemption.explanation} if exemption.explanation else {}
    return TrailEntry(now, "exemption.request", exemption.ref, actor.id, facts=facts, texts=texts)


async def decide(
    store: Store,
    policy: Policy,
    actor: Actor,
    ref: str,
    version: int,
    command: Command,
    note: str,
    now: datetime,
    once: Once,
) -> Outcome:
    """Endorse, approve, decline, ask back, answer or withdraw, after asking anew who may (faults 18-26).

    `version` is what the card showed: another one is OutOfDate, so that nobody decides on what they did not see.
    A step whose approver has left, lost the role or was replaced is re-routed first, and that stays; an answer
    goes to whoever is right by then.
    """

    async def work(uow: UnitOfWork) -> Outcome:
        exemption = await load(uow, ref)
        party = rules.PARTY[command]
        if party is Party.CLOCK:
            raise NotAllowed(permission=_permission(exemption).value, ref=exemption.ref, why="not_for_people")
        if party is Party.APPROVER:
            await _settle_route(uow, exemption, actor, now)
            by = await _approving(uow, exemption, actor, now)
        else:
            by = _requesting(exemption, actor, now)
        if exemption.version != version:
            raise OutOfDate(ref=exemption.ref, state=exemption.state.value)
        if len(note) > policy.exemptions.note_longest:
            raise Invalid("too_long", field="note", longest=str(policy.exemptions.note_longest))
        if command is Command.ANSWER:
            exemption = await _rerouted(uow, exemption, now)
        to = await above(uow, exemption, now) if command is Command.ENDORSE else None
        saved = await step(uow, exemption, command, by, note, now, to)
        return Outcome(f"exemption.{command.value}", saved.ref, left=saved)

    return await once_only(store, once, actor, now, work)


async def _settle_route(uow: UnitOfWork, exemption: Exemption, actor: Actor, now: datetime) -> None:
    """Where the stored approver is no longer the one to ask, asks the right one, and that stays: the click that
    found it out counts for nothing. Somebody who may not see it learns nothing by it and moves nothing."""
    moved = await _rerouted(uow, exemption, now)
    if moved is exemption:
        return
    await require_view(uow, exemption, actor, now)
    await uow.commit()
    raise OutOfDate(ref=moved.ref, state=moved.state.value, why="reassigned")


async def _rerouted(uow: UnitOfWork, exemption: Exemption, now: datetime) -> Exemption:
    """The same exemption with the right person asked; itself where that is so already."""
    to = await better_approver(uow, exemption, now)
    return await step(uow, exemption, Command.REASSIGN, None, "", now, to) if to else exemption


def _requesting(exemption: Exemption, actor: Actor, now: datetime) -> Authority:
    if actor.id != exemption.requested_by_id or not actor.person.active_on(local_date(now)):
        raise NotAllowed(
            permission=Permission.EXEMPTION_REQUEST.value, ref=exemption.ref, why="not_requester"
        )
    return Authority(actor.id)


async def _approving(uow: UnitOfWork, exemption: Exemption, actor: Actor, now: datetime) -> Authority:
    today = local_date(now)
    if actor.id in exemption.parties:
        raise NotAllowed(permission=_permission(exemption).value, ref=exemption.ref, why="own_request")
    if exemption.state in rules.CLOSED:
        await require_view(uow, exemption, actor, now)
        raise OutOfDate(ref=exemption.ref, state=exemption.state.value)
    # Who is asked themselves needs nobody's delegation.
    delegations = await uow.delegations.to(actor.id, today) if actor.id != exemption.approver_id else ()
    by = authority_of(actor, exemption.approver_id, Scope.EXEMPTIONS, delegations, today)
    if by is None:
        if actor.id in await _took_part(uow, exemption):  # a second press on what one has done already
            raise OutOfDate(ref=exemption.ref, state=exemption.state.value)
        raise NotAllowed(permission=_permission(exemption).value, ref=exemption.ref, why="not_asked")
    if by.for_id is not None and barred_as_deputy(by, await uow.exemptions.history(exemption.id)):
        raise NotAllowed(permission=_permission(exemption).value, ref=exemption.ref, why="endorsed_it")
    await _principal_may(uow, exemption, now)
    return by


async def _principal_may(uow: UnitOfWork, exemption: Exemption, now: datetime) -> None:
    principal = await uow.people.actor_of(exemption.approver_id)
    today, wanted = local_date(now), _permission(exemption)
    if (
        principal is None
        or not principal.person.holds(exemption.level.role, today)
        or reaching(principal, wanted, today) is None
    ):
        raise NotAllowed(permission=wanted.value, ref=exemption.ref, why="not_asked")


def _permission(exemption: Exemption) -> Permission:
    head = exemption.level is Level.HEAD_OF_SERVICE
    return Permission.EXEMPTION_ENDORSE if head else Permission.EXEMPTION_DECIDE


async def step(
    uow: UnitOfWork,
    exemption: Exemption,
    command: Command,
    by: Authority | None,
    note: str,
    now: datetime,
    to: Approver | None = None,
) -> Exemption:
    """One step of the workflow with all that belongs to it: history, messages, cards, trail, the freed child.
    Who may take it was asked before; `to` is needed where the step leads to another approver."""
    before = await asked(uow, exemption, now)
    done = rules.apply(exemption, command, now=now, by=by, note=note, to=to)
    if done.after is State.APPROVED:
        await uow.alone_in(exemption.month)  # an issue that is under way would not be seen, nor see this
    saved = await uow.exemptions.save(done)
    done = replace(done, exemption=saved)
    now_asked = await asked(uow, saved, now) if done.after.level else before
    if command in (Command.LAPSE, Command.WITHDRAW):
        now_asked = [*before, *await _took_part(uow, saved), *await uow.outbox.told(saved.ref)]
    await uow.outbox.put(exemption_notices(done, Audience(now_asked, before)), now)
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    await uow.trail.append(_step_entry(done))
    if saved.state is State.APPROVED:
        await free_audits(uow, saved, by, now)
    return saved


async def _took_part(uow: UnitOfWork, exemption: Exemption) -> list[PersonId]:
    """Everybody who took a step, and in whose name."""
    lines = await uow.exemptions.history(exemption.id)
    return [person for line in lines for person in (line.by_id, line.for_id) if person is not None]


def _step_entry(done: rules.Done) -> TrailEntry:
    exemption, by = done.exemption, done.by
    facts = {
        "from": done.before.value,
        "to": done.after.value,
        "approver": str(exemption.approver_id),
        "version": str(exemption.version),
    }
    texts = {"note": done.note} if done.note else {}
    return TrailEntry(
        done.at,
        f"exemption.{done.command.value}",
        exemption.ref,
        by.by_id if by else None,
        by.for_id if by else None,
        facts,
        texts,
    )
