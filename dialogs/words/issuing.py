"""What is said about a month's draw: what it is made of, what could not be met, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence

from dialogs.words.dates import count, day, day_of, month, short_list
from domain.audits import Audit
from domain.calendar import Month
from domain.kinds import Kind
from domain.notices import NoticeKind
from domain.policy import Policy
from domain.pool import Standing
from domain.ports import DrawRecord
from domain.views.issuing import DrawView, IssueFormView

Facts = Mapping[str, str]


def plural(policy: Policy, kind: Kind) -> str:
    return policy.by_kind[kind].plural


def one(policy: Policy, kind: Kind) -> str:
    return policy.by_kind[kind].label.casefold()


def form_title(policy: Policy, of: Month, kind: Kind) -> str:
    return f"Draw for {month(of)}: {plural(policy, kind).casefold()}"


def form_lead(view: IssueFormView, policy: Policy) -> str:
    people = count(view.free, "auditor") if view.kind is Kind.CORE else count(view.free, "person", "people")
    if view.latest and view.latest.issued_at:
        issued = f"The {plural(policy, view.kind).casefold()} of {month(view.month)} were issued on "
        issued += f"{day_of(view.latest.issued_at)}."
        if not view.free:
            return f"{issued} Everybody who can have one has one."
        without = f"{people} {'has' if view.free == 1 else 'have'} none yet"
        return f"{issued} {without}: this draw is for them, and changes nothing for the others."
    have = (
        f" {count(view.have_one, 'other has one already', 'others have one already')}."
        if view.have_one
        else ""
    )
    if not view.free:
        return (
            f"Nobody can be given an audit for {month(view.month)} at present.{have} Look at the pool first."
        )
    return f"{people} can be given an audit.{have} Nothing is sent before you have seen who gets whom."


COHORTS_PLANNED = "These cohorts come from the programme. Take them out to draw from every child."


def given_out(view: IssueFormView) -> str | None:
    """Of a kind with an expected number: how many of it there are, and what is left to draw."""
    if view.there is None or not view.expected:
        return None
    missing = view.expected - view.there
    there = f"{view.there:,} of the {view.expected:,} expected {'is' if view.there == 1 else 'are'} given out already"
    if missing > 0:
        return (
            f"{there}, so {missing:,} {'is' if missing == 1 else 'are'} left to draw." if view.there else None
        )
    return f"{there}, so none is left to draw. To draw more all the same, write how many below."


HOW_NUMBERS = "20 child in need, 15 looked after"
HOW_EXCLUSIONS = "One a line: the child's reference, then why. For example: C10432 in court this month"


def not_understood(parts: Sequence[str]) -> str:
    """`parts` are neutral already."""
    quoted = short_list([f"“{part}”" for part in parts])
    return (
        f"I could not read {quoted}. Write a number and a cohort, like “20 child in need, 15 looked after”."
    )


def line_not_understood(line: str) -> str:
    return f"I could not read “{line}”. Write the child's reference first, then why, like “C10432 in court”."


def preview_title(of: Month) -> str:
    return f"Preview of the draw for {month(of)}"


def issued_title(of: Month) -> str:
    return f"Draw for {month(of)}: issued"


def counted(view: DrawView, policy: Policy) -> str:
    """What would happen, in a sentence."""
    people = "auditor" if view.record.kind is Kind.CORE else "person"
    many = "auditors" if view.record.kind is Kind.CORE else "people"
    if not view.drawn:
        return f"No child could be drawn for {count(view.people, people, many)}. Nothing can be issued like this."
    drawn = f"{count(view.drawn, 'child is', 'children are')} drawn"
    return f"{drawn} for {count(view.people, people, many)}, by lot out of {view.eligible:,}."


def waiting(number: int, of: Month) -> str:
    requests = count(number, "exemption request for", "exemption requests for")
    return (
        f"{requests} {month(of)} {'is' if number == 1 else 'are'} not decided yet. An approval after the issue "
        "takes the child off the auditor again."
    )


def nothing_sent(record: DrawRecord) -> str:
    times = (
        f" This is preview {record.previews} of this draw; every one is in the trail."
        if record.previews > 1
        else ""
    )
    return f"Nothing has been sent yet. The same inputs always give the same draw.{times}"


def teams(by_team: Sequence[int]) -> str:
    if not by_team:
        return "None"
    low, high = by_team[0], by_team[-1]
    each = f"{low} each" if low == high else f"{low} to {high} each"
    return f"{count(len(by_team), 'team')}, {each}"


def cohort(wanted: int | None, got: int) -> str:
    return f"{got:,}" if wanted is None else f"{got:,} of {wanted:,}"


STANDING: dict[Standing, tuple[str, str]] = {
    Standing.HAS_AUDIT: ("has an audit already", "have an audit already"),
    Standing.MODERATES: ("moderates this month", "moderate this month"),
    Standing.EXEMPT: ("is exempt", "are exempt"),
    Standing.RESTING: (
        "works alternate months and rests in this one",
        "work alternate months and rest in this one",
    ),
    Standing.NOT_TRAINED: ("is trained later", "are trained later"),
    Standing.NOT_ASKED: (
        "is a moderator only and does not moderate",
        "are moderators only and do not moderate",
    ),
    Standing.LEFT: ("has left", "have left"),
    Standing.FREE: ("is free", "are free"),
}


def people_left(standings: Mapping[Standing, int]) -> str:
    found = [
        f"{standings[standing]:,} {(one_ if standings[standing] == 1 else many)}"
        for standing, (one_, many) in STANDING.items()
        if standings.get(standing)
    ]
    return "; ".join(found) or "Nobody"


LEFT_OUT: dict[str, Callable[[int, int], str]] = {
    "closed": lambda n, _: f"{count(n, 'case is', 'cases are')} closed",
    "audited": lambda n, months: f"{n:,} audited in the last {count(months, 'month')}",
    "in_progress": lambda n, _: f"{n:,} with an audit under way",
    "excluded": lambda n, _: f"{n:,} left out by hand",
    "cohort": lambda n, _: f"{n:,} in none of the chosen cohorts",
}


def children_left(left: Mapping[str, int], months: int) -> str:
    found = [say(left[rule], months) for rule, say in LEFT_OUT.items() if left.get(rule)]
    return "; ".join(found) or "None"


def look_back(view: DrawView) -> str | None:
    """Said where it is another than the policy's."""
    months, usual = view.settings.not_again_months, view.usual_months
    if months == usual:
        return None
    less = (
        "Children may come up who were audited not long ago."
        if months < usual
        else "Fewer children can be drawn."
    )
    here = f"The look-back is {count(months, 'month')} here, and {usual:,} by the council's rule."
    return f"{here} {less} The trail says so."


