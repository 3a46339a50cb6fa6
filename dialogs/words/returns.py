"""What is said while a return is filled in, looked at, handed in and put right."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.words.dates import count, day, month, short_list
from dialogs.words.grades import GRADE
from domain.audits import Audit, AuditState
from domain.kinds import GRADED, Grade
from domain.return_results import Suggested, Why
from domain.return_rules import Progress
from domain.returns import ACTION_LONGEST, ACTIONS_MOST
from domain.templates import NOT_APPLICABLE, Asks, Question

NA = "Not applicable"


def what(child: str, ref: str, about: str = "") -> str:
    """What a return is for: the child, or whose supervision it is, or its reference; all are neutral."""
    if about:
        return f"Return for {about}'s supervision"
    return f"Return for {child}" if child else f"Return of {ref}"


def step_title(name: str, number: int, total: int, title: str) -> str:
    return f"{name} · step {number} of {total}: {title}"


def progress(done: Progress) -> str:
    """Of the steps that must be filled in; where none must, how many there are."""
    if not done.required:
        return f"{count(done.total, 'step')}, none of them required"
    return f"{done.done} of {count(len(done.required), 'required step')} done"


def open_title(started: Progress | None) -> str:
    """The button on one's own audits."""
    return f"Continue: {progress(started)}" if started else "Fill in the return"


def due(audit: Audit, late: str, today: date) -> str:
    if audit.state is AuditState.SENT_BACK:
        return (
            f"Sent back for rework; agreed for {day(audit.agreed_on)}."
            if audit.agreed_on
            else "Sent back for rework."
        )
    if late == "nil":
        return (
            f"It was due on {day(audit.due_on)}, and the books of {month(audit.month)} are closed: for the month it "
            "counts as not returned (nil), but it is kept and used."
        )
    if late == "late":
        return f"It was due on {day(audit.due_on)}. Handed in now it counts as late."
    return "It is due today." if audit.due_on == today else f"Due on {day(audit.due_on)}."


SENT_BACK = "Why it was sent back"
NOBODY_ELSE = "Only you see this until you hand it in. Refer to the child by reference; name nobody."
GOOD = "What good looks like"
CATEGORIES = "What the categories mean"
SAID_LEAD = "This is what I understood. Nothing is saved yet: check it, then save it. The other steps follow."


FOLLOWS = "If your answer asks for more, it is shown here after “Save and continue”, before the next step."


def now_asked(labels: Sequence[str]) -> str:
    """On the same step, after the answer that asks for them."""
    listed = "; ".join(f"“{label}”" for label in labels)
    return f"Saved. Because of your answer this step asks for more: {listed}"


def still_to_answer(labels: Sequence[str]) -> str:
    """A question keeps its own mark, so a semicolon parts them and no comma or stop follows one."""
    listed = "; ".join(f"“{label}”" for label in labels)
    return f"Saved. Still to answer here: {listed}"


def label(question: Question, *, optional: bool = True) -> str:
    return question.label if question.required or not optional else f"{question.label} (if you wish)"


def waits(title: str) -> str:
    return f"What is asked here depends on “{title}”, which is not answered yet. Answer that first."


CHOOSE = "Choose an answer."
WRITE = "Write a few words."


def answer(question: Question, said: str) -> str:
    """An answer of a choice, in words; a text as it is."""
    if said == NOT_APPLICABLE:
        return NA
    if question.asks in (Asks.GRADE, Asks.AREAS):
        return GRADE[Grade(said)] if said in set(Grade) else said
    if question.asks is Asks.YES_NO:
        return {"yes": "Yes", "no": "No"}.get(said, said)
    if question.asks is Asks.CHOICE:
        return next((term.label for term in question.choices if term.code == said), said)
    return said


def choice(question: Question, code: str) -> str:
    """The same as an entry of a list, short enough for a phone."""
    return answer(question, code)


# what is wrong with an answer


