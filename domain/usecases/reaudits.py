"""Re-audits: which children are due one, and who does it (domain, section 3)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from domain.audits import Audit, AuditState
from domain.calendar import Month, local_date
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Kind
from domain.people import Actor, Person, PersonId, Position
from domain.permissions import Belongs, Permission, Reaching, allowed, require
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, CycleStore, CycleWork, NewAudit, Once, Outcome, TrailEntry
from domain.reaudits import Due, due, due_of
from domain.usecases import activity_access as access
from domain.usecases.audit_access import load
from domain.usecases.draw_inputs import check_month
from domain.usecases.issue_writing import managers_of, told_of_issue
from domain.usecases.transaction import once_only
from domain.views.activities import DueLine, DueList, ReauditForm

PAGE = 8
_MANY = 100_000
REASON_LONGEST = 500


async def view_due(
    store: CycleStore, policy: Policy, actor: Actor, now: datetime, offset: int = 0
) -> DueList:
    """Within the actor's reach, who waits longest first. Raises NotAllowed for somebody who answers for no team."""
    today = local_date(now)
    far = access.far(actor, today)
    if far < Reaching.TEAM:
        raise NotAllowed(permission=Permission.AUDIT_VIEW.value, why="no_team")
    async with store.reading() as uow:
        audits, total = await uow.cycle.reaudits_due(
            _kinds(policy), access.within(actor, far), limit=PAGE, offset=offset
        )
        shown = due(audits)
        ids = {one.audit.auditor_id for one in shown if one.audit.auditor_id is not None}
        people = await uow.people.many(ids)
    lines = [DueLine(one, _may(actor, one, today)) for one in shown]
    return DueList(lines, total, today, people, offset, PAGE)


def _may(actor: Actor, one: Due, today: date) -> bool:
    return allowed(actor, Permission.ACTIVITY_ASSIGN, Belongs(team=one.audit.team), today)


def _kinds(policy: Policy) -> list[Kind]:
    """Graded looks at a child's file."""
    return [kind for kind, rules in policy.by_kind.items() if rules.about_child and rules.graded]


async def own_open(store: CycleStore, actor: Actor, child_ref: str, now: datetime) -> Audit | None:
    """The re-audit of the child that the actor has to return."""
    async with store.reading() as uow:
        child = await uow.children.get(child_ref)
        mine = AuditFilter(
            kinds=[Kind.REAUDIT],
            states=[AuditState.ISSUED, AuditState.SENT_BACK],
            auditor_id=actor.id,
            child_ref=child.ref if child else child_ref,
        )
        found, _ = await uow.cycle.find(mine, limit=1)
    return found[0] if found else None


async def form(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime,
    filled: Mapping[str, str] | None = None,
) -> ReauditForm:  # fmt: skip
    """Who can re-audit the child of the audit `ref`. Raises NotAllowed, NotFound, OutOfDate where none is due now."""
    today = local_date(now)
    async with store.reading() as uow:
        one, child = await _still_due(uow, policy, actor, ref, today)
        elsewhere, others = await _doers(uow, policy, one, child, today)
    return ReauditForm(one, child, today, elsewhere, () if elsewhere else others, filled or {})


async def _still_due(
    uow: CycleWork, policy: Policy, actor: Actor, ref: str, today: date
) -> tuple[Due, ChildFacts | None]:
    audit = await load(uow, ref)
    require(actor, Permission.ACTIVITY_ASSIGN, Belongs(team=audit.team), today)
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    same = AuditFilter(kinds=_kinds(policy), child_refs=[audit.child_ref or ""])
    one = due_of((await uow.cycle.find(same, limit=_MANY))[0])
    if one is None or one.audit.ref != audit.ref:
        raise OutOfDate(ref=audit.ref, state="reaudit")
    return one, child


async def _doers(
    uow: CycleWork, policy: Policy, one: Due, child: ChildFacts | None, today: date
) -> tuple[list[Person], list[Person]]:
    """Those who have nothing to do with the child's team, and all the others; never the child's own social worker."""
    team = child.team if child else one.audit.team
    named = await uow.pool.in_position(team.id, list(Position)) if team else []
    near = {person.id for person in named}
    holders = await access.doers(uow, policy.by_kind[Kind.REAUDIT].done_by, today)
    worker = child.social_worker_id if child else None
    able = [person for person in holders if person.id != worker]
    elsewhere = [p for p in able if p.id not in near and not (team and p.team and p.team.id == team.id)]
    return elsewhere, [person for person in able if person not in elsewhere]


async def assign(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, who: PersonId, month: Month, reason: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Issues the re-audit that is due. Outcome("reaudit.assign", its reference). Raises NotAllowed, NotFound,
    OutOfDate (one is open, or a better grade came meanwhile), Invalid (past_month, cannot_reaudit, why_own_team,
    too_long). Somebody who answers for the child's team is taken only where there is nobody else, for a reason."""

    async def work(uow: CycleWork) -> Outcome:
        today = local_date(now)
        one, child = await _still_due(uow, policy, actor, ref, today)
        check_month(month, today)
        elsewhere, others = await _doers(uow, policy, one, child, today)
        _check(who, elsewhere, others, reason)
        (audit,) = await uow.cycle.issue([_new(one, child, who, month, today)], actor.id, now)
        children = {child.ref: child} if child else {}
        notices = told_of_issue([audit], children, await managers_of(uow, [audit]))
        await uow.outbox.put([notice for notice in notices if notice.person_id != actor.id], now)
        await uow.outbox.refresh_cards(one.audit.ref, one.audit.version, now)
        await uow.trail.append(_entry(audit, one, actor, "" if elsewhere else reason, now))
        return Outcome("reaudit.assign", audit.ref, {"person": str(who)})

    return await once_only(store, once, actor, now, work)


def _check(who: PersonId, elsewhere: Sequence[Person], others: Sequence[Person], reason: str) -> None:
    offered = elsewhere or others
    if who not in {person.id for person in offered}:
        raise Invalid("cannot_reaudit", field="who")
    if not elsewhere and not reason.strip():
        raise Invalid("why_own_team", field="reason")
    if len(reason) > REASON_LONGEST:
        raise Invalid("too_long", field="reason", longest=str(REASON_LONGEST))


def _new(one: Due, child: ChildFacts | None, who: PersonId, month: Month, today: date) -> NewAudit:
    team = child.team if child else one.audit.team
    return NewAudit(
        month=month,
        kind=Kind.REAUDIT,
        auditor_id=who,
        issued_on=today,
        child_ref=one.child_ref,
        team_id=team.id if team else None,
        legal_status=child.legal_status if child else one.audit.legal_status,
        reaudit_of=one.first_ref,
        reaudit_number=one.number,
    )


def _entry(audit: Audit, one: Due, actor: Actor, reason: str, now: datetime) -> TrailEntry:
    facts = {
        "month": str(audit.month),
        "kind": audit.kind.value,
        "auditor": str(audit.auditor_id),
        "child": audit.child_ref or "",
        "of": one.first_ref,
        "number": str(one.number),
        "own_team": "yes" if reason else "no",
        "version": str(audit.version),
    }
    texts = {"reason": reason.strip()} if reason else {}
    return TrailEntry(now, "audit.issue", audit.ref, actor.id, facts=facts, texts=texts)
