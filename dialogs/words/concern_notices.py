"""What people are told of a child of concern, and why it comes to them."""

from datetime import date, datetime

from dialogs.neutral import one_line
from dialogs.words.concerns import STATE, category, changed, child, evidence, response, seats, step
from dialogs.words.dates import moment, when
from domain.concern_workflow import Command
from domain.concerns import Concern, State
from domain.ports import ConcernStep

RISK = "A child may be at immediate risk of significant harm."


def alert(concern: Concern) -> str:
    due = " A response is due today." if concern.respond_by else ""
    return f"Category 1 alert: child {child(concern)}. {RISK} Acknowledge it now.{due}"


def climbed(concern: Concern, since: datetime, today: date) -> str:
    missing = seats(concern.alert.open_seats) if concern.alert else ""
    return (
        f"Category 1 alert: child {child(concern)}, not acknowledged by {missing} since it was raised "
        f"{when(since, today)}. {RISK} Acknowledge it now."
    )


def acknowledged(concern: Concern) -> str:
    """The alert comes to somebody after both have acknowledged it: who answers for the child has to know."""
    return f"Category 1, child {child(concern)}. {RISK} It has been acknowledged."


def raised(concern: Concern) -> str:
    return f"{concern.ref}: child {child(concern)} was raised as a child of concern, {category(concern)}."


TOLD: dict[str, str] = {
    Command.RESPOND.value: "The response is written",
    Command.UPDATE.value: "The team has answered",
    Command.EVIDENCE.value: "There is new evidence",
    Command.PROCEEDINGS.value: "It is in proceedings now",
}
"""Steps whose name on the timeline does not say what has happened."""


_NAMED = frozenset({Command.SIGN_OFF.value, Command.REFUSE.value, Command.REMOVE.value, Command.UPHOLD.value,
                    Command.RECATEGORISE.value, Command.REOPEN.value, Command.WORSEN.value})  # fmt: skip
"""Decisions: whoever hears of one hears whose it is."""
_ON_EVIDENCE = frozenset({Command.SIGN_OFF.value, Command.REMOVE.value, Command.REFUSE.value})


def step_told(concern: Concern, line: ConcernStep, by: str) -> str:
    """What was done, in a decision by whom and on how much evidence. `by` is neutral already."""
    said = TOLD.get(line.command) or step(line.command, line.facts)
    if by and line.command in _NAMED:
        said += f", {by}"
    if line.command in _ON_EVIDENCE and concern.evidence:
        said += f", on {evidence(concern)}"
    return said


def why_anew(concern: Concern, began: ConcernStep | None) -> str:
    """Why an alert comes, where it is not the first of this record; begins with a space, empty for the first."""
    if began is None:
        return ""
    if began.command == Command.CORRECT.value:
        old, _, new = began.facts.get("child_ref", "").partition(">")
        if new:
            return (
                f" {concern.ref} was corrected: it is about child {one_line(new, 60)}, not {one_line(old, 60)}. "
                "This alert replaces the one about that child."
            )
        return f" {concern.ref} was corrected: {changed(began.facts, 'team', 'team')}."
    return {
        Command.REOPEN.value: f" {concern.ref} was put back on the tracker.",
        Command.RAISE_AGAIN.value: f" {concern.ref} was raised again.",
        Command.WORSEN.value: f" {concern.ref} was a Category 2 until now.",
    }.get(began.command, "")


def waits(concern: Concern, step: str) -> str:
    """`step`: why it comes back to the head of service, who has to know what the others decided or answered."""
    it = f"{concern.ref}, child {child(concern)}"
    return {
        State.WITH_HEAD_OF_SERVICE: f"{it}. {step}: it is with you.",
        State.WITH_TEAM: f"{it}: the head of service asks the team for information.",
        State.IN_PROCEEDINGS: f"{it}: it is with you, in proceedings.",
        State.CHALLENGED: f"{it}: the category is challenged. Please uphold it or re-categorise.",
        State.WITH_DIRECTOR: f"{it}: please sign off, or say why not.",
        State.REMOVED: f"{it}: it is off the tracker.",
    }[concern.state]


def moved(concern: Concern, step: str) -> str:
    return f"{concern.ref}, child {child(concern)}. {step}."


def overdue(concern: Concern, today: date) -> str:
    what = f"{concern.ref}, {category(concern)}, child {child(concern)}"
    if concern.response_overdue(today):
        return f"{what}: the response {response(concern, today)}."
    return f"{what}: nothing has changed since {moment(concern.state_since)}. {STATE[concern.state]}."


NOBODY = (
    "Nobody could be told of this Category 1: no head of service, director, DCS or head of quality is found for it. "
    "Please tell them yourself now, and correct the team or the people file."
)
OLD_IMPORT = (
    "It came by file as a Category 1 that was identified some time ago, so nobody was alerted. Please check that it is "
    "dealt with."
)
OTHER_CATEGORY = (
    "A Category 1 was reported for this child and nobody was alerted. The tracker has Category 2. Please check which "
    "is right, and that it is dealt with."
)
"""An old one of a file, where people have worked on the child as a Category 2; also one that was settled meanwhile."""
