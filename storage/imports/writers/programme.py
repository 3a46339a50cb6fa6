"""The programme file: what is planned of each kind in each month."""

import json
from collections.abc import Iterator

from sqlalchemy import bindparam, select, update

from storage.imports.problems import Counts, Problem
from storage.imports.rows import ProgrammeRow
from storage.imports.tables import Values, add, differs
from storage.imports.writing import Job, Lines, Writer
from storage.tables import programme as table

_COLUMNS = ("expected", "theme", "note")


class ProgrammeWriter(Writer[ProgrammeRow]):
    """A month and kind that the file does not name stay as they are planned."""

    row = ProgrammeRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        rows = self.connection.execute(select(table)).mappings()
        self._held: dict[tuple[str, str], Values] = {
            (str(row["month"]), row["kind"]): dict(row) for row in rows
        }

    def check(self, lines: Lines[ProgrammeRow]) -> Iterator[Problem]:
        return iter(())

    def write(self, lines: Lines[ProgrammeRow]) -> Counts:
        new: list[Values] = []
        other: list[Values] = []
        for _, row in lines:
            values = self._values(row)
            known = self._held.get((str(row.month), row.kind.value))
            if known is None:
                new.append(values)
            elif differs(known, values):
                other.append(values)
        add(self.connection, table, new)
        self._change(other)
        return Counts(len(new), len(other), len(lines) - len(new) - len(other))

    def _values(self, row: ProgrammeRow) -> Values:
        values: Values = {"month": row.month, "kind": row.kind.value}
        values.update(row.given(self.job.present, *_COLUMNS))
        if "cohorts" in self.job.present:
            values["cohorts"] = json.dumps(sorted(row.cohorts))
        return values

    def _change(self, rows: list[Values]) -> None:
        if not rows:
            return
        names = [name for name in rows[0] if name not in ("month", "kind")]
        statement = (
            update(table)
            .where(
                table.c.month == bindparam("of_month", type_=table.c.month.type),
                table.c.kind == bindparam("of_kind"),
            )
            .values({**{name: bindparam(f"new_{name}") for name in names}, "version": table.c.version + 1})
        )
        self.connection.execute(
            statement,
            [
                {
                    "of_month": row["month"],
                    "of_kind": row["kind"],
                    **{f"new_{name}": row[name] for name in names},
                }
                for row in rows
            ],
        )
