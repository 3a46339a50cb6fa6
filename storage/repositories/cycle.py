"""The audits of everybody: found by any set of conditions, issued together, moved on with a line of their history."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select

from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.cycle import CAME_IN, Done
from domain.kinds import Grade, Kind
from domain.people import PersonId, Reach
from domain.ports import AuditFilter, AuditStep, Beside, NewAudit
from storage.database import Transaction
from storage.references import AUDIT as LETTER
from storage.repositories.audit_rows import AUDIT, REACHED, WITH_TEAM, audit_of, find, save
from storage.repositories.beside import beside
from storage.repositories.filters import Filtered, given, reach_values
from storage.repositories.reaudits import find_due
from storage.repositories.sql import AnyRow, AnySelect, Few, next_number, one_of, untyped
from storage.tables import audit_areas as areas
from storage.tables import audit_steps as steps
from storage.tables import audits as table
from storage.tables import children

MANY = 50
"""From so many audits on, writing them takes longer than the loop may be held."""

_month = table.c.month.type
_later = (table.c.number.is_(None), table.c.number, table.c.ref)
_COUNT = untyped(select(func.count()).select_from(table))
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "month": table.c.month == bindparam("month", type_=_month),
    "first": table.c.month >= bindparam("first", type_=_month),
    "last": table.c.month <= bindparam("last", type_=_month),
    "kinds": table.c.kind.in_(one_of("kinds")),
    "states": table.c.state.in_(one_of("states")),
    "auditor": table.c.auditor_id == bindparam("auditor"),
    "moderator": table.c.moderator_id == bindparam("moderator"),
    "with_moderator": table.c.moderator_id.is_not(None),
    "without_moderator": table.c.moderator_id.is_(None),
    "child": table.c.child_ref == bindparam("child"),
    "of_children": table.c.child_ref.in_(one_of("of_children")),
    "of_teams": table.c.team_id.in_(one_of("of_teams")),
    "about": table.c.about_id == bindparam("about"),
    "social_worker": table.c.child_ref.in_(
        select(children.c.child_ref).where(children.c.social_worker_id == bindparam("social_worker"))
    ),
    "grades": func.coalesce(table.c.final_grade, table.c.moderated_grade, table.c.grade).in_(
        one_of("grades")
    ),
}
_OWNED = or_(table.c.auditor_id == bindparam("owner"), table.c.moderator_id == bindparam("owner"))
_FIND = Filtered(
    (AUDIT, _COUNT),
    (AUDIT, untyped(select(func.count()).select_from(WITH_TEAM))),
    all_of=_CONDITIONS,
    any_of={**REACHED, "owner": _OWNED},
    orders={
        "oldest": (table.c.month, *_later),
        "newest": (table.c.month.desc(), _later[0], table.c.number.desc(), table.c.ref.desc()),
    },
)
LAST_NUMBER = select(func.max(table.c.number))
_BETWEEN = AUDIT.where(table.c.number.between(bindparam("low"), bindparam("high"))).order_by(table.c.number)
_ISSUE = insert(table)
ADD_STEPS = insert(steps)
HISTORY = untyped(
    select(steps.c.at, steps.c.command, steps.c.by_id, steps.c.for_id, steps.c.note, steps.c.facts)
    .where(steps.c.audit_id == bindparam("audit"))
    .order_by(steps.c.id)
)
_CAME_IN = untyped(
    select(steps.c.audit_id, func.max(steps.c.at).label("at"))
    .join(table, table.c.id == steps.c.audit_id)
    .where(
        table.c.month == bindparam("month", type_=_month),
        table.c.kind == bindparam("kind"),
        table.c.state == AuditState.RETURNED.value,
        table.c.moderator_id.is_(None),
        steps.c.command.in_([command.value for command in CAME_IN]),
    )
    .group_by(steps.c.audit_id)
)
REAUDITS = AUDIT.where(table.c.reaudit_of == bindparam("ref")).order_by(*_later)
_AREAS = Few(
    untyped(select(areas.c.audit_id, areas.c.area, areas.c.grade)).order_by(areas.c.audit_id, areas.c.area),
    areas.c.audit_id,
)
_NO_AREAS = delete(areas).where(areas.c.audit_id == bindparam("audit"))


def _codes(values: Collection[Any] | None) -> list[str] | None:
    return None if values is None else sorted(value.value for value in values)


def _given(wanted: AuditFilter) -> dict[str, Any]:
    """The values of the conditions that were given, by their names."""
    first, last = wanted.months or (None, None)
    one_month = first is not None and first == last
    named = wanted.moderator_named
    return given(
        {
            "month": first if one_month else None,
            "first": None if one_month else first,
            "last": None if one_month else last,
            "kinds": _codes(wanted.kinds),
            "states": _codes(wanted.states),
            "auditor": wanted.auditor_id,
            "moderator": wanted.moderator_id,
            "with_moderator": named or None,
            "without_moderator": True if named is False else None,
            "child": wanted.child_ref,
            "of_children": None if wanted.child_refs is None else sorted(wanted.child_refs),
            "of_teams": None if wanted.team_ids is None else sorted(wanted.team_ids),
            "about": wanted.about_id,
            "social_worker": wanted.social_worker_id,
            "grades": _codes(wanted.counted_grades),
            "owner": wanted.or_owner,
            **reach_values(wanted.within),
        }
    )


def questions(
    wanted: AuditFilter, *, limit: int, offset: int, newest_first: bool = False
) -> tuple[AnySelect, AnySelect, dict[str, Any]]:
    """The page, the count, and the values of both."""
    order = "newest" if newest_first else "oldest"
    return _FIND.questions(_given(wanted), limit=limit, offset=offset, order=order)


def _row(new: NewAudit, number: int) -> dict[str, Any]:
    return {
        "ref": f"{LETTER}-{number}",
        "number": number,
        "month": new.month,
        "kind": new.kind.value,
        "state": AuditState.ISSUED.value,
        "child_ref": new.child_ref,
        "team_id": new.team_id,
        "legal_status": new.legal_status,
        "auditor_id": new.auditor_id,
        "issued_on": new.issued_on,
        "reaudit_of": new.reaudit_of,
        "reaudit_number": new.reaudit_number,
        "about_id": new.about_id,
        "theme": new.theme,
        "draw_id": new.draw_id,
    }


def _issue(
    connection: Connection, new: Sequence[NewAudit], by_id: PersonId | None, now: datetime
) -> list[Audit]:
    low = next_number(connection, LAST_NUMBER)
    connection.execute(_ISSUE, [_row(one, low + place) for place, one in enumerate(new)])
    issued = find(connection, _BETWEEN, low=low, high=low + len(new) - 1)
    first_line = {"at": now, "command": "issue", "by_id": by_id}
    connection.execute(ADD_STEPS, [{**first_line, "audit_id": audit.id} for audit in issued])
    return issued


def _save(connection: Connection, done: Done) -> Audit:
    saved = save(connection, done.audit)
    line = {
        "audit_id": saved.id,
        "at": done.at,
        "command": done.command.value,
        "by_id": done.by_id,
        "for_id": done.for_id,
        "note": done.note,
        "facts": json.dumps(dict(done.facts)),
    }
    connection.execute(ADD_STEPS, line)
    return saved


def _step(row: AnyRow) -> AuditStep:
    return AuditStep(row.at, row.command, row.by_id, row.for_id, row.note, json.loads(row.facts))


def _save_areas(connection: Connection, audit_id: int, graded: Mapping[str, Grade]) -> None:
    connection.execute(_NO_AREAS, {"audit": audit_id})
    if graded:
        rows = [{"audit_id": audit_id, "area": area, "grade": grade.value} for area, grade in graded.items()]
        connection.execute(insert(areas), rows)


def _areas(connection: Connection, audit_ids: list[int]) -> dict[int, dict[str, Grade]]:
    found: dict[int, dict[str, Grade]] = {}
    for start in range(0, len(audit_ids), 500):
        for row in _AREAS.rows(connection, audit_ids[start : start + 500]):
            found.setdefault(row.audit_id, {})[row.area] = Grade(row.grade)
    return found


class SqlCycle:
    """See `domain.ports.Cycle`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(
        self, wanted: AuditFilter, *, limit: int = 50, offset: int = 0, newest_first: bool = False
    ) -> tuple[list[Audit], int]:
        values, order = _given(wanted), "newest" if newest_first else "oldest"

        def work(connection: Connection) -> tuple[list[Audit], int]:
            rows, count = _FIND.find(connection, values, limit=limit, offset=offset, order=order)
            return [audit_of(row) for row in rows], count

        return await self._transaction.run(work, aside=limit > MANY)

    async def issue(self, new: Sequence[NewAudit], by_id: PersonId | None, now: datetime) -> list[Audit]:
        if not new:
            return []
        return await self._transaction.run(lambda c: _issue(c, new, by_id, now), aside=len(new) > MANY)

    async def save(self, done: Done) -> Audit:
        return await self._transaction.run(lambda c: _save(c, done))

    async def beside(self, audit: Audit) -> Beside:
        return await self._transaction.run(lambda c: beside(c, audit))

    async def save_areas(self, audit_id: int, areas: Mapping[str, Grade]) -> None:
        await self._transaction.run(lambda c: _save_areas(c, audit_id, areas))

    async def areas(self, audit_ids: Collection[int]) -> dict[int, dict[str, Grade]]:
        wanted = sorted(set(audit_ids))
        return await self._transaction.run(lambda c: _areas(c, wanted), aside=len(wanted) > MANY)

    async def history(self, audit_id: int) -> list[AuditStep]:
        return await self._transaction.run(
            lambda c: [_step(row) for row in c.execute(HISTORY, {"audit": audit_id})]
        )

    async def came_in(self, month: Month, kind: Kind) -> dict[int, datetime]:
        values = {"month": month, "kind": kind.value}
        rows = await self._transaction.run(lambda c: c.execute(_CAME_IN, values).all(), aside=True)
        return {row.audit_id: row.at for row in rows}

    async def reaudits_of(self, ref: str) -> list[Audit]:
        return await self._transaction.run(lambda c: find(c, REAUDITS, ref=ref))

    async def reaudits_due(
        self, kinds: Collection[Kind], within: Reach | None, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Audit], int]:
        return await self._transaction.run(lambda c: find_due(c, kinds, within, limit, offset), aside=True)
