"""What is said about a child of concern: its state, its alert, and the steps that people take (domain, section 5)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from dialogs.neutral import one_line
from dialogs.words.dates import count, day, day_of, moment, short_list, when
from domain.alerts import Acknowledged, Seat
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Category, Concern, State, Wanted

CATEGORY: dict[Category, str] = {Category.ONE: "Category 1", Category.TWO: "Category 2"}
MEANS: dict[Category, str] = {
    Category.ONE: "Widespread or serious failures, and an immediate risk of significant harm.",
    Category.TWO: (
        "Widespread or serious failures: the service or the risk assessment does not fit the child's needs."
    ),
}


def meaning(concern: Concern) -> str:
    return f"{CATEGORY[concern.category]}: {MEANS[concern.category]}"


UNSURE = (
    "Whoever raised it was not sure of the category. It is treated as Category 1 until the head of service says which "
    "it is."
)
STATE: dict[State, str] = {
    State.WITH_HEAD_OF_SERVICE: "With the head of service",
    State.WITH_TEAM: "Awaiting information from the team",
    State.IN_PROCEEDINGS: "In proceedings, under the head of service's oversight",
    State.CHALLENGED: "Category challenged: with the head of quality",
    State.WITH_DIRECTOR: "With the director for sign-off",
    State.REMOVED: "Off the tracker",
}
NOT_ACKNOWLEDGED = "Not acknowledged yet"
TIER: dict[Tier, str] = {
    Tier.HEAD_OF_SERVICE: "head of service",
    Tier.DEPUTY: "deputy",
    Tier.DIRECTOR: "director",
    Tier.DCS: "director of children's services",
    Tier.HEAD_OF_QUALITY: "head of quality",
}
SEAT: dict[Seat, str] = {Seat.RESPONSE: "Head of service", Seat.OVERSIGHT: "Director"}
WANTED: dict[Wanted, str] = {
    Wanted.CATEGORY_2: "make it a Category 2, which stays on the tracker",
    Wanted.REMOVAL: "take it off the tracker",
}
WANTED_CHOICE: dict[Wanted, str] = {
    Wanted.CATEGORY_2: "Category 2 (it stays on the tracker)",
    Wanted.REMOVAL: "No child of concern any more (off the tracker)",
}


def child(concern: Concern) -> str:
    """Typed by people, where the child was not known: neutral."""
    return one_line(concern.child_ref, 60)


def title(concern: Concern) -> str:
    """What it is, before which number it has."""
    if concern.unsure:
        return f"Child of concern {child(concern)}, category not settled: {concern.ref}"
    return f"{CATEGORY[concern.category]}: child {child(concern)} ({concern.ref})"


def category(concern: Concern) -> str:
    return "category not settled" if concern.unsure else CATEGORY[concern.category]


def state(concern: Concern) -> str:
    """In one line: an alert that nobody has taken comes before everything else."""
    if not concern.climbing or concern.alert is None:
        return STATE[concern.state]
    said = f"{NOT_ACKNOWLEDGED} by {seats(concern.alert.open_seats)}"
    return said if concern.state is State.WITH_HEAD_OF_SERVICE else f"{said}. {STATE[concern.state]}"


def seats(open_seats: Sequence[Seat]) -> str:
    return short_list([f"the {SEAT[seat].lower()}" for seat in open_seats])


def acknowledged(given: Acknowledged | None, seat: Seat, by: str, acting_for: str) -> str:
    """`by` and `acting_for` are neutral already."""
    if given is None:
        return "not acknowledged yet"
    stood_in = f", for {acting_for}" if acting_for else ""
    own = Tier.HEAD_OF_SERVICE if seat is Seat.RESPONSE else Tier.DIRECTOR
    place = f" ({TIER[given.tier]})" if given.tier is not own else ""
    return f"acknowledged {moment(given.at)} by {by}{stood_in}{place}"


def response(concern: Concern, today: date) -> str:
    if concern.responded_at is not None:
        return f"was given {moment(concern.responded_at)}"
    if concern.respond_by is None:
        return "none is due"
    if concern.respond_by == today:
        return "is due today"
    if concern.respond_by < today:
        return f"was due on {day(concern.respond_by)}, and has not been given"
    return f"is due by {day(concern.respond_by)}"


def next_step(names: Sequence[str], *, climbing: bool, owing: Sequence[str] = ()) -> str | None:
    """Whoever comes first takes a step; an alert has to be acknowledged by each. `owing`: who has to write the response
    meanwhile, where that is somebody else."""
    step = f"to be acknowledged by {short_list(names)}" if climbing else short_list(names, "or")
    parts = [step] if names else []
    if owing:
        parts.append(f"the response is to be written by {short_list(owing, 'or')}")
    return "; ".join(parts) or None


def climbs(at: datetime, today: date) -> str:
    return f"If it is not acknowledged, the next are told {when(at, today)}, and so on, day and night, until it is."


TO_ACKNOWLEDGE = (
    "Yours now: press “Acknowledge: I have it”, then act. It is recorded with your name and the time."
)
TO_DO: dict[State, str] = {
    State.WITH_TEAM: "Yours now: tell what the team knows.",
    State.IN_PROCEEDINGS: "Yours now: keep it moving, and write down what changes for the child.",
    State.CHALLENGED: "Yours now: uphold the category, or re-categorise.",
    State.WITH_DIRECTOR: "Yours now: sign it off, or say why not.",
}
"""To whoever has the next step."""


def to_do(concern: Concern, today: date) -> str | None:
    """To whoever has the next step of what is no alert any more; None where nothing is left to do."""
    if concern.state is not State.WITH_HEAD_OF_SERVICE:
        return TO_DO.get(concern.state)
    if concern.unsure:
        return "Yours now: say which category it is."
    if concern.respond_by is not None:
        return to_respond(concern, today)
    if concern.category is Category.ONE:
        return "Yours now: when things are better for the child, submit it for sign-off with the evidence."
    return "Yours now: when things are better for the child, take it off the tracker with the evidence."


def to_respond(concern: Concern, today: date) -> str:
    """To who owes it, whoever has another step meanwhile."""
    return f"Yours now: write the response (what is being done for the child). It {response(concern, today)}."


def age(concern: Concern, today: date) -> str:
    days = (today - concern.identified_on).days
    return "today" if days <= 0 else f"{count(days, 'day')} ago"


def submitted(concern: Concern, by: str) -> str:
    wanted = WANTED[concern.wanted] if concern.wanted else "change it"
    if concern.state is State.CHALLENGED:
        return f"{by} does not agree with the category and proposes to {wanted}."
    return f"{by} asks the director to {wanted}. It stays a {CATEGORY[concern.category]} until the director signs off."


# the steps


BUTTON: dict[Command, str] = {
    Command.ACKNOWLEDGE: "Acknowledge: I have it",
    Command.RESPOND: "Write the response",
    Command.UPDATE: "Tell what the team knows",
    Command.ASK_TEAM: "Ask the team",
    Command.PROCEEDINGS: "In proceedings",
    Command.TAKE_BACK: "Take it back",
    Command.SETTLE: "Say which category it is",
    Command.WORSEN: "Raise to Category 1",
    Command.CHALLENGE: "Challenge the category",
    Command.UPHOLD: "Uphold the category",
    Command.RECATEGORISE: "Re-categorise",
    Command.EVIDENCE: "Add evidence",
    Command.SUBMIT: "Submit for sign-off",
    Command.SIGN_OFF: "Sign off",
    Command.REFUSE: "Do not sign off",
    Command.REMOVE: "Take off the tracker",
    Command.REOPEN: "Put it back on the tracker",
    Command.CORRECT: "Correct child or team",
}
AGAIN = "Add to the response"


def button(concern: Concern, command: Command) -> str:
    responded = command is Command.RESPOND and concern.responded_at is not None
    return AGAIN if responded else BUTTON[command]


GO: dict[Command, str] = {
    Command.RESPOND: "Record the response",
    Command.UPDATE: "Send to the head of service",
    Command.PROCEEDINGS: "Record it",
    Command.SETTLE: "Settle the category",
    Command.EVIDENCE: "Record the evidence",
    Command.CORRECT: "Correct it",
}
"""On the form, where it is not the button that opened it."""
FORM: dict[Command, str] = {
    Command.RESPOND: "Say what is being done for the child, by whom and when. The director is told where it is a "
    "Category 1. An alert that is yours to acknowledge is acknowledged by it.",
    Command.UPDATE: "It goes to the head of service.",
    Command.ASK_TEAM: "The team's manager is asked. It stays in your hands while you wait for them.",
    Command.PROCEEDINGS: "It is shown as in proceedings, under your oversight.",
    Command.SETTLE: "You settle the category, because whoever raised it was not sure.",
    Command.WORSEN: "The head of service and the director are alerted at once, and must acknowledge it.",
    Command.CHALLENGE: "The head of quality decides. Until then nothing else changes.",
    Command.UPHOLD: "The category stays as it is, and the head of service is told why.",
    Command.RECATEGORISE: "A Category 1 stays one until the director signs it off.",
    Command.EVIDENCE: "What shows that things are better for the child now.",
    Command.SUBMIT: "The director decides. It stays a Category 1 until the director signs off.",
    Command.REFUSE: "It stays as it is, and goes back to the head of service with your reason.",
    Command.REMOVE: "It leaves the tracker. It can be put back.",
    Command.REOPEN: "It is open again, with the head of service. A Category 1 alerts anew.",
    Command.CORRECT: "Only what you fill in is changed. A Category 1 alerts the new team's head of service.",
}
NOTE: dict[Command, str] = {
    Command.RESPOND: "Your response",
    Command.UPDATE: "What the team knows or has done",
    Command.ASK_TEAM: "What do you need to know?",
    Command.PROCEEDINGS: "Which proceedings, and what happens next",
    Command.SETTLE: "Why?",
    Command.WORSEN: "What has happened?",
    Command.CHALLENGE: "Why do you not agree?",
    Command.UPHOLD: "Why does the category stay?",
    Command.RECATEGORISE: "Why?",
    Command.EVIDENCE: "The evidence",
    Command.SUBMIT: "Why can it be signed off?",
    Command.REFUSE: "Why not?",
    Command.REMOVE: "Why can it leave the tracker?",
    Command.REOPEN: "Why is it put back?",
    Command.CORRECT: "Why is it corrected?",
}
NOT_NOW = "This step is not yours to take now. Here is how it stands."
LEAVE_EMPTY = "Leave it empty where it is right."
GIVE_WORDS = "Write a few words: they are kept on the child's timeline."
NO_NAMES = "Use references only: no names of children or families."
DONE: dict[Command, str] = {
    Command.RESPOND: "Your response is recorded.",
    Command.UPDATE: "Recorded. The head of service is told.",
    Command.ASK_TEAM: "The team's manager is asked.",
    Command.PROCEEDINGS: "It is shown as in proceedings.",
    Command.TAKE_BACK: "It is with the head of service again.",
    Command.SETTLE: "The category is settled.",
    Command.WORSEN: "It is a Category 1 now. The head of service and the director are alerted.",
    Command.CHALLENGE: "The head of quality is asked to decide.",
    Command.UPHOLD: "The category stays. The head of service is told.",
    Command.RECATEGORISE: "Recorded.",
    Command.EVIDENCE: "The evidence is recorded.",
    Command.SUBMIT: "The director is asked to sign off.",
    Command.SIGN_OFF: "Signed off. The head of service is told.",
    Command.REFUSE: "Not signed off. The head of service is told why.",
    Command.REMOVE: "It is off the tracker.",
    Command.REOPEN: "It is on the tracker again.",
    Command.CORRECT: "Corrected.",
}
STEP: dict[str, str] = {
    "raise": "Raised",
    Command.RAISE_AGAIN.value: "Raised again",
    Command.ACKNOWLEDGE.value: "Acknowledged",
    Command.RESPOND.value: "Response",
    Command.UPDATE.value: "From the team",
    Command.ASK_TEAM.value: "Team asked",
    Command.PROCEEDINGS.value: "In proceedings",
    Command.TAKE_BACK.value: "Taken back by the head of service",
    Command.SETTLE.value: "Category settled",
    Command.WORSEN.value: "Raised to Category 1",
    Command.CHALLENGE.value: "Category challenged",
    Command.UPHOLD.value: "Category upheld",
    Command.RECATEGORISE.value: "Re-categorised",
    Command.EVIDENCE.value: "Evidence",
    Command.SUBMIT.value: "Submitted for sign-off",
    Command.SIGN_OFF.value: "Signed off by the director",
    Command.REFUSE.value: "Sign-off refused",
    Command.REMOVE.value: "Taken off the tracker",
    Command.REOPEN.value: "Put back on the tracker",
    Command.CORRECT.value: "Corrected",
    Command.NOTE.value: "The audit was corrected",
}
_SAID = {"1": "as a Category 1", "2": "as a Category 2", "unsure": "not sure of the category"}
_AUDIT_SAYS = {
    "none": "it raises no child of concern any more",
    "2": "it says Category 2 now",
    "other_child": "it is about another child",
}


def step(command: str, facts: Mapping[str, str]) -> str:
    """ "Raised again, as a Category 2". What an audit says no longer changes nothing here by itself."""
    said = STEP.get(command, command)
    if command == Command.ACKNOWLEDGE.value and facts.get("seats"):
        return f"{said} for {seats([Seat(part.partition(':')[0]) for part in facts['seats'].split(';')])}"
    if command == Command.RAISE_AGAIN.value and facts.get("said") in _SAID:
        return f"{said}, {_SAID[facts['said']]}"
    if command == Command.CORRECT.value:
        changes = [changed(facts, name, of) for name, of in (("child_ref", "child"), ("team", "team"))]
        return f"{said}: {', '.join(filter(None, changes))}" if any(changes) else said
    if command == Command.NOTE.value and facts.get("says") in _AUDIT_SAYS:
        return f"{said}: {_AUDIT_SAYS[facts['says']]}. Here nothing was changed"
    return said


def changed(facts: Mapping[str, str], name: str, of: str) -> str:
    """ "child C10600 → C10501"; empty where it did not change."""
    if name not in facts:
        return ""
    old, _, new = facts[name].partition(">")
    return f"{of} {one_line(old, 60) or 'not known'} → {one_line(new, 60) or 'not known'}"


GROUNDS_LABEL = "Grounds"


def grounds_again(at: datetime, by: str) -> str:
    """`by` is neutral already."""
    return f"Grounds (raised again {day_of(at)}{f' by {by}' if by else ''})"


def grounds_first(at: datetime, by: str) -> str:
    """`by` is neutral already."""
    return f"First grounds ({day_of(at)}{f', {by}' if by else ''})"


def sign_off_ask(concern: Concern) -> str:
    wanted = WANTED[concern.wanted] if concern.wanted else "take it off the tracker"
    return f"Your sign-off will {wanted}. {_all_evidence(concern)}"


def _all_evidence(concern: Concern) -> str:
    if not concern.evidence:
        return "No evidence was given."
    there = "There is" if concern.evidence == 1 else "There are"
    return f"{there} {evidence(concern)}: all of it is on the timeline."


def evidence(concern: Concern) -> str:
    return f"{count(concern.evidence, 'piece')} of evidence"


# raising


RAISE_TITLE = "Raise a child of concern"
RAISE_HOW = (
    "Category 1 alerts the head of service and the director at once, at any hour, until both have acknowledged it. "
    "Category 2 goes to the head of service."
)
RAISE_DANGER = (
    "Ring first. Nothing is recorded until you raise it below; then the head of service and the director are alerted "
    "at once, at any hour."
)
RAISE_BUTTON = "Raise it now"
CHILD_REF = "Child's reference"
CHILD_REF_MISSING = "Write the child's reference, for example C20417."
GROUNDS = "Grounds: what have you found, and why is it a concern?"
GROUNDS_MISSING = "Write in a few words what you have found."
NOT_SURE = "I am not sure. It is treated as Category 1 until the head of service says which it is."
WHICH_TEAM = "Which team has the child? This reference is not in the children file."


def already(concern: Concern) -> str:
    return (
        f"This child is on the tracker already: {concern.ref}, {category(concern)}. What you write is added there, and "
        "a Category 1 alerts anew."
    )


def kept(ref: str, *, alerts: bool) -> str:
    told = (
        "The head of service and the director are alerted now, and again until both acknowledge it."
        if alerts
        else "The head of service is told."
    )
    return f"Recorded as {ref}. {told} They come back to you if they need to know more."


def raised(concern: Concern, *, again: bool) -> str:
    begun = f"{concern.ref} was on the tracker already. What you wrote is added." if again else "Recorded."
    if concern.category is Category.ONE:
        return f"{begun} The head of service and the director are alerted now, and again until both acknowledge it."
    return f"{begun} The head of service is told."


def by_return(concern: Concern) -> str:
    """To the auditor, after the return: how it stands with the child of concern that it raised."""
    known = f"{concern.ref}, {category(concern)}"
    if concern.climbing:
        return f"{known}: the head of service and the director are alerted now, and again until both acknowledge it."
    return f"{known}: {STATE[concern.state][0].lower()}{STATE[concern.state][1:]}."


def took(open_seats: Sequence[Seat], *, seen_only: bool) -> str:
    """To whoever acknowledged."""
    first = "It is recorded that you have seen it." if seen_only else "You have acknowledged it."
    if not open_seats:
        return f"{first} Both acknowledgements are there, and nobody else is alerted."
    return f"{first} Still missing: {seats(open_seats)}. The alert goes on until it is acknowledged for both."
