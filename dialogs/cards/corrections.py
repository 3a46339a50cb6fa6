"""What is put right in a return that is in: which step, the step with a reason, or the child itself."""

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.cards.return_review import said_in
from dialogs.cards.returns import EMPTY, Form, inputs_of, name_of, problem_line, typed_over
from dialogs.neutral import one_line
from dialogs.payloads import returns as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import returns as say
from domain.return_rules import asked, correctable
from domain.templates import Asks
from domain.views.returns import ReturnView

SHOWN = 60


def menu(view: ReturnView, problem: str | None = None) -> Rendered:
    """Each step with what it says now, in short."""
    title = f"Correct the return: {name_of(view)}"
    return Rendered(fitted(lambda longest: _menu(view, title, problem, min(longest, SHOWN))), title)


def _menu(view: ReturnView, title: str, problem: str | None, longest: int) -> CardJson:
    ref = view.audit.ref
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.CORRECT_HOW),
    ]
    for section in correctable(view.filled):
        name = one_line(section.title, 80)
        opens = press.CorrectForm(ref=ref, section=section.code)
        body.append(parts.subheading(name))
        body += [parts.say(line, subtle=True) for line in said_in(view, section, longest)]
        body.append(parts.row([parts.button(f"Correct: {name}", opens.press())]))
    buttons: list[ac.Action] = []
    if view.audit.child_ref is not None:
        buttons.append(parts.button(say.WRONG_CHILD, press.ChildForm(ref=ref).press()))
    buttons.append(parts.button("Back to the audit", AuditShow(ref=ref).press()))
    return parts.card(body, buttons)


def step(view: ReturnView, form: Form = EMPTY, note: str = "", problem: str | None = None) -> Rendered:
    """One step as it was handed in, to be changed with a reason."""
    section = view.section
    assert section is not None
    title = f"Correct: {name_of(view)}, {one_line(section.title, 80)}"
    live = {question.code for question in asked(view.filled.template, typed_over(view.filled, form))}
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem or problem_line(view, form)),
    ]
    for question in section.questions:
        if question.code in live and question.asks is not Asks.ACTIONS:
            body += inputs_of(view, section, question, form)
    body.append(_why(note))
    send = press.Correct.press_with_inputs(
        ref=view.audit.ref, version=view.audit.version, section=section.code
    )
    buttons = [
        parts.button("Save the correction", send, inputs=True, style="positive"),
        parts.button("Back", press.CorrectForm(ref=view.audit.ref).press()),
    ]
    return Rendered(parts.card(body, buttons), title)


def _why(note: str) -> ac.TextInput:
    return parts.text_input("note", say.CORRECT_WHY, say.CORRECT_WHY_ERROR, value=note, longest=1000)


def child(view: ReturnView, other: str = "", note: str = "", problem: str | None = None) -> Rendered:
    title = f"{name_of(view)}: the wrong child"
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.CHILD_HOW),
        parts.text_input(
            "other_child", say.CHILD_LABEL, "Write a reference.", value=other, longest=80, lines=False
        ),
        _why(note),
    ]
    send = press.CorrectChild.press_with_inputs(ref=view.audit.ref, version=view.audit.version)
    buttons = [
        parts.button("Move it to this child", send, inputs=True, style="positive"),
        parts.button("Back", press.CorrectForm(ref=view.audit.ref).press()),
    ]
    return Rendered(parts.card(body, buttons), title)
