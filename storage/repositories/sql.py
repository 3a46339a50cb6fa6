"""What all repositories share: inserting what may be there already, and writing only over the version one has seen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Row,
    Select,
    Table,
    bindparam,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert, Update

from domain.errors import Conflict

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def untyped(statement: Select[*tuple[Any, ...]] | object) -> AnySelect:
    """Columns keep no types here: rows are read by name, in one function for each noun."""
    return cast("AnySelect", statement)


def one_of(name: str) -> BindParameter[Any]:
    """A list given with the statement, for `in_`; an empty one matches nothing."""
    return bindparam(name, expanding=True)


def written(column: ColumnElement[Any], codes: Collection[str]) -> ColumnElement[bool]:
    """One of a few codes of ours, written into the statement as it stands in a partial index: a parameter would hide
    the match."""
    return column.in_([literal_column(repr(str(code)), column.type) for code in sorted(codes)])


class Few:
    """`column IN (…)` for lists that mostly are short. A short one has its statement for its length, which is built
    once: fitting a list into a statement costs as much as asking it."""

    MOST = 8

    def __init__(self, statement: AnySelect, column: ColumnElement[Any]) -> None:
        self._long = statement.where(column.in_(one_of("of")))
        self._short = [
            statement.where(column.in_([bindparam(f"of_{n}", type_=column.type) for n in range(length)]))
            for length in range(1, self.MOST + 1)
        ]

    def rows(self, connection: Connection, wanted: Sequence[Any]) -> Iterable[AnyRow]:
        if not wanted:
            return ()
        if len(wanted) > self.MOST:
            return connection.execute(self._long, {"of": wanted})
        values = {f"of_{n}": value for n, value in enumerate(wanted)}
        return connection.execute(self._short[len(wanted) - 1], values)


class InsertNew:
    """`INSERT … ON CONFLICT DO NOTHING RETURNING id`: unlike an error, it leaves PostgreSQL's transaction whole."""

    def __init__(self, table: Table, returning: str = "id") -> None:
        column = table.c[returning]
        self._statements: Mapping[str, Insert] = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing().returning(column),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing().returning(column),
        }

    def for_(self, dialect: Dialect) -> Insert:
        return self._statements[dialect.name]

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The key of the new row, None where one like it is there."""
        return connection.execute(self.for_(connection.dialect), values).scalar()

    def found(self, columns: Sequence[str], rows: AnySelect) -> Mapping[str, Insert]:
        """By dialect: the statement that inserts what `rows` finds, and gives the keys of those that were new."""
        return {
            name: made.from_select(list(columns), rows, include_defaults=False)
            for name, made in self._statements.items()
        }

    def many(self, connection: Connection, rows: list[dict[str, Any]]) -> list[Any]:
        """The keys of those that were new."""
        if not rows:
            return []
        return list(connection.execute(self.for_(connection.dialect), rows).scalars())


def write_over(connection: Connection, update: Update, values: Mapping[str, Any], ref: str) -> None:
    """Raises Conflict where the row with this id and version is not there any more (optimistic locking)."""
    if connection.execute(update, values).rowcount != 1:
        raise Conflict(ref=ref)


_NUMBERING = 7_140_815_201_600_002
"""Of PostgreSQL's advisory locks, the one that numbering holds."""


def next_number(connection: Connection, last: Select[int]) -> int:
    """One more than the last, by an index. On PostgreSQL whoever numbers next waits for the end of this transaction: at
    the end of a month many hand in at once, and nobody is refused for it (SQLite has one writer anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _NUMBERING})
    return (connection.execute(last).scalar() or 0) + 1
