"""Handlers of more time for an audit, and of another child or another auditor: parse, call one use case, render."""

import secrets
from collections.abc import Awaitable, Mapping
from datetime import date

from dialogs import audits, words
from dialogs import payloads as base
from dialogs.cards import wish_forms as forms
from dialogs.cards import wishes as cards
from dialogs.payloads import requests as press
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import requests as say
from domain.audits import Audit, AuditState
from domain.errors import Invalid, NotAllowed, NotFound, OutOfDate
from domain.ports import Outcome
from domain.requests import Request, Wish
from domain.usecases import reallocation
from domain.usecases import request_views as views
from domain.usecases import requests as usecases


async def show(talk: Talk, pressed: press.RequestShow) -> Reply:
    return await card_of(talk, pressed.ref)


async def card_of(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """The request as it is now, for this viewer. Raises NotFound, NotAllowed."""
    view = await views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(cards.request(view, lead), view.request.ref, view.request.version)


async def _card_after(talk: Talk, ref: str) -> Reply:
    """After a command, whose own commit has remembered what the pressed card shows from now on."""
    view = await views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(cards.request(view), ref)


# asking


async def slippage_form(talk: Talk, pressed: press.SlippageForm) -> Reply:
    filled = {"wanted_on": pressed.wanted_on.isoformat()} if pressed.wanted_on else {}
    return await _form(talk, pressed.ref, Wish.SLIPPAGE, filled, anew=pressed.anew)


async def reallocation_form(talk: Talk, pressed: press.ReallocationForm) -> Reply:
    return await _form(talk, pressed.ref, Wish.REALLOCATION, {"reason": pressed.why} if pressed.why else {})


async def _form(
    talk: Talk, ref: str, wish: Wish, filled: Mapping[str, str], *, anew: bool = False, refused: Invalid | None = None
) -> Reply:  # fmt: skip
    view = await views.form(talk.store, talk.policy, talk.actor, ref, wish, talk.now, filled, anew=anew)
    if isinstance(view, Request):
        lead = say.OPEN_ALREADY if wish is Wish.SLIPPAGE else say.OPEN_CHANGE_ALREADY
        return await card_of(talk, view.ref, lead)
    problem = _said(talk, refused) if refused else None
    return shown(forms.form(view, longest=talk.policy.exemptions.note_longest, problem=problem))


async def ask_slippage(talk: Talk, pressed: press.SlippageAsk) -> Reply:
    wanted = usecases.Slip(
        pressed.ref, pressed.version, pressed.wanted_on, pressed.explanation, pressed.changes
    )
    try:
        made = await usecases.ask_slippage(talk.store, talk.policy, talk.actor, wanted, talk.now, talk.once)
    except Invalid as refused:
        filled = {"wanted_on": pressed.wanted_on.isoformat(), "explanation": pressed.explanation}
        anew = pressed.changes is not None
        return await _form(talk, pressed.ref, Wish.SLIPPAGE, filled, anew=anew, refused=refused)
    return await _card_after(talk, made.subject)


async def ask_reallocation(talk: Talk, pressed: press.ReallocationAsk) -> Reply:
    try:
        made = await usecases.ask_reallocation(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, pressed.reason,
            pressed.explanation, talk.now, talk.once,
        )  # fmt: skip
    except Invalid as refused:
        filled = {"reason": pressed.reason, "explanation": pressed.explanation}
        return await _form(talk, pressed.ref, Wish.REALLOCATION, filled, refused=refused)
    return await _card_after(talk, made.subject)


# answering


async def agree(talk: Talk, pressed: press.RequestAgree | press.RequestAgreeOther) -> Reply:
    day = pressed.agreed_on if isinstance(pressed, press.RequestAgreeOther) else None
    done = usecases.agree(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, day, talk.now, talk.once
    )
    return await _answered(talk, pressed.ref, done)


async def refuse(talk: Talk, pressed: press.RequestRefuse | press.RequestSuggestExemption) -> Reply:
    note = pressed.note if isinstance(pressed, press.RequestRefuse) else say.EXEMPTION_INSTEAD
    done = usecases.refuse(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, note, talk.now, talk.once
    )
    return await _answered(talk, pressed.ref, done)


async def withdraw(talk: Talk, pressed: press.RequestWithdraw) -> Reply:
    done = usecases.withdraw(talk.store, talk.actor, pressed.ref, pressed.version, talk.now, talk.once)
    return await _answered(talk, pressed.ref, done)


async def redraw(talk: Talk, pressed: press.RequestRedraw) -> Reply:
    seed = secrets.token_hex(8)
    done = reallocation.redraw(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, seed, talk.now, talk.once
    )
    return await _answered(talk, pressed.ref, done)


async def take_off(talk: Talk, pressed: press.RequestTakeOff) -> Reply:
    """Ends on the card of the child that needs another auditor now."""
    done = reallocation.take_off(talk.store, talk.actor, pressed.ref, pressed.version, talk.now, talk.once)
    return await _answered(talk, pressed.ref, done)


async def _answered(talk: Talk, ref: str, done: Awaitable[Outcome]) -> Reply:
    """A stale press, and one of somebody who may not answer, gets the card as it is now, and says so; who may not see
    it gets the refusal alone. What was typed stays where it is, to be mended."""
    try:
        outcome = await done
    except (OutOfDate, NotAllowed) as refused:
        try:
            return await card_of(talk, ref, _said(talk, refused))
        except (NotAllowed, NotFound):
            raise refused from None
    except Invalid as refused:
        return Reply(text=_said(talk, refused))
    if outcome.facts.get("effect") == "auditor":
        return await audits.freed_card(talk, outcome.subject)
    return await _card_after(talk, ref)


def _said(talk: Talk, refused: Invalid | OutOfDate | NotAllowed) -> str:
    return words.refusal(refused, talk.policy.texts.qa_contact)


async def waiting(talk: Talk, pressed: press.RequestsOpen) -> Reply:
    """What waits for the presser; the one request itself, where it is only one."""
    lines = await views.waiting_for(talk.store, talk.actor, talk.now)
    if len(lines) == 1:
        return await card_of(talk, lines[0].request.ref)
    return shown(forms.waiting(lines))


# in words


async def slippage_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """ "might slip to Wednesday": opens the form with the day filled in."""
    found = _meant(await views.awaited(talk.store, talk.actor, talk.now), slots)
    if not found:
        return Reply(text=say.NO_AUDIT)
    day = _day(slots.get("new_date", ""))
    if len(found) > 1:
        return shown(forms.which(found, Wish.SLIPPAGE, wanted_on=day))
    filled = {"wanted_on": day.isoformat()} if day else {}
    return await _form(talk, found[0].ref, Wish.SLIPPAGE, filled)


async def reallocation_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    mine = await views.awaited(talk.store, talk.actor, talk.now)
    found = _meant([audit for audit in mine if audit.state is AuditState.ISSUED], slots)
    if not found:
        return Reply(text=say.NOTHING_TO_CHANGE)
    why = slots.get("reason")
    if len(found) > 1:
        return shown(forms.which(found, Wish.REALLOCATION, why=why))
    return await _form(talk, found[0].ref, Wish.REALLOCATION, {"reason": why} if why else {})


def _meant(mine: list[Audit], slots: Mapping[str, str]) -> list[Audit]:
    """Those that fit what was said of reference, child and month; all of them where nothing fits."""
    refs = {slots.get(name, "").upper() for name in ("ref", "audit_ref")} - {""}
    child = slots.get("child_ref", "").upper().removeprefix("C").removeprefix("-")
    named = [
        audit
        for audit in mine
        if audit.ref.upper() in refs or (child and child == (audit.child_ref or "").upper().removeprefix("C"))
    ]
    of_month = [audit for audit in mine if str(audit.month) == slots.get("month")]
    return named or of_month or mine


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


async def waiting_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await waiting(talk, press.RequestsOpen())


PRESSED: dict[type[base.Payload], Pressed] = {
    press.SlippageForm: slippage_form,
    press.SlippageAsk: ask_slippage,
    press.ReallocationForm: reallocation_form,
    press.ReallocationAsk: ask_reallocation,
    press.RequestShow: show,
    press.RequestsOpen: waiting,
    press.RequestAgree: agree,
    press.RequestAgreeOther: agree,
    press.RequestRedraw: redraw,
    press.RequestTakeOff: take_off,
    press.RequestRefuse: refuse,
    press.RequestSuggestExemption: refuse,
    press.RequestWithdraw: withdraw,
}
SAID: dict[str, Said] = {
    "report_slippage": slippage_for,
    "audit_requests": waiting_for,
}
"""Another child or another auditor in words: `dialogs/taking_off.py`."""
