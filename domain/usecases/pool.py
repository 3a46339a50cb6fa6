"""Who audits and who moderates: looked at by month, and kept by the QA team (domain, sections 2, 3.1 and 8)."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from domain import pool as rules
from domain.audits import AWAITED, TO_MODERATE
from domain.calendar import Month, local_date
from domain.cycle import still_moving
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Actor, Person, PersonId, Role
from domain.permissions import Belongs, Permission, allowed, require
from domain.policy import Policy
from domain.pool import Standing
from domain.ports import Alike, AuditFilter, CycleStore, CycleWork, Once, Outcome, PoolMember, TrailEntry
from domain.usecases.transaction import once_only
from domain.views.pool import FoundPeople, PoolLine, PoolPersonView, PoolView

PAGE = 12
NAME_LONGEST = 100
DAYS_AHEAD, DAYS_BACK = 366, 366 * 20
KEPT_ROLES = frozenset({Role.AUDITOR, Role.MODERATOR})
"""The roles that are given in chat; all others come with the people file."""
_EMAIL = re.compile(r"[^@\s<>|*\[\]()\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")


async def view_pool(
    store: CycleStore, policy: Policy, actor: Actor, month: Month, now: datetime,
    standing: Standing | None = None, offset: int = 0,
) -> PoolView:  # fmt: skip
    """Counts against the targets and a page of people, by name. Raises NotAllowed."""
    today = local_date(now)
    require(actor, Permission.POOL_VIEW, Belongs(), today)
    async with store.reading() as uow:
        groups = await uow.pool.alike(month)
        judged = [(group, rules.standing(group, month, today)) for group in groups]
        listed = [(group, stand) for group, stand in judged if standing in (None, stand)]
        lines = await _page(uow, listed, offset)
    return PoolView(
        today=today,
        month=month,
        capacity=rules.capacity(rules.counted(judged), policy.pool, _by_class(judged)),
        lines=lines,
        total=sum(len(group.people) for group, _ in listed),
        standing=standing,
        offset=offset,
        page=PAGE,
        may_change=allowed(actor, Permission.POOL_CHANGE, Belongs(), today),
    )


def _by_class(judged: Sequence[tuple[Alike, Standing]]) -> Counter[str]:
    """Approved exemptions of the pool: who moderates or has left is not one of them."""
    found: Counter[str] = Counter()
    for group, stand in judged:
        if stand is Standing.EXEMPT:
            found[group.exempt_for] += len(group.people)
    return found


async def _page(uow: CycleWork, listed: Sequence[tuple[Alike, Standing]], offset: int) -> list[PoolLine]:
    """In the order of names; only who is on the page is read whole."""
    named = [(name.casefold(), of, stand) for group, stand in listed for name, of in group.people]
    named.sort()
    page = named[offset : offset + PAGE]
    people = await uow.people.many([of for _, of, _ in page])
    return [PoolLine(people[of], stand) for _, of, stand in page if of in people]


async def find(
    store: CycleStore, actor: Actor, written: str, month: Month, now: datetime,
    filled: Mapping[str, str] | None = None,
) -> FoundPeople:  # fmt: skip
    """By part of a name, or by e-mail. Raises NotAllowed."""
    today = local_date(now)
    require(actor, Permission.POOL_CHANGE, Belongs(), today)
    async with store.reading() as uow:
        if "@" in written:
            one = await uow.people.by_email(written.strip())
            people = [one] if one else []
        else:
            people = await uow.pool.by_name(written, today) if written.strip() else []
        teams = await uow.pool.teams() if not people else []
    return FoundPeople(today, month, written, people, teams, filled or {})


async def view_person(
    store: CycleStore, policy: Policy, actor: Actor, person_id: PersonId, month: Month, now: datetime,
    filled: Mapping[str, str] | None = None,
) -> PoolPersonView:  # fmt: skip
    """Raises NotAllowed, NotFound."""
    today = local_date(now)
    require(actor, Permission.POOL_VIEW, Belongs(), today)
    async with store.reading() as uow:
        person = await _person(uow, person_id)
        member = await _member(uow, policy, person_id, month)
    may = allowed(actor, Permission.POOL_CHANGE, Belongs(), today) and person_id != actor.id
    stand = rules.standing(member, month, today) if member else None
    says = member.moderates if member else None
    return PoolPersonView(today, month, person, stand, says, may, filled or {})


async def _person(uow: CycleWork, person_id: PersonId) -> Person:
    person = await uow.people.get(person_id)
    if person is None:
        raise NotFound(kind="person")
    return person


async def _member(uow: CycleWork, policy: Policy, person_id: PersonId, month: Month) -> PoolMember | None:
    members = await uow.pool.members(month, policy.audits.not_again_months)
    return next((member for member in members if member.person.id == person_id), None)


def _require_change(actor: Actor, person_id: PersonId | None, now: datetime) -> None:
    """Nobody changes their own role (section 2)."""
    require(actor, Permission.POOL_CHANGE, Belongs(), local_date(now))
    if person_id == actor.id:
        raise NotAllowed(permission=Permission.POOL_CHANGE.value, why="own_role")


async def say_moderates(
    store: CycleStore, actor: Actor, month: Month, person_id: PersonId, says: bool | None,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """That a moderator does or does not moderate in a month; None goes back to the rule. They are told.

    Raises NotAllowed, NotFound, Invalid (past_month, not_a_moderator)."""

    async def work(uow: CycleWork) -> Outcome:
        _require_change(actor, person_id, now)
        person = await _person(uow, person_id)
        if month.last < local_date(now):
            raise Invalid("past_month", field="month", month=str(month))
        if Role.MODERATOR not in person.roles:
            raise Invalid("not_a_moderator", field="person")
        await uow.pool.say_moderates(month, person_id, says)
        said = {True: "yes", False: "no", None: "rule"}[says]
        subject = f"{Role.MODERATOR.value} {month}"
        await uow.outbox.put([_told(person_id, subject, once)], now)
        facts = {"month": str(month), "moderates": said}
        await uow.trail.append(TrailEntry(now, "pool.moderates", f"P-{person_id}", actor.id, facts=facts))
        return Outcome("pool.moderates", facts={"person": str(person_id), **facts})

    return await once_only(store, once, actor, now, work)


def _told(person_id: PersonId, subject: str, once: Once) -> Notice:
    """Once for each press, worded from how it stands when it is sent."""
    kind = NoticeKind.ROLE_GIVEN
    press = sha256(once.key.encode()).hexdigest()[:16]
    return Notice(kind, Lane.DECISION, person_id, subject, f"{kind}|{person_id}|{subject}|{press}")


async def give_role(
    store: CycleStore, actor: Actor, person_id: PersonId, role: Role, from_day: date,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Somebody who is known becomes auditor, or an auditor moderator, from the day they are trained; they are told.

    Raises NotAllowed, NotFound, Invalid (role_not_kept, has_role, has_left, not_an_auditor, unlikely_day)."""

    async def work(uow: CycleWork) -> Outcome:
        _require_change(actor, person_id, now)
        _check_role(role)
        check_day(from_day, now)
        person = await _person(uow, person_id)
        if person.active_to is not None and person.active_to < max(from_day, local_date(now)):
            raise Invalid("has_left", field="from_day")
        if role in person.roles:
            raise Invalid("has_role", field="from_day")
        if role is Role.MODERATOR and Role.AUDITOR not in person.roles:
            raise Invalid("not_an_auditor", field="from_day")
        await uow.pool.give_role(person_id, role, from_day)
        await uow.outbox.put([_told(person_id, role.value, once)], now)
        await uow.trail.append(_given(actor, person_id, role, from_day, now))
        return Outcome("pool.give_role", facts={"person": str(person_id), "role": role.value})

    return await once_only(store, once, actor, now, work)


