"""The rows of the import files; a field is a column, in the files' order (contract, section 4)."""

import random
from dataclasses import dataclass
from datetime import date

from domain.calendar import Month

Cell = str | int | bool | date | Month | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    team: str
    area: str
    service: str
    directorate: str
    team_manager: str
    service_manager: str
    assistant_director: str
    head_of_service: str
    director: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    email: str
    name: str
    aad_object_id: str
    roles: tuple[str, ...]
    team: str | None = None
    working_pattern: str = "full"
    auditor_from: date | None = None
    moderator_from: date | None = None
    external: bool = False
    active_from: date | None = None
    active_to: date | None = None


@dataclass(frozen=True, slots=True)
class ChildRow:
    child_ref: str
    team: str
    legal_status: str
    cohorts: tuple[str, ...]
    social_worker: str
    opened: date
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """`child_ref` and `legal_status` are empty where no child's file was looked at."""

    audit_ref: str
    month: Month
    kind: str
    child_ref: str | None
    team: str
    legal_status: str | None
    auditor: str
    issued_on: date
    returned_on: date | None = None
    grade: str | None = None
    moderator: str | None = None
    moderated_grade: str | None = None
    meets_standard: bool | None = None
    uploaded_on: date | None = None
    social_worker_took_part: bool | None = None
    manager_took_part: bool | None = None
    child_views: bool | None = None
    parent_views: bool | None = None
    iro_views: bool | None = None
    reflection_sheet: bool | None = None
    concern_category: int | None = None
    reaudit_of: str | None = None
    reaudit_number: int | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    email: str
    month: Month
    reason: str
    decided_by: str
    decided_on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An entry of the programme; `expected` 0: as many as are issued."""

    month: Month
    kind: str
    expected: int = 0
    theme: str = ""
    cohorts: tuple[str, ...] = ()
    note: str = ""


def dice(seed: str) -> random.Random:
    """The same throws for the same seed, on every machine."""
    return random.Random(f"brackenshire {seed}")  # noqa: S311 - nothing secret is drawn


def cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
