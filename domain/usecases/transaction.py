"""One use case, one transaction: the effect, its trail entry, its messages and its answer in the same commit."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from domain.errors import CommitUnknown, Conflict, DomainError, Invalid, NotAllowed, OutOfDate
from domain.notices import lost_reply
from domain.people import Actor, PersonId
from domain.ports import AnyStore, CardPlace, Once, Outcome, Store, TrailEntry, UnitOfWork

U = TypeVar("U", bound=UnitOfWork)
Work = Callable[[U], Awaitable[Outcome]]

_KEPT: dict[str, type[DomainError]] = {kind.code: kind for kind in (NotAllowed, OutOfDate)}


_TRIES = 3


async def once_only(store: AnyStore[U], once: Once, actor: Actor, now: datetime, work: Work[U]) -> Outcome:
    """Does `work` unless this activity was answered before: then the first outcome is given again (faults 8-9).

    Raises what the rules raise. A refusal of permission or of a stale click leaves its own entry in the trail,
    and is kept as the answer too, so that a repeat of the same click can never come to another end. Where somebody
    else's commit came in between, or the outcome of ours is unknown, it is done anew: the kept answer tells.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return await _answer(store, once, actor, now, work)
        except (Conflict, CommitUnknown):
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


async def _answer(store: AnyStore[U], once: Once, actor: Actor, now: datetime, work: Work[U]) -> Outcome:
    try:
        return await _attempt(store, once, actor, now, work)
    except (NotAllowed, OutOfDate) as refusal:
        if "again" in refusal.facts:
            raise
        first = await _record(store, once, actor, now, refusal)
        if first is None:
            raise
    except Invalid:
        # The same activity, arriving twice at once: what the first has done may be why the second is refused.
        async with store.reading() as uow:
            first = await uow.answers.find(once)
        if first is None:
            raise
    return _again(first)


async def _attempt(store: AnyStore[U], once: Once, actor: Actor, now: datetime, work: Work[U]) -> Outcome:
    async with store.writing() as uow:
        first = await uow.answers.find(once)
        if first is not None:
            return _again(first)
        outcome = await work(uow)
        if once.card is not None and outcome.subject:
            place = (once.card.conversation_id, once.card.message_id)
            await uow.outbox.show_on_card(outcome.subject, actor.id, *place, now)
        await uow.answers.keep(once, outcome, now)
        await uow.commit()
        return outcome


def _again(first: Outcome) -> Outcome:
    refused = _KEPT.get(first.code)
    if refused is None:
        return first
    raise refused(**{**first.facts, "again": "yes"})


async def _record(
    store: AnyStore[U], once: Once, actor: Actor, now: datetime, refusal: DomainError
) -> Outcome | None:
    """None, and the refusal is kept and in the trail; or what the same activity, arriving twice at once, came to."""
    subject = refusal.facts.get("ref", "")
    async with store.writing() as uow:
        first = await uow.answers.find(once)
        if first is not None:
            return first
        await uow.answers.keep(once, Outcome(refusal.code, subject, dict(refusal.facts)), now)
        await uow.trail.append(
            TrailEntry(now, f"refused.{refusal.code}", subject, actor.id, facts=refusal.facts)
        )
        await uow.commit()
    return None


async def card_shows(
    store: Store, subject: str, version: int, person_id: PersonId, place: CardPlace, now: datetime
) -> None:
    """After an answer that shows `subject`: its card is kept up to date from here on, like one that was sent."""
    async with store.writing() as uow:
        await uow.outbox.card_shows(subject, version, person_id, place.conversation_id, place.message_id, now)
        await uow.commit()


async def reply_was_lost(store: Store, actor: Actor, key: str, now: datetime) -> None:
    """What somebody wrote was understood, and the answer could not be sent: they hear of it from the outbox."""
    async with store.writing() as uow:
        await uow.outbox.put([lost_reply(actor.id, sha256(key.encode()).hexdigest()[:32])], now)
        await uow.commit()


async def refuse(store: Store, actor_id: int | None, now: datetime, action: str, subject: str = "") -> None:
    """Puts a refusal that happened before any use case (unknown verb, outsider, channel) into the trail."""
    async with store.writing() as uow:
        await uow.trail.append(TrailEntry(now, f"refused.{action}", subject, actor_id))
        await uow.commit()
