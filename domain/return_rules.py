"""What a return asks, what is a valid answer, and how far it is (domain, section 3.4).

What is asked is read from the answers alone: a question whose condition does not hold is not asked, and what was once
answered to it is kept, but does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.kinds import GRADED, Grade
from domain.policy import Audits as Rules
from domain.returns import Return
from domain.templates import AREA, NONE_BECAUSE, NOT_APPLICABLE, Asks, Question, Section, Template

TEXT_OF_A_STEP = 3000
"""Characters of all texts of one step together: they stand on one card, prefilled."""

# what is asked


def codes_of(question: Question, template: Template) -> tuple[str, ...]:
    """Under which codes its answers stand."""
    if question.asks is Asks.AREAS:
        return tuple(f"{AREA}{code}" for code in template.areas)
    return () if question.asks is Asks.ACTIONS else (question.code,)


def _standing(template: Template, answers: Mapping[str, str]) -> dict[str, bool | None]:
    """Of every question, whether it is asked; None: that hangs on a question which is not answered yet."""
    state: dict[str, bool | None] = {}
    known: dict[str, bool | None] = {}
    for question in template.questions:
        holds: bool | None = True
        if question.when is not None:
            on = question.when.question
            holds = known.get(on, False)
            if holds:
                said = answers.get(on)
                holds = None if said is None else said in question.when.answers
        state[question.code] = holds
        known |= dict.fromkeys(codes_of(question, template), holds)
    return state


def asked(template: Template, answers: Mapping[str, str]) -> list[Question]:
    state = _standing(template, answers)
    return [question for question in template.questions if state[question.code]]


def open_sections(template: Template, answers: Mapping[str, str]) -> list[Section]:
    """The steps: every section in which something is asked, or may be, once something before it is answered."""
    state = _standing(template, answers)
    return [s for s in template.sections if any(state[q.code] is not False for q in s.questions)]


def waits_for(section: Section, template: Template, answers: Mapping[str, str]) -> str | None:
    """The code of the question on which a section hangs in which nothing is asked yet; None where something is."""
    state = _standing(template, answers)
    if any(state[question.code] for question in section.questions):
        return None
    return next((q.when.question for q in section.questions if q.when and state[q.code] is None), None)


# what is a valid answer


def units(text: str) -> int:
    """Its length as a client counts it: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text)


