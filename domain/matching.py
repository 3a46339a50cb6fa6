"""Flow through a network of whole numbers: as much as fits, and spread evenly. Knows nothing of audits.

Every edge has a twin backwards that holds what flows, so that a later path may take an earlier choice back.
"""

from collections.abc import Callable, Iterable, Sequence

Edge = int
Node = int
UNBOUNDED = 1 << 40


class Network:
    """Nodes 0 (the source) and 1 (the sink) are there from the start. A node's zone limits searches.

    What comes to a path first is taken first: the order in which edges were made decides among equals.
    """

    SOURCE = 0
    SINK = 1

    def __init__(self) -> None:
        self.zones: list[int] = [-1, -1]
        self._edges: list[list[Edge]] = [[], []]
        self._heads: list[Node] = []
        self._room: list[int] = []
        self._in_order = True

    def node(self, zone: int) -> Node:
        self.zones.append(zone)
        self._edges.append([])
        return len(self.zones) - 1

    def edge(self, tail: Node, head: Node, room: int = 0) -> Edge:
        edge = len(self._heads)
        self._heads += (head, tail)
        self._room += (room, 0)
        self._edges[tail].append(edge)
        self._edges[head].append(edge + 1)
        self._in_order = False
        return edge

    def flow(self, edge: Edge) -> int:
        return self._room[edge ^ 1]

    def widen(self, edge: Edge, room: int) -> None:
        """Lets so much through in all. What flows already stays."""
        self._room[edge] = max(0, room - self.flow(edge))

    def push(self, most: int) -> int:
        """Sends up to `most` units more from the source to the sink, and says how many went.

        When fewer went, no more fit. What left the source or reached the sink on an edge before is never taken back.
        """
        if (
            not self._in_order
        ):  # onwards before backwards: earlier choices are taken back only where they must
            for edges in self._edges:
                edges.sort(key=lambda edge: edge & 1)
            self._in_order = True
        sent = 0
        while sent < most:
            round_sent = self._round(most - sent)
            if not round_sent:
                break
            sent += round_sent
        return sent

    def _round(self, most: int) -> int:
        """Path after path, depth first; a node that led nowhere is left alone until the next round."""
        tried = [0] * len(self._edges)
        closed = bytearray(len(self._edges))
        sent = 0
        while sent < most:
            path = self._path(tried, closed)
            if not path:
                break
            amount = min(most - sent, *(self._room[edge] for edge in path))
            self.shift(path, amount)
            sent += amount
        return sent

    def _path(self, tried: list[int], closed: bytearray) -> list[Edge]:
        path: list[Edge] = []
        at = self.SOURCE
        closed[at] = 1
        while at != self.SINK:
            edges = self._edges[at]
            index = tried[at]
            while index < len(edges) and (not self._room[edges[index]] or closed[self._heads[edges[index]]]):
                index += 1
            tried[at] = index
            if index < len(edges):
                path.append(edges[index])
            elif path:
                path.pop()
            else:
                return []
            at = self._heads[path[-1]] if path else self.SOURCE
            closed[at] = 1
        for edge in path:
            closed[self._heads[edge]] = 0
        return path

    def shift(self, path: Iterable[Edge], amount: int = 1) -> None:
        for edge in path:
            self._room[edge] -= amount
            self._room[edge ^ 1] += amount

    def reached(self, start: Node, zones: frozenset[int], *, backwards: bool = False) -> dict[Node, Edge]:
        """The nodes of these zones with a path from `start` that has room (`backwards`: a path to it); the last edge
        of the path to each (backwards: the first)."""
        way: dict[Node, Edge] = {start: -1}
        queue = [start]
        for at in queue:
            for edge in self._edges[at]:
                head = self._heads[edge]
                free = self._room[edge ^ 1] if backwards else self._room[edge]
                if free and head not in way and self.zones[head] in zones:
                    way[head] = edge ^ 1 if backwards else edge
                    queue.append(head)
        return way

    def walk(self, way: dict[Node, Edge], end: Node, *, backwards: bool = False) -> list[Edge]:
        """The edges between `end` and the start of a search."""
        edges: list[Edge] = []
        while way[end] >= 0:
            edges.append(way[end])
            end = self._heads[way[end]] if backwards else self._heads[way[end] ^ 1]
        return edges


def level(sizes: Iterable[int], wanted: int) -> int:
    """The lowest height at which vessels of these sizes hold `wanted` together; the largest size if they never do."""
    sizes = list(sizes)
    low, high = 0, max(sizes, default=0)
    while low < high:
        middle = (low + high) // 2
        if sum(min(size, middle) for size in sizes) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def even_out(
    things: Sequence[int],
    height: Callable[[int], int],
    next_height: Callable[[int], int],
    move: Callable[[int, Callable[[int], bool]], bool],
) -> None:
    """Moves single units from higher things to lower ones until no move evens out any two that differ by more than
    one. `move(low, may_give)` moves a unit to `low` from any thing of which `may_give` is true, if it can."""
    moved = True
    while moved:
        moved = False
        highest = max((height(thing) for thing in things), default=0)
        for low in sorted(things, key=next_height):
            if next_height(low) >= highest:
                break
            while move(low, lambda thing, low=low: height(thing) > next_height(low)):
                moved = True
