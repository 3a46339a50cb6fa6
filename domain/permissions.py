"""Who may do what, and how far: one table, asked once, in the use case (domain, sections 2 and 7)."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from domain.errors import NotAllowed
from domain.people import Actor, PersonId, Role, Team


class Permission(StrEnum):
    AUDIT_VIEW = "audit.view"
    AUDIT_REISSUE = "audit.reissue"
    """Issue a month's audits, give a child to another auditor, change a child, decide on a reallocation."""
    AUDIT_RETURN = "audit.return"
    AUDIT_LOG = "audit.log"
    """Log an activity of a kind; which kinds is the policy's `done_by`."""
    ACTIVITY_ASSIGN = "activity.assign"
    """Ask somebody else for one, or for a re-audit; it lies with whom is asked."""
    AUDIT_TAKE_PART = "audit.take_part"
    """The social worker's and the manager's part in an audit of their child."""
    AUDIT_UPLOAD = "audit.upload"
    SLIPPAGE_DECIDE = "slippage.decide"
    MODERATION_ASSIGN = "moderation.assign"
    MODERATION_JUDGE = "moderation.judge"
    MODERATION_LOCK = "moderation.lock"
    GRADE_DISPUTE = "grade.dispute"
    POOL_VIEW = "pool.view"
    POOL_CHANGE = "pool.change"
    PROGRAMME_VIEW = "programme.view"
    PROGRAMME_CHANGE = "programme.change"
    EXEMPTION_REQUEST = "exemption.request"
    EXEMPTION_VIEW = "exemption.view"
    EXEMPTION_ENDORSE = "exemption.endorse"
    EXEMPTION_DECIDE = "exemption.decide"
    CONCERN_RAISE = "concern.raise"
    """Everybody's: a danger to a child is never refused."""
    CONCERN_VIEW = "concern.view"
    CONCERN_ACKNOWLEDGE = "concern.acknowledge"
    CONCERN_RESPOND = "concern.respond"
    """Respond, ask the team, challenge, submit for sign-off: the head of service's steps."""
    CONCERN_INFORM = "concern.inform"
    """The team's part: what it tells, and evidence."""
    CONCERN_JUDGE = "concern.judge"
    """Uphold or re-categorise what was challenged."""
    CONCERN_SIGN_OFF = "concern.sign_off"
    CONCERN_MANAGE = "concern.manage"
    """Keep the tracker: correct a reference, reopen, take off a Category 2 with its evidence."""
    DELEGATION_MAKE = "delegation.make"
    DELIVERY_VIEW = "delivery.view"


class Reaching(IntEnum):
    """How far a permission reaches. A higher number includes the lower ones for the same person."""

    OWN = 1
    TEAM = 2
    SERVICE = 3
    DIRECTORATE = 4
    ALL = 5


_P, _R = Permission, Reaching

_RAISING = {_P.CONCERN_RAISE: _R.ALL, _P.CONCERN_VIEW: _R.OWN}
"""What everybody has: to raise a child of concern, and to see what became of it."""
_AUDITING = {
    **_RAISING,
    _P.AUDIT_VIEW: _R.OWN,
    _P.AUDIT_RETURN: _R.OWN,
    _P.AUDIT_LOG: _R.OWN,
    _P.AUDIT_UPLOAD: _R.OWN,
    _P.GRADE_DISPUTE: _R.OWN,
}
"""What everybody has who may be asked for an audit of some kind."""
_MANAGING = {
    **_AUDITING,
    _P.AUDIT_VIEW: _R.TEAM,
    _P.AUDIT_TAKE_PART: _R.TEAM,
    _P.CONCERN_VIEW: _R.TEAM,
    _P.CONCERN_INFORM: _R.TEAM,
    _P.GRADE_DISPUTE: _R.TEAM,
    _P.EXEMPTION_VIEW: _R.TEAM,
    _P.PROGRAMME_VIEW: _R.ALL,
}

