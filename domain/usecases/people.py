"""Who somebody is at first contact, and who stands in for whom."""

from datetime import date, datetime, timedelta

from domain.calendar import local_date
from domain.errors import Invalid, NotAllowed, NotFound
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Actor, Delegation, Person, PersonId, Role, Scope
from domain.permissions import Belongs, Permission, require
from domain.ports import Once, Outcome, Store, TrailEntry, UnitOfWork
from domain.usecases.transaction import once_only
from domain.views import DelegationsView

LONGEST_DELEGATION_DAYS = 366
_STAND_IN = (Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS, Role.HEAD_OF_QUALITY, Role.ASSISTANT_DIRECTOR)


async def recognise(store: Store, aad_object_id: str) -> Actor | None:
    """The person linked to this AAD object id, with their reach; None for somebody unknown."""
    async with store.reading() as uow:
        return await uow.people.actor(aad_object_id)


async def link_by_email(store: Store, aad_object_id: str, email: str, now: datetime) -> Actor | None:
    """First contact: links the AAD object id to the person with the e-mail that the roster gives. None where there
    is none, or they are linked to another account already (a stale link is for the QA team to settle)."""
    async with store.writing() as uow:
        person = await uow.people.by_email(email)
        if person is None or not await uow.people.link(person.id, aad_object_id):
            return None
        await uow.trail.append(TrailEntry(now, "person.link", f"P-{person.id}", person.id))
        await uow.commit()
    return await recognise(store, aad_object_id)


async def delegations(store: Store, actor: Actor, now: datetime) -> DelegationsView:
    """The actor's own deputies, and who can be named. Raises NotAllowed for roles that decide nothing."""
    today = local_date(now)
    require(actor, Permission.DELEGATION_MAKE, Belongs(frozenset({actor.id})), today)
    async with store.reading() as uow:
        mine = await uow.delegations.upcoming(actor.id, today)
        people = await uow.people.many({d.delegate_id for d in mine})
        candidates = await _candidates(uow, actor, today)
    return DelegationsView(actor.person, today, mine, people, candidates)


async def _candidates(uow: UnitOfWork, actor: Actor, today: date) -> list[Person]:
    found: dict[PersonId, Person] = {}
    for role in _STAND_IN:
        found |= {person.id: person for person in await uow.people.with_role(role, today)}
    found.pop(actor.id, None)
    return sorted(found.values(), key=lambda person: person.name)


async def delegate(
    store: Store,
    actor: Actor,
    to: PersonId,
    scope: Scope,
    from_day: date,
    to_day: date,
    now: datetime,
    once: Once,
) -> Outcome:
    """Names a deputy for a time; both names show on what they decide. Raises Invalid, NotAllowed.

    The outcome has no subject: the pressed card shows all the deputies and follows none of them (facts: ref, delegate).
    """

    async def work(uow: UnitOfWork) -> Outcome:
        today = local_date(now)
        require(actor, Permission.DELEGATION_MAKE, Belongs(frozenset({actor.id})), today)
        _check_days(from_day, to_day, today)
        if to not in {person.id for person in await _candidates(uow, actor, today)}:
            raise Invalid("cannot_deputise", field="delegate")
        if any(
            _overlaps(d, to, scope, from_day, to_day) for d in await uow.delegations.upcoming(actor.id, today)
        ):
            raise Invalid("already_deputy", field="delegate")
        made = await uow.delegations.add(actor.id, to, scope, from_day, to_day)
        key = f"deputy|{made.id}"
        await uow.outbox.put(
            [Notice(NoticeKind.DELEGATION_MADE, Lane.DECISION, to, f"D-{made.id}", key)], now
        )
        await uow.trail.append(_entry("delegation.make", made, actor, now))
        return Outcome("delegation.made", facts={"ref": f"D-{made.id}", "delegate": str(to)})

    return await once_only(store, once, actor, now, work)


def _overlaps(known: Delegation, to: PersonId, scope: Scope, from_day: date, to_day: date) -> bool:
    """The same person for some of the same: ending one of two would leave the other in force unseen."""
    same = known.delegate_id == to and (known.scope is scope or Scope.ALL in (known.scope, scope))
    return same and known.from_day <= to_day and from_day <= known.to_day


def _check_days(from_day: date, to_day: date, today: date) -> None:
    if to_day < from_day:
        raise Invalid("days_reversed", field="to_day")
    if to_day < today:
        raise Invalid("days_past", field="to_day")
    if (to_day - from_day).days > LONGEST_DELEGATION_DAYS:
        raise Invalid("days_too_many", field="to_day", longest=str(LONGEST_DELEGATION_DAYS))


def _entry(action: str, delegation: Delegation, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "delegate": str(delegation.delegate_id),
        "scope": delegation.scope.value,
        "from": delegation.from_day.isoformat(),
        "to": delegation.to_day.isoformat(),
    }
    return TrailEntry(now, action, f"D-{delegation.id}", actor.id, facts=facts)


async def end_delegation(store: Store, actor: Actor, number: int, now: datetime, once: Once) -> Outcome:
    """Ends one's own delegation at once: from this click on the deputy can decide nothing more."""

    ended = Outcome("delegation.ended", facts={"ref": f"D-{number}"})

    async def work(uow: UnitOfWork) -> Outcome:
        found = await uow.delegations.get(number)
        if found is None:
            raise NotFound(ref=f"D-{number}", kind="delegation")
        if found.delegator_id != actor.id:
            raise NotAllowed(permission=Permission.DELEGATION_MAKE.value, ref=f"D-{number}")
        today = local_date(now)
        if found.to_day < today:
            return ended  # which days it was in force stays as it was
        await uow.delegations.end(number, today - timedelta(days=1))
        await uow.trail.append(_entry("delegation.end", found, actor, now))
        return ended

    return await once_only(store, once, actor, now, work)


async def view_delegation(store: Store, number: int) -> tuple[Delegation, Person, Person] | None:
    """A delegation with its delegator and delegate, for telling the delegate."""
    async with store.reading() as uow:
        found = await uow.delegations.get(number)
        if found is None:
            return None
        people = await uow.people.many({found.delegator_id, found.delegate_id})
    return found, people[found.delegator_id], people[found.delegate_id]
