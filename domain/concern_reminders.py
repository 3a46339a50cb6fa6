"""When somebody is told that a child of concern waits: no response in time, or a step that nobody takes (domain,
section 5). The alert of a Category 1 has a ladder of its own."""

from datetime import date, datetime
from enum import StrEnum

from domain.calendar import LONDON, local_date, working_days_between
from domain.concerns import Category, Concern
from domain.policy import Policy
from domain.schedules import working_morning


class Overdue(StrEnum):
    URGENT = "urgent"
    """The day of a Category 1 has ended without a response."""
    RESPONSE = "response"
    STEP = "step"
    STEP_AGAIN = "step_again"
    """The same, told once already: whoever is above is told too."""


def overdue(concern: Concern, policy: Policy, now: datetime) -> Overdue | None:
    """What is to be told now. For a Category 1 from the first minute of the next day, and then once every calendar day
    from the start of work, weekends included; everything else on working mornings, and not again before the policy's
    working days have gone by."""
    if not concern.state.open:
        return None
    if concern.respond_by is not None and concern.response_overdue(local_date(now)):
        if concern.category is Category.ONE:
            return Overdue.URGENT if _urgent(concern, concern.respond_by, policy, now) else None
        return Overdue.RESPONSE if _response(concern, concern.respond_by, policy, now) else None
    return None if concern.climbing else _step(concern, policy, now)


def _urgent(concern: Concern, respond_by: date, policy: Policy, now: datetime) -> bool:
    last = _day(concern.reminded_at)
    if last is None or last <= respond_by:
        return True
    local = now.astimezone(LONDON)
    return last < local.date() and local.time() >= policy.working.day_starts


def _response(concern: Concern, respond_by: date, policy: Policy, now: datetime) -> bool:
    if working_morning(now, policy.working) is None:
        return False
    last = _day(concern.reminded_at)
    if last is None or last <= respond_by:
        return True
    again = policy.concerns.overdue_again_after_working_days
    return working_days_between(last, local_date(now)) >= again


def _step(concern: Concern, policy: Policy, now: datetime) -> Overdue | None:
    """A response is a step too: it waits from then on."""
    if working_morning(now, policy.working) is None:
        return None
    since = max(concern.state_since, concern.responded_at or concern.state_since)
    told = concern.reminded_at if concern.reminded_at and concern.reminded_at > since else None
    if not _long_ago(local_date(told or since), policy, now):
        return None
    return Overdue.STEP_AGAIN if told else Overdue.STEP


def _long_ago(day: date, policy: Policy, now: datetime) -> bool:
    return working_days_between(day, local_date(now)) >= policy.concerns.remind_after_working_days


def _day(at: datetime | None) -> date | None:
    return local_date(at) if at else None