TABLE: dict[Role, dict[Permission, Reaching]] = {
    Role.AUDITOR: {**_AUDITING, _P.EXEMPTION_REQUEST: _R.OWN, _P.EXEMPTION_VIEW: _R.OWN},
    Role.MODERATOR: {
        **_AUDITING,
        _P.EXEMPTION_REQUEST: _R.OWN,
        _P.EXEMPTION_VIEW: _R.OWN,
        _P.MODERATION_JUDGE: _R.OWN,
    },
    Role.TEAM_MANAGER: _MANAGING,
    Role.SERVICE_MANAGER: _MANAGING,
    Role.ASSISTANT_DIRECTOR: _MANAGING,
    Role.HEAD_OF_SERVICE: {
        **_AUDITING,
        _P.CONCERN_VIEW: _R.SERVICE,
        _P.CONCERN_ACKNOWLEDGE: _R.SERVICE,
        _P.CONCERN_RESPOND: _R.SERVICE,
        _P.AUDIT_VIEW: _R.SERVICE,
        _P.GRADE_DISPUTE: _R.SERVICE,
        _P.SLIPPAGE_DECIDE: _R.SERVICE,
        _P.ACTIVITY_ASSIGN: _R.SERVICE,
        _P.EXEMPTION_REQUEST: _R.SERVICE,
        _P.EXEMPTION_VIEW: _R.SERVICE,
        _P.EXEMPTION_ENDORSE: _R.SERVICE,
        _P.DELEGATION_MAKE: _R.OWN,
        _P.PROGRAMME_VIEW: _R.ALL,
    },
    Role.DIRECTOR: {
        **_AUDITING,
        _P.CONCERN_VIEW: _R.DIRECTORATE,
        _P.CONCERN_ACKNOWLEDGE: _R.DIRECTORATE,
        _P.CONCERN_RESPOND: _R.DIRECTORATE,
        _P.CONCERN_SIGN_OFF: _R.DIRECTORATE,
        _P.AUDIT_VIEW: _R.DIRECTORATE,
        _P.SLIPPAGE_DECIDE: _R.DIRECTORATE,
        _P.ACTIVITY_ASSIGN: _R.DIRECTORATE,
        _P.EXEMPTION_VIEW: _R.DIRECTORATE,
        _P.EXEMPTION_DECIDE: _R.DIRECTORATE,
        _P.DELEGATION_MAKE: _R.OWN,
        _P.PROGRAMME_VIEW: _R.ALL,
    },
    Role.DCS: {
        **_AUDITING,
        _P.CONCERN_VIEW: _R.ALL,
        _P.CONCERN_ACKNOWLEDGE: _R.ALL,
        _P.CONCERN_RESPOND: _R.ALL,
        _P.CONCERN_JUDGE: _R.ALL,
        _P.CONCERN_SIGN_OFF: _R.ALL,
        _P.AUDIT_VIEW: _R.ALL,
        _P.SLIPPAGE_DECIDE: _R.ALL,
        _P.EXEMPTION_VIEW: _R.ALL,
        _P.EXEMPTION_DECIDE: _R.ALL,
        _P.DELEGATION_MAKE: _R.OWN,
        _P.POOL_VIEW: _R.ALL,
        _P.PROGRAMME_VIEW: _R.ALL,
    },
    Role.HEAD_OF_QUALITY: {
        **_RAISING,
        _P.CONCERN_VIEW: _R.ALL,
        _P.CONCERN_ACKNOWLEDGE: _R.ALL,
        _P.CONCERN_JUDGE: _R.ALL,
        _P.AUDIT_VIEW: _R.ALL,
        _P.EXEMPTION_VIEW: _R.ALL,
        _P.DELEGATION_MAKE: _R.OWN,
        _P.DELIVERY_VIEW: _R.ALL,
        _P.MODERATION_ASSIGN: _R.ALL,
        _P.MODERATION_LOCK: _R.ALL,
        _P.POOL_VIEW: _R.ALL,
        _P.PROGRAMME_VIEW: _R.ALL,
    },
    Role.QA_TEAM: {
        **_AUDITING,
        _P.CONCERN_VIEW: _R.ALL,
        _P.CONCERN_MANAGE: _R.ALL,
        _P.AUDIT_VIEW: _R.ALL,
        _P.AUDIT_REISSUE: _R.ALL,
        _P.ACTIVITY_ASSIGN: _R.ALL,
        _P.AUDIT_UPLOAD: _R.ALL,
        _P.SLIPPAGE_DECIDE: _R.ALL,
        _P.MODERATION_ASSIGN: _R.ALL,
        _P.EXEMPTION_VIEW: _R.ALL,
        _P.DELIVERY_VIEW: _R.ALL,
        _P.POOL_VIEW: _R.ALL,
        _P.POOL_CHANGE: _R.ALL,
        _P.PROGRAMME_VIEW: _R.ALL,
        _P.PROGRAMME_CHANGE: _R.ALL,
    },
    Role.SOCIAL_WORKER: {**_RAISING, _P.AUDIT_TAKE_PART: _R.OWN, _P.CONCERN_INFORM: _R.OWN},
    Role.IRO: {**_AUDITING, _P.AUDIT_TAKE_PART: _R.OWN},
}


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where a thing belongs: whose it is, and the team it lies in (None: no team is known)."""

    owners: frozenset[PersonId] = frozenset()
    team: Team | None = None
    above_team: bool = False
    """It is about somebody who leads the team from above: "a manager their team" is not meant upwards."""


def reaching(actor: Actor, permission: Permission, today: date) -> Reaching | None:
    """The farthest reach that the actor's roles give, or None. Somebody who has left has none."""
    if not actor.person.active_on(today):
        return None
    found = [TABLE[role][permission] for role in actor.roles if permission in TABLE[role]]
    return max(found, default=None)


def allowed(actor: Actor, permission: Permission, thing: Belongs, today: date) -> bool:
    if not actor.person.active_on(today):
        return False
    return any(
        _reaches(actor, TABLE[role][permission], thing) for role in actor.roles if permission in TABLE[role]
    )


def _reaches(actor: Actor, far: Reaching, thing: Belongs) -> bool:
    """By one role: each of them has its own part of the reach, so that one role's permission is not stretched over
    another's teams."""
    if far is Reaching.ALL or actor.id in thing.owners:
        return True
    team = thing.team
    if team is None or far is Reaching.OWN:
        return False
    if far is Reaching.TEAM:
        return team.name in actor.reach.teams and not thing.above_team
    if far is Reaching.SERVICE:
        return team.service in actor.reach.services
    return team.directorate in actor.reach.directorates


def require_present(actor: Actor, today: date) -> None:
    """Raises NotAllowed for somebody who has left or not begun: also what is their own is not shown to them."""
    if not actor.person.active_on(today):
        raise NotAllowed


def require(actor: Actor, permission: Permission, thing: Belongs, today: date) -> None:
    """Raises NotAllowed. With `require_present` the only place where a permission is asked."""
    if not allowed(actor, permission, thing, today):
        raise NotAllowed(permission=permission.value)
