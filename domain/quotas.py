"""How many: what each auditor gets, and what each team gives for each stratum, before any child is named.

A flow from auditors through teams to strata. It is filled in steps, each of which allows more than the one before:
what the earlier ones reached at the source and the sink is kept, so the order of the steps is the order of the goals.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from domain.chance import LOTS, lot
from domain.draw_parts import Candidate, Task
from domain.matching import UNBOUNDED, Edge, Network, Node, even_out, level
from domain.people import PersonId

_AUDITORS, _CHILDREN = 0, 1
_ASKING, _GIVING, _ALL = frozenset({_AUDITORS}), frozenset({_CHILDREN}), frozenset({_AUDITORS, _CHILDREN})


@dataclass(frozen=True, slots=True)
class Quotas:
    loads: Mapping[PersonId, int]
    places: Mapping[tuple[int, str], int]
    """Numbers of children by team and stratum."""

    @property
    def size(self) -> int:
        return sum(self.places.values())


def quotas(task: Task) -> Quotas:
    """The greatest number that teams, strata and spares allow; then strata, loads and teams as even as they can be.

    Caseloads are not looked at here: who gets which child is settled when the children are named."""
    flow = _Flow(task)
    flow.fill()
    flow.even_loads()
    flow.even_teams()
    return Quotas(flow.loads(), flow.places())


class _Flow:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._net = Network()
        sizes = Counter(child.team_id for child in task.children)
        teams = sorted(sizes, key=lambda team: (lot(task.seed, "team", team), team))
        self._sizes = {team: min(sizes[team], max(0, task.room[team])) for team in teams}
        self._doors = {team: self._team() for team in teams}
        self._groups = self._people(teams)
        self._strata = {name: self._net.node(_CHILDREN) for name in sorted(task.most)}
        self._sinks = {name: self._net.edge(node, Network.SINK) for name, node in self._strata.items()}
        self._taken = self._children()

    def _team(self) -> tuple[Node, Node, Edge]:
        way_in, way_out = self._net.node(_AUDITORS), self._net.node(_CHILDREN)
        return way_in, way_out, self._net.edge(way_in, way_out)

    def _people(self, teams: list[int]) -> dict[Node, tuple[Edge, list[Candidate]]]:
        """Those with the same own teams go together. They reach all other teams through a tree over the teams, so that
        thousands of auditors and teams do not need a line for every two."""
        together: dict[frozenset[int], list[Candidate]] = defaultdict(list)
        place = {team: index for index, team in enumerate(teams)}
        for person in self._task.people:
            if person.spare > 0:
                together[person.own_teams.intersection(place)].append(person)
        groups = {self._net.node(_AUDITORS): (own, people) for own, people in together.items()}
        tree = self._tree([self._doors[team][0] for team in teams])
        for group, (own, _) in groups.items():
            closed = sorted(place[team] for team in own)
            for branch in _branches(tree, (0, len(teams)), closed):
                self._net.edge(group, branch, UNBOUNDED)
        return {
            group: (self._net.edge(Network.SOURCE, group), people) for group, (_, people) in groups.items()
        }

    def _tree(self, leaves: list[Node]) -> dict[tuple[int, int], Node]:
        """A node for every half of a half of the leaves."""
        tree: dict[tuple[int, int], Node] = {(index, index + 1): leaf for index, leaf in enumerate(leaves)}

        def grow(low: int, high: int) -> Node:
            if (low, high) not in tree:
                tree[low, high] = self._net.node(_AUDITORS)
                for half in _halves(low, high):
                    self._net.edge(tree[low, high], grow(*half), UNBOUNDED)
            return tree[low, high]

        if leaves:
            grow(0, len(leaves))
        return tree

    def _children(self) -> dict[tuple[int, str], list[Edge]]:
        """Children of a team with the same cohorts go together; twice as many come first twice as often."""
        seed = self._task.seed
        alike = Counter((child.team_id, tuple(sorted(child.cohorts))) for child in self._task.children)
        turns = {kind: -log((lot(seed, "alike", kind) + 1) / LOTS) / size for kind, size in alike.items()}
        taken: dict[tuple[int, str], list[Edge]] = defaultdict(list)
        for team, cohorts in sorted(alike, key=lambda kind: (turns[kind], kind)):
            size = alike[team, cohorts]
            node = self._net.node(_CHILDREN)
            self._net.edge(self._doors[team][1], node, size)
            for name in sorted(cohorts, key=lambda name: (lot(seed, f"team {team}", name), name)):
                taken[team, name].append(self._net.edge(node, self._strata[name], size))
        return taken

    def fill(self) -> None:
        spares = {person.person_id: max(0, person.spare) for person in self._task.people}
        high = level(spares.values(), self._task.wanted)
        ideal = _dealt(spares, high, self._task.wanted)
        q = level(self._sizes.values(), self._task.wanted)
        sent = 0
        for load, team, aims in (
            (ideal, q - 1, self._task.aims),
            (ideal, q, self._task.aims),
            ({person: min(high, spare) for person, spare in spares.items()}, q, self._task.aims),
            ({person: min(high, spare) for person, spare in spares.items()}, UNBOUNDED, self._task.aims),
            (spares, UNBOUNDED, self._task.aims),
            (spares, UNBOUNDED, self._task.most),
        ):
            sent += self._net.push(self._widen(load, team, aims) - sent)
        self._widen(spares, UNBOUNDED, self._task.most)

    def _widen(self, loads: Mapping[PersonId, int], team: int, strata: Mapping[str, int]) -> int:
        """Opens the edges so far; the most that can flow then, at a glance."""
        rooms = (
            {
                edge: sum(loads[person.person_id] for person in people)
                for edge, people in self._groups.values()
            },
            {door[2]: min(max(0, team), self._sizes[name]) for name, door in self._doors.items()},
            {self._sinks[name]: max(0, number) for name, number in strata.items()},
        )
        for edge, room in (item for edges in rooms for item in edges.items()):
            self._net.widen(edge, room)
        return min(self._task.wanted, *(sum(edges.values()) for edges in rooms))

    def even_loads(self) -> None:
        def height(group: Node) -> int:
            edge, people = self._groups[group]
            return level((person.spare for person in people), self._net.flow(edge))

        def next_height(group: Node) -> int:
            edge, people = self._groups[group]
            full = self._net.flow(edge) >= sum(person.spare for person in people)
            return UNBOUNDED if full else level((person.spare for person in people), self._net.flow(edge) + 1)

        even_out(list(self._groups), height, next_height, self._move_load)

    def _move_load(self, low: Node, may_give: Callable[[int], bool]) -> bool:
        way = self._net.reached(low, _ALL)
        giver = next((node for node in way if node in self._groups and may_give(node)), None)
        if giver is None:
            return False
        self._net.shift(self._net.walk(way, giver))
        self._net.shift([self._groups[low][0], self._groups[giver][0] ^ 1])
        return True

    def even_teams(self) -> None:
        def height(team: int) -> int:
            return self._net.flow(self._doors[team][2])

        def next_height(team: int) -> int:
            return UNBOUNDED if height(team) >= self._sizes[team] else height(team) + 1

        even_out(list(self._doors), height, next_height, self._move_team)

    def _move_team(self, low: int, may_give: Callable[[int], bool]) -> bool:
        """One more child of this team, one fewer of another: the strata and everybody's load stay as they are."""
        way_in, way_out, door = self._doors[low]
        giving = self._net.reached(way_out, _GIVING)
        givers = [team for team, doors in self._doors.items() if doors[1] in giving and may_give(team)]
        asking = self._net.reached(way_in, _ASKING, backwards=True) if givers else {}
        for team in sorted(givers, key=lambda team: -self._net.flow(self._doors[team][2])):
            other_in, other_out, other = self._doors[team]
            if other_in in asking:
                self._net.shift(self._net.walk(giving, other_out))
                self._net.shift(self._net.walk(asking, other_in, backwards=True))
                self._net.shift([door, other ^ 1])
                return True
        return False

    def loads(self) -> dict[PersonId, int]:
        found: dict[PersonId, int] = {}
        for edge, people in self._groups.values():
            spares = {person.person_id: person.spare for person in people}
            found |= _dealt(spares, level(spares.values(), self._net.flow(edge)), self._net.flow(edge))
        return found

    def places(self) -> dict[tuple[int, str], int]:
        numbers = {place: sum(self._net.flow(edge) for edge in edges) for place, edges in self._taken.items()}
        return {place: number for place, number in numbers.items() if number}


def _dealt(spares: Mapping[PersonId, int], high: int, wanted: int) -> dict[PersonId, int]:
    """As evenly as the spares allow; those who come first have the one more."""
    loads = {person: min(spare, high - 1) if high else 0 for person, spare in spares.items()}
    left = wanted - sum(loads.values())
    for person, spare in spares.items():
        if left > 0 and spare >= high > 0:
            loads[person] += 1
            left -= 1
    return loads


def _halves(low: int, high: int) -> Iterable[tuple[int, int]]:
    return (low, (low + high) // 2), ((low + high) // 2, high)


def _branches(
    tree: Mapping[tuple[int, int], Node], stretch: tuple[int, int], closed: list[int]
) -> Iterator[Node]:
    """The fewest nodes of the tree that hold every place but the closed ones."""
    low, high = stretch
    if bisect_left(closed, low) == bisect_left(closed, high):
        if low < high:
            yield tree[low, high]
    elif high - low > 1:
        for half in _halves(low, high):
            yield from _branches(tree, half, closed)
