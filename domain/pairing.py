"""Who gets whom: children are named for the places, places are given to auditors, and what must not be is mended."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.chance import lot
from domain.draw_parts import Candidate, Child, Pair, Task
from domain.quotas import Quotas

T = TypeVar("T")
P = TypeVar("P")
May = Callable[[Candidate, Child], bool]
_BITS = 64
_FOR_A_WISH, _FOR_A_RULE = 500_000, 10_000_000
"""How many children are looked at before handing round is given up: no real council comes near."""


@dataclass(slots=True)
class Place:
    """A child drawn for a stratum, and the auditor who gets them."""

    child: Child
    cohort: str
    person: Candidate

    @property
    def pair(self) -> Pair:
        return Pair(self.person.person_id, self.child.ref, self.cohort)


def paired(task: Task, wanted: Quotas) -> list[Place]:
    """A place for each child, with nobody above their load. Own teams are always avoided, a caseload and children
    audited before wherever handing round or another child of the place can mend it: look at the result."""
    people = {person.person_id: person for person in task.people}
    named = _named(task, wanted)
    places = sorted((lot(task.seed, "place", "|".join(map(str, place))), place) for place in named)
    turns = sorted(
        (lot(task.seed, "turn", f"{person}|{turn}"), person)
        for person, load in wanted.loads.items()
        for turn in range(load)
    )
    met, _, _ = _nearest(turns, places)
    drawn = [Place(named[place], place[1], people[person]) for person, place in met]
    _Mending(task, drawn).mend()
    return drawn


def _named(task: Task, wanted: Quotas) -> dict[tuple[int, str, int], Child]:
    """The first children of each team by lot that its places can hold together; by team, stratum and number."""
    of_team: dict[int, list[Child]] = defaultdict(list)
    for child in task.children:
        of_team[child.team_id].append(child)
    needs: dict[int, dict[str, int]] = defaultdict(dict)
    for (team, cohort), number in wanted.places.items():
        needs[team][cohort] = number
    return {
        (team, cohort, index): child
        for team, numbers in needs.items()
        for cohort, children in _seated(of_team[team], numbers).items()
        for index, child in enumerate(children)
    }


def _seated(children: Iterable[Child], numbers: Mapping[str, int]) -> dict[str, list[Child]]:
    seats: dict[str, list[Child]] = {cohort: [] for cohort in sorted(numbers)}
    left = sum(numbers.values())
    for child in children:
        if not left:
            break
        left -= _seat(child, seats, numbers, set())
    return seats


def _seat(child: Child, seats: dict[str, list[Child]], numbers: Mapping[str, int], asked: set[str]) -> bool:
    """A child may make another, who is in several cohorts, move to another one."""
    for cohort in [cohort for cohort in seats if cohort in child.cohorts and cohort not in asked]:
        asked.add(cohort)
        if len(seats[cohort]) < numbers[cohort]:
            seats[cohort].append(child)
            return True
        for index, other in enumerate(seats[cohort]):
            if _seat(other, seats, numbers, asked):
                seats[cohort][index] = child
                return True
    return False


def _nearest(
    turns: Sequence[tuple[int, T]], places: Sequence[tuple[int, P]], bit: int = _BITS - 1
) -> tuple[list[tuple[T, P]], Sequence[tuple[int, T]], Sequence[tuple[int, P]]]:
    """Pairs numbers that begin alike, from the longest common beginning to the shortest; and who is left over.

    Everybody meets somebody near, so that one place more or less moves a few pairs, not all that come after it."""
    if turns and places and bit >= 0:
        (low_turns, high_turns), (low_places, high_places) = _halved(turns, bit), _halved(places, bit)
        low, turns, places = _nearest(low_turns, low_places, bit - 1)
        high, more_turns, more_places = _nearest(high_turns, high_places, bit - 1)
        met, turns, places = low + high, [*turns, *more_turns], [*places, *more_places]
    else:
        met = []
    met += [(turn, place) for (_, turn), (_, place) in zip(turns, places, strict=False)]
    number = min(len(turns), len(places))
    return met, turns[number:], places[number:]


def _halved(
    items: Sequence[tuple[int, T]], bit: int
) -> tuple[Sequence[tuple[int, T]], Sequence[tuple[int, T]]]:
    border = bisect_left(items, 1, key=lambda item: item[0] >> bit & 1)
    return items[:border], items[border:]


class _Mending:
    """Hands children round until nobody has one they must not audit, or should not."""

    def __init__(self, task: Task, places: list[Place]) -> None:
        self._places = places
        self._drawn = {place.child.ref for place in places}
        self._patience = 0
        self._of_team: dict[int, list[Child]] = defaultdict(list)
        for child in task.children:
            self._of_team[child.team_id].append(child)

    def mend(self) -> None:
        for may, self._patience in ((Candidate.new_to, _FOR_A_WISH), (Candidate.may_audit, _FOR_A_RULE)):
            for index, place in enumerate(self._places):
                if not self._comes(place.person, place, may):
                    self._hand_round(index, may)

    def _comes(self, person: Candidate, place: Place, may: May) -> bool:
        """Whether this person can have the place, if need be with another child in it."""
        child = self._child_for(person, place, may)
        if child is None:
            return False
        if child is not place.child:
            self._drawn ^= {place.child.ref, child.ref}
        place.person, place.child = person, child
        return True

    def _child_for(self, person: Candidate, place: Place, may: May) -> Child | None:
        """The child in the place, else the first of the same team and stratum who is not drawn."""
        if may(person, place.child):
            return place.child
        self._patience -= 1
        for child in () if place.child.team_id in person.own_teams else self._of_team[place.child.team_id]:
            self._patience -= 1
            if place.cohort in child.cohorts and child.ref not in self._drawn and may(person, child):
                return child
        return None

    def _hand_round(self, start: int, may: May) -> None:
        """Whoever is here goes to another's place, they to a third's, until one may come here: breadth first."""
        came: dict[int, int] = {}
        unseen = [*range(start + 1, len(self._places)), *range(start)]
        queue = [start]
        for at in queue:
            if self._patience <= 0:
                return
            waiting: list[int] = []
            for other in unseen:
                if self._child_for(self._places[at].person, self._places[other], may) is None:
                    waiting.append(other)
                    continue
                came[other] = at
                queue.append(other)
                if self._child_for(self._places[other].person, self._places[start], may) is None:
                    continue
                if self._moved(came, start, other, may):
                    return
            unseen = waiting

    def _moved(self, came: Mapping[int, int], start: int, last: int, may: May) -> bool:
        """All go on by one place; or nobody, where two would need the same other child."""
        ring = [last]
        while ring[-1] != start:
            ring.append(came[ring[-1]])
        places = [self._places[index] for index in ring]
        before = [(place.person, place.child) for place in places]
        coming = [*(person for person, _ in before[1:]), before[0][0]]
        if all(self._comes(person, place, may) for person, place in zip(coming, places, strict=True)):
            return True
        for place, (person, child) in zip(places, before, strict=True):
            self._drawn.discard(place.child.ref)
            place.person, place.child = person, child
        self._drawn |= {child.ref for _, child in before}
        return False
