"""What a second look at an Inadequate came to (section 8)."""

from collections.abc import Iterable, Sequence

from domain.kinds import GRADED, Grade, Kind
from domain.measures.returned import Asked, key_of, without
from domain.measures.tables import Dimension, Figure, Row, Value, keys, share, split
from domain.ports.facts import AuditFact

DIMENSIONS = (
    Dimension.MONTH,
    Dimension.QUARTER,
    Dimension.TEAM,
    Dimension.SERVICE,
    Dimension.AREA,
    Dimension.LEGAL_STATUS,
)
NTH = ("first", "second", "third")


def reaudits(facts: Iterable[AuditFact], asked: Asked) -> Figure:
    """`returned` ÷ allocated; `still_inadequate` and `improved` (any better grade) ÷ returned, by the grade that
    counts; the same by the how-manieth re-audit (`first_…`, `second_…`, `third_…`: third or later)."""
    allocated = asked.audits(facts)
    groups = split(allocated, key_of(asked.by))
    rows = [Row(key, _values(groups.get(key, []), asked)) for key in keys(asked.by, asked.span, groups)]
    returned = asked.returned(allocated)
    notes = [*without(asked.by, groups.get(None, []), "re-"), *asked.notes(returned)]
    ungraded = sum(_counts(f) not in GRADED for f in returned)
    if ungraded:
        has = "re-audit has" if ungraded == 1 else "re-audits have"
        notes.append(f"{ungraded} returned {has} no grade: neither still Inadequate nor improved")
    unnumbered = sum(f.reaudit_number is None for f in returned)
    if unnumbered:
        says = "re-audit does" if unnumbered == 1 else "re-audits do"
        notes.append(f"{unnumbered} returned {says} not say the how-manieth: in no such count")
    return Figure("reaudits", asked.span, asked.by, tuple(rows), tuple(notes))


def _counts(fact: AuditFact) -> Grade | None:
    return fact.final_grade or fact.moderated_grade or fact.grade


def _values(allocated: Sequence[AuditFact], asked: Asked) -> dict[str, Value]:
    returned = [f for f in allocated if asked.books.here(f)]
    still, improved = _outcomes(returned)
    counts: dict[str, Value] = {
        "allocated": len(allocated),
        "returned": len(returned),
        "still_inadequate": still,
        "improved": improved,
        **share("returned", len(returned), len(allocated)),
        **share("still_inadequate", still, len(returned)),
        **share("improved", improved, len(returned)),
    }
    for place, name in enumerate(NTH, 1):
        of_nth = [f for f in returned if min(f.reaudit_number or 0, len(NTH)) == place]
        worse, better = _outcomes(of_nth)
        counts |= {
            f"{name}_returned": len(of_nth),
            f"{name}_still_inadequate": worse,
            f"{name}_improved": better,
        }
    return counts


def _outcomes(returned: Sequence[AuditFact]) -> tuple[int, int]:
    graded = [grade for f in returned if (grade := _counts(f)) in GRADED]
    still = sum(grade is Grade.INADEQUATE for grade in graded)
    return still, len(graded) - still


def of_reaudits(asked: Asked) -> Asked:
    return Asked(asked.span, asked.books, asked.by, Kind.REAUDIT)
