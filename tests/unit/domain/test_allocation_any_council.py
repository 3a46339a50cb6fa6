"""Whatever the council: no rule of the draw is ever broken, no auditor is left out who could be served, and nobody
can steer who gets whom (domain, section 3.3)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.allocation import Candidate, Child, Draw, Options, draw

COHORTS = ("a", "b", "c")
councils = st.integers(0, 2**48)


@dataclass(frozen=True)
class Council:
    auditors: list[Candidate]
    children: list[Child]
    options: Options

    def drawn(self) -> Draw:
        return draw(self.auditors, self.children, self.options)

    @property
    def strata(self) -> tuple[str, ...]:
        return self.options.cohorts or tuple(cohort for cohort, _ in self.options.per_cohort)

    def most_for(self, auditor: Candidate) -> int:
        return auditor.spare if self.options.total is not None else min(1, auditor.spare)

    def may(self, auditor: Candidate, child: Child) -> bool:
        return child.team_id not in auditor.own_teams and child.social_worker_id != auditor.person_id


def a_council(number: int, most_auditors: int = 5, most_children: int = 6, most_teams: int = 3) -> Council:
    """Councils where everything is tight: auditors who answer for most teams, caseloads in any team, numbers that
    contradict each other."""
    chance = Random(number)
    teams = range(chance.randint(1, most_teams))
    cohorts = COHORTS[: chance.randint(0, 3)]
    children = [
        Child(
            f"C{ref}",
            chance.choice(teams),
            chance.choice([None, chance.randrange(most_auditors), chance.randrange(2)]),
            frozenset(chance.sample(cohorts, chance.randint(0, min(2, len(cohorts))))),
        )
        for ref in range(chance.randint(0, most_children))
    ]
    refs = [child.ref for child in children]
    auditors = [
        Candidate(
            person_id,
            frozenset(chance.sample(teams, chance.choice([0, 0, 1, min(2, len(teams))]))),
            frozenset(chance.sample(refs, chance.randint(0, min(2, len(refs))))),
            chance.choice([0, 1, 1, 1, 2, 3]),
        )
        for person_id in range(chance.randint(0, most_auditors))
    ]
    return Council(auditors, children, some_options(chance, cohorts, most_children))


def some_options(chance: Random, cohorts: tuple[str, ...], most: int) -> Options:
    numbers = [(cohort, chance.randint(0, 1 + most // 2)) for cohort in cohorts if chance.random() < 0.3]
    return Options(
        seed=str(chance.random()),
        total=chance.choice([None, None, chance.randint(0, most)]),
        per_cohort=tuple(numbers),
        cohorts=tuple(cohort for cohort in cohorts if chance.random() < 0.4),
        per_team=chance.choice([None, 1, 1, 2]),
    )


def possible(council: Council) -> set[tuple[tuple[int, int, str], ...]]:
    """Every draw that breaks no rule, by brute force: the person, team and stratum of each pair."""
    numbers = dict(council.options.per_cohort)
    total = len(council.children) if council.options.total is None else council.options.total
    per_team = total if council.options.per_team is None else council.options.per_team
    draws: set[tuple[tuple[int, int, str], ...]] = {()}
    for child in council.children:
        names = [name for name in council.strata if name in child.cohorts] if council.strata else [""]
        for drawn in list(draws):
            if len(drawn) >= total or sum(pair[1] == child.team_id for pair in drawn) >= per_team:
                continue
            people = [
                auditor.person_id
                for auditor in council.auditors
                if council.may(auditor, child)
                and sum(pair[0] == auditor.person_id for pair in drawn) < council.most_for(auditor)
            ]
            open_names = [
                name for name in names if sum(pair[2] == name for pair in drawn) < numbers.get(name, total)
            ]
            draws |= {
                tuple(sorted([*drawn, (person, child.team_id, name)]))
                for person in people
                for name in open_names
            }
    return draws


@settings(max_examples=400, deadline=None)
@given(councils)
def test_no_rule_is_ever_broken(number: int):
    council = a_council(number, most_auditors=12, most_children=30, most_teams=6)

    drawn = council.drawn()

    people = {auditor.person_id: auditor for auditor in council.auditors}
    children = {child.ref: child for child in council.children}
    assert len({pair.child_ref for pair in drawn.pairs}) == len(drawn.pairs)
    assert all(council.may(people[pair.person_id], children[pair.child_ref]) for pair in drawn.pairs)
    for pair in drawn.pairs:
        assert pair.cohort in (children[pair.child_ref].cohorts if council.strata else {""})
        assert not council.strata or pair.cohort in council.strata
    loads = Counter(pair.person_id for pair in drawn.pairs)
    assert all(load <= council.most_for(people[person]) for person, load in loads.items())
    strata = Counter(pair.cohort for pair in drawn.pairs)
    assert all(strata[cohort] <= number for cohort, number in council.options.per_cohort)
    teams = Counter(children[pair.child_ref].team_id for pair in drawn.pairs)
    assert council.options.per_team is None or max(teams.values(), default=0) <= council.options.per_team
    assert council.options.total is None or len(drawn.pairs) <= council.options.total


@settings(max_examples=500, deadline=None)
@given(councils)
def test_no_draw_could_be_larger(number: int):
    council = a_council(number)

    assert len(council.drawn().pairs) == max(map(len, possible(council)))


@settings(max_examples=500, deadline=None)
@given(councils)
def test_no_draw_as_large_could_share_the_work_more_evenly(number: int):
    council = a_council(number)
    children = [replace(child, social_worker_id=None) for child in council.children]
    council = replace(council, children=children, options=replace(council.options, cohorts=(), per_cohort=()))

    drawn = council.drawn()

    loads = unevenness(pair.person_id for pair in drawn.pairs)
    largest = [other for other in possible(council) if len(other) == len(drawn.pairs)]
    assert loads == min(unevenness(pair[0] for pair in other) for other in largest)
    team = {child.ref: child.team_id for child in children}
    as_even = [other for other in largest if unevenness(pair[0] for pair in other) == loads]
    teams = unevenness(team[pair.child_ref] for pair in drawn.pairs)
    assert teams == min(unevenness(pair[1] for pair in other) for other in as_even)


def unevenness(things: Iterable[int]) -> int:
    return sum(number * number for number in Counter(things).values())


@settings(max_examples=100, deadline=None)
@given(councils, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(number: int, chance: Random):
    council = a_council(number, most_auditors=10, most_children=30, most_teams=6)
    shuffled = replace(
        council,
        auditors=chance.sample(council.auditors, len(council.auditors)),
        children=chance.sample(council.children, len(council.children)),
    )

    assert shuffled.drawn() == council.drawn()


@settings(max_examples=50, deadline=None)
@given(councils)
def test_another_seed_is_another_draw_where_there_is_a_choice(number: int):
    chance = Random(number)
    auditors = [Candidate(person, frozenset({person % 5})) for person in range(20)]
    children = [Child(f"C{ref}", ref % 5, None, frozenset()) for ref in range(chance.randint(40, 90))]
    seeds = chance.sample(range(10**6), 2)

    one, other = (draw(auditors, children, Options(str(seed))) for seed in seeds)

    assert len(one.pairs) == len(other.pairs) == 20
    assert one.pairs != other.pairs


@settings(max_examples=300, deadline=None)
@given(councils)
def test_no_child_could_be_exchanged_to_ask_teams_more_evenly(number: int):
    council = a_council(number, most_auditors=12, most_children=30, most_teams=6)
    council = replace(council, children=[replace(child, social_worker_id=None) for child in council.children])
    drawn = council.drawn()
    people = {auditor.person_id: auditor for auditor in council.auditors}
    children = {child.ref: child for child in council.children}
    teams = Counter(children[pair.child_ref].team_id for pair in drawn.pairs)
    idle = [child for child in council.children if child.ref not in {pair.child_ref for pair in drawn.pairs}]

    for pair in drawn.pairs:
        asked = teams[children[pair.child_ref].team_id]
        instead = [
            child
            for child in idle
            if council.may(people[pair.person_id], child)
            and (not council.strata or pair.cohort in child.cohorts)
        ]
        assert all(teams[child.team_id] >= asked - 1 for child in instead)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(2, 8), st.integers(0, 10**6))
def test_where_nothing_stands_in_the_way_loads_and_teams_are_within_one(
    auditors: int, total: int, teams: int, seed: int
):
    there = [Child(f"C{ref}", ref % teams, None, frozenset()) for ref in range(60)]
    people = [Candidate(person, frozenset(), spare=total) for person in range(auditors)]

    drawn = draw(people, there, Options(str(seed), total=total))

    asked = dict.fromkeys(range(teams), 0)
    loads = dict.fromkeys(range(auditors), 0)
    for pair in drawn.pairs:
        loads[pair.person_id] += 1
        asked[int(pair.child_ref[1:]) % teams] += 1
    assert len(drawn.pairs) == total
    assert max(loads.values()) - min(loads.values()) <= 1
    assert max(asked.values()) - min(asked.values()) <= 1


@settings(max_examples=60, deadline=None)
@given(councils)
def test_a_child_left_out_never_appears_and_costs_at_most_one_pair(number: int):
    council = a_council(number, most_auditors=8, most_children=24, most_teams=5)
    council = replace(council, options=replace(council.options, cohorts=(), per_cohort=()))
    drawn = {pair.child_ref for pair in council.drawn().pairs}

    for child in council.children:
        without = replace(council, children=[other for other in council.children if other is not child])
        again = {pair.child_ref for pair in without.drawn().pairs}

        assert child.ref not in again
        assert len(drawn) - 1 <= len(again) <= len(drawn)
