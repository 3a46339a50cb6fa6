"""Entries of the council's own lists: a code that stands in files, and a label that is shown."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Part(BaseModel):
    """A piece of the policy: frozen, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(Part):
    """An entry of a policy list: the code stands in files, the label is shown. Both are accepted when read."""

    code: Code
    label: Label


AnyTerm = TypeVar("AnyTerm", bound=Term)


def terms(**labels: str) -> tuple[Term, ...]:
    return tuple(Term(code=code, label=label) for code, label in labels.items())


def refuse_twins(entries: Sequence[Term]) -> None:
    """Raises ValueError where a code or a label stands twice: one of the two could never be meant."""
    seen: set[str] = set()
    for term in entries:
        names = {term.code, term.label.casefold()}
        if names & seen:
            raise ValueError(f"{term.code!r} ({term.label}) stands twice")
        seen |= names


def find_term(entries: Sequence[AnyTerm], written: str) -> AnyTerm | None:
    """The entry meant by a code or a label, in any case; None when there is none."""
    wanted = written.strip().casefold()
    for term in entries:
        if wanted in (term.code, term.label.casefold()):
            return term
    return None
