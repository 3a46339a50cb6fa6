"""What is shown to those who take part in audits: the form, what is to come, and what was audited of a team before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from domain.audits import AuditState
from domain.calendar import Month, local_date
from domain.cycle import LOOKED_AHEAD_MONTHS
from domain.errors import NotAllowed
from domain.people import Actor, Reach
from domain.permissions import Permission, Reaching, reaching
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore
from domain.usecases.audit_access import load
from domain.usecases.participation import ASKED, OPEN_FOR_PARTS, WITHOUT_RESULT, mine, require_part
from domain.views.participation import ComingAudits, HistoryLine, PartForm, ResultLines, TeamHistory

PAGE = 10
RESULTS = 8


async def form(
    store: CycleStore, actor: Actor, ref: str, now: datetime, filled: Mapping[str, str] | None = None
) -> PartForm:
    """Raises NotFound, NotAllowed for anybody who takes no part in the audit."""
    async with store.reading() as uow:
        audit = await load(uow, ref)
        part = await require_part(uow, audit, actor, local_date(now))
        given = await mine(uow, audit, actor.id)
        auditor = await uow.people.get(audit.auditor_id) if audit.auditor_id is not None else None
    return PartForm(
        audit=audit,
        viewer=actor.person,
        part=part,
        auditor=auditor,
        asked=ASKED[part] if audit.state in OPEN_FOR_PARTS else (),
        may_comment=audit.state not in WITHOUT_RESULT,
        version=given.version if given else 0,
        filled={**(given.answers if given else {}), **(filled or {})},
    )


async def coming(
    store: CycleStore, policy: Policy, actor: Actor, month: Month | None, now: datetime, offset: int = 0
) -> ComingAudits:
    """The audits that are not returned yet, of one month or of this one and all that are issued ahead: of the actor's
    teams, or, of somebody who answers for no team, of the children whose social worker they are. Raises NotAllowed."""
    this = Month.of(local_date(now))
    ahead = (this, this.plus(LOOKED_AHEAD_MONTHS))
    wanted, own = _theirs(policy, actor, now, [AuditState.ISSUED])
    months = (month, month) if month else ahead
    async with store.reading() as uow:
        found, total = await uow.cycle.find(replace(wanted, months=months), limit=PAGE, offset=offset)
        every = (await uow.cycle.find(replace(wanted, months=ahead), limit=1))[1] if month else total
        people = await uow.people.many({audit.auditor_id for audit in found if audit.auditor_id is not None})
    here = total if month is None or ahead[0] <= month <= ahead[1] else 0
    return ComingAudits(actor.person, month, found, people, total, offset, PAGE, own, every - here)


def _theirs(
    policy: Policy, actor: Actor, now: datetime, states: Collection[AuditState]
) -> tuple[AuditFilter, bool]:
    """Audits in which the actor takes part; and whether those are their own children's. Raises NotAllowed."""
    reach = reaching(actor, Permission.AUDIT_TAKE_PART, local_date(now))
    if reach is None:
        raise NotAllowed(permission=Permission.AUDIT_TAKE_PART.value)
    own = reach < Reaching.TEAM
    wanted = AuditFilter(
        kinds=[kind for kind, rules in policy.by_kind.items() if rules.about_child],
        states=states,
        within=None if own else Reach(teams=actor.reach.teams),
        social_worker_id=actor.id if own else None,
    )
    return wanted, own


async def results(
    store: CycleStore, policy: Policy, actor: Actor, now: datetime, offset: int = 0
) -> ResultLines:
    """What came of the audits in which the actor takes part: each can be commented on. Raises NotAllowed."""
    wanted, own = _theirs(policy, actor, now, frozenset(AuditState) - WITHOUT_RESULT)
    async with store.reading() as uow:
        found, total = await uow.cycle.find(wanted, limit=RESULTS, offset=offset, newest_first=True)
    return ResultLines(actor.person, found, total, own, offset, RESULTS)


async def history(store: CycleStore, actor: Actor, now: datetime, offset: int = 0) -> TeamHistory:
    """What was audited within the actor's reach (section 7: a manager their team, a head of service their service, a
    director their directorate), newest first. Raises NotAllowed for somebody who answers for no team."""
    far = reaching(actor, Permission.AUDIT_VIEW, local_date(now))
    if far is None or far < Reaching.TEAM:
        raise NotAllowed(permission=Permission.AUDIT_VIEW.value, why="no_team")
    returned = frozenset(AuditState) - WITHOUT_RESULT
    wanted = AuditFilter(states=returned, within=within(actor.reach, far))
    async with store.reading() as uow:
        found, total = await uow.cycle.find(wanted, limit=PAGE, offset=offset, newest_first=True)
        counts = await uow.actions.counts([audit.id for audit in found])
    lines = [HistoryLine(audit, *counts.get(audit.id, (0, 0))) for audit in found]
    teams = sorted(actor.reach.teams) if far is Reaching.TEAM else []
    return TeamHistory(actor.person, lines, total, teams, offset, PAGE)


def within(reach: Reach, far: Reaching) -> Reach | None:
    """The part of somebody's reach that the permission covers; None: everywhere."""
    if far is Reaching.ALL:
        return None
    none = frozenset[str]()
    return Reach(
        reach.teams,
        reach.services if far >= Reaching.SERVICE else none,
        reach.directorates if far >= Reaching.DIRECTORATE else none,
    )
