"""What a row of each file says. A model's fields are the file's columns; required columns have no default."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from domain.audits import AuditState, Grade
from domain.calendar import Month
from domain.people import Position, WorkingPattern
from storage.imports.columns import Shape
from storage.imports.values import (
    AreaGrades,
    AuditKind,
    Category,
    Cohorts,
    Count,
    Day,
    Email,
    Expected,
    GradeOf,
    LegalStatus,
    MonthOf,
    Name,
    Note,
    ObjectId,
    Pattern,
    ReasonOf,
    Reference,
    Roles,
    Vocabulary,
    YesNo,
    one_of,
)

Wrong = tuple[str, str]
"""A column, and why its value cannot be taken."""


class RowRefused(Exception):
    """Everything that is wrong with one row."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__(wrong)
        self.wrong = wrong


class Row(BaseModel):
    """A row of an import file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    file: ClassVar[str]
    free_text: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def shape(cls) -> Shape:
        required = tuple(name for name, field in cls.model_fields.items() if field.is_required())
        optional = tuple(name for name in cls.model_fields if name not in required)
        return Shape(cls.file, required, optional, cls.free_text)

    @classmethod
    def read(cls, cells: Mapping[str, str], vocabulary: Vocabulary) -> Self:
        """Raises RowRefused."""
        try:
            row = cls.model_validate(cells, context=vocabulary)
        except ValidationError as error:
            raise RowRefused([_said(dict(detail)) for detail in error.errors(include_url=False)]) from None
        wrong = list(row.contradictions(vocabulary.today))
        if wrong:
            raise RowRefused(wrong)
        return row

    def identities(self) -> Iterator[Wrong]:
        """What may stand in a file once: the column to name, and the key."""
        raise NotImplementedError

    def said(self) -> str:
        """The row's values, the same text for the same values however they were written."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return "\0".join(_ordered(value) for value in values)

    def contradictions(self, today: date) -> Iterator[Wrong]:
        """What each value by itself does not show."""
        return iter(())

    def exempts_or_issues_in(self) -> Month | None:
        """The month in which it may, None for rows that never do."""
        return None

    def given(self, present: frozenset[str], *names: str) -> dict[str, Any]:
        """The named fields whose column the file has: what it says nothing about stays as it is."""
        return {name: getattr(self, name) for name in names if name in present}


def _ordered(value: object) -> str:
    return str(sorted(cast("frozenset[str]", value))) if isinstance(value, frozenset) else str(value)


def _said(error: Mapping[str, Any]) -> Wrong:
    column = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        return column, "is empty; a value is needed"
    reason = error.get("ctx", {}).get("error")
    return column, str(reason or error["msg"])


def _order(column: str, first: date | None, then: date | None, name: str) -> Iterator[Wrong]:
    if first and then and then < first:
        yield column, f"{then.isoformat()} is before {name} ({first.isoformat()})"


def _not_future(column: str, day: date | None, today: date) -> Iterator[Wrong]:
    if day and day > today:
        yield column, f"{day.isoformat()} has not come yet"


class TeamRow(Row):
    file = "teams"

    team: Name
    service: Name
    directorate: Name
    area: Name = ""
    team_manager: Email | None = None
    service_manager: Email | None = None
    assistant_director: Email | None = None
    head_of_service: Email | None = None
    director: Email | None = None

    def identities(self) -> Iterator[Wrong]:
        yield "team", self.team.casefold()

    def positions(self) -> dict[str, str | None]:
        return {position.value: getattr(self, position.value) for position in Position}


class PersonRow(Row):
    file = "people"

    email: Email
    name: Name
    roles: Roles
    aad_object_id: ObjectId | None = None
    team: Name | None = None
    working_pattern: Pattern = WorkingPattern.FULL
    auditor_from: Day | None = None
    moderator_from: Day | None = None
    external: YesNo = False
    active_from: Day | None = None
    active_to: Day | None = None

    def identities(self) -> Iterator[Wrong]:
        yield "email", self.email
        if self.aad_object_id:
            yield "aad_object_id", self.aad_object_id

    def contradictions(self, today: date) -> Iterator[Wrong]:
        yield from _order("active_to", self.active_from, self.active_to, "active_from")


