"""Six months of audits behind, and a month in progress: who is exempt, who audits whom, what is back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bot.sample_council.findings import found, return_day
from bot.sample_council.programme import Plan, of_child, other_kinds
from bot.sample_council.rows import AuditRow, ChildRow, ExemptionRow, PersonRow, dice
from bot.sample_council.staff import Staff
from domain.calendar import Month, first_working_day

MONTHS_BEHIND = 6
ONCE_IN_MONTHS = 12
"""A child is audited again after a year at the earliest, unless it is a re-audit (domain, section 3.3)."""
REAUDIT_AFTER_MONTHS = 2
AT_ONCE = range(1, 4)
"""Which of a month in progress are back on the day of issue, so that there is always something to show."""

_NON_OPERATIONAL = ("extended_leave", "maternity", "ill_health", "ill_health", "part_time_pattern", "leaving")
_OPERATIONAL = ("other_qa_activity", "statutory_work", "statutory_work", "other")
_DECLINED = 2


@dataclass(frozen=True)
class Year:
    """What the months are drawn from. `leading` is the auditor who always has an open audit this month."""

    staff: Staff
    children: Sequence[ChildRow]
    today: date
    leading: str

    @property
    def months(self) -> list[Month]:
        now = Month.of(self.today)
        return [now.plus(-behind) for behind in range(MONTHS_BEHIND, -1, -1)]


def exemptions(year: Year) -> list[ExemptionRow]:
    """Decided by the directors in the last days before each month's issue."""
    return [row for month in year.months for row in _exemptions_of(year, month)]


def audits(year: Year) -> list[AuditRow]:
    """Core audits, re-audits of what was Inadequate, and the other kinds, in order of reference."""
    rows: list[AuditRow] = []
    for month in year.months:
        earlier = [row for row in rows if row.month == month.plus(-REAUDIT_AFTER_MONTHS)]
        rows += _month(year, month, [row for row in earlier if _asks_for_another_look(row)])
    return rows


def _asks_for_another_look(row: AuditRow) -> bool:
    return row.child_ref is not None and (row.moderated_grade or row.grade) == "inadequate"


def _exemptions_of(year: Year, month: Month) -> Iterator[ExemptionRow]:
    throw = dice(f"exemptions {month}")
    asking = throw.sample(_available(year, month), len(_NON_OPERATIONAL + _OPERATIONAL) + _DECLINED)
    for index, (person, reason) in enumerate(
        zip(asking, (*_NON_OPERATIONAL, *_OPERATIONAL, *_OPERATIONAL), strict=False)
    ):
        assert person.team is not None
        director = year.staff.team_by_name[person.team].director
        decided_on = month.first - timedelta(days=throw.randint(1, 12))
        declined = index >= len(asking) - _DECLINED
        yield ExemptionRow(
            person.email, month, reason, director, decided_on, "declined" if declined else "approved"
        )


def _available(year: Year, month: Month) -> list[PersonRow]:
    """The month's pool without the leading auditor: active, not moderating and not in a part-timer's month off."""
    off = month.number % 2
    part_timers = [p.email for p in year.staff.holding("auditor") if p.working_pattern == "alternate"][off::2]
    away = {year.leading, *part_timers, *_moderators(year)}
    return [person for person in year.staff.holding("auditor") if person.email not in away]


def _moderators(year: Year) -> list[str]:
    return [person.email for person in year.staff.holding("moderator")]


def _month(year: Year, month: Month, inadequate: Sequence[AuditRow]) -> list[AuditRow]:
    throw = dice(f"audits {month}")
    exempt = {row.email for row in _exemptions_of(year, month) if row.outcome == "approved"}
    auditors = [person.email for person in _available(year, month) if person.email not in exempt]
    throw.shuffle(auditors)
    drawn, left = _draw(year, _due(year, throw, month), [year.leading, *auditors])
    planned = [of_child("core", email, child) for email, child in drawn]
    planned += other_kinds(year.staff, month, left)
    children = {child.child_ref: child for child in year.children}
    for audit in inadequate:
        seen_again = of_child("reaudit", _reauditor(year, throw, audit), children[audit.child_ref or ""])
        planned.append(replace(seen_again, earlier=audit))
    issued_on = min(first_working_day(month), year.today)
    return _returned(year, [_issued(month, issued_on, *what) for what in enumerate(planned, start=1)])


def _issued(month: Month, issued_on: date, number: int, plan: Plan) -> AuditRow:
    earlier = plan.earlier
    return AuditRow(
        audit_ref=f"A-{month.year % 100:02d}{month.number:02d}{number:03d}",
        month=month,
        kind=plan.kind,
        child_ref=plan.child_ref,
        team=plan.team,
        legal_status=plan.legal_status,
        auditor=plan.auditor,
        issued_on=issued_on,
        reaudit_of=(earlier.reaudit_of or earlier.audit_ref) if earlier else None,
        reaudit_number=(earlier.reaudit_number or 0) + 1 if earlier else None,
    )


def _due(year: Year, throw: Random, month: Month) -> list[ChildRow]:
    """This month's twelfth of the open children, team by team in turn, so that no team has far more than others."""
    slot = (month.year * 12 + month.number) % ONCE_IN_MONTHS
    rank: Counter[str] = Counter()
    due: list[tuple[int, float, ChildRow]] = []
    for place, child in enumerate(year.children):
        in_team = place // len(year.staff.teams)
        if in_team % ONCE_IN_MONTHS == slot and child.closed is None:
            due.append((rank[child.team], throw.random(), child))
            rank[child.team] += 1
    return [child for _, _, child in sorted(due, key=lambda entry: entry[:2])]


def _draw(
    year: Year, due: Sequence[ChildRow], auditors: Sequence[str]
) -> tuple[list[tuple[str, ChildRow]], list[ChildRow]]:
    """A child for each auditor, never of their own team or caseload, and the children left over. The leading auditor's
    has a social worker who is nothing else, so that a window can be opened for them."""
    left = list(due)
    workers = {person.email for person in year.staff.holding("social_worker")}
    drawn: list[tuple[str, ChildRow]] = []
    for email in auditors:
        own = year.staff.own_teams(email)
        fitting = [child for child in left if child.team not in own and child.social_worker != email]
        if email == year.leading:
            fitting = [child for child in fitting if child.social_worker in workers]
        child = fitting[0]
        left.remove(child)
        drawn.append((email, child))
    return drawn, left


def _reauditor(year: Year, throw: Random, audit: AuditRow) -> str:
    """Service managers and assistant directors re-audit (domain, section 3), of other teams and others' audits."""
    seniors = year.staff.holding("service_manager") + year.staff.holding("assistant_director")
    emails = [person.email for person in seniors if audit.team not in year.staff.own_teams(person.email)]
    return throw.choice([email for email in emails if email != audit.auditor])


def _returned(year: Year, rows: Sequence[AuditRow]) -> list[AuditRow]:
    """What is back by today. In the month in progress the leading auditor's is open, and three are back at once."""
    now = Month.of(year.today)
    moderators = _moderators(year)
    back: list[AuditRow] = []
    for index, row in enumerate(rows):
        day = row.issued_on if row.month == now and index in AT_ONCE else return_day(row)
        is_open = day is None or day > year.today or (row.month == now and row.auditor == year.leading)
        back.append(row if is_open or day is None else found(year.staff, row, day, moderators, year.today))
    return back
