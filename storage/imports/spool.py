"""Checked rows between reading and writing, in a temporary database on disk that has no name and goes with the
process: a million rows need no memory, and the writer's place is taken only when the whole file has been read."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from types import TracebackType
from typing import Self

from storage.imports.problems import Problem
from storage.imports.reading import Cells
from storage.imports.rows import Row

_TABLES = """
PRAGMA journal_mode = OFF;
CREATE TABLE rows (line INTEGER PRIMARY KEY, cells TEXT NOT NULL);
CREATE TABLE keys (key BLOB PRIMARY KEY, line INTEGER NOT NULL, said BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE problems (id INTEGER PRIMARY KEY, line INTEGER, title TEXT, reason TEXT NOT NULL);
"""


class Spool:
    """Rows and problems of one file, in line order."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self.rows_kept = 0
        self.problems_kept = 0
        self.repeated = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def put(self, line: int, row: Row, cells: Cells) -> None:
        """Keeps a row, once: the same again is only counted, its key again with other values is a problem."""
        said = _digest(row.said())
        for column, key in row.identities():
            twin = self._twin(column, key)
            if twin and twin[1] == said:
                self.repeated += 1
                return
            if twin:
                self.wrong(Problem(f"stands on line {twin[0]} already, with other values", line, column))
                return
        for column, key in row.identities():
            self._database.execute(
                "INSERT INTO keys VALUES (?, ?, ?)", (_digest(f"{column}\0{key}"), line, said)
            )
        self._database.execute("INSERT INTO rows VALUES (?, ?)", (line, json.dumps(cells)))
        self.rows_kept += 1

    def _twin(self, column: str, key: str) -> tuple[int, bytes] | None:
        found = self._database.execute(
            "SELECT line, said FROM keys WHERE key = ?", (_digest(f"{column}\0{key}"),)
        )
        return found.fetchone()

    def has(self, column: str, key: str) -> bool:
        """Whether a row of the file has this key."""
        return self._twin(column, key) is not None

    def wrong(self, problem: Problem) -> None:
        self._database.execute(
            "INSERT INTO problems (line, title, reason) VALUES (?, ?, ?)",
            (problem.line, problem.column, problem.reason),
        )
        self.problems_kept += 1

    def batches(self, size: int) -> Iterator[list[tuple[int, Cells]]]:
        cursor = self._database.execute("SELECT line, cells FROM rows ORDER BY line")
        while found := cursor.fetchmany(size):
            yield [(line, json.loads(cells)) for line, cells in found]

    def problems(self) -> Iterator[Problem]:
        for line, column, reason in self._database.execute(
            "SELECT line, title, reason FROM problems ORDER BY line, id"
        ):
            yield Problem(reason, line, column)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
