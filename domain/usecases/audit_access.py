"""What every use case about one audit begins with: the audit, where it belongs, and who somebody is to it."""

from collections.abc import Iterable
from datetime import date

from domain.audits import Audit, AuditState
from domain.cycle import PARTIES, Command, Party, commands_for
from domain.errors import NotAllowed, NotFound, OutOfDate
from domain.people import Actor, Person
from domain.permissions import Belongs, Permission, allowed
from domain.ports import AuditStep, ChildFacts, CycleWork


async def load(uow: CycleWork, ref: str) -> Audit:
    """Raises NotFound."""
    audit = await uow.audits.get(ref)
    if audit is None:
        raise NotFound(ref=ref[:20], kind="audit")
    return audit


async def load_version(uow: CycleWork, ref: str, version: int) -> Audit:
    """The audit as the card showed it. Raises NotFound, OutOfDate where it has moved on, with what was `did` last."""
    audit = await load(uow, ref)
    if audit.version != version:
        steps = await uow.cycle.history(audit.id)
        did = {"did": steps[-1].command} if steps else {}
        raise OutOfDate(ref=audit.ref, state=audit.state.value, **did)
    return audit


def of_child(audit: Audit, child: ChildFacts | None) -> Belongs:
    """Where the audit belongs by the child: its auditor's, its moderator's, and its team's."""
    owners = {audit.auditor_id, audit.moderator_id} - {None}
    return Belongs(
        frozenset(o for o in owners if o is not None), audit.team or (child.team if child else None)
    )


def of_auditor(audit: Audit, auditor: Person | None) -> Belongs:
    """Where it belongs by its auditor: the auditor's head of service answers for when it comes."""
    owners = frozenset({audit.auditor_id} if audit.auditor_id is not None else ())
    return Belongs(owners, auditor.team if auditor else None)


_ASKED: dict[Party, Permission] = {
    Party.QA_TEAM: Permission.AUDIT_REISSUE,
    Party.SAMPLER: Permission.MODERATION_ASSIGN,
    Party.HEAD_OF_QUALITY: Permission.MODERATION_LOCK,
    Party.CONCERNED: Permission.GRADE_DISPUTE,
    Party.FILER: Permission.AUDIT_UPLOAD,
}


def parties(
    actor: Actor, audit: Audit, *, child: ChildFacts | None, auditor: Person | None, today: date
) -> frozenset[Party]:
    """Who the actor is to this audit today; each of them is asked of the permission table."""
    found = {party for party, asked in _ASKED.items() if allowed(actor, asked, of_child(audit, child), today)}
    if audit.auditor_id == actor.id and _own(actor, Permission.AUDIT_RETURN, today):
        found.add(Party.AUDITOR)
    else:
        found -= _as_owner_only(actor, audit, today)
    if audit.moderator_id == actor.id and _own(actor, Permission.MODERATION_JUDGE, today):
        found |= set() if of_own_team(actor, audit, child) else {Party.MODERATOR}
    if (
        allowed(actor, Permission.SLIPPAGE_DECIDE, of_auditor(audit, auditor), today)
        and audit.auditor_id != actor.id
    ):
        found.add(Party.DECIDER)
    return _nobody_on_their_own(actor, audit, found)


def of_own_team(actor: Actor, audit: Audit, child: ChildFacts | None) -> bool:
    """Of the actor's own team, of one they answer for by the teams file, or of their own caseload: no moderator of
    such a child's audit, also where they have come to the team since they were named."""
    team, own = of_child(audit, child).team, actor.person.team
    if child is not None and child.social_worker_id == actor.id:
        return True
    return team is not None and ((own is not None and own.id == team.id) or team.name in actor.reach.teams)


def _own(actor: Actor, permission: Permission, today: date) -> bool:
    return allowed(actor, permission, Belongs(frozenset({actor.id})), today)


def _as_owner_only(actor: Actor, audit: Audit, today: date) -> set[Party]:
    """A moderator is an owner of the record too, but neither disputes their own judgement nor files it."""
    if audit.moderator_id != actor.id:
        return set()
    nobodys = Belongs(frozenset(), audit.team)
    return {p for p in (Party.CONCERNED, Party.FILER) if not allowed(actor, _ASKED[p], nobodys, today)}


def _nobody_on_their_own(actor: Actor, audit: Audit, found: set[Party]) -> frozenset[Party]:
    """Nobody moderates or confirms their own audit, in any role, nor names who moderates it (section 2)."""
    if actor.id == audit.auditor_id:
        found -= {Party.MODERATOR, Party.HEAD_OF_QUALITY, Party.SAMPLER}
    if actor.id == audit.moderator_id:
        found -= {Party.HEAD_OF_QUALITY, Party.CONCERNED}
    if found & {Party.FILER, Party.HEAD_OF_QUALITY}:
        found.add(Party.UNTICKER)
    return frozenset(found)


def require_command(audit: Audit, command: Command, mine: frozenset[Party], permission: Permission) -> None:
    """Raises NotAllowed for somebody who is never given this command, OutOfDate where the audit has moved on."""
    if not PARTIES[command] & mine:
        raise NotAllowed(permission=permission.value, ref=audit.ref)
    if command not in commands_for(audit, mine):
        raise OutOfDate(ref=audit.ref, state=audit.state.value)


def was_moderated(steps: Iterable[AuditStep]) -> bool:
    """Ever: also where it was reopened since. From then on its auditor's grade is the one that was judged."""
    return any(step.command == Command.MODERATE.value for step in steps)


def visible_return(audit: Audit, mine: frozenset[Party]) -> bool:
    """A half-filled return is its auditor's alone."""
    return audit.state not in (AuditState.ISSUED, AuditState.FREED) or Party.AUDITOR in mine
