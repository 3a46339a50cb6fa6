"""Sentences about children of concern, by their shape: looked at before the rules of single words, which mostly speak
of audits."""

import re
from dataclasses import dataclass, field

from dialogs import concern_slots

Slots = dict[str, str]
_CAT = r"(?:cat|catagory|category) ?(?:1|2|i|ii|one|two)s?"
_ABOUT_ONE = re.compile(r"\bc-\d{1,9}\b|\bc-?\d{4,9}\b|\bc\d{1,3}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """`of_one`: a child, or a child of concern, has to be named by its reference; `own`: by that of the tracker."""

    intent: str
    words: re.Pattern[str]
    slots: Slots = field(default_factory=dict[str, str])
    of_one: bool = True
    own: bool = False


def _shape(intent: str, words: str, *, of_one: bool = True, own: bool = False, **slots: str) -> Shape:
    return Shape(intent, re.compile(words), slots, of_one, own)


_SHAPES: tuple[Shape, ...] = (
    _shape("coc_meaning", rf"^(?:what (?:is|does|counts as)|whats|define|meaning of|explain)(?: a| an| the)? {_CAT}"
           r"(?: mean| concern)?$", of_one=False),
    _shape("coc_meaning", rf"\bdifference\b.*\b{_CAT}|^{_CAT} (?:meaning|definition)$", of_one=False),
    _shape("coc_export", r"\b(?:export|download|spreadsheet|excel|csv)\b.*\b(?:tracker|concerns|cocs|cat [12]s)\b|"
           r"\b(?:tracker|concerns|cocs)\b.*\b(?:export|spreadsheet|excel|csv)\b", of_one=False),
    _shape("coc_list", r"^(?:tracker|concerns|cocs|children of concern) by \w+$|^which cocs\b", of_one=False),
    _shape("raise_child_of_concern", rf"^(?:raise|report|flag|log|new)(?: a| an)? {_CAT}\b"),
    _shape("coc_timeline", r"\btimeline\b"),
    _shape("coc_step", r"\bask(?:ing)? (?:the |her |his |their )?team\b", op="ask_team"),
    _shape("coc_step", r"\bin (?:court|proceedings|care proceedings)\b|\bproceedings (?:started|begun|issued)\b",
           op="proceedings"),
    _shape("coc_challenge", rf"\b(?:keep|stays?|leave|remain)\b.*\b{_CAT}", op="uphold"),
    _shape("coc_challenge", rf"\b(?:shouldnt|should not|isnt|is not|not|wasnt)(?: really)?(?: be)?(?: a| an)? {_CAT}"),
    _shape("coc_step", r"\b(?:remove|take|taken|get)\b.*\b(?:from|off) (?:the )?(?:tracker|list|log)\b", op="remove"),
    _shape("coc_signoff", r"\b(?:put|send|forward)\b.*\bsign ?off\b", op="submit"),
    _shape("coc_step", r"\bwrong (?:child|team)\b", own=True, op="correct"),
    _shape("coc_step", r"^(?:add )?evidence\b(?!.*\ba \d)", op="evidence"),
    _shape("coc_list", r"\bnext step\b|\bwhat (?:has|have|is|was)\b.*\b(?:done|doing)\b|\bwhats (?:being )?done\b"),
    _shape("coc_respond", r"^update\b"),
)  # fmt: skip
_AUDIT = re.compile(r"\ba-\d", re.IGNORECASE)
_OWN = re.compile(r"\bc-\d{1,9}\b|\bc\d{1,3}\b", re.IGNORECASE)


def meant(text: str, plain: str) -> tuple[str, Slots] | None:
    """The intent, and what its words say; None where none of the sentences fits."""
    if _AUDIT.search(text):
        return None
    one, own = bool(_ABOUT_ONE.search(text)), bool(_OWN.search(text))
    for shape in _SHAPES:
        if shape.words.search(plain) and (one or not shape.of_one) and (own or not shape.own):
            found = concern_slots.asked if shape.intent == "coc_list" else concern_slots.about
            return shape.intent, found(text, plain) | shape.slots
    return None


_TAKES = re.compile(
    r"(?:(?:ok(?:ay)?|k|yes|yep|right|thanks|thank you|thx|cheers|ta|noted|done|understood|received|got it|got that|"
    r"on it|im on it|i am on it|on my way|im on my way|seen|seen it|"
    r"(?:i have|ive) (?:seen|read|got|had) (?:it|this|that)|"
    r"i see|will do|leave it with me|dealing with it|im dealing with it|looking (?:at|into) it)"
    r"(?: (?:and|now|all|so|much|you|both|that|this))?(?: |$))+"
)


def takes_it(plain: str) -> bool:
    """Nothing but "on it", "noted", "ok": where an alert waits, somebody may believe that they have taken it."""
    return _TAKES.fullmatch(plain) is not None


_GROUNDS = re.compile(r"[:;\u2013\u2014]\s*(.{3,})|\b(?:because|as|since)\b\s+(.{3,})", re.IGNORECASE)


def grounds(text: str) -> str:
    """ "raise cat 2 for C10611: no visits": what comes after."""
    found = _GROUNDS.search(" ".join(text.split()))
    return (found[1] or found[2]).strip() if found else ""
