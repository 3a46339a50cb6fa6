"""What people are told about deputies, and first of all."""

from dialogs.cards import parts
from dialogs.cards import people as cards
from dialogs.payloads import ExemptionWaiting, Help
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import people as say
from domain.calendar import local_date
from domain.notices import NoticeKind
from domain.people import Delegation, Person
from domain.policy import Texts
from domain.usecases import people as usecases


def delegation_made(delegation: Delegation, delegator: Person) -> Told:
    text = say.deputy_told(parts.name(delegator), delegation)
    card = parts.card(
        [parts.heading("You have been named as deputy"), parts.say(text)],
        [
            parts.button("What is waiting for me", ExemptionWaiting().press()),
            parts.button("Help", Help().press()),
        ],
    )
    return Told(card, text, notify=True)


def welcome(person: Person, texts: Texts) -> Told:
    return told(cards.welcome(person, texts), notify=False)


async def _delegation_made(sending: Sending) -> Message | None:
    number = sending.subject.removeprefix("D-")
    found = await usecases.view_delegation(sending.store, int(number))
    if found is None or found[0].to_day < local_date(sending.now):
        return None
    return message(delegation_made(found[0], found[1]))


async def _welcome(sending: Sending) -> Message:
    return message(welcome(sending.reader.person, sending.policy.texts))


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.DELEGATION_MADE: _delegation_made,
    NoticeKind.WELCOME: _welcome,
}
