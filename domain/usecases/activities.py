"""The other kinds of audits: what there is of one, one logged or asked for, and "none this month" (section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.audits import Audit, AuditState
from domain.calendar import Month, local_date
from domain.errors import Invalid, NotAllowed
from domain.kind_rules import KindRules
from domain.kinds import Grade, Kind
from domain.people import Actor, Person, PersonId
from domain.permissions import Belongs, Permission, Reaching, allowed, require
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, CycleStore, CycleWork, NewAudit, Once, Outcome, TrailEntry
from domain.programme import Planned
from domain.returns import none_because
from domain.templates import EARLIER_ACTIONS
from domain.usecases import activity_access as access
from domain.usecases import return_access, returns
from domain.usecases.audit_access import load
from domain.usecases.draw_inputs import check_month, drawable
from domain.usecases.issue_writing import managers_of, told_of_issue
from domain.usecases.transaction import once_only
from domain.views.activities import ActivityForm, ActivityList

PAGE = 8
THEME_LONGEST = 120
MONTHS_AHEAD = 12
_THERE = frozenset(AuditState) - {AuditState.FREED}
_IN = _THERE - {AuditState.ISSUED}


async def listed(
    store: CycleStore, policy: Policy, actor: Actor, kind: Kind, month: Month, now: datetime, offset: int = 0
) -> ActivityList:
    """Within the actor's reach, their own always. Raises NotAllowed for somebody who sees no audits."""
    today, rules = local_date(now), policy.by_kind[kind]
    far = access.far(actor, today)
    there = AuditFilter(months=(month, month), kinds=[kind], states=_THERE, within=access.within(actor, far))
    if there.within is not None:
        there = replace(there, or_owner=actor.id)
    async with store.reading() as uow:
        audits, total = await uow.cycle.find(there, limit=PAGE, offset=offset)
        _, returned = await uow.cycle.find(replace(there, states=_IN), limit=1)
        planned = next((p for p in await uow.programme.between(month, month) if p.kind is kind), None)
        about = await _about(uow, actor, kind, month)
        people = await uow.people.many(_named([*audits, *about]))
        none = await _none(uow, rules, audits)
    return ActivityList(
        rules=rules,
        month=month,
        today=today,
        audits=audits,
        total=total,
        returned=returned,
        people=people,
        expected=_expected(rules, planned, total) if far is Reaching.ALL else None,
        planned=planned,
        about_viewer=about,
        none=none,
        far=far,
        may_log=access.may_log(actor, rules, today),
        may_assign=access.may_assign(actor, today) and kind not in access.NOT_LOGGED,
        may_issue=_may_issue(policy, actor, kind, today),
        may_say_none=rules.may_be_none and access.may_log(actor, rules, today),
        sees_due=kind is Kind.REAUDIT and far >= Reaching.TEAM,
        offset=offset,
        page=PAGE,
    )


async def _none(uow: CycleWork, rules: KindRules, audits: list[Audit]) -> dict[int, str]:
    """Why there was none, of those of a page that say so."""
    if not rules.may_be_none:
        return {}
    ungraded = [audit.id for audit in audits if audit.counts is Grade.NOT_GRADED]
    filled = await uow.returns.many(ungraded)
    return {number: because for number, one in filled.items() if (because := none_because(one))}


def _expected(rules: KindRules, planned: Planned | None, issued: int) -> int:
    """The programme's number, else the policy's, else as many as there are."""
    return (planned.expected if planned else 0) or rules.expected_a_month or issued


def _may_issue(policy: Policy, actor: Actor, kind: Kind, today: date) -> bool:
    return drawable(policy, kind) and allowed(actor, Permission.AUDIT_REISSUE, Belongs(), today)


async def _about(uow: CycleWork, actor: Actor, kind: Kind, month: Month) -> list[Audit]:
    if kind is not Kind.OBSERVATION:
        return []
    mine = AuditFilter(months=(month, month), kinds=[kind], states=_THERE, about_id=actor.id)
    return (await uow.cycle.find(mine, limit=PAGE))[0]


def _named(audits: list[Audit]) -> set[PersonId]:
    ids = {person for audit in audits for person in (audit.auditor_id, audit.about_id)}
    return {person for person in ids if person is not None}


