"""The moderation sample of a month: looked at, confirmed as it was seen, topped up later, and one changed by hand with
a reason (domain, section 3.7).

What a confirmed sample left out may go to the child's record as it is, where policy says so (`left_out`); it still
counts among the returns of which the share is taken. A moderator who cannot judge an audit any more is no moderator of
it here: another one is drawn for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from domain import moderation as rules
from domain import pool
from domain.audits import TO_MODERATE, Audit, AuditState
from domain.calendar import Month, local_date
from domain.cycle import Command
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade, Kind
from domain.lanes import Lane
from domain.moderation import Moderator, Returned, Sample, SampleRules
from domain.notices import Notice, NoticeKind
from domain.people import Actor, Authority, Person, PersonId
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork, Once, Outcome, PoolMember
from domain.returns import none_because
from domain.usecases import left_out
from domain.usecases.audit_access import load, load_version
from domain.usecases.moderation import check_note, child_of
from domain.usecases.moving import move, tell
from domain.usecases.stuck_moderation import stuck
from domain.usecases.transaction import once_only
from domain.views.moderation import Desk, ReassignView, SampleView, SampleWish

ALL = 100_000
PIECE = 25
"""Audits that are written before others have their turn."""
MONTHS_BACK = 6
BACK = frozenset(AuditState) - {AuditState.ISSUED, AuditState.FREED}
"""Returned at least once."""


async def look(
    store: CycleStore, policy: Policy, actor: Actor, wish: SampleWish, now: datetime
) -> SampleView:
    """The sample as it would be drawn now; nothing is written. Raises NotAllowed."""
    today = local_date(now)
    require(actor, Permission.MODERATION_ASSIGN, Belongs(), today)
    async with store.reading() as uow:
        month = await _month(uow, policy, wish, today)
        new = await left_out.since_the_draw(uow, policy, wish.month, wish.kind, month.left_out)
        auditors = {audit.auditor_id for audit in month.audits if audit.auditor_id}
        named = await uow.people.many(
            auditors & {month.by_ref[a.ref].auditor_id for a in month.sample.assigned}
        )
        return _view(policy, month, len(new), named, today)


class _Month:
    """All that a sample is drawn from, and the sample."""

    def __init__(
        self, policy: Policy, wish: SampleWish, audits: Sequence[Audit], members: Sequence[PoolMember],
        caseloads: dict[PersonId, set[int]], stuck: Sequence[Audit], today: date,
    ) -> None:  # fmt: skip
        self.wish = wish
        self.audits = [audit for audit in audits if audit.grade is not None and not _was_none(policy, audit)]
        self.stuck = {audit.ref for audit in stuck}
        self.load = Counter(a.moderator_id for a in audits if a.moderator_id and a.ref not in self.stuck)
        self.people = {m.person.id: m.person for m in members if _moderates(m, wish, today)}
        self.moderators = [
            _moderator(m, caseloads.get(m.person.id, set()), self.load[m.person.id])
            for m in members
            if m.person.id in self.people
        ]
        drawn_from = [self._unnamed(audit) for audit in self.audits]
        self.sample = _drawn(policy, wish, drawn_from, self.moderators)
        self.by_ref = {audit.ref: audit for audit in self.audits}
        taken = {assigned.ref for assigned in self.sample.assigned}
        whole = self.sample.complete and not wish.grades
        self.left_out = [
            audit
            for audit in drawn_from
            if whole and audit.state in TO_MODERATE and not audit.moderator_id and audit.ref not in taken
        ]
        """What this sample would leave for the child's record as it is."""
        pairs = ";".join(
            f"{a.ref}:{self.by_ref[a.ref].version}:{a.moderator_id}" for a in self.sample.assigned
        )
        self.digest = sha256(f"{wish}|{pairs}".encode()).hexdigest()[:16]

    def _unnamed(self, audit: Audit) -> Audit:
        return replace(audit, moderator_id=None) if audit.ref in self.stuck else audit


def _was_none(policy: Policy, audit: Audit) -> bool:
    """Of a kind that is graded, what says that there was none is the return without a grade."""
    return policy.by_kind[audit.kind].may_be_none and audit.grade is Grade.NOT_GRADED


def _moderates(member: PoolMember, wish: SampleWish, today: date) -> bool:
    person = member.person
    here = pool.moderates(member, wish.month) and person.active_on(today)
    return here and (person.external or not wish.external)


def _moderator(member: PoolMember, caseload: set[int], load: int) -> Moderator:
    person = member.person
    own = {person.team.id} if person.team else set[int]()
    return Moderator(person.id, frozenset(member.answers_for | own | caseload), load, person.external)


