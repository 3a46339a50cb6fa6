"""What the buttons of slippage and reallocation carry."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from dialogs.fields import AuditRef, Code, Day, Note, Version
from dialogs.payloads.base import Payload
from domain.requests import PREFIX

RequestRef = Annotated[str, StringConstraints(pattern=rf"^{PREFIX}[1-9][0-9]{{0,15}}$")]


class SlippageForm(Payload):
    """`wanted_on` where a message has said it already; `anew`: to ask for another day than the one asked for."""

    verb: Literal["slippage.form"] = "slippage.form"
    ref: AuditRef
    wanted_on: Day | None = None
    anew: bool = False


class SlippageAsk(Payload):
    """`changes` is the version of the open request that is asked anew."""

    INPUTS = frozenset({"wanted_on", "explanation"})
    verb: Literal["slippage.ask"] = "slippage.ask"
    ref: AuditRef
    version: Version
    wanted_on: Day
    explanation: Note
    changes: Version | None = None


class ReallocationForm(Payload):
    verb: Literal["reallocation.form"] = "reallocation.form"
    ref: AuditRef
    why: Code | None = None


class ReallocationAsk(Payload):
    INPUTS = frozenset({"reason", "explanation"})
    verb: Literal["reallocation.ask"] = "reallocation.ask"
    ref: AuditRef
    version: Version
    reason: Code
    explanation: Note


class TakeOffForm(Payload):
    """The QA team takes an open audit off its auditor, unasked."""

    verb: Literal["reallocation.take_off_form"] = "reallocation.take_off_form"
    ref: AuditRef


class TakeOff(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["reallocation.take_off"] = "reallocation.take_off"
    ref: AuditRef
    version: Version
    note: Note = ""


class RequestShow(Payload):
    verb: Literal["request.show"] = "request.show"
    ref: RequestRef


class RequestsOpen(Payload):
    """What waits for the presser's yes or no."""

    verb: Literal["request.waiting"] = "request.waiting"


class RequestAnswer(Payload):
    """A step on the version of the request that the card showed."""

    ref: RequestRef
    version: Version


class RequestAgree(RequestAnswer):
    """Until the wanted day."""

    verb: Literal["request.agree"] = "request.agree"


class RequestAgreeOther(RequestAnswer):
    """Until another day."""

    INPUTS = frozenset({"agreed_on"})
    verb: Literal["request.agree_other"] = "request.agree_other"
    agreed_on: Day


class RequestRedraw(RequestAnswer):
    verb: Literal["request.redraw"] = "request.redraw"


class RequestTakeOff(RequestAnswer):
    verb: Literal["request.take_off"] = "request.take_off"


class RequestRefuse(RequestAnswer):
    INPUTS = frozenset({"note"})
    verb: Literal["request.refuse"] = "request.refuse"
    note: Note


class RequestSuggestExemption(RequestAnswer):
    """A no with one reason: for an absence, an exemption is the right way."""

    verb: Literal["request.suggest_exemption"] = "request.suggest_exemption"


class RequestWithdraw(RequestAnswer):
    verb: Literal["request.withdraw"] = "request.withdraw"


PAYLOADS: tuple[type[Payload], ...] = (
    SlippageForm,
    SlippageAsk,
    ReallocationForm,
    ReallocationAsk,
    TakeOffForm,
    TakeOff,
    RequestShow,
    RequestsOpen,
    RequestAgree,
    RequestAgreeOther,
    RequestRedraw,
    RequestTakeOff,
    RequestRefuse,
    RequestSuggestExemption,
    RequestWithdraw,
)
MISSING = {"note": "why_not_missing", "explanation": "explanation_needed"}
UNREADABLE = {"wanted_on": "not_a_day", "agreed_on": "not_a_day", "reason": "unknown_reason"}