def _check_role(role: Role) -> None:
    if role not in KEPT_ROLES:
        raise Invalid("role_not_kept", field="role")


def check_day(day: date, now: datetime) -> None:
    """Raises Invalid for a day that is a slip of the keyboard."""
    today = local_date(now)
    if not today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD):
        raise Invalid("unlikely_day", field="from_day")


def _given(actor: Actor, person_id: PersonId, role: Role, from_day: date, now: datetime) -> TrailEntry:
    facts = {"role": role.value, "from": from_day.isoformat()}
    return TrailEntry(now, "pool.give_role", f"P-{person_id}", actor.id, facts=facts)


async def add_person(
    store: CycleStore, actor: Actor, email: str, name: str, team_id: int | None, from_day: date,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Somebody who is not on the list yet becomes an auditor. Nobody can be written to before they write first, so no
    message is tried: it would come back as one that did not arrive.

    Raises NotAllowed, Invalid (bad_email, no_name, unknown_team, unlikely_day, email_known)."""

    async def work(uow: CycleWork) -> Outcome:
        _require_change(actor, None, now)
        check_day(from_day, now)
        written, called = email.strip(), " ".join(name.split())
        await _check_new(uow, written, called, team_id)
        try:
            person = await uow.pool.add_person(written, called, team_id, Role.AUDITOR, from_day)
        except Conflict:
            raise Invalid("email_known", field="email") from None
        facts = {"team": str(team_id or ""), "role": Role.AUDITOR.value}
        texts = {"name": called, "email": written}
        entry = TrailEntry(now, "pool.add_person", f"P-{person.id}", actor.id, facts=facts, texts=texts)
        await uow.trail.append(entry)
        await uow.trail.append(_given(actor, person.id, Role.AUDITOR, from_day, now))
        return Outcome("pool.add_person", facts={"person": str(person.id)})

    return await once_only(store, once, actor, now, work)


async def _check_new(uow: CycleWork, email: str, name: str, team_id: int | None) -> None:
    if not _EMAIL.fullmatch(email):
        raise Invalid("bad_email", field="email")
    if not name or len(name) > NAME_LONGEST:
        raise Invalid("no_name", field="name", longest=str(NAME_LONGEST))
    if team_id is not None and team_id not in {team.id for team in await uow.pool.teams()}:
        raise Invalid("unknown_team", field="team")
    if await uow.people.by_email(email) is not None:
        raise Invalid("email_known", field="email")


async def take_role(
    store: CycleStore, actor: Actor, person_id: PersonId, role: Role, now: datetime, once: Once
) -> Outcome:
    """Takes a role back: given by mistake, or given up. They are told.

    Raises NotAllowed, NotFound, Invalid (role_not_kept, has_no_role; has_open_audit with ref where they would be left
    with something that they could no longer hand in)."""

    async def work(uow: CycleWork) -> Outcome:
        _require_change(actor, person_id, now)
        _check_role(role)
        person = await _person(uow, person_id)
        if role not in person.roles:
            raise Invalid("has_no_role", field="role")
        await _check_nothing_open(uow, person, role, local_date(now))
        await uow.pool.take_role(person_id, role)
        await uow.outbox.put([_told(person_id, role.value, once)], now)
        facts = {"role": role.value}
        await uow.trail.append(TrailEntry(now, "pool.take_role", f"P-{person_id}", actor.id, facts=facts))
        return Outcome("pool.take_role", facts={"person": str(person_id), **facts})

    return await once_only(store, once, actor, now, work)


async def _check_nothing_open(uow: CycleWork, person: Person, role: Role, today: date) -> None:
    months = still_moving(None, today)
    open_ones = (
        [AuditFilter(auditor_id=person.id, states=AWAITED, months=months)]
        if not person.roles & (KEPT_ROLES - {role})
        else []
    )
    if role is Role.MODERATOR:
        open_ones.append(AuditFilter(moderator_id=person.id, states=TO_MODERATE, months=months))
    for wanted in open_ones:
        audits, _ = await uow.cycle.find(wanted, limit=1)
        if audits:
            raise Invalid("has_open_audit", field="role", ref=audits[0].ref)


async def moderates_in(store: CycleStore, policy: Policy, person_id: PersonId, month: Month) -> bool:
    """For telling somebody of their own part."""
    async with store.reading() as uow:
        member = await _member(uow, policy, person_id, month)
    return member is not None and rules.moderates(member, month)
