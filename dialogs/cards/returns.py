"""The return of an audit, a card for each step; what is typed stays on it until it is saved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads import returns as press
from dialogs.payloads.base import Press
from dialogs.payloads.returns import ANSWER, Go
from dialogs.words import people as people_words
from dialogs.words import returns as say
from dialogs.words.grades import GRADE
from domain.return_results import result
from domain.return_rules import asked, choices, text_longest, waits_for
from domain.returns import ACTION_LONGEST, ACTIONS_MOST, Return
from domain.templates import AREA, CONCERN_CATEGORY, Asks, Question, Section
from domain.views.returns import ReturnView

FURTHEST = timedelta(days=366 * 2)


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in a form that was not accepted, or not saved yet: `typed` by the code of the answer (and the names
    of the inputs of an action), `problems` why, by the same."""

    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    find: str = ""
    lead: str | None = None
    """What is said above it, where nothing is wrong."""


EMPTY = Form()


def name_of(view: ReturnView) -> str:
    child = one_line(view.audit.child_ref, 40) if view.audit.child_ref else ""
    return say.what(child, one_line(view.audit.ref, 40), parts.name(view.about))


def step(view: ReturnView, form: Form = EMPTY) -> Rendered:
    """One section: what good looks like beside the grades, what was said before filled in."""
    section = view.section
    assert section is not None
    title = say.step_title(name_of(view), view.step, view.progress.total, one_line(section.title, 80))
    return Rendered(fitted(lambda longest: _step(view, section, form, title, longest)), title)


def _step(view: ReturnView, section: Section, form: Form, title: str, longest: int) -> CardJson:
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(form.lead),
        parts.problem(problem_line(view, form)),
        parts.problem(at_risk(view)),
        *parts.quoted(say.SENT_BACK, view.sent_back, longest),
        parts.say(_stands(view), subtle=True),
        *_questions(view, section, form, longest),
    ]
    return parts.card(body, _buttons(view, section, form))


def at_risk(view: ReturnView) -> str | None:
    """A return is no alarm: for a child at immediate risk the live route stands above every step, from when the
    category is saved."""
    return neutral(view.safeguarding) if result(view.filled).concern_category == 1 else None


def _stands(view: ReturnView) -> str:
    """How many steps there are stands in the heading."""
    due = say.due(view.audit, view.late, view.today)
    return f"{due} {say.NOBODY_ELSE}" if view.filled.version == 0 else due


def problem_line(view: ReturnView, form: Form) -> str | None:
    """Every answer that was not accepted, by its label."""
    if not form.problems:
        return None
    found: list[tuple[str, str]] = []
    for code, why in form.problems.items():
        where = _where(view, code)
        longest = text_longest(where, view.rules) if where else view.rules.answer_longest
        found.append((label_of(view, code), say.problem(why, longest)))
    return say.problems(found)


def _where(view: ReturnView, code: str) -> Section | None:
    return next((s for s in view.filled.template.sections if any(q.code == code for q in s.questions)), None)


_OF_ACTION = {"description": say.ACTION, "owner": say.OWNER, "due_on": say.BY}


def label_of(view: ReturnView, code: str) -> str:
    """Of an answer, as it stands on the card."""
    if code in _OF_ACTION:
        return _OF_ACTION[code]
    if code.startswith(AREA):
        return area(view, code)
    found = next((q.label for q in view.filled.template.questions if q.code == code), code)
    return one_line(found, 300)


def area(view: ReturnView, code: str) -> str:
    """One that has left the council's list since is named by its code."""
    plain = code.removeprefix(AREA)
    return one_line(view.areas.get(plain, plain.replace("_", " ").capitalize()), 80)


def typed_over(filled: Return, form: Form) -> dict[str, str]:
    """The answers with what stands in the form, so that what it would ask is asked."""
    answers = {**filled.answers, **{code: text.strip() for code, text in form.typed.items()}}
    return {code: text for code, text in answers.items() if text}


# questions


