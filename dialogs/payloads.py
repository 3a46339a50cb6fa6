"""What a press of a button carries: one frozen class for each verb, which both makes the button's data and parses it.

Teams merges an action's data and the inputs' values into one flat dictionary. Numbers and toggles arrive as
strings, a multi-select as its values joined by commas, an empty input as "" or not at all. Inputs therefore have
the names of the fields here, and nothing else may be in the dictionary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from dialogs.fields import (
    NOTE_LONGEST,
    AuditRef,
    Code,
    Day,
    ExemptionRef,
    Find,
    Id,
    Ids,
    MonthField,
    Note,
    Offset,
    Version,
)
from domain.errors import DomainError, Invalid
from domain.exemptions import State
from domain.people import Scope

PLATFORM_KEYS = frozenset({"verb", "msteams"})
"""Beside ours in a submitted dictionary: our verb (only the Submit fallback needs it) and what Teams reads itself."""


class UnknownVerb(DomainError):
    """A button of a newer or older program, or none of ours."""

    code = "unknown_verb"


class Malformed(DomainError):
    """The button's own data is not what we put there; nobody can have typed this into an input."""

    code = "malformed"


class Payload(BaseModel):
    """`INPUTS` are the fields that a person fills in: what is wrong there is said to them, with the field."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)
    INPUTS: ClassVar[frozenset[str]] = frozenset()

    def data(self) -> dict[str, Any]:
        """The button's data: references only, without the verb and without what is left at its default."""
        return self.model_dump(mode="json", by_alias=True, exclude={"verb"}, exclude_defaults=True)

    def press(self) -> "Press":
        """This payload, whole, as a button."""
        return Press(BY_CLASS[type(self)], self.data())

    @classmethod
    def press_with_inputs(cls, **known: object) -> "Press":
        """A button whose other fields are the inputs beside it. Raises ValueError for a field that is unknown or
        an input, and where a required field is neither given nor an input."""
        inputs = {
            name
            for name, field in cls.model_fields.items()
            if (field.serialization_alias or name) in cls.INPUTS
        }
        needed = {name for name, field in cls.model_fields.items() if field.is_required()} - inputs
        if needed - set(known) or set(known) - (set(cls.model_fields) - inputs - {"verb"}):
            raise ValueError(f"{cls.__name__}: {sorted(known)} given, {sorted(needed)} needed")
        part = cls.model_construct(**known)  # pyright: ignore[reportArgumentType]
        return Press(BY_CLASS[cls], part.model_dump(mode="json", include=set(known), exclude_defaults=True))


@dataclass(frozen=True, slots=True)
class Press:
    """What a button sends: its verb and its data."""

    verb: str
    data: dict[str, Any]


class MyAudit(Payload):
    verb: Literal["audit.mine"] = "audit.mine"
    month: MonthField | None = None


class FreedShow(Payload):
    """`find` narrows the auditors who may take the child, where they are too many for one list."""

    INPUTS = frozenset({"find"})
    verb: Literal["audit.freed_show"] = "audit.freed_show"
    ref: AuditRef
    find: Find = ""


class Give(Payload):
    INPUTS = frozenset({"auditor"})
    verb: Literal["audit.give"] = "audit.give"
    ref: AuditRef
    version: Version
    auditor: Id


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


class DelegationForm(Payload):
    INPUTS = frozenset({"find"})
    verb: Literal["delegation.form"] = "delegation.form"
    find: Find = ""


class DelegationMake(Payload):
    INPUTS = frozenset({"delegate", "scope", "from_day", "to_day"})
    verb: Literal["delegation.make"] = "delegation.make"
    delegate: Id
    scope: Scope
    from_day: Day
    to_day: Day
    find: Find = ""


class DelegationEnd(Payload):
    verb: Literal["delegation.end"] = "delegation.end"
    id: Id


class Help(Payload):
    verb: Literal["home.help"] = "home.help"


class Hi(Payload):
    verb: Literal["home.hi"] = "home.hi"


