"""A return looked at as a whole before it is handed in; and that there was none."""

from collections.abc import Sequence

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.cards.returns import area, at_risk, label_of, name_of
from dialogs.neutral import one_line
from dialogs.payloads import returns as press
from dialogs.words import returns as say
from domain.audits import Audit
from domain.kinds import GRADED, Grade
from domain.return_results import counted, counted_actions, result
from domain.return_rules import Missing, asked, codes_of, waits_for
from domain.templates import REFLECTION, REFLECTION_SHEET, Asks, Question, Section
from domain.views.returns import ReturnView

WHICH_MOST = 10


def review(view: ReturnView, problem: str | None = None, *, unchanged: bool = False) -> Rendered:
    """Everything that was said, the steps that lack something first to be pressed, and the button that hands it in."""
    title = f"{name_of(view)}: {say.REVIEW}"
    return Rendered(fitted(lambda longest: _card(view, title, problem, longest, unchanged)), title)


def _card(view: ReturnView, title: str, problem: str | None, longest: int, unchanged: bool) -> CardJson:
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.problem(at_risk(view)),
        *parts.quoted(say.SENT_BACK, view.sent_back, longest),
        parts.state(_ready(view), "Warning" if view.missing else "Good"),
        parts.say(f"{say.progress(view.progress)}. {say.due(view.audit, view.late, view.today)}"),
        *(parts.say(line) for line in (*_suggestion(view), *_remarks(view))),
        *_steps(view, longest),
        *(parts.say(line, separate=place == 0) for place, line in enumerate(_consequences(view))),
    ]
    return parts.card(body, _buttons(view, unchanged))


def _ready(view: ReturnView) -> str:
    return say.lacks(sum(map(_number, view.missing))) if view.missing else say.READY


def _number(lacks: Missing) -> int:
    """Answers that a question lacks: as many as its practice areas, else one."""
    return len(lacks.codes) or 1


def _suggestion(view: ReturnView) -> list[str]:
    if view.suggested is None:
        return []
    grade = result(view.filled).grade
    lines = [say.suggested(view.suggested, view.areas)]
    if grade is not None and grade in GRADED and grade is not view.suggested.grade:
        lines.append(say.differs(view.suggested, grade))
    return lines


def _remarks(view: ReturnView) -> list[str]:
    """What does not fit together, and stands in nobody's way: the reflection may be kept elsewhere."""
    questions = {question.code for question in asked(view.filled.template, view.filled.answers)} & set(
        REFLECTION
    )
    answers = view.filled.answers
    done = answers.get(REFLECTION_SHEET) == "yes"
    return (
        [say.REFLECTION_EMPTY]
        if done and questions and not any(answers.get(code) for code in questions)
        else []
    )


def _steps(view: ReturnView, longest: int) -> list[ac.CardElement]:
    found: list[ac.CardElement] = []
    for number, (section, done) in enumerate(view.progress.steps, start=1):
        found.append(parts.subheading(f"{number} {one_line(section.title, 80)}"))
        found += [parts.say(line) for line in said_in(view, section, longest)]
        if not done:
            found.append(parts.state(_lacks(view, section), "Warning"))
        opens = press.ReturnOpen(ref=view.audit.ref, section=section.code)
        verb = "Change" if done else "Fill in"
        found.append(parts.row([parts.button(f"{verb} step {number}", opens.press())]))
    return found


def _lacks(view: ReturnView, section: Section) -> str:
    """How many answers, as the number at the top counts them, and which."""
    lacking = [one for one in view.missing if one.section == section.code]
    if not lacking:
        waits = waits_for(section, view.filled.template, view.filled.answers)
        return say.waits(label_of(view, waits)) if waits else "Not filled in yet."
    names = [name for one in lacking for name in _names(view, one)]
    return say.lacks_in_step(sum(map(_number, lacking)), names)


def _names(view: ReturnView, lacks: Missing) -> list[str]:
    if lacks.question.asks is Asks.AREAS:
        return [area(view, code) for code in lacks.codes]
    return [one_line(lacks.question.label, 120)]


def said_in(view: ReturnView, section: Section, longest: int) -> list[str]:
    """What counts of a step, a line for each answer; practice areas together by grade."""
    said = counted(view.filled)
    found: list[str] = []
    for question in section.questions:
        if question.asks is Asks.ACTIONS:
            continue
        if question.asks is Asks.AREAS:
            found += _areas(view, question, said)
        elif question.code in said:
            answer = one_line(say.answer(question, said[question.code]), longest)
            label = one_line(question.label, 120)
            found.append(f"{label}{'' if label.endswith('?') else ':'} {answer}" if answer else "")
    if any(question.asks is Asks.ACTIONS for question in section.questions):
        found += _actions(view, longest)
    return [line for line in found if line]


