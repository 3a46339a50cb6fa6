"""What is said when somebody asks about a child. `child` is neutral already."""

from dialogs.words.audits import KIND
from dialogs.words.dates import count, day, month
from domain.audits import Audit
from domain.calendar import Month


def title(child: str) -> str:
    return f"Audits of child {child}"


def several(number: int) -> str:
    return f"You may see {count(number, 'audit')}. Which one do you mean?"


def more(number: int) -> str:
    return f"{count(number, 'earlier audit')} not shown: say which month, or the audit's reference."


def line(audit: Audit) -> str:
    when = f"returned on {day(audit.returned_on)}" if audit.returned_on else f"due on {day(audit.due_on)}"
    return f"{KIND[audit.kind]} of {month(audit.month)}, {when}"


def none(child: str, of: Month | None, contact: str) -> str:
    """The same whether there is none, it is not for who asks, or there is no such child."""
    when = f" for {month(of)}" if of else ""
    return (
        f"I can show you no audit of {child}{when}. Check the reference; if it is right and you need to know, ask "
        f"{contact}. “Help” shows what you can ask for here."
    )
