"""E-mails in the place of alerts that Teams does not take, each put once (domain, section 5; fault 31)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, exists, literal, select

from domain.lanes import Channel, Lane
from storage.repositories.outbox import CLAIMED, PENDING
from storage.repositories.sql import AnyRow, AnySelect, InsertNew, untyped
from storage.tables import outbox as table

_ADD = InsertNew(table)
ALERT = (
    table.c.lane == int(Lane.ALERT),
    table.c.channel == Channel.TEAMS.value,
    table.c.card_id.is_(None),
    table.c.person_id.is_not(None),
)
_mail = table.alias("mail")
KEY = "email|"


def mail_of(row: Any, mail: Any) -> Any:
    """That `mail` is the e-mail in the place of `row`."""
    return mail.c.notice_key == literal(KEY) + cast(row.c.id, String)


def _alerts(*conditions: Any) -> AnySelect:
    columns = (table.c.id, table.c.kind, table.c.person_id, table.c.subject, table.c.correlation)
    return untyped(select(*columns).where(*ALERT, *conditions))


_ONE = _alerts(table.c.id == bindparam("row"))
OVERDUE = _alerts(
    table.c.state.in_(bindparam("unfinished", [CLAIMED, PENDING], expanding=True, literal_execute=True)),
    table.c.created_at <= bindparam("before", type_=table.c.created_at.type),
    ~exists().where(mail_of(table, _mail)),
).order_by(table.c.lane, table.c.due_at, table.c.id)


def _put(connection: Connection, rows: list[AnyRow], now: datetime) -> int:
    mails: list[dict[str, Any]] = [
        {
            "lane": int(Lane.ALERT),
            "channel": Channel.EMAIL.value,
            "kind": row.kind,
            "person_id": row.person_id,
            "subject": row.subject,
            "notice_key": f"{KEY}{row.id}",
            "due_at": now,
            "created_at": now,
            "correlation": row.correlation,
        }
        for row in rows
    ]
    return len(_ADD.many(connection, mails))


def mail_instead(connection: Connection, outbox_id: int, now: datetime) -> int:
    """For a message that Teams refuses for good: nothing, where it is no alert or an e-mail itself."""
    return _put(connection, list(connection.execute(_ONE, {"row": outbox_id}).all()), now)


def overdue(connection: Connection, before: datetime) -> bool:
    """Whether any alert put until then waits still, without an e-mail."""
    return connection.execute(OVERDUE.limit(1), {"before": before}).first() is not None


def mail_overdue(connection: Connection, now: datetime, before: datetime) -> int:
    return _put(connection, list(connection.execute(OVERDUE, {"before": before}).all()), now)
