"""A moderator judges a return a second time: the grade agreed, up or down, or sent back for rework (section 3.7)."""

from collections.abc import Collection
from datetime import datetime

from domain.audits import Audit
from domain.calendar import local_date
from domain.cycle import Command
from domain.errors import Invalid, NotAllowed
from domain.grades import gradable
from domain.kinds import Grade
from domain.notices import NoticeKind
from domain.people import Actor, Authority, PersonId
from domain.permissions import Permission
from domain.policy import Policy
from domain.ports import ChildFacts, CycleStore, CycleWork, Once, Outcome
from domain.usecases.audit_access import load_version, of_own_team, parties, require_command
from domain.usecases.moving import move, tell
from domain.usecases.return_telling import told_of_inadequate
from domain.usecases.transaction import once_only
from domain.views.moderation import Rework


async def child_of(uow: CycleWork, audit: Audit) -> ChildFacts | None:
    if audit.child_ref is None:
        return None
    return (await uow.children.many([audit.child_ref])).get(audit.child_ref)


def check_note(policy: Policy, note: str, field: str) -> None:
    """Raises Invalid("too_long")."""
    longest = policy.exemptions.note_longest
    if len(note) > longest:
        raise Invalid("too_long", field=field, longest=str(longest))


def check_grade(policy: Policy, audit: Audit, grade: Grade, field: str) -> None:
    """Raises Invalid("unknown_grade") for one that an audit of its kind cannot have."""
    if grade not in gradable(policy, audit):
        raise Invalid("unknown_grade", field=field)


async def moderate(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, grade: Grade | None, note: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """`grade` None: the auditor's holds. It meets the standard, or it would be sent back. The auditor is told, and of
    an Inadequate that was none before also the team's service manager and assistant director.

    Raises NotAllowed, OutOfDate, Invalid (reason_missing where the grade changes, unknown_grade, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _to_judge(uow, actor, ref, version, Command.MODERATE, now)
        check_note(policy, note, "note")
        if grade is not None:
            check_grade(policy, audit, grade, "moderated_grade")
        moderated = grade or audit.grade
        if moderated is not audit.grade and not note.strip():
            raise Invalid("reason_missing", field="note")
        saved = await move(
            uow, audit, Command.MODERATE, Authority(actor.id), now, note=note, moderated_grade=moderated
        )
        await tell(uow, NoticeKind.AUDIT_MODERATED, saved, [saved.auditor_id], actor.id, now)
        await tell_inadequate(uow, audit, saved, actor.id, now)
        return Outcome("audit.moderate", saved.ref, left=saved)

    return await once_only(store, once, actor, now, work)


async def send_back(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, why: Collection[str], note: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """`why` are codes of Rework; `note` says what to do, and is needed. The audit stays returned, and is not to
    standard; the auditor is told. Raises NotAllowed, OutOfDate, Invalid (unknown_rework, note_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _to_judge(uow, actor, ref, version, Command.SEND_BACK, now)
        check_note(policy, note, "what_to_do")
        if not set(why) <= set(Rework):
            raise Invalid("unknown_rework", field="why")
        codes = [code.value for code in Rework if code.value in why]
        facts = {"rework": ",".join(codes)} if codes else {}
        saved = await move(uow, audit, Command.SEND_BACK, Authority(actor.id), now, note=note, facts=facts)
        await tell(uow, NoticeKind.AUDIT_SENT_BACK, saved, [saved.auditor_id], actor.id, now)
        return Outcome("audit.send_back", saved.ref, left=saved)

    return await once_only(store, once, actor, now, work)


async def _to_judge(
    uow: CycleWork, actor: Actor, ref: str, version: int, command: Command, now: datetime
) -> Audit:
    """Asked anew at every click: who is not the moderator any more, has lost the role or has come to the child's team
    does not judge it. Raises NotFound, OutOfDate, NotAllowed."""
    audit = await load_version(uow, ref, version)
    child = await child_of(uow, audit)
    judge = Permission.MODERATION_JUDGE
    if actor.id == audit.auditor_id:
        raise NotAllowed(permission=judge.value, ref=audit.ref, why="own_audit")
    if actor.id == audit.moderator_id and of_own_team(actor, audit, child):
        raise NotAllowed(permission=judge.value, ref=audit.ref, why="own_team")
    mine = parties(actor, audit, child=child, auditor=None, today=local_date(now))
    require_command(audit, command, mine, judge)
    return audit


async def tell_inadequate(uow: CycleWork, before: Audit, after: Audit, by: PersonId, now: datetime) -> None:
    """An Inadequate that was none before is told at once to who answers for the team (section 3.4)."""
    if after.counts is not Grade.INADEQUATE or before.counts is Grade.INADEQUATE:
        return
    people = await told_of_inadequate(uow, after, now)
    await tell(uow, NoticeKind.AUDIT_INADEQUATE, after, [person.id for person in people], by, now)
