"""What auditors ask for about their audits: more time, or a change."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, select, update

from domain.errors import Conflict
from domain.people import Reach
from domain.requests import Request, RequestState, Wish
from storage.database import Transaction
from storage.repositories.sql import AnyRow, InsertNew, one_of, untyped, write_over
from storage.tables import audit_requests as table
from storage.tables import audits, people, teams

_PLAIN = ("audit_id", "asked_by_id", "asked_at", "explanation", "reason", "wanted_on", "agreed_on", "decided_by_id",
          "decided_at", "note")  # fmt: skip
_ALL = untyped(select(table, audits.c.ref.label("audit_ref")).join(audits, audits.c.id == table.c.audit_id))
_ONE = _ALL.where(table.c.id == bindparam("id"))
OF_AUDIT = _ALL.where(table.c.audit_id == bindparam("audit")).order_by(table.c.id.desc())
OPEN = (
    _ALL.where(table.c.state.in_([RequestState.OPEN.value]))
    .order_by(table.c.asked_at, table.c.id)
    .limit(bindparam("most", type_=Integer()))
)
_OPEN_IN_SERVICES = (
    OPEN.join(people, people.c.id == audits.c.auditor_id)
    .join(teams, teams.c.id == people.c.team_id)
    .where(teams.c.service.in_(one_of("services")))
)
_ADD = InsertNew(table)
_SAVE = update(table).where(table.c.id == bindparam("request"), table.c.version == bindparam("seen"))


def _request(row: AnyRow) -> Request:
    return Request(
        id=row.id,
        audit_ref=row.audit_ref,
        wish=Wish(row.wish),
        state=RequestState(row.state),
        version=row.version,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _values(request: Request, version: int) -> dict[str, Any]:
    codes = {"wish": request.wish.value, "state": request.state.value, "version": version}
    return {name: getattr(request, name) for name in _PLAIN} | codes


def _add(connection: Connection, request: Request) -> Request:
    number = _ADD.one(connection, _values(request, 1))
    if number is None:
        raise Conflict(ref=request.audit_ref, wish=request.wish.value)
    return replace(request, id=number, version=1)


def _save(connection: Connection, request: Request) -> Request:
    saved = replace(request, version=request.version + 1)
    values = _values(saved, saved.version) | {"request": request.id, "seen": request.version}
    write_over(connection, _SAVE, values, request.audit_ref)
    return saved


class SqlRequests:
    """See `domain.ports.Requests`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, request: Request) -> Request:
        return await self._transaction.run(lambda c: _add(c, request))

    async def get(self, request_id: int) -> Request | None:
        row = await self._transaction.run(lambda c: c.execute(_ONE, {"id": request_id}).first())
        return _request(row) if row else None

    async def of_audit(self, audit_id: int) -> list[Request]:
        return await self._transaction.run(
            lambda c: [_request(row) for row in c.execute(OF_AUDIT, {"audit": audit_id})]
        )

    async def save(self, request: Request) -> Request:
        return await self._transaction.run(lambda c: _save(c, request))

    async def open_within(self, within: Reach | None, *, limit: int = 50) -> list[Request]:
        statement = OPEN if within is None else _OPEN_IN_SERVICES
        values = {"most": limit} | ({} if within is None else {"services": sorted(within.services)})
        return await self._transaction.run(lambda c: [_request(row) for row in c.execute(statement, values)])
