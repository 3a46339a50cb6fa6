"""Handlers of what is put right in a return that is in."""

from collections.abc import Mapping

from dialogs import cycle, words
from dialogs.cards import corrections as cards
from dialogs.cards import moderation_lists as lists
from dialogs.cards.returns import Form
from dialogs.payloads import returns as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Talk, shown
from dialogs.words import returns as say
from domain.audits import TO_MODERATE
from domain.cycle import still_moving
from domain.errors import Invalid, OutOfDate
from domain.ports import AuditFilter
from domain.usecases import corrections as usecases
from domain.usecases import moderation_views
from domain.usecases.corrections import Correction
from domain.views.returns import ReturnView


async def _view(talk: Talk, ref: str, section: str | None = None) -> ReturnView:
    return await usecases.view(talk.store, talk.policy, talk.actor, ref, talk.now, section)


async def menu_of(talk: Talk, ref: str) -> Reply:
    """Raises OutOfDate where nothing can be corrected any more."""
    return shown(cards.menu(await _view(talk, ref)))


async def form(talk: Talk, pressed: press.CorrectForm) -> Reply:
    try:
        view = await _view(talk, pressed.ref, pressed.section)
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    return shown(cards.step(view) if view.section else cards.menu(view))


async def _moved_on(talk: Talk, ref: str, moved_on: OutOfDate) -> Reply:
    return await cycle.card_of(talk, ref, words.refusal(moved_on, talk.policy.texts.qa_contact))


async def correct(talk: Talk, pressed: press.Correct) -> Reply:
    wanted = Correction(pressed.ref, pressed.version, pressed.section, pressed.answers, pressed.note)
    try:
        outcome = await usecases.correct(talk.store, talk.policy, talk.actor, wanted, talk.now, talk.once)
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    except Invalid as refused:
        return await _again(talk, pressed, {}, words.refusal(refused, talk.policy.texts.qa_contact))
    if outcome.code != "audit.correct":
        said = outcome.facts["problems"]
        return await _again(talk, pressed, dict(pair.split("=", 1) for pair in said.split(";")), None)
    return await cycle.card_after(talk, pressed.ref, say.CORRECTED)


async def _again(talk: Talk, pressed: press.Correct, problems: dict[str, str], problem: str | None) -> Reply:
    """The same form, with what was typed."""
    view = await _view(talk, pressed.ref, pressed.section)
    if view.section is None:
        return shown(cards.menu(view, problem))
    return shown(cards.step(view, Form(pressed.answers, problems), pressed.note, problem))


async def child_form(talk: Talk, pressed: press.ChildForm) -> Reply:
    try:
        return shown(cards.child(await _view(talk, pressed.ref)))
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)


async def child(talk: Talk, pressed: press.CorrectChild) -> Reply:
    try:
        await usecases.correct_child(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.ref,
            pressed.version,
            pressed.other_child,
            pressed.note,
            talk.now,
            talk.once,
        )
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    except Invalid as refused:
        problem = words.refusal(refused, talk.policy.texts.qa_contact)
        view = await _view(talk, pressed.ref)
        return shown(cards.child(view, pressed.other_child, pressed.note, problem))
    return await cycle.card_after(talk, pressed.ref, say.CORRECTED)


async def said_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """The return that was named, the only one that is in and not judged, or which of them is meant."""
    if slots.get("ref"):
        return await menu_of(talk, slots["ref"])
    in_and_not_judged = AuditFilter(
        auditor_id=talk.actor.id, states=TO_MODERATE, months=still_moving(None, talk.today)
    )
    found = await moderation_views.candidates(talk.store, talk.actor, in_and_not_judged, talk.now)
    if found.total == 1:
        return await menu_of(talk, found.lines[0].ref)
    return shown(lists.which(found, press.CorrectForm, say.CORRECT_WHICH, none=say.NOTHING_TO_CORRECT))


PRESSED: dict[type[Payload], Pressed] = {
    press.CorrectForm: form,
    press.Correct: correct,
    press.ChildForm: child_form,
    press.CorrectChild: child,
}
