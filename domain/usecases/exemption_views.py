"""Looking at exemptions: one, a form for a new one, what is waiting, and lists. Scope is asked here, in the query."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from domain import exemptions as rules
from domain.audits import Audit, AuditState, Kind, working_days_left
from domain.calendar import Month, local_date
from domain.errors import NotAllowed, NotFound
from domain.exemptions import Command, Exemption, Party, State
from domain.people import LEADING, Actor, Authority, Person, PersonId, Reach, Role, Scope, authority_of
from domain.permissions import Belongs, Permission, Reaching, allowed, reaching, require_present
from domain.policy import Policy
from domain.ports import ExemptionFilter, ExemptionStep, Store, UnitOfWork
from domain.views import ExemptionList, ExemptionView, RequestForm, Waiting, WaitingLine

PAGE = 10
FREED_SHOWN_DAYS = 14
"""Days into a month for which the last month's children without an auditor are still listed."""


async def load(uow: UnitOfWork, ref: str) -> Exemption:
    """Raises NotFound for anything that is not the reference of an exemption."""
    number = ref.strip().upper().removeprefix("E-")
    sane = number.isascii() and number.isdigit() and len(number) < 10
    found = await uow.exemptions.get(int(number)) if sane else None
    if found is None:
        raise NotFound(ref=ref[:20], kind="exemption")
    return found


async def require_view(uow: UnitOfWork, exemption: Exemption, actor: Actor, now: datetime) -> None:
    """Raises NotAllowed unless the actor is on it (asks, is asked, took a step, stands in) or their role reaches it."""
    today = local_date(now)
    on_it = exemption.parties | {exemption.approver_id, exemption.decided_by_id}
    if actor.id in on_it and actor.person.active_on(today):
        return
    person = await uow.people.get(exemption.person_id)
    leads = person is not None and bool(person.roles & LEADING)
    belongs = Belongs(exemption.parties, person.team if person else None, above_team=leads)
    if allowed(actor, Permission.EXEMPTION_VIEW, belongs, today):
        return
    delegations = await uow.delegations.to(actor.id, today)
    if authority_of(actor, exemption.approver_id, Scope.EXEMPTIONS, delegations, today) is not None:
        return
    took_part = any(actor.id == step.by_id for step in await uow.exemptions.history(exemption.id))
    if not (took_part and actor.person.active_on(today)):
        raise NotAllowed(permission=Permission.EXEMPTION_VIEW.value, ref=exemption.ref)


def barred_as_deputy(by: Authority, history: Iterable[ExemptionStep]) -> bool:
    """Whoever endorsed a request does not also decide it as the director's deputy: two people look at each one."""
    endorsed = Command.ENDORSE.value
    return by.for_id is not None and any(
        step.by_id == by.by_id and step.command == endorsed for step in history
    )


async def view(
    store: Store, policy: Policy, actor: Actor, ref: str, now: datetime, left: Exemption | None = None
) -> ExemptionView:
    """`left`: as the actor's own command has just saved it. Raises NotFound, NotAllowed."""
    async with store.reading() as uow:
        exemption = left or await load(uow, ref)
        await require_view(uow, exemption, actor, now)
        return await view_of(uow, policy, actor, exemption, now)


async def view_of(
    uow: UnitOfWork, policy: Policy, actor: Actor, exemption: Exemption, now: datetime
) -> ExemptionView:
    today = local_date(now)
    delegations = await uow.delegations.by([exemption.approver_id], today)
    deputies = [d.delegate_id for d in delegations if d.covers(Scope.EXEMPTIONS, today)]
    by = authority_of(actor, exemption.approver_id, Scope.EXEMPTIONS, delegations, today)
    history = await uow.exemptions.history(exemption.id)
    refused = await _earlier_refusal(uow, exemption)
    named = {exemption.person_id, exemption.requested_by_id, exemption.approver_id, *deputies}
    named |= {exemption.decided_by_id or 0, exemption.decided_for_id or 0} - {0}
    named |= {p for step in history for p in (step.by_id, step.for_id) if p is not None}
    audits = await uow.audits.of_auditor(exemption.person_id, exemption.month)
    issued = [a for a in audits if a.kind is Kind.CORE and a.state is not AuditState.FREED]
    asked = by is not None and actor.id not in exemption.parties and not barred_as_deputy(by, history)
    people = await uow.people.many(named - {actor.id})
    if actor.id in named:
        people[actor.id] = actor.person
    return ExemptionView(
        exemption=exemption,
        viewer_id=actor.id,
        people=people,
        reason=policy.exemptions.by_code.get(exemption.reason),
        history=history,
        commands=_commands(exemption, actor, asked=asked),
        today=today,
        audit=issued[0] if issued else None,
        acting_for=by.for_id if by and asked else None,
        deputies=[d for d in deputies if d not in exemption.parties],
        earlier_refusal=refused,
        working_days_left=working_days_left(exemption.month, today),
    )


def _commands(exemption: Exemption, actor: Actor, *, asked: bool) -> list[Command]:
    mine = list(rules.commands_for(exemption, Party.APPROVER)) if asked else []
    if actor.id == exemption.requested_by_id:
        mine += rules.commands_for(exemption, Party.REQUESTER)
    return mine


async def _earlier_refusal(uow: UnitOfWork, exemption: Exemption) -> Exemption | None:
    asked = await uow.exemptions.of_person(exemption.person_id, exemption.month)
    declined = (e for e in reversed(asked) if e.state is State.DECLINED)
    return next((e for e in declined if e.id < exemption.id), None)


