"""The monthly draw: which auditor gets which child (domain, section 3.3).

Children that are closed, excluded with a reason or audited in the look-back are left out before: here every child is
eligible. No rule is ever broken for the sake of a number; what could not be met is said in `Draw.unmet`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice

from domain.chance import lot
from domain.draw_parts import Candidate, Child, Pair, Task
from domain.pairing import May, Place, paired
from domain.quotas import quotas

__all__ = ["Candidate", "Child", "Draw", "Options", "Pair", "Rule", "Unmet", "draw"]


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
    """The draw for these auditors, children and seed, whatever order they come in.

    In this order: as many pairs as the rules allow; the cohorts' numbers; even loads; teams asked evenly; nobody gets a
    child they audited before. ValueError where a person or a child stands twice."""
    if len({person.person_id for person in auditors}) < len(auditors):
        raise ValueError("an auditor stands twice")
    if len({child.ref for child in children}) < len(children):
        raise ValueError("a child stands twice")
    task = _task(auditors, children, options)
    pairs = sorted(_best(task), key=lambda pair: (pair.person_id, pair.child_ref))
    return Draw(tuple(pairs), tuple(_unmet(task, pairs, options)), options)


def _task(auditors: Sequence[Candidate], children: Sequence[Child], options: Options) -> Task:
    numbers = dict(options.per_cohort)
    strata = sorted(set(options.cohorts or numbers or ("",)))
    people = (
        auditors
        if options.total is not None
        else [replace(person, spare=min(person.spare, 1)) for person in auditors]
    )
    kept = _in_strata(children, None if strata == [""] else frozenset(strata))
    sizes = Counter(cohort for child in kept for cohort in child.cohorts)
    most = {cohort: min(numbers.get(cohort, sizes[cohort]), sizes[cohort]) for cohort in strata}
    spare = sum(max(0, person.spare) for person in people)
    wanted = min(spare, spare if options.total is None else options.total)
    return Task(
        options.seed,
        tuple(
            sorted(
                people, key=lambda person: (lot(options.seed, "auditor", person.person_id), person.person_id)
            )
        ),
        tuple(sorted(kept, key=lambda child: (lot(options.seed, "child", child.ref), child.ref))),
        wanted,
        _aims(most, frozenset(numbers), wanted, options.seed),
        most,
        dict.fromkeys(
            {child.team_id for child in kept}, len(kept) if options.per_team is None else options.per_team
        ),
    )


def _in_strata(children: Iterable[Child], strata: frozenset[str] | None) -> list[Child]:
    """Children of these strata, with no other cohorts; without strata everybody is in the one called ""."""
    if strata is None:
        return [replace(child, cohorts=frozenset({""})) for child in children]
    return [
        replace(child, cohorts=child.cohorts & strata)
        for child in children
        if not child.cohorts.isdisjoint(strata)
    ]


def _aims(most: Mapping[str, int], numbered: frozenset[str], wanted: int, seed: str) -> dict[str, int]:
    """What each stratum should give: its number, and the rest in proportion; all in proportion if it is too much."""
    asked = {cohort: number for cohort, number in most.items() if cohort in numbered}
    open_ones = {cohort: number for cohort, number in most.items() if cohort not in numbered}
    aims = _shares(asked, wanted, seed)
    return aims | _shares(open_ones, wanted - sum(aims.values()), seed)


def _shares(sizes: Mapping[str, int], wanted: int, seed: str) -> dict[str, int]:
    """In proportion, by the largest remainder; equal remainders by lot."""
    all_in_all = sum(sizes.values())
    if wanted >= all_in_all:
        return dict(sizes)
    shares = {cohort: size * wanted // all_in_all for cohort, size in sizes.items()}
    ranked = sorted(
        sizes, key=lambda cohort: (-(sizes[cohort] * wanted % all_in_all), lot(seed, "cohort", cohort))
    )
    for cohort in ranked[: wanted - sum(shares.values())]:
        shares[cohort] += 1
    return shares


_ATTEMPTS = 300


def _best(task: Task) -> list[Pair]:
    """The largest draw; one in which nobody gets a child they audited before, where it is as good otherwise."""
    people = {person.person_id: person for person in task.people}
    found = _largest(task, Candidate.may_audit)
    if all(pair.child_ref not in people[pair.person_id].audited_before for pair in found):
        return found
    new = _largest(task, Candidate.new_to)
    return new if _worth(task, new) >= _worth(task, found) else found


def _worth(task: Task, pairs: Sequence[Pair]) -> tuple[int, int, int, int]:
    """Number of pairs, nearness to the strata's aims, evenness of loads and of teams: more is better."""
    team = {child.ref: child.team_id for child in task.children}
    strata = Counter(pair.cohort for pair in pairs)
    loads = Counter(pair.person_id for pair in pairs)
    teams = Counter(team[pair.child_ref] for pair in pairs)
    return (
        len(pairs),
        sum(min(number, strata[cohort]) for cohort, number in task.aims.items()),
        -sum(load * load for load in loads.values()),
        -sum(number * number for number in teams.values()),
    )