def _areas(view: ReturnView, question: Question, said: dict[str, str]) -> list[str]:
    by_grade: dict[str, list[str]] = {}
    for code in codes_of(question, view.filled.template):
        if code in said:
            by_grade.setdefault(said[code], []).append(area(view, code))
    return [f"{say.answer(question, grade)}: {', '.join(names)}" for grade, names in by_grade.items()]


def _actions(view: ReturnView, longest: int) -> list[str]:
    lines: list[str] = []
    for place, action in enumerate(counted_actions(view.filled), start=1):
        owner = parts.name(view.people.get(action.owner_id)) if action.owner_id else ""
        lines.append(say.action(place, one_line(action.description, longest), owner, action.due_on))
    return lines


def _consequences(view: ReturnView) -> list[str]:
    """What handing it in sets off, so that nobody is surprised by it."""
    if view.missing:
        return []
    found = result(view.filled)
    lines = [say.AFTER if view.audit.child_ref else say.AFTER_NO_CHILD]
    if found.grade is Grade.INADEQUATE and view.audit.team is not None:
        lines.append(say.TOLD_INADEQUATE)
    if found.concern_category is not None:
        lines.append(say.told_concern(found.concern_category))
    return lines


def _buttons(view: ReturnView, unchanged: bool) -> list[ac.Action]:
    """`unchanged`: a rework without any change is handed in only by a button that says so."""
    ref = view.audit.ref
    found: list[ac.Action] = []
    if not view.missing:
        hand_in = press.HandIn(ref=ref, seen=view.filled.version, sure=unchanged)
        title = say.UNCHANGED_BUTTON if unchanged else "Hand in"
        found.append(parts.button(title, hand_in.press(), style=None if unchanged else "positive"))
    elif view.progress.next is not None:
        opens = press.ReturnOpen(ref=ref, section=view.progress.next.code)
        found.append(parts.button("Go on", opens.press(), style="positive"))
    if view.may_be_none:
        found.append(parts.button(say.NONE_BUTTON, press.NoneForm(ref=ref).press()))
    found.append(parts.button("My audits", payloads.MyAudit(month=view.audit.month).press()))
    return found


def closed(view: ReturnView) -> Rendered:
    """After "Save and close": how far it is, and how to go on."""
    lead = say.saved(view.progress)
    body: list[ac.CardElement | None] = [
        parts.heading(name_of(view)),
        parts.say(lead),
        parts.say(say.due(view.audit, view.late, view.today)),
    ]
    ref = view.audit.ref
    buttons = [
        parts.button(say.open_title(view.progress), press.ReturnOpen(ref=ref).press(), style="positive"),
        parts.button("All steps", press.ReturnReview(ref=ref).press()),
        parts.button("My audits", payloads.MyAudit(month=view.audit.month).press()),
    ]
    return Rendered(parts.card(body, buttons), lead)


def none_form(view: ReturnView, because: str = "", problem: str | None = None) -> Rendered:
    title = f"{name_of(view)}: {say.NONE_TITLE}"
    longest = view.rules.answer_longest
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.NONE_HOW),
        parts.text_input("because", say.NONE_WHY, say.WRITE, value=because, longest=longest),
    ]
    send = press.ReturnNone.press_with_inputs(ref=view.audit.ref)
    buttons = [
        parts.button("Hand in", send, inputs=True, style="positive"),
        parts.button("Back to the return", press.ReturnOpen(ref=view.audit.ref).press()),
    ]
    return Rendered(parts.card(body, buttons), title)


def which(audits: Sequence[Audit], lead: str) -> Rendered:
    """Several audits wait: a button for each."""
    body: list[ac.CardElement | None] = [parts.heading("Which audit?"), parts.say(lead)]
    for audit in audits[:WHICH_MOST]:
        child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
        ref = one_line(audit.ref, 40)
        body.append(parts.say(f"{ref}{child}, due on {words.day(audit.due_on)}", separate=True))
        body.append(parts.row([parts.button(f"Open {ref}", press.ReturnOpen(ref=audit.ref).press())]))
    buttons = [parts.button("My audits", payloads.MyAudit().press())]
    return Rendered(parts.card(body, buttons), lead)
