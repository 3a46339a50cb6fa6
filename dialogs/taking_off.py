"""Handlers of taking an open audit off its auditor: parse, call one use case, render."""

from collections.abc import Mapping

from dialogs import audits, cycle, words
from dialogs import payloads as base
from dialogs.cards import taking_off as cards
from dialogs.payloads import requests as press
from dialogs.requests import reallocation_for
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import requests as say
from domain.audits import Audit, AuditState
from domain.cycle import Command
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.permissions import Belongs, Permission, allowed
from domain.usecases import audit_views, child_audits, request_views, taking_off


async def form(talk: Talk, pressed: press.TakeOffForm) -> Reply:
    return await form_of(talk, pressed.ref)


async def form_of(talk: Talk, ref: str) -> Reply:
    """The form; where it cannot be taken off, what is there instead. Raises NotFound, NotAllowed."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    if Command.FREE in view.commands:
        return shown(cards.form(view, longest=talk.policy.exemptions.note_longest))
    if Command.GIVE in view.commands:
        return await audits.freed_card(talk, view.audit.ref)
    own = view.audit.auditor_id == talk.actor.id
    return await cycle.card_of(talk, view.audit.ref, say.OWN_AUDIT if own else say.CANNOT_BE_MOVED)


async def take_off(talk: Talk, pressed: press.TakeOff) -> Reply:
    """Ends on the card of the child that needs another auditor now."""
    try:
        await taking_off.take_off(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, pressed.note, talk.now, talk.once
        )  # fmt: skip
    except OutOfDate as refused:
        try:
            return await cycle.card_of(talk, pressed.ref, _said(talk, refused))
        except NotAllowed:
            raise refused from None
    except Invalid as refused:
        return Reply(text=_said(talk, refused))
    return await audits.freed_card(talk, pressed.ref)


def _said(talk: Talk, refused: Invalid | OutOfDate) -> str:
    return words.refusal(refused, talk.policy.texts.qa_contact)


async def other_auditor_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """ "Give A-101 to another auditor": for the QA team of somebody else's audit the form that takes it off them; for
    an auditor the request for a change of their own."""
    if not allowed(talk.actor, Permission.AUDIT_REISSUE, Belongs(), talk.today):
        return await reallocation_for(talk, slots)
    ref = slots.get("ref") or slots.get("audit_ref") or await _of_child(talk, slots)
    mine = await request_views.awaited(talk.store, talk.actor, talk.now)
    if any(_open(audit) and (not ref or audit.ref.upper() == ref.upper()) for audit in mine):
        return await reallocation_for(talk, slots)
    return await form_of(talk, ref) if ref else Reply(text=say.TAKE_WHICH)


async def _of_child(talk: Talk, slots: Mapping[str, str]) -> str:
    """The one open audit of the child that was said."""
    if not slots.get("child_ref"):
        return ""
    found, _ = await child_audits.of_child(talk.store, talk.actor, slots["child_ref"], None, talk.now)
    waiting = [audit.ref for audit in found if _open(audit) or audit.state is AuditState.FREED]
    return waiting[0] if len(waiting) == 1 else ""


def _open(audit: Audit) -> bool:
    return audit.state is AuditState.ISSUED


PRESSED: dict[type[base.Payload], Pressed] = {press.TakeOffForm: form, press.TakeOff: take_off}
SAID: dict[str, Said] = {"reallocate_audit": other_auditor_for}
