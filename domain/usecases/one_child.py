"""One child for one auditor, drawn by the rules of the month's draw: for late joiners, and in the place of another
child (domain, section 3.3)."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain import cycle
from domain.audits import Audit
from domain.calendar import Month, local_date
from domain.cycle import Command
from domain.draw_parts import Candidate, Child, Pair
from domain.drawing import Inputs, Settings, one_child
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Kind
from domain.notices import Notice, NoticeKind, audit_notice
from domain.people import Actor, PersonId
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, DrawRecord, Exclusion, Once, Outcome, TrailEntry
from domain.requests import Wish
from domain.usecases.audit_access import load, load_version, parties, require_command
from domain.usecases.draw_inputs import (
    check_month,
    children_for,
    excluded_of,
    only_issuers,
    person_for,
    who_can_join,
)
from domain.usecases.issue_writing import issue_entry, managers_of, new_audit, told_of_issue
from domain.usecases.requests import overtake
from domain.usecases.transaction import once_only
from domain.views.issuing import ChangeChildView, IssueOneView


@dataclass(frozen=True, slots=True)
class _Found:
    record: DrawRecord
    child: Child | None
    eligible: int


async def one_form(
    store: CycleStore, policy: Policy, actor: Actor, month: Month, now: datetime
) -> IssueOneView:
    """Who can be given an audit of the month by this person: free ones, and part-timers whose month it is not but who
    may offer; never oneself.
    Raises NotAllowed, Invalid("past_month")."""
    today = local_date(now)
    require(actor, Permission.AUDIT_REISSUE, Belongs(), today)
    check_month(month, today)
    async with store.reading() as uow:
        members = await who_can_join(uow, policy, month, today)
    return IssueOneView(today, month, [m.person for m in members if m.person.id != actor.id])


def _require_another(actor: Actor, person: PersonId) -> None:
    """Nobody draws a child for themselves alone, seeing whom before it is issued."""
    if person == actor.id:
        raise NotAllowed(permission=Permission.AUDIT_REISSUE.value, why="own_draw")


async def one_preview(
    store: CycleStore, policy: Policy, actor: Actor, month: Month, person: PersonId, seed: str,
    now: datetime, once: Once,
) -> IssueOneView:  # fmt: skip
    """The child who would be issued to this auditor. Looking is in the trail, and looking again gives the same child.
    Raises NotAllowed, Invalid (past_month, cannot_join)."""
    await only_issuers(store, actor, now, once)
    check_month(month, local_date(now))

    async def work(uow: CycleWork) -> Outcome:
        _require_another(actor, person)
        record = await _record(uow, policy, month, Kind.CORE, seed)
        facts = {"month": str(month), "person": str(person), "seed": record.seed}
        await uow.trail.append(
            TrailEntry(now, "draw.preview_one", f"DRAW-{record.id}", actor.id, facts=facts)
        )
        return Outcome("draw.preview_one", facts={"draw": str(record.id)})

    await once_only(store, once, actor, now, work)
    async with store.reading() as uow:
        record = await uow.draws.of_month(month, Kind.CORE)
        assert record is not None
        members = await who_can_join(uow, policy, month, local_date(now))
        found = await _draw_for(store, uow, policy, record, person, now)
        team = next((t for t in await uow.pool.teams() if found.child and t.id == found.child.team_id), None)
    auditor = next((member.person for member in members if member.person.id == person), None)
    ref = found.child.ref if found.child else ""
    return IssueOneView(local_date(now), month, (), auditor, ref, team, found.eligible)


async def _record(uow: CycleWork, policy: Policy, month: Month, kind: Kind, seed: str) -> DrawRecord:
    """The latest draw of the month and kind; begun with this seed where there is none yet."""
    latest = await uow.draws.of_month(month, kind)
    if latest is not None:
        return latest
    settings = Settings(policy.audits.not_again_months)
    return await uow.draws.save(DrawRecord(0, month, kind, seed, settings.as_text()))


async def _draw_for(
    store: CycleStore, uow: CycleWork, policy: Policy, record: DrawRecord, person: PersonId, now: datetime
) -> _Found:
    """Raises Invalid("cannot_join")."""
    members = await who_can_join(uow, policy, record.month, local_date(now))
    able = next((member for member in members if member.person.id == person), None)
    if able is None:
        raise Invalid("cannot_join", field="auditor", month=str(record.month))
    candidate = await person_for(uow, policy, record.month, person)
    inputs = await children_for(uow, record.month, Settings.read(record.options), excluded_of(record))
    child = await store.aside(lambda: one_child(candidate, inputs.children, f"{record.seed}|{person}"))
    return _Found(record, child, len(inputs.children))


async def issue_one(
    store: CycleStore, policy: Policy, actor: Actor, month: Month, person: PersonId, child_ref: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Issues the child who was shown to this auditor. Outcome("audit.issue", the audit's reference).

    Raises NotAllowed, Invalid (past_month, cannot_join), OutOfDate where another child would be drawn by now."""

    async def work(uow: CycleWork) -> Outcome:
        require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
        _require_another(actor, person)
        check_month(month, local_date(now))
        await uow.alone_in(month)
        record = await uow.draws.of_month(month, Kind.CORE)
        if record is None:
            raise OutOfDate(ref=child_ref)
        found = await _draw_for(store, uow, policy, record, person, now)
        if found.child is None or found.child.ref != child_ref:
            raise OutOfDate(ref=child_ref)
        audit = await _issue_to(uow, record, person, found.child, actor, now)
        return Outcome("audit.issue", audit.ref, {"person": str(person)})

    return await once_only(store, once, actor, now, work)


