"""The child's social worker and their manager take part in an audit (domain, sections 1 and 3.4).

They are told that it comes, asked for their part, and shown what came of it. Who they are is read from the children and
teams files as they are today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from domain.audits import Audit, AuditState
from domain.calendar import local_date
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind, audit_notice
from domain.participation import COMMENT, VIEWS, Contribution, Part
from domain.people import Actor, Person, PersonId, Position, Role
from domain.permissions import TABLE, Belongs, Permission, allowed
from domain.policy import Policy
from domain.ports import ChildFacts, CycleStore, CycleWork, Once, Outcome, TrailEntry
from domain.return_rules import units
from domain.templates import REFLECTION
from domain.usecases.audit_access import load
from domain.usecases.transaction import once_only

TAKING_PART = frozenset(role for role, has in TABLE.items() if Permission.AUDIT_TAKE_PART in has)
OPEN_FOR_PARTS = frozenset(
    {
        AuditState.ISSUED,
        AuditState.FREED,
        AuditState.RETURNED,
        AuditState.SENT_BACK,
        AuditState.RESUBMITTED,
    }
)
"""Until the audit is moderated, what was given can be changed."""
WITHOUT_RESULT = frozenset({AuditState.ISSUED, AuditState.FREED})
ANSWER_LONGEST = 700
COMMENT_LONGEST = 1000
ASKED: Mapping[Part, tuple[str, ...]] = {
    Part.SOCIAL_WORKER: (*REFLECTION, VIEWS),
    Part.MANAGER: (VIEWS,),
}
"""What is asked of each part, by code, in order."""


def part_of(actor: Actor, audit: Audit, child: ChildFacts | None, today: date) -> Part | None:
    """Which part the actor takes in the audit today; None for everybody else, its auditor among them."""
    if child is None or actor.id == audit.auditor_id:
        return None
    owner = child.social_worker_id
    thing = Belongs(frozenset({owner} if owner is not None else ()), child.team)
    if not allowed(actor, Permission.AUDIT_TAKE_PART, thing, today):
        return None
    return Part.SOCIAL_WORKER if actor.id == owner else Part.MANAGER


async def require_part(uow: CycleWork, audit: Audit, actor: Actor, today: date) -> Part:
    """Raises NotAllowed for anybody who takes no part in it, whatever card they hold."""
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    part = part_of(actor, audit, child, today)
    if part is None:
        raise NotAllowed(permission=Permission.AUDIT_TAKE_PART.value, ref=audit.ref)
    return part


def _there(person: Person | None, today: date) -> bool:
    return person is not None and person.active_on(today) and bool(person.roles & TAKING_PART)


async def social_worker(uow: CycleWork, audit: Audit, today: date) -> Person | None:
    """The child's social worker by the children file; None where none is named, or they have left."""
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    if child is None or child.social_worker_id is None:
        return None
    person = await uow.people.get(child.social_worker_id)
    return person if _there(person, today) else None


async def _managers(uow: CycleWork, team_id: int, today: date) -> list[PersonId]:
    named = await uow.pool.in_position(team_id, (Position.TEAM_MANAGER,))
    return [person.id for person in named if person.holds(Role.TEAM_MANAGER, today)]


async def tell_result(uow: CycleWork, audit: Audit, now: datetime) -> None:
    """Within the commit of the (first) return: what came of it, to those who take part."""
    today = local_date(now)
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    if child is None:
        return
    worker = await social_worker(uow, audit, today)
    people = dict.fromkeys([worker.id] if worker else [])
    people |= dict.fromkeys(await _managers(uow, child.team.id, today))
    people.pop(audit.auditor_id or 0, None)
    await uow.outbox.put([audit_notice(NoticeKind.AUDIT_RESULT, audit, person) for person in people], now)


async def reflection_given(uow: CycleWork, audit_id: int) -> bool:
    """Whether the social worker answered at least one of the reflection's four questions: the sheet counts as done."""
    given = await uow.contributions.of_audit(audit_id)
    return any(
        contribution.part is Part.SOCIAL_WORKER and any(contribution.answers.get(code) for code in REFLECTION)
        for contribution in given
    )


async def mine(uow: CycleWork, audit: Audit, person_id: PersonId) -> Contribution | None:
    given = await uow.contributions.of_audit(audit.id)
    return next((contribution for contribution in given if contribution.person_id == person_id), None)