def seed_of(wish: SampleWish) -> str:
    """The same for a month and kind, so that what was looked at is what is confirmed; recorded with each assignment."""
    return f"moderation|{wish.month}|{wish.kind.value}"


def _drawn(
    policy: Policy, wish: SampleWish, audits: Sequence[Audit], moderators: Sequence[Moderator]
) -> Sample:
    """With grades: every return of these. Else by the policy's share."""
    share = policy.moderation
    if wish.grades:
        of_grades = [_returned(audit) for audit in audits if audit.grade in wish.grades]
        every = SampleRules(share_percent=0, first=share.first, then=share.then, every=frozenset(wish.grades))
        return rules.sample(of_grades, moderators, every, seed_of(wish))
    by_policy = SampleRules(
        share.share_percent, share.first, share.then, share.at_least_then, frozenset(share.every)
    )
    return rules.sample([_returned(audit) for audit in audits], moderators, by_policy, seed_of(wish))


def _returned(audit: Audit) -> Returned:
    return Returned(
        audit.ref,
        audit.grade or Grade.NOT_GRADED,
        audit.team.id if audit.team else None,
        audit.auditor_id,
        audit.moderator_id,
        closed=audit.state not in TO_MODERATE,
    )


async def _month(uow: CycleWork, policy: Policy, wish: SampleWish, today: date) -> _Month:
    wanted = AuditFilter(months=(wish.month, wish.month), kinds={wish.kind}, states=BACK)
    audits, _ = await uow.cycle.find(wanted, limit=ALL)
    members = await uow.pool.members(wish.month, policy.audits.not_again_months)
    caseloads = await _caseloads(uow, audits)
    return _Month(policy, wish, audits, members, caseloads, await stuck(uow, audits, today), today)


async def _caseloads(uow: CycleWork, audits: Sequence[Audit]) -> dict[PersonId, set[int]]:
    """By social worker: the teams of the children they work with. None of those is moderated by them."""
    refs = [audit.child_ref for audit in audits if audit.child_ref and audit.state in TO_MODERATE]
    found: dict[PersonId, set[int]] = {}
    for child in (await uow.children.many(refs)).values():
        if child.social_worker_id is not None:
            found.setdefault(child.social_worker_id, set()).add(child.team.id)
    return found


def _view(
    policy: Policy, month: _Month, left_out_new: int, named: Mapping[PersonId, Person], today: date
) -> SampleView:
    sample, wish = month.sample, month.wish
    new = Counter(assigned.moderator_id for assigned in sample.assigned)
    this = Month.of(today)
    return SampleView(
        today=today,
        wish=wish,
        months=sorted({*(this.plus(-back) for back in range(MONTHS_BACK)), wish.month}, reverse=True),
        kinds=[kind for kind in Kind if policy.by_kind[kind].graded],
        share_percent=policy.moderation.share_percent,
        returned=Counter(audit.grade for audit in month.audits if audit.grade),
        sampled=sample.already,
        moderated=Counter(audit.grade for audit in month.audits if audit.grade and audit.moderated_on),
        stuck=len(month.stuck),
        left_out=len(month.left_out),
        left_out_new=left_out_new,
        audits={a.ref: month.by_ref[a.ref] for a in sample.assigned},
        people=named,
        wanted=sample.wanted,
        assigned=sample.assigned,
        chosen=Counter(grade for a in sample.assigned if (grade := month.by_ref[a.ref].grade)),
        desks=[Desk(person, month.load[key], new[key]) for key, person in month.people.items()],
        unmet=sample.unmet,
        digest=month.digest,
        labels={kind: rule.label for kind, rule in policy.by_kind.items()},
    )


async def confirm(
    store: CycleStore, policy: Policy, actor: Actor, wish: SampleWish, digest: str, now: datetime, once: Once
) -> Outcome:
    """Names the moderators as they were seen, each of them is told once; and lets go what it leaves out. Raises
    NotAllowed, OutOfDate where the sample would be another one by now, Invalid("nothing_to_assign")."""

    async def work(uow: CycleWork) -> Outcome:
        today = local_date(now)
        require(actor, Permission.MODERATION_ASSIGN, Belongs(), today)
        month = await _month(uow, policy, wish, today)
        if month.digest != digest:
            raise OutOfDate(why="list_changed")
        named, kept = len(month.sample.assigned), month.left_out
        if not named and not await left_out.since_the_draw(uow, policy, wish.month, wish.kind, kept):
            raise Invalid("nothing_to_assign", month=str(wish.month))
        firsts: dict[PersonId, Audit] = {}
        for number, assigned in enumerate(month.sample.assigned):
            audit = month.by_ref[assigned.ref]
            saved = await move(
                uow, audit, Command.ASSIGN, Authority(actor.id), now,
                facts={"seed": seed_of(wish), "moderator": str(assigned.moderator_id)},
                moderator_id=assigned.moderator_id,
            )  # fmt: skip
            firsts.setdefault(assigned.moderator_id, saved)
            if number % PIECE == PIECE - 1:
                await store.aside(_nothing)
        await uow.outbox.put([_named(audit, person) for person, audit in firsts.items()], now)
        if month.sample.complete and not wish.grades:
            await left_out.record_drawn(
                uow, wish.month, wish.kind, actor.id, now, named=named, left_out=len(kept)
            )
        return Outcome("moderation.assign", facts={"count": str(named), "left_out": str(len(kept))})

    return await once_only(store, once, actor, now, work)