async def _issue_to(
    uow: CycleWork, record: DrawRecord, person: PersonId, child: Child, actor: Actor, now: datetime
) -> Audit:
    if record.issued_at is not None and person not in record.pool:
        await uow.draws.save(replace(record, pool=(*record.pool, person)))
    facts = await uow.children.many([child.ref])
    pair = Pair(person, child.ref, "")
    [audit] = await uow.cycle.issue([new_audit(pair, facts[child.ref], record, now)], actor.id, now)
    await uow.outbox.put(told_of_issue([audit], facts, await managers_of(uow, [audit])), now)
    await uow.trail.append(issue_entry(audit, record, actor, now))
    return audit


async def view_change(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime
) -> ChangeChildView:
    """Raises NotAllowed, NotFound, OutOfDate where the audit is not with its auditor."""
    async with store.reading() as uow:
        audit = await load(uow, ref)
        await _require_change(uow, actor, audit, now)
        settings, excluded = await _asked(uow, policy, audit)
        inputs = await children_for(uow, audit.month, settings, excluded)
        auditor = await uow.people.get(audit.auditor_id) if audit.auditor_id else None
        changes = await _changes_of(uow, audit)
    return ChangeChildView(audit, auditor, len(inputs.children), changes, policy.audits.child_changes_at_most)


async def _changes_of(uow: CycleWork, audit: Audit) -> int:
    """How often another child was drawn for it, whoever had it drawn and whoever its auditor was."""
    steps = await uow.cycle.history(audit.id)
    return sum(step.command == Command.CHANGE_CHILD.value for step in steps)


async def _require_changes_left(uow: CycleWork, policy: Policy, audit: Audit) -> None:
    """A draw that can be repeated at will is a choice: it ends where the council says."""
    most = policy.audits.child_changes_at_most
    if await _changes_of(uow, audit) >= most:
        raise Invalid("changed_often_enough", ref=audit.ref, children=str(most + 1))


async def _asked(uow: CycleWork, policy: Policy, audit: Audit) -> tuple[Settings, list[str]]:
    record = await uow.draws.of_month(audit.month, audit.kind)
    settings = Settings.read(record.options) if record else Settings(policy.audits.not_again_months)
    return settings, [*(excluded_of(record) if record else ()), audit.child_ref or ""]


async def _require_change(uow: CycleWork, actor: Actor, audit: Audit, now: datetime) -> None:
    """The QA team's, and never for one's own audit: nobody chooses whom they audit, not even by chance again."""
    auditor = await uow.people.get(audit.auditor_id) if audit.auditor_id else None
    mine = parties(actor, audit, child=None, auditor=auditor, today=local_date(now))
    require_command(audit, Command.CHANGE_CHILD, mine, Permission.AUDIT_REISSUE)
    if audit.auditor_id == actor.id:
        raise NotAllowed(permission=Permission.AUDIT_REISSUE.value, ref=audit.ref, why="own_child")
    check_month(audit.month, local_date(now))


