"""What is said about an exemption: its state, its way so far, and what happens next."""

from collections.abc import Collection

from dialogs.words.dates import day, day_of, days_left, month, short_list
from domain.audits import Audit
from domain.exemptions import Command, Exemption, State
from domain.people import Level, Role
from domain.policy import ReasonClass

STATE: dict[State, str] = {
    State.WITH_HEAD_OF_SERVICE: "Waiting for the head of service",
    State.WITH_DIRECTOR: "Waiting for the director",
    State.WITH_DCS: "Waiting for the director of children's services",
    State.ASKED_BACK: "A question was asked",
    State.APPROVED: "Approved",
    State.DECLINED: "Declined",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "Lapsed",
}

LEVEL: dict[Level, str] = {
    Level.HEAD_OF_SERVICE: "head of service",
    Level.DIRECTOR: "director",
    Level.DCS: "director of children's services",
}

CLASS: dict[ReasonClass, str] = {
    ReasonClass.NON_OPERATIONAL: "non-operational",
    ReasonClass.OPERATIONAL: "operational",
}

DID: dict[str, str] = {
    "request": "asked",
    Command.ENDORSE.value: "endorsed it",
    Command.APPROVE.value: "approved it",
    Command.DECLINE.value: "declined it",
    Command.ASK_BACK.value: "asked a question",
    Command.ANSWER.value: "answered",
    Command.WITHDRAW.value: "withdrew it",
    Command.CHASE.value: "Reminder sent",
    Command.ESCALATE.value: "No answer, so it went one step up",
    Command.REASSIGN.value: "It went to somebody else, because the person asked had changed",
    Command.LAPSE.value: "It lapsed: the month was over without a decision",
}

LAST_WEEK = "Asked in the last week of the month"
AFTER_ISSUE = "Asked after the audit was issued"


def line(exemption: Exemption, person: str, reason: str) -> str:
    """E-12: Tom Bailey, November 2026, Ill health"""
    return f"{exemption.ref}: {person}, {month(exemption.month)}, {reason}"


def waits(exemption: Exemption, approver: str) -> str:
    """Who has it now, and since when."""
    since = day_of(exemption.step_since)
    if exemption.state is State.ASKED_BACK:
        return f"{approver} asked a question on {since}. The answer is awaited."
    return f"With {approver} ({LEVEL[exemption.level]}) since {since}."


def chased(times: int) -> str:
    return "One reminder was sent." if times == 1 else f"{times} reminders were sent."


def outcome(exemption: Exemption, by: str, acting_for: str) -> str:
    """By whom and when; both names where a deputy decided."""
    on = day_of(exemption.decided_at or exemption.step_since)
    who = f"{by}, as deputy for {acting_for}," if acting_for else by
    if exemption.state is State.APPROVED:
        return f"{who} approved it on {on}."
    if exemption.state is State.DECLINED:
        return f"{who} declined it on {on}."
    if exemption.state is State.WITHDRAWN:
        return f"{who or 'The requester'} withdrew it on {on}. Nobody needs to decide it any more."
    return f"It was not decided before the end of {month(exemption.month)}, so it lapsed on {on}."


def consequence(exemption: Exemption, person: str, *, yours: bool) -> str:
    """What a closed request means for the audit."""
    subject, needs, is_ = ("You", "do not need", "are") if yours else (person, "does not need", "is")
    if exemption.state is State.APPROVED:
        return f"{subject} {needs} to audit in {month(exemption.month)}."
    if exemption.state is State.LAPSED:
        return "Nobody had refused it; the audit was still expected."
    return f"{subject} {is_} still asked to audit in {month(exemption.month)}."


def audit_fact(audit: Audit) -> str:
    """A-104, child C10432, issued on Mon 2 November 2026"""
    parts = [audit.ref]
    if audit.child_ref:
        parts.append(f"child {audit.child_ref}")
    parts.append(f"issued on {day(audit.issued_on)}" if audit.issued_on else "issued")
    return ", ".join(parts)


def deadline(exemption: Exemption, working_days: int) -> str:
    return f"{day(exemption.month.last)}, {days_left(working_days)}"


def if_endorsed() -> str:
    return "If you endorse it, it goes on to be decided by the next level. If you decline it, it ends here."


def if_approved(person: str, exemption: Exemption, audit: Audit | None) -> str:
    means = f"If you approve it, {person} does not need to audit in {month(exemption.month)}"
    return f"{means}, and {audit.ref} goes to the QA team for another auditor." if audit else f"{means}."


def unanswered(exemption: Exemption) -> str:
    """What time does to it: only the lower levels have somebody above to go to."""
    lapses = f"Undecided at the end of {month(exemption.month)}, it lapses, and everybody on it is told."
    if exemption.state in (State.WITH_HEAD_OF_SERVICE, State.WITH_DIRECTOR):
        return f"If nobody answers, it goes one step up. {lapses}"
    return lapses


def next_for_party(exemption: Exemption, approver: str, audit: Audit | None, *, answers: bool) -> str:
    """For the requester (`answers`), or for somebody whom another asked for."""
    if exemption.state is State.ASKED_BACK:
        whose = "Your answer goes" if answers else "The requester's answer goes"
        return f"{whose} back to {approver}. Until the decision the audit stands."
    step = "endorses or declines it; then it is decided one level up"
    if exemption.state is not State.WITH_HEAD_OF_SERVICE:
        step = "approves or declines it"
    stands = f" Until then {audit.ref} stands." if audit else ""
    return f"Next: {approver} {step}. You are told here at each step.{stands}"


def deputies(names: list[str]) -> str:
    return f"{short_list(names, 'or')} may decide too, as deputy."


def earlier(refused: Exemption, by: str, reason: str) -> str:
    """`by` and `reason` are neutral already."""
    on = day_of(refused.decided_at or refused.step_since)
    who = f" by {by}" if by else ""
    said = f": “{reason}”" if reason else "."
    return f"An earlier request for the same month ({refused.ref}) was declined{who} on {on}{said}"


def late_months(names: list[str]) -> str:
    which = short_list(names)
    return (
        f"{which} is in its last week. Requests are discouraged then, because little time is left to find another "
        f"auditor for the child. For {which}, please say why it could not be asked earlier."
    )


def issued_months(names: list[str]) -> str:
    return (
        f"The audit for {short_list(names)} has been issued. If the exemption is approved, the child goes to the QA "
        "team for another auditor; until then the audit stands."
    )


def how_it_goes(roles: Collection[Role]) -> str:
    """Nobody decides on their own request: a head of service's starts one step higher, a director's with the DCS."""
    to = "to your head of service, then to the director"
    if Role.HEAD_OF_SERVICE in roles:
        to = "straight to the director"
    if Role.DIRECTOR in roles:
        to = "straight to the director of children's services"
    return (
        f"Exemptions are for exceptional circumstances. Your request goes {to}; you are told here at each step, and "
        "you can withdraw it until it is decided."
    )


HOW_IT_GOES_FOR_OTHERS = (
    "One request is made for each person you choose, each decided on its own. They go to the director; you and the "
    "people concerned are told here at each step."
)
WITHDRAW_ASK = "Withdraw this request? Everybody on it is told. You can ask again while the month lasts."
MOVED_ON = "This has moved on: here is where it is now. Your press changed nothing."
PRIVACY = "Write no child's name and no medical details: those who decide on the request read it."
SENT = "Each is decided on its own. You are told here at each step."