async def form(
    store: CycleStore, policy: Policy, actor: Actor, kind: Kind, now: datetime, *, assign: bool = False,
    find: str = "", filled: Mapping[str, str] | None = None,
) -> ActivityForm:  # fmt: skip
    """Raises NotAllowed, Invalid for a kind that is not logged. A search that finds one person chooses them."""
    today, rules = local_date(now), policy.by_kind[kind]
    access.check_kind(rules)
    may = access.may_assign(actor, today) if assign else access.may_log(actor, rules, today)
    if not may:
        raise NotAllowed(permission=(Permission.ACTIVITY_ASSIGN if assign else Permission.AUDIT_LOG).value)
    async with store.reading() as uow:
        holders = await access.doers(uow, rules.done_by, today) if assign else []
        about = await uow.pool.by_name(find, today) if rules.about_person and find.strip() else []
    doers = [p for p in holders if allowed(actor, Permission.ACTIVITY_ASSIGN, Belongs(team=p.team), today)]
    others = [person for person in about if person.id != actor.id or assign]
    known = dict(filled or {})
    if len(others) == 1:
        known.setdefault("about", str(others[0].id))
    return ActivityForm(rules, today, assign, doers, others, find, known)


@dataclass(frozen=True, slots=True)
class Logging:
    """`who` None: oneself. `day`: when it was done (of one's own); `month`: for when somebody is asked. `reviewed`: of
    an observation, whether earlier actions were gone through: it begins the return."""

    kind: Kind
    day: date | None = None
    month: Month | None = None
    who: PersonId | None = None
    child: str = ""
    about: PersonId | None = None
    theme: str = ""
    reviewed: bool | None = None


