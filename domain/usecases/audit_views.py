"""Looking at one audit. Who sees how much of it is decided here, and what is not for the viewer is not in the view.

* **Whole**: its auditor, its moderator, whoever sees every audit (QA team, head of quality, DCS), and the head of
  quality's deputy while there is a grade to confirm. Also to them a return that is being filled in or reworked is
  shown only when it is handed in: until then it is the auditor's alone.
* **Team**: who answers for the child's team. Everything that the audit says about the work, the grades and why a grade
  was changed, so that they can disagree; not who moderated it (the grade is the council's, not a colleague's), not why
  a return was sent back (that is between moderator and auditor), and of the contributions only their own.
* **Worker**: the child's social worker. Who audits and when it is due; after the return the grade that counts,
  strengths and actions, and what they gave themselves. Nothing of moderation: no state, name, step or word of it.

Requests (more time, a change) are seen by the auditor and by those who answer them. Everybody else is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.audits import Audit, AuditState, Engagement, books_close, standing, working_days_left
from domain.calendar import local_date
from domain.cycle import Command, Party, commands_for
from domain.errors import NotAllowed
from domain.grades import gradable
from domain.kinds import Grade
from domain.participation import Contribution
from domain.people import Actor, PersonId, Role
from domain.permissions import Belongs, Permission, Reaching, allowed, reaching
from domain.policy import Policy
from domain.ports import Action, AuditStep, ChildFacts, CycleStore, CycleWork
from domain.requests import Request, Wish, latest_day
from domain.returns import Return, current, none_because
from domain.templates import NONE_BECAUSE, STRENGTHS
from domain.usecases.audit_access import load, of_child, parties, visible_return, was_moderated
from domain.usecases.concern_access import concern_of
from domain.usecases.locking import disputed_by, locks_as, may_lock
from domain.usecases.moderation import child_of
from domain.usecases.participation import part_of
from domain.usecases.stuck_moderation import is_stuck
from domain.usecases.taking_off import can_be_moved
from domain.usecases.uploading import may_upload
from domain.views.audits import AuditView, Labels, Reader


async def view(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime, left: Audit | None = None
) -> AuditView:
    """`left`: as the actor's own command has just saved it. Raises NotFound, NotAllowed."""
    async with store.reading() as uow:
        audit = left or await load(uow, ref)
        return await view_of(uow, policy, actor, audit, now)


async def view_of(uow: CycleWork, policy: Policy, actor: Actor, audit: Audit, now: datetime) -> AuditView:
    """The same within a transaction, of an audit that is at hand. Raises NotAllowed."""
    today = local_date(now)
    child = await child_of(uow, audit)
    deputy = await _deputy(uow, actor, audit, today)
    reader = Reader.WHOLE if deputy else reader_of(actor, audit, child, today)
    found = await _read(uow, audit)
    wanted = _named(audit, child, found)
    named = await uow.people.many(wanted - {actor.id})
    if actor.id in wanted:
        named[actor.id] = actor.person
    auditor = named.get(audit.auditor_id) if audit.auditor_id is not None else None
    mine = parties(actor, audit, child=child, auditor=auditor, today=today) | deputy
    if audit.state is AuditState.DISPUTED and actor.id in disputed_by(found.steps):
        mine -= {Party.HEAD_OF_QUALITY}
    whole = AuditView(
        audit=audit,
        viewer=actor.person,
        today=today,
        standing=standing(audit, today, policy.audits),
        parties=mine,
        commands=await _commands(
            uow, policy, actor, audit, mine, today, none=bool(none_because(found.filled)), steps=found.steps
        ),
        people=named,
        child=child,
        filled=found.filled if _may_read(found.filled, audit, mine) else None,
        areas=found.areas,
        actions=found.actions,
        steps=found.steps,
        requests=found.requests if mine & _ASK_OR_ANSWER else (),
        contributions=found.contributions,
        wishes=_wishes(audit, mine, found.requests, today, policy),
        takes_part=part_of(actor, audit, child, today) is not None and actor.id != audit.moderator_id,
        reaudits=found.reaudits,
        first=found.first,
        first_actions=found.first_actions,
        working_days_left=working_days_left(audit.month, today),
        reader=reader,
        labels=_labels(audit, policy),
        nobody_locks=await _nobody_locks(uow, audit, reader, today),
        stuck=is_stuck(audit, named.get(audit.moderator_id or 0), child, today),
        grades=gradable(policy, audit),
        books_close_on=books_close(audit, policy.audits),
        concern=await concern_of(uow, actor, audit, now),
    )
    return _NARROWED[reader](whole)


