"""What is said on the tracker of children of concern."""

from collections.abc import Iterable, Sequence
from datetime import date

from dialogs.words.concerns import CATEGORY, STATE, age, category, child, next_step, response
from dialogs.words.dates import count, month, short_list
from domain.calendar import Month
from domain.concerns import Category, Concern, State
from domain.views.concerns import ConcernCount

CHOOSE = "Choose one, or leave it as it is."
NOTHING = "There is no child of concern on the tracker that you can see."


def title(state: str | None) -> str:
    return "Children of concern: all" if state == "all" else "Children of concern"


def none_named(named: str) -> str:
    return f"There is no child of concern {named} that you can see. Raise it, if you are worried about the child."


def which(number: int) -> str:
    if not number:
        return "None waits for that step from you now. Here are those that you can see."
    return "Several fit: open the one that you mean."


def counted(counts: Iterable[ConcernCount], total: int) -> str:
    """ "6 children of concern: 2 Category 1, 4 Category 2." """
    if not total:
        return NOTHING
    return f"{count(total, 'child of concern', 'children of concern')}: {split(counts)}."


def split(counts: Iterable[ConcernCount]) -> str:
    found = dict.fromkeys(Category, 0)
    for counted_ in counts:
        found[counted_.category] += counted_.count
    return short_list([f"{number} {CATEGORY[of]}" for of, number in found.items() if number])


def by_state(counts: Sequence[ConcernCount]) -> str:
    found = {state: sum(c.count for c in counts if c.state is state) for state in State}
    return ". ".join(f"{STATE[state]}: {number}" for state, number in found.items() if number) + "."


def narrowed(
    of_category: str | None,
    state: str | None,
    identified: Month | None,
    place: str = "",
    *,
    unanswered: bool = False,
) -> str:
    """What the list leaves out; empty where it leaves nothing out. `place` is neutral already."""
    found = [
        CATEGORY[Category(int(of_category))] if of_category else "",
        STATE[State(state)].lower() if state in set(State) else "",
        f"identified in {month(identified)}" if identified else "",
        place,
        "without the response that is due" if unanswered else "",
    ]
    shown = [part for part in found if part]
    return f"Only: {short_list(shown)}." if shown else ""


def not_narrowed(parts: Sequence[str]) -> str:
    """`parts`: our own words for what was asked and cannot be done."""
    return (
        f"I cannot sort or narrow the tracker by {short_list(parts, 'or')}. Shown are all of these; in each category "
        "the oldest come first."
    )


def line_title(concern: Concern) -> str:
    unanswered = ": not acknowledged yet" if concern.climbing else ""
    return f"{category(concern)}, child {child(concern)}{unanswered}"


def as_deputy(acting_for: str) -> str:
    return f"You are asked as deputy for {acting_for}."


def line(concern: Concern, today: date, nexts: Sequence[str], team: str, owing: Sequence[str] = ()) -> str:
    """`nexts`, `team` and `owing`, who has to write the response meanwhile, are neutral already."""
    where = f"{team}, " if team else ""
    due = f" The response {response(concern, today)}." if concern.state.open and concern.respond_by else ""
    said = next_step(nexts, climbing=False, owing=owing)
    step = f" Next step: {said}." if said else ""
    return f"{where}identified {age(concern, today)}. {STATE[concern.state]}.{due}{step}"
