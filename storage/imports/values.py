"""The kinds of value that stand in the files (contract, section 4). Each refuses in a sentence that says what would
be right; codes are accepted in any case, with blanks for underscores, and policy lists by their labels too."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ValidationInfo

from domain.audits import Grade, Kind
from domain.calendar import Month
from domain.people import Role, WorkingPattern
from domain.policy import Policy
from domain.terms import Term, find_term

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)
"""A date outside these is a slip of the pen."""
MOST_EXPECTED = 10_000
"""Audits of one kind in a month, as in `domain.policy.KindRules.expected_a_month`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a value is checked against besides its form: the council's lists, and the day."""

    policy: Policy
    today: date


AnyCode = TypeVar("AnyCode", bound=StrEnum)

_EMAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9/_.:-]{0,59}")
_OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})


def _shown(value: str) -> str:
    return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'


def _email(value: str) -> str:
    value = value.casefold()
    if len(value) > 320 or not _EMAIL.fullmatch(value):
        raise ValueError("is not an e-mail address, such as name@council.example")
    return value


def _reference(value: str) -> str:
    if not _REFERENCE.fullmatch(value):
        raise ValueError(
            "is not a reference: letters, digits and / _ . : - without blanks, at least one digit, "
            "at most 60 characters; never a name"
        )
    return value


def _object_id(value: str) -> str:
    value = value.casefold()
    if not _OBJECT_ID.fullmatch(value):
        raise ValueError(
            "is not an object id of Microsoft Entra, such as 00000000-0000-0000-0000-000000000000"
        )
    return value


@lru_cache(maxsize=20_000)
def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{_shown(value)} is not a date; write it as 2026-11-30")
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"{_shown(value)} is not a likely date (from {EARLIEST.year} to {LATEST.year})")
    return day


@lru_cache(maxsize=2_000)
def _month(value: str) -> Month:
    # A spreadsheet makes a date of 2026-11; its first day is meant.
    first_day = _DAY.fullmatch(value) and value.endswith("-01")
    month = Month.parse(value[:7] if first_day else value)
    if not EARLIEST.year <= month.year < LATEST.year:
        raise ValueError(f"{_shown(value)} is not a likely month")
    return month


def _yes_no(value: str) -> bool:
    word = value.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{_shown(value)} is not yes or no")


def _short(longest: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) > longest:
            raise ValueError(f"is {len(value)} characters long; at most {longest} are taken")
        return value

    return check


def _as_code(value: str) -> str:
    return re.sub(r"[\s-]+", "_", value.strip().casefold())


@lru_cache(maxsize=2_000)
def _code(kind: type[AnyCode], value: str) -> AnyCode:
    try:
        return kind(_as_code(value))
    except ValueError:
        raise ValueError(f"{_shown(value)} is not known; write one of {', '.join(kind)}") from None


def one_of(kind: type[AnyCode]) -> Callable[[str], AnyCode]:
    return lambda value: _code(kind, value)


def _roles(value: str) -> frozenset[Role]:
    return frozenset(_code(Role, part) for part in parts(value))


def parts(value: str) -> list[str]:
    """The entries of a list inside a cell."""
    return [part.strip() for part in value.split(";") if part.strip()]


def term(terms: Sequence[Term], value: str) -> str:
    """The code of a policy list's entry. Raises ValueError with the whole list."""
    found = find_term(terms, value) or find_term(terms, _as_code(value))
    if not found:
        raise ValueError(f"{_shown(value)} is not in the policy's list; write one of {_codes(terms)}")
    return found.code


def _codes(terms: Sequence[Term]) -> str:
    return ", ".join(entry.code for entry in terms)


def vocabulary(info: ValidationInfo) -> Vocabulary:
    context: Any = info.context
    assert isinstance(context, Vocabulary)
    return context


def _legal_status(value: str, info: ValidationInfo) -> str:
    return term(vocabulary(info).policy.legal_statuses, value)


def _reason(value: str, info: ValidationInfo) -> str:
    return term(vocabulary(info).policy.exemptions.reasons, value)


def _cohorts(value: str, info: ValidationInfo) -> frozenset[str]:
    known = vocabulary(info).policy.cohorts
    return frozenset(term(known, part) for part in parts(value))


def _area_grades(value: str, info: ValidationInfo) -> tuple[tuple[str, Grade], ...]:
    known = vocabulary(info).policy.practice_areas
    grades: dict[str, Grade] = {}
    for part in parts(value):
        area, sign, grade = part.partition("=")
        if not sign:
            raise ValueError(f"{_shown(part)} is not of the form area=grade;area=grade")
        code = term(known, area.strip())
        if code in grades:
            raise ValueError(f"{code} stands twice")
        grades[code] = _code(Grade, grade)
    return tuple(sorted(grades.items()))


def _category(value: str) -> int:
    if value not in ("1", "2"):
        raise ValueError(f"{_shown(value)} is not a category; write 1 or 2")
    return int(value)


def _count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) < 1:
        raise ValueError(f"{_shown(value)} is not a whole number from 1 to 999")
    return int(value)


def _expected(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > MOST_EXPECTED:
        raise ValueError(f"{_shown(value)} is not a whole number from 0 to {MOST_EXPECTED}")
    return int(value)


Name = Annotated[str, BeforeValidator(_short(200))]
Email = Annotated[str, BeforeValidator(_email)]
Reference = Annotated[str, BeforeValidator(_reference)]
ObjectId = Annotated[str, BeforeValidator(_object_id)]
Day = Annotated[date, BeforeValidator(_day)]
MonthOf = Annotated[Month, BeforeValidator(_month)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Roles = Annotated[frozenset[Role], BeforeValidator(_roles)]
Pattern = Annotated[WorkingPattern, BeforeValidator(one_of(WorkingPattern))]
AuditKind = Annotated[Kind, BeforeValidator(one_of(Kind))]
GradeOf = Annotated[Grade, BeforeValidator(one_of(Grade))]
LegalStatus = Annotated[str, BeforeValidator(_legal_status)]
ReasonOf = Annotated[str, BeforeValidator(_reason)]
Cohorts = Annotated[frozenset[str], BeforeValidator(_cohorts)]
AreaGrades = Annotated[tuple[tuple[str, Grade], ...], BeforeValidator(_area_grades)]
Category = Annotated[int, BeforeValidator(_category)]
Count = Annotated[int, BeforeValidator(_count)]
Expected = Annotated[int, BeforeValidator(_expected)]
Note = Annotated[str, BeforeValidator(_short(1000))]
