"""The year's programme beside the core audits, and who did what of it: observations, dip samples, themes, checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.sample_council.rows import AuditRow, ChildRow, PlannedRow, dice
from bot.sample_council.staff import Staff
from domain.calendar import Month

MONTHS_BEHIND, MONTHS_AHEAD = 6, 5
OBSERVATIONS, DIP_SAMPLES, THEMATIC = 8, 4, 6
"""Expected in a month; thematic audits every third month."""
REVIEW_WEEK = (4, 10)
"""The months with a practice review week; the first one is still to come."""

_THEMES = (
    "Missing from home or care",
    "The voice of the child in plans",
    "Fathers and other men in the family",
    "Neglect, and how long it was lived with",
)
_SAMPLED = (
    "Supervision within timescale",
    "Visits recorded within two days",
    "Chronologies up to date",
    "Pathway plans reviewed",
    "Return interviews offered",
    "Management decision on every transfer",
)
_COHORTS = (
    ("child_protection_plan", "child_in_need"),
    ("looked_after", "care_leavers"),
    ("child_in_need", "children_with_disabilities", "child_protection_plan", "looked_after"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """An audit that is about to be issued; `earlier` is what a re-audit looks at again."""

    kind: str
    auditor: str
    team: str
    child_ref: str | None = None
    legal_status: str | None = None
    earlier: AuditRow | None = None


def of_child(kind: str, auditor: str, child: ChildRow) -> Plan:
    return Plan(kind, auditor, child.team, child.child_ref, child.legal_status)


def programme(now: Month) -> list[PlannedRow]:
    """Half a year behind and ahead of the month in progress."""
    months = [now.plus(step) for step in range(-MONTHS_BEHIND, MONTHS_AHEAD + 1)]
    return [entry for month in months for entry in _of(month, now)]


def _of(month: Month, now: Month) -> Iterator[PlannedRow]:
    count = month.year * 12 + month.number
    yield PlannedRow(
        month, "core", cohorts=_COHORTS[count % len(_COHORTS)], note="One for each auditor in the pool"
    )
    yield PlannedRow(month, "observation", OBSERVATIONS, note="By service managers, in turn")
    yield PlannedRow(month, "dip_sample", DIP_SAMPLES, _SAMPLED[count % len(_SAMPLED)])
    if _has_theme(month):
        yield PlannedRow(
            month, "thematic", THEMATIC, _THEMES[count // 3 % len(_THEMES)], ("missing_episodes",)
        )
    if month.number in REVIEW_WEEK and month > now:
        yield PlannedRow(month, "practice_review", 20, note="The week after the second Monday")


def _has_theme(month: Month) -> bool:
    return month.number % 3 == 2


def other_kinds(staff: Staff, month: Month, left: Sequence[ChildRow]) -> list[Plan]:
    """`left` are the month's children whom no auditor was given: checks and themes are about the first of them."""
    children = iter(left)
    checkers = [person.email for person in staff.holding("qa_team")]
    plans = [
        of_child("minimum_standards", email, child) for email, child in zip(checkers, children, strict=False)
    ]
    if _has_theme(month):
        plans += _thematic(staff, month, list(children))
    return [*plans, *_observations(staff, month), *_dip_samples(staff, month)]


def _thematic(staff: Staff, month: Month, children: Sequence[ChildRow]) -> Iterator[Plan]:
    """By service managers and assistant directors who do not answer for the child's team."""
    seniors = [p.email for p in (*staff.holding("service_manager"), *staff.holding("assistant_director"))]
    dice(f"theme {month}").shuffle(seniors)
    left = list(children)
    for email in seniors[:THEMATIC]:
        child = next(child for child in left if child.team not in staff.own_teams(email))
        left.remove(child)
        yield of_child("thematic", email, child)


def _observations(staff: Staff, month: Month) -> list[Plan]:
    """Every service manager each second month, in one of the teams of their area."""
    managers = [person.email for person in staff.holding("service_manager")][month.number % 2 :: 2]
    throw = dice(f"observations {month}")
    plans: list[Plan] = []
    for email in managers[:OBSERVATIONS]:
        teams = [team.team for team in staff.teams if team.service_manager == email]
        plans.append(Plan("observation", email, throw.choice(teams)))
    return plans


def _dip_samples(staff: Staff, month: Month) -> list[Plan]:
    teams = dice(f"dip samples {month}").sample(list(staff.teams), DIP_SAMPLES)
    return [Plan("dip_sample", team.team_manager, team.team) for team in teams]
