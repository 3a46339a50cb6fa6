"""An auditor fills in the return of an audit, in steps that are saved as they go, and hands it in (section 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import rework
from domain.audits import Audit, AuditState
from domain.calendar import local_date
from domain.cycle import Command, Done, apply
from domain.errors import Invalid
from domain.people import Actor, PersonId
from domain.policy import Policy
from domain.ports import AuditStep, CycleStore, CycleWork, Once, Outcome, TrailEntry
from domain.return_results import counted, counted_actions, result
from domain.return_rules import Then, answered, check, missing, units
from domain.returns import (
    ACTION_LONGEST,
    ACTIONS_MOST,
    Return,
    claimed,
    with_action,
    without_action,
)
from domain.templates import NONE_BECAUSE, REFLECTION_SHEET, Asks, Section
from domain.usecases import return_access as access
from domain.usecases import return_telling as telling
from domain.usecases.audit_access import was_moderated
from domain.usecases.requests import overtake
from domain.usecases.transaction import once_only
from domain.views.returns import ReturnView

FURTHEST_DAY = timedelta(days=366 * 2)


@dataclass(slots=True)
class Kept:
    """What a step that was just saved left, so that the card after it does not ask for it again. Empty where nothing
    was saved by this very turn."""

    audit: Audit | None = None
    filled: Return | None = None


async def view_step(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime, *, section: str | None = None,
    then: Then | None = None, review: bool = False, find: str = "", kept: Kept | None = None,
) -> ReturnView:  # fmt: skip
    """A step of the return: the one that was asked for, or where `then` leads from it; else the first that is not done;
    all of it with `review`, or past the last. Raises NotFound, NotAllowed, OutOfDate."""
    today = local_date(now)
    async with store.reading() as uow:
        audit = (kept and kept.audit) or await access.awaited(uow, actor, ref, now)
        filled = (kept and kept.filled) or await access.filled_of(uow, policy, audit)
        step = None if review else access.section_of(filled, section, then)
        view = access.view_of(policy, actor, audit, filled, today, step)
        if audit.about_id is not None:
            view = replace(view, about=await uow.people.get(audit.about_id))
        if audit.state is AuditState.SENT_BACK:
            back = await _sent_back(uow, audit)
            asked = (
                () if section or then or review else back.facts.get("rework", "").split(",") if back else ()
            )
            step = step or rework.first_asked(filled, asked)
            view = replace(view, section=step, sent_back=back.note if back else "")
        if not access.asks_actions(step):
            return view
        owners = await access.possible_owners(uow, audit, find, today) if step else []
        return replace(view, owners=owners, people=await access.owners_of(uow, filled))


async def _sent_back(uow: CycleWork, audit: Audit) -> AuditStep | None:
    steps = await uow.cycle.history(audit.id)
    return next((step for step in reversed(steps) if step.command == Command.SEND_BACK.value), None)


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action as it stands in the form: not written is none. `wanted`: it was to be added, and nothing else."""

    description: str = ""
    owner_id: PersonId | None = None
    due_on: date | None = None
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What one form holds. `seen` is the version of the return that it showed, `child` the child that it was about;
    `section` None: a form over several steps, made of what somebody said."""

    ref: str
    child: str | None
    section: str | None
    seen: int
    answers: Mapping[str, str]
    action: NewAction = NewAction()
    remove: int | None = None
    """The number of an action that is taken off; one that is gone already is no error."""


async def save_step(
    store: CycleStore, policy: Policy, actor: Actor, form: Filling, now: datetime, once: Once,
    kept: Kept | None = None,
) -> Outcome:  # fmt: skip
    """Saves every valid answer. Outcome("return.save") with `problems` ("code=why;code=why") for those that are not,
    and for an action that cannot be added. `kept` is filled in. Raises NotFound, NotAllowed, OutOfDate."""
    left = kept or Kept()
    own: list[Outcome] = []

    async def work(uow: CycleWork) -> Outcome:
        audit = await access.awaited(uow, actor, form.ref, now)
        access.same_child(audit, form.child)
        filled = await access.filled_of(uow, policy, audit)
        checked = check(filled.template, _sections(filled, form.section), form.answers, policy.audits)
        elsewhere = _changed_elsewhere(filled, form.seen, checked.kept)
        valid = {code: text for code, text in checked.kept.items() if code not in elsewhere}
        after = replace(filled, answers=answered(filled.answers, valid))
        problems = {**checked.problems, **dict.fromkeys(elsewhere, "changed_elsewhere")}
        after = after if form.remove is None else without_action(after, form.remove)
        after, of_action = await _added(uow, policy, after, form, local_date(now))
        if after != filled and audit.state is AuditState.SENT_BACK:
            after = rework.noted(filled, after)
        if after != filled:
            after = await _kept(uow, after, actor, form.section or "said", now)
        left.audit, left.filled = audit, after if _shown_as_kept(filled, after) else None
        said = ";".join(f"{code}={why}" for code, why in {**problems, **of_action}.items())
        own[:] = [Outcome("return.save", facts={"problems": said} if said else {})]
        return own[0]

    outcome = await once_only(store, once, actor, now, work)
    if not own or outcome is not own[0]:
        left.audit = left.filled = None  # an earlier turn's answer: there may be more by now
    return outcome


def _shown_as_kept(before: Return, after: Return) -> bool:
    """Not where the reflection sheet was taken back: what the social worker gave may say it again."""
    return REFLECTION_SHEET in after.answers or REFLECTION_SHEET not in before.answers


def _sections(filled: Return, code: str | None) -> list[Section]:
    return [section for section in filled.template.sections if code in (None, section.code)]


def _changed_elsewhere(filled: Return, seen: int, kept: Mapping[str, str]) -> frozenset[str]:
    """Answers that another card has given since this one was opened: they are not written over unasked."""
    if seen == filled.version:
        return frozenset()
    return frozenset(code for code, text in kept.items() if filled.answers.get(code, text) != text)


async def _kept(uow: CycleWork, filled: Return, actor: Actor, what: str, now: datetime) -> Return:
    saved = await uow.returns.save(replace(filled, saved_at=now))
    facts = {"step": what, "version": str(saved.version), "answers": str(len(counted(saved)))}
    await uow.trail.append(TrailEntry(now, "return.save", filled.audit_ref, actor.id, facts=facts))
    return saved


async def _added(
    uow: CycleWork, policy: Policy, filled: Return, form: Filling, today: date
) -> tuple[Return, dict[str, str]]:
    """With the action that the form holds, or why it cannot be added, by field."""
    action = form.action
    if not action.description.strip():
        return filled, {"description": "action_missing"} if action.wanted else {}
    due = action.due_on or access.action_day(today, policy)
    problems = await _problems(uow, filled, action, due, today)
    known = {(one.description, one.owner_id, one.due_on) for one in filled.actions}
    if problems or (action.description.strip(), action.owner_id, due) in known:
        return filled, problems
    return with_action(filled, action.description, action.owner_id, due), {}


async def _problems(
    uow: CycleWork, filled: Return, action: NewAction, due: date, today: date
) -> dict[str, str]:
    owner = await uow.people.get(action.owner_id) if action.owner_id else None
    found: dict[str, str] = {}
    if len(filled.actions) >= ACTIONS_MOST:
        found["description"] = "too_many_actions"
    elif units(action.description.strip()) > ACTION_LONGEST:
        found["description"] = "action_too_long"
    if owner is None or not owner.active_on(today):
        found["owner"] = "owner_missing"
    if not today <= due <= today + FURTHEST_DAY:
        found["due_on"] = "action_day"
    return found


async def hand_in(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, seen: int, now: datetime, once: Once,
    *, sure: bool = False,
) -> Outcome:  # fmt: skip
    """Outcome("audit.return" or "audit.resubmit", the reference) with `late`: "late", "nil" or nothing. Late is
    accepted, also when the books were closed while it was filled in (fault 64).
    Raises NotFound, NotAllowed, OutOfDate, Invalid(return_changed: not what was looked at; return_incomplete; unless
    `sure` rework_unchanged: as it was when it was sent back)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await access.awaited(uow, actor, ref, now)
        filled = await access.filled_of(uow, policy, audit)
        if filled.version != seen:
            raise Invalid("return_changed", ref=ref)
        if missing(filled):
            raise Invalid("return_incomplete", ref=ref)
        if audit.state is AuditState.SENT_BACK and not sure and not rework.changed(filled):
            raise Invalid("rework_unchanged", ref=ref)
        return await _handed_in(uow, policy, audit, filled, actor, now)

    return await once_only(store, once, actor, now, work)


