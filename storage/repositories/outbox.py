"""The outbox as use cases see it: messages are put in the same commit as what they tell."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, cast, exists, literal_column, select, update

from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from domain.requests import PREFIX
from storage.database import Transaction
from storage.references import CONCERN
from storage.repositories.sql import AnyRow, InsertNew, untyped, written
from storage.tables import audit_requests, audits, cards, concerns, exemptions
from storage.tables import outbox as table

CORRELATION: ContextVar[str] = ContextVar("correlation", default="")
"""Goes into each row that is put, so that a send can be traced to its turn."""

PENDING, CLAIMED, NOT_NEEDED = "pending", "claimed", "not_needed"

_REQUEST_PREFIX = PREFIX.removesuffix("-")
_ADD = InsertNew(table)
_ADD_CARD = InsertNew(cards)
_text = String()
_card, _bar = literal_column("'card|'", _text), literal_column("'|'", _text)
_at = bindparam("at", type_=table.c.due_at.type)
_version = bindparam("version", type_=table.c.version.type)
STALE_CARDS = untyped(
    select(
        literal_column(str(int(Lane.DECISION)), table.c.lane.type),
        literal_column(repr(NoticeKind.CARD_UPDATE.value), _text),
        cards.c.person_id,
        cards.c.id,
        cards.c.subject,
        _version,
        _card + cast(cards.c.id, _text) + _bar + cards.c.subject + _bar + cast(_version, _text),
        _at,
        _at,
        bindparam("correlation", type_=_text),
    ).where(
        cards.c.subject == bindparam("subject"), cards.c.gone_at.is_(None), cards.c.shown_version < _version
    )
)
"""An update for each card that shows an older version, as `queue_update` puts one."""
_UPDATE_STALE = _ADD.found(
    ("lane", "kind", "person_id", "card_id", "subject", "version", "notice_key", "due_at", "created_at",
     "correlation"),
    STALE_CARDS,
)  # fmt: skip
_WAITING = and_(written(table.c.state, (CLAIMED, PENDING)), table.c.state == PENDING)
"""With the condition of the indexes of what waits: without it, every press would read all that was ever sent."""
SUPERSEDE = (
    update(table)
    .where(
        table.c.card_id.in_(
            select(cards.c.id).where(cards.c.subject == bindparam("of_subject")).scalar_subquery()
        ),
        _WAITING,
        table.c.version < bindparam("newer"),
    )
    .values(state=NOT_NEEDED)
)
_TOLD = (
    select(table.c.person_id)
    .where(table.c.subject == bindparam("subject"), table.c.card_id.is_(None), table.c.person_id.is_not(None))
    .distinct()
    .order_by(table.c.person_id)
)
_EXEMPTION = select(exemptions.c.version).where(exemptions.c.id == bindparam("number"))
_REQUEST = select(audit_requests.c.version).where(audit_requests.c.id == bindparam("number"))
_CONCERN = select(concerns.c.version).where(concerns.c.id == bindparam("number"))
_AUDIT = select(audits.c.version).where(audits.c.ref == bindparam("ref"))

_CARD_AT = untyped(
    select(
        cards.c.id,
        cards.c.subject,
        cards.c.person_id,
        exists().where(table.c.card_id == cards.c.id, _WAITING).label("waited_for"),
    ).where(
        cards.c.conversation_id == bindparam("conversation_id"), cards.c.message_id == bindparam("message_id")
    )
)
_TURN_CARD = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(shown_version=bindparam("shown"), gone_at=None)
)

FORGET_UPDATES = update(table).where(table.c.card_id == bindparam("card"), _WAITING).values(state=NOT_NEEDED)


def subject_version(connection: Connection, subject: str) -> int:
    """The stored version of what a card shows; 0 for subjects that have none."""
    prefix, _, number = subject.partition("-")
    if prefix == "E" and number.isdecimal():
        return connection.execute(_EXEMPTION, {"number": int(number)}).scalar() or 0
    if prefix == _REQUEST_PREFIX and number.isdecimal():
        return connection.execute(_REQUEST, {"number": int(number)}).scalar() or 0
    if prefix == CONCERN and number.isdecimal():
        return connection.execute(_CONCERN, {"number": int(number)}).scalar() or 0
    return connection.execute(_AUDIT, {"ref": subject}).scalar() or 0


def put_notices(
    connection: Connection, notices: Sequence[Notice], now: datetime, due_at: datetime | None = None
) -> int:
    rows: list[dict[str, Any]] = [
        {
            "lane": int(notice.lane),
            "kind": str(notice.kind),
            "person_id": notice.person_id,
            "subject": notice.subject,
            "notice_key": notice.key,
            "due_at": due_at or now,
            "created_at": now,
            "correlation": CORRELATION.get(),
        }
        for notice in notices
    ]
    if len(rows) == 1:  # one by itself takes a shorter way through the driver
        return int(_ADD.one(connection, rows[0]) is not None)
    return len(_ADD.many(connection, rows))


def queue_update(
    connection: Connection, card_id: int, person_id: PersonId, subject: str, version: int, now: datetime
) -> bool:
    """False where the same update is known already."""
    values = {
        "lane": int(Lane.DECISION),
        "kind": NoticeKind.CARD_UPDATE.value,
        "person_id": person_id,
        "card_id": card_id,
        "subject": subject,
        "version": version,
        "notice_key": f"card|{card_id}|{subject}|{version}",
        "due_at": now,
        "created_at": now,
        "correlation": CORRELATION.get(),
    }
    return _ADD.one(connection, values) is not None


def refresh_cards(connection: Connection, subject: str, version: int, now: datetime) -> int:
    values = {"subject": subject, "version": version, "at": now, "correlation": CORRELATION.get()}
    queued = len(connection.execute(_UPDATE_STALE[connection.dialect.name], values).all())
    if queued:
        connection.execute(SUPERSEDE, {"of_subject": subject, "newer": version})
    return queued


def remember_card(connection: Connection, values: dict[str, Any]) -> int | None:
    """The new card's number; None where the message is known already."""
    return _ADD_CARD.one(connection, values)


