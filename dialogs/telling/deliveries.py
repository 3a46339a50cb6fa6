"""What people are told about messages that did not arrive."""

from dialogs.cards import deliveries as cards
from dialogs.cards import people as people_cards
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import notices as say
from domain.notices import NoticeKind
from domain.usecases import deliveries as usecases
from domain.views import FailedDeliveries


def failed(view: FailedDeliveries) -> Told:
    """To the QA team: which messages did not reach whom, and what to do."""
    return told(cards.failed(view), notify=True)


def reply_lost() -> Told:
    return told(people_cards.note("My answer did not arrive", say.REPLY_LOST), notify=True)


async def _failed(sending: Sending) -> Message | None:
    first = int(sending.subject.removeprefix("M-"))
    view = await usecases.failed(sending.store, sending.reader, sending.now, first)
    return message(failed(view)) if view.lines else None


async def _reply_lost(sending: Sending) -> Message:
    return message(reply_lost())


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.DELIVERY_FAILED: _failed,
    NoticeKind.REPLY_LOST: _reply_lost,
}
