"""Everybody there can be, in every relation to an audit in every state: who walks through the use cases of the cycle,
and what the tables of permissions and of the workflow say they may do."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from domain.audits import Audit, AuditState
from domain.cycle import Party
from domain.kinds import Grade, Kind
from domain.people import Actor, Person, Reach, Role, Team
from domain.permissions import TABLE, Permission, Reaching
from domain.policy import Policy
from tests import builders as b
from tests.storage.council import SOUTH

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
POLICY = Policy(
    kinds=tuple(
        rules.model_copy(update={"may_be_none": True})
        for kind, rules in Policy().by_kind.items()
        if kind is Kind.CORE
    )
)
"""In which also a core audit can come to "none, because …"."""
TEAM = b.EAST
"""The child's; its auditor and moderator are of SOUTH."""
SPARE, OTHER_AUDITOR, OTHER_MODERATOR, HEAD_OF_QUALITY, HEAD, TAKER = 901, 902, 903, 904, 905, 906
CHILD = "C10432"


def _reach(*teams: Team) -> Reach:
    return Reach(
        frozenset(team.name for team in teams),
        frozenset(team.service for team in teams),
        frozenset(team.directorate for team in teams),
    )


# who there is


@dataclass(frozen=True)
class Relation:
    """What somebody is to an audit. `answers_for`: what the teams file names them for, of the child's team and the
    auditor's; `stands_in`: for whom they are the deputy."""

    name: str
    audits: bool = False
    moderates: bool = False
    answers_for: tuple[Team, ...] = ()
    own_team: bool = False
    worker: bool = False
    stands_in: int | None = None
    left: bool = False


RELATIONS = (
    Relation("stranger"),
    Relation("of the child's team", own_team=True),
    Relation("answers for the child's team", answers_for=(TEAM,)),
    Relation("answers for the auditor's team", answers_for=(SOUTH,)),
    Relation("auditor", audits=True),
    Relation("auditor, and who would decide", audits=True, answers_for=(TEAM, SOUTH)),
    Relation("moderator", moderates=True),
    Relation("moderator of the child's team", moderates=True, own_team=True),
    Relation("moderator who answers for the child's team", moderates=True, answers_for=(TEAM,)),
    Relation("moderator who works with the child", moderates=True, worker=True),
    Relation("works with the child", worker=True),
    Relation("auditor who works with the child", audits=True, worker=True),
    Relation("deputy of the auditor's head of service", stands_in=HEAD),
    Relation("deputy of the head of quality", stands_in=HEAD_OF_QUALITY),
    Relation("auditor and deputy of their own head of service", audits=True, stands_in=HEAD),
    Relation("left, and was to decide", answers_for=(TEAM, SOUTH), left=True),
    Relation("left, and was its auditor", audits=True, left=True),
    Relation("left, and was its moderator", moderates=True, left=True),
    Relation("left, and stood in", stands_in=HEAD_OF_QUALITY, left=True),
)
ROLES: tuple[Role | None, ...] = (*Role, None)
"""None: known to the council, and without a role."""


def _matters(role: Role | None, relation: Relation) -> bool:
    """Less what comes to the same: a reach that no permission of the role has; and of deputies, who act by whom they
    stand in for, and of people who have left, more than a few roles."""
    has = TABLE.get(role, {}) if role else {}
    if relation.stands_in is not None:
        return role in (None, Role.AUDITOR)
    if relation.moderates and relation.answers_for:
        return role in (Role.MODERATOR, Role.TEAM_MANAGER, Role.HEAD_OF_SERVICE)
    if relation.moderates and (relation.own_team or relation.worker or relation.left):
        return role is Role.MODERATOR
    if relation.left:
        return role in (Role.AUDITOR, Role.QA_TEAM, Role.HEAD_OF_SERVICE, Role.HEAD_OF_QUALITY)
    if relation.worker:
        return role in (None, Role.AUDITOR, Role.SOCIAL_WORKER, Role.IRO)
    if relation.own_team:
        return role in (Role.AUDITOR, Role.MODERATOR, Role.QA_TEAM)
    if relation.answers_for:
        return any(Reaching.OWN < far < Reaching.ALL for far in has.values())
    return True


class Spot(NamedTuple):
    """Where an audit stands."""

    state: AuditState
    left_out: bool = False
    """Of the sample: it has no moderator."""
    change_asked: bool = True
    """A request for another child, or another auditor, is open beside the one for more time."""


SPOTS = (
    *(Spot(state) for state in AuditState),
    Spot(AuditState.ISSUED, change_asked=False),
    Spot(AuditState.RETURNED, left_out=True),
)
_JUDGED = (AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED, AuditState.UPLOADED)


