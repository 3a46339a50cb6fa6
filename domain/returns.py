"""What an auditor hands in: answers to the template's questions, saved as they go (domain, section 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.people import PersonId
from domain.templates import Template


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action that the return asks for. `number` names it within the return (1, 2, ...)."""

    number: int
    description: str
    owner_id: PersonId | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Return:
    """The return of one audit, half-filled or handed in. `answers` by the code of the question, practice areas under
    `area_CODE`; what is not answered is not there. `handed_in_at` is the latest time it was handed in. `template` is
    the one it was begun with."""

    audit_id: int
    audit_ref: str
    template: Template
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    actions: tuple[PlannedAction, ...] = ()
    saved_at: datetime | None = None
    handed_in_at: datetime | None = None
    version: int = 0
    """0: not saved yet."""
