"""A child of concern is raised, by anybody: in chat, or by the return of an audit (domain, section 5). A child stands
on the tracker once: raised again, it gets a line more, the graver category counts, and a Category 1 alerts anew."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from domain import alerts
from domain.audits import Audit
from domain.calendar import local_date
from domain.concern_workflow import Command, begun
from domain.concerns import Category, Concern, Source, response_due
from domain.errors import Invalid
from domain.lanes import Lane
from domain.notices import NoticeKind, concern_notice
from domain.people import Actor, Authority, PersonId, Team
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, NewConcern, Once, Outcome, TrailEntry
from domain.usecases.concern_access import answering
from domain.usecases.concern_next import heads, qa_team
from domain.usecases.concern_steps import step, tell_alert
from domain.usecases.transaction import once_only

UNSURE = "unsure"
CATEGORIES = {"1": Category.ONE, "2": Category.TWO, UNSURE: Category.ONE}
"""What can be said of the category: who is not sure is believed in the worse case."""
REFERENCE_LONGEST = 60
_REFERENCE = re.compile(r"[A-Za-z0-9/-]*[0-9][A-Za-z0-9/-]*")
_A_DAY = re.compile(r"[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class RaiseWish:
    """What somebody filled in. `category` is "1", "2" or "unsure"; `team_name` is asked for where the child is not in
    the children's file; `audit_ref` is the audit at which it was found."""

    child_ref: str
    category: str
    grounds: str
    team_name: str | None = None
    audit_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is raised, once it is looked up. `actor_id`: who found it."""

    child_ref: str
    category: Category
    unsure: bool
    grounds: str
    source: Source
    actor_id: PersonId
    team: Team | None = None
    legal_status: str | None = None
    audit_ref: str | None = None


async def raise_concern(
    store: CycleStore, policy: Policy, actor: Actor, wish: RaiseWish, now: datetime, once: Once
) -> Outcome:
    """Outcome("concern.raise", the reference) with `category`; `told`, how many the alert of a Category 1 tells now;
    and `again` = "yes" where the child was on the tracker already. Raises NotAllowed for somebody who has left;
    Invalid: category_missing, grounds_missing, too_long, child_missing, not_a_reference (a name or a date of birth is
    no reference), team_missing, unknown_team."""

    async def work(uow: CycleWork) -> Outcome:
        require(actor, Permission.CONCERN_RAISE, Belongs(), local_date(now))
        found = await _looked_up(uow, policy, actor, wish)
        already = await uow.concerns.open_of(found.child_ref)
        concern = await put_on_tracker(uow, policy, found, now)
        facts = {"category": str(concern.category.value)} | ({"again": "yes"} if already else {})
        return Outcome("concern.raise", concern.ref, facts | await _alerted(uow, policy, concern, now))

    return await once_only(store, once, actor, now, work)


async def _alerted(uow: CycleWork, policy: Policy, concern: Concern, now: datetime) -> dict[str, str]:
    """How many the first step of its alert finds; nothing where there is no alert."""
    if concern.alert is None or not concern.climbing:
        return {}
    who = await answering(uow, concern.team, now)
    first = alerts.climb(replace(concern.alert, steps=0), who, policy.concerns, now)
    return {"told": str(len(first.told) if first else 0)}


async def _looked_up(uow: CycleWork, policy: Policy, actor: Actor, wish: RaiseWish) -> Found:
    """The file's spelling, team and legal status; what was typed, where the children's file does not have it."""
    if wish.category not in CATEGORIES:
        raise Invalid("category_missing", field="category")
    grounds = wish.grounds.strip()
    if not grounds:
        raise Invalid("grounds_missing", field="grounds")
    if len(grounds) > policy.concerns.text_longest:
        raise Invalid("too_long", field="grounds", longest=str(policy.concerns.text_longest))
    typed = "".join(wish.child_ref.split())
    child = await uow.children.get(typed) if typed else None
    already = await uow.concerns.open_of(child.ref if child else typed) if typed else None
    found = Found(
        child_ref=child.ref if child else typed,
        category=CATEGORIES[wish.category],
        unsure=wish.category == UNSURE,
        grounds=grounds,
        source=Source.CHAT,
        actor_id=actor.id,
        team=child.team if child else None,
        legal_status=child.legal_status if child else None,
        audit_ref=await _audit_of(uow, wish, child.ref if child else typed),
    )
    if child is not None or already is not None:
        return found
    require_reference(wish.child_ref.strip())
    team = await _team_of(uow, wish)
    return Found(
        child_ref=typed, category=found.category, unsure=found.unsure, grounds=grounds, source=found.source,
        actor_id=actor.id, team=team, audit_ref=found.audit_ref,
    )  # fmt: skip


def require_reference(typed: str) -> None:
    """The product holds references only: what could be somebody's name or birthday is not kept. Raises Invalid:
    child_missing, not_a_reference."""
    if not typed:
        raise Invalid("child_missing", field="child")
    if len(typed) > REFERENCE_LONGEST or not _REFERENCE.fullmatch(typed) or _A_DAY.fullmatch(typed):
        raise Invalid("not_a_reference", field="child")


async def _team_of(uow: CycleWork, wish: RaiseWish) -> Team:
    """Without a team nobody could be found who answers for the child."""
    name = (wish.team_name or "").strip().casefold()
    if not name:
        raise Invalid("team_missing", field="team")
    for team in await uow.pool.teams():
        if team.name.casefold() == name:
            return team
    raise Invalid("unknown_team", field="team")


async def _audit_of(uow: CycleWork, wish: RaiseWish, child_ref: str) -> str | None:
    """The audit that the form was opened from, where it is an audit of this child."""
    audit = await uow.audits.get(wish.audit_ref) if wish.audit_ref else None
    same = audit is not None and (audit.child_ref or "").casefold() == child_ref.casefold()
    return audit.ref if audit is not None and same else None


# the same for every way in


async def put_on_tracker(uow: CycleWork, policy: Policy, found: Found, now: datetime) -> Concern:
    """Raised anew, or again where the child has an open one. Raises Conflict where somebody else raises it at the same
    moment: done anew, it is raised again."""
    already = await uow.concerns.open_of(found.child_ref)
    if already is not None:
        return await _again(uow, policy, already, found, now)
    new = NewConcern(
        child_ref=found.child_ref,
        category=found.category,
        source=found.source,
        identified_on=local_date(now),
        team_id=found.team.id if found.team else None,
        legal_status=found.legal_status,
        unsure=found.unsure,
        audit_ref=found.audit_ref,
        raised_by_id=found.actor_id,
        respond_by=response_due(found.category, now, policy.concerns),
        alerts=found.category is Category.ONE,
        grounds=found.grounds,
    )
    concern = await uow.concerns.raise_(new, now)
    await uow.trail.append(_entry(concern, found, now))
    concern = await tell_alert(uow, policy, concern, now)
    alerted = found.category is Category.ONE
    await tell_raised(uow, concern, found.actor_id, now, alerted=alerted)
    return concern


async def _again(uow: CycleWork, policy: Policy, concern: Concern, found: Found, now: datetime) -> Concern:
    about = {"said": UNSURE if found.unsure else str(found.category.value), **_audit(found)}
    done = await step(
        uow, policy, concern, Command.RAISE_AGAIN, now, by=Authority(found.actor_id), note=found.grounds,
        said=found.category, sure=not found.unsure, about=about,
    )  # fmt: skip
    await tell_raised(uow, done.concern, found.actor_id, now, alerted=begun(done.before, done.concern))
    return done.concern


def _entry(concern: Concern, found: Found, now: datetime) -> TrailEntry:
    facts = {
        "child": concern.child_ref,
        "category": str(concern.category.value),
        **({"unsure": "yes"} if concern.unsure else {}),
        "source": concern.source.value,
        **_audit(found),
        "version": str(concern.version),
    }
    return TrailEntry(
        now, "concern.raise", concern.ref, found.actor_id, facts=facts, texts={"grounds": found.grounds}
    )


def _audit(found: Found) -> dict[str, str]:
    return {"audit": found.audit_ref} if found.audit_ref else {}


async def tell_raised(
    uow: CycleWork, concern: Concern, by: PersonId, now: datetime, *, alerted: bool
) -> None:
    """The QA team hears of every one; the head of service too, and of a Category 1 the director, where no alert told
    them (`alerted`: one began): what was found at a Category 1 for the second time, as a Category 2, is theirs to know.
    Never who raised it, and nobody whom the alert tells anyway."""
    who = await answering(uow, concern.team, now)
    team = await qa_team(uow, now)
    one = concern.category is Category.ONE
    answer = () if alerted else (*heads(who), *(who.director if one else ()))
    by_alert = {*who.head_of_service, *who.director} if alerted else set[PersonId]()
    told = dict.fromkeys(p for p in (*answer, *team) if p != by and p not in by_alert)
    kind, about = NoticeKind.CONCERN_RAISED, str(concern.version)
    await uow.outbox.put(
        [concern_notice(kind, concern.ref, about, person, Lane.DECISION) for person in told], now
    )


# by a return


async def raised_by_return(
    uow: CycleWork,
    policy: Policy,
    before: Audit,
    after: Audit,
    actor_id: PersonId,
    now: datetime,
    grounds: str,
) -> None:
    """Where a return is handed in, or put right afterwards: what it says of a child of concern that it did not say
    before. What it says no longer is only written down and told: out of a Category 1 it takes a sign-off."""
    mine = await _by_audit(uow, before)
    moved = (before.child_ref or "") != (after.child_ref or "")
    if moved and mine is not None and mine.child_ref == after.child_ref:
        moved = False  # the QA team was quicker: the record is about this child already
    says = Category(after.concern_category) if after.concern_category and after.child_ref else None
    said = Category(before.concern_category) if before.concern_category and before.child_ref else None
    if mine is not None and said is not None and (moved or says is None or says > said):
        await _no_longer(uow, policy, mine, after, moved, actor_id, now)
    if says is not None and (moved or said is None or says < said):
        await _raise(uow, policy, after, says, actor_id, now, grounds)


async def _by_audit(uow: CycleWork, audit: Audit) -> Concern | None:
    """The open one that an audit raised, or raised again."""
    first = await uow.concerns.of_audit(audit.ref)
    if first is not None and first.state.open:
        return first
    return await uow.concerns.open_of(audit.child_ref) if audit.child_ref else None


async def _raise(
    uow: CycleWork, policy: Policy, audit: Audit, category: Category, actor_id: PersonId, now: datetime, grounds: str
) -> None:  # fmt: skip
    assert audit.child_ref is not None
    child = await uow.children.get(audit.child_ref)
    found = Found(
        child_ref=child.ref if child else audit.child_ref,
        category=category,
        unsure=False,
        grounds=grounds.strip() or f"See the audit {audit.ref}.",
        source=Source.RETURN,
        actor_id=actor_id,
        team=audit.team or (child.team if child else None),
        legal_status=audit.legal_status or (child.legal_status if child else None),
        audit_ref=audit.ref,
    )
    await put_on_tracker(uow, policy, found, now)


async def _no_longer(
    uow: CycleWork, policy: Policy, concern: Concern, after: Audit, moved: bool, actor_id: PersonId, now: datetime
) -> None:  # fmt: skip
    says = "other_child" if moved else str(after.concern_category or "none")
    about = {"audit": after.ref, "says": says}
    done = await step(uow, policy, concern, Command.NOTE, now, by=Authority(actor_id), about=about)
    who = await answering(uow, concern.team, now)
    team = await qa_team(uow, now)
    told = dict.fromkeys(person for person in (*heads(who), *team) if person != actor_id)
    kind, version = NoticeKind.CONCERN_MOVED, str(done.concern.version)
    await uow.outbox.put([concern_notice(kind, concern.ref, version, person) for person in told], now)
