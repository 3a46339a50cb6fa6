"""Who was let off, and why (sections 4 and 8)."""

from collections.abc import Callable, Iterable, Sequence

from domain.measures.tables import (
    Dimension,
    Figure,
    Row,
    Span,
    Value,
    common_key,
    keys,
    parts_of_quarters,
    split,
    unplaced,
)
from domain.ports.facts import ExemptionFact

DIMENSIONS = (
    Dimension.REASON,
    Dimension.CATEGORY,
    Dimension.MONTH,
    Dimension.QUARTER,
    Dimension.TEAM,
    Dimension.SERVICE,
    Dimension.AREA,
)


def exemptions(facts: Iterable[ExemptionFact], span: Span, by: Dimension | None = None) -> Figure:
    """Decided requests: `approved`, of them `non_operational`, `operational` and those `after_issue`; `declined`.
    The category of one is its reason's class."""
    groups = split(facts, _key_of(by))
    rows = [Row(key, _values(groups.get(key, []))) for key in keys(by, span, groups)]
    notes = [
        *unplaced(by, len(groups.get(None, ())), "exemption", "exemptions"),
        *parts_of_quarters(by, span),
    ]
    return Figure("exemptions", span, by, tuple(rows), tuple(notes if by else ()))


def _key_of(by: Dimension | None) -> Callable[[ExemptionFact], str | None]:
    if by is Dimension.REASON:
        return lambda fact: fact.reason
    if by is Dimension.CATEGORY:
        return lambda fact: "operational" if fact.operational else "non_operational"
    return common_key(by)


def _values(facts: Sequence[ExemptionFact]) -> dict[str, Value]:
    approved = [f for f in facts if f.approved]
    operational = sum(f.operational for f in approved)
    return {
        "approved": len(approved),
        "non_operational": len(approved) - operational,
        "operational": operational,
        "after_issue": sum(f.after_issue for f in approved),
        "declined": len(facts) - len(approved),
    }