def text_longest(section: Section, rules: Rules) -> int:
    texts = sum(question.asks is Asks.TEXT for question in section.questions)
    return min(rules.answer_longest, TEXT_OF_A_STEP // max(texts, 1))


_GRADES = tuple(grade.value for grade in GRADED)


def choices(question: Question) -> tuple[str, ...]:
    """The codes that are an answer; nothing for words and actions."""
    also = (NOT_APPLICABLE,) if question.not_applicable else ()
    if question.asks is Asks.AREAS:
        return (*_GRADES, *also)
    if question.asks is Asks.GRADE:
        return (*_GRADES, Grade.NOT_GRADED.value) if question.not_applicable else _GRADES
    if question.asks is Asks.YES_NO:
        return ("yes", "no", *also)
    return (*(term.code for term in question.choices), *also) if question.choices else ()


def problem_of(question: Question, answer: str, longest: int) -> str | None:
    """The code of what is wrong with an answer, or None. `longest` None in characters."""
    if question.asks is Asks.TEXT:
        return "too_long" if units(answer) > longest else None
    return None if answer in choices(question) else "unknown_answer"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the answers to some questions. `kept` are valid ("" where one was taken back), `problems` the codes
    of what is wrong, both by the code of the answer."""

    kept: Mapping[str, str]
    problems: Mapping[str, str]


def check(template: Template, sections: Sequence[Section], typed: Mapping[str, str], rules: Rules) -> Checked:
    """What of `typed` can be saved as answers to the questions of `sections`. What belongs to none is passed over."""
    kept: dict[str, str] = {}
    problems: dict[str, str] = {}
    for section in sections:
        longest = text_longest(section, rules)
        for question in section.questions:
            for code in codes_of(question, template):
                if code not in typed:
                    continue
                answer = typed[code].strip()
                wrong = problem_of(question, answer, longest) if answer else None
                if wrong:
                    problems[code] = wrong
                else:
                    kept[code] = answer
    return Checked(kept, problems)


def answered(answers: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """The answers with what was kept; an empty one takes an answer back."""
    return {code: text for code, text in {**answers, **kept}.items() if text}


# how far it is


@dataclass(frozen=True, slots=True)
class Missing:
    """A required question without a valid answer. `codes` are the answers that it lacks (of practice areas, some)."""

    section: str
    question: Question
    codes: tuple[str, ...]


def missing(filled: Return) -> list[Missing]:
    """What stands between the return and handing it in, in order; nothing where it says that there was none."""
    return _missing(filled, _standing(filled.template, filled.answers))


def _missing(filled: Return, state: Mapping[str, bool | None]) -> list[Missing]:
    if NONE_BECAUSE in filled.answers:
        return []
    found: list[Missing] = []
    for section in filled.template.sections:
        for question in section.questions:
            lacks = _lacks(question, filled) if question.required and state[question.code] else None
            if lacks is not None:
                found.append(Missing(section.code, question, lacks))
    return found


def _lacks(question: Question, filled: Return) -> tuple[str, ...] | None:
    if question.asks is Asks.ACTIONS:
        return None if filled.actions else ()
    codes = codes_of(question, filled.template)
    there = valid(question, codes, filled.answers)
    return tuple(code for code in codes if code not in there) or None


def valid(question: Question, codes: Iterable[str], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers under `codes` that are answers to the question. Texts were measured when they were saved: a shorter
    limit later does not undo them."""
    said = {code: answers[code] for code in codes if answers.get(code)}
    if question.asks is Asks.TEXT:
        return said
    allowed = choices(question)
    return {code: answer for code, answer in said.items() if answer in allowed}


@dataclass(frozen=True, slots=True)
class Progress:
    """`steps` are the sections with whether nothing is missing in each. Counted are those in which something must be
    answered, `required` by code: one that may be left out would be done before anybody has opened it."""

    steps: tuple[tuple[Section, bool], ...]
    required: frozenset[str]

    @property
    def done(self) -> int:
        """Of the required ones."""
        return sum(done for section, done in self.steps if section.code in self.required)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def next(self) -> Section | None:
        """The first that is not done."""
        return next((section for section, done in self.steps if not done), None)


def progress(filled: Return) -> Progress:
    """A step is done when every required question that is asked in it has a valid answer; not before it is known what
    it asks."""
    state = _standing(filled.template, filled.answers)
    lacking = {one.section for one in _missing(filled, state)}
    asked_in = {
        s.code: [q for q in s.questions if state[q.code] is not False] for s in filled.template.sections
    }
    return Progress(
        tuple(
            (section, section.code not in lacking and any(state[q.code] for q in section.questions))
            for section in filled.template.sections
            if asked_in[section.code]
        ),
        frozenset(code for code, questions in asked_in.items() if any(q.required for q in questions)),
    )


class Then(StrEnum):
    """Where somebody goes from a step."""

    NEXT = "next"
    """Stays where something is missing."""
    PREVIOUS = "previous"
    STAY = "stay"


def step_from(filled: Return, code: str, then: Then) -> Section | None:
    """None: past the last step, where all of it is looked at. A step that is no longer asked leads to its neighbour."""
    order = [section.code for section in filled.template.sections]
    if code not in order:
        return progress(filled).next
    steps = open_sections(filled.template, filled.answers)
    here = next((section for section in steps if section.code == code), None)
    lacking = any(one.section == code for one in missing(filled))
    if here and (then is Then.STAY or (then is Then.NEXT and lacking)):
        return here
    if then is Then.PREVIOUS:
        before = [section for section in steps if order.index(section.code) < order.index(code)]
        return before[-1] if before else (here or steps[0])
    return next((section for section in steps if order.index(section.code) > order.index(code)), None)


def correctable(filled: Return) -> list[Section]:
    """Steps with something to correct; actions live on in the tracker."""
    live = {question.code for question in asked(filled.template, filled.answers)}
    return [
        section
        for section in filled.template.sections
        if any(q.code in live and q.asks is not Asks.ACTIONS for q in section.questions)
    ]
