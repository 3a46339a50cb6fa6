"""The moderation sample: enough, of the right grades, and fairly shared (domain, section 3.7)."""

from collections import Counter
from dataclasses import replace
from math import ceil
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audits import Grade
from domain.moderation import Moderator, Returned, Rule, Sample, SampleRules, Unmet, may_moderate, sample

GOOD, OUTSTANDING, POOR, NA = Grade.GOOD, Grade.OUTSTANDING, Grade.INADEQUATE, Grade.NOT_GRADED
RI = Grade.REQUIRES_IMPROVEMENT
NORTH, EAST = 1, 2


def returns(**numbers: int) -> list[Returned]:
    """So many of each grade, by auditors 101, 102 ... of the north team."""
    grades = [Grade[name] for name, number in numbers.items() for _ in range(number)]
    return [Returned(f"A-{index}", grade, NORTH, 100 + index) for index, grade in enumerate(grades, 1)]


def a_moderator(number: int, *own_teams: int, load: int = 0) -> Moderator:
    return Moderator(number, frozenset(own_teams), load)


def grades(drawn: Sample, returned: list[Returned]) -> Counter[Grade]:
    by_ref = {audit.ref: audit.grade for audit in returned}
    return Counter(by_ref[each.ref] for each in drawn.assigned)


def loads(drawn: Sample, moderators: list[Moderator]) -> list[int]:
    new = Counter(each.moderator_id for each in drawn.assigned)
    return sorted(person.load + new[person.person_id] for person in moderators)


def after(returned: list[Returned], drawn: Sample) -> list[Returned]:
    given_to = {each.ref: each.moderator_id for each in drawn.assigned}
    return [replace(audit, moderator_id=given_to.get(audit.ref, audit.moderator_id)) for audit in returned]


def test_a_quarter_is_moderated_rounded_up():
    assert sample(returns(GOOD=41), [a_moderator(1)], SampleRules(), "s").wanted == 11


def test_outstanding_and_good_go_first_then_a_few_that_require_improvement():
    returned = returns(OUTSTANDING=3, GOOD=10, REQUIRES_IMPROVEMENT=20, INADEQUATE=5, NOT_GRADED=2)

    drawn = sample(returned, [a_moderator(1)], SampleRules(), "s")

    taken = grades(drawn, returned)
    assert taken[RI] == 2
    assert taken[OUTSTANDING] + taken[GOOD] == 8
    assert drawn.unmet == ()


def test_good_and_outstanding_are_one_class_mixed_in_proportion():
    """Neither grade is emptied before the other has its turn, whatever the seed; and chance says where it is uneven."""
    returned = returns(OUTSTANDING=10, GOOD=30)

    seen = [grades(sample(returned, [a_moderator(1)], SampleRules(), f"s{n}"), returned) for n in range(30)]

    assert all(taken[OUTSTANDING] + taken[GOOD] == 10 for taken in seen)
    assert {taken[OUTSTANDING] for taken in seen} <= {2, 3}, "a quarter of ten"
    assert len({taken[OUTSTANDING] for taken in seen}) == 2


def test_a_small_sample_is_not_of_one_grade_only():
    returned = returns(GOOD=6, REQUIRES_IMPROVEMENT=2)

    assert grades(sample(returned, [a_moderator(1)], SampleRules(), "s"), returned) == {GOOD: 1, RI: 1}


def test_a_single_one_is_of_the_first_grade():
    returned = returns(GOOD=1, REQUIRES_IMPROVEMENT=3)

    assert grades(sample(returned, [a_moderator(1)], SampleRules(), "s"), returned) == {GOOD: 1}


def test_where_few_are_good_the_rest_fill_the_share():
    returned = returns(GOOD=1, REQUIRES_IMPROVEMENT=2, INADEQUATE=3, NOT_GRADED=2)

    drawn = sample(returned, [a_moderator(1)], SampleRules(share_percent=75), "s")

    assert grades(drawn, returned) == {GOOD: 1, RI: 2, POOR: 3}


