"""What an auditor puts right in a return that is in, until it is moderated: an answer, or the child itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.audits import Audit, may_take
from domain.calendar import local_date
from domain.cycle import Command, Done, apply
from domain.errors import Invalid, OutOfDate
from domain.people import Actor, Position
from domain.policy import Policy
from domain.ports import ChildFacts, CycleStore, CycleWork, Once, Outcome, TrailEntry
from domain.return_results import Result, counted, counted_actions, result
from domain.return_rules import answered, check, correctable, missing
from domain.returns import Return, claimed, renumbered
from domain.templates import Asks
from domain.usecases import return_access as access
from domain.usecases import return_telling as telling
from domain.usecases.audit_access import load, load_version, was_moderated
from domain.usecases.other_child import tell_of_the_first
from domain.usecases.stuck_moderation import told_where_stuck
from domain.usecases.transaction import once_only
from domain.views.returns import ReturnView


async def view(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime, section: str | None = None
) -> ReturnView:
    """The return as it was handed in, at a step, or (None) all of it. Raises NotFound, NotAllowed, OutOfDate."""
    async with store.reading() as uow:
        audit = await load(uow, ref)
        await _require_correctable(uow, audit, actor, now)
        filled = await access.handed_in_of(uow, policy, audit)
    step = next((s for s in correctable(filled) if s.code == section), None)
    return access.view_of(policy, actor, audit, filled, local_date(now), step)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the form holds: `version` is the audit's, `note` why it is corrected."""

    ref: str
    version: int
    section: str
    answers: Mapping[str, str]
    note: str


