"""To who was told of an audit as another child's: that it is not about that child."""

from dialogs.cards import other_child as cards
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from domain.notices import NoticeKind
from domain.usecases import other_child as usecases
from domain.usecases.other_child import OtherChild


def not_of_child(view: OtherChild) -> Told:
    return told(cards.not_of_child(view), notify=True)


async def instead(sending: Sending) -> Message:
    """In the place of a card whose reader saw the audit as the first child's. Raises NotFound, NotAllowed."""
    view = await usecases.was_about(sending.store, sending.reader, sending.subject, sending.now)
    return message(told(cards.not_of_child(view), notify=False), view.audit.version)


async def _not_of_child(sending: Sending) -> Message | None:
    view = await usecases.was_about(sending.store, sending.reader, sending.subject, sending.now)
    return message(not_of_child(view))


WORDED: dict[NoticeKind, Worded] = {NoticeKind.AUDIT_NOT_OF_CHILD: _not_of_child}