class DeliveryShow(Payload):
    verb: Literal["delivery.show"] = "delivery.show"


AnyPayload: TypeAlias = (
    MyAudit
    | FreedShow
    | Give
    | ExemptionForm
    | ExemptionRequest
    | ExemptionShow
    | Endorse
    | Approve
    | Decline
    | AskBack
    | Answer
    | Withdraw
    | ExemptionWaiting
    | ExemptionList
    | DelegationForm
    | DelegationMake
    | DelegationEnd
    | Help
    | Hi
    | DeliveryShow
)

CLASSES: tuple[type[AnyPayload], ...] = get_args(AnyPayload)
BY_VERB: dict[str, type[AnyPayload]] = {str(cls.model_fields["verb"].default): cls for cls in CLASSES}
BY_CLASS: dict[type[Payload], str] = {cls: verb for verb, cls in BY_VERB.items()}
VERBS = frozenset(BY_VERB)
_ALL_INPUTS = frozenset[str]().union(*(cls.INPUTS for cls in CLASSES))


@cache
def _adapter() -> TypeAdapter[AnyPayload]:
    return TypeAdapter(Annotated[AnyPayload, Field(discriminator="verb")])


def parse(verb: str, raw_data: Mapping[str, object]) -> AnyPayload:
    """What was pressed, typed. Raises UnknownVerb; Malformed where our own part of the data is not ours;
    Invalid(code, field=…) for what a person filled in, or left empty."""
    cls = BY_VERB.get(verb)
    if cls is None:
        raise UnknownVerb
    if raw_data.get("verb", verb) != verb:
        raise Malformed
    # A client that does not know `associatedInputs` sends a neighbour's input along with every button.
    passed_over = PLATFORM_KEYS | (_ALL_INPUTS - _wire_names(cls))
    filled = {k: v for k, v in raw_data.items() if k not in passed_over and not _empty(v)}
    try:
        return _adapter().validate_python({**filled, "verb": verb})
    except ValidationError as error:
        # The library's error quotes what was typed, and must not reach a log: only our own refusal goes on.
        raise _refusal(cls, error) from None


def filled_in(raw_data: Mapping[str, object]) -> dict[str, str]:
    """What stood in a form that was refused, to be shown again: strings and numbers, whatever they mean."""
    return {
        key: str(value)
        for key, value in raw_data.items()
        if key not in PLATFORM_KEYS and isinstance(value, (str, int)) and not _empty(value)
    }


@cache
def _wire_names(cls: type[AnyPayload]) -> frozenset[str]:
    return frozenset(field.serialization_alias or name for name, field in cls.model_fields.items())


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _refusal(cls: type[AnyPayload], error: ValidationError) -> DomainError:
    problems = error.errors(include_url=False, include_context=True, include_input=False)
    fields = [str(p["loc"][1]) if len(p["loc"]) > 1 else "" for p in problems]
    if any(field not in cls.INPUTS for field in fields):
        return Malformed()
    kind, field = problems[0]["type"], fields[0]
    if kind == "missing":
        return Invalid(*_MISSING.get(field, ("missing",)), field=field)
    if kind in ("string_too_long", "too_long"):
        longest = problems[0].get("ctx", {}).get("max_length", NOTE_LONGEST)
        code = "too_many_people" if field == "people" else "too_long"
        return Invalid(code, field=field, longest=str(longest))
    return Invalid(_UNREADABLE.get(field, "unreadable"), field=field)


_MISSING: dict[str, tuple[str]] = {
    "note": ("note_missing",),
    "question": ("note_missing",),
    "answer": ("note_missing",),
}
_UNREADABLE = {
    "month": "unknown_month",
    "reason": "unknown_reason",
    "people": "unknown_person",
    "delegate": "unknown_person",
    "auditor": "unknown_person",
    "scope": "unknown_scope",
    "from_day": "not_a_day",
    "to_day": "not_a_day",
}
