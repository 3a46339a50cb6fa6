"""What people are told of a child of concern, and why it comes to them."""

from datetime import date, datetime

from dialogs.words.concerns import STATE, category, response
from dialogs.words.dates import moment
from domain.concerns import Concern, State

RISK = "A child may be at immediate risk of significant harm."


def alert(concern: Concern) -> str:
    due = " A response is due today." if concern.respond_by else ""
    return f"Category 1 alert: child {concern.child_ref}. {RISK} Acknowledge it now.{due}"


def climbed(concern: Concern, since: datetime) -> str:
    return (
        f"Category 1 alert, not acknowledged since {moment(since)}: child {concern.child_ref}. {RISK} Acknowledge it "
        "now: whoever does so first takes it on."
    )


def raised(concern: Concern) -> str:
    return f"{concern.ref}: child {concern.child_ref} was raised as a child of concern, {category(concern)}."


def waits(concern: Concern) -> str:
    child = f"{concern.ref}, child {concern.child_ref}"
    return {
        State.WITH_HEAD_OF_SERVICE: f"{child}: it is with you.",
        State.WITH_TEAM: f"{child}: the head of service asks the team for information.",
        State.IN_PROCEEDINGS: f"{child}: it is with you, in proceedings.",
        State.CHALLENGED: f"{child}: the category is challenged. Please uphold it or re-categorise.",
        State.WITH_DIRECTOR: f"{child}: please sign off, or say why not.",
        State.REMOVED: f"{child}: it is off the tracker.",
    }[concern.state]


def moved(concern: Concern, step: str) -> str:
    return f"{concern.ref}, child {concern.child_ref}. {step}."


def overdue(concern: Concern, today: date) -> str:
    what = f"{concern.ref}, {category(concern)}, child {concern.child_ref}"
    if concern.response_overdue(today):
        return f"{what}: the response {response(concern, today)}."
    return f"{what}: nothing has changed since {moment(concern.state_since)}. {STATE[concern.state]}."


NOBODY = (
    "Nobody could be told of this Category 1: no head of service, director, DCS or head of quality is found for it. "
    "Please tell them yourself now, and correct the team or the people file."
)
OLD_IMPORT = (
    "It came by file and was identified some time ago, so nobody was alerted. Please check that it is "
    "dealt with."
)