def problem(why: str, longest: int) -> str:
    return {
        "too_long": f"is longer than {longest:,} characters; shorten it to the main points",
        "unknown_answer": "is none of the answers; choose one from the list",
        "changed_elsewhere": "was answered on another card meanwhile; press the button again to keep what stands here",
        "answer_missing": "is needed, after this change",
        "action_missing": "say what has to happen",
        "action_too_long": f"is longer than {ACTION_LONGEST} characters; shorten it, or make two actions of it",
        "owner_missing": "choose a person from the list, or search for one",
        "action_day": "choose a day from today on, within two years",
        "too_many_actions": f"there are {ACTIONS_MOST} actions already; take one off first",
    }.get(why, "cannot be accepted; check it")


def problems(said: Sequence[tuple[str, str]]) -> str:
    """Label and what is wrong, each."""
    first = "This is not saved yet:" if len(said) > 1 else "Not saved yet:"
    return f"{first} " + " ".join(f"“{name}”{'' if _is_said(why) else ':'} {why}." for name, why in said)


def _is_said(why: str) -> bool:
    """Of the answer ("is longer than ..."); else it says what to do, or what there is."""
    return why.startswith(("is ", "was ", "cannot "))


# the suggested grade


def suggested(found: Suggested, areas: Mapping[str, str]) -> str:
    """ "7 of 11 areas are Good; Inadequate in risk assessment, so no better than Requires Improvement." """
    best = max(GRADED, key=lambda grade: (found.counts[grade], GRADED.index(grade)))
    most = f"{found.counts[best]} of {found.graded} graded areas {_are(found.counts[best])} {GRADE[best]}"
    named = short_list([areas.get(code, code) for code in found.inadequate])
    if found.why is Why.SHARE:
        number = len(found.inadequate)
        why = f"{number} of {found.graded} graded areas {_are(number)} Inadequate: {named}"
    elif found.inadequate:
        capped = f", so no better than {GRADE[found.grade]}" if found.grade is found.at_most else ""
        why = f"{most}; Inadequate in {named}{capped}"
    else:
        why = most
    return f"The areas suggest {GRADE[found.grade]}: {why}. The decision is yours."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def differs(found: Suggested, grade: Grade) -> str:
    return f"Your grade is {GRADE[grade]}, the areas suggest {GRADE[found.grade]}. Say why in the rationale."


# actions

ACTION = "What has to happen?"
OWNER = "Who does it?"
CHOOSE_PERSON = "Choose a person"
BY = "By when?"
ADD = "Add this action"
NO_ACTIONS = "No action yet."
SEARCH_OWNER = "Somebody else? Part of their name or team"
NOBODY_OFFERED = "Nobody is known for this team: search for the person who does it."


def action(number: int, text: str, owner: str, due_on: date) -> str:
    return f"Action {number}: {text} ({owner or 'nobody named'}, by {day(due_on)})"


# looking at all of it

REVIEW = "check and hand in"
READY = "Everything is answered. Look it over, then hand it in."
AFTER = (
    "When you hand it in, the child's social worker and the team's manager are told the result, and owners their "
    "actions. You can correct it until it is moderated."
)
AFTER_NO_CHILD = (
    "When you hand it in, owners are told their actions. You can correct it until it is moderated."
)
TOLD_INADEQUATE = (
    "It is graded Inadequate: the service manager, the assistant director (where none is named, the director) and the "
    "head of service are told at once."
)


def told_concern(category: int) -> str:
    if category == 1:
        return (
            "It is a child of concern, Category 1: the head of service and the director are alerted at once."
        )
    return f"It is a child of concern, Category {category}: the head of service is told at once, and the QA team."


def lacks(number: int) -> str:
    return f"{count(number, 'answer')} {_are(number)} missing before it can be handed in."


NAMED_MOST = 12


