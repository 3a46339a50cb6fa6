"""Whom a draw is for and which children it draws from, asked of the database."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain import pool
from domain.calendar import Month, local_date
from domain.draw_parts import Candidate
from domain.drawing import Inputs, Settings
from domain.errors import Invalid, NotFound
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import Actor, Person, PersonId, Position
from domain.permissions import Belongs, Permission, allowed, require
from domain.policy import Policy
from domain.pool import Standing
from domain.ports import (
    AuditFilter,
    CycleStore,
    CycleWork,
    DrawRecord,
    ExemptionFilter,
    Once,
    Outcome,
    PoolMember,
)
from domain.usecases.transaction import once_only

_MANY = 100_000


async def only_issuers(store: CycleStore, actor: Actor, now: datetime, once: Once) -> None:
    """Raises NotAllowed for anybody but the QA team, and has the attempt in the trail: before the long work of a draw
    is begun for them."""

    async def work(uow: CycleWork) -> Outcome:
        require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
        raise AssertionError("asked only for those who may not")

    if not allowed(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now)):
        await once_only(store, once, actor, now, work)


def drawable(policy: Policy, kind: Kind) -> bool:
    """Re-audits follow from a grade, and observations are of people: neither is drawn."""
    return kind is not Kind.REAUDIT and policy.by_kind[kind].about_child


def check_month(month: Month, today: date) -> None:
    """Raises Invalid for a month that is over."""
    if month.last < today:
        raise Invalid("past_month", field="month", month=str(month))


def check(policy: Policy, month: Month, kind: Kind, today: date) -> None:
    """Raises Invalid for a month that is over and a kind that is not drawn."""
    check_month(month, today)
    if not drawable(policy, kind):
        raise Invalid("kind_not_drawn", field="kind")


async def inputs(
    uow: CycleWork,
    policy: Policy,
    month: Month,
    kind: Kind,
    settings: Settings,
    excluded: Collection[str],
    today: date,
) -> Inputs:
    """As of this transaction."""
    people = await people_of(uow, policy, month, kind, today)
    found = await children_for(uow, month, settings, excluded)
    spare = _each(settings.total, len(people.people)) if kind is not Kind.CORE else 1
    return replace(
        people,
        people=tuple(replace(person, spare=spare) for person in people.people),
        children=found.children,
        left_out=found.left_out,
    )


async def children_for(uow: CycleWork, month: Month, settings: Settings, excluded: Collection[str]) -> Inputs:
    """Without people. A child who was taken off their auditor waits for another one, and is not drawn beside that."""
    found = await uow.children.eligible(month, settings.strata, settings.not_again_months, excluded)
    waiting = {audit.child_ref for audit in await uow.audits.freed(month)}
    children = [child for child in found.children if child.ref not in waiting] if waiting else found.children
    left_out = Counter(found.left_out)
    left_out["in_progress"] += len(found.children) - len(children)
    return Inputs((), children, +left_out, {})


async def who_can_join(uow: CycleWork, policy: Policy, month: Month, today: date) -> list[PoolMember]:
    """Who can still be given an audit of the month: free ones, and part-timers in their month between: they may."""
    members = await uow.pool.members(month, policy.audits.not_again_months)
    able = (Standing.FREE, Standing.RESTING)
    return [member for member in members if pool.standing(member, month, today) in able]


async def person_for(uow: CycleWork, policy: Policy, month: Month, person_id: PersonId) -> Candidate:
    """Somebody as a draw sees them, whether they belong to the pool or not. Raises NotFound."""
    for member in await uow.pool.members(month, policy.audits.not_again_months):
        if member.person.id == person_id:
            return pool.candidate(member)
    person = await uow.people.get(person_id)
    if person is None:
        raise NotFound(kind="person")
    return _candidate(person, (await _answers_for(uow, {person_id})).get(person_id, set[int]()))


def _each(total: int | None, people: int) -> int:
    """How many one person may get, where more are asked for than there are people."""
    return max(1, -(-(total or 0) // people)) if people else 1


async def people_of(uow: CycleWork, policy: Policy, month: Month, kind: Kind, today: date) -> Inputs:
    """Without children: the pool for core audits; for the others, whom the policy names for the kind."""
    if kind is Kind.CORE:
        return await _of_pool(uow, policy, month, today)
    return await _of_roles(uow, policy, month, kind, today)


async def counts_of(uow: CycleWork, policy: Policy, month: Month, kind: Kind, today: date) -> tuple[int, int]:
    """How many a draw would be for, and how many have an audit already: as `people_of`, of whom nobody is named."""
    if kind is not Kind.CORE:
        people = await people_of(uow, policy, month, kind, today)
        return len(people.people), len(people.have_one)
    groups = await uow.pool.alike(month)
    found = pool.counted((group, pool.standing(group, month, today)) for group in groups)
    return found[Standing.FREE], found[Standing.HAS_AUDIT]


async def _of_pool(uow: CycleWork, policy: Policy, month: Month, today: date) -> Inputs:
    members = await uow.pool.members(month, policy.audits.not_again_months)
    stands = [(member, pool.standing(member, month, today)) for member in members]
    return Inputs(
        people=tuple(pool.candidate(member) for member, standing in stands if standing is Standing.FREE),
        children=(),
        left_out={},
        standings=Counter(standing for _, standing in stands if standing is not Standing.FREE),
        have_one=tuple(m.person.id for m, standing in stands if standing is Standing.HAS_AUDIT),
    )


async def _of_roles(uow: CycleWork, policy: Policy, month: Month, kind: Kind, today: date) -> Inputs:
    """Who is exempt in the month is not asked for another kind either."""
    day = max(month.first, today)
    held = [await uow.people.with_role(role, day) for role in policy.by_kind[kind].done_by]
    people = {person.id: person for holders in held for person in holders}
    have_one = {
        audit.auditor_id
        for audit in (await uow.cycle.find(AuditFilter(months=(month, month), kinds={kind}), limit=_MANY))[0]
    }
    exempt = await exempt_in(uow, month)
    answers_for = await _answers_for(uow, people)
    left = people.keys() - have_one - exempt.keys()
    return Inputs(
        people=tuple(_candidate(people[i], answers_for.get(i, set[int]())) for i in sorted(left)),
        children=(),
        left_out={},
        standings=Counter(
            {
                Standing.HAS_AUDIT: len(people.keys() & have_one),
                Standing.EXEMPT: len((people.keys() & exempt.keys()) - have_one),
            }
        ),
        have_one=tuple(sorted(people.keys() & have_one)),
    )


async def exempt_in(uow: CycleWork, month: Month) -> dict[PersonId, str]:
    """Whose exemption for the month is approved, and the class of its reason."""
    wanted = ExemptionFilter(month=month, states=frozenset({State.APPROVED.value}))
    found, _ = await uow.exemptions.find(wanted, limit=_MANY)
    return {exemption.person_id: exemption.reason_class.value for exemption in found}


async def _answers_for(uow: CycleWork, people: Collection[PersonId]) -> dict[PersonId, set[int]]:
    """The teams that the teams file names each of these people for."""
    found: dict[PersonId, set[int]] = {}
    for team in await uow.pool.teams():
        for person in await uow.pool.in_position(team.id, list(Position)):
            if person.id in people:
                found.setdefault(person.id, set()).add(team.id)
    return found


def _candidate(person: Person, teams: Collection[int]) -> Candidate:
    own = {person.team.id} if person.team else set[int]()
    return Candidate(person.id, frozenset(teams) | own)


def excluded_of(record: DrawRecord) -> Sequence[str]:
    return [exclusion.child_ref for exclusion in record.exclusions]
