"""The worst that the draw, the pool and the programme can put on a card still fits (faults 51 and 58)."""

from dataclasses import replace

import pytest

from dialogs.cards import issuing, one_child, pool, programme
from domain.allocation import Rule, Unmet
from domain.kinds import Kind
from domain.policy import Policy
from domain.pool import Standing
from domain.ports import Exclusion
from domain.programme import Planned
from domain.terms import Term
from domain.views.issuing import CohortLine, IssueOneView, PairLine
from domain.views.pool import FoundPeople, PoolLine
from tests import builders as b
from tests.cards import samples_issuing as s
from tests.cards.test_sizes import WIDE_NAME, fits
from tests.cards.walking import inputs

WIDE_TEAM = b.a_team(name=WIDE_NAME)
WIDE = b.a_person(1, WIDE_NAME, team=WIDE_TEAM)
COHORTS = tuple(Term(code=f"cohort_{n}", label=f"Æther {n} " + "ø" * 60) for n in range(30))
MANY = Policy(cohorts=COHORTS)


def test_a_preview_of_thirty_teams_and_thirty_cohorts_with_everything_unmet() -> None:
    unmet = [
        *(
            Unmet(Rule.COHORT_SHORT, {"cohort": t.code, "wanted": "20", "got": "9", "eligible": "9"})
            for t in COHORTS
        ),
        *(
            Unmet(Rule.TEAM_SHORT, {"team": "1", "wanted": "2", "got": "1", "eligible": "1"})
            for _ in range(30)
        ),
    ]
    view = s.a_draw(
        record=s.a_record(
            theme="é" * 300, exclusions=tuple(Exclusion(f"C{n:05d}" + "x" * 30, "ö" * 300) for n in range(100))
        ),
        cohorts=[CohortLine(term.code, 20, 9) for term in COHORTS],
        by_team=[3] * 30,
        unmet=unmet,
        standings=dict.fromkeys(Standing, 400),
        teams={1: WIDE_TEAM},
    )  # fmt: skip
    fits(issuing.preview(view, MANY, "é" * 300))


def test_forms_with_the_longest_lists() -> None:
    fits(
        issuing.form(
            s.a_form(kinds=list(Kind), filled={"exclusions": "é" * 1000, "theme": "é" * 300}), MANY, "é" * 300
        )
    )
    fits(programme.form(replace_form(), MANY, "é" * 300))


def replace_form() -> s.PlannedForm:
    return s.PlannedForm(
        b.TODAY, s.DECEMBER, Kind.CORE, list(Kind), [], 1, {"theme": "é" * 300, "plan_note": "é" * 300}
    )


@pytest.mark.parametrize("offset", [0, 15, 375])
def test_five_hundred_pairs_are_paged(offset: int) -> None:
    lines = [PairLine(WIDE, f"C{n}" + "x" * 80, WIDE_TEAM, COHORTS[n % 30].code, "A-1") for n in range(15)]
    rendered = issuing.pairs(s.some_pairs(lines=lines, total=390, offset=offset), MANY)
    fits(rendered)
    titles = [action["title"] for action in rendered.card["actions"]]
    assert (
        titles == {0: ["Next", "Back"], 15: ["Previous", "Next", "Back"], 375: ["Previous", "Back"]}[offset]
    )


def test_four_hundred_in_the_pool_are_paged() -> None:
    lines = [PoolLine(WIDE, Standing.RESTING) for _ in range(12)]
    view = s.a_pool(*lines, total=400, offset=12, standing=Standing.RESTING)
    rendered = pool.pool(view)
    fits(rendered)
    assert [(a["title"], a["data"]) for a in rendered.card["actions"]][1] == (
        "Next", {"month": "2026-12", "standing": "resting", "offset": 24},
    ), "the list that was chosen is kept"  # fmt: skip


@pytest.mark.parametrize("number", [25, 100, 101, 400])
def test_lists_of_people_are_whole_or_narrowed(number: int) -> None:
    crowd = [replace(p, name=f"{WIDE_NAME[:60]} {p.id}") for p in b.many_people(number)]
    for rendered in (
        one_child.choose(IssueOneView(b.TODAY, s.DECEMBER, crowd)),
        one_child.choose(IssueOneView(b.TODAY, s.DECEMBER, crowd), find="wilhelmina"),
        pool.found(FoundPeople(b.TODAY, s.DECEMBER, "wilhelmina", crowd, ())),
        pool.found(FoundPeople(b.TODAY, s.DECEMBER, "x" * 80, (), [WIDE_TEAM] * number)),
    ):
        fits(rendered)
        for field in inputs(rendered.card):
            assert len(field.get("choices", [])) <= 100


def test_a_full_year() -> None:
    planned = [
        Planned(b.NOVEMBER.plus(n), kind, 80, "é" * 300, tuple(t.code for t in COHORTS), "é" * 300, 1)
        for n in range(12)
        for kind in Kind
    ]
    rendered = programme.programme(s.a_programme(*planned), MANY)
    fits(rendered)
    onwards = [action["title"] for action in rendered.card["actions"] if action["title"].startswith("From")]
    assert onwards == ["From November 2025", "From February 2027"], "three whole months fit, nothing is lost"
