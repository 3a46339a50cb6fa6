"""Answers about children of concern that take no step: what the categories mean, how one went on, and that an alert
still waits for somebody who believes they have taken it."""

from collections.abc import Mapping

from dialogs import concerns
from dialogs import payloads as base
from dialogs.cards.concern_meaning import meaning_card
from dialogs.concern_phrases import takes_it
from dialogs.payloads import concerns as press
from dialogs.spelling import plain
from dialogs.talk import Place, Pressed, Reply, Said, Talk, shown
from dialogs.words import concern_answers as say
from domain.concern_workflow import Command
from domain.errors import NotAllowed, NotFound
from domain.usecases import child_audits, concern_meant

Slots = Mapping[str, str]


async def meaning_for(talk: Talk, slots: Slots) -> Reply:
    return shown(meaning_card())


async def export_for(talk: Talk, slots: Slots) -> Reply:
    return await concerns.tracker_of(talk, press.Tracker(), say.no_export(talk.policy.texts.qa_contact))


async def timeline_for(talk: Talk, slots: Slots) -> Reply:
    ref = await _named(talk, slots)
    if ref is None:
        raise NotFound(ref=slots.get("concern_ref") or slots.get("child_ref", ""), kind="concern")
    return await concerns.timeline(talk, press.Timeline(ref=ref))


async def _named(talk: Talk, slots: Slots) -> str | None:
    return await concern_meant.named(
        talk.store, talk.actor, slots.get("child_ref", ""), slots.get("concern_ref", ""), talk.now
    )


async def still_waiting(talk: Talk, said: str) -> Reply | None:
    """The card of the alert that waits for who writes "on it" or "noted"; nothing is done by words alone."""
    if talk.place is not Place.PERSONAL or not takes_it(plain(said)):
        return None
    try:
        found = await concern_meant.waiting_for_step(
            talk.store, talk.policy, talk.actor, None, (Command.ACKNOWLEDGE,), talk.now
        )
    except NotAllowed:
        return None
    waiting = [view.concern.ref for view in found if view.concern.climbing]
    if not waiting:
        return None
    return await concerns.card_of(talk, waiting[0], say.still_waits(len(waiting) - 1))


async def instead(talk: Talk, slots: Slots, *, understood: bool) -> Reply | None:
    """The card of the child of concern, where a child is named in what is not understood, or the reader may see no
    audit of that child: what was written is then about the concern."""
    child = slots.get("child_ref", "")
    if talk.place is not Place.PERSONAL or slots.get("audit_ref") or not child:
        return None
    try:
        if understood and (await child_audits.of_child(talk.store, talk.actor, child, None, talk.now))[1]:
            return None
        ref = await _named(talk, {"child_ref": child})
        return await concerns.card_of(talk, ref) if ref else None
    except (NotAllowed, NotFound):
        return None


PRESSED: dict[type[base.Payload], Pressed] = {}
SAID: dict[str, Said] = {
    "coc_meaning": meaning_for,
    "coc_export": export_for,
    "coc_timeline": timeline_for,
}
