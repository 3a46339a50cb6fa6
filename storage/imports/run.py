"""An import from end to end: read and check the whole file, then write it in one transaction, or nothing."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from domain.calendar import Month, local_date
from domain.policy import Policy
from domain.ports import TrailEntry
from storage.imports.kinds import WRITERS
from storage.imports.problems import Counts, FileRefused, Problem, Report
from storage.imports.reading import ImportFile, digest_of
from storage.imports.rows import Row, RowRefused
from storage.imports.spool import Spool
from storage.imports.values import Vocabulary
from storage.imports.writing import Job, Writer
from storage.months import wait_for
from storage.trail import append_all
from storage.unit_of_work import SqlStore

BATCH = 500
"""Rows that are looked up and written together."""


class Stage(StrEnum):
    READING = "reading"
    WRITING = "writing"


Progress = Callable[[Stage, float], None]
"""Told now and then how much of a stage is done, 0 to 1; on SQLite from another thread."""


def _silent(stage: Stage, done: float) -> None:
    return None


class Import:
    """One file of one kind. `now` decides which dates have not come yet."""

    def __init__(
        self, kind: str, path: Path, policy: Policy, *, now: datetime, progress: Progress = _silent
    ) -> None:
        self._kind = kind
        self._path = path
        self._now = now
        self._progress = progress
        self._vocabulary = Vocabulary(policy, local_date(now))
        self._writer: type[Writer[Any]] = WRITERS[kind]
        self._row: type[Row] = self._writer.row
        self._months: set[Month] = set()
        """This one and later ones in which its rows may issue or exempt."""

    async def run(
        self, store: SqlStore, *, dry_run: bool = False, told: Callable[[Problem], None] = lambda _: None
    ) -> Report:
        """All rows or none. When that is settled, every problem is handed to `told` in line order. Raises Busy and
        Conflict where the database or somebody else's commit is in the way; nothing is kept then."""
        file = ImportFile(self._path, self._row.shape())
        counts, digest = Counts(), ""
        with Spool() as spool:
            try:
                digest = self._read(file, spool)
                counts = await store.bulk(
                    lambda connection: self._write(connection, file, spool, digest), keep=not dry_run
                )
            except FileRefused as refused:
                for problem in refused.problems:
                    spool.wrong(problem)
            for problem in spool.problems():
                told(problem)
            return Report(self._kind, counts, spool.problems_kept, file.notes.sentences(), digest, dry_run)

    def _read(self, file: ImportFile, spool: Spool) -> str:
        """Everything that can be said of the file by itself. Gives its digest."""
        self._progress(Stage.READING, 0)
        for number, (line, cells) in enumerate(file.rows(spool.wrong)):
            if number % BATCH == 0:
                self._progress(Stage.READING, file.fraction())
            try:
                row = self._row.read(cells, self._vocabulary)
                spool.put(line, row, cells)
            except RowRefused as refused:
                for column, reason in refused.wrong:
                    spool.wrong(Problem(reason, line, column))
            else:
                self._note_month(row.exempts_or_issues_in())
        if spool.repeated:
            file.notes.add(f"rows that repeat an earlier one are counted once: {spool.repeated}")
        self._progress(Stage.READING, 1)
        return digest_of(self._path)

    def _note_month(self, month: Month | None) -> None:
        if month is not None and month >= Month.of(self._vocabulary.today):
            self._months.add(month)

    def _write(self, connection: Connection, file: ImportFile, spool: Spool, digest: str) -> Counts:
        """Checks every row against what is held; writes for as long as nothing is wrong. Raises FileRefused, and so
        leaves the transaction without a commit, where anything was."""
        wait_for(connection, self._months)
        counts, seen = Counts(), 0
        job = Job(connection, file.header.present, self._vocabulary, file.notes, spool, self._now)
        writer = self._writer(job)
        for batch in spool.batches(BATCH):
            lines = [(line, self._row.read(cells, self._vocabulary)) for line, cells in batch]
            for problem in writer.check(lines):
                spool.wrong(problem)
            if not spool.problems_kept:
                counts.add(writer.write(lines))
            seen += len(lines)
            self._progress(Stage.WRITING, seen / spool.rows_kept)
        if spool.problems_kept:
            raise FileRefused
        entries = list(writer.settle(digest))
        if counts.new or counts.changed:
            entries.append(self._entry(counts, digest))
        if entries:
            append_all(connection, entries)
        return counts

    def _entry(self, counts: Counts, digest: str) -> TrailEntry:
        numbers = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
        facts = {"digest": digest} | {name: str(number) for name, number in numbers.items()}
        return TrailEntry(self._now, f"import.{self._kind}", facts=facts)
