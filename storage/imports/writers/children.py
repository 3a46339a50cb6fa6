"""The children file: references, and nothing that says who the child is."""

from collections.abc import Iterator

from storage.imports.problems import Counts, Problem
from storage.imports.rows import ChildRow
from storage.imports.tables import Values, add, change, differs, held, parts_of, replace_parts
from storage.imports.writing import Directory, Job, Lines, Writer
from storage.tables import child_cohorts, children


class ChildrenWriter(Writer[ChildRow]):
    row = ChildRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._directory = Directory(job.connection)

    def check(self, lines: Lines[ChildRow]) -> Iterator[Problem]:
        for line, row in lines:
            yield from self._directory.unknown_team(line, row.team)
            yield from self._directory.unknown_person(line, "social_worker", row.social_worker)

    def write(self, lines: Lines[ChildRow]) -> Counts:
        refs = [row.child_ref for _, row in lines]
        before = held(self.connection, children, children.c.child_ref, refs)
        cohorts = self._cohorts(lines, set(before))
        new: list[Values] = []
        other: list[Values] = []
        for _, row in lines:
            values = self._values(row)
            if row.child_ref not in before:
                new.append(values)
            elif row.child_ref in cohorts or differs(before[row.child_ref], values):
                other.append(values)
        add(self.connection, children, new)
        change(self.connection, children, children.c.child_ref, other)
        replace_parts(self.connection, child_cohorts, child_cohorts.c.child_ref, cohorts)
        return Counts(len(new), len(other), len(lines) - len(new) - len(other))

    def _values(self, row: ChildRow) -> Values:
        values: Values = row.given(self.job.present, "child_ref", "legal_status", "opened", "closed")
        values["team_id"] = self._directory.team(row.team)
        if "social_worker" in self.job.present:
            values["social_worker_id"] = self._directory.person(row.social_worker)
        return values

    def _cohorts(self, lines: Lines[ChildRow], known: set[str]) -> dict[str, set[tuple[str, ...]]]:
        """Of the children whose cohorts are others now."""
        if "cohorts" not in self.job.present:
            return {}
        before = parts_of(self.connection, child_cohorts, child_cohorts.c.child_ref, known)
        wanted = {row.child_ref: {(code,) for code in row.cohorts} for _, row in lines}
        return {ref: codes for ref, codes in wanted.items() if codes != before.get(ref, set())}
