"""The fictional council's children: references only, as everywhere in the product."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.sample_council.rows import ChildRow, dice
from bot.sample_council.staff import Staff
from domain.calendar import Month

CHILDREN = 1500
CLOSED_SHARE = 0.06

_STATUSES: dict[str, dict[str, int]] = {
    "Assessment": {"child_in_need": 70, "child_protection_plan": 30},
    "Safeguarding": {"child_protection_plan": 60, "child_in_need": 40},
    "Family Support": {"child_in_need": 85, "child_protection_plan": 15},
    "Early Help": {"early_help": 1},
    "Children in Care": {"child_in_care": 1},
    "Permanence": {"child_in_care": 1},
    "Leaving Care": {"care_leaver": 1},
    "Disabled Children": {"child_in_need": 70, "child_in_care": 30},
}
_COHORTS = {
    "child_in_care": ("looked_after",),
    "care_leaver": ("care_leavers",),
    "child_in_need": ("child_in_need",),
    "child_protection_plan": ("child_protection_plan",),
    "early_help": (),
}


def children(staff: Staff, today: date) -> Sequence[ChildRow]:
    """C10001 and on, spread evenly over the teams; about one in ten with an advanced practitioner, not a social
    worker, so that there are caseloads an auditor must not audit."""
    throw = dice("children")
    workers = {
        team.team: [p.email for p in staff.holding("social_worker") if p.team == team.team]
        for team in staff.teams
    }
    seniors = {
        team.team: [p.email for p in staff.people if p.roles == ("auditor",) and p.team == team.team]
        for team in staff.teams
    }
    start = Month.of(today).first  # the same dates for the whole month
    rows: list[ChildRow] = []
    for number in range(CHILDREN):
        team = staff.teams[number % len(staff.teams)].team
        worker = throw.choice((seniors if throw.random() < 0.1 and seniors[team] else workers)[team])
        opened = start - timedelta(days=throw.randint(250, 1800))
        closed = start - timedelta(days=throw.randint(1, 40)) if throw.random() < CLOSED_SHARE else None
        chances = _STATUSES[team.partition(" ")[2]]
        status = throw.choices(list(chances), list(chances.values()))[0]
        missing = throw.random() < 0.05
        rows.append(
            ChildRow(
                f"C{10001 + number}", team, status, _cohorts(team, status, missing), worker, opened, closed
            )
        )
    return rows


def _cohorts(team: str, status: str, missing: bool) -> tuple[str, ...]:
    disabilities = ("children_with_disabilities",) if team.endswith("Disabled Children") else ()
    return (*_COHORTS[status], *disabilities, *(("missing_episodes",) if missing else ()))
