"""Who took part and whose views were heard (section 8)."""

from collections.abc import Iterable, Sequence

from domain.measures.returned import Asked, key_of, without
from domain.measures.tables import Figure, Row, Value, keys, share, split
from domain.ports.facts import AuditFact

PARTS = ("social_worker", "manager", "child", "parent", "iro", "reflection_sheet")


def engagement(facts: Iterable[AuditFact], asked: Asked) -> Figure:
    """Each ÷ every returned audit. Where nothing was said it is not counted as having happened; a note says of how
    many."""
    returned = asked.returned(facts)
    groups = split(returned, key_of(asked.by))
    rows = [Row(key, _values(groups.get(key, []))) for key in keys(asked.by, asked.span, groups)]
    notes = [*without(asked.by, groups.get(None, []), "returned"), *asked.notes(returned)]
    for part in PARTS:
        unsaid = sum(getattr(f.engagement, part) is None for f in returned)
        if unsaid:
            says = "audit says" if unsaid == 1 else "audits say"
            notes.append(f"{unsaid} returned {says} nothing of: {part.replace('_', ' ')}")
    return Figure("engagement", asked.span, asked.by, tuple(rows), tuple(notes))


def _values(returned: Sequence[AuditFact]) -> dict[str, Value]:
    counts = {part: sum(getattr(f.engagement, part) is True for f in returned) for part in PARTS}
    values: dict[str, Value] = {"returned": len(returned), **counts}
    for part, count in counts.items():
        values |= share(part, count, len(returned))
    return values
