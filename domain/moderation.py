"""The moderation sample: which returns are re-judged, and by whom (domain, section 3.7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from domain.audits import Grade
from domain.chance import LOTS, lot
from domain.people import PersonId


@dataclass(frozen=True, slots=True)
class Returned:
    """An audit that came back. `moderator_id`: it is already assigned or moderated. `closed`: it counts among the
    returns and can no longer be moderated, because it went to the child's record as it was."""

    ref: str
    grade: Grade
    team_id: int | None
    auditor_id: PersonId | None
    moderator_id: PersonId | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Moderator:
    """`own_teams`: never moderated by them. `load`: audits they have of this month already."""

    person_id: PersonId
    own_teams: frozenset[int]
    load: int = 0
    external: bool = False


@dataclass(frozen=True, slots=True)
class SampleRules:
    """The council's policy for the sample.

    `first`: grades taken before all others, mixed by chance in proportion. `then`: grades of which `at_least_then` are
    in the sample where there are so many, within the share and up to half of it. `every`: grades always moderated,
    beyond the share too. The rest follows from the best grade down.
    """

    share_percent: int = 25
    first: tuple[Grade, ...] = (Grade.OUTSTANDING, Grade.GOOD)
    then: tuple[Grade, ...] = (Grade.REQUIRES_IMPROVEMENT,)
    at_least_then: int = 2
    every: frozenset[Grade] = frozenset()


class Rule(StrEnum):
    """What could not be met; the keys of its facts are in brackets."""

    NO_MODERATORS = "no_moderators"
    """Nobody moderates this month [wanted]."""
    NOBODY_MAY = "nobody_may"
    """Every moderator is the auditor or of the child's team [audit]."""
    SHARE_SHORT = "share_short"
    """Fewer are moderated than the policy asks for [wanted, got]."""


@dataclass(frozen=True, slots=True)
class Unmet:
    rule: Rule
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Assigned:
    ref: str
    moderator_id: PersonId


@dataclass(frozen=True, slots=True)
class Sample:
    """New assignments by reference. `wanted`: how many should have a moderator; `already`: how many had one."""

    assigned: tuple[Assigned, ...]
    unmet: tuple[Unmet, ...]
    wanted: int
    already: int

    @property
    def complete(self) -> bool:
        """Whether as many are moderated as there should be, so that the others are left out."""
        return self.already + len(self.assigned) >= self.wanted


