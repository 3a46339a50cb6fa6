"""What is said where one child is drawn for one auditor."""

from dialogs.words.dates import month, ordinal
from domain.calendar import Month


def one_title(of: Month) -> str:
    return f"One more audit for {month(of)}"


ONE_LEAD = (
    "For somebody who has joined late or has no audit. You choose the auditor; the child is drawn by lot, by the "
    "rules of the month's draw."
)


def nobody_free(of: Month) -> str:
    return (
        f"Nobody is without an audit for {month(of)}: all auditors have one, are exempt or moderate. Look at the "
        "pool, or add an auditor there first."
    )


def one_drawn(name: str, child: str, eligible: int) -> str:
    """`name` and `child` are neutral already."""
    return f"Child {child} is drawn for {name}, by lot out of {eligible:,}. Nothing has been sent yet."


def no_child_for(name: str) -> str:
    who = name or "this person"
    return f"No child can be drawn for {who}: all others are of their own team, or were audited not long ago."


def one_ask(name: str) -> str:
    told = "the child's social worker and team manager are told"
    return f"{name} will get a card now, and {told}. This cannot be undone."


ONE_CHANGED = "This has changed since you looked, and nothing was issued. Here is the child who is drawn now."


def change_title(ref: str) -> str:
    return f"Another child for {ref}"


def change_lead(eligible: int) -> str:
    return (
        f"Another child is drawn by lot out of {eligible:,}, of the same cohorts where there are any. The one before "
        "is recorded as left out, with your reason. The auditor is told at once."
    )


def which_child(ref: str, number: int, most: int) -> str:
    """Before the press: `number` is the one to come, the first child counted."""
    return f"This will be the {ordinal(number)} child for {ref}; at most {most:,}."


def often_enough(ref: str, children: str) -> str:
    """`children` is how many there can be for one audit, the first one counted."""
    most = "1 child is" if children == "1" else f"{children or 'so many'} children are"
    return (
        f"At most {most} drawn for one audit, and {ref} has had as many. No other was drawn. Give "
        "the child to another auditor instead: take the audit off its auditor on its card. If that does not help, ask "
        "the head of quality."
    )


NO_OTHER_CHILD = "No other child can be drawn for this month. Give the audit to another auditor instead."
