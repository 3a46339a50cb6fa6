"""Batches of rows against what a table holds already: the same few statements for every kind of file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, update

IN_ONE_QUESTION = 500
"""Values of one IN list: both databases take many more, and none is slower for it."""

Values = dict[str, Any]


def _slices(values: Collection[Any]) -> Iterable[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), IN_ONE_QUESTION):
        yield listed[start : start + IN_ONE_QUESTION]


def held(connection: Connection, table: Table, key: Column[Any], keys: Collection[Any]) -> dict[Any, Values]:
    """The rows of a table with these keys, by key."""
    found: dict[Any, Values] = {}
    for some in _slices(keys):
        for row in connection.execute(select(table).where(key.in_(some))).mappings():
            found[row[key.name]] = dict(row)
    return found


def differs(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return any(before[name] != value for name, value in wanted.items())


def add(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def change(connection: Connection, table: Table, key: Column[Any], rows: Sequence[Values]) -> None:
    """Each row has the key and the same columns; a version column, where there is one, goes up by one."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key.name]
    values: Values = {name: bindparam(f"new_{name}") for name in names}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    statement = update(table).where(key == bindparam("the_key")).values(values)
    connection.execute(
        statement,
        [{"the_key": row[key.name], **{f"new_{name}": row[name] for name in names}} for row in rows],
    )


def parts_of(
    connection: Connection, table: Table, owner: Column[Any], owners: Collection[Any]
) -> dict[Any, set[tuple[Any, ...]]]:
    """Rows of a side table by owner, each as its other columns in the table's order."""
    found: dict[Any, set[tuple[Any, ...]]] = {}
    others = [column for column in table.c if column is not owner]
    for some in _slices(owners):
        for row in connection.execute(select(owner, *others).where(owner.in_(some))):
            found.setdefault(row[0], set()).add(tuple(row[1:]))
    return found


def replace_parts(
    connection: Connection, table: Table, owner: Column[Any], wanted: Mapping[Any, set[tuple[Any, ...]]]
) -> None:
    """The side table's rows of these owners become exactly the wanted ones."""
    names = [column.name for column in table.c if column is not owner]
    for some in _slices(wanted):
        connection.execute(delete(table).where(owner.in_(some)))
    add(
        connection,
        table,
        [
            {owner.name: key, **dict(zip(names, part, strict=True))}
            for key, parts in wanted.items()
            for part in sorted(parts)
        ],
    )
