"""Handlers of everything about messages that did not arrive, and of how the program is: everybody gets what to quote
in a report, the QA team and the head of quality the self-check."""

from collections.abc import Mapping
from importlib.metadata import version

from dialogs import payloads as press
from dialogs.cards import deliveries as cards
from dialogs.cards import selfcheck as check_cards
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import home
from domain.usecases import deliveries as usecases


async def failed_messages(talk: Talk, pressed: press.DeliveryShow) -> Reply:
    return shown(cards.failed(await usecases.failed(talk.store, talk.actor, talk.now)))


async def failed_messages_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await failed_messages(talk, press.DeliveryShow())


async def debug(talk: Talk, pressed: press.Debug) -> Reply:
    """References and codes, no names but in the QA team's own list of what did not arrive."""
    roles = [role.value for role in talk.actor.roles]
    quote = home.debug(
        correlation_id=talk.correlation, ref=f"P-{talk.actor.id}", roles=roles, version=version("audit-bot")
    )
    if not usecases.may_look(talk.actor, talk.now):
        return Reply(text=quote)
    failed = await usecases.latest(talk.store, talk.actor, talk.now)
    return shown(check_cards.checked(talk.checked(), failed, quote))


async def debug_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await debug(talk, press.Debug())


PRESSED: dict[type[press.Payload], Pressed] = {press.DeliveryShow: failed_messages, press.Debug: debug}
SAID: dict[str, Said] = {"delivery": failed_messages_for, "debug": debug_for}
