"""Unanswered exemption steps: chased, escalated, and at the deadline lapsed in sight of everybody (section 4)."""

from datetime import datetime

from domain.calendar import ends_at, is_working_day, local_date, working_days_between
from domain.exemptions import Command, Exemption, State
from domain.policy import Exemptions as Rules


def due_step(exemption: Exemption, *, now: datetime, rules: Rules, top: bool = False) -> Command | None:
    """LAPSE once the month is over; else ESCALATE after the policy's working days without an answer; else CHASE
    once a working day at most. Only a lapse happens outside working days. `top`: there is nobody above to ask."""
    if not exemption.state.open:
        return None
    if has_lapsed(exemption, now):
        return Command.LAPSE
    today = local_date(now)
    if not is_working_day(today):
        return None
    waited = working_days_between(local_date(exemption.step_since), today)
    if not top and waited >= rules.escalate_after_working_days and exemption.state in _ESCALATES:
        return Command.ESCALATE
    last_asked = local_date(exemption.chased_at or exemption.step_since)
    if working_days_between(last_asked, today) >= rules.chase_after_working_days:
        return Command.CHASE
    return None


_ESCALATES = frozenset({State.WITH_HEAD_OF_SERVICE, State.WITH_DIRECTOR})


def has_lapsed(exemption: Exemption, now: datetime) -> bool:
    """True for an open request whose month is over."""
    return exemption.state.open and now >= ends_at(exemption.month)
