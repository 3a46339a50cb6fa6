"""The questions of the outbox's claiming side, compiled once."""

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from domain.lanes import Lane
from domain.notices import NoticeKind
from storage.repositories.outbox import CLAIMED, PENDING
from storage.repositories.sql import AnySelect, one_of, untyped
from storage.tables import cards, deliveries
from storage.tables import outbox as table

_now = bindparam("now", type_=table.c.due_at.type)
_FAILED = ("unreachable", "set_aside")


def unfinished(of: FromClause) -> ColumnElement[bool]:
    """Written into the statement as it stands in the partial indexes: a parameter would hide the match."""
    states: BindParameter[str] = bindparam(
        "unfinished", [CLAIMED, PENDING], expanding=True, literal_execute=True
    )
    return of.c.state.in_(states)


def _claimable(of: FromClause) -> ColumnElement[bool]:
    return and_(unfinished(of), of.c.due_at <= _now, or_(of.c.state == PENDING, of.c.lease_until <= _now))


def _claim() -> AnySelect:
    """The first claimable row of each person, unless one of theirs is in flight in the same or a higher lane: so
    the order in a chat holds, and an alert never waits for somebody's nudge. All within one channel: what Teams holds
    up is no reason for an e-mail to wait, nor the other way round."""
    earlier, flying = table.alias("earlier"), table.alias("flying")
    has_earlier = exists().where(
        earlier.c.person_id == table.c.person_id,
        earlier.c.channel == table.c.channel,
        _claimable(earlier),
        tuple_(earlier.c.lane, earlier.c.due_at, earlier.c.id)
        < tuple_(table.c.lane, table.c.due_at, table.c.id),
    )
    has_flying = exists().where(
        flying.c.person_id == table.c.person_id,
        flying.c.channel == table.c.channel,
        unfinished(flying),
        flying.c.state == CLAIMED,
        flying.c.lease_until > _now,
        flying.c.lane <= table.c.lane,
        flying.c.id != table.c.id,
    )
    statement = (
        select(
            table.c.id,
            table.c.lane,
            table.c.kind,
            table.c.subject,
            table.c.person_id,
            table.c.attempts,
            table.c.fence,
            table.c.correlation,
            table.c.created_at,
            table.c.card_id,
            cards.c.conversation_id,
            cards.c.message_id,
        )
        .select_from(table.outerjoin(cards, cards.c.id == table.c.card_id))
        .where(
            table.c.lane.in_(one_of("lanes")),
            table.c.channel == bindparam("channel"),
            _claimable(table),
            ~has_earlier,
            ~has_flying,
        )
        .order_by(table.c.lane, table.c.due_at, table.c.id)
        .limit(bindparam("limit", type_=Integer()))
    )
    return untyped(statement)


PEEK = _claim()
CLAIM = PEEK.with_for_update(skip_locked=True, of=table)
"""SQLite knows no row locks and needs none: its writers are one after the other."""

GIVE_LEASE = (
    update(table)
    .where(table.c.id.in_(one_of("ids")))
    .values(
        state=CLAIMED,
        lease_until=bindparam("until", type_=table.c.lease_until.type),
        fence=table.c.fence + 1,
        attempts=table.c.attempts + 1,
    )
)
OLDEST = untyped(
    select(table.c.lane, func.min(table.c.due_at, type_=table.c.due_at.type).label("oldest"))
    .where(unfinished(table), table.c.due_at <= _now)
    .group_by(table.c.lane)
)
WAITING_COUNT = untyped(
    select(table.c.lane, func.count().label("waiting")).where(unfinished(table)).group_by(table.c.lane)
)
_first = select(func.min(deliveries.c.id)).where(
    deliveries.c.outbox_id == bindparam("first"), deliveries.c.outcome.in_(_FAILED)
)
_failures = (
    select(
        deliveries.c.outbox_id,
        table.c.person_id,
        table.c.kind,
        table.c.subject,
        deliveries.c.outcome,
        deliveries.c.reason,
        deliveries.c.at,
    )
    .join(table, table.c.id == deliveries.c.outbox_id)
    .where(deliveries.c.outcome.in_(_FAILED), table.c.kind != NoticeKind.DELIVERY_FAILED.value)
    .limit(bindparam("limit", type_=Integer()))
)
FAILURES = untyped(
    _failures.where(deliveries.c.id >= func.coalesce(_first.scalar_subquery(), 0)).order_by(deliveries.c.id)
)
LAST_FAILURES = untyped(_failures.order_by(deliveries.c.id.desc()))


def in_lanes(lanes: Sequence[Lane] | None) -> list[int]:
    return [int(lane) for lane in (Lane if lanes is None else lanes)]
