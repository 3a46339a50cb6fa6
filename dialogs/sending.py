"""Words a message of the outbox when it is sent, from the state as it is then; None where nothing is left to say.
What is told of each noun is in a module of its own in `dialogs/telling/`."""

from datetime import datetime

from dialogs.cards import parts
from dialogs.merging import merged
from dialogs.neutral import one_line
from dialogs.payloads import ExemptionWaiting
from dialogs.telling import (
    audits,
    concerns,
    deliveries,
    exemptions,
    issuing,
    moderation,
    other_child,
    participation,
    people,
    pool,
    requests,
    returns,
)
from dialogs.telling.base import Message, Sending, Told, Worded, message
from dialogs.words import notices as say
from domain.calendar import local_date
from domain.errors import NotAllowed, NotFound
from domain.notices import NoticeKind, actions_of
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import CycleStore

__all__ = ["NOUNS", "UPDATES", "WORDED", "Message", "Sending", "closed", "render"]


async def render(
    store: CycleStore, policy: Policy, kind: str, subject: str, person_id: PersonId, now: datetime
) -> Message | None:
    """Somebody who has left, or may no longer see the subject, is told nothing."""
    async with store.reading() as uow:
        reader = await uow.people.actor_of(person_id)
    if reader is None:
        return None
    sending = Sending(store, policy, reader, NoticeKind(kind), subject, now)
    here = reader.person.active_on(local_date(now))
    try:
        return await WORDED[sending.kind](sending) if here else _closed(sending)
    except (NotAllowed, NotFound):
        return _closed(sending)


def _closed(sending: Sending) -> Message | None:
    """A card that stands with somebody who may no longer see what it shows is emptied, so that it does not look
    open for ever; nothing new is sent to them."""
    if sending.kind is not NoticeKind.CARD_UPDATE:
        return None
    return message(closed(sending.subject))


def closed(ref: str) -> Told:
    """In the place of a card whose reader may no longer see what it showed."""
    ref = one_line(ref, 40)
    waiting = parts.button("What is waiting for me", ExemptionWaiting().press())
    card = parts.card([parts.heading(ref), parts.say(say.NOT_YOURS)], [waiting])
    return Told(card, f"{ref}: {say.NOT_YOURS}", notify=False)


async def _card_update(sending: Sending) -> Message | None:
    """Worded by what the card shows."""
    if actions_of(sending.subject):
        return await returns.actions_updated(sending)
    for prefix, update in UPDATES.items():
        if sending.subject.startswith(prefix):
            return await update(sending)
    try:
        return await audits.updated(sending)
    except NotAllowed:
        return await other_child.instead(sending)


NOUNS = (
    audits, concerns, deliveries, exemptions, people, issuing, pool, requests, returns, participation, moderation,
    other_child,
)  # fmt: skip
WORDED: dict[NoticeKind, Worded] = merged(
    [{NoticeKind.CARD_UPDATE: _card_update}, *(noun.WORDED for noun in NOUNS)]
)
UPDATES: dict[str, Worded] = merged([concerns.UPDATES, exemptions.UPDATES, requests.UPDATES])
"""By how the reference of what the card shows begins; what begins otherwise is an audit."""
