"""The pieces that every card is made of, written once: heading, state, facts, people's words, inputs, buttons.

Cards are version 1.5. Each control is an Action.Execute with an Action.Submit behind it, for clients that do not
know Execute. The order of the elements is the order of reading; a colour never says anything that no word says.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2s
from typing import Any, Literal, NamedTuple, cast

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.neutral import neutral, one_line
from dialogs.payloads import Press
from dialogs.words import people as people_words
from domain.calendar import Month
from domain.people import Person

CardJson = dict[str, Any]
Colour = Literal["Default", "Good", "Warning", "Attention"]

NAME_LONGEST = 80
TEXT_LONGEST = 1000
NOTE_SHOWN = 160
"""Characters shown of an older note in a history or an earlier refusal."""
CHOICES_MOST = 100
"""Entries of one choice list; where there are more, part of a name is asked for first."""
ACTIONS_MOST = 6
"""Primary actions of a card; Teams hides what is beyond."""
COMPACT_MOST = 25
"""Above this a list is one in which the reader can type to find an entry."""


class Rendered(NamedTuple):
    """A card, and the line that a notification shows of it."""

    card: CardJson
    summary: str


def card(body: Sequence[ac.CardElement | None], actions: Sequence[ac.Action] = ()) -> CardJson:
    """The JSON object that Teams takes. None in `body` is left out."""
    shown = [element for element in body if element is not None]
    made = ac.AdaptiveCard(version="1.5", body=shown, actions=list(actions) or None)
    return _with_keys(made.model_dump(by_alias=True, exclude_none=True))


def _with_keys(made: CardJson) -> CardJson:
    """Where a card takes another one's place, a client keeps an input that stands where one stood before, with what was
    typed and the choices that were offered then: a list of Yes and No offers the grades of the step before. A `key` of
    its own for each card makes the input new; the same card keeps what is typed in it."""
    found = _inputs(made)
    if found:
        digest = blake2s(json.dumps(made).encode(), digest_size=4).hexdigest()
        for field in found:
            field["key"] = f"{field['id']}-{digest}"
    return made


def _inputs(made: CardJson) -> list[CardJson]:
    """Every card is gone through, and most have a few inputs: a list that is worked off costs a third of asking each
    element for those in it."""
    found: list[CardJson] = []
    waiting: list[CardJson] = [made]
    while waiting:
        element = waiting.pop()
        if str(element.get("type", "")).startswith("Input."):
            found.append(element)
            continue
        for name in _HOLD_ELEMENTS:
            held = element.get(name)
            if isinstance(held, list):
                waiting += cast("list[CardJson]", held)
            elif isinstance(held, dict):
                waiting.append(cast("CardJson", held))
    return found


_HOLD_ELEMENTS = ("body", "items", "actions", "card", "columns")


def heading(text: str) -> ac.TextBlock:
    return ac.TextBlock(text=text, size="Large", weight="Bolder", wrap=True, style="heading")


def subheading(text: str) -> ac.TextBlock:
    return ac.TextBlock(text=text, weight="Bolder", wrap=True, spacing="Medium")


def say(text: str, *, subtle: bool = False, separate: bool = False) -> ac.TextBlock:
    """Our own sentence. What a person typed must be neutral before it comes here."""
    return ac.TextBlock(
        text=text.replace("\n", "\n\n"), wrap=True, is_subtle=subtle or None, separator=separate or None
    )


_GROUND: dict[Colour, Literal["good", "warning", "attention"] | None] = {
    "Default": None,
    "Good": "good",
    "Warning": "warning",
    "Attention": "attention",
}


def state(word: str, colour: Colour = "Default") -> ac.TextBlock | ac.Container:
    """The colour is the ground: Teams' own yellow and green letters can hardly be read on white."""
    text = ac.TextBlock(text=word, weight="Bolder", wrap=True)
    ground = _GROUND[colour]
    return ac.Container(style=ground, items=[text]) if ground else text


def problem(text: str | None) -> ac.Container | None:
    """Why a form was refused, above its first input."""
    if not text:
        return None
    return ac.Container(style="attention", items=[ac.TextBlock(text=text, wrap=True, weight="Bolder")])


def lead(text: str | None) -> ac.Container | None:
    """Why this card is here: what caused a message, or that the pressed card was an old one."""
    return ac.Container(style="emphasis", items=[say(text)]) if text else None


def quoted(label: str, text: str, longest: int = TEXT_LONGEST) -> list[ac.CardElement]:
    """What a person wrote, under a label that says so."""
    if not text.strip():
        return []
    return [subheading(label), say(neutral(text, longest))]


def facts(pairs: Iterable[tuple[str, str | None]]) -> ac.FactSet:
    """Label and value; a pair without a value is left out. Values are neutral already."""
    return ac.FactSet(facts=[ac.Fact(title=title, value=value) for title, value in pairs if value])


