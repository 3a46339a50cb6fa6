"""Exemptions and their history."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from domain.calendar import Month
from domain.errors import Conflict
from domain.exemptions import OPEN, WITH, Done, Exemption, State
from domain.people import LEADING, Level, PersonId
from domain.policy import ReasonClass
from domain.ports import ExemptionFilter, ExemptionStep
from storage.database import Transaction
from storage.repositories.filters import Filtered, given, reach_values
from storage.repositories.sql import AnyRow, AnySelect, InsertNew, one_of, untyped, write_over
from storage.tables import exemption_steps as steps
from storage.tables import exemptions as table
from storage.tables import people, person_roles, teams

_WRITTEN = tuple(column for column in table.c if column.name not in ("id", "source"))
_ALL = untyped(select(table.c.id, *_WRITTEN))
_ONE = _ALL.where(table.c.id == bindparam("id"))
_OF_PERSON = _ALL.where(
    table.c.person_id == bindparam("person"),
    table.c.month == bindparam("month", type_=table.c.month.type),
).order_by(table.c.requested_at, table.c.id)
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


def _given(wanted: ExemptionFilter) -> dict[str, Any]:
    """The values of the conditions that were given, by the names of `_CONDITIONS`."""
    states = _states(wanted)
    values: dict[str, Any] = {
        "month": wanted.month,
        "reason": wanted.reason,
        "person": wanted.person_id,
        "requested_by": wanted.requested_by,
        "states": None if states is None else sorted(state.value for state in states),
        "approvers": None if wanted.approver_ids is None else sorted(wanted.approver_ids),
        "not_party": wanted.not_party,
        "party": wanted.or_party,
        **reach_values(wanted.within),
    }
    return given(values)


_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "month": table.c.month == bindparam("month", type_=table.c.month.type),
    "reason": table.c.reason == bindparam("reason"),
    "person": table.c.person_id == bindparam("person"),
    "requested_by": table.c.requested_by_id == bindparam("requested_by"),
    "states": table.c.state.in_(one_of("states")),
    "approvers": table.c.approver_id.in_(one_of("approvers")),
    "not_party": and_(
        table.c.person_id != bindparam("not_party"), table.c.requested_by_id != bindparam("not_party")
    ),
}
_LEADS = exists().where(
    person_roles.c.person_id == people.c.id, person_roles.c.role.in_(sorted(role.value for role in LEADING))
)
# Somebody above a team's manager is not part of what the manager of that team sees.
SCOPE: Mapping[str, ColumnElement[bool]] = {
    "teams": and_(teams.c.name.in_(one_of("teams")), ~_LEADS),
    "services": teams.c.service.in_(one_of("services")),
    "directorates": teams.c.directorate.in_(one_of("directorates")),
    "party": or_(table.c.person_id == bindparam("party"), table.c.requested_by_id == bindparam("party")),
}
"""Any one of these is enough; with the exempted person's team at hand."""


_COUNT = untyped(select(func.count()).select_from(table))


def _of_whom(statement: AnySelect) -> AnySelect:
    return statement.join(people, people.c.id == table.c.person_id).outerjoin(
        teams, teams.c.id == people.c.team_id
    )


_FIND = Filtered(
    (_ALL, _COUNT),
    (_of_whom(_ALL), _of_whom(_COUNT)),
    all_of=_CONDITIONS,
    any_of=SCOPE,
    orders={"": (table.c.requested_at, table.c.id)},
)


def questions(
    wanted: ExemptionFilter, *, limit: int, offset: int
) -> tuple[AnySelect, AnySelect, dict[str, Any]]:
    """The page, the count, and the values of both."""
    return _FIND.questions(_given(wanted), limit=limit, offset=offset)


def _find(
    connection: Connection, wanted: ExemptionFilter, limit: int, offset: int
) -> tuple[list[Exemption], int]:
    rows, count = _FIND.find(connection, _given(wanted), limit=limit, offset=offset)
    return [exemption_of(row) for row in rows], count


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

    async def of_person(self, person_id: PersonId, month: Month) -> list[Exemption]:
        values = {"person": person_id, "month": month}
        return await self._transaction.run(
            lambda c: [exemption_of(row) for row in c.execute(_OF_PERSON, values)]
        )
