"""The tracker of children of concern, and when each alert is due next."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, exists, func, or_, select

from domain.calendar import Month, local_date
from domain.concern_workflow import Command, Done
from domain.concerns import OPEN, PREFIX, Category, Concern, State
from domain.errors import Conflict
from domain.policy import Policy
from domain.ports.concerns import ConcernFact, ConcernFilter, ConcernStep, NewConcern
from storage.database import Transaction
from storage.repositories.audit_rows import REACHED
from storage.repositories.concern_rows import CONCERN_ROW, WITH_TEAM, add, concern_of, number_of, save
from storage.repositories.filters import Filtered, given, reach_values
from storage.repositories.parts import in_parts
from storage.repositories.sql import AnyRow, one_of, untyped
from storage.tables import children, teams
from storage.tables import concern_steps as steps
from storage.tables import concerns as table

_any_case = func.lower(table.c.child_ref)
_child = func.lower(bindparam("child", type_=table.c.child_ref.type))
_open = table.c.state.in_([state.value for state in sorted(OPEN)])
_day, _instant = table.c.identified_on.type, table.c.state_since.type
_most = bindparam("most", type_=Integer())

ONE = CONCERN_ROW.where(table.c.id == bindparam("number"))
OPEN_OF = CONCERN_ROW.where(_any_case == _child, _open).order_by(table.c.id.desc())
OF_AUDIT = CONCERN_ROW.where(table.c.audit_ref == bindparam("audit")).order_by(table.c.id.desc())
HISTORY = untyped(
    select(steps.c.at, steps.c.command, steps.c.by_id, steps.c.for_id, steps.c.note, steps.c.facts)
    .where(steps.c.concern_id == bindparam("concern"))
    .order_by(steps.c.id)
)
CLIMB_DUE = untyped(
    select(table.c.id)
    .where(table.c.alert_next_at <= bindparam("now", type_=_instant))
    .order_by(table.c.alert_next_at, table.c.id)
    .limit(_most)
)
CLIMBING = untyped(
    select(table.c.id, table.c.alert_since, table.c.alert_steps)
    .where(table.c.alert_next_at.is_not(None))
    .order_by(table.c.alert_next_at, table.c.id)
    .limit(_most)
)
NEXT_CLIMB = select(func.min(table.c.alert_next_at)).where(table.c.alert_next_at.is_not(None))
_before = bindparam("before", type_=_instant)
TO_REMIND = (
    CONCERN_ROW.where(
        _open,
        or_(
            table.c.respond_by < bindparam("today", type_=_day),
            and_(
                table.c.state_since < _before,
                or_(table.c.reminded_at.is_(None), table.c.reminded_at < _before),
            ),
        ),
    )
    .order_by(table.c.category, table.c.identified_on, table.c.id)
    .limit(_most)
)
FACTS = untyped(
    select(
        table.c.id,
        table.c.category,
        table.c.state,
        table.c.identified_on,
        table.c.removed_at,
        table.c.legal_status,
        teams.c.name.label("team_name"),
        teams.c.service,
        teams.c.area,
    )
    .select_from(WITH_TEAM)
    .order_by(table.c.id)
)

_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "categories": table.c.category.in_(one_of("categories")),
    "states": table.c.state.in_(one_of("states")),
    "identified_from": table.c.identified_on >= bindparam("identified_from", type_=_day),
    "identified_to": table.c.identified_on <= bindparam("identified_to", type_=_day),
    "child": _any_case == _child,
    "of_teams": table.c.team_id.in_(one_of("of_teams")),
    "of_services": teams.c.service.in_(one_of("of_services")),
    "unanswered": table.c.respond_by.is_not(None),
}
_OWNED = or_(
    table.c.raised_by_id == bindparam("owner"),
    exists().where(
        steps.c.concern_id == table.c.id,
        steps.c.command == Command.RAISE_AGAIN.value,
        steps.c.by_id == bindparam("owner"),
    ),
    exists().where(
        func.lower(children.c.child_ref) == _any_case, children.c.social_worker_id == bindparam("owner")
    ),
)
_COUNT = untyped(select(func.count()).select_from(WITH_TEAM))
_BY = (table.c.category, table.c.state, table.c.identified_on)
_GROUPED = untyped(select(*_BY, func.count().label("of")).select_from(WITH_TEAM).group_by(*_BY))
_ANY_OF = {**REACHED, "owner": _OWNED}
_FIND = Filtered(
    (CONCERN_ROW, _COUNT),
    (CONCERN_ROW, _COUNT),
    all_of=_CONDITIONS,
    any_of=_ANY_OF,
    orders={"": (table.c.category, table.c.identified_on, table.c.id)},
)
_COUNTED = Filtered(
    (_GROUPED, _COUNT), (_GROUPED, _COUNT), all_of=_CONDITIONS, any_of=_ANY_OF, orders={"": _BY}
)
_EVERY = 1_000_000
"""More groups than there can be days and states."""


def _given(wanted: ConcernFilter) -> dict[str, Any]:
    """The values of the conditions that were given, by their names."""
    first, last = wanted.identified or (None, None)
    return given(
        {
            "categories": None if wanted.categories is None else sorted(map(int, wanted.categories)),
            "states": None if wanted.states is None else sorted(state.value for state in wanted.states),
            "identified_from": first.first if first else None,
            "identified_to": last.last if last else None,
            "child": None if wanted.child_ref is None else wanted.child_ref.strip(),
            "of_teams": _sorted(wanted.team_ids),
            "of_services": _sorted(wanted.services),
            "unanswered": wanted.unanswered or None,
            "owner": wanted.or_owner,
            **reach_values(wanted.within),
        }
    )


def _sorted(values: Collection[Any] | None) -> list[Any] | None:
    return None if values is None else sorted(values)


def questions(wanted: ConcernFilter, *, limit: int, offset: int) -> tuple[Any, Any, dict[str, Any]]:
    """The page, the count, and the values of both."""
    return _FIND.questions(_given(wanted), limit=limit, offset=offset)


def _find(
    connection: Connection, wanted: ConcernFilter, limit: int, offset: int
) -> tuple[list[Concern], int]:
    rows, count = _FIND.find(connection, _given(wanted), limit=limit, offset=offset)
    return [concern_of(row) for row in rows], count


def _counted(connection: Connection, wanted: ConcernFilter) -> list[tuple[Category, State, Month, int]]:
    rows, _ = _COUNTED.find(connection, _given(wanted), limit=_EVERY, offset=0)
    found: Counter[tuple[Category, State, Month]] = Counter()
    for category, state, identified_on, of in rows:
        found[Category(category), State(state), Month.of(identified_on)] += of
    return [(*key, of) for key, of in found.items()]


def _raise(connection: Connection, new: NewConcern, now: datetime) -> Concern:
    number = add(connection, new, now)
    if number is None:
        raise Conflict(child_ref=new.child_ref)
    found = _first(connection, ONE, number=number)
    assert found is not None
    return found


def _first(connection: Connection, statement: Any, **values: Any) -> Concern | None:
    row = connection.execute(statement, values).first()
    return concern_of(row) if row else None


def _step(row: AnyRow) -> ConcernStep:
    return ConcernStep(row.at, row.command, row.by_id, row.for_id, row.note, json.loads(row.facts))


def _fact(row: AnyRow) -> ConcernFact:
    return ConcernFact(
        ref=f"{PREFIX}{row.id}",
        category=Category(row.category),
        state=State(row.state),
        identified_on=row.identified_on,
        removed_on=local_date(row.removed_at) if row.removed_at else None,
        team=row.team_name,
        service=row.service,
        area=row.area,
        legal_status=row.legal_status,
    )


class SqlConcerns:
    """See `domain.ports.Concerns`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> Concern | None:
        number = number_of(ref)
        if number is None:
            return None
        return await self._transaction.run(lambda c: _first(c, ONE, number=number))

    async def open_of(self, child_ref: str) -> Concern | None:
        return await self._transaction.run(lambda c: _first(c, OPEN_OF, child=child_ref.strip()))

    async def of_audit(self, audit_ref: str) -> Concern | None:
        return await self._transaction.run(lambda c: _first(c, OF_AUDIT, audit=audit_ref))

    async def raise_(self, new: NewConcern, now: datetime) -> Concern:
        return await self._transaction.run(lambda c: _raise(c, new, now))

    async def save(self, done: Done, policy: Policy) -> Concern:
        return await self._transaction.run(lambda c: save(c, done, policy.concerns))

    async def history(self, concern_id: int) -> list[ConcernStep]:
        return await self._transaction.run(
            lambda c: [_step(row) for row in c.execute(HISTORY, {"concern": concern_id})]
        )

    async def find(
        self, wanted: ConcernFilter, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Concern], int]:
        return await self._transaction.run(lambda c: _find(c, wanted, limit, offset))

    async def counted(self, wanted: ConcernFilter) -> list[tuple[Category, State, Month, int]]:
        return await self._transaction.run(lambda c: _counted(c, wanted))

    async def climb_due(self, now: datetime, limit: int = 100) -> list[str]:
        values = {"now": now, "most": limit}
        return await self._transaction.run(
            lambda c: [f"{PREFIX}{number}" for number in c.execute(CLIMB_DUE, values).scalars()]
        )

    async def climbing(self, limit: int = 100) -> list[tuple[str, datetime, int]]:
        rows = await self._transaction.run(lambda c: c.execute(CLIMBING, {"most": limit}).all())
        return [(f"{PREFIX}{row.id}", row.alert_since, row.alert_steps) for row in rows]

    async def to_remind(self, today: date, before: datetime, limit: int = 500) -> list[Concern]:
        values = {"today": today, "before": before, "most": limit}
        return await self._transaction.run(
            lambda c: [concern_of(row) for row in c.execute(TO_REMIND, values)]
        )

    async def facts(self) -> list[ConcernFact]:
        return await in_parts(self._transaction, FACTS, {}, _fact)

    async def next_climb_due(self) -> datetime | None:
        return await self._transaction.run(lambda c: c.execute(NEXT_CLIMB).scalar())