def sample(
    returned: Sequence[Returned], moderators: Sequence[Moderator], rules: SampleRules, seed: str
) -> Sample:
    """Tops the sample up to the policy's share; what has a moderator is never reassigned."""
    already = [audit for audit in returned if audit.moderator_id is not None]
    waiting = [audit for audit in returned if audit.moderator_id is None and not audit.closed]
    share = -(-len(returned) * rules.share_percent // 100)
    wanted = max(share, len(already) + sum(audit.grade in rules.every for audit in waiting))
    able = [audit for audit in waiting if any(may_moderate(person, audit) for person in moderators)]
    chosen = _chosen(already, _ranked(able, rules, seed), rules, share)
    assigned = _Desks(moderators, seed).shared_out(chosen)
    unable = {audit.ref for audit in waiting} - {audit.ref for audit in able}
    unmet = _unmet(wanted, len(already) + len(assigned), unable if moderators else None)
    return Sample(assigned, unmet, wanted, len(already))


def may_moderate(moderator: Moderator, audit: Returned) -> bool:
    """Never one's own audit, nor one of a child of one's own team (section 2)."""
    return audit.auditor_id != moderator.person_id and audit.team_id not in moderator.own_teams


def _ranked(audits: Sequence[Returned], rules: SampleRules, seed: str) -> list[Returned]:
    """`first` and `then` are one class each. Within a class the grades are mixed in proportion: each has its audits in
    an order drawn by lot, spread evenly over the class from a beginning that is drawn too."""
    rest = [grade for grade in Grade if grade not in rules.first and grade not in rules.then]
    classes = [rules.first, rules.then, *((grade,) for grade in rest)]
    place = {grade: number for number, grades in reversed([*enumerate(classes)]) for grade in grades}
    by_grade: dict[Grade, list[Returned]] = {}
    for audit in sorted(audits, key=lambda audit: (lot(seed, "audit", audit.ref), audit.ref)):
        by_grade.setdefault(audit.grade, []).append(audit)
    found = [
        (
            place[grade],
            Fraction(number * LOTS + lot(seed, "grade", grade.value), len(pile) * LOTS),
            audit.ref,
            audit,
        )
        for grade, pile in by_grade.items()
        for number, audit in enumerate(pile)
    ]
    return [audit for *_, audit in sorted(found, key=lambda one: one[:3])]


def _chosen(
    already: Sequence[Returned], ranked: Sequence[Returned], rules: SampleRules, share: int
) -> list[Returned]:
    """Who joins the sample: whatever policy demands, a few of `then` so that it is not of one grade only, the first."""
    must = [audit for audit in ranked if audit.grade in rules.every]
    others = [audit for audit in ranked if audit.grade not in rules.every]
    room = max(0, share - len(already) - len(must))
    there = sum(audit.grade in rules.then for audit in [*already, *must])
    few = min(room, max(0, min(rules.at_least_then, share // 2) - there))
    then = [audit for audit in others if audit.grade in rules.then][:few]
    refs = {audit.ref for audit in then}
    rest = [audit for audit in others if audit.ref not in refs]
    return must + then + rest[: room - len(then)]


def _unmet(wanted: int, got: int, unable: Collection[str] | None) -> tuple[Unmet, ...]:
    """`unable`: audits that nobody may moderate; None where nobody moderates at all."""
    if got >= wanted and not unable:
        return ()
    if unable is None:
        return (Unmet(Rule.NO_MODERATORS, {"wanted": str(wanted - got)}),)
    nobody = tuple(Unmet(Rule.NOBODY_MAY, {"audit": ref}) for ref in sorted(unable))
    short = Unmet(Rule.SHARE_SHORT, {"wanted": str(wanted), "got": str(got)})
    return (short, *nobody) if got < wanted else nobody


class _Desks:
    """Who has which of the new audits. Each goes to the shortest pile; then audits are handed on, also through third
    people, until no handing on evens out two piles that differ by more than one: no fairer way is left."""

    def __init__(self, moderators: Sequence[Moderator], seed: str) -> None:
        self._people = sorted(
            moderators, key=lambda person: (lot(seed, "moderator", person.person_id), person.person_id)
        )
        self._piles: dict[PersonId, list[Returned]] = {person.person_id: [] for person in self._people}

    def shared_out(self, audits: Sequence[Returned]) -> tuple[Assigned, ...]:
        for audit in audits:
            able = [person for person in self._people if may_moderate(person, audit)]
            self._piles[min(able, key=self._load).person_id].append(audit)
        while any(self._handed_on(person) for person in sorted(self._people, key=self._load, reverse=True)):
            pass
        given = [Assigned(audit.ref, person) for person, pile in self._piles.items() for audit in pile]
        return tuple(sorted(given, key=lambda each: each.ref))

    def _load(self, person: Moderator) -> int:
        return person.load + len(self._piles[person.person_id])

    def _handed_on(self, start: Moderator) -> bool:
        """Looks breadth first for somebody with at least two fewer; each on the way hands one audit to the next."""
        came: dict[PersonId, tuple[Moderator, Returned]] = {}
        unseen = [person for person in self._people if person is not start]
        queue = [start]
        for giver in queue:
            for audit in self._piles[giver.person_id]:
                for taker in [person for person in unseen if may_moderate(person, audit)]:
                    unseen.remove(taker)
                    came[taker.person_id] = (giver, audit)
                    queue.append(taker)
                    if self._load(taker) <= self._load(start) - 2:
                        self._hand(came, start, taker)
                        return True
        return False

    def _hand(
        self, came: Mapping[PersonId, tuple[Moderator, Returned]], start: Moderator, taker: Moderator
    ) -> None:
        while taker is not start:
            giver, audit = came[taker.person_id]
            self._piles[giver.person_id].remove(audit)
            self._piles[taker.person_id].append(audit)
            taker = giver
