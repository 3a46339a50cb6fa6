"""What a template must keep to, so that its return can be filled in and becomes an audit's fields. Each refusal names
the key (fault 48)."""

from collections.abc import Collection, Iterator, Sequence

from domain.kinds import Grade, Kind
from domain.templates import (
    AREA,
    CATEGORIES,
    CONCERN,
    CONCERN_CATEGORY,
    EARLIER_ACTIONS,
    ENGAGEMENT,
    GRADE,
    NONE_BECAUSE,
    NOT_APPLICABLE,
    Asks,
    Question,
    Section,
    Template,
)

INPUTS_MOST = 25
"""Inputs of one section: what a phone can show, and a card can hold."""
TEXTS_MOST = 5
CHOICES_MOST = 30
"""Entries in all the choice lists of one section."""

_MEANT: dict[str, Asks] = {
    GRADE: Asks.GRADE,
    CONCERN: Asks.YES_NO,
    CONCERN_CATEGORY: Asks.CHOICE,
    EARLIER_ACTIONS: Asks.YES_NO,
    **dict.fromkeys(ENGAGEMENT, Asks.YES_NO),
}
"""What a question of this code must ask for: its answer becomes a field of the audit."""


def check(template: Template, areas: Collection[str]) -> None:
    """Raises ValueError. `areas` are the codes of the policy's practice areas."""
    problem = next(_problems(template, areas), None)
    if problem:
        raise ValueError(f"templates.{template.kind.value}.{problem}")


def _problems(template: Template, areas: Collection[str]) -> Iterator[str]:
    unknown = sorted(set(template.areas) - set(areas))
    if unknown:
        yield f"areas: {unknown[0]!r} is not among practice_areas"
    yield from _twins("areas", template.areas)
    yield from _twins("sections", [section.code for section in template.sections])
    yield from _twins("questions", [question.code for question in template.questions])
    yield from _grade(template)
    asked_areas = template.areas or tuple(areas)
    for section in template.sections:
        yield from _too_much(section, len(asked_areas))
    known: dict[str, Collection[str]] = {}
    for question in template.questions:
        yield from _question(question)
        yield from _when(question, known)
        known |= _answers(question, asked_areas)


def _twins(key: str, codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        if codes.count(code) > 1:
            yield f"{key}: {code!r} stands twice"


def _grade(template: Template) -> Iterator[str]:
    asking = [question for question in template.questions if question.asks is Asks.GRADE]
    if any(question.code != GRADE for question in asking):
        yield f"questions: the question that asks for the grade has the code {GRADE!r}"
    if sum(question.asks is Asks.AREAS for question in template.questions) > 1:
        yield "questions: practice areas are asked for once"
    always = [question for question in asking if question.required and question.when is None]
    if template.kind is Kind.CORE and not always:
        yield f"questions: a core audit must ask for {GRADE!r}, always and required"


def _too_much(section: Section, areas: int) -> Iterator[str]:
    inputs = sum(areas if question.asks is Asks.AREAS else 1 for question in section.questions)
    if inputs > INPUTS_MOST:
        yield f"sections.{section.code}: {inputs} answers on one step, at most {INPUTS_MOST}; make two of it"
    texts = sum(question.asks is Asks.TEXT for question in section.questions)
    if texts > TEXTS_MOST:
        yield f"sections.{section.code}: {texts} texts on one step, at most {TEXTS_MOST}; make two of it"
    choices = sum(len(question.choices) for question in section.questions)
    if choices > CHOICES_MOST:
        yield f"sections.{section.code}: {choices} choices on one step, at most {CHOICES_MOST}; make two of it"
    if sum(question.asks is Asks.ACTIONS and question.when is None for question in section.questions) > 1:
        yield f"sections.{section.code}: actions are asked for once"


def _question(question: Question) -> Iterator[str]:
    key = f"questions.{question.code}"
    if question.code.startswith(AREA) or question.code == NONE_BECAUSE:
        yield f"{key}: this code is kept for the program; choose another"
    meant = _MEANT.get(question.code)
    if meant is not None and question.asks is not meant:
        yield f"{key}.asks: must be {meant.value!r}, because the answer becomes part of the audit's record"
    if question.code == CONCERN_CATEGORY and {term.code for term in question.choices} != set(CATEGORIES):
        yield f"{key}.choices: must be {' and '.join(CATEGORIES)}"
    if question.not_applicable and question.asks in (Asks.TEXT, Asks.ACTIONS):
        yield f"{key}.not_applicable: not for {question.asks.value!r}; make it `required = false`"


def _when(question: Question, known: dict[str, Collection[str]]) -> Iterator[str]:
    if question.when is None:
        return
    key, wanted = f"questions.{question.code}.when", question.when.question
    if wanted not in known:
        yield f"{key}.question: {wanted!r} is no earlier question with a choice of answers"
        return
    never = sorted(set(question.when.answers) - set(known[wanted]))
    if never:
        allowed = ", ".join(sorted(known[wanted]))
        yield f"{key}.answers: {never[0]!r} is never an answer to {wanted!r}; allowed are {allowed}"


def _answers(question: Question, areas: Collection[str]) -> dict[str, Collection[str]]:
    """The answers that a later condition can name, by the code that it names."""
    grades = [grade.value for grade in Grade if grade is not Grade.NOT_GRADED]
    also = [NOT_APPLICABLE] if question.not_applicable else []
    if question.asks is Asks.AREAS:
        return {f"{AREA}{code}": [*grades, *also] for code in areas}
    if question.asks is Asks.GRADE:
        return {question.code: [*grades, Grade.NOT_GRADED.value]}
    if question.asks is Asks.YES_NO:
        return {question.code: ["yes", "no", *also]}
    if question.asks is Asks.CHOICE:
        return {question.code: [*(term.code for term in question.choices), *also]}
    return {}
