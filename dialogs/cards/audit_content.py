"""What a return holds, folded: one fold for each part of it, and the history."""

from collections.abc import Iterator, Mapping, Sequence

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.neutral import neutral, one_line
from dialogs.payloads.cycle import AuditRead
from dialogs.words import audit_card as say
from dialogs.words import audit_history
from dialogs.words import first_audit as first_words
from dialogs.words.grades import GRADE
from domain.cycle import Command
from domain.participation import Contribution
from domain.ports import Action, AuditStep
from domain.returns import PlannedAction, none_because
from domain.templates import (
    AREA,
    CONCERN,
    CONCERN_CATEGORY,
    ENGAGEMENT,
    NOT_APPLICABLE,
    REFLECTION,
    Asks,
    Question,
    Template,
)
from domain.templates import GRADE as GRADE_QUESTION
from domain.views.audits import AuditView

_HANDS_IN = frozenset({Command.RETURN.value, Command.RESUBMIT.value})
"""Steps with a note only where there was none to look at."""
HISTORY_SHOWN = 8
TASKS_SHOWN = 6
TEXTS_SHOWN = 10

_ELSEWHERE = frozenset({*ENGAGEMENT, GRADE_QUESTION, CONCERN, CONCERN_CATEGORY})
"""Questions whose answers are the record's own fields, and stand among its facts."""


def folds(view: AuditView, longest: int) -> list[ac.CardElement]:
    """`longest` characters of each text."""
    if view.audit.returned_on is None:
        return _row(
            view,
            [
                *_first(view, longest),
                ("Social worker and manager", _given(view, longest)),
                ("History", _history(view, longest)),
            ],
        )
    texts = list(answers(view))
    told = [pair for pair in texts if pair[0] not in REFLECTION]
    reflection = [pair for pair in texts if pair[0] in REFLECTION]
    return _row(
        view,
        [
            (f"Practice areas ({len(view.areas)})", _areas(view)),
            ("What it says", _texts(view, told, longest)),
            (f"Actions ({len(view.actions)})", _tasks(view, longest)),
            *_first(view, longest),
            ("Engagement", [*_engagement(view), *_given(view, longest)]),
            ("Reflection", _texts(view, reflection, longest)),
            ("History", _history(view, longest)),
        ],
    )


def _row(view: AuditView, found: Sequence[tuple[str, list[ac.CardElement]]]) -> list[ac.CardElement]:
    shown: list[ac.Action] = [parts.unfold(title, body, []) for title, body in found if body]
    return [parts.row(shown)] if shown else []


def answers(view: AuditView) -> Iterator[tuple[str, str, str]]:
    """Code, label and answer of every question that was answered in words or by choice, in the template's order."""
    filled = view.filled
    if filled is None or none_because(filled):
        return
    for question in filled.template.questions:
        answer = filled.answers.get(question.code, "")
        if answer and question.code not in _ELSEWHERE and question.asks not in (Asks.AREAS, Asks.ACTIONS):
            yield question.code, _asked(filled.template, question), _said(question, answer)


def _asked(template: Template, question: Question) -> str:
    """With the question that it follows, where that one stands among the facts and not here."""
    before = question.when.question if question.when else ""
    if before not in _ELSEWHERE:
        return question.label
    first = next((one.label for one in template.questions if one.code == before), "")
    return f"{first} {question.label}".strip()


def _said(question: Question, answer: str) -> str:
    if answer == NOT_APPLICABLE:
        return "Not applicable"
    if question.asks is Asks.YES_NO:
        return {"yes": "Yes", "no": "No", "true": "Yes", "false": "No"}.get(answer, answer)
    if question.asks is Asks.CHOICE:
        return next((term.label for term in question.choices if term.code == answer), answer)
    return answer


def _texts(view: AuditView, found: Sequence[tuple[str, str, str]], longest: int) -> list[ac.CardElement]:
    shown: list[ac.CardElement] = []
    for _, label, answer in found[:TEXTS_SHOWN]:
        shown += [parts.subheading(one_line(label, 160)), parts.say(neutral(answer, longest))]
    cut = any(len(answer) > longest for _, _, answer in found) or len(found) > TEXTS_SHOWN
    if shown and cut:
        shown.append(parts.row([parts.button("Read all of it", AuditRead(ref=view.audit.ref).press())]))
    return shown


