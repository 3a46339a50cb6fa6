"""The audit trail: append-only, each entry chained to the one before by a hash (invariant I3, fault 62).

What people wrote stands in a side table under a salted digest, and only the digest is in the chain: a text can be
erased without breaking the chain, and cannot be guessed back from it.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from domain.ports import TrailEntry
from storage.database import Transaction
from storage.repositories.sql import AnyRow, untyped
from storage.tables import trail as table
from storage.tables import trail_head, trail_texts

START = "0" * 64
"""What the first entry is chained to."""
_BATCH = 1000

_HEAD = select(trail_head.c.seq, trail_head.c.hash).where(trail_head.c.id == 1)
_LOCKED_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = update(trail_head).where(trail_head.c.id == 1)
_ADD = insert(table)
_ADD_TEXTS = insert(trail_texts)
_NEXT = untyped(select(table)).where(table.c.seq > bindparam("after")).order_by(table.c.seq).limit(_BATCH)
_TEXTS = untyped(select(trail_texts)).where(
    trail_texts.c.seq > bindparam("after"), trail_texts.c.seq <= bindparam("upto")
)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _text_digest(salt: str, text: str) -> str:
    return sha256(f"{salt}{text}".encode()).hexdigest()


def _link(values: Mapping[str, Any]) -> str:
    """The hash of one entry: over every column but itself, `prev` included."""
    at: datetime = values["at"]
    parts = {name: values[name] for name in table.c.keys() if name not in ("hash", "at")}  # noqa: SIM118
    parts["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256(_canonical(parts).encode()).hexdigest()


def append_all(connection: Connection, entries: Sequence[TrailEntry]) -> None:
    """Chains the entries on. Holds the head until the commit: call it last, so that nobody waits for long."""
    head = connection.execute(_LOCKED_HEAD).one()
    seq, prev = head.seq, head.hash
    rows: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for entry in entries:
        seq += 1
        kept = [
            {"seq": seq, "field": name, "salt": secrets.token_hex(16), "text": text}
            for name, text in entry.texts.items()
        ]
        row: dict[str, Any] = {
            "seq": seq,
            "at": entry.at,
            "action": entry.action,
            "subject": entry.subject,
            "actor_id": entry.actor_id,
            "for_id": entry.for_id,
            "facts": _canonical(dict(entry.facts)),
            "text_digests": _canonical({t["field"]: _text_digest(t["salt"], t["text"]) for t in kept}),
            "prev": prev,
        }
        prev = row["hash"] = _link(row)
        rows.append(row)
        texts += kept
    connection.execute(_ADD, rows)
    if texts:
        connection.execute(_ADD_TEXTS, texts)
    connection.execute(_MOVE_HEAD, {"seq": seq, "hash": prev})


class Fault(StrEnum):
    """How an entry does not fit."""

    EDITED = "edited"
    """Its own hash does not match what it says."""
    UNLINKED = "unlinked"
    """It does not follow from the entry before: that one was replaced, or this one put in."""
    REMOVED = "removed"
    INSERTED = "inserted"
    """It stands after the recorded end."""
    TEXT = "text"
    """A text beside it is not the one that was written."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` fit, from the first on; then the first that does not, if any, by its number."""

    entries: int
    seq: int | None = None
    fault: Fault | None = None

    @property
    def whole(self) -> bool:
        return self.fault is None


def verify(connection: Connection) -> Verdict:
    """Walks the chain in bounded memory. The caller's transaction must see one state (see SqlStore.verify_trail)."""
    head = connection.execute(_HEAD).one()
    seq, prev = 0, START
    while rows := connection.execute(_NEXT, {"after": seq}).all():
        texts = _texts_by_entry(connection, seq, rows[-1].seq)
        for row in rows:
            fault = _fault(row, seq + 1, prev, head.seq, texts.get(row.seq, ()))
            if fault is not None:
                broken = seq + 1 if fault is Fault.REMOVED else row.seq
                return Verdict(seq, broken, fault)
            seq, prev = row.seq, row.hash
    if seq < head.seq:
        return Verdict(seq, seq + 1, Fault.REMOVED)
    if prev != head.hash:
        return Verdict(max(0, seq - 1), seq, Fault.UNLINKED)
    return Verdict(seq)


def _texts_by_entry(connection: Connection, after: int, upto: int) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in connection.execute(_TEXTS, {"after": after, "upto": upto}):
        found.setdefault(row.seq, []).append(row)
    return found


def _fault(row: AnyRow, expected: int, prev: str, last: int, texts: Iterable[AnyRow]) -> Fault | None:
    if row.seq > last:
        return Fault.INSERTED
    if row.seq != expected:
        return Fault.REMOVED
    if _link(row._asdict()) != row.hash:
        return Fault.EDITED
    if row.prev != prev:
        return Fault.UNLINKED
    digests: dict[str, str] = json.loads(row.text_digests)
    if any(digests.get(text.field) != _text_digest(text.salt, text.text) for text in texts):
        return Fault.TEXT
    return None


LAST = select(func.coalesce(func.max(table.c.seq), 0)).where(
    table.c.action.in_(bindparam("actions", expanding=True))
)


_LATEST = (
    select(table.c.subject, func.max(table.c.at).label("at"))
    .where(table.c.subject.in_(bindparam("subjects", expanding=True)), table.c.action == bindparam("action"))
    .group_by(table.c.subject)
)


class SqlTrail:
    """See `domain.ports.Trail`. Entries are gathered, and written with the commit: the head is held only then."""

    def __init__(self, transaction: Transaction, *, write: bool) -> None:
        self._transaction = transaction
        self._write = write
        self.gathered: list[TrailEntry] = []

    async def append(self, entry: TrailEntry) -> None:
        if not self._write:
            raise RuntimeError("a reading unit of work never writes")
        self.gathered.append(entry)

    async def last(self, actions: Collection[str]) -> int:
        return await self._transaction.run(lambda c: c.execute(LAST, {"actions": list(actions)}).scalar_one())

    async def latest(self, action: str, subjects: Collection[str]) -> Mapping[str, datetime]:
        values = {"action": action, "subjects": sorted(subjects)}
        rows = await self._transaction.run(lambda c: c.execute(_LATEST, values).all())
        return {row.subject: row.at for row in rows}
