"""What a person typed, shown as plain words: it can make no link, mention, emphasis or list, and reorder nothing.

The database keeps the text as it was typed; only what is shown passes through here (faults 49 and 50). Teams'
clients differ in what they take for Markdown and in whether a backslash escapes it, so the characters with a
meaning are replaced by others that look alike and mean nothing to any of them.
"""
# ruff: noqa: RUF001 - characters that look alike are what this file is about

import re
import unicodedata
from functools import lru_cache

LINES_MOST = 20
"""Lines after these run on in one paragraph, so that a text cannot push the buttons off the screen."""
HIDDEN = "▯"
"""Stands where characters were that show nothing or turn the direction of writing."""

_LOOK_ALIKE = str.maketrans(
    {
        "*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "[": "［", "]": "］", "<": "‹", ">": "›",
        "\\": "＼", "|": "∣", "@": "＠", "\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
        "\u2028": "\n", "\u2029": "\n",
    }
)  # fmt: skip
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_ISOLATE, _END = "\u2068", "\u2069"
_JOINER, _VARIATION = "\u200d", frozenset("\ufe0e\ufe0f")

_PLAIN = re.compile(r"(?!\d)[A-Za-z0-9 ,;'()!?\"£%\u00c0-\u024f\u2018-\u201d\u2013\u2014]*\Z")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_TEMPLATE = re.compile(r"(?<=[{$])(?=\{)")
_SCHEME = re.compile(r"(?<=[^\W\d_]):(?=\S)|:(?=//)")
_INNER_DOT = re.compile(r"(?<=\S)\.(?=[^\W\d_])")
_BULLET = re.compile(r"^([-+=#:•]+|\d{1,9}[.)])", re.MULTILINE)
_BULLET_AS = str.maketrans(
    {"-": "–", "+": "＋", "=": "＝", "#": "＃", ":": "∶", "•": "·", ".": "․", ")": "❩"}
)


@lru_cache(maxsize=2048)
def neutral(text: str, longest: int | None = None) -> str:
    """`text` as plain words, lines kept. Cut to `longest` characters (an emoji counts as two, as it does in a
    message's size), with a sign that it was cut."""
    if longest is not None and (len(text) > longest or _units(text) > longest):
        text = _cut(text, longest - 1).rstrip() + "…"
    if _PLAIN.match(text) and "  " not in text:
        return text.strip()
    return _lines(_seen(text).translate(_LOOK_ALIKE))


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _cut(text: str, longest: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += 2 if char > "\uffff" else 1
        if taken > longest:
            return text[:index]
    return text


def one_line(text: str, longest: int | None = None) -> str:
    """The same without line breaks: for names, facts, choices and summaries."""
    return neutral(" ".join(text.split()), longest)


def _lines(text: str) -> str:
    text = _BLANK_LINES.sub("\n", _SPACES.sub(" ", text).strip())
    lines = text.split("\n")
    text = "\n".join([*lines[: LINES_MOST - 1], " ".join(lines[LINES_MOST - 1 :])]).strip()
    text = _ENTITY.sub("＆", text)
    text = _TEMPLATE.sub(" ", text)
    text = _SCHEME.sub("∶", text)
    text = _INNER_DOT.sub("․", text)
    text = _BULLET.sub(lambda found: found[0].translate(_BULLET_AS), text)
    return "\n".join(_isolated(line) for line in text.split("\n"))


def _isolated(line: str) -> str:
    """Right-to-left letters keep their own order, but cannot reorder what stands beside them."""
    turns = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in line)
    return f"{_ISOLATE}{line}{_END}" if turns else line


def _seen(text: str) -> str:
    """Every run of unseen characters as one visible sign; emoji keep what joins them."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for index, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > 3:
            continue
        if not _unseen(char) or _joins_emoji(text, index):
            shown.append(char)
        elif not (shown and shown[-1] == HIDDEN):
            shown.append(HIDDEN)
    return "".join(shown)


def _unseen(char: str) -> bool:
    if char in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return False
    if char in _EMPTY_LETTERS or char in _VARIATION:
        return True
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _joins_emoji(text: str, index: int) -> bool:
    before = text[index - 1] if index else ""
    if text[index] in _VARIATION:
        return before != "" and unicodedata.category(before) in ("So", "Sm", "Po", "Nd")
    after = text[index + 1 : index + 2]
    return (
        text[index] == _JOINER
        and after != ""
        and unicodedata.category(after) == "So"
        and (before in _VARIATION or (before != "" and unicodedata.category(before) in ("So", "Sk")))
    )
