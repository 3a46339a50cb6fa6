"""Many small rows in one value: a JSON list that the database writes and the standard library reads, at a fraction of
what a driver's row costs."""

import json
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class packed(FunctionElement[str]):  # noqa: N801 - an SQL function
    """An aggregate: the list of these columns' rows, in no order; of one column, of its values. Days are ISO text; a
    boolean is 0 or 1 on SQLite."""

    type = Text()
    inherit_cache = True


@compiles(packed, "sqlite")
def _on_sqlite(element: packed, compiler: SQLCompiler, **kw: Any) -> str:
    columns = compiler.process(element.clauses, **kw)
    return f"json_group_array({columns if _alone(element) else f'json_array({columns})'})"


@compiles(packed, "postgresql")
def _on_postgresql(element: packed, compiler: SQLCompiler, **kw: Any) -> str:
    columns = compiler.process(element.clauses, **kw)
    return f"CAST(json_agg({columns if _alone(element) else f'json_build_array({columns})'}) AS TEXT)"


def _alone(element: packed) -> bool:
    return len(element.clauses) == 1


def unpacked(value: str | None) -> list[Any]:
    """PostgreSQL's aggregate of nothing is NULL."""
    return json.loads(value) if value else []


class joined(FunctionElement[str]):  # noqa: N801 - an SQL function
    """An aggregate: the texts of this column with a comma between, in no order. SQLAlchemy's own has the comma as a
    parameter that is written into the statement each time, which costs as much again as a point read."""

    type = Text()
    inherit_cache = True


@compiles(joined, "sqlite")
def _joined_on_sqlite(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)}, ',')"


@compiles(joined, "postgresql")
def _joined_on_postgresql(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **kw)}, ',')"
