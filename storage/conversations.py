"""Where people and channels can be written to: kept at install and at each message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from domain.people import PersonId
from storage.database import Transaction
from storage.repositories.sql import AnyRow, InsertNew, untyped
from storage.tables import conversations as table

PERSONAL, CHANNEL = "personal", "channel"


@dataclass(frozen=True, slots=True)
class KnownConversation:
    """Plain values, as `bot.turns.Conversation` has them. `person_id` is set on personal ones only."""

    id: str
    kind: str
    service_url: str
    tenant_id: str
    team_id: str | None = None
    person_id: PersonId | None = None


_ALL = untyped(
    select(
        table.c.id,
        table.c.kind,
        table.c.service_url,
        table.c.tenant_id,
        table.c.team_id,
        table.c.person_id,
    ).where(table.c.gone_at.is_(None))
)
_ONE = _ALL.where(table.c.id == bindparam("id"))
_OF_PERSON = (
    _ALL.where(table.c.person_id == bindparam("person"), table.c.kind == PERSONAL)
    .order_by(table.c.updated_at.desc(), table.c.id)
    .limit(1)
)
_NEWEST = untyped(
    select(table.c.service_url).where(table.c.gone_at.is_(None)).order_by(table.c.updated_at.desc()).limit(1)
)
_CHANNELS = _ALL.where(table.c.kind == CHANNEL).order_by(table.c.id)
_ADD = InsertNew(table)
_REFRESH = update(table).where(table.c.id == bindparam("conversation"))
_GONE = update(table).where(table.c.id == bindparam("conversation"), table.c.gone_at.is_(None))
_WELCOME = update(table).where(table.c.id == bindparam("conversation"), table.c.welcomed_at.is_(None))


def _known(row: AnyRow) -> KnownConversation:
    return KnownConversation(row.id, row.kind, row.service_url, row.tenant_id, row.team_id, row.person_id)


def _remember(connection: Connection, known: KnownConversation, now: datetime) -> None:
    values: dict[str, object] = {
        "kind": known.kind,
        "service_url": known.service_url,
        "tenant_id": known.tenant_id,
        "team_id": known.team_id,
        "updated_at": now,
    }
    if known.kind == PERSONAL and known.person_id is not None:
        values["person_id"] = known.person_id
    if _ADD.one(connection, {"id": known.id, **values}) is None:
        connection.execute(_REFRESH, {"conversation": known.id, "gone_at": None, **values})


class SqlConversations:
    """Part of a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def remember(self, known: KnownConversation, now: datetime) -> None:
        """The newest address wins; one that was gone lives again. A person once known stays (a message by
        somebody unknown in the same chat cannot happen, a missing id in an event can)."""
        await self._transaction.run(lambda c: _remember(c, known, now))

    async def get(self, conversation_id: str) -> KnownConversation | None:
        row = await self._transaction.run(lambda c: c.execute(_ONE, {"id": conversation_id}).first())
        return _known(row) if row else None

    async def of_person(self, person_id: PersonId) -> KnownConversation | None:
        """The personal chat that was heard of last."""
        row = await self._transaction.run(lambda c: c.execute(_OF_PERSON, {"person": person_id}).first())
        return _known(row) if row else None

    async def newest_service_url(self) -> str | None:
        """Where the tenant was heard from last: good for opening a chat with somebody who never wrote."""
        return await self._transaction.run(lambda c: c.execute(_NEWEST).scalar())

    async def channels(self) -> list[KnownConversation]:
        """Where the bot is installed for a team."""
        return await self._transaction.run(lambda c: [_known(row) for row in c.execute(_CHANNELS)])

    async def mark_gone(self, conversation_id: str, now: datetime) -> None:
        values = {"conversation": conversation_id, "gone_at": now}
        await self._transaction.run(lambda c: c.execute(_GONE, values))

    async def welcome_once(self, conversation_id: str, now: datetime) -> bool:
        """True only the first time, whoever asks: the event of an install comes again and again."""
        values = {"conversation": conversation_id, "welcomed_at": now}
        return await self._transaction.run(lambda c: c.execute(_WELCOME, values).rowcount == 1)
