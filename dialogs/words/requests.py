"""What is said about more time for an audit (slippage), and about another child or another auditor (reallocation)."""

from collections.abc import Sequence
from datetime import date

from dialogs.words.dates import count, day, day_of, month, short_list
from domain.audits import Audit
from domain.requests import Request, RequestState, Wish, is_late
from domain.views.requests import Known

STATE: dict[RequestState, str] = {
    RequestState.OPEN: "Waiting for an answer",
    RequestState.GRANTED: "Agreed",
    RequestState.REFUSED: "Not agreed",
    RequestState.WITHDRAWN: "Withdrawn",
    RequestState.OVERTAKEN: "Settled without an answer",
}
MOVED_ON: dict[str, str] = {
    RequestState.OPEN.value: "the auditor asks for something else now",
    RequestState.GRANTED.value: "it has been agreed",
    RequestState.REFUSED.value: "it was not agreed",
    RequestState.OVERTAKEN.value: "the audit has moved on, so nobody needs to answer it",
}
"""Beside those that every request can have (withdrawn)."""


def title(request: Request) -> str:
    what = "More time for" if request.wish is Wish.SLIPPAGE else "A change of audit"
    return f"{what} {request.audit_ref}"


def state(request: Request) -> str:
    if request.state is RequestState.GRANTED and request.agreed_on:
        return f"Agreed until {day(request.agreed_on)}"
    return STATE[request.state]


def wants(request: Request, asker: str) -> str:
    """What is asked for, in one sentence; `asker` is neutral already."""
    if request.wish is Wish.SLIPPAGE:
        return f"{asker} asks for time until {_day(request.wanted_on)}."
    return f"{asker} asks for this audit to be changed."


def you_want(request: Request) -> str:
    if request.wish is Wish.SLIPPAGE:
        return f"You asked for time until {_day(request.wanted_on)}."
    return "You asked for this audit to be changed."


def _day(value: date | None) -> str:
    return day(value) if value else "another day"


def asked_of(names: Sequence[str]) -> str:
    """Who answers a slippage: the head of service first, then deputies."""
    if not names:
        return "The QA team answers it."
    deputies = f" ({short_list(names[1:], 'or')} as deputy)" if len(names) > 1 else ""
    return f"{names[0]}{deputies} or the QA team answers it. The first answer counts."


ASKED_OF_QA = "The QA team answers it. Your head of service has been told."
QA_ANSWERS = "The QA team answers this. Nothing is needed from you."
FIRST_COUNTS = "The head of service and the QA team are both asked. The first answer counts."


def late(audit: Audit, until: date, *, agreed: bool) -> str:
    """What a later day means for the count."""
    name = month(audit.month)
    if is_late(audit, until):
        counts = "It still counts" if agreed else "It would still count"
        return f"{counts} as late for {name}: the deadline stays {day(audit.due_on)}."
    if audit.returned_on is None:
        return f"That is within {name}, so it is not late."
    return "The audit was returned before; the day is for the rework."


def decided(request: Request, by: str, acting_for: str = "") -> str:
    """By whom and when."""
    on = day_of(request.decided_at or request.asked_at)
    who = f"{by}, as deputy for {acting_for}," if acting_for else by or "Somebody"
    if request.state is RequestState.GRANTED:
        return f"{who} agreed on {on}."
    if request.state is RequestState.REFUSED:
        return f"{who} said no on {on}. The audit stands as it was."
    if request.state is RequestState.WITHDRAWN:
        return f"{by or 'The auditor'} withdrew it on {on}. Nobody needs to answer it any more."
    return f"It was settled on {on} without an answer."


def overtaken(request: Request, audit: Audit, closed: bool) -> str:
    """`closed`: no day was left that could have been agreed."""
    if closed:
        return (
            f"Nobody answered before the books of {month(audit.month)} closed. Speak to the QA team about it."
        )
    return f"{audit.ref} has moved on since, so nobody needs to answer this any more."


REDRAWN = "Another child was drawn for the auditor, who has been told."
TAKEN_OFF = "The audit was taken off its auditor, and the child goes to another one."


def known(found: Known) -> list[str]:
    """What the council's own files say, so that nobody need take it on trust."""
    said: list[str] = []
    if found.own_team:
        said.append("The files confirm it: the child is of the auditor's own team.")
    if found.caseload:
        said.append("The files confirm it: the auditor is the child's social worker.")
    if found.closed:
        said.append(f"The files confirm it: the case was closed on {day(found.closed)}.")
    return said


NOT_CONFIRMED = "The files do not show the reason, so it is the auditor's word."
FOR_CONFLICT = "A conflict of interest stands in no file: the auditor's word is what there is."
FOR_ABSENCE = (
    "Somebody who is away for the month is better served by an exemption: then no audit is expected of them."
)
ABSENCE_HINT = (
    "If you are away for so long that you cannot audit this month, ask for an exemption instead: then no audit is "
    "expected of you."
)
EXEMPTION_INSTEAD = "Please ask for an exemption for the month instead: then the audit is taken off you."