def _reached(view: DrawView) -> str:
    if view.record.kind is Kind.CORE:
        return count(view.reached, "auditor")
    return count(view.reached, "person", "people")


def issue_button(view: DrawView) -> str:
    return f"Issue to {_reached(view)}"


def issue_ask(view: DrawView) -> str:
    audits = "" if view.drawn == view.reached else f" for {count(view.drawn, 'audit')} in all"
    return (
        f"{_reached(view)} will get a card now{audits}. The children's social workers and team managers are told that "
        "an audit is coming. This cannot be undone."
    )


def issued(number: int, of: Month) -> str:
    return (
        f"{count(number, 'audit is', 'audits are')} issued for {month(of)}. Each auditor gets a card; social workers "
        "and team managers are told that an audit is coming."
    )


def label_of(policy: Policy, code: str) -> str:
    return next((term.label for term in policy.cohorts if term.code == code), code)


def more_unmet(number: int) -> str:
    return f"{count(number, 'more is', 'more are')} not shown."


def pairs_title(record: DrawRecord) -> str:
    return f"Who gets whom in {month(record.month)}"


NO_PAIRS = "No child is drawn for anybody. Change the numbers or the cohorts, and look again."


OWN_WITHHELD = "Yours is shown to you when the month is issued."


def told_issued(audit: Audit, child: str, theme: str, policy: Policy) -> str:
    """To the auditor; `child` and `theme` are neutral already."""
    about = f" It is about child {child}." if child else ""
    themed = f" Theme: {theme}." if theme else ""
    return (
        f"Because you audit in {month(audit.month)}, {one(policy, audit.kind)} {audit.ref} is yours.{about}{themed} It "
        f"is due on {day(audit.due_on)}."
    )


def told_child_changed(audit: Audit, child: str, theme: str, policy: Policy) -> str:
    return (
        f"Because another child was drawn for {audit.ref}, it is about child {child} now. It stays due on "
        f"{day(audit.due_on)}. Nothing is needed for the child before."
    )


TOLD: dict[NoticeKind, Callable[[Audit, str, str, Policy], str]] = {
    NoticeKind.AUDIT_ISSUED: told_issued,
    NoticeKind.AUDIT_CHILD_CHANGED: told_child_changed,
}
