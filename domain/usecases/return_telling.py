"""Who is told of a return, in its own commit: an Inadequate and a child of concern at once, owners of their actions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.audits import Audit
from domain.calendar import local_date
from domain.kinds import Grade
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind, actions_subject, audit_notice
from domain.people import Person, PersonId, Position, Role, Team
from domain.permissions import Belongs, Permission, allowed
from domain.policy import Policy
from domain.ports import Action, CycleWork
from domain.return_results import counted
from domain.returns import Return
from domain.templates import CONCERN_GROUNDS
from domain.usecases.concern_raising import raised_by_return
from domain.usecases.participation import tell_result
from domain.usecases.stuck_moderation import told_where_stuck

_ABOVE: dict[Position, Role] = {
    Position.SERVICE_MANAGER: Role.SERVICE_MANAGER,
    Position.ASSISTANT_DIRECTOR: Role.ASSISTANT_DIRECTOR,
    Position.HEAD_OF_SERVICE: Role.HEAD_OF_SERVICE,
    Position.DIRECTOR: Role.DIRECTOR,
}
OF_INADEQUATE = (Position.SERVICE_MANAGER, Position.ASSISTANT_DIRECTOR, Position.HEAD_OF_SERVICE)


async def tell_judged(
    uow: CycleWork, policy: Policy, before: Audit, after: Audit, filled: Return, by: PersonId, now: datetime
) -> None:
    """An Inadequate or a category that was not there before, or is about another child now. The child of concern goes
    on the tracker in the same commit, with the grounds of the return."""
    moved = before.child_ref != after.child_ref
    if after.grade is Grade.INADEQUATE and (before.grade is not Grade.INADEQUATE or moved):
        people = await told_of_inadequate(uow, after, now)
        await uow.outbox.put(_to(people, by, NoticeKind.AUDIT_INADEQUATE, after, Lane.DECISION), now)
    grounds = counted(filled).get(CONCERN_GROUNDS, "")
    await raised_by_return(uow, policy, before, after, by, now, grounds)


def _to(people: Iterable[Person], by: PersonId, kind: NoticeKind, audit: Audit, lane: Lane) -> list[Notice]:
    return [audit_notice(kind, audit, person.id, lane) for person in people if person.id != by]


async def told_of_inadequate(uow: CycleWork, audit: Audit, now: datetime) -> list[Person]:
    """The team's service manager, assistant director and head of service. Where no assistant director is found, the
    director instead; where none of those above the head of service is, the QA team too: somebody has to know."""
    today = local_date(now)
    team = await _team(uow, audit)
    if team is None:
        return []
    found = await _found(uow, audit, team, OF_INADEQUATE, today)
    if not any(person.holds(Role.ASSISTANT_DIRECTOR, today) for person in found):
        found += await _found(uow, audit, team, (Position.DIRECTOR,), today)
    if not any(person.holds(role, today) for person in found for role in _ANSWERING):
        found += await uow.people.with_role(Role.QA_TEAM, today)
    return _once(found)


_ANSWERING = (Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR)


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())


async def _found(
    uow: CycleWork, audit: Audit, team: Team, positions: Sequence[Position], today: date
) -> list[Person]:
    named = await uow.pool.in_position(team.id, positions)
    found = [person for person in named if await _sees(uow, person, audit, team, today)]
    for position in positions:
        role = _ABOVE[position]
        if not any(person.holds(role, today) for person in found):
            holders = [p for p in await uow.people.with_role(role, today) if _near(p.team, team)]
            found += [person for person in holders if await _sees(uow, person, audit, team, today)]
    return found


def _near(own: Team | None, team: Team) -> bool:
    """Somebody of another directorate cannot have the role for this team; who belongs to no team may."""
    return own is None or own.directorate == team.directorate


async def _sees(uow: CycleWork, person: Person, audit: Audit, team: Team, today: date) -> bool:
    """What is sent to somebody whose roles do not reach the team would be kept from them."""
    actor = await uow.people.actor_of(person.id)
    return actor is not None and allowed(actor, Permission.AUDIT_VIEW, Belongs(team=team), today)


async def _team(uow: CycleWork, audit: Audit) -> Team | None:
    if audit.team is not None or audit.child_ref is None:
        return audit.team
    child = await uow.children.get(audit.child_ref)
    return child.team if child else None


async def tell_owners(
    uow: CycleWork,
    audit: Audit,
    before: Sequence[Action],
    after: Sequence[Action],
    by: PersonId,
    now: datetime,
) -> None:
    """One message for each owner of actions that are new to them; never to who raised them."""
    had = {action.id: action.owner_id for action in before}
    owners = dict.fromkeys(a.owner_id for a in after if a.owner_id and had.get(a.id) != a.owner_id)
    owners.pop(by, None)
    of = actions_subject(audit.ref)
    told = [audit_notice(NoticeKind.ACTIONS_RAISED, audit, owner) for owner in owners]
    await uow.outbox.put([replace(notice, subject=of) for notice in told], now)
    await uow.outbox.refresh_cards(of, audit.version, now)


async def tell_moderator(uow: CycleWork, audit: Audit, now: datetime) -> bool:
    """A reworked return is with its moderator again. False where they cannot judge it any more: the QA team is told
    instead, and names somebody else."""
    if audit.moderator_id is None or await told_where_stuck(uow, audit, now):
        return False
    await uow.outbox.put([audit_notice(NoticeKind.AUDIT_RESUBMITTED, audit, audit.moderator_id)], now)
    return True


async def tell_those_taking_part(uow: CycleWork, before: Audit, after: Audit, now: datetime) -> None:
    """The first return, and one that turned out to be about another child."""
    if before.returned_on is None or before.child_ref != after.child_ref:
        await tell_result(uow, after, now)
