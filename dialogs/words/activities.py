"""What is said about the other kinds of audits and about re-audits."""

from collections.abc import Callable

from dialogs.words.dates import count, day, month
from dialogs.words.grades import grade
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.kinds import Kind
from domain.measures.tables import percent
from domain.permissions import Reaching
from domain.reaudits import Due, outcome
from domain.views.activities import ActivityForm, ActivityList, DueList

Given = Callable[[Audit, str], str]
"""Says to whom an audit was given."""
NTH = {1: "first", 2: "second", 3: "third"}
FIND_LABEL = "Part of the name of whoever was observed"
FIND_LABEL_AHEAD = "Part of the name of whoever is to be observed"
FIND_FIRST = "Search first: the people who are found can then be chosen here."
NOBODY_FOUND = "Nobody of that name is on the list. Try another part of the name."
OBSERVED = "Of your own supervision"
NOT_OBSERVED = "No observation of your own supervision is recorded for this month."
WRITE_TO_OPEN = "Write a reference to open it."
NONE_DUE = "No child is due a re-audit: every Inadequate has been looked at again, or is being looked at."
RETURN_NEXT = "The return opens next: it counts when that is handed in."
WHY_NONE = "Why was there none?"
NONE_LEAD = (
    "That there was none is a valid result, where there is a reason. It is handed in with what you write."
)
NO_ELSEWHERE = (
    "Everybody who re-audits answers for this child's team. Choose knowingly, and say why: it is kept "
    "in the trail."
)
NOBODY_REAUDITS = (
    "Nobody on the people file does re-audits. Service managers and assistant directors do them."
)


def nth(number: int) -> str:
    """ "first", "second", "third", "4th"."""
    return NTH.get(number, f"{number}th")


def title(view: ActivityList) -> str:
    return f"{view.rules.plural}: {month(view.month)}"


def so_far(view: ActivityList) -> str:
    """ "Returned: 21 of 31 expected (67.7 %).": counts, with what they are a share of, and of whom they are."""
    if not view.total and not view.expected:
        whose = _WHOSE.get(view.far)
        return f"{f'{whose}, none' if whose else 'None'} is recorded for {month(view.month)}."
    if view.expected is None or view.expected == view.total:
        returned = f"{view.returned:,} of {view.total:,}{_share(view.returned, view.total)}."
        whose = _WHOSE.get(view.far)
        return f"{whose}, returned: {returned}" if whose else f"Returned: {returned}"
    share = _share(view.returned, view.expected)
    begun = count(view.total, "is begun or done", "are begun or done")
    return f"Returned: {view.returned:,} of {view.expected:,} expected{share}. {begun}."


_THEIRS = "Of your own and of the teams that you answer for"
_WHOSE: dict[Reaching, str] = {
    Reaching.OWN: "Of your own",
    Reaching.TEAM: _THEIRS,
    Reaching.SERVICE: _THEIRS,
    Reaching.DIRECTORATE: _THEIRS,
}
"""Said to who does not see the whole council: others may be shown more of them."""


def _share(part: int, of: int) -> str:
    found = percent(part, of)
    return "" if found is None else f" ({found} %)"


def line(audit: Audit, about: str, who: str, none: str = "") -> str:
    """Names and `none` (why there was none) are neutral already."""
    by = "observed by" if audit.kind is Kind.OBSERVATION else "by"
    found = [part for part in (about, f"{by} {who}" if who else "") if part]
    named = f"{audit.ref}: {', '.join(found)}" if found else audit.ref
    return f"{named}. {none_because(none) if none else result(audit)}"


def none_because(why: str) -> str:
    return f"None this month, because: “{why}”"


def about_person(name: str) -> str:
    """`name` is neutral already."""
    return f"supervision of {name}" if name else ""


def result(audit: Audit) -> str:
    if audit.state is AuditState.ISSUED:
        return f"To be done by {day(audit.agreed_on or audit.due_on)}."
    when = f"Returned {day(audit.returned_on)}" if audit.returned_on else "Returned"
    if audit.reaudit_number is not None or audit.reaudit_of:
        return f"{when}. {against_first(audit)}"
    return f"{when}: {grade(audit.counts)}." if audit.counts else f"{when}."


def against_first(audit: Audit) -> str:
    """What the second look came to, beside the Inadequate that began it."""
    which = f"The {nth(audit.reaudit_number)} re-audit" if audit.reaudit_number else "The re-audit"
    of = f" of {audit.reaudit_of}" if audit.reaudit_of else ""
    said = {"still_inadequate": "still Inadequate", "improved": f"improved to {grade(audit.counts)}"}
    return f"{which}{of}: {said.get(outcome(audit), 'no grade')}."


def earlier_reviewed(audit: Audit) -> str:
    if audit.earlier_actions_reviewed is None:
        return ""
    were = "were" if audit.earlier_actions_reviewed else "were not"
    return f"Earlier actions {were} gone through."


def summary(view: ActivityList) -> str:
    return f"{title(view)}. {so_far(view)}"


def form_title(view: ActivityForm) -> str:
    label = view.rules.label
    return f"Ask for one: {label.casefold()}" if view.assign else f"Log: {label.casefold()}"


def form_lead(view: ActivityForm) -> str:
    if view.assign:
        return "Whoever you choose gets a card with it now, due on the last day of the month."
    return RETURN_NEXT


def asked(audit: Audit, who: str) -> str:
    return f"{who} has {audit.ref} now, and is told. It is due on {day(audit.due_on)}."


def asked_unseen(ref: str) -> str:
    return f"{ref} is asked for, and whoever does it is told."


def none_title(label: str, of: Month) -> str:
    return f"None in {month(of)}: {label.casefold()}"


def none_said(of: Month) -> str:
    return f"It is recorded that there was none in {month(of)}, and why. Thank you."


def due_title() -> str:
    return "Due a re-audit"


def due_count(view: DueList) -> str:
    if not view.total:
        return NONE_DUE
    counted = count(view.total, "child is", "children are")
    return f"{counted} due another look after an Inadequate, longest waiting first."


def due_line(due: Due, who: str) -> str:
    """`who` is neutral already."""
    audit = due.audit
    on = f" on {day(audit.returned_on)}" if audit.returned_on else f" in {month(audit.month)}"
    by = f", by {who}" if who else ""
    return f"Inadequate in {audit.ref}{on}{by}. The {nth(due.number)} re-audit is due."


def assign_title(child: str) -> str:
    return f"Re-audit of child {child}"


def assign_lead(due: Due) -> str:
    """Its references are neutral already."""
    before = "" if due.audit.kind is not Kind.REAUDIT else f" It began with {due.first_ref}."
    when = f" on {day(due.audit.returned_on)}" if due.audit.returned_on else ""
    return (
        f"{due.audit.ref} was graded Inadequate{when}.{before} This will be the {nth(due.number)} re-audit."
    )


def assigned(audit: Audit, who: str) -> str:
    which = nth(audit.reaudit_number or 1)
    return (
        f"{who} has the {which} re-audit now: {audit.ref}, due on {day(audit.due_on)}. The child's social worker and "
        "the team's manager are told that it is coming."
    )


def no_longer_due(ref: str) -> str:
    return (
        f"Nothing was changed: after {ref} a re-audit has been given to somebody, or there is a better grade. Here is "
        "the list as it is now."
    )


def no_open_reaudit(child: str) -> str:
    return (
        f"You have no re-audit of child {child} to return. Here are this month's; ask the QA team if one should be "
        "yours."
    )
