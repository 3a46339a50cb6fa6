"""What a message says of a child of concern: which one, of which category, and what is to be done about it."""

import re
from collections.abc import Mapping

Slots = dict[str, str]

REFERENCE = re.compile(r"\bc-(\d{1,9})\b|\bc(\d{1,3})\b", re.IGNORECASE)
"""A child of concern's; a child's own begins with the same letter, has no dash, and mostly more digits. Where it could
be either, a child that is known is meant."""
_CATEGORY = re.compile(r"\b(?:cat|catagory|category|categories)\s?-?(1|i|one|2|ii|two)s?\b")
_BECOMES = re.compile(r"\b(?:to|as|into) (?:a )?(?:cat|catagory|category)\s?(1|i|one|2|ii|two)\b")
_NUMBER = {"1": "1", "i": "1", "one": "1", "2": "2", "ii": "2", "two": "2"}
_UNSURE = re.compile(r"\b(?:not sure|unsure|dont know|do not know|no idea|not certain)\b")
_STEPS: Mapping[str, re.Pattern[str]] = {
    "acknowledge": re.compile(
        r"^(?:i have it|ive got it|i have got it|got it)$|\back(?:nowledged?|nowledging)?\b"
    ),
    "uphold": re.compile(r"\bup(?:hold|held|holding)\b"),
    "recategorise": re.compile(r"\bre ?categori[sz]ed?\b|\bdowngrade\b"),
    "refuse": re.compile(
        r"\b(?:dont|do not|not|wont|cant|refuse|refused|decline|declined)\b.*\bsign(?:ed|ing)? ?off\b"
    ),
    "submit": re.compile(r"\b(?:submit|submitted|submitting|send|ask|request|ready)\b.*\bsign ?off\b"),
}
_STATES: Mapping[str, re.Pattern[str]] = {
    "removed": re.compile(r"\b(?:removed|off the tracker|off the log|closed)\b"),
    "with_director": re.compile(r"\b(?:for|awaiting|waiting for|to) sign ?off\b|\bwith the director\b"),
    "challenged": re.compile(r"\bchallenged\b"),
    "with_team": re.compile(r"\b(?:awaiting|waiting for) (?:info|information|the team)\b"),
    "in_proceedings": re.compile(r"\bproceedings\b"),
    "all": re.compile(r"\ball (?:concerns|cocs|children of concern)\b"),
}


def reference(text: str) -> Slots:
    found = REFERENCE.search(text)
    return {"concern_ref": f"C-{int(found[1] or found[2])}"} if found else {}


def category(plain: str) -> Slots:
    """The category that it has, or is said to have; and the one that it should become."""
    becomes = _BECOMES.search(plain)
    slots = {"proposed_category": _NUMBER[becomes[1]]} if becomes else {}
    before = plain if becomes is None else plain[: becomes.start()] + plain[becomes.end() :]
    has = _CATEGORY.search(before)
    return slots | ({"category": _NUMBER[has[1]]} if has else {})


def raising(text: str, plain: str) -> Slots:
    found = _CATEGORY.search(plain)
    if found:
        return {"category": _NUMBER[found[1]]}
    return {"category": "unsure"} if _UNSURE.search(plain) else {}


def step(plain: str) -> Slots:
    found = next((name for name, said in _STEPS.items() if said.search(plain)), None)
    return {"op": found} if found else {}


_ASKED: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("status", "open", re.compile(r"\b(?:open|still on)\b")),
    ("measure", "age", re.compile(r"\bhow (?:long|old)\b|\bages?\b|\boldest\b")),
    ("group_by", "month_identified", re.compile(r"\bby (?:the )?month\b|\bmonth identified\b")),
)


def asked(text: str, plain: str) -> Slots:
    """Of the tracker, which shows ages and months anyway."""
    state = next((name for name, said in _STATES.items() if said.search(plain)), None)
    found = reference(text) | category(plain) | {"said": plain}
    found |= {slot: value for slot, value, said in _ASKED if said.search(plain)}
    return found | ({"state": state} if state else {})


_CANNOT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("age", re.compile(r"\b(?:older|younger|longer|more|less) than\b|\bover \d|\bby age\b")),
    ("team", re.compile(r"\bby teams?\b|\b(?:in|for|of) (?:the )?\w+ team\b")),
    ("service", re.compile(r"\bby services?\b|\b(?:in|for|of) (?:the )?\w+ service\b")),
    ("area", re.compile(r"\bby areas?\b")),
    ("person", re.compile(r"\bby (?:worker|social worker|manager|person|auditor|who)\b")),
    ("week", re.compile(r"\b(?:this|last|next|past|by) weeks?\b")),
    ("days", re.compile(r"\b(?:since|before|after)\b|\bin the last\b")),
)
UNANSWERED = re.compile(r"\boverdue\b|\bunanswered\b|\b(?:no|without(?: a)?) response\b|\blate\b")


def cannot(plain: str, place: str) -> list[str]:
    """What the tracker was asked to be narrowed by, and cannot; `place`: the team or service that it can."""
    return [
        name for name, said in _CANNOT if said.search(plain) and not (place and name in ("team", "service"))
    ]


def about(text: str, plain: str) -> Slots:
    """Of one child of concern, and what to do: the words themselves are the note."""
    return reference(text) | category(plain) | step(plain) | {"note": " ".join(text.split())}
