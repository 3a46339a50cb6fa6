"""What every use case about a child of concern begins with: the record, who answers for the child's team today, and who
somebody is to it. Permissions of children of concern are asked here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.alerts import Answering
from domain.audits import Audit
from domain.calendar import local_date
from domain.concern_rules import Tier
from domain.concern_workflow import PARTIES, Command, Party, commands_for
from domain.concerns import Concern, State
from domain.errors import NotAllowed, NotFound, OutOfDate
from domain.people import Actor, Authority, Delegation, Person, PersonId, Position, Role, Scope, Team
from domain.permissions import Belongs, Permission, allowed
from domain.ports import ChildFacts, CycleWork
from domain.usecases.concern_next import askers


async def load(uow: CycleWork, ref: str) -> Concern:
    """Raises NotFound."""
    concern = await uow.concerns.get(ref)
    if concern is None:
        raise NotFound(ref=ref[:20], kind="concern")
    return concern


def require_unmoved(concern: Concern, moved: int) -> None:
    """It stands as the card showed it: somebody's acknowledgement or word in between costs nobody what they have
    written. Asked after the permission, for it says where the record stands. Raises OutOfDate."""
    if concern.moved != moved:
        raise OutOfDate(ref=concern.ref, state=concern.state.value)


# who answers for the child


_HELD: dict[Role, Position] = {
    Role.HEAD_OF_SERVICE: Position.HEAD_OF_SERVICE,
    Role.DIRECTOR: Position.DIRECTOR,
}


async def answering(uow: CycleWork, team: Team | None, now: datetime) -> Answering:
    """Who holds each tier of the ladder today. For the child's team the head of service and the director whom the teams
    file names; where those do not hold the role, whoever holds it and answers for the team. Every DCS and every head of
    quality; the deputies of all of them whose dates include today."""
    today = local_date(now)
    heads = await _of_team(uow, team, Role.HEAD_OF_SERVICE, today)
    directors = await _of_team(uow, team, Role.DIRECTOR, today)
    dcs = [person.id for person in await uow.people.with_role(Role.DCS, today)]
    quality = [person.id for person in await uow.people.with_role(Role.HEAD_OF_QUALITY, today)]
    deputies = await _deputies(uow, [*heads, *directors, *dcs, *quality], today)
    return Answering(tuple(heads), tuple(directors), tuple(dcs), tuple(quality), deputies)


async def _of_team(uow: CycleWork, team: Team | None, role: Role, today: date) -> list[PersonId]:
    if team is None:
        return []
    named = [p for p in await uow.pool.in_position(team.id, (_HELD[role],)) if p.holds(role, today)]
    if named:
        return list(dict.fromkeys(person.id for person in named))
    holders = await uow.people.with_role(role, today)
    return [person.id for person in holders if await _reaches(uow, person, team, today)]


async def _reaches(uow: CycleWork, person: Person, team: Team, today: date) -> bool:
    actor = await uow.people.actor_of(person.id)
    return actor is not None and allowed(actor, Permission.CONCERN_ACKNOWLEDGE, Belongs(team=team), today)


async def _deputies(
    uow: CycleWork, principals: list[PersonId], today: date
) -> dict[PersonId, tuple[PersonId, ...]]:
    made = await uow.delegations.by(principals, today) if principals else []
    covered = [delegation for delegation in made if delegation.covers(Scope.CONCERNS, today)]
    people = await uow.people.many({d.delegate_id for d in covered}) if covered else {}
    found: dict[PersonId, tuple[PersonId, ...]] = {}
    for delegation in covered:
        deputy = people.get(delegation.delegate_id)
        if deputy is not None and deputy.active_on(today):
            found[delegation.delegator_id] = (*found.get(delegation.delegator_id, ()), deputy.id)
    return found


# who somebody is to it


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is to one child of concern today, and in whose name: `parties` for the commands, `tiers` on the
    ladder of its alert."""

    parties: Mapping[Party, Authority]
    tiers: Mapping[Tier, Authority]
    may_view: bool


def belongs(concern: Concern, child: ChildFacts | None) -> Belongs:
    """Its raiser's and the child's social worker's, and its team's."""
    worker = child.social_worker_id if child else None
    owners = {concern.raised_by_id, worker} - {None}
    return Belongs(frozenset(owner for owner in owners if owner is not None), concern.team)