def _nothing() -> None:
    """Done beside the loop, so that in the meantime the loop goes on with others."""


def _named(audit: Audit, moderator: PersonId) -> Notice:
    kind = NoticeKind.MODERATION_ASSIGNED
    key = f"{kind}|{audit.ref}|{audit.version}|{moderator}"
    return Notice(kind, Lane.DECISION, moderator, audit.ref, key)


# one by hand


async def reassign_form(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, now: datetime
) -> ReassignView:
    """Who may moderate this audit. Raises NotFound, NotAllowed, OutOfDate, Invalid(none_to_moderate)."""
    async with store.reading() as uow:
        audit = await load(uow, ref)
        _require_naming(actor, audit, now)
        if audit.state not in TO_MODERATE:
            raise OutOfDate(ref=audit.ref, state=audit.state.value)
        await _require_something(uow, audit)
        able = await _able(uow, policy, audit, now)
        present = await uow.people.get(audit.moderator_id) if audit.moderator_id is not None else None
    return ReassignView(audit, local_date(now), able, present)


def _require_naming(actor: Actor, audit: Audit, now: datetime) -> None:
    """Who drew the sample changes it; nobody names who moderates their own audit. Raises NotAllowed."""
    require(actor, Permission.MODERATION_ASSIGN, Belongs(), local_date(now))
    if actor.id == audit.auditor_id:
        raise NotAllowed(permission=Permission.MODERATION_ASSIGN.value, ref=audit.ref, why="own_audit")


async def _require_something(uow: CycleWork, audit: Audit) -> None:
    """That there was none this month is a result, and nothing in it can be judged again. Raises Invalid."""
    if none_because(await uow.returns.get(audit.id)):
        raise Invalid("none_to_moderate", ref=audit.ref)


async def _able(uow: CycleWork, policy: Policy, audit: Audit, now: datetime) -> list[Desk]:
    """The moderators of its month who may moderate it, those with the fewest first; not who has it."""
    wish = SampleWish(audit.month, audit.kind)
    month = await _month(uow, policy, wish, local_date(now))
    worker = await child_of(uow, audit)
    barred = {audit.moderator_id, worker.social_worker_id if worker else None}
    subject = replace(_returned(audit), moderator_id=None)
    able = [m for m in month.moderators if m.person_id not in barred and rules.may_moderate(m, subject)]
    desks = [Desk(month.people[m.person_id], m.load) for m in able]
    return sorted(desks, key=lambda desk: (desk.load, desk.person.name.casefold(), desk.person.id))


async def reassign(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, to: PersonId, note: str,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """One moderator by hand, under the same rules and with a reason; they are told, and the one before loses the card.
    Raises NotFound, NotAllowed, OutOfDate, Invalid (none_to_moderate, reason_missing, too_long,
    cannot_moderate)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await load_version(uow, ref, version)
        _require_naming(actor, audit, now)
        if audit.state not in TO_MODERATE:
            raise OutOfDate(ref=audit.ref, state=audit.state.value)
        await _require_something(uow, audit)
        check_note(policy, note, "note")
        if not note.strip():
            raise Invalid("reason_missing", field="note")
        chosen: Person | None = next(
            (desk.person for desk in await _able(uow, policy, audit, now) if desk.person.id == to), None
        )
        if chosen is None:
            raise Invalid("cannot_moderate", field="moderator", ref=audit.ref)
        saved = await move(
            uow, audit, Command.ASSIGN, Authority(actor.id), now, note=note, moderator_id=chosen.id
        )
        await tell(uow, NoticeKind.MODERATION_ASSIGNED, saved, [chosen.id], actor.id, now)
        return Outcome("audit.assign", saved.ref)

    return await once_only(store, once, actor, now, work)
