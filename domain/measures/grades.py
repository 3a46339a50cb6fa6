"""How well it went: grades of returned audits (sections 3.7 and 8)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from domain.kinds import GRADED, Grade
from domain.measures.returned import Asked, key_of, without
from domain.measures.tables import Figure, Row, Value, keys, share, split
from domain.ports.facts import AuditFact


def counting_grade(fact: AuditFact) -> Grade | None:
    """The third lock's, else the moderator's, else the auditor's."""
    return fact.final_grade or fact.moderated_grade or fact.grade


def grades(facts: Iterable[AuditFact], asked: Asked) -> Figure:
    """By the grade that counts. Adjusted shares (`GRADE_percent`, `good_or_better_percent`) leave "not graded" out,
    raw ones keep it in. A return below the standard is left out, unless it shows a child of concern."""
    returned = asked.returned(facts)
    counted = [f for f in returned if counted_at_all(f) and counting_grade(f)]
    groups = split(counted, key_of(asked.by))
    rows = [Row(key, _values(groups.get(key, []))) for key in keys(asked.by, asked.span, groups)]
    notes = [*without(asked.by, groups.get(None, []), "graded"), *asked.notes(returned)]
    below = sum(not counted_at_all(f) for f in returned)
    if below:
        is_ = "audit is" if below == 1 else "audits are"
        notes.append(f"{below} {is_} below the standard and without a child of concern: left out")
    ungraded = sum(counted_at_all(f) and counting_grade(f) is None for f in returned)
    if ungraded:
        has = "audit has" if ungraded == 1 else "audits have"
        notes.append(f"{ungraded} returned {has} no grade: left out")
    return Figure("grades", asked.span, asked.by, tuple(rows), tuple(notes))


def counted_at_all(fact: AuditFact) -> bool:
    """A return below the standard is left out, unless it shows a child of concern (section 3.7)."""
    return fact.meets_standard is not False or fact.concern_category is not None


def _values(facts: Sequence[AuditFact]) -> dict[str, Value]:
    return distribution([grade for fact in facts if (grade := counting_grade(fact))])


def distribution(grades_: Sequence[Grade]) -> dict[str, Value]:
    """Counts and shares, adjusted and raw."""
    found = Counter(grades_)
    graded = sum(found[grade] for grade in GRADED)
    better = found[Grade.OUTSTANDING] + found[Grade.GOOD]
    values: dict[str, Value] = {grade.value: found[grade] for grade in Grade}
    values |= {"graded": graded, "total": len(grades_)}
    for grade in GRADED:
        raw = share(f"{grade.value}_raw", found[grade], len(grades_))
        values |= share(grade.value, found[grade], graded) | raw
    values |= share(f"{Grade.NOT_GRADED.value}_raw", found[Grade.NOT_GRADED], len(grades_))
    raw = share("good_or_better_raw", better, len(grades_))
    return values | share("good_or_better", better, graded) | raw