_ASKED: tuple[tuple[Party, Permission], ...] = (
    (Party.RAISER, Permission.CONCERN_RAISE),
    (Party.ABOVE, Permission.CONCERN_RESPOND),
    (Party.HEAD_OF_QUALITY, Permission.CONCERN_JUDGE),
    (Party.DIRECTOR, Permission.CONCERN_SIGN_OFF),
    (Party.QA_TEAM, Permission.CONCERN_MANAGE),
)
_ROLE_OF_TIER: dict[Tier, Role] = {
    Tier.HEAD_OF_SERVICE: Role.HEAD_OF_SERVICE,
    Tier.DIRECTOR: Role.DIRECTOR,
    Tier.DCS: Role.DCS,
    Tier.HEAD_OF_QUALITY: Role.HEAD_OF_QUALITY,
}
_PARTIES_OF_TIER: dict[Tier, tuple[Party, ...]] = {
    Tier.HEAD_OF_SERVICE: (Party.HEAD_OF_SERVICE,),
    Tier.DIRECTOR: (Party.ABOVE, Party.DIRECTOR),
    Tier.DCS: (Party.ABOVE, Party.HEAD_OF_QUALITY, Party.DIRECTOR),
    Tier.HEAD_OF_QUALITY: (Party.HEAD_OF_QUALITY,),
}
"""What a deputy may do for whoever holds the tier."""


async def standing(
    uow: CycleWork, actor: Actor, concern: Concern, child: ChildFacts | None, now: datetime
) -> Standing:
    """By the actor's own roles first, then as a deputy of whoever answers for the child today."""
    today = local_date(now)
    if not actor.person.active_on(today):
        return Standing({}, {}, may_view=False)
    whose = belongs(concern, child)
    nobodys = replace(whose, owners=frozenset())
    own = Authority(actor.id)
    found = {party: own for party, asked in _ASKED if allowed(actor, asked, nobodys, today)}
    if allowed(actor, Permission.CONCERN_INFORM, whose_worker(concern, child), today):
        found[Party.TEAM] = own
    tiers = {tier: own for tier in _ROLE_OF_TIER if _on_tier(actor, tier, concern.team)}
    delegations = await uow.delegations.to(actor.id, today)
    if delegations or Party.ABOVE in found:
        who = await answering(uow, concern.team, now)
        _add_deputy(tiers, found, who, delegations, today)
        _add_head_of_service(tiers, found, who)
        await _leave_to_head_of_quality(uow, concern, tiers, found, who)
    if tiers:
        found[Party.ALERTED] = next(iter(tiers.values()))
    may_view = bool(tiers) or allowed(actor, Permission.CONCERN_VIEW, whose, today)
    if not may_view and await _raised_again_by(uow, concern, actor):
        as_raiser = replace(whose, owners=whose.owners | {actor.id})
        may_view = allowed(actor, Permission.CONCERN_VIEW, as_raiser, today)
    return Standing(_nobody_on_their_own(concern, found), tiers, may_view)


def whose_worker(concern: Concern, child: ChildFacts | None) -> Belongs:
    """The team's part lies with its managers and the child's social worker, not with whoever raised it."""
    worker = child.social_worker_id if child else None
    return Belongs(frozenset({worker} if worker is not None else ()), concern.team)


def _on_tier(actor: Actor, tier: Tier, team: Team | None) -> bool:
    if _ROLE_OF_TIER[tier] not in actor.roles:
        return False
    if tier is Tier.HEAD_OF_SERVICE:
        return team is not None and team.service in actor.reach.services
    if tier is Tier.DIRECTOR:
        return team is not None and team.directorate in actor.reach.directorates
    return True


def _add_deputy(
    tiers: dict[Tier, Authority],
    found: dict[Party, Authority],
    who: Answering,
    delegations: list[Delegation],
    today: date,
) -> None:
    covered = {d.delegator_id: d.delegate_id for d in delegations if d.covers(Scope.CONCERNS, today)}
    for tier, parties in _PARTIES_OF_TIER.items():
        principal = next((person for person in who.holders(tier) if person in covered), None)
        if principal is None:
            continue
        by = Authority(covered[principal], principal)
        tiers.setdefault(tier, by)
        for party in parties:
            found.setdefault(party, by)


