"""How many children of which cohort, read from a line: "20 child protection plan, 15 looked after", "20 cp 15 cic"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.terms import Term

_ALSO: Mapping[str, tuple[str, ...]] = {
    "looked_after": ("cic", "lac", "cla", "child in care", "children in care", "looked after children", "la"),
    "care_leavers": ("cl", "cls", "care leaver", "leavers"),
    "child_in_need": ("cin", "children in need", "need"),
    "child_protection_plan": ("cp", "cpp", "child protection", "child protection plans", "children on plans"),
    "children_with_disabilities": ("cwd", "disability", "disabilities", "disabled"),
    "missing_episodes": ("missing", "mfh", "me"),
}
"""What people write for the cohorts of the default policy; other cohorts are known by label, code and initials."""
_NUMBER = re.compile(r"\d+")
_BREAK = re.compile(r"[,;\n+]|(?:\band\b|&)(?=\s*\d)|(?<=\d)\s*(?:and\b|&)")
_NO_WORD = re.compile(r"[^a-z0-9 ]+")
_BELOW = re.compile(r"(?:^|(?<=[\s,;:(]))[-\u2212\u2013]\d+[^,;\d]*")
"""A minus is asked about: it may be a slip or a dash."""
MOST = 9999


@dataclass(frozen=True, slots=True)
class Mix:
    """`numbers` by cohort in the order written; `unknown` is what was not understood, as it was written."""

    numbers: tuple[tuple[str, int], ...] = ()
    unknown: tuple[str, ...] = ()


def read_mix(text: str, cohorts: Sequence[Term]) -> Mix:
    """Numbers before or after their names ("20 cp 20 cin", "cp: 20, cin: 20"). A cohort that stands twice has the
    sum. Anything that is no pair of a number from 1 and a known cohort is in `unknown`."""
    names = _names(cohorts)
    numbers: dict[str, int] = {}
    unknown = [found.strip() for found in _BELOW.findall(text.casefold())]
    for part in (part for piece in _BREAK.split(text.casefold()) for part in _pairs(piece)):
        number, name = _NUMBER.search(part), _plain(_NUMBER.sub(" ", part))
        code = _code(name, names)
        if number is None or code is None or not 1 <= int(number[0]) <= MOST:
            unknown.append(part.strip())
        else:
            numbers[code] = numbers.get(code, 0) + int(number[0])
    return Mix(tuple(numbers.items()), tuple(unknown))


def say_mix(numbers: Sequence[tuple[str, int]], cohorts: Sequence[Term]) -> str:
    """As it can be read again, with the council's labels."""
    labels = {term.code: term.label for term in cohorts}
    return ", ".join(f"{number} {labels.get(code, code).casefold()}" for code, number in numbers)


def _pairs(piece: str) -> list[str]:
    """ "20 cp 20 cin" and "cp 20 cin 20" without commas: one number in each part."""
    piece = piece.strip()
    starts = [found.start() for found in _NUMBER.finditer(piece)]
    if len(starts) < 2:
        return [piece] if piece else []
    if starts[0] == 0:
        return [piece[a:b] for a, b in zip(starts, [*starts[1:], len(piece)], strict=True)]
    ends = [found.end() for found in _NUMBER.finditer(piece)]
    rest = [piece[ends[-1] :]] if piece[ends[-1] :].strip() else []
    return [piece[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)] + rest


def _plain(text: str) -> str:
    return " ".join(_NO_WORD.sub(" ", text.replace("_", " ")).split()).removeprefix("x ")


def _names(cohorts: Sequence[Term]) -> dict[str, str]:
    """Every way to write each cohort; what could mean two of them means neither."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for term in cohorts:
        label = _plain(term.label.casefold())
        initials = "".join(word[0] for word in label.split()) if " " in label else ""
        for name in {label, f"{label}s", _plain(term.code), initials, *_ALSO.get(term.code, ())} - {""}:
            if found.setdefault(name, term.code) != term.code:
                twice.add(name)
    labels = {_plain(term.label.casefold()) for term in cohorts} | {_plain(term.code) for term in cohorts}
    return {name: code for name, code in found.items() if name not in twice or name in labels}


def _code(name: str, names: Mapping[str, str]) -> str | None:
    if name in names:
        return names[name]
    begins = {code for known, code in names.items() if len(name) >= 4 and known.startswith(name)}
    return begins.pop() if len(begins) == 1 else None
