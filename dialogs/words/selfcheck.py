"""What the self-check found, in one short sentence each: references of alerts, no names."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.words.dates import count, moment, short_list
from domain.lanes import Lane
from domain.selfcheck import Finding, LaneState, Part, Report, Trouble

LANE = {
    Lane.ALERT: "alerts",
    Lane.REPLY: "answers",
    Lane.DECISION: "decisions",
    Lane.NUDGE: "reminders",
    Lane.DIGEST: "summaries",
}
PART = {
    Part.ESCALATION: "Alerts climb",
    Part.ALERTS: "Alerts arrive",
    Part.OUTBOX: "Messages move",
    Part.TICKER: "The clock goes",
}
MOST = 5


def finding(it: Finding, *, mail: bool) -> str:
    since, who = moment(it.since), _refs(it)
    lane = LANE[it.lane] if it.lane is not None else "messages"
    untried = "no e-mail was tried" if mail else "there is no second channel (no mail server is set)"
    return {
        Trouble.CLOCK_SET_BACK: "The clock was set back: an alert's next step lies too far ahead.",
        Trouble.STEP_OVERDUE: f"An alert's next step has been overdue since {since}.",
        Trouble.ALERT_UNDELIVERED: f"Teams has not taken alert {who} since {since}, and {untried}.",
        Trouble.LANE_STUCK: f"No {lane} are leaving; the oldest has waited since {since}.",
        Trouble.NO_TICK: f"The clock's jobs have not come to an end since {since}.",
        Trouble.STOPPED: f"The clock has stopped: nothing was checked since {since}.",
        Trouble.UNANSWERED: f"Nobody has acknowledged {who} in a whole round; silent since {since}.",
        Trouble.NOBODY_REACHED: f"No message about {who} has arrived, in Teams or by e-mail, since {since}.",
    }[it.trouble]


def _refs(it: Finding) -> str:
    return short_list(_first(it.refs))


def _first(refs: Sequence[str]) -> list[str]:
    more = len(refs) - MOST
    return [*refs[:MOST], *([f"{more} more"] if more > 0 else [])]


def not_looked(why: str | None) -> str:
    """`why` is the type of an error; None where it is too early."""
    return f"The last self-check could not be done ({why})." if why else "Nothing has been checked yet."


TITLE = "How the bot is"
QUEUE = "Messages that wait"


def part(which: Part, *, fails: bool, found: bool) -> str:
    """Alerts climb: all is well."""
    state = "this does not work" if fails else "nobody has answered" if found else "all is well"
    return f"{PART[which]}: {state}"


def summary(report: Report) -> str:
    if not report.findings:
        return "All is well."
    return f"{count(len(report.findings), 'thing needs', 'things need')} looking at."


def looked_at(at: datetime) -> str:
    return f"Checked on {moment(at)}. It is checked every minute."


def queue(report: Report) -> list[tuple[str, str | None]]:
    """Each kind of message, and how the alerts and the second channel are."""
    climbing = report.facts.climbing
    alerts = f"{len(climbing)}: {short_list(_first([it.ref for it in climbing]))}" if climbing else "none"
    return [
        ("Alerts that climb", alerts),
        *((LANE[lane].capitalize(), _waiting(state)) for lane, state in sorted(report.facts.lanes.items())),
        ("E-mail", "set as the second channel" if report.mail else "not set: alerts have no second channel"),
    ]


def _waiting(state: LaneState) -> str:
    if not state.waiting and not state.mails:
        return "none"
    since = f", the oldest due since {moment(state.due_since)}" if state.due_since else ""
    mails = f"; {count(state.mails, 'e-mail waits', 'e-mails wait')}" if state.mails else ""
    return f"{state.waiting:,} in Teams{since}{mails}"