def _forget_updates(connection: Connection, card: AnyRow) -> None:
    """On SQLite, whose one writer this is, what was read a moment ago still holds; elsewhere somebody may have queued
    an update since."""
    if card.waited_for or connection.dialect.name != "sqlite":
        connection.execute(FORGET_UPDATES, {"card": card.id})


def _show(
    connection: Connection,
    place: dict[str, str],
    subject: str,
    version: int | None,
    person_id: PersonId,
    now: datetime,
) -> None:
    card = connection.execute(_CARD_AT, place).first()
    if card is not None and card.subject == subject:
        return
    if version is None:
        version = subject_version(connection, subject)
    if card is None:
        values = {**place, "subject": subject, "kind": "", "person_id": person_id, "shown_version": 0}
        card_id, owner = remember_card(connection, values), person_id
    else:
        connection.execute(_TURN_CARD, {"card": card.id, "subject": subject, "shown": 0})
        _forget_updates(connection, card)
        card_id, owner = card.id, card.person_id
    if card_id is not None:
        queue_update(connection, card_id, owner, subject, version, now)


def _opened(
    connection: Connection,
    place: dict[str, str],
    subject: str,
    version: int,
    person_id: PersonId,
    now: datetime,
) -> None:
    card = connection.execute(_CARD_AT, place).first()
    if card is not None and card.subject == subject:
        return
    if card is None:
        values = {**place, "subject": subject, "kind": "", "person_id": person_id, "shown_version": version}
        card_id, owner = remember_card(connection, values), person_id
    else:
        connection.execute(_TURN_CARD, {"card": card.id, "subject": subject, "shown": version})
        _forget_updates(connection, card)
        card_id, owner = card.id, card.person_id
    current = subject_version(connection, subject)
    if card_id is not None and current > version:
        queue_update(connection, card_id, owner, subject, current, now)


class SqlOutbox:
    """See `domain.ports.Outbox`. `lanes` are those with something new, for whoever wakes the worker."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._versions: dict[str, int] = {}
        """To which this unit of work brought a subject."""
        self.lanes: set[Lane] = set()

    async def put(self, notices: Sequence[Notice], now: datetime, due_at: datetime | None = None) -> int:
        new = await self._transaction.run(lambda c: put_notices(c, notices, now, due_at))
        self.lanes |= {notice.lane for notice in notices if new}
        return new

    async def refresh_cards(self, subject: str, version: int, now: datetime) -> int:
        queued = await self._transaction.run(lambda c: refresh_cards(c, subject, version, now))
        self.lanes |= {Lane.DECISION} if queued else set()
        self._versions[subject] = version
        return queued

    async def remember_card(
        self, subject: str, kind: str, person_id: PersonId, conversation_id: str, message_id: str
    ) -> None:
        """The card counts as showing the subject as it is now: it was answered from fresh state in this turn."""

        def work(connection: Connection) -> None:
            values = {
                "subject": subject,
                "kind": kind,
                "person_id": person_id,
                "conversation_id": conversation_id,
                "message_id": message_id,
                "shown_version": subject_version(connection, subject),
            }
            remember_card(connection, values)

        await self._transaction.run(work)

    async def told(self, subject: str) -> list[PersonId]:
        return await self._transaction.run(lambda c: list(c.execute(_TOLD, {"subject": subject}).scalars()))

    async def card_shows(
        self,
        subject: str,
        version: int,
        person_id: PersonId,
        conversation_id: str,
        message_id: str,
        now: datetime,
    ) -> None:
        place = {"conversation_id": conversation_id, "message_id": message_id}
        await self._transaction.run(lambda c: _opened(c, place, subject, version, person_id, now))
        self.lanes.add(Lane.DECISION)

    async def show_on_card(
        self, subject: str, person_id: PersonId, conversation_id: str, message_id: str, now: datetime
    ) -> None:
        place = {"conversation_id": conversation_id, "message_id": message_id}
        version = self._versions.get(subject)
        await self._transaction.run(lambda c: _show(c, place, subject, version, person_id, now))
        self.lanes.add(Lane.DECISION)
