"""Handlers of everything about messages that did not arrive."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs.cards import deliveries as cards
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from domain.usecases import deliveries as usecases


async def failed_messages(talk: Talk, pressed: press.DeliveryShow) -> Reply:
    return shown(cards.failed(await usecases.failed(talk.store, talk.actor, talk.now)))


async def failed_messages_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await failed_messages(talk, press.DeliveryShow())


PRESSED: dict[type[press.Payload], Pressed] = {press.DeliveryShow: failed_messages}
SAID: dict[str, Said] = {"delivery": failed_messages_for}
