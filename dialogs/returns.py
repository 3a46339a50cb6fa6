"""Handlers of the return: filled in step by step, looked at, handed in."""

import json
from collections.abc import Mapping

from dialogs import correcting, cycle, words
from dialogs.cards import return_review as reviews
from dialogs.cards import returns as cards
from dialogs.cards.parts import Rendered
from dialogs.cards.returns import Form
from dialogs.payloads import returns as press
from dialogs.payloads.base import Payload
from dialogs.payloads.returns import Go
from dialogs.return_words import said_for
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import returns as say
from domain.errors import Invalid, OutOfDate
from domain.ports import Outcome
from domain.return_rules import Then
from domain.usecases import returns as usecases
from domain.usecases.returns import Filling, Kept, NewAction
from domain.views.returns import ReturnView

BUDGET = 28 * 1024
_THEN = {Go.NEXT: Then.NEXT, Go.PREVIOUS: Then.PREVIOUS}


async def view_of(
    talk: Talk,
    ref: str,
    *,
    section: str | None = None,
    then: Then | None = None,
    review: bool = False,
    find: str = "",
    kept: Kept | None = None,
) -> ReturnView:
    return await usecases.view_step(
        talk.store,
        talk.policy,
        talk.actor,
        ref,
        talk.now,
        section=section,
        then=then,
        review=review,
        find=find,
        kept=kept,
    )


def show(view: ReturnView, form: Form = cards.EMPTY) -> Rendered:
    """The step, or past the last all of it."""
    return cards.step(view, form) if view.section else reviews.review(view)


async def open_(talk: Talk, pressed: press.ReturnOpen) -> Reply:
    """Where it was left. A return that is in can be corrected; one that is somebody else's now says so."""
    try:
        return shown(show(await view_of(talk, pressed.ref, section=pressed.section)))
    except OutOfDate as moved_on:
        return await _instead(talk, pressed.ref, moved_on)


async def _instead(talk: Talk, ref: str, moved_on: OutOfDate) -> Reply:
    try:
        return await correcting.menu_of(talk, ref)
    except OutOfDate:
        return await _moved_on(talk, ref, moved_on)


async def _moved_on(talk: Talk, ref: str, moved_on: OutOfDate) -> Reply:
    """The audit as it is now, and that nothing was saved."""
    return await cycle.card_of(talk, ref, words.refusal(moved_on, talk.policy.texts.qa_contact))


async def review(talk: Talk, pressed: press.ReturnReview) -> Reply:
    try:
        return shown(reviews.review(await view_of(talk, pressed.ref, review=True)))
    except OutOfDate as moved_on:
        return await _instead(talk, pressed.ref, moved_on)


async def save(talk: Talk, pressed: press.ReturnSave) -> Reply:
    """What is valid is saved; what is not stays on the card, and is said."""
    action = NewAction(pressed.description, pressed.owner, pressed.due_on, wanted=pressed.then is Go.ADD)
    form = Filling(
        pressed.ref,
        pressed.child,
        pressed.section,
        pressed.seen,
        pressed.answers,
        action if pressed.then is not Go.SEARCH else NewAction(),
        pressed.number if pressed.then is Go.REMOVE else None,
    )
    kept = Kept()
    try:
        outcome = await usecases.save_step(
            talk.store, talk.policy, talk.actor, form, talk.now, talk.once, kept
        )
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    return await _after(talk, pressed, problems_of(outcome), kept)


def problems_of(outcome: Outcome) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in outcome.facts.get("problems", "").split(";") if pair)


async def _after(talk: Talk, pressed: press.ReturnSave, problems: Mapping[str, str], kept: Kept) -> Reply:
    if problems:
        return await _refused(talk, pressed, problems)
    if pressed.then is Go.CLOSE:
        return shown(reviews.closed(await view_of(talk, pressed.ref, review=True)))
    if pressed.then is Go.REVIEW or pressed.section is None:
        return shown(show(await view_of(talk, pressed.ref, review=pressed.then is Go.REVIEW)))
    then = _THEN.get(pressed.then, Then.STAY)
    find = pressed.find if pressed.then is Go.SEARCH else ""
    view = await view_of(talk, pressed.ref, section=pressed.section, then=then, find=find, kept=kept)
    if pressed.then is Go.SEARCH:
        return shown(show(view, Form(_typed(pressed), find=find)))
    stays = pressed.then is Go.NEXT and view.section is not None and view.section.code == pressed.section
    return shown(show(view, Form(lead=_still(view) if stays else None)))


def _typed(pressed: press.ReturnSave) -> dict[str, str]:
    action = {"description": pressed.description, "owner": str(pressed.owner or "")}
    return {**pressed.answers, **action, "due_on": pressed.due_on.isoformat() if pressed.due_on else ""}


def _still(view: ReturnView) -> str | None:
    assert view.section is not None
    here = [one for one in view.missing if one.section == view.section.code]
    labels = [cards.label_of(view, code) for one in here for code in one.codes or (one.question.code,)]
    if not labels:
        return None
    follows = all(one.question.when is not None for one in here)
    return say.now_asked(labels) if follows else say.still_to_answer(labels)


async def _refused(talk: Talk, pressed: press.ReturnSave, problems: Mapping[str, str]) -> Reply:
    """The same form with all that was typed. Where that is too much for a card, a message: the card stays as it is,
    with what was typed in it."""
    form = Form(_typed(pressed), problems, pressed.find)
    view = await view_of(talk, pressed.ref, section=pressed.section, then=Then.STAY, find=pressed.find)
    rendered = cards.step(view, form) if pressed.section and view.section else cards.said(view, form)
    if len(json.dumps(rendered.card)) > BUDGET:
        return Reply(text=cards.problem_line(view, form))
    return shown(rendered)


async def hand_in(talk: Talk, pressed: press.HandIn) -> Reply:
    try:
        await usecases.hand_in(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.ref,
            pressed.seen,
            talk.now,
            talk.once,
            sure=pressed.sure,
        )
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    except Invalid as refused:
        problem = words.refusal(refused, talk.policy.texts.qa_contact)
        ask = refused.code == "rework_unchanged"
        return shown(reviews.review(await view_of(talk, pressed.ref, review=True), problem, unchanged=ask))
    return await cycle.card_after(talk, pressed.ref)


async def none_form(talk: Talk, pressed: press.NoneForm) -> Reply:
    try:
        return shown(reviews.none_form(await view_of(talk, pressed.ref, review=True)))
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)


async def none(talk: Talk, pressed: press.ReturnNone) -> Reply:
    try:
        await usecases.none_because(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.because, talk.now, talk.once
        )
    except OutOfDate as moved_on:
        return await _moved_on(talk, pressed.ref, moved_on)
    except Invalid as refused:
        problem = words.refusal(refused, talk.policy.texts.qa_contact)
        view = await view_of(talk, pressed.ref, review=True)
        return shown(reviews.none_form(view, pressed.because, problem))
    return await cycle.card_after(talk, pressed.ref)


PRESSED: dict[type[Payload], Pressed] = {
    press.ReturnOpen: open_,
    press.ReturnReview: review,
    press.ReturnSave: save,
    press.HandIn: hand_in,
    press.NoneForm: none_form,
    press.ReturnNone: none,
    **correcting.PRESSED,
}
SAID: dict[str, Said] = {"submit_audit": said_for, "correct_mistake": correcting.said_for}
