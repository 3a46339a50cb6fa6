"""What all repositories share: inserting what may be there already, and writing only over the version one has seen."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Dialect, Row, Select, Table, bindparam, text
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
