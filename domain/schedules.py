"""When the clock's jobs are due. A slot is an instant; each is done once, and a missed one is caught up by the
latest only, because every job works from the state it finds and not from a backlog."""

from datetime import datetime, time

from domain.calendar import LONDON, Month, is_working_day, local_date, local_instant
from domain.policy import Working


def working_morning(now: datetime, working: Working) -> datetime | None:
    """This morning's start of work; None outside working hours, so that a late start waits for the next day."""
    local = now.astimezone(LONDON)
    if not is_working_day(local.date()) or not working.day_starts <= local.time() < working.day_ends:
        return None
    return local_instant(local.date(), working.day_starts)


def month_start(now: datetime, working: Working) -> datetime | None:
    """The first instant of the present month in London, whatever the day or hour."""
    return local_instant(Month.of(local_date(now)).first, time())
