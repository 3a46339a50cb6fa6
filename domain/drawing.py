"""What a draw is asked for and made from, and the draw of one child (domain, section 3.3)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.allocation import Draw, Options, draw
from domain.chance import lot
from domain.draw_parts import Candidate, Child
from domain.people import PersonId
from domain.pool import Standing

ONE_CHILD = "child"


@dataclass(frozen=True, slots=True)
class Settings:
    """`domain.allocation.Options` without the seed, and the look-back that was asked for. A cohort that has a number
    is one of `cohorts` where there are any."""

    not_again_months: int
    cohorts: tuple[str, ...] = ()
    per_cohort: tuple[tuple[str, int], ...] = ()
    total: int | None = None
    per_team: int | None = None

    def options(self, seed: str) -> Options:
        numbered = tuple(cohort for cohort, _ in self.per_cohort)
        cohorts = tuple(dict.fromkeys((*self.cohorts, *numbered))) if self.cohorts else ()
        return Options(seed, self.total, self.per_cohort, cohorts, self.per_team)

    @property
    def strata(self) -> tuple[str, ...]:
        """The cohorts that are drawn from; none: every child."""
        return self.options("").cohorts or tuple(cohort for cohort, _ in self.per_cohort)

    def as_text(self) -> str:
        return json.dumps(
            {
                "not_again_months": self.not_again_months,
                "cohorts": self.cohorts,
                "per_cohort": self.per_cohort,
                "total": self.total,
                "per_team": self.per_team,
            },
            separators=(",", ":"),
        )

    @classmethod
    def read(cls, text: str) -> "Settings":
        found = json.loads(text)
        return cls(
            found["not_again_months"],
            tuple(found["cohorts"]),
            tuple((cohort, number) for cohort, number in found["per_cohort"]),
            found["total"],
            found["per_team"],
        )


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a draw depends on beside its options. `standings` and `left_out` are how many were left out of
    it, and `have_one` who had an audit before."""

    people: tuple[Candidate, ...]
    children: Sequence[Child]
    left_out: Mapping[str, int]
    standings: Mapping[Standing, int]
    have_one: tuple[PersonId, ...] = ()

    def same_draw(self, other: "Inputs") -> bool:
        return self.people == other.people and list(self.children) == list(other.children)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw with what it was made from."""

    inputs: Inputs
    draw: Draw
    seed: str
    teams: Mapping[str, int] = field(default_factory=dict[str, int])
    """By the child's reference, of those who were drawn."""


def drawn(inputs: Inputs, settings: Settings, seed: str) -> Drawn:
    """Pure and long (a second for 25,000 children): to be run beside the loop."""
    made = draw(inputs.people, inputs.children, settings.options(seed))
    refs = {pair.child_ref for pair in made.pairs}
    return Drawn(inputs, made, seed, {c.ref: c.team_id for c in inputs.children if c.ref in refs})


def one_child(
    person: Candidate, children: Sequence[Child], seed: str, cohorts: Collection[str] = ()
) -> Child | None:
    """The child whose lot comes first for this seed, of those whom the person may audit: of the wanted cohorts and new
    to them; where there is none, new to them; else any. A child more or less on the list changes nothing unless it is
    their lot that comes first."""
    wanted = frozenset(cohorts)
    able = [child for child in children if person.may_audit(child)]
    for kept in (
        [child for child in able if child.cohorts & wanted and child.ref not in person.audited_before],
        [child for child in able if child.ref not in person.audited_before],
        able,
    ):
        if kept:
            return min(kept, key=lambda child: (lot(seed, ONE_CHILD, child.ref), child.ref))
    return None
