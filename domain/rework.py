"""What an auditor has changed in a return that was sent back: kept beside the answers until it is handed in again."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256

from domain.return_rules import codes_of
from domain.returns import Return
from domain.templates import GRADE, RATIONALE, Asks, Section

REWORKED = "@reworked"
"""Beside the answers: each code that was saved anew, with a digest of what stood there when it was sent back."""
ACTIONS = "actions"
_LENGTH = 12


def noted(before: Return, after: Return) -> Return:
    """`after`, with a note of what differs; what was noted before keeps what stood there first."""
    marks = _marks(before)
    old, new = _said(before), _said(after)
    marks |= {
        code: _digest(old.get(code, ""))
        for code in sorted({*old, *new})
        if code not in marks and old.get(code, "") != new.get(code, "")
    }
    kept = ",".join(f"{code}:{digest}" for code, digest in marks.items())
    return replace(after, answers={**after.answers, REWORKED: kept}) if kept else after


def changed(filled: Return) -> list[str]:
    """The codes whose answers are others than when it was sent back; ACTIONS for any of its actions."""
    now = _said(filled)
    return [code for code, digest in _marks(filled).items() if _digest(now.get(code, "")) != digest]


def settled(filled: Return) -> Return:
    """Without the note, once it is handed in."""
    return replace(filled, answers={code: said for code, said in filled.answers.items() if code != REWORKED})


def first_asked(filled: Return, rework: Collection[str]) -> Section | None:
    """The step that a moderator's codes are about; None where they are about all of it."""
    wanted = {"actions": Asks.ACTIONS} if ACTIONS in rework else {}
    for section in filled.template.sections:
        asks = {question.asks for question in section.questions}
        codes = {question.code for question in section.questions}
        if wanted.get("actions") in asks or ("rationale" in rework and RATIONALE in codes):
            return section
        if "evidence" in rework and GRADE in codes:
            return section
    return None


def labels(filled: Return, codes: Collection[str], areas: Mapping[str, str]) -> list[str]:
    """What the codes are called on the form, in its order; practice areas by their names."""
    found: list[str] = []
    for question in filled.template.questions:
        if question.asks is Asks.ACTIONS and ACTIONS in codes:
            found.append(question.label)
        elif question.asks is Asks.AREAS:
            named = [code for code in codes_of(question, filled.template) if code in codes]
            found += [areas.get(code.partition("_")[2], code) for code in named]
        elif question.code in codes:
            found.append(question.label)
    return found


def _said(filled: Return) -> dict[str, str]:
    """Without what is kept beside the answers."""
    actions = "|".join(f"{one.description}~{one.owner_id}~{one.due_on}" for one in filled.actions)
    return {code: said for code, said in filled.answers.items() if not code.startswith("@")} | {
        ACTIONS: actions
    }


def _marks(filled: Return) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in filled.answers.get(REWORKED, "").split(",") if pair)
    return {code: digest for code, _, digest in pairs}


def _digest(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:_LENGTH]