class ChildRow(Row):
    file = "children"

    child_ref: Reference
    team: Name
    legal_status: LegalStatus
    cohorts: Cohorts = frozenset()
    social_worker: Email | None = None
    opened: Day | None = None
    closed: Day | None = None

    def identities(self) -> Iterator[Wrong]:
        yield "child_ref", self.child_ref

    def contradictions(self, today: date) -> Iterator[Wrong]:
        yield from _order("closed", self.opened, self.closed, "opened")


class AuditRow(Row):
    file = "audits"

    def exempts_or_issues_in(self) -> Month | None:
        return self.month

    audit_ref: Reference
    month: MonthOf
    kind: AuditKind
    child_ref: Reference | None = None
    team: Name | None = None
    legal_status: LegalStatus | None = None
    auditor: Email | None = None
    issued_on: Day | None = None
    returned_on: Day | None = None
    grade: GradeOf | None = None
    moderator: Email | None = None
    moderated_grade: GradeOf | None = None
    meets_standard: YesNo | None = None
    uploaded_on: Day | None = None
    social_worker_took_part: YesNo | None = None
    manager_took_part: YesNo | None = None
    child_views: YesNo | None = None
    parent_views: YesNo | None = None
    iro_views: YesNo | None = None
    reflection_sheet: YesNo | None = None
    concern_category: Category | None = None
    reaudit_of: Reference | None = None
    reaudit_number: Count | None = None
    areas: AreaGrades = ()

    def identities(self) -> Iterator[Wrong]:
        yield "audit_ref", self.audit_ref

    def contradictions(self, today: date) -> Iterator[Wrong]:
        yield from _order("returned_on", self.issued_on, self.returned_on, "issued_on")
        yield from _order("uploaded_on", self.returned_on, self.uploaded_on, "returned_on")
        yield from _not_future("returned_on", self.returned_on, today)
        yield from _not_future("uploaded_on", self.uploaded_on, today)
        if self.reaudit_of == self.audit_ref:
            yield "reaudit_of", "names the audit itself"


STATE_FROM = ("returned_on", "moderated_grade", "uploaded_on", "meets_standard")
"""The columns that tell the state, in the order of `audit_state`."""


def audit_state(
    returned_on: date | None,
    moderated_grade: Grade | str | None,
    uploaded_on: date | None,
    meets_standard: bool | None = None,
) -> AuditState:
    """The furthest step of the cycle that the record shows. What is below the standard was sent back: it is not
    confirmed, and not uploaded."""
    if uploaded_on:
        return AuditState.UPLOADED
    if returned_on and meets_standard is False:
        return AuditState.SENT_BACK
    if moderated_grade:
        return AuditState.MODERATED
    return AuditState.RETURNED if returned_on else AuditState.ISSUED


class Decision(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"


class ExemptionRow(Row):
    file = "exemptions"

    email: Email
    month: MonthOf
    reason: ReasonOf
    outcome: Annotated[Decision, BeforeValidator(one_of(Decision))]
    decided_by: Email | None = None
    decided_on: Day | None = None

    def identities(self) -> Iterator[Wrong]:
        case = f"{self.email} {self.month}"
        if self.outcome is Decision.APPROVED:
            yield "email", f"{case} approved"
        else:
            yield "email", f"{case} declined {self.reason}"

    def exempts_or_issues_in(self) -> Month | None:
        return self.month

    def contradictions(self, today: date) -> Iterator[Wrong]:
        yield from _not_future("decided_on", self.decided_on, today)


class ProgrammeRow(Row):
    file = "programme"
    free_text = frozenset({"note"})

    month: MonthOf
    kind: AuditKind
    expected: Expected = 0
    theme: Name = ""
    cohorts: Cohorts = frozenset()
    note: Note = ""

    def identities(self) -> Iterator[Wrong]:
        yield "month", f"{self.month} {self.kind}"
