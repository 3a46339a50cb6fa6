"""What is said about who audits and who moderates, and about the year's programme."""

from collections.abc import Sequence

from dialogs.words.dates import count, day, month, short_list
from dialogs.words.exemptions import CLASS
from dialogs.words.people import ROLE
from domain.calendar import Month
from domain.people import Person, Role
from domain.policy import ReasonClass
from domain.pool import Capacity, Standing
from domain.programme import Planned

STANDING: dict[Standing, str] = {
    Standing.FREE: "can be given an audit",
    Standing.HAS_AUDIT: "has an audit",
    Standing.EXEMPT: "exempt",
    Standing.RESTING: "rests this month",
    Standing.MODERATES: "moderates",
    Standing.NOT_TRAINED: "not trained yet",
    Standing.NOT_ASKED: "moderator, not this month",
    Standing.LEFT: "has left",
}
TITLES: dict[Standing, str] = {
    Standing.FREE: "Free for an audit",
    Standing.HAS_AUDIT: "Have an audit",
    Standing.EXEMPT: "Exempt",
    Standing.RESTING: "Rest this month",
    Standing.MODERATES: "Moderate",
    Standing.NOT_TRAINED: "Trained later",
    Standing.NOT_ASKED: "Moderators who do not moderate",
    Standing.LEFT: "Have left",
}
ALL = "Everybody"


def title(of: Month) -> str:
    return f"The pool for {month(of)}"


def against(number: int, target: int) -> str:
    if not target:
        return f"{number:,}"
    missing = target - number
    more = f", {missing:,} to go" if missing > 0 else ""
    return f"{number:,} of {target:,}{more}"


def exempt(capacity: Capacity) -> str:
    number = capacity.of(Standing.EXEMPT)
    parts = [
        f"{capacity.exempt[cls.value]:,} {CLASS[cls]}"
        for cls in ReasonClass
        if capacity.exempt.get(cls.value)
    ]
    return f"{number:,} ({short_list(parts)})" if parts else f"{number:,}"


def in_pool(capacity: Capacity) -> str:
    """The month's pool and what leaves it, as section 8 counts."""
    out = capacity.of(Standing.EXEMPT)
    return f"{capacity.pool:,}, of whom {out:,} exempt: {count(capacity.allocated, 'audit')} to expect"


def summary(capacity: Capacity, of: Month) -> str:
    return (
        f"{month(of)}: {against(capacity.auditors, capacity.target_auditors)} auditors, "
        f"{against(capacity.moderators, capacity.target_moderators)} moderators"
    )


NOBODY = "Nobody stands like this in this month. Choose another list."
EMPTY = (
    "There is no auditor or moderator yet. They come with the people file, or can be added one by one here."
)


def roles(person: Person) -> str:
    return short_list([ROLE[role] for role in Role if role in person.roles]) or "none"


def stands(standing: Standing | None, says: bool | None, of: Month) -> str:
    name = month(of)
    if standing is None:
        return f"Neither auditor nor moderator in {name}."
    said = {
        True: " It was said that they moderate.",
        False: " It was said that they do not moderate.",
        None: "",
    }
    return f"In {name}: {STANDING[standing]}.{said[says]}"


def said_moderates(name: str, says: bool | None, of: Month) -> str:
    if says is None:
        return f"{name}: for {month(of)} the rule counts again. They are told."
    if says:
        return f"{name} moderates in {month(of)}, and is not drawn for an audit. They are told."
    return f"{name} does not moderate in {month(of)}. As an auditor they can be drawn for an audit. They are told."


def gave(name: str, role: Role) -> str:
    return f"{name} is {_a(role)} now, and is told."


def took(name: str, role: Role) -> str:
    return f"{name} is no longer {_a(role)}, and is told."


def added(name: str) -> str:
    return (
        f"{name} is on the list as an auditor now. I cannot write to them before they write to me: please tell "
        "them, and ask them to write “hi” here."
    )


def _a(role: Role) -> str:
    word = ROLE[role]
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def ask_give(name: str, role: Role) -> str:
    more = (
        "From that day they moderate, and are not drawn for audits."
        if role is Role.MODERATOR
        else ("From that month on they can be drawn for audits.")
    )
    return f"{name} becomes {_a(role)}. {more} They are told at once."


def ask_take(name: str, role: Role) -> str:
    return f"{name} is no longer {_a(role)} from now on. They are told at once."


def give_button(role: Role) -> str:
    return f"Make {ROLE[role]}"


def take_button(role: Role) -> str:
    return f"No longer {ROLE[role]}"


FIND = "Find a person"
HOW_FIND = "Part of a name, or an e-mail address"


def nobody_found(written: str) -> str:
    """`written` is neutral already."""
    who = f"Nobody on the list is called “{written}”. " if written else ""
    return f"{who}You can add somebody here as an auditor; all other roles come with the people file."


def several(number: int, written: str) -> str:
    return f"{count(number, 'person fits', 'people fit')} “{written}”. Choose one."


def told_role(role: Role, person: Person) -> str:
    """To the person, as it stands when it is sent."""
    if role not in person.roles:
        return f"Because the QA team changed the list, you are no longer {_a(role)}. If that is wrong, tell them."
    since = person.moderator_from if role is Role.MODERATOR else person.auditor_from
    from_ = f" from {day(since)}" if since else ""
    if role is Role.MODERATOR:
        return (
            f"Because the QA team made you a moderator{from_}, you judge colleagues' audits a second time. You are "
            "told when one is yours to moderate; while you moderate, no audit is drawn for you."
        )
    return (
        f"Because the QA team put you on the list of auditors{from_}, you audit one child's file a month. You get a "
        "card here when one is issued to you."
    )


def told_moderates(moderates: bool, of: Month) -> str:
    if moderates:
        return f"Because it was settled for {month(of)}, you moderate in that month, and no audit is drawn for you."
    return f"Because it was settled for {month(of)}, you do not moderate in that month. An audit may be drawn for you."


TOLD_TITLE = "Your part in the audits"

PROGRAMME_EMPTY = (
    "Nothing is planned in these twelve months yet. Core audits are issued every month without an entry."
)
PROGRAMME_SAVED = "Saved. The form of the draw begins with it."
PROGRAMME_REMOVED = "Taken off the programme."


def programme_title(of: Month) -> str:
    return f"Programme from {month(of)}"


COHORTS_NAMED = 3


def planned(
    entry: Planned, plural: str, begun: int | None, cohorts: Sequence[str], theme: str, note: str
) -> str:
    """`plural`, `cohorts` (labels), `theme` and `note` are neutral already. `begun` counts what there is, done or
    not."""
    named = [*cohorts[:COHORTS_NAMED], *(["others"] if len(cohorts) > COHORTS_NAMED else [])]
    number = f"{entry.expected:,} expected" if entry.expected else "as many as are issued"
    parts = [
        number,
        f"{begun:,} begun" if begun is not None else "",
        f"cohorts: {short_list(named)}" if named else "",
        f"theme: {theme}" if theme else "",
        note,
    ]
    return f"{plural}: {'; '.join(part for part in parts if part)}"


def form_title(of: Month, plural: str) -> str:
    return f"Programme for {month(of)}: {plural.casefold()}"