def name(person: Person | None) -> str:
    return one_line(person.name, NAME_LONGEST) if person else ""


def button(
    title: str, press: Press, *, inputs: bool = False, style: Literal["positive", "destructive"] | None = None
) -> ac.ExecuteAction:
    """`inputs`: the inputs beside it go with the press; without, an empty required input does not stand in its way."""
    wants = None if inputs else "none"
    submit = ac.SubmitAction(
        title=title, data={**press.data, "verb": press.verb}, associated_inputs=wants, style=style
    )
    return ac.ExecuteAction(
        title=title, verb=press.verb, data=press.data, associated_inputs=wants, style=style, fallback=submit
    )


def unfold(title: str, body: Sequence[ac.CardElement], actions: Sequence[ac.Action]) -> ac.ShowCardAction:
    """A second step before something that cannot be undone: opens in place, decides nothing by itself."""
    return ac.ShowCardAction(
        title=title, card=ac.AdaptiveCard(version="1.5", body=list(body), actions=list(actions))
    )


def row(actions: Sequence[ac.Action]) -> ac.ActionSet:
    return ac.ActionSet(actions=list(actions))


def text_input(
    field: str, label: str, error: str, *, value: str = "", required: bool = True, longest: int = TEXT_LONGEST,
    lines: bool = True, placeholder: str | None = None,
) -> ac.TextInput:  # fmt: skip
    made = ac.TextInput(
        id=field,
        label=label,
        is_required=required,
        error_message=error,
        value=value or None,
        is_multiline=lines,
        placeholder=placeholder,
    )
    made.max_length = longest  # set here it stays a whole number; the constructor would make 1000.0 of it
    return made


def choice(
    field: str, label: str, error: str, choices: Sequence[tuple[str, str]], *, value: str = "", many: bool = False,
    required: bool = True, placeholder: str | None = None,
) -> ac.ChoiceSetInput:  # fmt: skip
    """`choices` are (title, value); titles are neutral already."""
    values = {v for _, v in choices}
    kept = ",".join(v for v in value.split(",") if v in values)
    return ac.ChoiceSetInput(
        id=field,
        label=label,
        is_required=required,
        error_message=error,
        choices=[ac.Choice(title=title, value=v) for title, v in choices],
        value=kept or None,
        is_multi_select=many or None,
        style="compact" if many or len(choices) <= COMPACT_MOST else "filtered",
        wrap=True,
        placeholder=placeholder,
    )


def day_input(field: str, label: str, error: str, *, value: str = "", earliest: date) -> ac.DateInput:
    return ac.DateInput(
        id=field,
        label=label,
        is_required=True,
        error_message=error,
        value=value or None,
        min=earliest.isoformat(),
    )


class Choosable(NamedTuple):
    """People for one choice list. `hint` says what is left out; `search`: a part of a name is needed first."""

    people: Sequence[Person]
    hint: str | None
    search: bool


def choosable(people: Sequence[Person], find: str = "") -> Choosable:
    """At most CHOICES_MOST of `people`, narrowed by part of a name or team, in their order."""
    wanted = find.casefold().split()
    found = [p for p in people if all(part in _searched(p) for part in wanted)]
    if len(found) <= CHOICES_MOST:
        nobody = people_words.NOBODY_FOUND if people and not found else None
        return Choosable(found, nobody, search=bool(wanted))
    if not wanted:
        return Choosable((), people_words.NARROW, search=True)
    return Choosable(found[:CHOICES_MOST], people_words.many(CHOICES_MOST, len(found)), search=True)


def _searched(person: Person) -> str:
    return f"{person.name} {person.team.name if person.team else ''}".casefold()


def person_choices(people: Iterable[Person]) -> list[tuple[str, str]]:
    return [(_with_team(person), str(person.id)) for person in people]


def _with_team(person: Person) -> str:
    team = f" ({one_line(person.team.name, 25)})" if person.team else ""
    return f"{one_line(person.name, 42)}{team}"


def search_box(press: Press, value: str = "") -> list[ac.CardElement]:
    """Part of a name, and the button that narrows the list by it."""
    box = text_input(
        "find", "Part of a name or team", "Write part of a name.", value=value, longest=80, lines=False
    )
    return [box, row([button("Search", press, inputs=True)])]


def pages(offset: int, page: int, total: int, previous: Press, following: Press) -> list[ac.Action]:
    """Buttons to the pages before and after this one, where there are such."""
    found: list[ac.Action] = []
    if offset > 0:
        found.append(button("Previous", previous))
    if offset + page < total:
        found.append(button("Next", following))
    return found


def typed(values: Mapping[str, str], field: str) -> str:
    return values.get(field, "")


def month_choices(months: Iterable[Month]) -> list[tuple[str, str]]:
    return [(words.month(month), str(month)) for month in months]
