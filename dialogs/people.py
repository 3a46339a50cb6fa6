"""Handlers of greetings, help and deputies."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs import words
from dialogs.cards import people as cards
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import home
from domain.errors import Invalid
from domain.usecases import people as usecases


async def hi(talk: Talk, pressed: press.Hi) -> Reply:
    return shown(cards.hi(talk.actor.person, talk.policy.texts))


async def help_(talk: Talk, pressed: press.Help) -> Reply:
    return shown(cards.help_(talk.actor.person, talk.policy.texts))


async def hi_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await hi(talk, press.Hi())


async def help_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await help_(talk, press.Help())


async def thanks(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return Reply(text=home.THANKS, public=True)


async def clarify(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return shown(cards.help_(talk.actor.person, talk.policy.texts, lead=home.CLARIFY))


async def deputies(talk: Talk, pressed: press.DelegationForm) -> Reply:
    return await _deputies(talk, find=pressed.find)


async def deputies_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await _deputies(talk)


async def _deputies(talk: Talk, *, find: str = "", problem: str | None = None) -> Reply:
    view = await usecases.delegations(talk.store, talk.actor, talk.now)
    return shown(cards.delegations(view, find=find, problem=problem))


async def make_deputy(talk: Talk, pressed: press.DelegationMake) -> Reply:
    try:
        await usecases.delegate(
            talk.store,
            talk.actor,
            pressed.delegate,
            pressed.scope,
            pressed.from_day,
            pressed.to_day,
            talk.now,
            talk.once,
        )
    except Invalid as refused:
        said = words.refusal(refused, talk.policy.texts.qa_contact)
        return await _deputies(talk, find=pressed.find, problem=said)
    return await _deputies(talk)


async def end_deputy(talk: Talk, pressed: press.DelegationEnd) -> Reply:
    await usecases.end_delegation(talk.store, talk.actor, pressed.id, talk.now, talk.once)
    return await _deputies(talk)


PRESSED: dict[type[press.Payload], Pressed] = {
    press.DelegationForm: deputies,
    press.DelegationMake: make_deputy,
    press.DelegationEnd: end_deputy,
    press.Help: help_,
    press.Hi: hi,
}
SAID: dict[str, Said] = {
    "delegation": deputies_for,
    "hi": hi_for,
    "help": help_for,
    "smalltalk": thanks,
    "clarify": clarify,
}