def lacks_in_step(number: int, names: Sequence[str]) -> str:
    """ "2 answers missing: Did the social worker take part? Did their manager take part?" """
    shown = " ".join(name if name.endswith("?") else f"{name}," for name in names[:NAMED_MOST]).rstrip(",")
    left = len(names) - NAMED_MOST
    return f"{count(number, 'answer')} missing: {shown}" + (f" and {left:,} more" if left > 0 else "")


REFLECTION_EMPTY = (
    "A case reflection sheet was done, but no question about the reflection is answered here. You can hand in without; "
    "if its answers are to be read with the return, add them in that step first."
)


# after


def saved(done: Progress) -> str:
    return f"Saved: {progress(done)}. You can go on at any time, here or with “my audit”."


HANDED_IN: dict[str, str] = {
    "": "Thank you: your return is in.",
    "late": "Thank you: your return is in. It came after the deadline and counts as late.",
    "nil": "Thank you: your return is in. The month's books were closed before, so for the month it counts as not "
    "returned (nil); it is kept, moderated and used like any other.",
}


def handed_in(late: str, *, inadequate: bool, actions: bool, child: bool) -> str:
    """In a line: that it is in, and who is told."""
    told = [
        "the child's social worker and the team's manager" if child else "",
        "the owners of its actions" if actions else "",
        "because of the Inadequate those who answer for the team" if inadequate else "",
    ]
    who = short_list([one for one in told if one])
    return f"{HANDED_IN[late]} Told: {who}." if who else HANDED_IN[late]


RESUBMITTED = "Thank you: the reworked return is in, and its moderator is told."
UNCHANGED_BUTTON = "Hand it in unchanged"
RESUBMITTED_TO_NOBODY = (
    "Thank you: the reworked return is in. Its moderator cannot judge it any more, so the QA team is told and names "
    "another one."
)
NONE_HANDED_IN = "Thank you. It is recorded that there was none this month, and why."
CORRECTED = "Corrected. The record shows both values, and your reason."

# none

NONE_TITLE = "none this month"
NONE_HOW = "That there was nothing to look at is a valid result. Say why: it is handed in with that."
NONE_WHY = "Why was there none?"
NONE_BUTTON = "There was none"

# corrections

CORRECT_HOW = (
    "Choose what is to be put right. It can be corrected until it is moderated; the record keeps both values and "
    "your reason."
)
CORRECT_WHY = "Why is it corrected?"
CORRECT_WHY_ERROR = "Write a reason: it stays with the record."
WRONG_CHILD = "It was about another child"
CHILD_HOW = (
    "The audit moves to the child you name, with its actions; those told of the first child are told of the change by "
    "their card. A child of your own team or caseload cannot be audited by you."
)
CHILD_LABEL = "Reference of the right child"

# from what was typed

NOTHING_OPEN = "No audit is waiting for your return."
SEVERAL = "You have more than one audit to return. Which one is meant?"


def none_fits(said: str) -> str:
    return f"{said} is not among the audits that wait for your return. Here is what does."


# told


def inadequate(ref: str, child: str, instead: str = "") -> str:
    """`instead` says why it is this reader who is told."""
    whose = f"the audit of child {child} ({ref})" if child else ref
    said = f"Because {whose} came back as Inadequate, you are told at once. Read why it was judged so, and its actions."
    return f"{said} {instead}" if instead else said


INSTEAD_OF_ASSISTANT = "No assistant director is named for this team, so you are told as its director."
INSTEAD_OF_ALL = (
    "No service manager, assistant director or director is named for this team: tell who answers for it, and have the "
    "teams file say who does."
)


def actions_raised(ref: str, number: int) -> str:
    return f"Because the audit {ref} was returned, {count(number, 'action')} {_are(number)} yours to do."


CORRECT_WHICH = "Which return do you want to correct?"
NOTHING_TO_CORRECT = (
    "None of your returns can be corrected now: a return can be put right, with a reason, from when it is handed in "
    "until it is moderated. What is not handed in yet you simply change and save."
)
