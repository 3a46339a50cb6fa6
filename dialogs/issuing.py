"""Handlers of the monthly draw."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from dialogs import words
from dialogs.cards import issuing as cards
from dialogs.issue_reading import NotUnderstood, filled, wanted
from dialogs.payloads import issuing as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import issuing as say
from domain.calendar import Month
from domain.errors import Invalid, OutOfDate
from domain.kinds import Kind
from domain.ports import DrawRecord, Once
from domain.usecases import draw_views as views
from domain.usecases import issuing as usecases


def new_seed() -> str:
    """Made at the edge, once for a month and kind; nobody can know it before."""
    return secrets.token_hex(8)


async def form(talk: Talk, pressed: press.IssueForm) -> Reply:
    return await _form(talk, pressed.month or Month.of(talk.today), pressed.kind)


async def _form(
    talk: Talk, month: Month, kind: Kind, values: Mapping[str, str] | None = None, problem: str | None = None
) -> Reply:
    view = await views.form(talk.store, talk.policy, talk.actor, month, kind, talk.now, values)
    return shown(cards.form(view, talk.policy, problem))


async def preview(talk: Talk, pressed: press.IssuePreview) -> Reply:
    try:
        asked = wanted(pressed, talk.policy)
        view = await usecases.preview(
            talk.store, talk.policy, talk.actor, asked, new_seed(), talk.now, talk.once
        )
    except NotUnderstood as unread:
        return await _form(talk, pressed.month, pressed.kind, filled(pressed), unread.sentence)
    except Invalid as refused:
        if refused.facts.get("field") in ("month", "kind"):
            raise
        said = words.refusal(refused, talk.policy.texts.qa_contact)
        return await _form(talk, pressed.month, pressed.kind, filled(pressed), said)
    return shown(cards.preview(view, talk.policy))


async def change(talk: Talk, pressed: press.IssueChange) -> Reply:
    record = await usecases.record(talk.store, talk.actor, pressed.draw, talk.now)
    return await _form(talk, record.month, record.kind)


async def show(talk: Talk, pressed: press.IssueShow) -> Reply:
    record = await usecases.record(talk.store, talk.actor, pressed.draw, talk.now)
    if record.issued_at is not None:
        return _issued(record)
    view = await usecases.look(talk.store, talk.policy, talk.actor, pressed.draw, talk.now)
    return shown(cards.preview(view, talk.policy))


async def pairs(talk: Talk, pressed: press.IssuePairs) -> Reply:
    view = await usecases.pairs(talk.store, talk.policy, talk.actor, pressed.draw, talk.now, pressed.offset)
    return shown(cards.pairs(view, talk.policy))


async def confirm(talk: Talk, pressed: press.IssueConfirm) -> Reply:
    try:
        outcome = await usecases.issue(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.draw,
            pressed.seen,
            pressed.digest,
            talk.now,
            talk.once,
        )
    except OutOfDate:
        return await _changed(talk, pressed.draw)
    record = await usecases.record(talk.store, talk.actor, pressed.draw, talk.now)
    return _issued(record, say.issued(int(outcome.facts["issued"]), record.month))


def _issued(record: DrawRecord, lead: str | None = None) -> Reply:
    return shown(cards.issued(record, lead or say.issued_before(record)))


async def _changed(talk: Talk, draw: int) -> Reply:
    """Issued by somebody else meanwhile; or the preview as it is now, counted as another one."""
    record = await usecases.record(talk.store, talk.actor, draw, talk.now)
    if record.issued_at is not None:
        return _issued(record)
    once: Once = replace(talk.once, key=f"{talk.once.key}|preview")
    view = await usecases.preview(
        talk.store, talk.policy, talk.actor, usecases.wanted_of(record), record.seed, talk.now, once
    )
    return shown(cards.preview(view, talk.policy, say.CHANGED))


async def form_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """From what was typed: everything said is filled in, and nothing is drawn by a sentence."""
    month = Month.parse(slots["month"]) if slots.get("month") else Month.of(talk.today)
    kind = Kind(slots["kind"]) if slots.get("kind") in set(Kind) else Kind.CORE
    said = {
        "total": slots.get("count", ""),
        "numbers": slots.get("mix", ""),
        "per_team": slots.get("per_team", ""),
        "theme": slots.get("theme", ""),
    }
    values = {name: value for name, value in said.items() if value}
    if slots.get("child_ref"):
        values["exclusions"] = f"{slots['child_ref']} "
    return await _form(talk, month, kind, values)


PRESSED: dict[type[Payload], Pressed] = {
    press.IssueForm: form,
    press.IssuePreview: preview,
    press.IssueShow: show,
    press.IssueChange: change,
    press.IssuePairs: pairs,
    press.IssueConfirm: confirm,
}
SAID: dict[str, Said] = {"allocate_audits": form_for}
