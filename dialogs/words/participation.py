"""What is said to the child's social worker and their manager about an audit."""

from collections.abc import Mapping, Sequence

from dialogs.words.dates import count, day, month, short_list
from domain.audits import Audit
from domain.calendar import Month
from domain.participation import COMMENT, VIEWS, Part
from domain.templates import REFLECTION

QUESTION: dict[str, str] = {
    **dict(
        zip(
            REFLECTION,
            (
                "What was done well?",
                "What were the challenges?",
                "Which tools or approaches helped?",
                "What would you do differently?",
            ),
            strict=True,
        )
    ),
    VIEWS: "Your views on the work with this child",
}
ERROR = "Write a few words."
COMMENT_LABEL = "Your comment on the result"
COMMENT_ERROR = "Write your comment."
PRIVACY = "Write no child's name: the auditor and the QA team read it."


def saved(given: Mapping[str, str], auditor: str) -> str:
    """What somebody gave is kept, and who reads it or is told of it. `auditor` is neutral already."""
    who = auditor or "The auditor"
    commented, rest = bool(given.get(COMMENT)), any(text for code, text in given.items() if code != COMMENT)
    if commented and rest:
        return f"Saved: what you gave, and your comment on the result. {who} and the QA team are told of the comment."
    if commented:
        return f"Saved: your comment on the result. {who} and the QA team are told of it."
    if rest:
        return f"Saved: your part. {who} reads it with the audit."
    return "Saved: what you gave is taken back."


CLOSED = "The audit has been completed, so what you gave can no longer be changed."
NOTHING_YET = "There is nothing to write for this audit now."


def title(ref: str) -> str:
    return f"Your part in {ref}"


def comment_title(ref: str) -> str:
    return f"Your comment on {ref}"


def comment_told(auditor: str) -> str:
    """`auditor` is neutral already; empty where there is none at present."""
    return (
        f"{auditor or 'The auditor'} and the QA team are told of your comment. A later one takes its place."
    )


def how(part: Part, auditor: str) -> str:
    """`auditor` is neutral already; empty where there is none at present."""
    who = auditor or "The auditor"
    if part is Part.SOCIAL_WORKER:
        return f"{who} reads this. Answer what you can: one question is enough, and you can change it later."
    return f"{who} reads your views. You can change them later."


def coming(audit: Audit, child: str, auditor: str) -> str:
    """To the social worker."""
    return (
        f"Because an audit was issued, {auditor or 'an auditor'} looks at the file of child {child} together with you. "
        f"It is due on {day(audit.due_on)}. Tell them here what went well and what was hard."
    )


def coming_to_team(of: Month | None, total: int) -> str:
    """To the manager."""
    which = f"the audits of {month(of)}" if of else "audits"
    return (
        f"Because {which} were issued, here is what is coming to your team: "
        f"{count(total, 'audit')}. You can give your views on each."
    )


def coming_title(of: Month | None, *, own: bool = False) -> str:
    in_month = f" in {month(of)}" if of else ""
    return f"Audits of your children to come{in_month}" if own else f"Audits coming to your team{in_month}"


def none_coming(of: Month | None, *, own: bool = False) -> str:
    when = f" for {month(of)}" if of else ", for this month or a later one"
    if own:
        return (
            f"No audit of one of your children is awaited{when}. You are told here when one is issued. For one that "
            "was done, write the child's reference."
        )
    return f"No audit of your team is awaited{when}. You are told here when one is issued."


def other_months(number: int) -> str:
    return f"All months: {number:,} more"


RESULTS_OWN = "Results of your children's audits"
RESULTS_TEAM = "Results of your team's audits"
RESULTS_HOW = "You can comment on each of them: the auditor and the QA team are told."
NO_RESULTS = "No audit has come back yet that you could comment on. You are told here when one does."


def result(audit: Audit) -> str:
    return f"Because {audit.ref} was returned, here is what came of it. You can comment on it."


def commented(audit: Audit, by: str, text: str) -> str:
    """`by` and `text` are neutral already."""
    said = f": “{text}”" if text else "."
    return f"Because {by or 'somebody'} commented on {audit.ref}, here it is{said}"


# history


def history_title(teams: Sequence[str]) -> str:
    """`teams` are neutral already."""
    if not teams:
        return "Audits so far"
    return f"Audits of {short_list(teams[:3])}{' and others' if len(teams) > 3 else ''}"


NO_HISTORY = "No audit has been returned here yet. When one is, you find it in this list."


def actions(open_: int, done: int) -> str:
    if not open_ and not done:
        return "No actions"
    return f"Actions: {open_:,} open, {done:,} done"
