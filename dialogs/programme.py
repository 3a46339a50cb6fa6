"""Handlers of the year's programme."""

from collections.abc import Mapping

from dialogs import words
from dialogs.cards import programme as cards
from dialogs.payloads import pool as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import pool as say
from domain.calendar import Month
from domain.errors import Invalid
from domain.kinds import Kind
from domain.programme import Planned
from domain.usecases import programme as usecases


async def show(talk: Talk, pressed: press.ProgrammeShow) -> Reply:
    return await _programme(talk, pressed.month)


async def _programme(talk: Talk, month: Month | None, lead: str | None = None) -> Reply:
    view = await usecases.view(talk.store, talk.actor, month or Month.of(talk.today), talk.now)
    return shown(cards.programme(view, talk.policy, lead))


async def form(talk: Talk, pressed: press.ProgrammeForm) -> Reply:
    return await _form(talk, pressed.month, pressed.kind)


async def _form(
    talk: Talk,
    month: Month,
    kind: Kind,
    refused: Invalid | None = None,
    typed: Mapping[str, str] | None = None,
) -> Reply:
    view = await usecases.form(talk.store, talk.policy, talk.actor, month, kind, talk.now, typed)
    problem = words.refusal(refused, talk.policy.texts.qa_contact) if refused else None
    return shown(cards.form(view, talk.policy, problem))


async def save(talk: Talk, pressed: press.ProgrammeSave) -> Reply:
    planned = Planned(
        pressed.month,
        pressed.kind,
        pressed.expected,
        pressed.theme,
        pressed.cohorts,
        pressed.plan_note,
        pressed.seen,
    )
    try:
        await usecases.save(talk.store, talk.policy, talk.actor, planned, talk.now, talk.once)
    except Invalid as refused:
        typed = {
            "expected": str(pressed.expected or ""),
            "theme": pressed.theme,
            "cohorts": ",".join(pressed.cohorts),
            "plan_note": pressed.plan_note,
        }
        return await _form(talk, pressed.month, pressed.kind, refused, typed)
    return await _programme(talk, Month.of(talk.today), say.PROGRAMME_SAVED)


async def remove(talk: Talk, pressed: press.ProgrammeRemove) -> Reply:
    try:
        await usecases.remove(
            talk.store, talk.actor, pressed.month, pressed.kind, pressed.seen, talk.now, talk.once
        )
    except Invalid as refused:
        return await _form(talk, pressed.month, pressed.kind, refused)
    return await _programme(talk, Month.of(talk.today), say.PROGRAMME_REMOVED)


async def programme_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await _programme(talk, Month.parse(slots["month"]) if slots.get("month") else None)


PRESSED: dict[type[Payload], Pressed] = {
    press.ProgrammeShow: show,
    press.ProgrammeForm: form,
    press.ProgrammeSave: save,
    press.ProgrammeRemove: remove,
}
SAID: dict[str, Said] = {"programme": programme_for}
