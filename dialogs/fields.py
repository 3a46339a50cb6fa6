"""The kinds of fields that payloads have: what is let in from a card, whatever the client claims."""

from datetime import date
from typing import Annotated, cast

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from domain.calendar import Month

NOTE_LONGEST = 4000
"""The most that any policy may allow; the policy's own limit is checked in the use case."""
PEOPLE_MOST = 100


def _month(value: object) -> object:
    if not isinstance(value, str):
        return value
    return Month.parse(value)


def _ids(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


def _joined(ids: tuple[int, ...]) -> str:
    return ",".join(str(i) for i in ids)


MonthField = Annotated[Month, BeforeValidator(_month), PlainSerializer(str)]
ExemptionRef = Annotated[str, StringConstraints(pattern=r"^E-[1-9][0-9]{0,15}$")]
ConcernRef = Annotated[str, StringConstraints(pattern=r"^C-[1-9][0-9]{0,8}$")]
AuditRef = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""Councils' own records bring theirs along, so it is only looked up and never taken apart."""
Version = Annotated[int, Field(ge=1, lt=2**31)]
Id = Annotated[int, Field(ge=1, lt=2**63)]
Ids = Annotated[
    tuple[Id, ...], BeforeValidator(_ids), PlainSerializer(_joined), Field(max_length=PEOPLE_MOST)
]
Offset = Annotated[int, Field(ge=0, lt=2**31)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE_LONGEST)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Find = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Day = Annotated[date, PlainSerializer(lambda day: cast("date", day).isoformat())]
