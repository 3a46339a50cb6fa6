"""Handlers of the monthly draw."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from dialogs import words
from dialogs.cards import issuing as cards
from dialogs.cards import parts
from dialogs.issue_reading import NotUnderstood, filled, wanted
from dialogs.payloads import issuing as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import issue_changes as again
from dialogs.words import issuing as say
from domain.calendar import Month
from domain.errors import Invalid, OutOfDate
from domain.kinds import Kind
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
        return await _issued(talk, pressed.draw, pressed=False)
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
        return await _changed(talk, pressed)
    record = await usecases.record(talk.store, talk.actor, pressed.draw, talk.now)
    return shown(cards.issued(record, say.issued(int(outcome.facts["issued"]), record.month)))


async def _issued(talk: Talk, draw: int, *, pressed: bool = True) -> Reply:
    view = await usecases.issued_view(talk.store, talk.actor, draw, talk.now)
    record, mine = view.record, view.record.issued_by_id == talk.actor.id
    said = again.issued_by(record, parts.name(view.by), view.audits, talk.now, mine=mine, pressed=pressed)
    return shown(cards.issued(record, said))


async def _changed(talk: Talk, pressed: press.IssueConfirm) -> Reply:
    """Issued by somebody else meanwhile; or the preview as it is now, counted as another one, and what changed."""
    once = replace(talk.once, key=f"{talk.once.key}|preview")
    found = await usecases.renew(
        talk.store, talk.policy, talk.actor, pressed.draw, pressed.seen, talk.now, once
    )
    if found.draw is None:
        return await _issued(talk, pressed.draw)
    mine = found.looked is None or found.looked.id == talk.actor.id
    who = "you" if mine else parts.name(found.looked)
    return shown(
        cards.preview(found.draw, talk.policy, again.changed(found.changes, found.draw.record.kind, who))
    )


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
