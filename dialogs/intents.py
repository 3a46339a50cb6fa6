"""What somebody means by what they typed: a name from the list of intents, slots, and how sure that is.

Pure and quick (well under a millisecond), and for any text there is an answer. A message that changes something
never acts by itself: it opens a card, filled in, and the person confirms.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from dialogs.phrases import COMMANDS, DANGER_NOW, MONTHS, OTHER_WORDS, OTHERS, REASONS, RULES, Rule
from domain.calendar import Month

LONGEST = 400
"""Characters that are looked at; what is beyond does not change what is meant."""
TOKENS_MOST = 60
PHRASE_LONGEST = 4
"""Words of the longest phrase in the tables."""
SURE = 0.6
"""Below this confidence the answer is a question back."""


@dataclass(frozen=True, slots=True)
class Intent:
    """`slots` hold what was said in a normal form: month "2026-11", reason (a code of the default policy), for
    "others" or "self", person, ref, child_ref, decision. `candidates` are other readings, best first."""

    name: str
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()


def understand(text: str, today: date) -> Intent:
    """Never raises. `unknown` where nothing fits; `danger` before anything else."""
    plain = _plain(text)
    tokens = tuple(_spelt(token) for token in plain.split()[:TOKENS_MOST])
    found = _phrases(tokens)
    if _danger(found) or _danger(_phrases(tuple(plain.split()[:TOKENS_MOST]))):
        return Intent("danger", {}, 1.0)
    slots = _slots(text[:LONGEST], tokens, found, today)
    whole = _command(" ".join(tokens), plain)
    if whole:
        return _with(whole, 1.0, slots, today)
    matching = sorted((rule for rule in RULES if _matches(rule, found)), key=lambda rule: -rule.weight)
    names = tuple(dict.fromkeys(rule.intent for rule in matching))
    if not names:
        return Intent("help", {}, SURE) if text.strip() == "?" else _alone(slots, tokens)
    return _with(names[0], matching[0].weight, slots, today, names[1:])


def _command(tokens: str, plain: str) -> str | None:
    return COMMANDS.get(plain) or COMMANDS.get(tokens) or COMMANDS.get(_without_courtesy(tokens))


def _with(name: str, sure: float, slots: dict[str, str], today: date, others: tuple[str, ...] = ()) -> Intent:
    if name == "exemption_list" and "ref" in slots:
        name = "exemption_show"
    if name == "request_exemption":
        _ahead(slots, today)
    else:
        slots = {key: value for key, value in slots.items() if key not in ("reason", "for")} | (
            {"reason": slots["reason"]} if name == "exemption_list" and "reason" in slots else {}
        )
    return Intent(name, slots, sure, others)


def _alone(slots: dict[str, str], tokens: tuple[str, ...]) -> Intent:
    """A reference or a month, nearly alone, says what it is about, if not what is wanted."""
    if "ref" in slots:
        return Intent("exemption_show", slots, 0.8)
    if len(tokens) > 3:
        return Intent("unknown")
    if "month" in slots or "audit_ref" in slots or "child_ref" in slots:
        return Intent("my_audits", slots, SURE)
    return Intent("unknown")


# words


_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_NOT_WORDS = re.compile(r"[^\w\s%/-]+|_")
_DASHES = re.compile(r"(?<=[a-z])-(?=[a-z])")
_COURTESY = re.compile(
    r"^(?:please|hi|hello|hey|can i see|show me|show|give me|open|see)\s+|\s+(?:please|thanks|pls)$"
)


def _plain(text: str) -> str:
    """Lower case, straight, one space between words; apostrophes go, so that "what's" is "whats"."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    spaced = _DASHES.sub(" ", _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", folded)))
    return " ".join(spaced.split())


def _without_courtesy(plain: str) -> str:
    return _COURTESY.sub("", _COURTESY.sub("", plain))


def _table_words() -> Iterable[str]:
    groups = [*(g for rule in RULES for g in rule.groups), *(g for danger in DANGER_NOW for g in danger)]
    for group in [*groups, *REASONS.values(), OTHERS]:
        for phrase in group:
            yield from phrase.split()
    for command in COMMANDS:
        yield from command.split()
    yield from (name for name in MONTHS)


_KNOWN = frozenset(_table_words()) | OTHER_WORDS
_TARGETS = sorted(word for word in _KNOWN if len(word) >= 5)


