"""What the buttons of a return carry."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from dialogs.fields import AuditRef, Code, Day, Find, Id, Note, Version
from dialogs.payloads.base import Payload

ANSWER = "answer_"
"""How the inputs of a template's questions begin; practice areas are `answer_area_CODE`."""
Seen = Annotated[int, Field(ge=0, lt=2**31)]
Number = Annotated[int, Field(ge=1, lt=2**31)]


class Go(StrEnum):
    """What is to happen after a step was saved."""

    NEXT = "next"
    PREVIOUS = "previous"
    REVIEW = "review"
    CLOSE = "close"
    ADD = "add"
    REMOVE = "remove"
    SEARCH = "search"


class ReturnOpen(Payload):
    """Opens the return where it was left, or at a section."""

    verb: Literal["return.open"] = "return.open"
    ref: AuditRef
    section: Code | None = None


class ReturnReview(Payload):
    """All that was said, before it is handed in."""

    verb: Literal["return.review"] = "return.review"
    ref: AuditRef


class ReturnSave(Payload):
    """Saves a step, and goes on. `seen` is the version of the return that the form showed, `child` whom it was about;
    without `section` it is a form over several steps. With the step of the actions comes the one that is being
    written; `number` is the one that is taken off."""

    INPUTS = frozenset({"description", "owner", "due_on", "find"})
    PREFIX = ANSWER
    verb: Literal["return.save"] = "return.save"
    ref: AuditRef
    child: AuditRef | None = None
    section: Code | None = None
    seen: Seen = 0
    then: Go = Go.NEXT
    number: Number | None = None
    answers: Mapping[str, str]
    description: Note = ""
    owner: Id | None = None
    due_on: Day | None = None
    find: Find = ""


class HandIn(Payload):
    """`seen` is the version of the return that was looked at; `sure`: also where nothing was changed in a rework."""

    verb: Literal["return.hand_in"] = "return.hand_in"
    ref: AuditRef
    seen: Seen
    sure: bool = False


class NoneForm(Payload):
    verb: Literal["return.none_form"] = "return.none_form"
    ref: AuditRef


class ReturnNone(Payload):
    INPUTS = frozenset({"because"})
    verb: Literal["return.none"] = "return.none"
    ref: AuditRef
    because: Note


class CorrectForm(Payload):
    """What can be corrected; with `section`, the form of that step."""

    verb: Literal["return.correct_form"] = "return.correct_form"
    ref: AuditRef
    section: Code | None = None


class Correct(Payload):
    INPUTS = frozenset({"note"})
    PREFIX = ANSWER
    verb: Literal["return.correct"] = "return.correct"
    ref: AuditRef
    version: Version
    section: Code
    answers: Mapping[str, str]
    note: Note


class ChildForm(Payload):
    verb: Literal["return.child_form"] = "return.child_form"
    ref: AuditRef


class CorrectChild(Payload):
    INPUTS = frozenset({"other_child", "note"})
    verb: Literal["return.correct_child"] = "return.correct_child"
    ref: AuditRef
    version: Version
    other_child: Find
    note: Note


PAYLOADS: tuple[type[Payload], ...] = (
    ReturnOpen,
    ReturnReview,
    ReturnSave,
    HandIn,
    NoneForm,
    ReturnNone,
    CorrectForm,
    Correct,
    ChildForm,
    CorrectChild,
)
MISSING = {"note": "why_corrected", "because": "why_none", "other_child": "unknown_child"}
UNREADABLE = {"owner": "owner_missing", "due_on": "action_day"}
TOO_LONG = {"description": "action_too_long"}
