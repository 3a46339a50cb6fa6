"""What every payload has: it makes its button's data, and knows which of its fields a person fills in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from domain.errors import DomainError

PLATFORM_KEYS = frozenset({"verb", "msteams"})
"""Beside ours in a submitted dictionary: our verb (only the Submit fallback needs it) and what Teams reads itself."""


class UnknownVerb(DomainError):
    """A button of a newer or older program, or none of ours."""

    code = "unknown_verb"


class Malformed(DomainError):
    """The button's own data is not what we put there; nobody can have typed this into an input."""

    code = "malformed"


class Payload(BaseModel):
    """`INPUTS` are the fields that a person fills in: what is wrong there is said to them, with the field.

    A form whose inputs are not known beforehand declares a `PREFIX` and a field `answers: Mapping[str, str]`: every
    input whose id begins with the prefix is gathered there under the rest of its id, and one that was cleared is
    there as "". The button never carries the answers itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)
    INPUTS: ClassVar[frozenset[str]] = frozenset()
    PREFIX: ClassVar[str] = ""

    def data(self) -> dict[str, Any]:
        """The button's data: references only, without the verb and without what is left at its default."""
        beside = {"verb", "answers"} if self.PREFIX else {"verb"}
        return self.model_dump(mode="json", by_alias=True, exclude=beside, exclude_defaults=True)

    def press(self) -> "Press":
        """This payload, whole, as a button."""
        return Press(verb_of(type(self)), self.data())

    @classmethod
    def press_with_inputs(cls, **known: object) -> "Press":
        """A button whose other fields are the inputs beside it. Raises ValueError for a field that is unknown or
        an input, and where a required field is neither given nor an input."""
        inputs = {
            name
            for name, field in cls.model_fields.items()
            if (field.serialization_alias or name) in cls.INPUTS or (cls.PREFIX and name == "answers")
        }
        needed = {name for name, field in cls.model_fields.items() if field.is_required()} - inputs
        if needed - set(known) or set(known) - (set(cls.model_fields) - inputs - {"verb"}):
            raise ValueError(f"{cls.__name__}: {sorted(known)} given, {sorted(needed)} needed")
        part = cls.model_construct(**known)  # pyright: ignore[reportArgumentType]
        return Press(verb_of(cls), part.model_dump(mode="json", include=set(known), exclude_defaults=True))


@dataclass(frozen=True, slots=True)
class Press:
    """What a button sends: its verb and its data."""

    verb: str
    data: dict[str, Any]


def verb_of(cls: type[Payload]) -> str:
    """The default of its field `verb`, a Literal of that one value."""
    return str(cls.model_fields["verb"].default)


def empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def filled_in(raw_data: Mapping[str, object]) -> dict[str, str]:
    """What stood in a form that was refused, to be shown again: strings and numbers, whatever they mean."""
    return {
        key: str(value)
        for key, value in raw_data.items()
        if key not in PLATFORM_KEYS and isinstance(value, (str, int)) and not empty(value)
    }