@dataclass(frozen=True)
class Trial:
    """Somebody with one role, or none, who is something to the audit."""

    role: Role | None
    relation: Relation
    spot: Spot

    @property
    def state(self) -> AuditState:
        return self.spot.state

    @cached_property
    def who(self) -> int:
        return 1000 + 100 * RELATIONS.index(self.relation) + ROLES.index(self.role)

    @cached_property
    def person(self) -> Person:
        return replace(
            b.a_person(self.who, f"Somebody {self.who}", Role.DCS),
            roles=frozenset({self.role} if self.role else ()),
            team=TEAM if self.relation.own_team else SOUTH,
            active_to=date(2026, 10, 31) if self.relation.left else None,
        )

    @cached_property
    def actor(self) -> Actor:
        return Actor(self.person, _reach(*self.relation.answers_for))

    @cached_property
    def audit(self) -> Audit:
        mine = self.relation.audits or self.relation.moderates or self.relation.worker
        number = 100 * (self.who if mine else 1) + SPOTS.index(self.spot)
        state = self.state
        back = state not in (AuditState.ISSUED, AuditState.FREED)
        auditor = self.who if self.relation.audits else OTHER_AUDITOR
        moderator = self.who if self.relation.moderates else OTHER_MODERATOR
        return b.an_audit(
            number,
            child_ref=f"C{self.who}" if self.relation.worker else CHILD,
            team=TEAM,
            state=state,
            auditor_id=None if state is AuditState.FREED else auditor,
            returned_on=date(2026, 11, 12) if back else None,
            grade=Grade.GOOD if back else None,
            moderator_id=moderator if back and not self.spot.left_out else None,
            moderated_grade=Grade.GOOD if state in _JUDGED else None,
            moderated_on=date(2026, 11, 16) if state in _JUDGED else None,
            locked_on=date(2026, 11, 18) if state in (AuditState.LOCKED, AuditState.UPLOADED) else None,
        )

    @property
    def asker(self) -> int:
        """Who asked for more time, and for a change."""
        return self.audit.auditor_id or OTHER_AUDITOR

    @property
    def more_time(self) -> str:
        return f"RQ-{2 * self.audit.id}"

    @property
    def change(self) -> str:
        return f"RQ-{2 * self.audit.id + 1}"

    def __str__(self) -> str:
        return f"{self.role.value if self.role else 'no role'}, {self.relation.name}, {self.spot}"


TRIALS = [
    Trial(role, relation, spot)
    for relation in RELATIONS
    for role in ROLES
    if _matters(role, relation)
    for spot in SPOTS
]


# what the tables say


def far(trial: Trial, permission: Permission, *teams: Team, own: bool = False) -> bool:
    """Whether the role's reach comes as far as something of one's own, or of these teams."""
    reaching = TABLE.get(trial.role, {}).get(permission) if trial.role else None
    if reaching is None or trial.relation.left:
        return False
    near = any(_within(reaching, team, named) for team in teams for named in trial.relation.answers_for)
    return reaching is Reaching.ALL or own or near


def _within(reaching: Reaching, team: Team, named: Team) -> bool:
    if reaching is Reaching.DIRECTORATE:
        return team.directorate == named.directorate
    return (
        reaching > Reaching.OWN and team == named
    )  # each of the two teams is the only one of its service here


def parties_of(trial: Trial) -> frozenset[Party]:
    """By the permissions' table, in the words of section 2, and not by the code that is tried here."""
    audit, me, relation = trial.audit, trial.who, trial.relation
    audits, judges = audit.auditor_id == me, audit.moderator_id == me
    found: dict[Party, bool] = {
        Party.AUDITOR: audits and far(trial, Permission.AUDIT_RETURN, own=True),
        Party.MODERATOR: judges
        and far(trial, Permission.MODERATION_JUDGE, own=True)
        and not (relation.own_team or relation.worker or relation.answers_for),
        Party.HEAD_OF_QUALITY: (far(trial, Permission.MODERATION_LOCK) or stands_in(trial, HEAD_OF_QUALITY))
        and not (audits or judges),
        Party.SAMPLER: far(trial, Permission.MODERATION_ASSIGN) and not audits,
        Party.CONCERNED: far(trial, Permission.GRADE_DISPUTE, TEAM, own=audits) and not judges,
        Party.FILER: far(trial, Permission.AUDIT_UPLOAD, TEAM, own=audits),
        Party.QA_TEAM: far(trial, Permission.AUDIT_REISSUE),
        Party.DECIDER: trial.asker != me
        and (far(trial, Permission.SLIPPAGE_DECIDE, SOUTH) or stands_in(trial, HEAD)),
    }
    found[Party.UNTICKER] = found[Party.FILER] or (
        found[Party.HEAD_OF_QUALITY] and not stands_in(trial, HEAD_OF_QUALITY)
    )
    return frozenset(party for party, holds in found.items() if holds)


def stands_in(trial: Trial, for_whom: int) -> bool:
    return trial.relation.stands_in == for_whom and not trial.relation.left


def takes_part(trial: Trial) -> bool:
    """The child's social worker, and who manages the child's team; never its auditor."""
    part = far(trial, Permission.AUDIT_TAKE_PART, TEAM, own=trial.relation.worker)
    return part and trial.audit.auditor_id != trial.who
