"""What was typed or pressed, to its handler: two tables, gathered from the modules of the nouns. A refusal becomes an
answer here, and nowhere else."""

from collections.abc import Mapping
from datetime import datetime

from dialogs import (
    activities,
    audits,
    concern_answers,
    concerns,
    concerns_said,
    cycle,
    deliveries,
    exemptions,
    issuing,
    locking,
    moderation,
    moderation_said,
    one_child,
    participation,
    people,
    pool,
    programme,
    requests,
    returns,
    taking_off,
    words,
)
from dialogs import payloads as press
from dialogs.cards import people as people_cards
from dialogs.intents import Intent, understand
from dialogs.merging import merged
from dialogs.talk import Place, Reply, Talk, shown
from dialogs.words import home
from domain.calendar import local_date
from domain.errors import Busy, CommitUnknown, DomainError, Replayed
from domain.people import Actor
from domain.policy import Policy
from domain.usecases.transaction import refuse

NOUNS = (
    audits,
    concern_answers,
    concerns,
    concerns_said,
    cycle,
    deliveries,
    exemptions,
    people,
    issuing,
    one_child,
    pool,
    programme,
    requests,
    taking_off,
    returns,
    participation,
    moderation,
    locking,
    moderation_said,
    activities,
)
PRESSED = merged(noun.PRESSED for noun in NOUNS)
SAID = merged(noun.SAID for noun in NOUNS)
"""By intent; what has no handler yet is answered honestly, with what can be done instead."""


def danger(said: str, policy: Policy, now: datetime) -> Reply | None:
    """The live safeguarding route, where words read as if a child is in danger now (section 5); else None. It comes
    first, before anything else, wherever it was said and by whomever."""
    if understand(said, local_date(now)).name != "danger":
        return None
    return Reply(text=home.danger(policy.texts), public=True)


async def after_danger(talk: Talk, said: str) -> Reply:
    """The form to raise it, for somebody who is known and alone with us; comes after the route, never in its place."""
    return await concerns.in_danger(talk, said)


def no_form_after_danger() -> Reply:
    return Reply(text=home.DANGER_NO_FORM)


async def text(talk: Talk, said: str) -> Reply:
    """The answer to a typed message. Never silence, never a dead end."""
    first = danger(said, talk.policy, talk.now)
    if first is not None:
        return first
    intent = understand(said, talk.today)
    handler = SAID.get(intent.name)
    try:
        other = await _about_a_concern(talk, said, intent)
        if other is not None:
            return other
        if handler is not None:
            return _in_place(talk, intent.name, await handler(talk, intent.slots))
        return await _no_handler(talk, intent.name)
    except (Busy, CommitUnknown, Replayed):
        raise
    except DomainError as refusal:
        return await _refused(talk, refusal)


async def _about_a_concern(talk: Talk, said: str, intent: Intent) -> Reply | None:
    """An alert that waits comes before "you're welcome", and a child's concern before "no audit"."""
    if intent.name in ("unknown", "smalltalk", "clarify"):
        waits = await concern_answers.still_waiting(talk, said)
        if waits is not None:
            return waits
    if intent.name in ("unknown", "audit_show", "audit_deadline"):
        return await concern_answers.instead(talk, intent.slots, understood=intent.name != "unknown")
    return None


def _in_place(talk: Talk, intent: str, reply: Reply) -> Reply:
    """`hi` and `help` name nobody and may be answered where others read along."""
    if talk.place is Place.PERSONAL or intent not in ("hi", "help"):
        return reply
    return Reply(text=home.in_channel(talk.policy.texts), public=True)


async def _no_handler(talk: Talk, intent: str) -> Reply:
    roles = talk.actor.roles
    if intent == "unknown":
        await refuse(talk.store, talk.actor.id, talk.now, "not_understood")
        help_card = people_cards.help_(talk.actor.person, talk.policy.texts, lead=home.NOT_UNDERSTOOD)
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
