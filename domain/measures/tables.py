"""What every measure is made of: spans of months, dimensions, exact shares, rows and notes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from domain.calendar import Month
from domain.people import Team

Value = int | Decimal | None
"""A count, a percentage with one decimal, or nothing that can be said."""


@dataclass(frozen=True, slots=True)
class Span:
    """Calendar months, both included."""

    first: Month
    last: Month

    def months(self) -> list[Month]:
        found = [self.first]
        while found[-1] < self.last:
            found.append(found[-1].plus(1))
        return found


class Dimension(StrEnum):
    """By what a figure can be split."""

    MONTH = "month"
    QUARTER = "quarter"
    TEAM = "team"
    SERVICE = "service"
    AREA = "area"
    LEGAL_STATUS = "legal_status"
    KIND = "kind"
    PRACTICE_AREA = "practice_area"
    CATEGORY = "category"
    REASON = "reason"
    MONTH_IDENTIFIED = "month_identified"


OF_TIME = frozenset({Dimension.MONTH, Dimension.QUARTER})
OF_PLACE = frozenset({Dimension.TEAM, Dimension.SERVICE, Dimension.AREA})


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is None for the one row of a figure that is not split. The values keep the order in which they are
    shown."""

    key: str | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    span: Span
    by: Dimension | None
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class Placed(Protocol):
    """What every fact has."""

    @property
    def month(self) -> Month: ...
    @property
    def team(self) -> Team | None: ...


F = TypeVar("F", bound=Placed)


def percent(count: int, of: int | None) -> Decimal | None:
    """One decimal, half-up, in whole numbers throughout: 57 of 65 is 87.7. A share of nothing is None."""
    if not of:
        return None
    return Decimal((2000 * count + of) // (2 * of)).scaleb(-1)


def share(name: str, count: int, of: int | None) -> dict[str, Value]:
    """`NAME_percent` beside `NAME_denominator`, the count that it is a share of."""
    return {f"{name}_percent": percent(count, of), f"{name}_denominator": of}


def quarter(month: Month) -> str:
    """A calendar quarter: "2018-Q1" is January to March."""
    return f"{month.year:04d}-Q{(month.number + 2) // 3}"


def place(team: Team | None, by: Dimension) -> str | None:
    """The team's own name, service or area; None where it is not known."""
    if team is None:
        return None
    return {Dimension.TEAM: team.name, Dimension.SERVICE: team.service}.get(by, team.area) or None


def common_key(by: Dimension | None) -> Callable[[Placed], str | None]:
    """How a fact falls under a dimension of time or place; any other dimension is of one fact alone."""
    if by is Dimension.MONTH:
        return lambda fact: str(fact.month)
    if by is Dimension.QUARTER:
        return lambda fact: quarter(fact.month)
    if by is not None and by in OF_PLACE:
        return lambda fact: place(fact.team, by)
    return lambda fact: None


def keys(by: Dimension | None, span: Span, found: Iterable[str | None]) -> list[str | None]:
    """The rows' keys in order. A period without a fact has its row too: an empty month is seen."""
    if by is None:
        return [None]
    if by is Dimension.MONTH:
        return [str(month) for month in span.months()]
    if by is Dimension.QUARTER:
        return list(dict.fromkeys(quarter(month) for month in span.months()))
    known: list[str] = [key for key in set(found) if key is not None]
    known.sort(key=lambda key: (key.casefold(), key))
    return [*known]


def split(facts: Iterable[F], key_of: Callable[[F], str | None]) -> dict[str | None, list[F]]:
    """By key; under None what has none."""
    found: dict[str | None, list[F]] = {}
    for fact in facts:
        found.setdefault(key_of(fact), []).append(fact)
    return found


def number(count: int, one: str, many: str) -> str:
    """ "1 audit", "2 audits"."""
    return f"{count} {one if count == 1 else many}"


def unplaced(by: Dimension | None, count: int, one: str, many: str) -> list[str]:
    """What no row of a split figure holds, said: 56 here, 58 in all."""
    if by is None or not count:
        return []
    has = "has" if count == 1 else "have"
    return [f"{number(count, one, many)} {has} no {by.value.replace('_', ' ')}: in no row here"]


def parts_of_quarters(by: Dimension | None, span: Span) -> list[str]:
    """A quarter that the span cuts is not the whole quarter."""
    if by is not Dimension.QUARTER:
        return []
    months = span.months()
    held: dict[str, Sequence[Month]] = {}
    for month in months:
        held[quarter(month)] = [*held.get(quarter(month), ()), month]
    return [f"{key} is counted from {of[0]} to {of[-1]} only" for key, of in held.items() if len(of) < 3]
