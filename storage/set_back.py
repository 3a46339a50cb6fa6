"""Messages that a clock which was set back would hold up: put or due at an hour that has not come yet (fault 45)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, and_, bindparam, or_, select, update

from storage.repositories.outbox import PENDING
from storage.repositories.sql import untyped
from storage.tables import outbox as table

AHEAD = timedelta(minutes=1)
"""Clocks of replicas differ by less."""
LONGEST = timedelta(minutes=15)
"""No try of an alert waits for so long, whatever the platform asks for."""

_ahead = bindparam("ahead", type_=table.c.created_at.type)
_far = bindparam("far", type_=table.c.due_at.type)
_now = bindparam("now", type_=table.c.due_at.type)
_FROM_THE_FUTURE = and_(
    table.c.state.in_(bindparam("unfinished", [PENDING], expanding=True, literal_execute=True)),
    or_(
        and_(table.c.due_at > _now, table.c.created_at > _ahead),
        and_(table.c.lane == bindparam("alert", type_=Integer()), table.c.due_at > _far),
    ),
)
"""A lease is left alone: another replica, whose clock is right, may hold it."""
FIND = untyped(select(table.c.id).where(_FROM_THE_FUTURE).limit(1))
_PULL = update(table).where(_FROM_THE_FUTURE)


def _values(now: datetime) -> dict[str, object]:
    return {"now": now, "ahead": now + AHEAD, "far": now + LONGEST, "alert": 0}


def held_up(connection: Connection, now: datetime) -> bool:
    return connection.execute(FIND, _values(now)).first() is not None


def pull_forward(connection: Connection, now: datetime) -> int:
    """They are due now, and count as put now."""
    return connection.execute(_PULL.values(due_at=_now, created_at=_now), _values(now)).rowcount