def test_a_grade_that_is_always_moderated_goes_beyond_the_share():
    returned = returns(GOOD=4, INADEQUATE=4)

    drawn = sample(returned, [a_moderator(1)], SampleRules(every=frozenset({POOR})), "s")

    assert grades(drawn, returned) == {POOR: 4}
    assert drawn.wanted == 4


def test_a_council_that_moderates_all_moderates_all():
    returned = returns(GOOD=3, REQUIRES_IMPROVEMENT=3, NOT_GRADED=3)

    drawn = sample(returned, [a_moderator(1), a_moderator(2)], SampleRules(share_percent=100), "s")

    assert grades(drawn, returned) == {GOOD: 3, RI: 3, NA: 3}


def test_the_shortest_pile_grows_first():
    moderators = [a_moderator(1, load=4), a_moderator(2), a_moderator(3, load=1)]

    drawn = sample(returns(GOOD=20), moderators, SampleRules(share_percent=20), "s")

    assert loads(drawn, moderators) == [2, 3, 4]


def test_audits_are_handed_on_so_that_somebody_who_may_do_few_still_has_their_part():
    """Only the first may do the north's; each of the others may do all of the rest."""
    moderators = [a_moderator(1), a_moderator(2, NORTH), a_moderator(3, NORTH)]
    east = [Returned(f"B-{index}", GOOD, EAST, 900 + index) for index in range(6)]

    for seed in map(str, range(20)):
        drawn = sample([*returns(GOOD=3), *east], moderators, SampleRules(share_percent=100), seed)

        assert loads(drawn, moderators) == [3, 3, 3]


def test_nobody_moderates_their_own_audit_nor_their_teams():
    returned = [Returned("A-1", GOOD, NORTH, 1), Returned("A-2", GOOD, EAST, 2)]
    moderators = [a_moderator(1, EAST), a_moderator(2, NORTH)]

    drawn = sample(returned, moderators, SampleRules(share_percent=100), "s")

    assert drawn.assigned == ()
    assert drawn.unmet == (
        Unmet(Rule.SHARE_SHORT, {"wanted": "2", "got": "0"}),
        Unmet(Rule.NOBODY_MAY, {"audit": "A-1"}),
        Unmet(Rule.NOBODY_MAY, {"audit": "A-2"}),
    )


def test_an_audit_that_nobody_may_moderate_is_named_and_another_takes_its_place():
    returned = [
        Returned("A-1", OUTSTANDING, NORTH, 9),
        *(Returned(f"B-{n}", GOOD, EAST, 9) for n in range(3)),
    ]

    drawn = sample(returned, [a_moderator(1, NORTH)], SampleRules(), "s")

    assert [each.ref[0] for each in drawn.assigned] == ["B"]
    assert drawn.unmet == (Unmet(Rule.NOBODY_MAY, {"audit": "A-1"}),)


def test_without_moderators_nothing_is_assigned_and_it_is_said():
    drawn = sample(returns(GOOD=8), [], SampleRules(), "s")

    assert drawn.assigned == ()
    assert drawn.unmet == (Unmet(Rule.NO_MODERATORS, {"wanted": "2"}),)


def test_a_month_without_returns_needs_nobody():
    assert sample([], [], SampleRules(), "s") == Sample((), (), 0, 0)


def test_more_returns_top_the_sample_up():
    moderators = [a_moderator(1), a_moderator(2)]
    first = returns(GOOD=12)
    early = sample(first, moderators, SampleRules(), "s")
    later = [*after(first, early), *(replace(audit, ref=f"B{audit.ref}") for audit in returns(GOOD=8))]

    drawn = sample(later, moderators, SampleRules(), "s")

    assert (drawn.wanted, drawn.already) == (5, 3)
    assert len(drawn.assigned) == 2
    assert {each.ref for each in drawn.assigned}.isdisjoint(each.ref for each in early.assigned)


