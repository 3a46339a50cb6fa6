"""What was typed or pressed, to its handler: two tables. A refusal becomes an answer here, and nowhere else."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from dialogs import audits, exemptions, people, words
from dialogs import payloads as press
from dialogs.cards import people as people_cards
from dialogs.exemptions import shown
from dialogs.intents import understand
from dialogs.talk import Place, Reply, Talk
from dialogs.words import home
from domain.calendar import local_date
from domain.errors import Busy, CommitUnknown, DomainError, Replayed
from domain.people import Actor
from domain.policy import Policy
from domain.usecases.transaction import refuse

Pressed = Callable[[Talk, Any], Awaitable[Reply]]
Said = Callable[[Talk, Mapping[str, str]], Awaitable[Reply]]

PRESSED: dict[type[press.Payload], Pressed] = {
    press.MyAudit: audits.mine,
    press.FreedShow: audits.freed,
    press.Give: audits.give,
    press.ExemptionForm: exemptions.form,
    press.ExemptionRequest: exemptions.request,
    press.ExemptionShow: exemptions.show,
    press.Endorse: exemptions.decide,
    press.Approve: exemptions.decide,
    press.Decline: exemptions.decide,
    press.AskBack: exemptions.decide,
    press.Answer: exemptions.decide,
    press.Withdraw: exemptions.decide,
    press.ExemptionWaiting: exemptions.waiting,
    press.ExemptionList: exemptions.listing,
    press.DelegationForm: people.deputies,
    press.DelegationMake: people.make_deputy,
    press.DelegationEnd: people.end_deputy,
    press.Help: people.help_,
    press.Hi: people.hi,
    press.DeliveryShow: people.failed_messages,
}


async def _hi(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await people.hi(talk, press.Hi())


async def _help(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await people.help_(talk, press.Help())


async def _thanks(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return Reply(text=home.THANKS, public=True)


async def _clarify(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return shown(people_cards.help_(talk.actor.person, lead=home.CLARIFY))


SAID: dict[str, Said] = {
    "my_audits": audits.mine_for,
    "audit_deadline": audits.mine_for,
    "request_exemption": exemptions.form_for,
    "exemption_waiting": exemptions.waiting_for,
    "exemption_decision": exemptions.decision_for,
    "exemption_list": exemptions.listing_for,
    "exemption_show": exemptions.show_for,
    "delivery": people.failed_messages_for,
    "debug": people.debug,
    "clarify": _clarify,
    "delegation": people.deputies_for,
    "hi": _hi,
    "help": _help,
    "smalltalk": _thanks,
}
"""By intent; what has no handler yet is answered honestly, with what can be done instead."""


def danger(said: str, policy: Policy, now: datetime) -> Reply | None:
    """The live safeguarding route, where words read as if a child is in danger now (section 5); else None. It comes
    first, before anything else, wherever it was said and by whomever."""
    if understand(said, local_date(now)).name != "danger":
        return None
    return Reply(text=home.danger(policy.texts), public=True)


async def text(talk: Talk, said: str) -> Reply:
    """The answer to a typed message. Never silence, never a dead end."""
    first = danger(said, talk.policy, talk.now)
    if first is not None:
        return first
    intent = understand(said, talk.today)
    handler = SAID.get(intent.name)
    try:
        if handler is not None:
            return _in_place(talk, intent.name, await handler(talk, intent.slots))
        return await _no_handler(talk, intent.name)
    except (Busy, CommitUnknown, Replayed):
        raise
    except DomainError as refusal:
        return await _refused(talk, refusal)


def _in_place(talk: Talk, intent: str, reply: Reply) -> Reply:
    """`hi` and `help` name nobody and may be answered where others read along."""
    if talk.place is Place.PERSONAL or intent not in ("hi", "help"):
        return reply
    return Reply(text=home.in_channel(talk.policy.texts), public=True)


async def _no_handler(talk: Talk, intent: str) -> Reply:
    roles = talk.actor.roles
    if intent == "unknown":
        await refuse(talk.store, talk.actor.id, talk.now, "not_understood")
        help_card = people_cards.help_(talk.actor.person, lead=home.NOT_UNDERSTOOD)
        return shown(help_card)
    return Reply(text=home.not_yet(intent, roles, talk.policy.texts))


async def press_(talk: Talk, verb: str, data: Mapping[str, object]) -> Reply:
    """The answer to a pressed button."""
    try:
        payload = press.parse(verb, data)
        return await PRESSED[type(payload)](talk, payload)
    except (Busy, CommitUnknown, Replayed):
        raise
    except (press.UnknownVerb, press.Malformed) as unknown:
        await refuse(talk.store, talk.actor.id, talk.now, unknown.code)
        return Reply(text=words.refusal(unknown, talk.policy.texts.qa_contact))
    except DomainError as refusal:
        return await _refused(talk, refusal)


async def _refused(talk: Talk, refusal: DomainError) -> Reply:
    return Reply(text=words.refusal(refusal, talk.policy.texts.qa_contact))


def welcome(actor: Actor | None, policy: Policy, place: Place) -> Reply:
    """Said once, at install."""
    if place is not Place.PERSONAL:
        return Reply(text=home.in_channel(policy.texts), public=True)
    if actor is None:
        return unknown_person(policy, place)
    return shown(people_cards.welcome(actor.person, policy.texts))


def unknown_person(policy: Policy, place: Place) -> Reply:
    """For somebody who is not on the list: a polite way in, and nothing else."""
    if place is not Place.PERSONAL:
        return Reply(text=home.in_channel(policy.texts), public=True)
    return Reply(text=home.unknown_person(policy.texts))


def cannot_look_up() -> Reply:
    return Reply(text=home.CANNOT_LOOK_UP, public=True)


def only_in_personal_chat() -> Reply:
    return Reply(text=home.only_in_personal_chat())


def answered_privately() -> Reply:
    return Reply(text=home.ANSWERED_PRIVATELY, public=True)


def personal_chat_closed() -> Reply:
    return Reply(text=home.only_in_personal_chat(), public=True)
