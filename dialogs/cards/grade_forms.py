"""Forms with a reason: a grade disputed, decided or reopened, and a tick taken back."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.audit import child_of, name
from dialogs.cards.moderation import grade_choice, text
from dialogs.cards.parts import Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads import moderation as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import audit_card as of_audit
from dialogs.words import moderation as say
from domain.cycle import Command
from domain.views.audits import AuditView

NOTE_SHOWN = 600
"""Characters of an earlier reason."""


def _form(view: AuditView, title: str, said: str, fields: list[ac.CardElement], go: ac.Action) -> Rendered:
    audit = view.audit
    ref = one_line(audit.ref, 40)
    body: list[ac.CardElement | None] = [
        parts.heading(f"{title} {ref}"),
        parts.facts(
            [
                ("Child", child_of(view) or None),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
                ("Month", words.month(audit.month)),
                ("Auditor", name(view, audit.auditor_id) or None),
                ("Grade", of_audit.grades(audit)),
            ]
        ),
        *_reasons(view),
        parts.say(said),
        *fields,
    ]
    back = parts.button("Back to the audit", AuditShow(ref=audit.ref).press())
    return Rendered(parts.card(body, [go, back]), f"{title} {ref}")


_SAID_BEFORE = (Command.MODERATE.value, Command.DISPUTE.value)


def _reasons(view: AuditView) -> list[ac.CardElement]:
    """Why the grade was changed, and why somebody disagrees: the latest of each."""
    found: list[ac.CardElement] = []
    for command in _SAID_BEFORE:
        notes = [step for step in view.steps if step.command == command and step.note]
        if notes:
            step = notes[-1]
            who = of_audit.step(step, one_line(view.name(step.by_id), 80))
            found += [parts.subheading(f"{who}, because"), parts.say(neutral(step.note, NOTE_SHOWN))]
    return found


def dispute(view: AuditView, *, longest: int, value: str = "") -> Rendered:
    said = (
        "Say why you see the grade differently. The head of quality reads it, and decides at the third lock."
    )
    on = {"ref": view.audit.ref, "version": view.audit.version}
    send = press.Dispute.press_with_inputs(**on)
    field = text("note", "Why do you see it differently?", "Write your reason.", longest, value)
    go = parts.button("Dispute the grade", send, inputs=True, style="positive")
    return _form(view, "Dispute the grade of", said, [field], go)


def decide(view: AuditView, *, longest: int) -> Rendered:
    """The third lock, where the grade was disputed or is to be another."""
    said = "The grade that you choose is final. Auditor, moderator and who disputed it are told, with your reason."
    on = {"ref": view.audit.ref, "version": view.audit.version}
    fields: list[ac.CardElement] = [
        grade_choice(view, "final_grade", "The final grade", view.audit.counts),
        text("note", "Your reason", "Write a reason: they read it.", longest),
    ]
    lock = press.LockDecide.press_with_inputs(**on)
    go = parts.button("Confirm this grade", lock, inputs=True, style="positive")
    return _form(view, "Third lock of", said, fields, go)


def reopen(view: AuditView, *, longest: int) -> Rendered:
    said = "It goes back to its moderator to be judged again. The auditor and the moderator are told, with your reason."
    on = {"ref": view.audit.ref, "version": view.audit.version}
    field = text("note", "Why is it reopened?", "Write a reason: they read it.", longest)
    go = parts.button("Reopen it", press.Reopen.press_with_inputs(**on), inputs=True, style="destructive")
    return _form(view, "Reopen", said, [field], go)


def upload(view: AuditView) -> Rendered:
    """Asked once more, because a return that nobody moderated leaves the sample for good."""
    tick = press.Upload(ref=view.audit.ref, version=view.audit.version, sure=True)
    go = parts.button(say.TICK_YES, tick.press(), style="positive")
    return _form(view, "Child's record:", say.TICK_UNMODERATED, [], go)


def untick(view: AuditView, *, longest: int) -> Rendered:
    said = "It is then no longer ticked as on the child's record, and stands in the list of what is to be put there."
    on = {"ref": view.audit.ref, "version": view.audit.version}
    field = text("note", "Why is the tick taken back?", "Write a reason: it is kept.", longest)
    go = parts.button("Take back the tick", press.Untick.press_with_inputs(**on), inputs=True)
    return _form(view, "Child's record:", said, [field], go)