def _add_head_of_service(
    tiers: Mapping[Tier, Authority], found: dict[Party, Authority], who: Answering
) -> None:
    """What asks for a decision is the head of service's own; one step up only where nobody is."""
    if Tier.HEAD_OF_SERVICE in tiers:
        found[Party.HEAD_OF_SERVICE] = tiers[Tier.HEAD_OF_SERVICE]
    elif Party.ABOVE in found and not who.head_of_service:
        found[Party.HEAD_OF_SERVICE] = found[Party.ABOVE]


async def _leave_to_head_of_quality(
    uow: CycleWork,
    concern: Concern,
    tiers: Mapping[Tier, Authority],
    found: dict[Party, Authority],
    who: Answering,
) -> None:
    """The DCS judges only where no head of quality is there who may."""
    if Party.HEAD_OF_QUALITY not in found or Tier.DCS not in tiers:
        return
    challenged = concern.state is State.CHALLENGED
    barred = askers(concern, await uow.concerns.history(concern.id)) if challenged else frozenset[PersonId]()
    if set(who.head_of_quality) <= barred:
        found[Party.HEAD_OF_QUALITY] = tiers[Tier.DCS]
    elif Tier.HEAD_OF_QUALITY in tiers:
        found[Party.HEAD_OF_QUALITY] = tiers[Tier.HEAD_OF_QUALITY]
    else:
        del found[Party.HEAD_OF_QUALITY]


async def _raised_again_by(uow: CycleWork, concern: Concern, actor: Actor) -> bool:
    """Whoever found the child too can follow it as the first who raised it."""
    lines = await uow.concerns.history(concern.id)
    return any(line.command == Command.RAISE_AGAIN.value and line.by_id == actor.id for line in lines)


def _nobody_on_their_own(concern: Concern, found: Mapping[Party, Authority]) -> dict[Party, Authority]:
    """Whoever challenged, re-categorised or asked for the sign-off decides nothing about it, in no role and as nobody's
    deputy; nor does a deputy in their name (section 2)."""
    if concern.asked_by_id is None:
        return dict(found)
    deciders = {State.CHALLENGED: Party.HEAD_OF_QUALITY, State.WITH_DIRECTOR: Party.DIRECTOR}
    barred = deciders.get(concern.state)
    return {
        party: by
        for party, by in found.items()
        if party is not barred or concern.asked_by_id not in (by.by_id, by.for_id)
    }


def require_command(concern: Concern, command: Command, mine: Standing) -> Authority:
    """In whose name the command is given. Raises NotAllowed for somebody who is never given it (or may not see the
    record), OutOfDate where it has moved on."""
    parties = PARTIES[command] & mine.parties.keys()
    if not mine.may_view or not parties:
        raise NotAllowed(permission=_permission(command), ref=concern.ref, **_why(concern, command, mine))
    if command not in commands_for(concern, mine.parties):
        raise OutOfDate(ref=concern.ref, state=concern.state.value)
    return mine.parties[min(parties, key=list(Party).index)]


def _why(concern: Concern, command: Command, mine: Standing) -> dict[str, str]:
    decides = command in (Command.UPHOLD, Command.RECATEGORISE, Command.SIGN_OFF, Command.REFUSE)
    return {"why": "own_request"} if mine.may_view and decides and concern.asked_by_id is not None else {}


_PERMISSION = dict(_ASKED) | {
    Party.HEAD_OF_SERVICE: Permission.CONCERN_RESPOND,
    Party.TEAM: Permission.CONCERN_INFORM,
    Party.ALERTED: Permission.CONCERN_ACKNOWLEDGE,
}


def _permission(command: Command) -> str:
    parties = sorted(PARTIES[command], key=list(Party).index)
    return next((_PERMISSION[party].value for party in parties if party in _PERMISSION), "")


def require_view(concern: Concern, mine: Standing) -> None:
    """Raises NotAllowed."""
    if not mine.may_view:
        raise NotAllowed(permission=Permission.CONCERN_VIEW.value, ref=concern.ref)


async def concern_of(uow: CycleWork, actor: Actor, audit: Audit, now: datetime) -> Concern | None:
    """The child of concern that the audit raised, or raised again; None where the actor may not see the record."""
    if audit.concern_category is None or audit.child_ref is None:
        return None
    found = await uow.concerns.of_audit(audit.ref) or await uow.concerns.open_of(audit.child_ref)
    if found is None:
        return None
    child = await uow.children.get(found.child_ref)
    return found if (await standing(uow, actor, found, child, now)).may_view else None