# the forms
SLIP_TITLE = "Ask for more time"
CHANGE_TITLE = "Ask for a change"
SLIP_HOW = "It goes to your head of service and the QA team. The first answer counts, and you are told here."
CHANGE_HOW = "It goes to the QA team. Your head of service is told. You hear the answer here."
UNTIL = "Until when?"
WHY_SLIP = "Why does it take longer?"
WHY_CHANGE = "What should the QA team know?"
PRIVACY = "Write no child's name: those who answer read it."
OPEN_ALREADY = (
    "You have asked about this audit already. Here is your request; you can ask for another day or withdraw."
)
OPEN_CHANGE_ALREADY = "You have asked for a change of this audit already. Here is your request."
WITHDRAW_ASK = "Withdraw this request? Nobody needs to answer it then. You can ask again."
TAKE_OFF_ASK = "Take this audit off its auditor? They are told. Then you choose who gets the child."
REDRAW_ASK = (
    "Draw another child at random for this auditor? They are told. This child is left out for the month."
)
WHICH = "Which audit do you mean?"
NO_AUDIT = "Nothing is awaited from you, so there is nothing to ask more time for. Send “my audit” to see your audits."
NOTHING_TO_CHANGE = "You have no audit that could be changed. Send “my audit” to see your audits."


def latest(until: date) -> str:
    return f"The latest day that can be agreed is {day(until)}."


def deadline_stays(audit: Audit) -> str:
    if audit.returned_on is not None:
        return "The audit was returned before, so a later day for the rework is not late."
    return (
        f"The deadline stays {day(audit.due_on)}. A return after it counts as late for {month(audit.month)}."
    )


# messages
def to_decide(request: Request, asker: str, acting_for: str) -> str:
    if request.wish is Wish.SLIPPAGE:
        text = f"Because {asker} may need longer for {request.audit_ref}, your yes or no is needed."
    else:
        text = f"Because {asker} asks for a change of {request.audit_ref}, your answer is needed."
    return f"{text} You are asked as deputy for {acting_for}." if acting_for else text


def chased(request: Request, asker: str) -> str:
    since = day_of(request.asked_at)
    return f"Because the request of {asker} has waited since {since}, here it is again for your answer."


def stands(request: Request, asker: str) -> str:
    what = f"a change of {request.audit_ref}"
    return f"Because {asker} asked for {what}, the QA team has been asked. You need do nothing."


def told(request: Request, by: str) -> str:
    """To who asked."""
    if request.state is RequestState.GRANTED and request.agreed_on:
        return f"Because {by} agreed, {request.audit_ref} can be returned until {day(request.agreed_on)}."
    if request.state is RequestState.REFUSED:
        return f"Because {by} said no, {request.audit_ref} stands as it was."
    if request.state is RequestState.OVERTAKEN:
        return f"Because nobody answered in time, your request about {request.audit_ref} has ended."
    return f"Your request about {request.audit_ref} has been answered."


def taken_off(audit: Audit, child: str) -> str:
    what = f"{audit.ref}, child {child}," if child else audit.ref
    return f"Because the QA team gives it to somebody else, {what} is no longer yours. Nothing is due from you for it."


# taken off by the QA team, unasked
TAKE_OFF_TITLE = "Take it off its auditor"
TAKE_OFF = "Take it off them"
OWN_AUDIT = (
    "This audit is your own, and nobody takes an audit off themselves. Ask a colleague of the QA team to do it, or "
    "ask for a change."
)
CANNOT_BE_MOVED = (
    "It cannot be given to another auditor now: that is possible until it is returned or its month is over, for the "
    "kinds that auditors do."
)
TAKE_WHICH = (
    "Say which audit needs another auditor, with its reference: for example “give A-101 to another auditor”."
)


def take_off_title(ref: str) -> str:
    return f"Take {ref} off its auditor"


def take_off_means(auditor: str) -> list[str]:
    who = auditor or "The auditor"
    then = (
        f"{who} is told that nothing is due from them any more. The child then waits for another auditor, and you can "
        "choose one on the next card. The deadline stays."
    )
    kept = (
        "What is filled in of the return already is not passed on: the next auditor begins anew. Your reason is kept "
        "in the audit's history, where the next auditor can read it."
    )
    return [then, kept]


# lists


def waiting(number: int) -> str:
    return f"Audits: {count(number, 'request')}"


def line(request: Request, asker: str) -> str:
    """A-101: Tom Bailey, more time until Wed 2 December 2026"""
    if request.wish is Wish.SLIPPAGE:
        return f"{request.audit_ref}: {asker}, more time until {_day(request.wanted_on)}"
    return f"{request.audit_ref}: {asker}, a change of audit"


WAITING_TITLE = "Requests about audits"
NONE_WAITING = "No request about an audit is waiting for you. You are told here as soon as one does."
