"""How practice is in each of its areas (section 8)."""

from collections.abc import Iterable, Mapping, Sequence

from domain.kinds import Grade
from domain.measures.grades import counted_at_all, distribution
from domain.measures.returned import Asked
from domain.measures.tables import Dimension, Figure, Row, number
from domain.ports.facts import AuditFact

DIMENSIONS = (Dimension.PRACTICE_AREA,)
Areas = Mapping[str, Mapping[str, Grade]]
"""By reference of the audit: the grade of each practice area."""


def profile(facts: Iterable[AuditFact], areas: Areas, order: Sequence[str], asked: Asked) -> Figure:
    """Grades of practice areas as the audits of the kind gave them (`grades` has what each value is): a row for each
    area, in the policy's order; unsplit, of all areas together. Returns below the standard as in `grades`."""
    returned = [fact for fact in asked.returned(facts) if counted_at_all(fact)]
    by_area: dict[str, list[Grade]] = {}
    for fact in returned:
        for area, grade in areas.get(fact.ref, {}).items():
            by_area.setdefault(area, []).append(grade)
    known = [area for area in order if area in by_area] + sorted(by_area.keys() - set(order))
    every = [grade for found in by_area.values() for grade in found]
    rows = (
        [Row(area, distribution(by_area[area])) for area in known]
        if asked.by
        else [Row(None, distribution(every))]
    )
    notes = asked.notes(returned)
    without = sum(not areas.get(fact.ref) for fact in returned)
    if without:
        notes.append(f"{number(without, 'returned audit grades', 'returned audits grade')} no practice area")
    return Figure("profile", asked.span, asked.by, tuple(rows), tuple(notes))