def _areas(view: AuditView) -> list[ac.CardElement]:
    if not view.areas:
        return []
    names = view.labels.areas
    known = [code for code in names if code in view.areas]
    others = sorted(code for code in view.areas if code not in names)
    pairs = [(one_line(names.get(code, code), 60), GRADE[view.areas[code]]) for code in [*known, *others]]
    answered: Mapping[str, str] = view.filled.answers if view.filled else {}
    left_out = [
        (one_line(names.get(code, code), 60), "Not applicable")
        for code in (key.removeprefix(AREA) for key, value in answered.items()
                     if key.startswith(AREA) and value == NOT_APPLICABLE)
    ]  # fmt: skip
    return [parts.facts([*pairs, *left_out])]


def _engagement(view: AuditView) -> list[ac.CardElement]:
    took_part = view.audit.engagement
    said = {name: getattr(took_part, name) for name in say.ENGAGEMENT}
    pairs = [
        (say.ENGAGEMENT[name], "Yes" if answer else "No")
        for name, answer in said.items()
        if answer is not None
    ]
    return [parts.facts(pairs)] if pairs else []


def _given(view: AuditView, longest: int) -> list[ac.CardElement]:
    shown: list[ac.CardElement] = []
    for given in view.contributions:
        shown += _contribution(view, given, longest)
    return shown


def _contribution(view: AuditView, given: Contribution, longest: int) -> list[ac.CardElement]:
    by = one_line(view.name(given.person_id), parts.NAME_LONGEST)
    found: list[ac.CardElement] = []
    for code, answer in given.answers.items():
        if answer.strip():
            label = f"{say.GIVEN.get(code, code)}{f' ({by})' if by else ''}"
            found += [parts.subheading(label), parts.say(neutral(answer, longest))]
    return found


def _tasks(view: AuditView, longest: int) -> list[ac.CardElement]:
    """The actions of the tracker."""
    shown = [parts.say(_task(view, task, longest), separate=True) for task in view.actions[:TASKS_SHOWN]]
    left = len(view.actions) - len(shown)
    return [*shown, *([parts.say(say.more(left, "more action"))] if left > 0 else [])]


def _task(view: AuditView, task: Action | PlannedAction, longest: int) -> str:
    mine = task.owner_id == view.viewer.id
    owner = "For you" if mine else one_line(view.name(task.owner_id), parts.NAME_LONGEST)
    what = one_line(task.description, longest)
    ref = f"{one_line(task.ref, 40)}: " if isinstance(task, Action) else ""
    return f"{ref}{what} {f'{owner}, d' if owner else 'D'}ue on {words.day(task.due_on)}."


def _first(view: AuditView, longest: int) -> list[tuple[str, list[ac.CardElement]]]:
    """Of a re-audit: what was to be done after the first audit, and how far it is."""
    if view.first is None or not view.first_actions:
        return []
    shown: list[ac.CardElement] = [
        parts.say(_first_task(view, task, longest), separate=True)
        for task in view.first_actions[:TASKS_SHOWN]
    ]
    left = len(view.first_actions) - len(shown)
    more = [parts.say(say.more(left, "more action"))] if left > 0 else []
    return [(first_words.fold(one_line(view.first.ref, 40), view.first_actions), [*shown, *more])]


def _first_task(view: AuditView, task: Action, longest: int) -> str:
    owner = (
        "you" if task.owner_id == view.viewer.id else one_line(view.name(task.owner_id), parts.NAME_LONGEST)
    )
    what = one_line(task.description, min(longest, 160))
    by = f" ({owner})" if owner else ""
    return f"{one_line(task.ref, 40)}: {what}{by}: {first_words.stands(task, view.today)}."


def _history(view: AuditView, longest: int) -> list[ac.CardElement]:
    """The latest steps, oldest of them first."""
    steps = list(view.steps)
    shown = steps[-HISTORY_SHOWN:]
    lines: list[ac.CardElement] = []
    if len(steps) > len(shown):
        lines.append(parts.say(say.more(len(steps) - len(shown), "earlier step")))
    return [*lines, *(parts.say(_step(view, step, longest), subtle=True) for step in shown)]


def _step(view: AuditView, step: AuditStep, longest: int) -> str:
    by = one_line(view.name(step.by_id), parts.NAME_LONGEST)
    acting = one_line(view.name(step.for_id), parts.NAME_LONGEST)
    who = f"{by}, for {acting}," if by and acting else by
    changed = audit_history.changed(step.facts, view)
    note = f" “{one_line(step.note, min(longest, parts.NOTE_SHOWN))}”" if step.note else ""
    if note and step.command in _HANDS_IN:
        changed, note = "", f" {say.NONE}:{note}"
    return f"{words.moment(step.at)}: {say.step(step, who)}{f': {changed}' if changed else ''}.{note}"
