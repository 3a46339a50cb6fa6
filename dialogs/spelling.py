"""From what was typed to plain words: folded, straightened, and corrected towards the words that the grammar knows."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from dialogs import danger
from dialogs.phrases import COMMANDS, MONTHS, OTHER_WORDS, OTHERS, REASONS, RULES

LONGEST = 400
"""Characters that are looked at; what is beyond does not change what is meant."""

_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_NOT_WORDS = re.compile(r"[^\w\s%/-]+|_")
_DASHES = re.compile(r"(?<=[a-z])-(?=[a-z])")
_COURTESY = re.compile(
    r"^(?:please|hi|hello|hey|can i see|show me|show|give me|open|see)\s+|\s+(?:please|thanks|pls)$"
)


def plain(text: str) -> str:
    """Lower case, straight, one space between words; apostrophes go, so that "what's" is "whats"."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    spaced = _DASHES.sub(" ", _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", folded)))
    return " ".join(spaced.split())


def without_courtesy(plain: str) -> str:
    return _COURTESY.sub("", _COURTESY.sub("", plain))


def _table_words() -> Iterable[str]:
    for group in [*(g for rule in RULES for g in rule.groups), *REASONS.values(), OTHERS]:
        for phrase in group:
            yield from phrase.split()
    for command in COMMANDS:
        yield from command.split()
    yield from (name for name in MONTHS)


KNOWN = frozenset(_table_words()) | OTHER_WORDS | danger.VOCABULARY
_TARGETS = sorted(word for word in KNOWN if len(word) >= 5)


@lru_cache(maxsize=4096)
def spelt(token: str) -> str:
    """The word of the tables that is meant: one slip in a word of up to seven letters, two in a longer one."""
    if len(token) < 4 or len(token) > 16 or token in KNOWN or not token.isalpha():
        return token
    slips = 1 if len(token) < 5 else 2 if len(token) < 12 else 3
    best = process.extractOne(token, _TARGETS, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    if best is None:
        return token
    word, distance, _ = best
    near = word[0] == token[0] or distance <= 1
    return word if near and distance <= max(1, len(word) // 4) else token