def reader_of(actor: Actor, audit: Audit, child: ChildFacts | None, today: date) -> Reader:
    """How much the actor may see. Raises NotAllowed."""
    belongs = of_child(audit, child)
    if allowed(actor, Permission.AUDIT_VIEW, belongs, today):
        sees_all = reaching(actor, Permission.AUDIT_VIEW, today) is Reaching.ALL
        return Reader.WHOLE if actor.id in belongs.owners or sees_all else Reader.TEAM
    own = Belongs(frozenset({actor.id}))
    is_worker = child is not None and child.social_worker_id == actor.id
    if is_worker and allowed(actor, Permission.AUDIT_TAKE_PART, own, today):
        return Reader.WORKER
    raise NotAllowed(permission=Permission.AUDIT_VIEW.value, ref=audit.ref)


# what is read


@dataclass(frozen=True, slots=True)
class _Read:
    filled: Return | None
    areas: Mapping[str, Grade]
    actions: Sequence[Action]
    steps: Sequence[AuditStep]
    requests: Sequence[Request]
    contributions: Sequence[Contribution]
    reaudits: Sequence[Audit]
    first: Audit | None
    first_actions: Sequence[Action]


async def _read(uow: CycleWork, audit: Audit) -> _Read:
    """Nothing is asked for that cannot be there yet."""
    found = await uow.cycle.beside(audit)
    returned = audit.returned_on is not None
    first = await uow.audits.get(audit.reaudit_of) if audit.reaudit_of else None
    return _Read(
        filled=current(found.filled, audit),
        areas=found.areas if returned else {},
        actions=found.actions if returned else (),
        steps=found.steps,
        requests=found.requests,
        contributions=found.contributions,
        reaudits=await uow.cycle.reaudits_of(audit.ref) if audit.counts is Grade.INADEQUATE else (),
        first=first,
        first_actions=await uow.actions.of_audit(first.id) if first else (),
    )


def _named(audit: Audit, child: ChildFacts | None, found: _Read) -> set[PersonId]:
    ids: Iterable[PersonId | None] = (
        audit.auditor_id,
        audit.moderator_id,
        audit.about_id,
        child.social_worker_id if child else None,
        *(person for step in found.steps for person in (step.by_id, step.for_id)),
        *(person for step in found.steps for person in moderators_of(step)),
        *(person for request in found.requests for person in (request.asked_by_id, request.decided_by_id)),
        *(action.owner_id for action in (*found.actions, *found.first_actions)),
        *(given.person_id for given in found.contributions),
        *(planned.owner_id for planned in (found.filled.actions if found.filled else ())),
    )
    return {person for person in ids if person is not None}


def moderators_of(step: AuditStep) -> list[PersonId]:
    """Whom a step took it from and gave it to."""
    return [int(code) for code in step.facts.get("moderator_id", "").split(">") if code.isdecimal()]


async def _nobody_locks(uow: CycleWork, audit: Audit, reader: Reader, today: date) -> bool:
    if reader is not Reader.WHOLE or audit.state not in (AuditState.MODERATED, AuditState.DISPUTED):
        return False
    return not await uow.people.anybody_with(Role.HEAD_OF_QUALITY, today)


def _labels(audit: Audit, policy: Policy) -> Labels:
    statuses = {term.code: term.label for term in policy.legal_statuses}
    return Labels(
        kind=policy.by_kind[audit.kind].label,
        legal_status=statuses.get(audit.legal_status or "", audit.legal_status or ""),
        areas={term.code: term.label for term in policy.practice_areas},
        reasons={term.code: term.label for term in policy.reallocations},
    )


# what the viewer may do

_LOCKABLE = frozenset({AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED})


async def _deputy(uow: CycleWork, actor: Actor, audit: Audit, today: date) -> frozenset[Party]:
    """Who stands in for the head of quality sees what they confirm; who had a part in the grade never does."""
    nobody = frozenset[Party]()
    if actor.id in (audit.auditor_id, audit.moderator_id):
        return nobody
    if audit.state not in _LOCKABLE or allowed(actor, Permission.MODERATION_LOCK, Belongs(), today):
        return nobody
    by = await locks_as(uow, actor, today)
    return frozenset({Party.HEAD_OF_QUALITY}) if by and may_lock(by, audit) else nobody


async def _commands(
    uow: CycleWork, policy: Policy, actor: Actor, audit: Audit, mine: frozenset[Party], today: date, *, none: bool,
    steps: Sequence[AuditStep],
) -> tuple[Command, ...]:  # fmt: skip
    """As the workflow's table has them; a tick only where there is something to tick, and nobody takes an audit off
    themselves or draws another child for it, nor takes it off where nobody else could have it. That there was `none`
    is no return that anybody could moderate."""
    found = commands_for(audit, mine)
    without: set[Command] = {Command.ASSIGN} if none else set()
    if Command.UPLOAD in found and not await may_upload(uow, policy, audit):
        without.add(Command.UPLOAD)
    if audit.auditor_id == actor.id:
        without |= {Command.FREE, Command.CHANGE_CHILD}
    if not can_be_moved(policy, audit, today):
        without.add(Command.FREE)
    if was_moderated(steps):
        without.add(Command.CORRECT)
    return tuple(command for command in found if command not in without)


