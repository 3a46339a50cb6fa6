"""What social workers and managers gave to an audit."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.errors import Conflict
from domain.participation import Contribution, Part
from storage.database import Transaction
from storage.repositories.sql import AnyRow, InsertNew, untyped, write_over
from storage.tables import contributions as table

OF_AUDIT = untyped(select(table)).where(table.c.audit_id == bindparam("audit")).order_by(table.c.person_id)
_ADD = InsertNew(table, returning="person_id")
_SAVE = update(table).where(
    table.c.audit_id == bindparam("audit"),
    table.c.person_id == bindparam("person"),
    table.c.version == bindparam("seen"),
)


def _contribution(row: AnyRow) -> Contribution:
    return Contribution(
        row.audit_id, row.person_id, Part(row.part), json.loads(row.answers), row.saved_at, row.version
    )


def _save(connection: Connection, given: Contribution) -> Contribution:
    saved = replace(given, version=given.version + 1)
    values: dict[str, Any] = {
        "part": given.part.value,
        "answers": json.dumps(dict(given.answers)),
        "saved_at": given.saved_at,
        "version": saved.version,
    }
    ref = str(given.audit_id)
    if given.version:
        keys = {"audit": given.audit_id, "person": given.person_id, "seen": given.version}
        write_over(connection, _SAVE, values | keys, ref)
    elif _ADD.one(connection, values | {"audit_id": given.audit_id, "person_id": given.person_id}) is None:
        raise Conflict(ref=ref)
    return saved


class SqlContributions:
    """See `domain.ports.Contributions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_audit(self, audit_id: int) -> list[Contribution]:
        return await self._transaction.run(
            lambda c: [_contribution(row) for row in c.execute(OF_AUDIT, {"audit": audit_id})]
        )

    async def save(self, given: Contribution) -> Contribution:
        return await self._transaction.run(lambda c: _save(c, given))
