"""What is said about audits: how they stand, what is next, and why there is none."""

from datetime import date

from dialogs.words.dates import day, days_left, month
from dialogs.words.exemptions import STATE
from domain.audits import Audit, AuditState, Kind, Standing
from domain.calendar import Month
from domain.exemptions import Exemption, State
from domain.requests import Request, Wish
from domain.views import MyAudits

KIND: dict[Kind, str] = {
    Kind.CORE: "Audit",
    Kind.REAUDIT: "Re-audit",
    Kind.THEMATIC: "Thematic audit",
    Kind.DIP_SAMPLE: "Dip sample",
    Kind.PRACTICE_REVIEW: "Practice review",
    Kind.OBSERVATION: "Supervision observation",
    Kind.EARLY_HELP: "Early-help audit",
    Kind.MINIMUM_STANDARDS: "Minimum-standards check",
    Kind.MULTI_AGENCY: "Multi-agency audit",
    Kind.OTHER: "Other audit",
}

STANDING: dict[Standing, str] = {
    Standing.DUE: "To do",
    Standing.OVERDUE: "Late",
    Standing.NIL: "Not returned",
    Standing.RETURNED: "Returned on time",
    Standing.RETURNED_LATE: "Returned late",
    Standing.FREED: "Taken off its auditor",
}


SENT_BACK = "Sent back for rework"


def title(view: MyAudits) -> str:
    noun = "audits" if len(view.lines) > 1 else "audit"
    return f"Your {noun} for {month(view.month)}"


def stands(audit: Audit, standing: Standing, view: MyAudits) -> str:
    """The state of one audit in a sentence."""
    due = day(audit.due_on)
    if audit.state is AuditState.SENT_BACK:
        return "It was returned, and its moderator asks for rework: open it to read why."
    if standing is Standing.DUE:
        if view.today == audit.due_on:
            return f"It is due today, {due}."
        return f"{days_left(view.working_days_left)}; it is due on {due}."
    if standing is Standing.OVERDUE:
        agreed = f" {day(audit.agreed_on)} was agreed." if audit.agreed_on else ""
        return f"It was due on {due}.{agreed} It can still be returned, and counts as late."
    if standing is Standing.NIL:
        return (
            f"It was due on {due}, and the month's books are closed, so it counts as not returned. Hand it in all the "
            "same: it is kept and used. Speak to the QA team about it."
        )
    if standing is Standing.FREED:
        return "It is with the QA team for another auditor; nothing is left for you to do."
    on = f" on {day(audit.returned_on)}" if audit.returned_on else ""
    late = " It was due on " + due + "." if standing is Standing.RETURNED_LATE else ""
    return f"It was returned{on}.{late} Thank you."


def asked(request: Request) -> str:
    """What was asked for about it, and who answers."""
    if request.wish is Wish.SLIPPAGE:
        until = f" until {day(request.wanted_on)}" if request.wanted_on else ""
        return f"{request.ref}: you asked for time{until}, waiting for your head of service or the QA team."
    return f"{request.ref}: you asked for a change, waiting for the QA team."


def to_do(view: MyAudits) -> str:
    """What is next for an audit that is due."""
    together = "Audit the file together with the child's social worker."
    slip = "If it might slip, say so here at once: “might slip to Friday” asks your head of service and the QA team."
    if view.last_working_day < view.month.last:
        return f"{together} The last working day before the deadline is {day(view.last_working_day)}. {slip}"
    return f"{together} {slip}"


def nothing(view: MyAudits) -> str:
    """Why there is no audit, and what is next."""
    name = month(view.month)
    exemption = view.exemption
    if exemption and exemption.state is State.APPROVED:
        return f"You are exempt in {name} ({exemption.ref}, approved). There is nothing for you to do."
    if not view.is_auditor:
        return (
            "You are not on the list of auditors, so no audit is issued to you. If you should be on it, ask the QA "
            "team. Send “help” to see what you can do here."
        )
    if view.today > view.month.last:
        return f"No audit was issued to you for {name}."
    return (
        f"No audit has been issued to you for {name} yet. When one is, you get a card here; nothing is due from "
        "you now."
    )


def none_yet(view: MyAudits) -> str:
    """Beside what is late from the month before."""
    name, exemption = month(view.month), view.exemption
    if exemption and exemption.state is State.APPROVED:
        return f"For {name} you are exempt ({exemption.ref}, approved)."
    return f"For {name} no audit has been issued to you yet. When one is, you get a card here."


def with_exemption(exemption: Exemption) -> str:
    """Beside an audit that stands: how the request for the month is going."""
    state = STATE[exemption.state].lower()
    stays = " Until it is decided, the audit stands." if exemption.state.open else ""
    if exemption.state is State.APPROVED:
        return f"You are exempt ({exemption.ref}, approved)."
    return f"Your exemption request {exemption.ref}: {state}.{stays}"


def freed_title(audit: Audit) -> str:
    return f"{audit.ref} needs another auditor"


def given(audit: Audit, name: str) -> str:
    return f"{audit.ref} is with {name} now, who has been told. Nothing more is needed here."


def no_takers(audit: Audit, today: date) -> str:
    if today > audit.due_on:
        return (
            f"{month(audit.month)} is over, and this child was not placed with another auditor. "
            "It can no longer be given to anybody."
        )
    return (
        f"No trained auditor is free for {month(audit.month)}: all others have an audit, are exempt, or work in the "
        "child's own team. Look again when a request is withdrawn or an auditor is added."
    )


def left(month_: Month, working_days: int) -> str:
    return f"{day(month_.last)}, {days_left(working_days)}"


WHO_CAN_TAKE = (
    "Shown are trained auditors of other teams who have no audit in the month and are not exempt. The one you choose "
    "is told at once."
)
