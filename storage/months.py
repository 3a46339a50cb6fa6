"""Who issues, gives, frees or exempts in a month is alone in it until the end of their transaction.

On PostgreSQL two transactions do not see each other's rows: an approval would find no audit to take off, and the issue
no approval, and both would stand. The lock is the month's, not a row's: there may be no row yet. It is taken before
anything is written, several in the months' order, and the trail's head after it, at the commit: nobody waits in a ring.
SQLite has one writer anyway.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from domain.calendar import Month

_MONTHS = 7_140_815
"""Of PostgreSQL's advisory locks with two numbers, those of months."""
_WAIT = text("SELECT pg_advisory_xact_lock(:locks, :month)")


def wait_for(connection: Connection, months: Iterable[Month]) -> None:
    if connection.dialect.name != "postgresql":
        return
    for month in sorted(set(months)):
        connection.execute(_WAIT, {"locks": _MONTHS, "month": month.year * 12 + month.number})
