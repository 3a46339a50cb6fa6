"""Which children are due another look, asked of the database as `domain.reaudits` says it (a test holds the two
together): the list is opened often, and a council's Inadequates are thousands in the end."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Table,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from domain.audits import Audit
from domain.kinds import GRADED, Kind
from domain.people import Reach
from storage.repositories.audit_rows import AUDIT, REACHED, WITH_TEAM, audit_of
from storage.repositories.filters import Filtered, given, reach_values
from storage.repositories.sql import AnySelect, one_of, untyped
from storage.tables import audits as table


class _FirstDay(FunctionElement[Any]):
    """The first day of a month's column."""

    type = Date()
    inherit_cache = True


@compiles(_FirstDay, "sqlite")
def _as_text(element: _FirstDay, compiler: SQLCompiler, **kw: Any) -> str:
    """SQLite keeps a date as text."""
    return f"({compiler.process(element.clauses, **kw)} || '-01')"


@compiles(_FirstDay, "postgresql")
def _as_date(element: _FirstDay, compiler: SQLCompiler, **kw: Any) -> str:
    return f"to_date({compiler.process(element.clauses, **kw)}, 'YYYY-MM')"


def _on(audits: Any) -> ColumnElement[Any]:
    """When it was graded, or the month it was of."""
    return func.coalesce(audits.c.returned_on, _FirstDay(audits.c.month))


def _counts(audits: Any) -> ColumnElement[Any]:
    return func.coalesce(audits.c.final_grade, audits.c.moderated_grade, audits.c.grade)


def _later_grade(than: Table) -> ColumnElement[bool]:
    later = table.alias("later")
    newer = or_(_on(later) > _on(than), and_(_on(later) == _on(than), later.c.id > than.c.id))
    grades = _counts(later).in_([grade.value for grade in GRADED])
    return exists(
        select(later.c.id).where(
            later.c.child_ref == than.c.child_ref, later.c.kind.in_(one_of("kinds")), grades, newer
        )
    )


def _open_reaudit(of: Table) -> ColumnElement[bool]:
    waits = table.alias("waits")
    there = (waits.c.kind == Kind.REAUDIT.value, waits.c.state.in_(["issued", "freed"]))
    return exists(select(waits.c.id).where(waits.c.child_ref == of.c.child_ref, *there))


_DUE = (
    # as it stands in the index, and not as a value of the statement: the database cannot use it otherwise
    _counts(table) == literal_column("'inadequate'"),
    table.c.child_ref.is_not(None),
    table.c.kind.in_(one_of("kinds")),
    ~_open_reaudit(table),
    ~_later_grade(table),
)
_COUNT = select(func.count())
_FIND = Filtered(
    (AUDIT.where(*_DUE), untyped(_COUNT.select_from(table).where(*_DUE))),
    (AUDIT.where(*_DUE), untyped(_COUNT.select_from(WITH_TEAM).where(*_DUE))),
    all_of={},
    any_of=REACHED,
    orders={"waiting": (_on(table), table.c.id)},
)


def questions(
    kinds: Collection[Kind], within: Reach | None, *, limit: int, offset: int
) -> tuple[AnySelect, AnySelect, dict[str, Any]]:
    """The page, the count, and the values of both."""
    return _FIND.questions(_values(kinds, within), limit=limit, offset=offset, order="waiting")


def _values(kinds: Collection[Kind], within: Reach | None) -> dict[str, Any]:
    return given({"kinds": sorted(kind.value for kind in kinds), **reach_values(within)})


def find_due(
    connection: Connection, kinds: Collection[Kind], within: Reach | None, limit: int, offset: int
) -> tuple[list[Audit], int]:
    values = _values(kinds, within)
    rows, count = _FIND.find(connection, values, limit=limit, offset=offset, order="waiting")
    return [audit_of(row) for row in rows], count
