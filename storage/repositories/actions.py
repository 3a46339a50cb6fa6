"""Actions of the tracker, brought in line with the return that asks for them."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, update

from domain.audits import Audit
from domain.ports import Action
from domain.returns import PlannedAction, Return
from storage.database import Transaction
from storage.references import ACTION
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, next_number, one_of, untyped, write_over
from storage.tables import actions as table
from storage.tables import teams

_PLAIN = ("id", "ref", "description", "raised_on", "due_on", "audit_id", "audit_ref", "number", "concern_ref",
          "child_ref", "owner_id", "done_on", "verified_on", "dropped_on", "version")  # fmt: skip
OF_AUDIT = untyped(
    select(
        *(table.c[name] for name in _PLAIN),
        table.c.team_id,
        teams.c.name.label("team_name"),
        teams.c.area,
        teams.c.service,
        teams.c.directorate,
    )
    .select_from(table.outerjoin(teams, teams.c.id == table.c.team_id))
    .where(table.c.audit_id == bindparam("audit"))
    .order_by(table.c.number, table.c.id)
)
_UNDONE = case((table.c.done_on.is_(None), 1), else_=0)
COUNTS = untyped(
    select(
        table.c.audit_id,
        func.sum(_UNDONE).label("open"),
        func.sum(1 - _UNDONE).label("done"),
    )
    .where(table.c.audit_id.in_(one_of("ids")), table.c.dropped_on.is_(None))
    .group_by(table.c.audit_id)
)
LAST_NUMBER = select(func.max(table.c.number_in_ref))
_ADD = insert(table)
_SAVE = update(table).where(table.c.id == bindparam("action"), table.c.version == bindparam("seen"))


def _action(row: AnyRow) -> Action:
    team = team_of(row.team_id, row.team_name, row.area, row.service, row.directorate)
    return Action(team=team, **{name: getattr(row, name) for name in _PLAIN})


def _of_audit(connection: Connection, audit_id: int) -> list[Action]:
    return [_action(row) for row in connection.execute(OF_AUDIT, {"audit": audit_id})]


def _changes(known: list[Action], filled: Return, day: date) -> Iterator[tuple[Action, dict[str, Any]]]:
    """What differs, of the return's own actions that are not done (those without a number came by a file): one that is
    back on the return is no longer dropped."""
    planned = {one.number: one for one in filled.actions}
    for action in known:
        if action.done_on is not None or action.number is None:
            continue
        wanted = planned.get(action.number)
        if wanted is None:
            if action.dropped_on is None:
                yield action, {"dropped_on": day}
        elif _differs(action, wanted):
            yield (
                action,
                {
                    "description": wanted.description,
                    "owner_id": wanted.owner_id,
                    "due_on": wanted.due_on,
                    "dropped_on": None,
                },
            )


def _differs(action: Action, wanted: PlannedAction) -> bool:
    held = (action.description, action.owner_id, action.due_on)
    return action.dropped_on is not None or held != (wanted.description, wanted.owner_id, wanted.due_on)


def _new(audit: Audit, wanted: PlannedAction, number: int, day: date) -> dict[str, Any]:
    return {
        "ref": f"{ACTION}-{number}",
        "number_in_ref": number,
        "audit_id": audit.id,
        "audit_ref": audit.ref,
        "number": wanted.number,
        "child_ref": audit.child_ref,
        "team_id": audit.team.id if audit.team else None,
        "owner_id": wanted.owner_id,
        "description": wanted.description,
        "raised_on": day,
        "due_on": wanted.due_on,
    }


def _put(connection: Connection, audit: Audit, filled: Return, day: date) -> list[Action]:
    known = _of_audit(connection, audit.id)
    for action, changed in _changes(known, filled, day):
        keys = {"action": action.id, "seen": action.version, "version": action.version + 1}
        write_over(connection, _SAVE, changed | keys, action.ref)
    numbers = {action.number for action in known}
    added = [planned for planned in filled.actions if planned.number not in numbers]
    if added:
        low = next_number(connection, LAST_NUMBER)
        connection.execute(_ADD, [_new(audit, one, low + place, day) for place, one in enumerate(added)])
    return [action for action in _of_audit(connection, audit.id) if action.dropped_on is None]


class SqlActions:
    """See `domain.ports.Actions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_audit(self, audit_id: int, *, dropped: bool = False) -> list[Action]:
        found = await self._transaction.run(lambda c: _of_audit(c, audit_id))
        return [action for action in found if (action.dropped_on is not None) is dropped]

    async def counts(self, audit_ids: Collection[int]) -> dict[int, tuple[int, int]]:
        wanted = {"ids": sorted(set(audit_ids))}
        return await self._transaction.run(
            lambda c: {row.audit_id: (row.open, row.done) for row in c.execute(COUNTS, wanted)}
        )

    async def put(self, audit: Audit, filled: Return, day: date) -> list[Action]:
        return await self._transaction.run(lambda c: _put(c, audit, filled, day))
