"""The year's programme: what is planned of each kind in each month."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from domain.calendar import Month
from domain.errors import Conflict
from domain.kinds import Kind
from domain.programme import Planned
from storage.database import Transaction
from storage.repositories.sql import AnyRow, InsertNew, untyped, write_over
from storage.tables import programme as table

_month = table.c.month.type
_BETWEEN = (
    untyped(select(table))
    .where(table.c.month.between(bindparam("first", type_=_month), bindparam("last", type_=_month)))
    .order_by(table.c.month, table.c.kind)
)
_OF_BOTH = (table.c.month == bindparam("of_month", type_=_month), table.c.kind == bindparam("of_kind"))
_ADD = InsertNew(table, returning="kind")
_SAVE = update(table).where(*_OF_BOTH, table.c.version == bindparam("seen"))
_REMOVE = delete(table).where(*_OF_BOTH)


def _planned(row: AnyRow) -> Planned:
    return Planned(
        row.month,
        Kind(row.kind),
        row.expected,
        row.theme,
        tuple(json.loads(row.cohorts)),
        row.note,
        row.version,
    )


def _save(connection: Connection, planned: Planned) -> Planned:
    saved = replace(planned, version=planned.version + 1)
    values: dict[str, Any] = {
        "expected": planned.expected,
        "theme": planned.theme,
        "cohorts": json.dumps(planned.cohorts),
        "note": planned.note,
        "version": saved.version,
    }
    month, kind = planned.month, planned.kind.value
    if planned.version:
        keys = {"of_month": month, "of_kind": kind, "seen": planned.version}
        write_over(connection, _SAVE, values | keys, f"{month} {kind}")
    elif _ADD.one(connection, values | {"month": month, "kind": kind}) is None:
        raise Conflict(ref=f"{month} {kind}")
    return saved


class SqlProgramme:
    """See `domain.ports.Programme`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def between(self, first: Month, last: Month) -> list[Planned]:
        values = {"first": first, "last": last}
        return await self._transaction.run(lambda c: [_planned(row) for row in c.execute(_BETWEEN, values)])

    async def save(self, planned: Planned) -> Planned:
        return await self._transaction.run(lambda c: _save(c, planned))

    async def remove(self, month: Month, kind: Kind) -> None:
        values = {"of_month": month, "of_kind": kind.value}
        await self._transaction.run(lambda c: c.execute(_REMOVE, values).close())