def test_a_few_that_require_improvement_are_enough_when_the_sample_is_topped_up():
    first = [replace(audit, moderator_id=1) for audit in returns(REQUIRES_IMPROVEMENT=2)]
    later = [
        *first,
        *(replace(audit, ref=f"B{audit.ref}") for audit in returns(GOOD=9, REQUIRES_IMPROVEMENT=9)),
    ]

    drawn = sample(later, [a_moderator(1)], SampleRules(), "s")

    assert grades(drawn, later) == {GOOD: 3}


def a_month(number: int) -> tuple[list[Returned], list[Moderator], SampleRules]:
    chance = Random(number)
    teams = range(chance.randint(1, 4))
    moderators = [
        Moderator(
            person,
            frozenset(chance.sample(teams, chance.randint(0, min(2, len(teams))))),
            chance.choice([0, 0, 1, 3]),
        )
        for person in range(chance.randint(0, 5))
    ]
    returned = [
        Returned(
            f"A-{index}",
            chance.choice(list(Grade)),
            chance.choice([None, *teams]),
            chance.choice([None, *range(8)]),
            chance.choice([None, None, None, 77]),
        )
        for index in range(chance.randint(0, 25))
    ]
    every = frozenset(chance.sample(list(Grade), chance.choice([0, 0, 1, 2])))
    return returned, moderators, SampleRules(chance.choice([0, 10, 25, 50, 100]), every=every)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**48))
def test_whatever_the_month_the_rules_hold(number: int):
    returned, moderators, rules = a_month(number)
    audits, people = {audit.ref: audit for audit in returned}, {each.person_id: each for each in moderators}

    drawn = sample(returned, moderators, rules, "s")

    refs = {each.ref for each in drawn.assigned}
    assert len(refs) == len(drawn.assigned)
    for each in drawn.assigned:
        assert audits[each.ref].moderator_id is None
        assert may_moderate(people[each.moderator_id], audits[each.ref])
    waiting = [audit for audit in returned if audit.moderator_id is None]
    able = {audit.ref for audit in waiting if any(may_moderate(person, audit) for person in moderators)}
    assert {audit.ref for audit in waiting if audit.grade in rules.every} & able <= refs
    share = ceil(len(returned) * rules.share_percent / 100)
    assert drawn.already + len(drawn.assigned) >= min(share, drawn.already + len(able))
    assert drawn.wanted >= share
    if moderators:
        named = {unmet.facts["audit"] for unmet in drawn.unmet if unmet.rule is Rule.NOBODY_MAY}
        assert named == {audit.ref for audit in waiting} - able


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**48))
def test_whatever_the_month_no_audit_could_go_to_somebody_with_two_fewer(number: int):
    returned, moderators, rules = a_month(number)
    audits = {audit.ref: audit for audit in returned}

    drawn = sample(returned, moderators, rules, "s")

    new = Counter(each.moderator_id for each in drawn.assigned)
    load = {person.person_id: person.load + new[person.person_id] for person in moderators}
    for each in drawn.assigned:
        able = [person for person in moderators if may_moderate(person, audits[each.ref])]
        assert load[each.moderator_id] <= 1 + min(load[person.person_id] for person in able)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**48), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing_and_a_second_run_adds_nothing(number: int, chance: Random):
    returned, moderators, rules = a_month(number)

    drawn = sample(returned, moderators, rules, "s")

    shuffled = chance.sample(returned, len(returned)), chance.sample(moderators, len(moderators))
    assert sample(*shuffled, rules, "s") == drawn
    assert sample(after(returned, drawn), moderators, rules, "s").assigned == ()


def test_another_seed_is_another_sample():
    moderators = [a_moderator(1), a_moderator(2)]

    samples = {sample(returns(GOOD=40), moderators, SampleRules(), seed).assigned for seed in "abcde"}

    assert len(samples) == 5
