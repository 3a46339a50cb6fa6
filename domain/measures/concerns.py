"""Children of concern: who is on the tracker, since when, and who came and went (sections 5 and 8)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.calendar import Month
from domain.concerns import Category
from domain.measures.tables import (
    OF_TIME,
    Dimension,
    Figure,
    Row,
    Span,
    Value,
    keys,
    number,
    parts_of_quarters,
    quarter,
    share,
    unplaced,
)
from domain.ports.concerns import ConcernFact

DIMENSIONS = (
    Dimension.MONTH_IDENTIFIED,
    Dimension.CATEGORY,
    Dimension.TEAM,
    Dimension.SERVICE,
    Dimension.AREA,
    Dimension.LEGAL_STATUS,
    Dimension.MONTH,
    Dimension.QUARTER,
)
_ONE, _MANY = "child of concern", "children of concern"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included. What is still to come is not known: a period that has not ended is seen as of today."""

    first: date
    last: date

    @classmethod
    def of(cls, span: Span, today: date) -> "Period":
        return cls(span.first.first, min(span.last.last, today))

    def stands(self, fact: ConcernFact) -> bool:
        """On the tracker at the end."""
        return _there(fact, self.last)

    def identified(self, fact: ConcernFact) -> bool:
        return self.first <= fact.identified_on <= self.last

    def removed(self, fact: ConcernFact) -> bool:
        return fact.removed_on is not None and self.first <= fact.removed_on <= self.last

    def stood(self, fact: ConcernFact) -> bool:
        """On the tracker when the period began."""
        return fact.identified_on < self.first and (fact.removed_on is None or fact.removed_on >= self.first)

    def concerns(self, fact: ConcernFact) -> bool:
        return self.stands(fact) or self.identified(fact) or self.removed(fact)


def _there(fact: ConcernFact, day: date) -> bool:
    return fact.identified_on <= day and (fact.removed_on is None or fact.removed_on > day)


def concerns(facts: Iterable[ConcernFact], span: Span, today: date, by: Dimension | None = None) -> Figure:
    """`open`: on the tracker at the end of the period (today where it has not ended), of them `category_1` and
    `category_2`; who was `identified` and `removed` within it. By month or quarter each is a period of its own."""
    whole = Period.of(span, today)
    counted = list(facts)
    if by in OF_TIME:
        rows = [Row(key, _values(counted, period)) for key, period in _periods(by, span, today)]
        return Figure("concerns", span, by, tuple(rows), tuple(_notes(counted, whole, span, today, by)))
    groups: dict[str | None, list[ConcernFact]] = {}
    for fact in filter(whole.concerns, counted):
        groups.setdefault(_key_of(by)(fact), []).append(fact)
    rows = [Row(key, _values(groups.get(key, []), whole)) for key in keys(by, span, groups)]
    notes = [
        *unplaced(by, len(groups.get(None, ())), _ONE, _MANY),
        *_notes(counted, whole, span, today, by),
    ]
    return Figure("concerns", span, by, tuple(rows), tuple(notes))


def _periods(by: Dimension | None, span: Span, today: date) -> list[tuple[str, Period]]:
    named: dict[str, list[Month]] = {}
    for month in span.months():
        named.setdefault(quarter(month) if by is Dimension.QUARTER else str(month), []).append(month)
    return [(key, Period.of(Span(of[0], of[-1]), today)) for key, of in named.items()]


def _key_of(by: Dimension | None) -> Callable[[ConcernFact], str | None]:
    keys_of: dict[Dimension, Callable[[ConcernFact], str | None]] = {
        Dimension.MONTH_IDENTIFIED: lambda fact: str(Month.of(fact.identified_on)),
        Dimension.CATEGORY: lambda fact: str(fact.category.value),
        Dimension.TEAM: lambda fact: fact.team,
        Dimension.SERVICE: lambda fact: fact.service,
        Dimension.AREA: lambda fact: fact.area or None,
        Dimension.LEGAL_STATUS: lambda fact: fact.legal_status,
    }
    return keys_of[by] if by is not None else lambda fact: None


def _values(facts: Sequence[ConcernFact], period: Period) -> dict[str, Value]:
    standing = [fact for fact in facts if period.stands(fact)]
    ones = sum(fact.category is Category.ONE for fact in standing)
    return {
        "open": len(standing),
        "category_1": ones,
        "category_2": len(standing) - ones,
        "identified": sum(map(period.identified, facts)),
        "removed": sum(map(period.removed, facts)),
        **share("category_1", ones, len(standing)),
        **share("category_2", len(standing) - ones, len(standing)),
    }


def _notes(
    facts: Sequence[ConcernFact], period: Period, span: Span, today: date, by: Dimension | None
) -> list[str]:
    """What a reader would stumble over: months that do not add up to what was identified, and what is only known as of
    now."""
    notes: list[str] = []
    identified = [fact for fact in facts if period.identified(fact)]
    gone = sum(not period.stands(fact) for fact in identified)
    if gone:
        was = "was taken off again" if gone == 1 else "were taken off again"
        notes.append(f"{gone} of the {len(identified)} identified in the period {was} within it")
    begun, removed = sum(map(period.stood, facts)), sum(map(period.removed, facts))
    standing = sum(map(period.stands, facts))
    if begun + len(identified) - removed != standing:
        notes.append(
            f"{begun} at the beginning and {len(identified)} identified less {removed} removed is "
            f"{begun + len(identified) - removed}, not the {standing} on the tracker: dates contradict each other"
        )
    if standing and period.last < today:
        notes.append("categories are as they stand now, not as they stood then")
    ahead = [month for month in span.months() if month.first > today]
    if ahead and by in OF_TIME:
        notes.append(f"{number(len(ahead), 'month has', 'months have')} not come yet: shown as of today")
    return [*notes, *parts_of_quarters(by, span)]
