"""The monthly draw: which auditor gets which child (domain, section 3.3).

Children that are closed, excluded with a reason or audited in the look-back are left out before: here every child is
eligible. No rule is ever broken for the sake of a number; what could not be met is said in `Draw.unmet`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from domain.people import PersonId


@dataclass(frozen=True, slots=True)
class Candidate:
    """An auditor of the month's pool.

    `own_teams`: ids of their own team and of every team they answer for, never audited by them. `audited_before`: refs
    of children they audited within the look-back, avoided where possible. `spare`: how many they may get at most.
    """

    person_id: PersonId
    own_teams: frozenset[int]
    audited_before: frozenset[str] = frozenset()
    spare: int = 1


@dataclass(frozen=True, slots=True)
class Child:
    ref: str
    team_id: int
    social_worker_id: PersonId | None
    cohorts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Options:
    """What the coordinator asks for.

    `total`: None is one for each auditor. `per_cohort`: wanted numbers, never exceeded; empty is in proportion to the
    children there are. `cohorts`: drawn from these only; empty is every child, or the cohorts that have a number.
    `per_team`: at most so many of one team. ValueError for a negative number or a cohort that has two.
    """

    seed: str
    total: int | None = None
    per_cohort: tuple[tuple[str, int], ...] = ()
    cohorts: tuple[str, ...] = ()
    per_team: int | None = None

    def __post_init__(self) -> None:
        numbers = [self.total or 0, self.per_team or 0, *(number for _, number in self.per_cohort)]
        if min(numbers) < 0:
            raise ValueError("a number of children is negative")
        if len(dict(self.per_cohort)) < len(self.per_cohort):
            raise ValueError("a cohort has two numbers")


class Rule(StrEnum):
    """What could not be met; the keys of its facts are in brackets, numbers and ids as strings."""

    NO_CHILD = "no_child"
    """Auditors left without a child [count, people: ids with commas]."""
    COHORT_SHORT = "cohort_short"
    """[cohort, wanted, got, eligible: children of that cohort]"""
    TEAM_SHORT = "team_short"
    """A team gave less than `per_team` and the draw is smaller than asked for [team, wanted, got, eligible]."""
    TOTAL_SHORT = "total_short"
    """[wanted, got]"""
    AUDITED_BEFORE = "audited_before"
    """Somebody gets a child they audited before, no other way was found [person, child]."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that could not be met: codes, ids and numbers; the words are made elsewhere."""

    rule: Rule
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """`cohort` is the stratum the child was drawn for, "" where the draw has none."""

    person_id: PersonId
    child_ref: str
    cohort: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The pairs by person and child. `options` are those it was drawn with."""

    pairs: tuple[Pair, ...]
    unmet: tuple[Unmet, ...]
    options: Options

    @property
    def digest(self) -> str:
        """16 hex digits: two draws are the same if this is."""
        told = [
            repr(self.options),
            *(f"{pair.person_id}|{pair.child_ref}|{pair.cohort}" for pair in self.pairs),
        ]
        return sha256("\n".join(told).encode()).hexdigest()[:16]


def draw(auditors: Sequence[Candidate], children: Sequence[Child], options: Options) -> Draw:
    """The draw for these auditors, children and seed, whatever order they come in."""
    left = {auditor.person_id: min(auditor.spare, 1) for auditor in auditors}
    people = sorted(auditors, key=lambda auditor: _chance(options.seed, "auditor", str(auditor.person_id)))
    pairs: list[Pair] = []
    for child in sorted(children, key=lambda child: _chance(options.seed, "child", child.ref)):
        for auditor in people:
            own = child.team_id in auditor.own_teams or child.social_worker_id == auditor.person_id
            if left[auditor.person_id] and not own:
                left[auditor.person_id] -= 1
                pairs.append(Pair(auditor.person_id, child.ref, ""))
                break
    return Draw(tuple(sorted(pairs, key=lambda pair: (pair.person_id, pair.child_ref))), (), options)


def _chance(seed: str, what: str, ref: str) -> str:
    return sha256(f"{seed}|{what}|{ref}".encode()).hexdigest()