async def log(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Logging, now: datetime, once: Once
) -> Outcome:
    """One's own: Outcome("activity.log", facts: ref), whose return is filled in next: no card shows it yet. Raises
    NotAllowed and Invalid (core_is_drawn, reaudit_is_due, cannot_do_kind, child_missing, unknown_child, own_team_child,
    about_missing, own_supervision, day_ahead, day_long_ago, past_month, month_too_far, logged_already, too_long)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _logged(uow, policy, actor, replace(wanted, who=None), now)
        return Outcome("activity.log", facts={"ref": audit.ref})

    return await once_only(store, once, actor, now, work)


async def ask(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Logging, now: datetime, once: Once
) -> Outcome:
    """The same for somebody else, who is told. Outcome("activity.ask", facts: ref); its subject is the audit where the
    asker sees it (of a team that is known and theirs)."""

    async def work(uow: CycleWork) -> Outcome:
        audit = await _logged(uow, policy, actor, wanted, now)
        sees = audit.team is not None or access.far(actor, local_date(now)) is Reaching.ALL
        return Outcome("activity.ask", audit.ref if sees else "", {"ref": audit.ref})

    return await once_only(store, once, actor, now, work)


async def none_this_month(
    store: CycleStore, policy: Policy, actor: Actor, kind: Kind, month: Month, because: str, now: datetime,
    once: Once,
) -> Outcome:  # fmt: skip
    """ "None this month, because ..." of a kind for which that is a result: recorded and handed in as one. Two commits,
    each once: a repeat goes on where the first try ended."""
    if not because.strip():
        raise Invalid("why_none", field="because")
    rules = policy.by_kind[kind]
    if not rules.may_be_none:
        raise Invalid("not_this_kind", field="kind")

    async def work(uow: CycleWork) -> Outcome:
        own = AuditFilter(
            months=(month, month), kinds=[kind], states=[AuditState.ISSUED], auditor_id=actor.id
        )
        found, _ = await uow.cycle.find(own, limit=1)
        day = min(local_date(now), month.last)
        audit = (
            found[0]
            if found
            else await _logged(uow, policy, actor, Logging(kind, max(day, month.first)), now)
        )
        return Outcome("activity.none", audit.ref)

    begun = await once_only(store, replace(once, key=f"{once.key}|begun", card=None), actor, now, work)
    return await returns.none_because(store, policy, actor, begun.subject, because, now, once)


@dataclass(frozen=True, slots=True)
class Given:
    audit: Audit
    person: Person | None


async def one(store: CycleStore, actor: Actor, ref: str, who: PersonId, now: datetime) -> Given:
    """What was just given to somebody, and to whom. Raises NotFound."""
    async with store.reading() as uow:
        return Given(await load(uow, ref), await uow.people.get(who))


def sees_teams(actor: Actor, today: date) -> bool:
    """Whether the actor answers for a team, or for more."""
    return access.far(actor, today) >= Reaching.TEAM


async def _logged(uow: CycleWork, policy: Policy, actor: Actor, wanted: Logging, now: datetime) -> Audit:
    today, rules = local_date(now), policy.by_kind[wanted.kind]
    access.check_kind(rules)
    who = await access.doer(uow, policy, actor, wanted.who, wanted.kind, today)
    if len(wanted.theme) > THEME_LONGEST:
        raise Invalid("too_long", field="theme", longest=str(THEME_LONGEST))
    month = _month(wanted, today)
    child = await _child(uow, rules, who, wanted.child)
    about = await _about_whom(uow, rules, who, wanted.about, today)
    await _not_twice(uow, wanted.kind, month, who, child, about)
    team = child.team if child else about.team if about else None
    if who.id != actor.id and (child or about):
        require(actor, Permission.ACTIVITY_ASSIGN, Belongs(team=team), today)
    new = NewAudit(
        month=month,
        kind=wanted.kind,
        auditor_id=who.id,
        issued_on=today,
        child_ref=child.ref if child else None,
        team_id=team.id if team else None,
        legal_status=child.legal_status if child else None,
        about_id=about.id if about else None,
        theme=wanted.theme.strip(),
    )
    (audit,) = await uow.cycle.issue([new], actor.id, now)
    await _begun(uow, policy, audit, wanted.reviewed, now)
    if who.id != actor.id:
        children = {child.ref: child} if child else {}
        notices = told_of_issue([audit], children, await managers_of(uow, [audit]))
        await uow.outbox.put([notice for notice in notices if notice.person_id != actor.id], now)
    await uow.trail.append(_entry(audit, actor, now))
    return audit


def _month(wanted: Logging, today: date) -> Month:
    """Of one's own: the month of the day it was done, this one or the last. Of somebody else's: one ahead."""
    if wanted.who is not None and wanted.month is not None:
        check_month(wanted.month, today)
        if wanted.month > Month.of(today).plus(MONTHS_AHEAD):
            raise Invalid("month_too_far", field="month", month=str(wanted.month))
        return wanted.month
    day = wanted.day or today
    if day > today:
        raise Invalid("day_ahead", field="day")
    if Month.of(day) < Month.of(today).plus(-1):
        raise Invalid("day_long_ago", field="day")
    return Month.of(day)


async def _child(uow: CycleWork, rules: KindRules, who: Person, written: str) -> ChildFacts | None:
    """A kind that can be "none" is of many records, and need not name a child."""
    if not rules.about_child or (rules.may_be_none and not written.strip()):
        return None
    if not written.strip():
        raise Invalid("child_missing", field="child")
    child = await uow.children.get(written.strip())
    if child is None:
        raise Invalid("unknown_child", field="child", ref=written.strip()[:20])
    if rules.graded and await access.own_child(uow, who, child):
        raise Invalid("own_team_child", field="child", ref=child.ref)
    return child


async def _about_whom(
    uow: CycleWork, rules: KindRules, who: Person, about: PersonId | None, today: date
) -> Person | None:
    if not rules.about_person:
        return None
    person = await uow.people.get(about) if about is not None else None
    if person is None or not person.active_on(today):
        raise Invalid("about_missing", field="about")
    if person.id == who.id:
        raise Invalid("own_supervision", field="about")
    return person


async def _not_twice(
    uow: CycleWork, kind: Kind, month: Month, who: Person, child: ChildFacts | None, about: Person | None
) -> None:
    """The same is not begun beside one that is not returned yet."""
    if child is None and about is None:
        return
    same = AuditFilter(
        months=(month, month),
        kinds=[kind],
        states=[AuditState.ISSUED],
        auditor_id=who.id,
        child_ref=child.ref if child else None,
        about_id=about.id if about else None,
    )
    found, _ = await uow.cycle.find(same, limit=1)
    if found:
        raise Invalid("logged_already", ref=found[0].ref)


async def _begun(uow: CycleWork, policy: Policy, audit: Audit, reviewed: bool | None, now: datetime) -> None:
    """What was said already stands in the return."""
    asked = {question.code for question in policy.template_of(audit.kind).questions}
    if reviewed is None or EARLIER_ACTIONS not in asked:
        return
    filled = await return_access.filled_of(uow, policy, audit)
    said = {EARLIER_ACTIONS: "yes" if reviewed else "no"}
    await uow.returns.save(replace(filled, answers=said, saved_at=now))


def _entry(audit: Audit, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "month": str(audit.month),
        "kind": audit.kind.value,
        "auditor": str(audit.auditor_id),
        "child": audit.child_ref or "",
        "about": str(audit.about_id or ""),
        "version": str(audit.version),
    }
    texts = {"theme": audit.theme} if audit.theme else {}
    action = "audit.log" if audit.auditor_id == actor.id else "audit.issue"
    return TrailEntry(now, action, audit.ref, actor.id, facts=facts, texts=texts)
