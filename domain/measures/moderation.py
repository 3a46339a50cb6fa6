"""How often a second judgement changes the first (sections 3.7 and 8)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from domain.cycle import moderated_to
from domain.kinds import GRADED, Grade
from domain.measures.returned import Asked, key_of, without
from domain.measures.tables import Figure, Row, Value, keys, share, split
from domain.ports.facts import AuditFact

Pair = tuple[Grade, Grade]


def moderation(facts: Iterable[AuditFact], asked: Asked) -> Figure:
    """`moderated` ÷ returned; `changed`, `up` and `down` ÷ moderated. `primary_GRADE` and `moderated_GRADE`: what the
    auditors said and what the moderators said of the same audits, each ÷ moderated. `kappa`: Cohen's, with linear
    weights, of those graded on both sides."""
    returned = asked.returned(facts)
    groups = split(returned, key_of(asked.by))
    rows = [Row(key, _values(groups.get(key, []))) for key in keys(asked.by, asked.span, groups)]
    unsaid = sum(f.moderated and _pair(f) is None for f in returned)
    notes = [*without(asked.by, groups.get(None, []), "returned"), *asked.notes(returned)]
    if unsaid:
        lacks = "moderated audit lacks" if unsaid == 1 else "moderated audits lack"
        notes.append(f"{unsaid} {lacks} one of the two grades: neither changed nor agreed")
    return Figure("moderation", asked.span, asked.by, tuple(rows), tuple(notes))


def _pair(fact: AuditFact) -> Pair | None:
    if not fact.moderated or fact.grade is None or fact.moderated_grade is None:
        return None
    return fact.grade, fact.moderated_grade


def _values(returned: Sequence[AuditFact]) -> dict[str, Value]:
    moderated = [f for f in returned if f.moderated]
    pairs = [pair for f in moderated if (pair := _pair(f)) is not None]
    turned = Counter(moderated_to(*pair) for pair in pairs)
    changed = len(pairs) - turned["agreed"]
    return {
        "returned": len(returned),
        "moderated": len(moderated),
        "changed": changed,
        "up": turned["up"],
        "down": turned["down"],
        **share("moderated", len(moderated), len(returned)),
        **share("changed", changed, len(moderated)),
        **share("up", turned["up"], len(moderated)),
        **share("down", turned["down"], len(moderated)),
        **_distribution("primary", [f.grade for f in moderated]),
        **_distribution("moderated", [f.moderated_grade for f in moderated]),
        "kappa": kappa(pairs),
    }


def _distribution(side: str, grades: Sequence[Grade | None]) -> dict[str, Value]:
    found = Counter(grades)
    counts: dict[str, Value] = {f"{side}_{grade.value}": found[grade] for grade in Grade}
    for grade in Grade:
        counts |= share(f"{side}_{grade.value}", found[grade], len(grades))
    return counts


def kappa(pairs: Iterable[Pair]) -> Decimal | None:
    """Cohen's weighted kappa with linear weights, two decimals: 1 is full agreement, 0 what chance would give. None
    where nothing is graded on both sides, and where all is one grade (chance agrees wholly)."""
    places = {grade: place for place, grade in enumerate(GRADED)}
    both = [(places[a], places[b]) for a, b in pairs if a in places and b in places]
    first, second = Counter(a for a, _ in both), Counter(b for _, b in both)
    seen = sum(abs(a - b) for a, b in both) * len(both)
    by_chance = sum(abs(a - b) * n * m for a, n in first.items() for b, m in second.items())
    if not by_chance:
        return None
    found = 1 - Fraction(seen, by_chance)
    return (Decimal(found.numerator) / found.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