def _largest(task: Task, may: May) -> list[Pair]:
    """Almost always the first attempt. Where caseloads leave no way to hand children round, every way to serve one of
    those concerned is tried while it could give more pairs; a bound that no real council comes near keeps it short."""
    best: list[Pair] = []
    ways: list[tuple[Callable[[], Task], list[Pair]]] = [(lambda: task, [])]
    ceiling = task.wanted
    for attempt in range(max(4, min(_ATTEMPTS, 20_000 // (1 + len(task.children) + len(task.people))))):
        if not ways or (attempt and len(best) >= ceiling):
            break
        way, settled = ways.pop()
        now = way()
        wanted = quotas(now)
        ceiling = ceiling if attempt else wanted.size
        if attempt and len(settled) + wanted.size <= len(best):
            continue
        places = paired(now, wanted)
        good = [place.pair for place in places if may(place.person, place.child)]
        best = max(best, settled + good, key=len)
        for place in [place for place in places if not may(place.person, place.child)][:1]:
            ways += [(way, settled + pairs) for way, pairs in _ways(now, place, may)]
    return best


def _ways(task: Task, place: Place, may: May) -> list[tuple[Callable[[], Task], list[Pair]]]:
    """All that can be done about a place that its person must not have; the last is the first to try. They get a
    certain child, or none: of that team, or, where it is their own and so not the cause, of any."""
    person, team = place.person, place.child.team_id
    own = team in person.own_teams
    pairs = (
        Pair(person.person_id, child.ref, cohort)
        for child in task.children
        if (own or child.team_id == team) and may(person, child) and task.room[child.team_id] > 0
        for cohort in sorted(child.cohorts)
        if task.most[cohort] > 0
    )
    certain = [(partial(task.after, pair), [pair]) for pair in islice(pairs, _ATTEMPTS)]
    if own:
        return [(partial(task.without, person.person_id), []), *certain]
    return [*certain, (partial(task.without_team, person.person_id, team), [])]


def _unmet(task: Task, pairs: Sequence[Pair], options: Options) -> Iterator[Unmet]:
    people = {person.person_id: person for person in task.people if person.spare > 0}
    asked = len(people) if options.total is None else options.total
    without = sorted(people.keys() - {pair.person_id for pair in pairs})
    if options.total is not None and len(pairs) < options.total:
        yield _told(Rule.TOTAL_SHORT, wanted=options.total, got=len(pairs))
    if without and asked >= len(people):
        yield _told(Rule.NO_CHILD, count=len(without), people=",".join(map(str, without)))
    yield from _cohorts_short(task, pairs, options)
    if options.per_team is not None and len(pairs) < asked:
        yield from _teams_short(task, pairs, options.per_team)
    for pair in pairs:
        if pair.child_ref in people[pair.person_id].audited_before:
            yield _told(Rule.AUDITED_BEFORE, person=pair.person_id, child=pair.child_ref)


def _cohorts_short(task: Task, pairs: Sequence[Pair], options: Options) -> Iterator[Unmet]:
    got = Counter(pair.cohort for pair in pairs)
    sizes = Counter(cohort for child in task.children for cohort in child.cohorts)
    for cohort, number in options.per_cohort:
        if got[cohort] < number:
            yield _told(
                Rule.COHORT_SHORT, cohort=cohort, wanted=number, got=got[cohort], eligible=sizes[cohort]
            )


def _teams_short(task: Task, pairs: Sequence[Pair], per_team: int) -> Iterator[Unmet]:
    team = {child.ref: child.team_id for child in task.children}
    got = Counter(team[pair.child_ref] for pair in pairs)
    for team_id, eligible in sorted(Counter(team.values()).items()):
        if got[team_id] < per_team:
            yield _told(Rule.TEAM_SHORT, team=team_id, wanted=per_team, got=got[team_id], eligible=eligible)


def _told(rule: Rule, **facts: object) -> Unmet:
    return Unmet(rule, {name: str(fact) for name, fact in facts.items()})
