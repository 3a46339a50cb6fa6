"""Who may see, log and ask for activities beside the month's core audits (domain, sections 2 and 3)."""

from collections.abc import Sequence
from datetime import date

from domain.errors import Invalid, NotAllowed
from domain.kind_rules import KindRules
from domain.kinds import Kind
from domain.people import Actor, Person, PersonId, Position, Reach, Role
from domain.permissions import Belongs, Permission, Reaching, allowed, reaching, require
from domain.policy import Policy
from domain.ports import ChildFacts, CycleWork

NOT_LOGGED = {Kind.CORE: "core_is_drawn", Kind.REAUDIT: "reaudit_is_due"}
"""Kinds that begin otherwise, and what is said instead."""


def far(actor: Actor, today: date) -> Reaching:
    """How far the actor sees audits. Raises NotAllowed for somebody who sees none."""
    found = reaching(actor, Permission.AUDIT_VIEW, today)
    if found is None:
        raise NotAllowed(permission=Permission.AUDIT_VIEW.value)
    return found


def within(actor: Actor, reach: Reaching) -> Reach | None:
    """The part of the actor's reach that it covers; None: everywhere."""
    if reach is Reaching.ALL:
        return None
    none = frozenset[str]()
    return Reach(
        actor.reach.teams if reach >= Reaching.TEAM else none,
        actor.reach.services if reach >= Reaching.SERVICE else none,
        actor.reach.directorates if reach >= Reaching.DIRECTORATE else none,
    )


def may_log(actor: Actor, rules: KindRules, today: date) -> bool:
    own = Belongs(frozenset({actor.id}))
    logs = allowed(actor, Permission.AUDIT_LOG, own, today)
    return logs and rules.kind not in NOT_LOGGED and bool(actor.roles & set(rules.done_by))


def may_assign(actor: Actor, today: date) -> bool:
    """Somebody, at least."""
    return reaching(actor, Permission.ACTIVITY_ASSIGN, today) is not None


def check_kind(rules: KindRules) -> None:
    """Raises Invalid for a kind that is not logged."""
    if rules.kind in NOT_LOGGED:
        raise Invalid(NOT_LOGGED[rules.kind], field="kind")


async def doers(uow: CycleWork, roles: Sequence[Role], day: date) -> list[Person]:
    """Active holders of one of the roles, by name."""
    held = [await uow.people.with_role(role, day) for role in roles]
    found = {person.id: person for holders in held for person in holders}
    return sorted(found.values(), key=lambda person: (person.name.casefold(), person.id))


async def doer(
    uow: CycleWork, policy: Policy, actor: Actor, who: PersonId | None, kind: Kind, today: date
) -> Person:
    """Who does it: oneself, or somebody who is asked. Raises NotAllowed, Invalid("cannot_do_kind")."""
    rules = policy.by_kind[kind]
    if who is None or who == actor.id:
        if not may_log(actor, rules, today):
            raise NotAllowed(permission=Permission.AUDIT_LOG.value)
        return actor.person
    person = await uow.people.get(who)
    require(actor, Permission.ACTIVITY_ASSIGN, Belongs(team=person.team if person else None), today)
    if person is None or not any(person.holds(role, today) for role in rules.done_by):
        raise Invalid("cannot_do_kind", field="who")
    return person


async def own_child(uow: CycleWork, person: Person, child: ChildFacts) -> bool:
    """Of the person's own team, of one that the teams file names them for, or of their caseload."""
    if child.social_worker_id == person.id or (person.team is not None and person.team.id == child.team.id):
        return True
    named = await uow.pool.in_position(child.team.id, list(Position))
    return any(somebody.id == person.id for somebody in named)