async def give(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, answers: Mapping[str, str],
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Saves one's part as it stands; what is left empty is taken back. `version` is the contribution's as the form
    showed it (0: none yet). Raises NotAllowed, OutOfDate once the audit is moderated, Invalid (too_long,
    nothing_written, saved_elsewhere)."""

    async def work(uow: CycleWork) -> Outcome:
        today = local_date(now)
        audit = await load(uow, ref)
        part = await require_part(uow, audit, actor, today)
        if audit.state not in OPEN_FOR_PARTS:
            raise OutOfDate(ref=audit.ref, state=audit.state.value)
        before = await mine(uow, audit, actor.id) or Contribution(audit.id, actor.id, part)
        if before.version != version:
            raise Invalid("saved_elsewhere", field=ASKED[part][0])
        written = _written(policy, part, answers)
        if not written and not before.version:
            raise Invalid("nothing_written", field=ASKED[part][0])
        kept = {code: text for code, text in before.answers.items() if code not in ASKED[part]}
        given = replace(before, part=part, answers={**kept, **written}, saved_at=now)
        saved = await uow.contributions.save(given)
        await uow.trail.append(_entry("contribution.save", audit, saved, actor, now, written))
        return Outcome("contribution.save", audit.ref)

    return await once_only(store, once, actor, now, work)


def _written(policy: Policy, part: Part, answers: Mapping[str, str]) -> dict[str, str]:
    written = {code: answers.get(code, "").strip() for code in ASKED[part]}
    for code, text in written.items():
        _check_length(policy, code, text)
    return {code: text for code, text in written.items() if text}


def longest(policy: Policy, code: str) -> int:
    """Characters of one answer, as a client counts them: all of a form together fit on one card."""
    return min(COMMENT_LONGEST if code == COMMENT else ANSWER_LONGEST, policy.exemptions.note_longest)


def _check_length(policy: Policy, code: str, text: str) -> None:
    most = longest(policy, code)
    if units(text) > most:
        raise Invalid("too_long", field=code, longest=str(most))


async def comment(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, text: str, now: datetime, once: Once
) -> Outcome:
    """What somebody who took part says about the result: told to the auditor and the QA team. A later one takes its
    place. Raises NotAllowed, OutOfDate while there is no result, Invalid (too_long, comment_missing)."""

    async def work(uow: CycleWork) -> Outcome:
        today = local_date(now)
        audit = await load(uow, ref)
        part = await require_part(uow, audit, actor, today)
        if audit.state in WITHOUT_RESULT:
            raise OutOfDate(ref=audit.ref, state=audit.state.value)
        said = text.strip()
        if not said:
            raise Invalid("comment_missing", field=COMMENT)
        _check_length(policy, COMMENT, said)
        before = await mine(uow, audit, actor.id) or Contribution(audit.id, actor.id, part)
        answers = {**before.answers, COMMENT: said}
        saved = await uow.contributions.save(replace(before, part=part, answers=answers, saved_at=now))
        await _tell_comment(uow, audit, saved, now)
        await uow.trail.append(_entry("contribution.comment", audit, saved, actor, now, {COMMENT: said}))
        return Outcome("contribution.comment", audit.ref)

    return await once_only(store, once, actor, now, work)


async def _tell_comment(uow: CycleWork, audit: Audit, saved: Contribution, now: datetime) -> None:
    qa_team = await uow.people.with_role(Role.QA_TEAM, local_date(now))
    people = dict.fromkeys([audit.auditor_id, *(person.id for person in qa_team)])
    kind = NoticeKind.AUDIT_COMMENTED
    about = f"{kind}|{audit.ref}|{saved.person_id}|{saved.version}"
    notices = [
        Notice(kind, Lane.DECISION, person, audit.ref, f"{about}|{person}")
        for person in people
        if person is not None and person != saved.person_id
    ]
    await uow.outbox.put(notices, now)


def _entry(
    action: str, audit: Audit, saved: Contribution, actor: Actor, now: datetime, texts: Mapping[str, str]
) -> TrailEntry:
    facts = {"part": saved.part.value, "version": str(saved.version), "given": ",".join(texts)}
    return TrailEntry(now, action, audit.ref, actor.id, facts=facts, texts=texts)
