"""The first answer to each activity, so that a repeat of it does nothing and says the same (faults 8-9, 40)."""

import json
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, select

from domain.errors import Conflict, Replayed
from domain.ports import Once, Outcome
from storage.database import Transaction
from storage.repositories.sql import InsertNew
from storage.tables import answers as table

_FIND = select(table.c.digest, table.c.outcome).where(table.c.key == bindparam("key"))
_ADD = InsertNew(table, returning="key")
_PRUNE = delete(table).where(table.c.at < bindparam("before", type_=table.c.at.type))


def _key(once: Once) -> str:
    return sha256(once.key.encode()).hexdigest()


def _find(connection: Connection, once: Once) -> Outcome | None:
    row = connection.execute(_FIND, {"key": _key(once)}).first()
    if row is None:
        return None
    if row.digest != once.digest:
        raise Replayed
    kept = json.loads(row.outcome)
    return Outcome(kept["code"], kept["subject"], kept["facts"])


def _keep(connection: Connection, once: Once, outcome: Outcome, now: datetime) -> None:
    text = json.dumps({"code": outcome.code, "subject": outcome.subject, "facts": dict(outcome.facts)})
    values = {"key": _key(once), "digest": once.digest, "outcome": text, "at": now}
    if _ADD.one(connection, values) is None:
        raise Conflict(why="answered_meanwhile")


class SqlAnswers:
    """See `domain.ports.Answers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, once: Once) -> Outcome | None:
        return await self._transaction.run(lambda c: _find(c, once))

    async def keep(self, once: Once, outcome: Outcome, now: datetime) -> None:
        """Raises Conflict where another commit has answered the same activity meanwhile."""
        await self._transaction.run(lambda c: _keep(c, once, outcome, now))

    async def prune(self, before: datetime) -> int:
        """Forgets older answers (the platform repeats an activity within minutes); how many."""
        return await self._transaction.run(lambda c: c.execute(_PRUNE, {"before": before}).rowcount)
