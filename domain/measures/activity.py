"""What was done of every kind, against what was expected (sections 3 and 8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.calendar import Month
from domain.kinds import Kind
from domain.measures.tables import (
    OF_PLACE,
    Dimension,
    Figure,
    Row,
    Span,
    Value,
    common_key,
    keys,
    parts_of_quarters,
    quarter,
    share,
    split,
    unplaced,
)
from domain.measures.timing import Books, issued, tally, timing_notes
from domain.policy import Policy
from domain.ports.facts import AuditFact
from domain.programme import Planned

DIMENSIONS = (
    Dimension.KIND,
    Dimension.MONTH,
    Dimension.QUARTER,
    Dimension.TEAM,
    Dimension.SERVICE,
    Dimension.AREA,
)
Expected = Mapping[tuple[Month, Kind], int]


def expectations(
    span: Span, audits: Iterable[AuditFact], planned: Iterable[Planned], policy: Policy
) -> dict[tuple[Month, Kind], int]:
    """What each month expects of each kind: the programme's number, else the policy's, else as many as were
    issued."""
    found: dict[tuple[Month, Kind], int] = dict(Counter((a.month, a.kind) for a in audits))
    for month in span.months():
        for kind, rules in policy.by_kind.items():
            if rules.expected_a_month:
                found[month, kind] = rules.expected_a_month
    for entry in planned:
        if entry.expected and span.first <= entry.month <= span.last:
            found[entry.month, entry.kind] = entry.expected
    return found


def activity(
    audits: Sequence[AuditFact],
    expected: Expected,
    span: Span,
    books: Books,
    by: Dimension | None = None,
    kind: Kind | None = None,
) -> Figure:
    """Of one kind or all: `expected`, `issued`, and what became of them. `expected_percent` = returned ÷ expected,
    `compliance` = returned ÷ issued; `reflection_sheets` and `earlier_actions_reviewed` (of observations) ÷ every
    audit that was returned, late ones too."""
    counted = issued(audits, kind)
    of_expected = {of: count for of, count in expected.items() if kind is None or of[1] is kind}
    groups = split(counted, lambda a: a.kind.value if by is Dimension.KIND else common_key(by)(a))
    wanted = _expected_by(of_expected, by)
    rows = [
        Row(key, _values(groups.get(key, []), None if by in OF_PLACE else wanted.get(key, 0), books))
        for key in keys(by, span, [*groups, *wanted])
    ]
    notes = [*_place_notes(by, groups), *timing_notes(counted, books), *parts_of_quarters(by, span)]
    return Figure("activity", span, by, tuple(rows), tuple(notes))


def _expected_by(expected: Expected, by: Dimension | None) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    if by in OF_PLACE:
        return found
    for (month, kind), count in expected.items():
        key = _key(month, kind, by)
        found[key] = found.get(key, 0) + count
    return found


def _key(month: Month, kind: Kind, by: Dimension | None) -> str | None:
    if by is None:
        return None
    if by is Dimension.KIND:
        return kind.value
    return quarter(month) if by is Dimension.QUARTER else str(month)


def _values(audits: Sequence[AuditFact], expected: int | None, books: Books) -> dict[str, Value]:
    count = tally(audits, books)
    here = [a for a in audits if books.here(a)]
    sheets = sum(a.engagement.reflection_sheet is True for a in here)
    watched = [a for a in here if a.kind is Kind.OBSERVATION]
    reviewed = sum(a.earlier_actions_reviewed is True for a in watched)
    return {
        "expected": expected,
        "issued": count.issued,
        "returned": count.returned,
        "late": count.late,
        "nil": count.nil,
        "outstanding": count.outstanding,
        "reflection_sheets": sheets,
        "earlier_actions_reviewed": reviewed,
        **share("expected", count.returned, expected),
        **share("compliance", count.returned, count.issued),
        **share("reflection_sheets", sheets, len(here)),
        **share("earlier_actions_reviewed", reviewed, len(watched)),
    }


def _place_notes(by: Dimension | None, groups: Mapping[str | None, Sequence[AuditFact]]) -> list[str]:
    if by not in OF_PLACE:
        return []
    said = "what is expected is a number for the whole council: not split here"
    return [*unplaced(by, len(groups.get(None, ())), "audit", "audits"), said]
