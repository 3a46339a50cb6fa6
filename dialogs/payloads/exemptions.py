"""What the buttons of exemptions carry."""

from typing import Literal, Self

from pydantic import Field, model_validator

from dialogs.fields import Code, ExemptionRef, Find, Ids, MonthField, Note, Offset, Version
from dialogs.payloads.base import Payload
from domain.errors import Invalid
from domain.exemptions import State


class ExemptionForm(Payload):
    """Opens the form; `reason` where a message or a button has said it already. `others`: for one's managers."""

    INPUTS = frozenset({"find"})
    verb: Literal["exemption.form"] = "exemption.form"
    month: MonthField | None = None
    others: bool = False
    reason: Code | None = None
    find: Find = ""


class ExemptionRequest(Payload):
    """Without `people` it is the presser's own. `others` says that the form was the one for managers, and `find`
    what its list was narrowed by, so that a refused try shows the same form again."""

    INPUTS = frozenset({"month", "reason", "explanation", "people"})
    verb: Literal["exemption.request"] = "exemption.request"
    month: MonthField
    reason: Code
    explanation: Note = ""
    people: Ids = ()
    others: bool = False
    find: Find = ""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.others and not self.people:
            raise Invalid("no_people", field="people")
        return self


class ExemptionShow(Payload):
    verb: Literal["exemption.show"] = "exemption.show"
    ref: ExemptionRef


class Decision(Payload):
    """A step on the version of the exemption that the card showed."""

    ref: ExemptionRef
    version: Version


class Endorse(Decision):
    verb: Literal["exemption.endorse"] = "exemption.endorse"
    note: Note = ""


class Approve(Decision):
    verb: Literal["exemption.approve"] = "exemption.approve"
    note: Note = ""


class Decline(Decision):
    INPUTS = frozenset({"note"})
    verb: Literal["exemption.decline"] = "exemption.decline"
    note: Note


class AskBack(Decision):
    """The input is called `question`: input ids must differ within one card, or phones show nothing at all."""

    INPUTS = frozenset({"question"})
    verb: Literal["exemption.ask_back"] = "exemption.ask_back"
    note: Note = Field(validation_alias="question", serialization_alias="question")


class Answer(Decision):
    """The input is called `answer`, for the reason given at AskBack."""

    INPUTS = frozenset({"answer"})
    verb: Literal["exemption.answer"] = "exemption.answer"
    note: Note = Field(validation_alias="answer", serialization_alias="answer")


class Withdraw(Decision):
    verb: Literal["exemption.withdraw"] = "exemption.withdraw"
    note: Note = ""


class ExemptionWaiting(Payload):
    verb: Literal["exemption.waiting"] = "exemption.waiting"
    offset: Offset = 0


class ExemptionList(Payload):
    verb: Literal["exemption.list"] = "exemption.list"
    month: MonthField | None = None
    reason: Code | None = None
    state: State | None = None
    offset: Offset = 0


PAYLOADS: tuple[type[Payload], ...] = (
    ExemptionForm,
    ExemptionRequest,
    ExemptionShow,
    Endorse,
    Approve,
    Decline,
    AskBack,
    Answer,
    Withdraw,
    ExemptionWaiting,
    ExemptionList,
)
MISSING = {"note": "note_missing", "question": "note_missing", "answer": "note_missing"}
UNREADABLE = {"month": "unknown_month", "reason": "unknown_reason", "people": "unknown_person"}
TOO_LONG = {"people": "too_many_people"}
