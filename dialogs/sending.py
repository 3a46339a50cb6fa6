"""Words a message of the outbox when it is sent, from the state as it is then; None where nothing is left to say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs import notices
from dialogs.notices import Told
from domain.calendar import local_date
from domain.errors import NotAllowed, NotFound
from domain.notices import NoticeKind
from domain.people import Actor, PersonId
from domain.policy import Policy
from domain.ports import Store
from domain.usecases import audits, deliveries, exemption_views, freeing, people


@dataclass(frozen=True, slots=True)
class Message:
    """`shows` is the version of the subject on the card; None where the card shows none that could change."""

    card: dict[str, Any]
    summary: str
    notify: bool
    shows: int | None


@dataclass(frozen=True, slots=True)
class Sending:
    """One row of the outbox, with all that wording it needs."""

    store: Store
    policy: Policy
    reader: Actor
    kind: NoticeKind
    subject: str
    now: datetime


async def render(
    store: Store, policy: Policy, kind: str, subject: str, person_id: PersonId, now: datetime
) -> Message | None:
    """Somebody who has left, or may no longer see the subject, is told nothing."""
    async with store.reading() as uow:
        reader = await uow.people.actor_of(person_id)
    if reader is None:
        return None
    sending = Sending(store, policy, reader, NoticeKind(kind), subject, now)
    here = reader.person.active_on(local_date(now))
    try:
        return await _WORDED[sending.kind](sending) if here else _closed(sending)
    except (NotAllowed, NotFound):
        return _closed(sending)


def _closed(sending: Sending) -> Message | None:
    """A card that stands with somebody who may no longer see what it shows is emptied, so that it does not look
    open for ever; nothing new is sent to them."""
    if sending.kind is not NoticeKind.CARD_UPDATE:
        return None
    return _message(notices.closed(sending.subject))


def _message(told: Told, shows: int | None = None) -> Message:
    return Message(told.card, told.summary, told.notify, shows)


async def _exemption(sending: Sending) -> Message | None:
    view = await exemption_views.view(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    if sending.kind in _TO_ANSWER and not view.commands:
        return None
    return _message(notices.EXEMPTION[sending.kind](view), view.exemption.version)


_TO_ANSWER = frozenset({NoticeKind.EXEMPTION_TO_DECIDE, NoticeKind.EXEMPTION_ASKED_BACK})
"""Asked for an answer that is no longer wanted from this reader: it was given meanwhile, or somebody else is asked."""


async def _chased(sending: Sending) -> Message | None:
    """One message for all that waits: the request itself where it is the only one, else the list."""
    waiting = await exemption_views.waiting(sending.store, sending.reader, sending.now)
    refs = [line.exemption.ref for line in (*waiting.lines, *waiting.asked_back)]
    if not refs and not waiting.freed:
        return None
    if waiting.freed or refs != [sending.subject]:
        return _message(notices.exemptions_chased(waiting, sending.policy.exemptions.by_code))
    return await _exemption(sending)


async def _stuck(sending: Sending) -> Message:
    """Not kept up to date as a card of the request: it is read once, and has nothing to press."""
    view = await exemption_views.view(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    return _message(notices.exemption_stuck(view))


async def _card_update(sending: Sending) -> Message:
    """Worded by what the card shows."""
    if not sending.subject.startswith("E-"):
        freed = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
        return _message(notices.freed_update(freed), freed.audit.version)
    view = await exemption_views.view(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    return _message(notices.exemption_update(view), view.exemption.version)


async def _audit_freed(sending: Sending) -> Message | None:
    freed = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
    if freed.given_to is not None:
        return None
    return _message(notices.audit_freed(freed), freed.audit.version)


async def _audit_given(sending: Sending) -> Message | None:
    mine = await audits.audits_with(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    return None if mine is None else _message(notices.audit_given(mine, sending.subject))


async def _delegation_made(sending: Sending) -> Message | None:
    number = sending.subject.removeprefix("D-")
    found = await people.view_delegation(sending.store, int(number))
    if found is None or found[0].to_day < local_date(sending.now):
        return None
    return _message(notices.delegation_made(found[0], found[1]))


async def _delivery_failed(sending: Sending) -> Message | None:
    first = int(sending.subject.removeprefix("M-"))
    view = await deliveries.failed(sending.store, sending.reader, sending.now, first)
    return _message(notices.delivery_failed(view)) if view.lines else None


async def _reply_lost(sending: Sending) -> Message:
    return _message(notices.reply_lost())


async def _welcome(sending: Sending) -> Message:
    return _message(notices.welcome(sending.reader.person, sending.policy.texts))


_WORDED: dict[NoticeKind, Callable[[Sending], Awaitable[Message | None]]] = {
    **dict.fromkeys(notices.EXEMPTION, _exemption),
    NoticeKind.EXEMPTION_CHASED: _chased,
    NoticeKind.EXEMPTION_STUCK: _stuck,
    NoticeKind.CARD_UPDATE: _card_update,
    NoticeKind.AUDIT_FREED: _audit_freed,
    NoticeKind.AUDIT_GIVEN: _audit_given,
    NoticeKind.DELEGATION_MADE: _delegation_made,
    NoticeKind.DELIVERY_FAILED: _delivery_failed,
    NoticeKind.WELCOME: _welcome,
    NoticeKind.REPLY_LOST: _reply_lost,
}
