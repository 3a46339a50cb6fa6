"""All payloads by their verbs, and how a press becomes one of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import ValidationError

from dialogs.fields import NOTE_LONGEST
from dialogs.payloads.base import PLATFORM_KEYS, Malformed, Payload, UnknownVerb, empty, verb_of
from domain.errors import DomainError, Invalid

ANSWERS_MOST = 80
_ANSWER_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
"""JSON can carry one; no database can."""


class Noun(Protocol):
    """A module of payloads. Where its inputs need codes of their own, by the name of the input, it also has MISSING
    (required and left empty), UNREADABLE and TOO_LONG; they hold for its own payloads only."""

    PAYLOADS: tuple[type[Payload], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    cls: type[Payload]
    names: frozenset[str]
    """The fields as they are called on the card."""
    missing: Mapping[str, str]
    unreadable: Mapping[str, str]
    too_long: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registry:
    """`inputs` and `prefixes` are those of all its payloads."""

    by_verb: Mapping[str, _Entry]
    inputs: frozenset[str]
    prefixes: frozenset[str]

    def parse(self, verb: str, raw_data: Mapping[str, object]) -> Payload:
        """What was pressed, typed. Raises UnknownVerb; Malformed where our own part of the data is not ours;
        Invalid(code, field=…) for what a person filled in, or left empty."""
        entry = self.by_verb.get(verb)
        if entry is None:
            raise UnknownVerb
        if raw_data.get("verb", verb) != verb:
            raise Malformed
        answers = _answers(entry.cls, raw_data)
        rest = {key: value for key, value in raw_data.items() if key not in answers}
        filled = {k: v for k, v in rest.items() if not self._passed_over(entry, k) and not empty(v)}
        if entry.cls.PREFIX:
            filled["answers"] = {key.removeprefix(entry.cls.PREFIX): text for key, text in answers.items()}
        try:
            return entry.cls.model_validate({**filled, "verb": verb})
        except ValidationError as error:
            # The library's error quotes what was typed, and must not reach a log: only our own refusal goes on.
            raise _refusal(entry, error) from None

    def _passed_over(self, entry: _Entry, key: str) -> bool:
        """A client that does not know `associatedInputs` sends a neighbour's input along with every button."""
        if key in PLATFORM_KEYS:
            return True
        if key in entry.names or (entry.cls.PREFIX and key.startswith(entry.cls.PREFIX)):
            return False
        return key in self.inputs or key.startswith(tuple(self.prefixes))


def gather(nouns: Iterable[Noun]) -> Registry:
    """Raises ValueError where two payloads have one verb, or where an input could be meant in two ways."""
    by_verb: dict[str, _Entry] = {}
    for entry in (_entry(cls, noun) for noun in nouns for cls in noun.PAYLOADS):
        verb = verb_of(entry.cls)
        if verb in by_verb:
            raise ValueError(f"{verb} is both {by_verb[verb].cls.__name__} and {entry.cls.__name__}")
        by_verb[verb] = entry
    inputs = frozenset[str]().union(*(entry.cls.INPUTS for entry in by_verb.values()))
    registry = Registry(by_verb, inputs, frozenset(e.cls.PREFIX for e in by_verb.values() if e.cls.PREFIX))
    _check_prefixes(registry)
    return registry


def _entry(cls: type[Payload], noun: Noun) -> _Entry:
    names = frozenset(field.serialization_alias or name for name, field in cls.model_fields.items())
    if cls.PREFIX and "answers" not in names:
        raise ValueError(f"{cls.__name__} has a PREFIX, and no field `answers`")
    codes: list[Mapping[str, str]] = [
        getattr(noun, name, {}) for name in ("MISSING", "UNREADABLE", "TOO_LONG")
    ]
    return _Entry(cls, names, *codes)


def _check_prefixes(registry: Registry) -> None:
    names = registry.inputs.union(*(entry.names for entry in registry.by_verb.values()))
    for prefix in registry.prefixes:
        also = sorted(n for n in names | (registry.prefixes - {prefix}) if n.startswith(prefix))
        if also:
            raise ValueError(f"{', '.join(also)}: begins like the inputs of the PREFIX {prefix}")


def _answers(cls: type[Payload], raw_data: Mapping[str, object]) -> dict[str, str]:
    """By the whole id of the input. What looks like an answer and is none stays with the rest, to be refused."""
    if not cls.PREFIX:
        return {}
    if "answers" in raw_data:
        raise Malformed
    found = {key: _text(value) for key, value in raw_data.items() if _is_answer(cls.PREFIX, key, value)}
    if len(found) > ANSWERS_MOST:
        raise Malformed
    for key, text in found.items():
        if len(text) > NOTE_LONGEST:
            raise Invalid("too_long", field=key, longest=str(NOTE_LONGEST))
        if _HALF_A_CHARACTER.search(text):
            raise Invalid("unreadable", field=key)
    return found


def _is_answer(prefix: str, key: str, value: object) -> bool:
    named = key.startswith(prefix) and _ANSWER_NAME.fullmatch(key.removeprefix(prefix)) is not None
    return named and (value is None or isinstance(value, (str, int)))


def _text(value: object) -> str:
    """As the client would have sent it: a toggle in small letters, an empty input as nothing."""
    if empty(value):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refusal(entry: _Entry, error: ValidationError) -> DomainError:
    problems = error.errors(include_url=False, include_context=True, include_input=False)
    fields = [str(problem["loc"][0]) if problem["loc"] else "" for problem in problems]
    if any(field not in entry.cls.INPUTS for field in fields):
        return Malformed()
    kind, field = problems[0]["type"], fields[0]
    if kind == "missing":
        return Invalid(entry.missing.get(field, "missing"), field=field)
    if kind in ("string_too_long", "too_long"):
        longest = problems[0].get("ctx", {}).get("max_length", NOTE_LONGEST)
        return Invalid(entry.too_long.get(field, "too_long"), field=field, longest=str(longest))
    return Invalid(entry.unreadable.get(field, "unreadable"), field=field)
