"""The tracker of children of concern: what there is, how old it is, and with whom the next step lies."""

from collections.abc import Sequence
from datetime import date

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import concerns as press
from dialogs.words import concern_tracker as say
from dialogs.words import concerns as of_one
from dialogs.words import waiting as of_waiting
from dialogs.words.dates import page as page_words
from domain.concerns import Category, Concern, State
from domain.people import PersonId
from domain.views.concerns import ConcernCount, ConcernLine, ConcernList


def tracker(view: ConcernList, asked: press.Tracker, lead: str | None = None) -> Rendered:
    """`asked` is what the list shows; its pages and filters are made from it."""
    title = say.title(asked.state)
    counted = say.counted(view.counts, view.total)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.say(counted),
        *([_by_month(view.counts), parts.say(say.by_state(view.counts))] if view.total else []),
        *_narrowed(asked),
        *(element for line in view.lines for element in _line(view, line)),
        parts.say(page_words(view.offset, len(view.lines), view.total), subtle=True) if view.total else None,
    ]
    return Rendered(parts.card(body, _actions(view, asked)), counted)


def waiting(lines: Sequence[ConcernLine], today: date, most: int) -> list[ac.CardElement]:
    """Those whose next step is the reader's: what nobody has acknowledged stands first, and in red."""
    if not lines:
        return []
    found: list[ac.CardElement] = [parts.subheading(of_waiting.CONCERNS)]
    for line in lines[:most]:
        concern, acting = line.concern, parts.name(line.acting_for)
        team = one_line(concern.team.name, 60) if concern.team else ""
        found += [
            parts.state(say.line_title(concern), _colour(concern, today)),
            parts.say(say.line(concern, today, [], team) + (f" {say.as_deputy(acting)}" if acting else "")),
            parts.row([parts.button(f"Open {concern.ref}", press.ConcernShow(ref=concern.ref).press())]),
        ]
    if len(lines) > most:
        found.append(parts.say(of_waiting.more(len(lines) - most)))
    return found


def _colour(concern: Concern, today: date) -> parts.Colour:
    return "Attention" if concern.climbing or concern.response_overdue(today) else "Default"


def _narrowed(asked: press.Tracker) -> list[ac.CardElement]:
    shown = say.narrowed(
        asked.category, asked.state, asked.identified, one_line(asked.place, 60), unanswered=asked.unanswered
    )
    return [parts.say(shown, subtle=True)] if shown else []


def _by_month(counts: Sequence[ConcernCount]) -> ac.CardElement:
    """How many by the month in which they were identified."""
    months = sorted({count.identified for count in counts})
    pairs: list[tuple[str, str | None]] = []
    for month in months:
        of = [count for count in counts if count.identified == month]
        pairs.append((words.month(month), say.split(of)))
    return parts.facts(pairs)


def _line(view: ConcernList, concern: Concern) -> list[ac.CardElement]:
    step = view.next_with.get(concern.ref, ())
    nexts = _names(view, step)
    owing = _names(view, [person for person in view.owing.get(concern.ref, ()) if person not in step])
    open_ = parts.button(f"Open {concern.ref}", press.ConcernShow(ref=concern.ref).press())
    return [
        parts.state(say.line_title(concern), _colour(concern, view.today)),
        parts.say(
            say.line(
                concern, view.today, nexts, one_line(concern.team.name, 60) if concern.team else "", owing
            )
        ),
        parts.row([open_]),
    ]


def _names(view: ConcernList, people: Sequence[PersonId]) -> list[str]:
    return [one_line(view.people[person].name, 60) for person in people if person in view.people]


def _actions(view: ConcernList, asked: press.Tracker) -> list[ac.Action]:
    def turned(offset: int) -> press.Tracker:
        return asked.model_copy(update={"offset": offset})

    before, after = turned(max(0, view.offset - view.page)), turned(view.offset + view.page)
    found = parts.pages(view.offset, view.page, view.total, before.press(), after.press())
    return [*found, _filters(view, asked), parts.button(of_one.RAISE_TITLE, press.RaiseForm().press())]


def _filters(view: ConcernList, asked: press.Tracker) -> ac.Action:
    """Narrowing by category, state and month; empty means all."""
    categories = [(of_one.CATEGORY[c], str(int(c))) for c in Category]
    states = [("All open", "open"), *((of_one.STATE[s], s.value) for s in State), ("All", "all")]
    months = parts.month_choices(
        sorted({*view.months, *(count.identified for count in view.counts)}, reverse=True)
    )
    fields: list[ac.CardElement] = [
        _optional("category", "Category", categories, asked.category or ""),
        _optional("state", "State", states, str(asked.state or "open")),
        *(
            [_optional("identified", "Month identified", months, str(asked.identified or ""))]
            if months
            else []
        ),
    ]
    go = parts.button("Show", press.Tracker.press_with_inputs(**_kept(asked)), inputs=True)
    return parts.unfold("Filter", fields, [go])


def _kept(asked: press.Tracker) -> dict[str, object]:
    """What the fields of the filter do not ask for goes on."""
    place: dict[str, object] = {"place": asked.place} if asked.place else {}
    return place | ({"unanswered": True} if asked.unanswered else {})


def _optional(field: str, label: str, choices: Sequence[tuple[str, str]], value: str) -> ac.CardElement:
    return parts.choice(field, label, say.CHOOSE, choices, value=value, required=False, placeholder="Any")
