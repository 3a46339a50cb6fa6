"""Draws: one in the making for a month and kind, and those that were issued."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from domain.calendar import Month
from domain.draw_basis import Basis
from domain.errors import Conflict
from domain.kinds import Kind
from domain.ports import DrawRecord, Exclusion
from storage.database import Transaction
from storage.repositories.sql import AnyRow, InsertNew, untyped, write_over
from storage.tables import audits
from storage.tables import draw_previews as previews
from storage.tables import draws as table

_ALL = untyped(select(table))
_ONE = _ALL.where(table.c.id == bindparam("id"))
OF_MONTH = (
    _ALL.where(
        table.c.month == bindparam("month", type_=table.c.month.type), table.c.kind == bindparam("kind")
    )
    .order_by(table.c.id.desc())
    .limit(1)
)
_ADD = InsertNew(table)
_ADD_PREVIEW = insert(previews)
_PREVIEW = select(previews.c.basis).where(
    previews.c.draw_id == bindparam("draw"), previews.c.version == bindparam("version")
)
ISSUED = select(func.count()).where(audits.c.draw_id == bindparam("draw"))
_SAVE = update(table).where(table.c.id == bindparam("draw"), table.c.version == bindparam("seen"))
_PLAIN = ("month", "seed", "options", "digest", "previews", "made_by_id", "made_at", "issued_at", "issued_by_id",
          "theme")  # fmt: skip


def _record(row: AnyRow) -> DrawRecord:
    return DrawRecord(
        id=row.id,
        kind=Kind(row.kind),
        exclusions=tuple(Exclusion(ref, reason) for ref, reason in json.loads(row.exclusions)),
        pool=tuple(json.loads(row.pool)),
        version=row.version,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _values(record: DrawRecord, version: int) -> dict[str, Any]:
    return {
        **{name: getattr(record, name) for name in _PLAIN},
        "kind": record.kind.value,
        "exclusions": json.dumps([[one.child_ref, one.reason] for one in record.exclusions]),
        "pool": json.dumps(record.pool),
        "version": version,
    }


def _save(connection: Connection, record: DrawRecord) -> DrawRecord:
    subject = f"{record.month} {record.kind}"
    values = _values(record, record.version + 1)
    if record.version:
        write_over(connection, _SAVE, values | {"draw": record.id, "seen": record.version}, subject)
        return replace(record, version=record.version + 1)
    number = _ADD.one(connection, values)
    if number is None:
        raise Conflict(ref=subject)
    return replace(record, id=number, version=1)


class SqlDraws:
    """See `domain.ports.Draws`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_month(self, month: Month, kind: Kind) -> DrawRecord | None:
        values = {"month": month, "kind": kind.value}
        row = await self._transaction.run(lambda c: c.execute(OF_MONTH, values).first())
        return _record(row) if row else None

    async def save(self, record: DrawRecord) -> DrawRecord:
        return await self._transaction.run(lambda c: _save(c, record))

    async def keep_basis(self, record: DrawRecord, basis: Basis) -> None:
        values = {"draw_id": record.id, "version": record.version, "basis": basis.as_text()}
        await self._transaction.run(lambda c: c.execute(_ADD_PREVIEW, values))

    async def basis(self, draw_id: int, version: int) -> Basis | None:
        values = {"draw": draw_id, "version": version}
        text = await self._transaction.run(lambda c: c.execute(_PREVIEW, values).scalar())
        return Basis.read(text) if text is not None else None

    async def issued(self, draw_id: int) -> int:
        return await self._transaction.run(lambda c: c.execute(ISSUED, {"draw": draw_id}).scalar_one())

    async def get(self, draw_id: int) -> DrawRecord | None:
        row = await self._transaction.run(lambda c: c.execute(_ONE, {"id": draw_id}).first())
        return _record(row) if row else None
