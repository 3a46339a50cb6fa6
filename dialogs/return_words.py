"""What somebody typed about a return that is done: it opens the card filled in, and nothing is saved by a sentence."""

from collections.abc import Mapping

from dialogs.cards import audits as audit_cards
from dialogs.cards import return_review as reviews
from dialogs.cards import returns as cards
from dialogs.cards.returns import Form
from dialogs.neutral import one_line
from dialogs.talk import Reply, Talk, shown
from dialogs.words import returns as say
from domain.audits import Audit
from domain.return_rules import asked, choices
from domain.returns import Return
from domain.templates import GRADE
from domain.usecases import request_views, returns
from domain.usecases.audits import my_audits

SLOTS: Mapping[str, str] = {
    "sw_engaged": "social_worker_took_part",
    "manager_engaged": "manager_took_part",
    "parent_views": "parent_views",
    "child_views": "child_views",
    "iro_views": "iro_views",
    "reflection_sheet": "reflection_sheet",
}
"""By slot ("true" or "false"): the question that it answers."""


async def said_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """For the one audit that fits: by its reference, by the child, or the only one that waits."""
    waiting = await request_views.awaited(talk.store, talk.actor, talk.now)
    named = slots.get("ref") or slots.get("audit_ref") or slots.get("child_ref") or ""
    fitting = [audit for audit in waiting if _fits(audit, named)] if named else waiting
    if len(fitting) == 1:
        return await _opened(talk, fitting[0], slots)
    if not waiting:
        mine = await my_audits(talk.store, talk.policy, talk.actor, talk.now)
        return shown(audit_cards.my_audits(mine, say.NOTHING_OPEN))
    return shown(
        reviews.which(fitting or waiting, say.SEVERAL if fitting else say.none_fits(one_line(named, 40)))
    )


def _fits(audit: Audit, named: str) -> bool:
    wanted = named.strip().casefold()
    child = (audit.child_ref or "").casefold()
    return wanted == audit.ref.casefold() or (
        bool(child) and wanted.removeprefix("c") == child.removeprefix("c")
    )


async def _opened(talk: Talk, audit: Audit, slots: Mapping[str, str]) -> Reply:
    view = await returns.view_step(talk.store, talk.policy, talk.actor, audit.ref, talk.now)
    typed = answers_said(view.filled, slots)
    if typed:
        return shown(cards.said(view, Form(typed)))
    return shown(cards.step(view) if view.section else reviews.review(view))


def answers_said(filled: Return, slots: Mapping[str, str]) -> dict[str, str]:
    """What was said, as answers to questions that this return asks."""
    said = {code: {"true": "yes", "false": "no"}.get(slots.get(slot, ""), "") for slot, code in SLOTS.items()}
    said[GRADE] = slots.get("grade", "")
    questions = {question.code: question for question in asked(filled.template, filled.answers)}
    return {
        code: answer
        for code, answer in said.items()
        if code in questions and answer in choices(questions[code])
    }