async def correct(
    store: CycleStore, policy: Policy, actor: Actor, form: Correction, now: datetime, once: Once
) -> Outcome:
    """Outcome("audit.correct", the reference); Outcome("return.not_corrected") with `problems` where an answer cannot
    be accepted, or the change asks for another one. Raises NotFound, NotAllowed, OutOfDate, Invalid(nothing_changed,
    note_missing, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await load_version(uow, form.ref, form.version)
        await _require_correctable(uow, audit, actor, now)
        _check_note(policy, form.note)
        filled = await access.handed_in_of(uow, policy, audit)
        sections = [section for section in filled.template.sections if section.code == form.section]
        checked = check(filled.template, sections, form.answers, policy.audits)
        after = replace(filled, answers=answered(filled.answers, checked.kept))
        problems = {**checked.problems, **_newly_missing(filled, after)}
        if problems:
            said = ";".join(f"{code}={why}" for code, why in problems.items())
            return Outcome("return.not_corrected", facts={"problems": said})
        if counted(after) == counted(filled):
            raise Invalid("nothing_changed", ref=form.ref)
        return await _corrected(uow, policy, audit, filled, after, {}, actor, form.note, now)

    return await once_only(store, once, actor, now, work)


async def _require_correctable(uow: CycleWork, audit: Audit, actor: Actor, now: datetime) -> None:
    """Until it is moderated, and never again after that, though it be reopened: a moderator's change that the auditor
    "corrects" afterwards would be gone from the figures. Raises NotAllowed, OutOfDate."""
    access.require_own(audit, actor, Command.CORRECT, now)
    if was_moderated(await uow.cycle.history(audit.id)):
        raise OutOfDate(ref=audit.ref, state=audit.state.value, why="was_moderated")


def _check_note(policy: Policy, note: str) -> None:
    if len(note) > policy.exemptions.note_longest:
        raise Invalid("too_long", field="note", longest=str(policy.exemptions.note_longest))


def _newly_missing(before: Return, after: Return) -> dict[str, str]:
    """A correction leaves no answer open that was not open before (an imported return may lack much). Actions cannot be
    corrected here, so that none is asked for."""
    lacked = {code for one in missing(before) for code in one.codes}
    lacks = [code for one in missing(after) for code in one.codes]
    return {code: "answer_missing" for code in lacks if code not in lacked}


async def correct_child(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, child_ref: str, note: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """The return was about another child than the record says. Raises as `correct`, and Invalid(unknown_child,
    same_child, own_child: of the auditor's own team or caseload)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await load_version(uow, ref, version)
        await _require_correctable(uow, audit, actor, now)
        _check_note(policy, note)
        child = await _other_child(uow, audit, actor, child_ref)
        filled = await access.handed_in_of(uow, policy, audit)
        changes = {"child_ref": child.ref, "team": child.team, "legal_status": child.legal_status}
        return await _corrected(uow, policy, audit, filled, renumbered(filled), changes, actor, note, now)

    return await once_only(store, once, actor, now, work)


async def _other_child(uow: CycleWork, audit: Audit, actor: Actor, child_ref: str) -> ChildFacts:
    child = await uow.children.get(child_ref.strip()) if child_ref.strip() else None
    if child is None or audit.child_ref is None:
        raise Invalid("unknown_child", field="child")
    if child.ref == audit.child_ref:
        raise Invalid("same_child", field="child", ref=audit.ref)
    named = await uow.pool.in_position(child.team.id, tuple(Position))
    own = not may_take(actor.person.team, replace(audit, team=child.team))
    if own or child.social_worker_id == actor.id or actor.id in {person.id for person in named}:
        raise Invalid("own_child", field="child", ref=audit.ref)
    return child


async def _corrected(
    uow: CycleWork, policy: Policy, audit: Audit, before: Return, after: Return, changes: Mapping[str, Any],
    actor: Actor, note: str, now: datetime,
) -> Outcome:  # fmt: skip
    """The record takes over what differs, and nothing else; its history and the trail keep both values."""
    was, becomes = result(before), result(after)
    differing = {k: value for k, value in becomes.changes.items() if value != was.changes[k]}
    done = apply(audit, Command.CORRECT, now=now, by=actor.id, note=note, **changes, **differing)
    done = replace(done, facts={**done.facts, **_facts(was, becomes)})
    saved = await uow.cycle.save(done)
    if was.areas != becomes.areas:
        await uow.cycle.save_areas(audit.id, becomes.areas)
    kept = await uow.returns.save(replace(claimed(after, saved), saved_at=now, handed_in_at=now))
    await _follow_up(uow, policy, audit, saved, kept, actor, now)
    await uow.trail.append(_entry(done, saved, before, after))
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    return Outcome("audit.correct", saved.ref)


async def _follow_up(
    uow: CycleWork, policy: Policy, before: Audit, after: Audit, filled: Return, actor: Actor, now: datetime
) -> None:
    if filled.actions and (before.child_ref != after.child_ref or not counted_actions(filled)):
        actions_before = await uow.actions.of_audit(before.id)
        counting = replace(filled, actions=counted_actions(filled))
        actions = await uow.actions.put(after, counting, local_date(now))
        await telling.tell_owners(uow, after, actions_before, actions, actor.id, now)
    await tell_of_the_first(uow, before, after, now)
    if before.child_ref != after.child_ref:
        await told_where_stuck(uow, after, now)
    await telling.tell_judged(uow, policy, before, after, filled, actor.id, now)
    await telling.tell_those_taking_part(uow, before, after, now)


def _facts(was: Result, becomes: Result) -> dict[str, str]:
    """Both sides of what the workflow's own facts do not name: practice areas and engagement."""
    areas = {
        f"area_{code}": f"{_of(was.areas.get(code))}>{_of(becomes.areas.get(code))}"
        for code in sorted({*was.areas, *becomes.areas})
        if was.areas.get(code) is not becomes.areas.get(code)
    }
    engaged = {
        name: f"{_yes_no(getattr(was.engagement, name))}>{_yes_no(getattr(becomes.engagement, name))}"
        for name in ("social_worker", "manager", "child", "parent", "iro", "reflection_sheet")
        if getattr(was.engagement, name) is not getattr(becomes.engagement, name)
    }
    return areas | engaged


def _of(grade: Any) -> str:
    return grade.value if grade else ""


def _yes_no(said: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[said]


def _entry(done: Done, saved: Audit, before: Return, after: Return) -> TrailEntry:
    """Which answers were changed, by code; what was written before and after stands in the side table."""
    old, new = counted(before), counted(after)
    changed = [code for code in sorted({*old, *new}) if old.get(code, "") != new.get(code, "")]
    texts = {"note": done.note}
    facts = {**done.facts, "version": str(saved.version)}
    written = {question.code for question in after.template.questions if question.asks is Asks.TEXT}
    for number, code in enumerate((code for code in changed if code in written), start=1):
        facts[f"text_{number}"] = code
        texts |= {f"text_{number}_before": old.get(code, ""), f"text_{number}_after": new.get(code, "")}
    for code in (code for code in changed if code not in written):
        facts[code] = f"{old.get(code, '')}>{new.get(code, '')}"
    return TrailEntry(done.at, "audit.correct", saved.ref, done.by_id, facts=facts, texts=texts)
