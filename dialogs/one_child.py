"""Handlers of one child for one auditor."""

from dataclasses import replace

from dialogs import cycle, words
from dialogs.cards import one_child as cards
from dialogs.issuing import new_seed
from dialogs.payloads import issuing as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import one_child as say
from domain.calendar import Month
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.people import PersonId
from domain.ports import Once
from domain.usecases import one_child as usecases


async def form(talk: Talk, pressed: press.IssueOneForm) -> Reply:
    return await _form(talk, pressed.month or Month.of(talk.today), pressed.find)


async def _form(talk: Talk, month: Month, find: str = "", refused: Invalid | None = None) -> Reply:
    view = await usecases.one_form(talk.store, talk.policy, talk.actor, month, talk.now)
    problem = words.refusal(refused, talk.policy.texts.qa_contact) if refused else None
    return shown(cards.choose(view, find, problem))


async def preview(talk: Talk, pressed: press.IssueOnePreview) -> Reply:
    return await _preview(talk, pressed.month, pressed.auditor, talk.once)


async def _preview(talk: Talk, month: Month, person: PersonId, once: Once, lead: str | None = None) -> Reply:
    try:
        view = await usecases.one_preview(
            talk.store, talk.policy, talk.actor, month, person, new_seed(), talk.now, once
        )
    except Invalid as refused:
        if refused.code != "cannot_join":
            raise
        return await _form(talk, month, refused=refused)
    return shown(cards.preview(view, lead))


async def issue(talk: Talk, pressed: press.IssueOne) -> Reply:
    try:
        outcome = await usecases.issue_one(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.month,
            pressed.auditor,
            pressed.child,
            talk.now,
            talk.once,
        )
    except OutOfDate:
        again = replace(talk.once, key=f"{talk.once.key}|preview")
        return await _preview(talk, pressed.month, pressed.auditor, again, say.ONE_CHANGED)
    except Invalid as refused:
        if refused.code != "cannot_join":
            raise
        return await _form(talk, pressed.month, refused=refused)
    return await cycle.card_after(talk, outcome.subject)


async def change_form(talk: Talk, pressed: press.ChangeChildForm) -> Reply:
    view = await usecases.view_change(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
    return shown(cards.change(view))


async def change(talk: Talk, pressed: press.ChangeChild) -> Reply:
    """A stale press gets the audit as it is now; a refused one keeps what was typed where it is."""
    try:
        await usecases.change(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.ref,
            pressed.version,
            pressed.note,
            new_seed(),
            talk.now,
            talk.once,
        )
    except OutOfDate as refused:
        try:
            return await cycle.card_of(
                talk, pressed.ref, words.refusal(refused, talk.policy.texts.qa_contact)
            )
        except NotAllowed:
            raise refused from None
    except Invalid as refused:
        said = words.refusal(refused, talk.policy.texts.qa_contact)
        return await _none_left(talk, pressed.ref, said) if refused.code in _ENDS else Reply(text=said)
    return await cycle.card_after(talk, pressed.ref)


_ENDS = frozenset({"no_child_left", "changed_often_enough"})


async def _none_left(talk: Talk, ref: str, said: str) -> Reply:
    """Where no child is left to draw there is nothing to mend in the form: the way on is another auditor."""
    view = await usecases.view_change(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(cards.change(view, said, ended=True))


PRESSED: dict[type[Payload], Pressed] = {
    press.IssueOneForm: form,
    press.IssueOnePreview: preview,
    press.IssueOne: issue,
    press.ChangeChildForm: change_form,
    press.ChangeChild: change,
}
SAID: dict[str, Said] = {}
