"""What the self-check found, in one short sentence each: references of alerts, no names."""

from dialogs.words.dates import count, moment, short_list
from domain.lanes import Lane
from domain.selfcheck import Finding, Part, Trouble

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
        Trouble.STEP_OVERDUE: f"An alert's next step has been overdue since {since}.",
        Trouble.ALERT_UNDELIVERED: f"Teams has not taken alert {who} since {since}, and {untried}.",
        Trouble.LANE_STUCK: f"No {lane} are leaving; the oldest has waited since {since}.",
        Trouble.NO_TICK: f"The clock's jobs have not come to an end since {since}.",
        Trouble.STOPPED: f"The clock has stopped: nothing was checked since {since}.",
        Trouble.UNANSWERED: f"Nobody has acknowledged {who} in a whole round; silent since {since}.",
        Trouble.NOBODY_REACHED: f"No message about {who} has arrived, in Teams or by e-mail, since {since}.",
    }[it.trouble]


def _refs(it: Finding) -> str:
    more = len(it.refs) - MOST
    named = [*it.refs[:MOST], *([f"{more} more"] if more > 0 else [])]
    return short_list(named)


def not_looked(why: str | None) -> str:
    """`why` is the type of an error; None where it is too early."""
    return f"The last self-check could not be done ({why})." if why else "Nothing has been checked yet."


ALL_WELL = "Everything moves: alerts climb and arrive, messages leave, the clock goes."


def found(number: int) -> str:
    return f"{count(number, 'finding', 'findings')}."
