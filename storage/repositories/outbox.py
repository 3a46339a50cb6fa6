"""The outbox as use cases see it: messages are put in the same commit as what they tell."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from domain.requests import PREFIX
from storage.database import Transaction
from storage.references import CONCERN
from storage.repositories.sql import AnyRow, InsertNew, untyped
from storage.tables import audit_requests, audits, cards, concerns, exemptions
from storage.tables import outbox as table

CORRELATION: ContextVar[str] = ContextVar("correlation", default="")
"""Goes into each row that is put, so that a send can be traced to its turn."""

PENDING, CLAIMED, NOT_NEEDED = "pending", "claimed", "not_needed"

_REQUEST_PREFIX = PREFIX.removesuffix("-")
_ADD = InsertNew(table)
_ADD_CARD = InsertNew(cards)
STALE_CARDS = untyped(
    select(cards.c.id, cards.c.person_id).where(
        cards.c.subject == bindparam("subject"),
        cards.c.gone_at.is_(None),
        cards.c.shown_version < bindparam("version"),
    )
)
_SUPERSEDE = (
    update(table)
    .where(
        table.c.card_id.in_(
            select(cards.c.id).where(cards.c.subject == bindparam("of_subject")).scalar_subquery()
        ),
        table.c.state == PENDING,
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

_CARD_AT = select(cards.c.id, cards.c.subject, cards.c.person_id).where(
    cards.c.conversation_id == bindparam("conversation_id"), cards.c.message_id == bindparam("message_id")
)
_TURN_CARD = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(shown_version=bindparam("shown"), gone_at=None)
)

_FORGET_UPDATES = (
    update(table)
    .where(table.c.card_id == bindparam("card"), table.c.state == PENDING)
    .values(state=NOT_NEEDED)
)


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
    found: Sequence[AnyRow] = connection.execute(STALE_CARDS, {"subject": subject, "version": version}).all()
    if not found:
        return 0
    connection.execute(_SUPERSEDE, {"of_subject": subject, "newer": version})
    return sum(queue_update(connection, row.id, row.person_id, subject, version, now) for row in found)


def remember_card(connection: Connection, values: dict[str, Any]) -> int | None:
    """The new card's number; None where the message is known already."""
    return _ADD_CARD.one(connection, values)


def _show(
    connection: Connection, place: dict[str, str], subject: str, person_id: PersonId, now: datetime
) -> None:
    card = connection.execute(_CARD_AT, place).first()
    if card is not None and card.subject == subject:
        return
    version = subject_version(connection, subject)
    if card is None:
        values = {**place, "subject": subject, "kind": "", "person_id": person_id, "shown_version": 0}
        card_id, owner = remember_card(connection, values), person_id
    else:
        connection.execute(_TURN_CARD, {"card": card.id, "subject": subject, "shown": 0})
        connection.execute(_FORGET_UPDATES, {"card": card.id})
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
        connection.execute(_FORGET_UPDATES, {"card": card.id})
        card_id, owner = card.id, card.person_id
    current = subject_version(connection, subject)
    if card_id is not None and current > version:
        queue_update(connection, card_id, owner, subject, current, now)


class SqlOutbox:
    """See `domain.ports.Outbox`. `lanes` are those with something new, for whoever wakes the worker."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.lanes: set[Lane] = set()

    async def put(self, notices: Sequence[Notice], now: datetime, due_at: datetime | None = None) -> int:
        new = await self._transaction.run(lambda c: put_notices(c, notices, now, due_at))
        self.lanes |= {notice.lane for notice in notices if new}
        return new

    async def refresh_cards(self, subject: str, version: int, now: datetime) -> int:
        queued = await self._transaction.run(lambda c: refresh_cards(c, subject, version, now))
        self.lanes |= {Lane.DECISION} if queued else set()
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
        await self._transaction.run(lambda c: _show(c, place, subject, person_id, now))
        self.lanes.add(Lane.DECISION)