async def form(
    store: Store,
    policy: Policy,
    actor: Actor,
    now: datetime,
    filled: Mapping[str, str],
    *,
    others: bool = False,
) -> RequestForm:
    """What the actor may ask for. `others`: as head of service, for the people of the service. Raises NotAllowed."""
    today = local_date(now)
    reach = reaching(actor, Permission.EXEMPTION_REQUEST, today)
    if reach is None:
        raise NotAllowed(permission=Permission.EXEMPTION_REQUEST.value)
    months = [Month.of(today).plus(ahead) for ahead in range(policy.exemptions.months_ahead + 1)]
    async with store.reading() as uow:
        people = await _for_people(uow, actor, reach, now) if others else []
        issued = [m for m in months[:2] if await has_issued(uow, actor.id, m)]
    return RequestForm(
        viewer=actor.person,
        today=today,
        months=months,
        reasons=policy.exemptions.reasons,
        last_week_months=[m for m in months if rules.in_last_week(m, today, policy.exemptions)],
        issued_months=issued,
        myself=not others and _is_auditor(actor),
        for_people=people,
        filled=filled,
    )


def _is_auditor(actor: Actor) -> bool:
    return bool(actor.roles & {Role.AUDITOR, Role.MODERATOR})


async def _for_people(uow: UnitOfWork, actor: Actor, reach: Reaching, now: datetime) -> list[Person]:
    if reach < Reaching.SERVICE:
        return []
    people = await uow.people.auditors_of(actor.reach.services, local_date(now))
    return [person for person in people if person.id != actor.id]


async def has_issued(uow: UnitOfWork, person_id: PersonId, month: Month) -> bool:
    audits = await uow.audits.of_auditor(person_id, month)
    return any(a.kind is Kind.CORE and a.state is not AuditState.FREED for a in audits)


async def freed_now(uow: UnitOfWork, today: date) -> list[Audit]:
    """The children without an auditor of this month and the next, and of the last for as long as somebody may have to
    hear that one was not placed."""
    month = Month.of(today)
    months = [month, month.plus(1)]
    if (today - month.first).days < FREED_SHOWN_DAYS:
        months.insert(0, month.plus(-1))
    return [audit for of in months for audit in await uow.audits.freed(of)]


async def waiting(store: Store, actor: Actor, now: datetime, offset: int = 0) -> Waiting:
    """What the actor is asked for now: decisions (their own and as a deputy), own requests that were asked back,
    and for the QA team the children of this month and the next that need another auditor. Raises NotAllowed."""
    today = local_date(now)
    require_present(actor, today)
    async with store.reading() as uow:
        covered = [d for d in await uow.delegations.to(actor.id, today) if d.covers(Scope.EXEMPTIONS, today)]
        principals = [actor.id, *(d.delegator_id for d in covered)]
        wanted = ExemptionFilter(approver_ids=principals, not_party=actor.id)
        found, total = await uow.exemptions.find(wanted, limit=PAGE, offset=offset)
        back = ExemptionFilter(requested_by=actor.id, states=frozenset({State.ASKED_BACK}))
        asked_back, _ = await uow.exemptions.find(back, limit=PAGE)
        people = await _named(uow, [*found, *asked_back], principals)
        freed = []
        if allowed(actor, Permission.AUDIT_REISSUE, Belongs(), today):
            freed = await freed_now(uow, today)
    return Waiting(
        actor.person,
        today,
        [_line(e, people, actor.id) for e in found],
        total,
        offset,
        PAGE,
        [_line(e, people, actor.id) for e in asked_back],
        freed,
    )


async def _named(uow: UnitOfWork, found: list[Exemption], more: list[PersonId]) -> dict[PersonId, Person]:
    return await uow.people.many({e.person_id for e in found} | set(more))


def _line(exemption: Exemption, people: Mapping[PersonId, Person], viewer: PersonId) -> WaitingLine:
    principal = exemption.approver_id
    stands_in = people.get(principal) if principal != viewer and exemption.state.level else None
    return WaitingLine(exemption, people[exemption.person_id], exemption.step_since, stands_in)


async def listing(
    store: Store, actor: Actor, now: datetime, wanted: ExemptionFilter, offset: int = 0
) -> ExemptionList:
    """Exemptions within the actor's reach (section 7): own, team, service, directorate or all. Raises NotAllowed."""
    today = local_date(now)
    require_present(actor, today)
    async with store.reading() as uow:
        found, total = await uow.exemptions.find(
            _within(actor, wanted, reaching(actor, Permission.EXEMPTION_VIEW, today)),
            limit=PAGE,
            offset=offset,
        )
        people = await _named(uow, found, [])
    lines = [WaitingLine(e, people[e.person_id], e.step_since) for e in found]
    return ExemptionList(actor.person, wanted.month, lines, total, offset, PAGE)


def _within(actor: Actor, wanted: ExemptionFilter, reach: Reaching | None) -> ExemptionFilter:
    if reach is Reaching.ALL:
        return wanted
    return replace(wanted, within=_cut(actor.reach, reach or Reaching.OWN), or_party=actor.id)


def _cut(reach: Reach, far: Reaching) -> Reach:
    """The part of somebody's reach that a permission of theirs covers."""
    none = frozenset[str]()
    return Reach(
        reach.teams if far >= Reaching.TEAM else none,
        reach.services if far >= Reaching.SERVICE else none,
        reach.directorates if far >= Reaching.DIRECTORATE else none,
    )
