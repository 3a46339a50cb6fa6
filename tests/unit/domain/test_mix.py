"""How many of which cohort, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mix import MOST, read_mix, say_mix
from domain.policy import DEFAULT_COHORTS
from domain.terms import Term, terms

CP, CIN, CIC, CL = "child_protection_plan", "child_in_need", "looked_after", "care_leavers"
FOUR = ((CP, 20), (CIN, 20), (CIC, 15), (CL, 10))


@pytest.mark.parametrize(
    "written",
    [
        "20 child protection plan, 20 child in need, 15 looked after, 10 care leavers",
        "20 cp 20 cin 15 cic 10 cl",
        "20cp, 20cin, 15cic, 10cl",
        "cp:20,cin:20,cic:15,cl:10",
        "cp 20 cin 20 cic 15 cl 10",
        "CP: 20; CIN: 20; LAC: 15; care leavers: 10",
        "20 x child protection, 20 x children in need, 15 children in care and 10 leavers",
        "10 cp 10 cpp\n20 cin & 15 looked-after, 10 care_leavers",
    ],
)
def test_it_is_read_in_many_ways(written: str) -> None:
    found = read_mix(written, DEFAULT_COHORTS)
    assert (found.numbers, found.unknown) == (FOUR, ())


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("20 purple, 5 cin", ("20 purple",)),
        ("lots of cp", ("lots of cp",)),
        ("20", ("20",)),
        ("20 child", ("20 child",)),  # which one?
        (f"{MOST + 1} cp", (f"{MOST + 1} cp",)),
        ("cp cin 20", ("cp cin 20",)),
        ("-5 cp", ("-5 cp",)),
        ("20 cp -5 cin", ("-5 cin",)),
        ("0 cp, 5 cin", ("0 cp",)),
    ],
)
def test_what_is_not_understood_is_said(written: str, unknown: tuple[str, ...]) -> None:
    assert read_mix(written, DEFAULT_COHORTS).unknown == unknown


def test_nothing_is_nothing() -> None:
    assert read_mix("  ", DEFAULT_COHORTS).numbers == ()


def test_another_council_has_other_cohorts() -> None:
    cohorts = terms(
        fostering="Fostering and adoption", edge="Edge conferences", exploited="Exploited children"
    )
    found = read_mix("5 fostering and adoption, 3 edge, 2 ec and 4 exploited", cohorts)
    assert found.numbers == (("fostering", 5), ("edge", 3), ("exploited", 4))
    assert found.unknown == ("2 ec",), "two cohorts begin like that, so it means neither"


@given(
    st.lists(st.tuples(st.sampled_from(DEFAULT_COHORTS), st.integers(1, 500)), unique_by=lambda x: x[0].code)
)
def test_what_is_shown_can_be_read_again(wanted: list[tuple[Term, int]]) -> None:
    numbers = tuple((term.code, number) for term, number in wanted)
    assert read_mix(say_mix(numbers, DEFAULT_COHORTS), DEFAULT_COHORTS).numbers == numbers


@given(st.text(max_size=200))
def test_no_text_breaks_it(written: str) -> None:
    read_mix(written, DEFAULT_COHORTS)