async def none_because(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, because: str, now: datetime, once: Once
) -> Outcome:
    """ "None this month, because ..." is a valid result of the kinds that allow it. Raises as `hand_in`, and
    Invalid(not_this_kind, why_none, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await access.awaited(uow, actor, ref, now)
        if not policy.by_kind[audit.kind].may_be_none:
            raise Invalid("not_this_kind", ref=ref)
        if not because.strip():
            raise Invalid("why_none", field="because")
        if units(because.strip()) > policy.audits.answer_longest:
            raise Invalid("too_long", field="because", longest=str(policy.audits.answer_longest))
        filled = await access.filled_of(uow, policy, audit)
        said = replace(filled, answers={**filled.answers, NONE_BECAUSE: because.strip()})
        return await _handed_in(uow, policy, audit, said, actor, now)

    return await once_only(store, once, actor, now, work)


async def _handed_in(
    uow: CycleWork, policy: Policy, audit: Audit, filled: Return, actor: Actor, now: datetime
) -> Outcome:
    today = local_date(now)
    late = access.lateness(audit, today, policy)
    said = result(filled)
    none = filled.answers.get(NONE_BECAUSE, "")
    again = access.command_of(audit) is Command.RESUBMIT
    changes = dict(said.changes)
    if again and was_moderated(await uow.cycle.history(audit.id)):
        # the grade that was judged stays: another would be gone from the figures of moderation
        changes.pop("grade", None)
    done = apply(audit, access.command_of(audit), now=now, by=actor.id, note=none, **changes)
    if again:
        done = replace(done, facts={**done.facts, "reworked": ",".join(rework.changed(filled)) or "nothing"})
    filled = rework.settled(filled)
    after = await uow.cycle.save(done)
    await uow.cycle.save_areas(audit.id, said.areas)
    kept = await uow.returns.save(replace(claimed(filled, after), saved_at=now, handed_in_at=now))
    actions_before = await uow.actions.of_audit(audit.id)
    counting = replace(kept, actions=counted_actions(kept))
    actions = await uow.actions.put(after, counting, today)
    await uow.trail.append(_entry(done, after, counting, late))
    await overtake(uow, after, now)
    await telling.tell_judged(uow, policy, audit, after, kept, actor.id, now)
    await telling.tell_owners(uow, after, actions_before, actions, actor.id, now)
    await telling.tell_those_taking_part(uow, audit, after, now)
    facts = {"late": late} if late else {}
    if done.command is Command.RESUBMIT and not await telling.tell_moderator(uow, after, now):
        facts["moderator"] = "none"
    await uow.outbox.refresh_cards(after.ref, after.version, now)
    return Outcome(f"audit.{done.command.value}", after.ref, facts)


def _entry(done: Done, after: Audit, filled: Return, late: str) -> TrailEntry:
    """Codes in the facts; what was written in the side table, under its digest."""
    said = counted(filled)
    written = {q.code for q in filled.template.questions if q.asks is Asks.TEXT} | {NONE_BECAUSE}
    texts = {code: text for code, text in said.items() if code in written}
    texts |= {f"action_{action.number}": action.description for action in filled.actions}
    facts = {
        **done.facts,
        **{code: answer for code, answer in said.items() if code not in written},
        "actions": str(len(filled.actions)),
        "version": str(after.version),
        **({"late": late} if late else {}),
    }
    return TrailEntry(done.at, f"audit.{done.command.value}", after.ref, done.by_id, facts=facts, texts=texts)