_ASK_OR_ANSWER = frozenset({Party.AUDITOR, Party.QA_TEAM, Party.DECIDER})


def _may_read(filled: Return | None, audit: Audit, mine: frozenset[Party]) -> bool:
    """A return that is being reworked is as half-filled as a first one: it is read again when it is handed in."""
    if filled is None or not visible_return(audit, mine):
        return False
    if audit.state is not AuditState.SENT_BACK or Party.AUDITOR in mine:
        return True
    handed_in, saved = filled.handed_in_at, filled.saved_at
    return handed_in is not None and (saved is None or saved <= handed_in)


def _wishes(
    audit: Audit, mine: frozenset[Party], requests: Sequence[Request], today: date, policy: Policy
) -> tuple[Wish, ...]:
    if Party.AUDITOR not in mine:
        return ()
    asked = {request.wish for request in requests if request.open}
    found: list[Wish] = []
    awaited = audit.state in (AuditState.ISSUED, AuditState.SENT_BACK)
    if awaited and today < latest_day(audit, today, policy.audits):
        found.append(Wish.SLIPPAGE)
    if audit.state is AuditState.ISSUED:
        found.append(Wish.REALLOCATION)
    return tuple(wish for wish in found if wish not in asked)


# what the viewer does not see

_NOT_FOR_TEAM = frozenset(
    {Command.ASSIGN.value, Command.SEND_BACK.value, Command.RESUBMIT.value, Command.CORRECT.value}
)
_FOR_TEAM_FACTS = frozenset({"state", "grade", "moderated_grade", "final_grade"})
"""Not the child that it was about before: it may be of another team."""
_FOR_WORKER = frozenset({"issue", Command.GIVE.value, Command.CHANGE_CHILD.value, Command.RETURN.value})
_BEING_JUDGED = frozenset(
    {
        AuditState.SENT_BACK,
        AuditState.RESUBMITTED,
        AuditState.MODERATED,
        AuditState.DISPUTED,
        AuditState.LOCKED,
    }
)


def _whole(view: AuditView) -> AuditView:
    return view


def _for_team(view: AuditView) -> AuditView:
    moderator = view.audit.moderator_id
    steps = tuple(
        replace(step, facts={key: value for key, value in step.facts.items() if key in _FOR_TEAM_FACTS})
        for step in view.steps
        if step.command not in _NOT_FOR_TEAM
    )
    judged = {step.by_id for step in view.steps if step.command in _JUDGING}
    hidden = {moderator, *judged} - {view.viewer.id, view.audit.auditor_id}
    return replace(
        view,
        audit=replace(view.audit, moderator_id=None),
        stuck=False,
        people={key: person for key, person in view.people.items() if key not in hidden},
        steps=steps,
        contributions=_own(view),
    )


_JUDGING = frozenset({Command.MODERATE.value, Command.SEND_BACK.value})


def _for_worker(view: AuditView) -> AuditView:
    audit = view.audit
    shown = replace(
        audit,
        state=AuditState.RETURNED if audit.state in _BEING_JUDGED else audit.state,
        grade=audit.counts,
        moderated_grade=None,
        final_grade=None,
        moderator_id=None,
        meets_standard=None,
        moderated_on=None,
        locked_on=None,
        agreed_on=None,
        engagement=Engagement(),
        concern_category=None,
    )
    steps = tuple(replace(step, facts={}, note="") for step in view.steps if step.command in _FOR_WORKER)
    owners = {action.owner_id for action in view.actions}
    known = {audit.auditor_id, view.viewer.id, *owners, *(step.by_id for step in steps)}
    return replace(
        view,
        audit=shown,
        concern=None,
        people={key: person for key, person in view.people.items() if key in known},
        stuck=False,
        filled=_strengths(view.filled),
        areas={},
        steps=steps,
        contributions=_own(view),
        reaudits=(),
        first=None,
        first_actions=(),
    )


def _strengths(filled: Return | None) -> Return | None:
    if filled is None:
        return None
    kept = {code: text for code, text in filled.answers.items() if code in (STRENGTHS, NONE_BECAUSE)}
    return replace(filled, answers=kept, actions=())


def _own(view: AuditView) -> tuple[Contribution, ...]:
    return tuple(given for given in view.contributions if given.person_id == view.viewer.id)


_NARROWED = {Reader.WHOLE: _whole, Reader.TEAM: _for_team, Reader.WORKER: _for_worker}
