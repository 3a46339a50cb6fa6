"""What the card of a re-audit says of the audit that began it: how it was graded, and how far its actions are."""

from collections.abc import Sequence
from datetime import date

from dialogs.neutral import one_line
from dialogs.words.activities import nth
from dialogs.words.dates import count, day, month
from dialogs.words.grades import GRADE
from domain.audits import Audit
from domain.ports import Action


def which(audit: Audit) -> str | None:
    """ "Second re-audit"; None where it is not known how many there were."""
    number = audit.reaudit_number
    return f"{nth(number).capitalize()} re-audit" if number else None


def graded(audit: Audit, first: Audit | None) -> str | None:
    """ "A-50 of August 2026: Inadequate"; the bare reference where the first audit is not known here."""
    if not audit.reaudit_of:
        return None
    ref = one_line(audit.reaudit_of, 40)
    if first is None:
        return ref
    grade = f": {GRADE[first.counts]}" if first.counts else ""
    return f"{ref} of {month(first.month)}{grade}"


def open_actions(actions: Sequence[Action]) -> str | None:
    """Re-audits stay Inadequate because the first audit's actions were not done (domain, section 1): said in the
    open."""
    if not actions:
        return None
    left = sum(action.done_on is None for action in actions)
    if not left:
        return f"All {count(len(actions), 'action')} of the first audit {'is' if len(actions) == 1 else 'are'} done."
    are = "is" if left == 1 else "are"
    return f"{left:,} of {count(len(actions), 'action')} of the first audit {are} not done yet."


def fold(ref: str, actions: Sequence[Action]) -> str:
    """`ref` is neutral already."""
    return f"Actions of {ref} ({len(actions)})"


def stands(action: Action, today: date) -> str:
    """ "done on Mon 2 November 2026"."""
    if action.verified_on:
        return f"done and verified on {day(action.verified_on)}"
    if action.done_on:
        return f"done on {day(action.done_on)}"
    return (
        f"overdue since {day(action.due_on)}"
        if action.due_on < today
        else f"open, due on {day(action.due_on)}"
    )