@lru_cache(maxsize=4096)
def _spelt(token: str) -> str:
    """The word of the tables that is meant: one slip in a word of up to seven letters, two in a longer one."""
    if len(token) < 4 or len(token) > 16 or token in _KNOWN or not token.isalpha():
        return token
    slips = 1 if len(token) < 5 else 2 if len(token) < 12 else 3
    best = process.extractOne(token, _TARGETS, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    if best is None:
        return token
    word, distance, _ = best
    near = word[0] == token[0] or distance <= 1
    return word if near and distance <= max(1, len(word) // 4) else token


def _phrases(tokens: tuple[str, ...]) -> frozenset[str]:
    """Every run of up to PHRASE_LONGEST words."""
    return frozenset(
        " ".join(tokens[start : start + length])
        for length in range(1, PHRASE_LONGEST + 1)
        for start in range(len(tokens) - length + 1)
    )


def _matches(rule: Rule, found: frozenset[str]) -> bool:
    return all(group & found for group in rule.groups) and not (rule.without & found)


def _danger(found: frozenset[str]) -> bool:
    return any(all(group & found for group in groups) for groups in DANGER_NOW)


# slots


_EXEMPTION_REF = re.compile(r"\be[- ]?(\d{1,9})\b", re.IGNORECASE)
_AUDIT_REF = re.compile(r"\ba-(\d{1,9})\b", re.IGNORECASE)
_CHILD_REF = re.compile(r"\bc(\d{4,9})\b", re.IGNORECASE)
_NAME = r"([A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2})"
_FOR_NAME = re.compile(r"\b(?:for|exempt)\s+" + _NAME)
_DEPUTY_NAME = re.compile(
    r"\b(?i:make|name|set|want)\s+" + _NAME + r"(?=.*\b(?i:deputy|stand|cover|delegate))"
)
_DECISIONS = {
    "approve": "approve", "approved": "approve", "endorse": "endorse", "decline": "decline", "declined": "decline",
    "reject": "decline", "refuse": "decline",
}  # fmt: skip


def _slots(text: str, tokens: tuple[str, ...], found: frozenset[str], today: date) -> dict[str, str]:
    slots: dict[str, str] = {}
    month = month_in(tokens, today)
    if month:
        slots["month"] = str(month)
    for name, pattern, prefix in (
        ("ref", _EXEMPTION_REF, "E-"),
        ("audit_ref", _AUDIT_REF, "A-"),
        ("child_ref", _CHILD_REF, "C"),
    ):
        seen = pattern.search(text)
        if seen:
            slots[name] = f"{prefix}{seen[1]}"
    reason = next((code for code, said in REASONS.items() if said & found), None)
    if reason:
        slots["reason"] = reason
    slots |= _people(text, found)
    decision = next((_DECISIONS[token] for token in tokens if token in _DECISIONS), None)
    return slots | ({"decision": decision} if decision else {})


def _people(text: str, found: frozenset[str]) -> dict[str, str]:
    deputy = _DEPUTY_NAME.search(text)
    if deputy:
        return {"person": deputy[1]}
    named = _FOR_NAME.search(text)
    if named and not _is_no_name(named[1]):
        return {"person": named[1], "for": "others"}
    if OTHERS & found:
        return {"for": "others"}
    return {"for": "self"} if found & {"i", "im", "me", "my", "myself", "ive"} else {}


def _is_no_name(written: str) -> bool:
    """ "for November", "for Me": a capital letter makes no name."""
    first = _plain(written).split()
    return not first or _spelt(first[0]) in MONTHS or first[0] in _KNOWN


_ISO_MONTH = re.compile(r"(20\d\d)-(0?[1-9]|1[0-2])(?:-\d\d)?\Z")
_SLASH_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/-](20\d\d)\Z")
_RELATIVE = {"this": 0, "next": 1, "last": -1, "previous": -1, "current": 0, "coming": 1}
_BEFORE_MAY = frozenset(
    {"in", "for", "of", "this", "next", "last", "from", "until", "till", "by", "1", "end"}
)


def month_in(tokens: tuple[str, ...], today: date) -> Month | None:
    """The month that is said: "this month", "november", "nov 2026", "2026-11". A name without a year is the
    month of that name that is nearest to today."""
    this = Month.of(today)
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _RELATIVE and after == "month":
            return this.plus(_RELATIVE[token])
        written = _ISO_MONTH.match(token)
        if written:
            return Month(int(written[1]), int(written[2]))
        written = _SLASH_MONTH.match(token)
        if written:
            return Month(int(written[2]), int(written[1]))
        if token in MONTHS and _means_the_month(tokens, index, after):
            return _nearest(MONTHS[token], after, this)
    return None


def _means_the_month(tokens: tuple[str, ...], index: int, after: str) -> bool:
    """ "may" is mostly a verb."""
    return (
        tokens[index] != "may"
        or len(tokens) == 1
        or after.startswith("20")
        or (index > 0 and tokens[index - 1] in _BEFORE_MAY)
    )


def _nearest(number: int, after: str, this: Month) -> Month:
    if re.fullmatch(r"20\d\d", after):
        return Month(int(after), number)
    near = [Month(this.year + years, number) for years in (-1, 0, 1)]
    return min(near, key=lambda month: (abs(_distance(this, month)), -_distance(this, month)))


def _distance(start: Month, end: Month) -> int:
    return (end.year - start.year) * 12 + end.number - start.number


def _ahead(slots: dict[str, str], today: date) -> None:
    """Nobody asks to be exempt from a month that is over: the next of that name is meant."""
    if "month" in slots:
        month = Month.parse(slots["month"])
        if -6 <= _distance(Month.of(today), month) < -1:
            slots["month"] = str(month.plus(12))
