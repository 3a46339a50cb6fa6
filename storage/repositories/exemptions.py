"""Exemptions and their history."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from domain.calendar import Month
from domain.errors import Conflict
from domain.exemptions import OPEN, WITH, Done, Exemption, State
from domain.people import Level, PersonId
from domain.policy import ReasonClass
from domain.ports import ExemptionFilter, ExemptionStep
from storage.database import Transaction
from storage.repositories.sql import AnyRow, AnySelect, InsertNew, untyped, write_over
from storage.tables import exemption_steps as steps
from storage.tables import exemptions as table
from storage.tables import people, teams

_WRITTEN = tuple(column for column in table.c if column.name not in ("id", "source"))
_ALL = untyped(select(table.c.id, *_WRITTEN))
_ONE = _ALL.where(table.c.id == bindparam("id"))
_APPROVED = _ALL.where(
    table.c.person_id == bindparam("person"),
    table.c.month == bindparam("month", type_=table.c.month.type),
    table.c.state == State.APPROVED.value,
)
_ADD = InsertNew(table)
_SAVE = update(table).where(table.c.id == bindparam("exemption"), table.c.version == bindparam("seen"))
_ADD_STEP = insert(steps)
_HISTORY = untyped(
    select(steps.c.at, steps.c.command, steps.c.by_id, steps.c.for_id, steps.c.note)
    .where(steps.c.exemption_id == bindparam("id"))
    .order_by(steps.c.id)
)
NOBODY = 0
"""In the domain's value: whom an imported exemption asked, where the file does not say."""


def exemption_of(row: AnyRow) -> Exemption:
    return Exemption(
        id=row.id,
        person_id=row.person_id,
        requested_by_id=row.requested_by_id,
        month=row.month,
        reason=row.reason,
        reason_class=ReasonClass(row.reason_class),
        explanation=row.explanation,
        state=State(row.state),
        level=Level(row.level),
        approver_id=row.approver_id or NOBODY,
        requested_at=row.requested_at,
        step_since=row.step_since,
        last_week=row.last_week,
        after_issue=row.after_issue,
        chases=row.chases,
        chased_at=row.chased_at,
        note=row.note,
        decided_by_id=row.decided_by_id,
        decided_for_id=row.decided_for_id,
        decided_at=row.decided_at,
        version=row.version,
    )


def _values(exemption: Exemption) -> dict[str, Any]:
    values = {column.name: getattr(exemption, column.name) for column in _WRITTEN}
    codes = {name: str(values[name]) for name in ("reason_class", "state", "level")}
    return values | codes | {"approver_id": exemption.approver_id or None}


def _add(connection: Connection, exemption: Exemption) -> Exemption:
    number = _ADD.one(connection, _values(exemption) | {"version": 1})
    if number is None:
        raise Conflict(month=str(exemption.month))
    line = {
        "exemption_id": number,
        "at": exemption.requested_at,
        "command": "request",
        "by_id": exemption.requested_by_id,
        "note": exemption.explanation,
    }
    connection.execute(_ADD_STEP, line)
    return replace(exemption, id=number, version=1)


def _save(connection: Connection, done: Done) -> Exemption:
    saved = replace(done.exemption, version=done.exemption.version + 1)
    keys = {"exemption": saved.id, "seen": done.exemption.version}
    write_over(connection, _SAVE, _values(saved) | keys, saved.ref)
    line = {
        "exemption_id": saved.id,
        "at": done.at,
        "command": done.command.value,
        "by_id": done.by.by_id if done.by else None,
        "for_id": done.by.for_id if done.by else None,
        "note": done.note,
    }
    connection.execute(_ADD_STEP, line)
    return saved


def _states(wanted: ExemptionFilter) -> frozenset[State] | None:
    """The states that can match at all; None for any."""
    conditions: list[frozenset[State]] = []
    if wanted.open_only:
        conditions.append(OPEN)
    if wanted.states is not None:
        conditions.append(frozenset(State(state) for state in wanted.states))
    if wanted.approver_ids is not None:
        conditions.append(frozenset(WITH.values()))
    return frozenset[State].intersection(*conditions) if conditions else None


def _within(wanted: ExemptionFilter) -> ColumnElement[bool] | None:
    """By the person's team, or by being a party; None where neither is asked."""
    parties = (table.c.person_id, table.c.requested_by_id)
    either: list[ColumnElement[bool]] = []
    if wanted.within is not None:
        reach = wanted.within
        either.append(teams.c.name.in_(sorted(reach.teams)))
        either.append(teams.c.service.in_(sorted(reach.services)))
        either.append(teams.c.directorate.in_(sorted(reach.directorates)))
    if wanted.or_party is not None:
        either += [column == wanted.or_party for column in parties]
    return or_(*either) if either else None


def _conditions(wanted: ExemptionFilter) -> list[ColumnElement[bool]]:
    equal: Mapping[str, object] = {
        "month": wanted.month,
        "reason": wanted.reason,
        "person_id": wanted.person_id,
        "requested_by_id": wanted.requested_by,
    }
    found = [table.c[name] == value for name, value in equal.items() if value is not None]
    states = _states(wanted)
    if states is not None:
        found.append(table.c.state.in_(sorted(state.value for state in states)))
    if wanted.approver_ids is not None:
        found.append(table.c.approver_id.in_(sorted(wanted.approver_ids)))
    if wanted.not_party is not None:
        found += [table.c.person_id != wanted.not_party, table.c.requested_by_id != wanted.not_party]
    within = _within(wanted)
    return found if within is None else [*found, within]


def _scope(statement: AnySelect, wanted: ExemptionFilter) -> AnySelect:
    if wanted.within is not None:
        statement = statement.join(people, people.c.id == table.c.person_id).outerjoin(
            teams, teams.c.id == people.c.team_id
        )
    return statement.where(*_conditions(wanted))


def _find(
    connection: Connection, wanted: ExemptionFilter, limit: int, offset: int
) -> tuple[list[Exemption], int]:
    page = _scope(_ALL, wanted).order_by(table.c.requested_at, table.c.id).limit(limit).offset(offset)
    found = [exemption_of(row) for row in connection.execute(page)]
    if offset == 0 and len(found) < limit:
        return found, len(found)
    count = _scope(untyped(select(func.count()).select_from(table)), wanted)
    return found, connection.execute(count).scalar_one()


class SqlExemptions:
    """See `domain.ports.Exemptions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, exemption: Exemption) -> Exemption:
        return await self._transaction.run(lambda c: _add(c, exemption))

    async def get(self, exemption_id: int) -> Exemption | None:
        row = await self._transaction.run(lambda c: c.execute(_ONE, {"id": exemption_id}).first())
        return exemption_of(row) if row else None

    async def save(self, done: Done) -> Exemption:
        return await self._transaction.run(lambda c: _save(c, done))

    async def history(self, exemption_id: int) -> list[ExemptionStep]:
        return await self._transaction.run(
            lambda c: [
                ExemptionStep(row.at, row.command, row.by_id, row.for_id, row.note)
                for row in c.execute(_HISTORY, {"id": exemption_id})
            ]
        )

    async def find(
        self, wanted: ExemptionFilter, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Exemption], int]:
        return await self._transaction.run(lambda c: _find(c, wanted, limit, offset))

    async def approved_for(self, person_id: PersonId, month: Month) -> Exemption | None:
        values = {"person": person_id, "month": month}
        row = await self._transaction.run(lambda c: c.execute(_APPROVED, values).first())
        return exemption_of(row) if row else None
