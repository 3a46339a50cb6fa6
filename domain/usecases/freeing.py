"""A child whose auditor was taken off after issue (exempt, or at their wish) is offered to the QA team (section 4)."""

from datetime import date, datetime

from domain.audits import Audit, AuditState, Kind, may_take
from domain.calendar import local_date
from domain.cycle import Command, Done, apply
from domain.errors import Invalid, NotFound, OutOfDate
from domain.exemptions import Exemption
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind, reminder
from domain.people import Actor, Authority, Person, PersonId, Role
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import Once, Outcome, Store, TrailEntry, UnitOfWork
from domain.requests import RequestState, Wish
from domain.usecases.exemption_views import freed_now
from domain.usecases.requests import overtake
from domain.usecases.transaction import once_only
from domain.views import FreedAudit


async def free_audits(uow: UnitOfWork, exemption: Exemption, by: Authority | None, now: datetime) -> None:
    """Within the commit of the approval: each core audit not yet returned leaves its auditor."""
    for audit in await uow.audits.of_auditor(exemption.person_id, exemption.month):
        if audit.kind is Kind.CORE and audit.state is AuditState.ISSUED:
            await _free(uow, audit, exemption, by, now)


async def _free(
    uow: UnitOfWork, audit: Audit, exemption: Exemption, by: Authority | None, now: datetime
) -> None:
    by_id, for_id = (by.by_id, by.for_id) if by else (None, None)
    done = apply(audit, Command.FREE, now=now, by=by_id, for_id=for_id)
    freed = await uow.cycle.save(done)
    await overtake(uow, freed, now)
    qa_team = await uow.people.with_role(Role.QA_TEAM, local_date(now))
    await uow.outbox.put([_offer(freed, person) for person in qa_team], now)
    await uow.outbox.refresh_cards(freed.ref, freed.version, now)
    facts = {
        **done.facts,
        "auditor": str(audit.auditor_id),
        "exemption": exemption.ref,
        "version": str(freed.version),
    }
    await uow.trail.append(TrailEntry(now, "audit.free", freed.ref, by_id, for_id, facts=facts))


def _offer(audit: Audit, person: Person) -> Notice:
    key = f"freed|{audit.ref}|{audit.version}|{person.id}"
    return Notice(NoticeKind.AUDIT_FREED, Lane.DECISION, person.id, audit.ref, key)


async def _audit(uow: UnitOfWork, ref: str) -> Audit:
    audit = await uow.audits.get(ref)
    if audit is None:
        raise NotFound(ref=ref[:20], kind="audit")
    return audit


async def chase_freed(store: Store, policy: Policy, now: datetime) -> int:
    """On working mornings: the QA team is reminded, in their one reminder of the day, of children without an auditor;
    how many there are."""
    today = local_date(now)
    async with store.writing() as uow:
        freed = await freed_now(uow, today)
        if not freed:
            return 0
        qa_team = await uow.people.with_role(Role.QA_TEAM, today)
        await uow.outbox.put([reminder(freed[0].ref, person.id, today) for person in qa_team], now)
        await uow.commit()
    return len(freed)


async def view_freed(store: Store, actor: Actor, ref: str, now: datetime) -> FreedAudit:
    """Raises NotAllowed for anybody but the QA team, NotFound."""
    async with store.reading() as uow:
        require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
        return await _view(uow, actor, await _audit(uow, ref), now)


async def _view(uow: UnitOfWork, actor: Actor, audit: Audit, now: datetime) -> FreedAudit:
    today = local_date(now)
    free = audit.state is AuditState.FREED
    takers = await _takers(uow, actor, audit, today) if free and today <= audit.due_on else []
    holder = await uow.people.get(audit.auditor_id) if audit.auditor_id else None
    return FreedAudit(audit, today, takers, given_to=holder)


async def _takers(uow: UnitOfWork, actor: Actor, audit: Audit, today: date) -> list[Person]:
    """Who is free for it, less whoever was taken off it at their own wish, and less who gives it: nobody picks a child
    for themselves."""
    asked = await uow.requests.of_audit(audit.id)
    rid_of_it = {
        r.asked_by_id for r in asked if r.wish is Wish.REALLOCATION and r.state is RequestState.GRANTED
    }
    left_out = rid_of_it | {actor.id}
    return [person for person in await uow.audits.free_auditors(audit, today) if person.id not in left_out]


async def give(
    store: Store, actor: Actor, ref: str, version: int, to: PersonId, now: datetime, once: Once
) -> Outcome:
    """The QA team gives a freed child to another auditor, who is told. Raises OutOfDate where a colleague was
    quicker, Invalid("cannot_take") for somebody of the child's own team, exempt, or with an audit already."""

    async def work(uow: UnitOfWork) -> Outcome:
        require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
        await uow.alone_in((await _audit(uow, ref)).month)
        audit = await _audit(uow, ref)
        if audit.state is not AuditState.FREED or audit.version != version:
            raise OutOfDate(ref=ref, state=audit.state.value)
        if local_date(now) > audit.due_on:
            raise Invalid("month_is_over", field="auditor", month=str(audit.month))
        taker = await _taker(uow, actor, audit, to, now)
        issued_on = max(filter(None, (audit.issued_on, local_date(now))))
        done = apply(audit, Command.GIVE, now=now, by=actor.id, auditor_id=taker.id, issued_on=issued_on)
        await _given(uow, await uow.cycle.save(done), done, actor, now)
        return Outcome("audit.give", ref, {"person": str(taker.id)})

    return await once_only(store, once, actor, now, work)


async def _taker(uow: UnitOfWork, actor: Actor, audit: Audit, to: PersonId, now: datetime) -> Person:
    for person in await _takers(uow, actor, audit, local_date(now)):
        if person.id == to and may_take(person.team, audit):
            return person
    raise Invalid("cannot_take", field="auditor", ref=audit.ref)


async def _given(uow: UnitOfWork, audit: Audit, done: Done, actor: Actor, now: datetime) -> None:
    assert audit.auditor_id is not None
    key = f"given|{audit.ref}|{audit.version}"
    told = Notice(NoticeKind.AUDIT_GIVEN, Lane.DECISION, audit.auditor_id, audit.ref, key)
    await uow.outbox.put([told], now)
    await uow.outbox.refresh_cards(audit.ref, audit.version, now)
    facts = {**done.facts, "auditor": str(audit.auditor_id), "version": str(audit.version)}
    await uow.trail.append(TrailEntry(now, "audit.give", audit.ref, actor.id, facts=facts))
