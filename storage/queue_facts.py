"""How the outbox stands, for the self-check and `debug`: which alerts did not get through, and whether each lane
moves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, or_, select

from domain.lanes import Channel, Lane
from domain.notices import NoticeKind
from domain.selfcheck import STUCK, LaneState, Undelivered
from storage.outbox_queries import unfinished
from storage.repositories.sql import AnySelect, one_of, untyped
from storage.second_channel import ALERT, mail_of
from storage.tables import concerns, deliveries
from storage.tables import outbox as table

LOOKED_AT = 50_000
"""Lines of the ledger, the newest: more than a quarter of an hour of the tenant's limit."""

TELLING = (NoticeKind.CONCERN_ALERT.value, NoticeKind.CONCERN_CLIMBED.value)
"""The messages to those who can acknowledge."""

ASKING = (*TELLING, NoticeKind.CONCERN_NOBODY.value)
"""What has nothing to ask any more when the alert is acknowledged."""

_mail = table.alias("mail")
_untried = ~exists().where(
    mail_of(table, _mail), or_(_mail.c.attempts > 0, _mail.c.state.not_in(["pending", "claimed"]))
)
_later = table.alias("later")
_unheard = ~exists().where(
    _later.c.subject == table.c.subject,
    _later.c.person_id == table.c.person_id,
    _later.c.lane == int(Lane.ALERT),
    _later.c.card_id.is_(None),
    _later.c.state == "sent",
    _later.c.id > table.c.id,
)
"""A later message of the same alert has reached the same person, on any channel: they know."""
_instant = table.c.created_at.type
_old = table.c.created_at <= bindparam("before", type_=_instant)


def _undelivered(*conditions: Any) -> AnySelect:
    columns = table.c.subject, table.c.kind, table.c.created_at
    untold = (*conditions, _untried, _unheard)
    return untyped(select(*columns).where(*ALERT, _old, *untold).order_by(table.c.created_at))


UNDELIVERED = (
    _undelivered(unfinished(table)),
    _undelivered(table.c.subject.in_(one_of("climbing")), table.c.state.in_(["unreachable", "set_aside"])),
)
"""Those that Teams has not taken yet, and those that it refused while their alert climbs still."""

OVER = untyped(
    select(concerns.c.id).where(concerns.c.id.in_(one_of("ids")), concerns.c.alert_next_at.is_(None))
)


def _newest_put(*conditions: Any) -> AnySelect:
    columns = table.c.subject, func.max(table.c.created_at, type_=_instant).label("put_at")
    told = table.c.subject.in_(one_of("climbing")), table.c.kind.in_(TELLING)
    return untyped(select(*columns).where(*told, *conditions).group_by(table.c.subject))


PUT = _newest_put()
ARRIVED = _newest_put(table.c.state == "sent")

_first_try = (
    select(func.min(deliveries.c.at, type_=_instant))
    .where(deliveries.c.outbox_id == table.c.id)
    .correlate(table)
    .scalar_subquery()
)
_due = table.c.due_at <= bindparam("now", type_=_instant)
_waits_since = case(
    (table.c.attempts > 0, func.coalesce(_first_try, table.c.due_at, type_=_instant)),
    (_due, table.c.due_at),
    else_=None,
)
"""A message that was tried waits since its first try: its due time is that of the next."""
LANES = untyped(
    select(
        table.c.lane,
        table.c.channel,
        func.count().label("waiting"),
        func.min(_waits_since, type_=_instant).label("due_since"),
    )
    .where(unfinished(table))
    .group_by(table.c.lane, table.c.channel)
)
_newest = select(func.max(deliveries.c.id)).scalar_subquery()
MOVED = untyped(
    select(table.c.lane, func.max(deliveries.c.at, type_=_instant).label("sent_at"))
    .join(table, table.c.id == deliveries.c.outbox_id)
    .where(
        deliveries.c.id > _newest - LOOKED_AT,
        deliveries.c.outcome == "sent",
        deliveries.c.at >= bindparam("after", type_=_instant),
        table.c.lane.in_(one_of("lanes")),
        table.c.channel == Channel.TEAMS.value,
    )
    .group_by(table.c.lane)
)


def undelivered(connection: Connection, before: datetime, climbing: Collection[str]) -> list[Undelivered]:
    """Messages of alerts put until `before` that nobody has: not sent in Teams, no e-mail of theirs was tried, and
    their reader has not got a later one either."""
    values = {"before": before, "climbing": sorted(climbing)}
    waiting, refused = UNDELIVERED
    rows = [
        *connection.execute(waiting, {"before": before}).all(),
        *connection.execute(refused, values).all(),
    ]
    asking = {row.subject for row in rows if row.kind in ASKING}
    over = _acknowledged(connection, asking) if asking else frozenset[str]()
    return [
        Undelivered(r.subject, r.created_at) for r in rows if r.kind not in ASKING or r.subject not in over
    ]


def _acknowledged(connection: Connection, refs: Collection[str]) -> frozenset[str]:
    """Of these, the ones whose alert climbs no more: what still waits of it says nothing to anybody."""
    ids = [int(ref.removeprefix("C-")) for ref in refs]
    return frozenset(f"C-{row.id}" for row in connection.execute(OVER, {"ids": ids}).all())


def arrived(connection: Connection, climbing: Collection[str]) -> dict[str, datetime]:
    """Of these alerts, when the newest message of each that arrived on any channel was put."""
    return _by_alert(connection, ARRIVED, climbing)


def put(connection: Connection, climbing: Collection[str]) -> dict[str, datetime]:
    """Of these alerts, when the newest message of each to somebody who can acknowledge was put, arrived or not."""
    return _by_alert(connection, PUT, climbing)


def _by_alert(connection: Connection, asked: AnySelect, climbing: Collection[str]) -> dict[str, datetime]:
    rows = connection.execute(asked, {"climbing": sorted(climbing)}).all()
    return {row.subject: row.put_at for row in rows}


def lanes(connection: Connection, now: datetime) -> dict[Lane, LaneState]:
    """Every lane. When one last moved is asked only of those that seem to stand."""
    waiting: dict[Lane, Any] = {}
    mails: dict[Lane, int] = {}
    for row in connection.execute(LANES, {"now": now}).all():
        if row.channel == Channel.TEAMS.value:
            waiting[Lane(row.lane)] = row
        else:
            mails[Lane(row.lane)] = row.waiting
    late = [lane for lane, row in waiting.items() if row.due_since and row.due_since + STUCK < now]
    moved = _moved(connection, late, now - STUCK) if late else {}
    return {
        lane: LaneState(
            waiting=waiting[lane].waiting if lane in waiting else 0,
            due_since=waiting[lane].due_since if lane in waiting else None,
            sent_at=moved.get(lane),
            mails=mails.get(lane, 0),
        )
        for lane in Lane
    }


def _moved(connection: Connection, late: Collection[Lane], after: datetime) -> dict[Lane, datetime]:
    values = {"after": after, "lanes": [int(lane) for lane in late]}
    return {Lane(row.lane): row.sent_at for row in connection.execute(MOVED, values).all()}