def _questions(view: ReturnView, section: Section, form: Form, longest: int) -> list[ac.CardElement]:
    answers = typed_over(view.filled, form)
    live = {question.code for question in asked(view.filled.template, answers)}
    found: list[ac.CardElement] = []
    for question in section.questions:
        if question.code in live:
            found += inputs_of(view, section, question, form, longest)
            found += _follows(section, question, live)
    waits = None if found else waits_for(section, view.filled.template, answers)
    return [parts.say(say.waits(label_of(view, waits)))] if waits else found


def _follows(section: Section, question: Question, live: Collection[str]) -> list[ac.CardElement]:
    """That an answer will ask for more on this same step: it is shown when it was saved."""
    after = [one for one in section.questions if one.when is not None and one.when.question == question.code]
    hidden = after and not any(one.code in live for one in after)
    return [parts.say(say.FOLLOWS, subtle=True)] if hidden else []


def inputs_of(
    view: ReturnView, section: Section, question: Question, form: Form, longest: int = 240
) -> list[ac.CardElement]:
    """A question with its guidance, and what was answered to it."""
    guidance = [parts.say(neutral(question.help), subtle=True)] if question.help else []
    if question.asks is Asks.AREAS:
        dropdowns = [choice(view, question, f"{AREA}{code}", form) for code in view.filled.template.areas]
        return [parts.subheading(one_line(question.label)), *guidance, *_good(view), *dropdowns]
    if question.asks is Asks.ACTIONS:
        return [
            parts.subheading(one_line(question.label)),
            *guidance,
            *_actions(view, section, form, longest),
        ]
    if question.asks is Asks.GRADE:
        hint = [parts.say(say.suggested(view.suggested, view.areas))] if view.suggested else []
        return [*hint, choice(view, question, question.code, form), *_good(view), *guidance]
    if question.asks is Asks.TEXT:
        return [_text(view, section, question, form), *guidance]
    if question.code == CONCERN_CATEGORY:
        return [*guidance, choice(view, question, question.code, form)]
    return [choice(view, question, question.code, form), *guidance]


def value(view: ReturnView, code: str, form: Form) -> str:
    return form.typed.get(code, view.filled.answers.get(code, ""))


def choice(view: ReturnView, question: Question, code: str, form: Form) -> ac.ChoiceSetInput:
    label = area(view, code) if question.asks is Asks.AREAS else one_line(say.label(question), 300)
    options = [(one_line(say.choice(question, entry), 80), entry) for entry in choices(question)]
    return parts.choice(
        f"{ANSWER}{code}", label, say.CHOOSE, options, value=value(view, code, form), required=False
    )


def _text(view: ReturnView, section: Section, question: Question, form: Form) -> ac.TextInput:
    return parts.text_input(
        f"{ANSWER}{question.code}",
        one_line(say.label(question), 300),
        say.WRITE,
        value=value(view, question.code, form),
        required=False,
        longest=text_longest(section, view.rules),
    )


def _good(view: ReturnView) -> list[ac.CardElement]:
    """What good looks like, folded beside the grades."""
    looks = view.filled.template.good_looks_like
    lines: list[ac.CardElement] = [
        parts.say(f"{GRADE[grade]}: {neutral(text)}") for grade, text in looks.items()
    ]
    return [parts.row([parts.unfold(say.GOOD, lines, [])])] if lines else []


# actions


def _actions(view: ReturnView, section: Section, form: Form, longest: int) -> list[ac.CardElement]:
    shown: list[ac.CardElement] = []
    for place, action in enumerate(view.filled.actions, start=1):
        owner = parts.name(view.people.get(action.owner_id)) if action.owner_id else ""
        text = one_line(action.description, min(longest, 160))
        take_off = _save(view, section, Go.REMOVE, number=action.number)
        shown += [
            parts.say(say.action(place, text, owner, action.due_on), separate=place > 1),
            parts.row([parts.button(f"Take off {place}", take_off, inputs=True)]),
        ]
    if not shown:
        shown.append(parts.say(say.NO_ACTIONS))
    if len(view.filled.actions) >= ACTIONS_MOST:
        return shown
    return [*shown, *_new_action(view, section, form)]


