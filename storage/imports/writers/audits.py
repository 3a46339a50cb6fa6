"""The audits file: the record of each audit; its state follows from its dates."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from domain.audits import AuditState
from domain.exemptions import State
from domain.ports import TrailEntry
from storage.imports.problems import Counts, Problem
from storage.imports.rows import STATE_FROM, AuditRow, audit_state
from storage.imports.tables import Values, add, change, differs, held, parts_of, replace_parts
from storage.imports.writers.concerns import Tracked
from storage.imports.writers.moved_on import NOTE, commands_of, kept
from storage.imports.writers.open_audits import MOVED, OpenAudits, moves
from storage.imports.writing import Directory, Job, Lines, Writer
from storage.references import AUDIT, number_in
from storage.tables import audit_areas, audits, children, exemptions

_AS_WRITTEN = (
    "month",
    "kind",
    "child_ref",
    "legal_status",
    "issued_on",
    "returned_on",
    "grade",
    "moderated_grade",
    "meets_standard",
    "uploaded_on",
    "social_worker_took_part",
    "manager_took_part",
    "child_views",
    "parent_views",
    "iro_views",
    "reflection_sheet",
    "concern_category",
    "reaudit_of",
    "reaudit_number",
)


class AuditsWriter(Writer[AuditRow]):
    row = AuditRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._directory = Directory(job.connection)
        self._children = set(self.connection.scalars(select(children.c.child_ref)))
        self._otherwise: set[int] = set()
        approved = select(exemptions.c.person_id, exemptions.c.month).where(
            exemptions.c.state == State.APPROVED.value
        )
        self._exempt = {(person, str(month)) for person, month in self.connection.execute(approved)}
        self._open = OpenAudits(job, self._directory, self._exempt)
        self._tracked = Tracked(job)

    def check(self, lines: Lines[AuditRow]) -> Iterator[Problem]:
        refused = list(self._open.problems(lines))
        yield from refused
        not_taken = {problem.line for problem in refused}
        for line, row in lines:
            yield from self._directory.unknown_team(line, row.team)
            yield from self._directory.unknown_person(line, "auditor", row.auditor)
            yield from self._directory.unknown_person(line, "moderator", row.moderator)
            if row.child_ref and row.child_ref not in self._children:
                yield Problem(
                    "no child of this reference is known; import the children file first", line, "child_ref"
                )
            if line not in not_taken:
                self._note(line, row)

    def _note(self, line: int, row: AuditRow) -> None:
        """History may have broken rules; it is kept as it was, and said."""
        auditor = self._directory.person(row.auditor)
        own_team = auditor is not None and self._directory.team_of[auditor] == self._directory.team(row.team)
        if row.team and own_team:
            self.job.notes.add("the auditor audits a child of their own team", line)
        if row.auditor and row.auditor == row.moderator:
            self.job.notes.add("the auditor moderates their own audit", line)
        if row.grade and not row.returned_on and "returned_on" in self.job.present:
            self.job.notes.add("there is a grade, but no date of return: it does not count as returned", line)

    def write(self, lines: Lines[AuditRow]) -> Counts:
        refs = [row.audit_ref for _, row in lines]
        before = held(self.connection, audits, audits.c.ref, refs)
        done_here = commands_of(self.connection, [known["id"] for known in before.values()])
        areas = self._areas(lines, {known["id"]: ref for ref, known in before.items()}, done_here)
        new: list[Values] = []
        other: list[Values] = []
        for line, row in lines:
            known = before.get(row.audit_ref)
            values = self._values(row, known)
            if known is None:
                new.append(values)
                self._tracked.look(line, None, values, ())
                continue
            self._respect(line, known, values, done_here.get(known["id"]))
            self._tracked.look(line, known, values, done_here.get(known["id"], ()))
            if moves(known, values):
                self.job.notes.add(MOVED, line)
            if row.audit_ref in areas or differs(known, values):
                other.append(values)
        add(self.connection, audits, new)
        change(self.connection, audits, audits.c.ref, other)
        self._write_areas(areas)
        for line in sorted(self._otherwise):
            self.job.notes.add(NOTE, line)
        self._otherwise.clear()
        return Counts(len(new), len(other), len(lines) - len(new) - len(other))

    def settle(self, digest: str) -> Iterator[TrailEntry]:
        return self._tracked.settle(digest)

    def _values(self, row: AuditRow, known: Values | None) -> Values:
        present = self.job.present
        number = known["number"] if known else number_in(row.audit_ref, AUDIT)
        values: Values = {"ref": row.audit_ref, "number": number}
        values.update({name: _stored(value) for name, value in row.given(present, *_AS_WRITTEN).items()})
        if "team" in present:
            values["team_id"] = self._directory.team(row.team)
        for column in ("auditor", "moderator"):
            if column in present:
                values[f"{column}_id"] = self._directory.person(getattr(row, column))
        full = {**(known or {}), **values}
        state = audit_state(*(full.get(name) for name in STATE_FROM))
        values["state"] = state.value
        return values

    def _respect(self, line: int, known: Values, values: Values, done_here: set[str] | None) -> None:
        """What the chat made of a record stays (invariant I1)."""
        if done_here:
            merged, otherwise = kept(known, values, done_here)
            values.update(merged)
            if otherwise:
                self._otherwise.add(line)
        elif values["state"] == AuditState.ISSUED.value:
            self._keep_exempt(line, known, values)

    def _keep_exempt(self, line: int, known: Values, values: Values) -> None:
        """An approval took this audit off its auditor: a file made before does not put it back."""
        auditor = values.get("auditor_id")
        taken_off = auditor != known["auditor_id"] and (auditor, str(known["month"])) in self._exempt
        freed = known["state"] == AuditState.FREED.value and auditor is None
        if taken_off or freed:
            values.update(state=known["state"])
            if "auditor_id" in values:
                values["auditor_id"] = known["auditor_id"]
            self.job.notes.add("the auditor is exempt from this month: the audit stays as it is here", line)

    def _areas(
        self, lines: Lines[AuditRow], known: dict[int, str], done_here: dict[int, set[str]]
    ) -> dict[str, set[tuple[str, ...]]]:
        """Of the audits whose practice areas are graded otherwise now; those that were graded here stay."""
        if "areas" not in self.job.present:
            return {}
        before = parts_of(self.connection, audit_areas, audit_areas.c.audit_id, known)
        held_areas = {known[audit]: parts for audit, parts in before.items()}
        graded_here = {known[audit] for audit in before if audit in done_here}
        other: dict[str, set[tuple[str, ...]]] = {}
        for line, row in lines:
            parts: set[tuple[str, ...]] = {(area, grade.value) for area, grade in row.areas}
            if parts == held_areas.get(row.audit_ref, set()):
                continue
            if row.audit_ref in graded_here:
                self._otherwise.add(line)
            else:
                other[row.audit_ref] = parts
        return other

    def _write_areas(self, areas: dict[str, set[tuple[str, ...]]]) -> None:
        now = held(self.connection, audits, audits.c.ref, areas)
        parts = {now[ref]["id"]: wanted for ref, wanted in areas.items()}
        replace_parts(self.connection, audit_areas, audit_areas.c.audit_id, parts)


def _stored(value: Any) -> Any:
    return getattr(value, "value", value)