async def change(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, note: str, seed: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """The QA team has another child drawn. Outcome("audit.change_child", the audit's reference). Raises as
    `view_change`, and Invalid (changed_often_enough, note_missing, too_long, no_child_left)."""

    async def work(uow: CycleWork) -> Outcome:
        await uow.alone_in((await load(uow, ref)).month)
        audit = await load_version(uow, ref, version)
        await _require_change(uow, actor, audit, now)
        longest = policy.exemptions.note_longest
        if len(note) > longest:
            raise Invalid("too_long", field="note", longest=str(longest))
        await change_child(uow, actor, audit, note, seed, policy, now)
        return Outcome("audit.change_child", ref)

    return await once_only(store, once, actor, now, work)


async def change_child(
    uow: CycleWork, actor: Actor, audit: Audit, reason_note: str, seed: str, policy: Policy, now: datetime
) -> Audit:
    """Within the caller's transaction: another child is drawn for the audit's auditor, of the old one's cohorts where
    it can be; the old one is recorded as left out of the month's draw, with the reason; whom it concerns is told.
    `seed` is used only where the month and kind have none. Who may do it is asked by the caller.

    Raises Invalid (changed_often_enough with ref and children, no_child_left, note_missing), OutOfDate where the audit
    is not with its auditor."""
    await uow.alone_in(audit.month)
    await _require_changes_left(uow, policy, audit)
    record = await _record(uow, policy, audit.month, audit.kind, seed)
    record = await _left_out(uow, record, audit, reason_note)
    inputs = await children_for(uow, audit.month, Settings.read(record.options), excluded_of(record))
    child = await _another(uow, policy, audit, record, inputs)
    facts = (await uow.children.many([child.ref]))[child.ref]
    done = cycle.apply(
        audit, Command.CHANGE_CHILD, now=now, by=actor.id, note=reason_note,
        child_ref=child.ref, team=facts.team, legal_status=facts.legal_status,
    )  # fmt: skip
    saved = await uow.cycle.save(done)
    await overtake(uow, saved, now, wishes={Wish.REALLOCATION})
    notices = await _told_of_change(uow, saved, child)
    await uow.outbox.put(notices, now)
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    trail = {**done.facts, "seed": record.seed, "draw": str(record.id), "version": str(saved.version)}
    await uow.trail.append(
        TrailEntry(now, "audit.change_child", saved.ref, actor.id, facts=trail, texts={"note": reason_note})
    )
    return saved


async def _left_out(uow: CycleWork, record: DrawRecord, audit: Audit, reason: str) -> DrawRecord:
    if audit.child_ref is None or audit.child_ref in excluded_of(record):
        return record
    left_out = Exclusion(audit.child_ref, reason.strip())
    return await uow.draws.save(replace(record, exclusions=(*record.exclusions, left_out)))


async def _another(uow: CycleWork, policy: Policy, audit: Audit, record: DrawRecord, inputs: Inputs) -> Child:
    if audit.auditor_id is None:
        raise OutOfDate(ref=audit.ref, state=audit.state.value)
    old = await uow.children.many([audit.child_ref]) if audit.child_ref else {}
    cohorts = old[audit.child_ref].cohorts if audit.child_ref in old else frozenset[str]()
    candidate: Candidate = await person_for(uow, policy, audit.month, audit.auditor_id)
    child = one_child(candidate, inputs.children, f"{record.seed}|{audit.ref}|{audit.version}", cohorts)
    if child is None:
        raise Invalid("no_child_left", field="note", ref=audit.ref)
    return child


async def _told_of_change(uow: CycleWork, audit: Audit, child: Child) -> list[Notice]:
    assert audit.auditor_id is not None
    managers = [person for team in (await managers_of(uow, [audit])).values() for person in team]
    coming = dict.fromkeys([child.social_worker_id, *managers])
    return [
        audit_notice(NoticeKind.AUDIT_CHILD_CHANGED, audit, audit.auditor_id),
        *(
            audit_notice(NoticeKind.AUDIT_COMING, audit, person)
            for person in coming
            if person is not None and person != audit.auditor_id
        ),
    ]