def _new_action(view: ReturnView, section: Section, form: Form) -> list[ac.CardElement]:
    owners = parts.choosable(view.owners, form.find)
    due = parts.day_input(
        "due_on",
        say.BY,
        "Choose a day.",
        value=form.typed.get("due_on") or view.due.isoformat(),
        earliest=view.today,
    )
    due.is_required, due.max = None, (view.today + FURTHEST).isoformat()
    found: list[ac.CardElement] = [
        parts.text_input(
            "description",
            say.ACTION,
            "Say what has to happen.",
            value=parts.typed(form.typed, "description"),
            required=False,
            longest=ACTION_LONGEST,
        )
    ]
    if owners.people:
        if form.find:
            found.append(parts.state(owners.hint or people_words.found(len(owners.people)), "Good"))
        people = parts.person_choices(owners.people)
        chosen = parts.typed(form.typed, "owner")
        found.append(
            parts.choice(
                "owner",
                say.OWNER,
                "Choose a person.",
                people,
                value=chosen,
                required=False,
                placeholder=say.CHOOSE_PERSON,
            )
        )
    else:
        found.append(parts.say(owners.hint or say.NOBODY_OFFERED))
    search = parts.text_input(
        "find",
        say.SEARCH_OWNER,
        "Write part of a name.",
        value=form.find,
        required=False,
        longest=80,
        lines=False,
    )
    ways: list[ac.Action] = [
        parts.button(say.ADD, _save(view, section, Go.ADD), inputs=True),
        parts.button("Search", _save(view, section, Go.SEARCH), inputs=True),
    ]
    return [*found, due, search, parts.row(ways)]


# buttons


def _save(view: ReturnView, section: Section | None, then: Go, **more: object) -> Press:
    known: dict[str, object] = {
        "ref": view.audit.ref,
        "child": view.audit.child_ref,
        "section": section.code if section else None,
        "seen": view.filled.version,
        "then": then,
        **more,
    }
    return press.ReturnSave.press_with_inputs(**known)


def _buttons(view: ReturnView, section: Section, form: Form) -> list[ac.Action]:
    def save(title: str, then: Go) -> ac.Action:
        style = "positive" if then is Go.NEXT else None
        return parts.button(title, _save(view, section, then), inputs=True, style=style)

    found = [save("Save and continue", Go.NEXT)]
    if view.step > 1:
        found.append(save("Back", Go.PREVIOUS))
    skipped = _following(view, section) if form.problems or form.lead else None
    if skipped:
        skip = press.ReturnOpen(ref=view.audit.ref, section=skipped)
        found.append(parts.button("Skip for now", skip.press()))
    found += [save("All steps", Go.REVIEW), save("Save and close", Go.CLOSE)]
    if view.may_be_none and view.step == 1:
        found.append(parts.button(say.NONE_BUTTON, press.NoneForm(ref=view.audit.ref).press()))
    return found


def _following(view: ReturnView, section: Section) -> str | None:
    codes = [one.code for one, _ in view.progress.steps]
    place = codes.index(section.code) + 1 if section.code in codes else len(codes)
    return codes[place] if place < len(codes) else None


def said(view: ReturnView, form: Form) -> Rendered:
    """What somebody said in a message, over the steps that it belongs to, filled in and not saved."""
    title = f"{name_of(view)}: what you said"
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem_line(view, form)),
        parts.say(say.SAID_LEAD),
        parts.say(_stands(view), subtle=True),
        *_said_inputs(view, form),
    ]
    buttons: Sequence[ac.Action] = [
        parts.button("Save and continue", _save(view, None, Go.NEXT), inputs=True, style="positive"),
        parts.button("Go on without it", press.ReturnOpen(ref=view.audit.ref).press()),
    ]
    return Rendered(parts.card(body, buttons), title)


def _said_inputs(view: ReturnView, form: Form) -> list[ac.CardElement]:
    return [
        element
        for section in view.filled.template.sections
        for question in section.questions
        if question.code in form.typed
        for element in inputs_of(view, section, question, form)
    ]
