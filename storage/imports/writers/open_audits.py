"""Open audits of this month or a later one that come by a file, as where a council moves over in mid-month. They are
work that somebody is to do, and not history: the chat's rules hold for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from domain.audits import AuditState
from domain.calendar import Month
from domain.kinds import Kind
from storage.imports.problems import Problem
from storage.imports.rows import AuditRow, audit_state
from storage.imports.tables import Values, held
from storage.imports.writers.moved_on import commands_of
from storage.imports.writing import Directory, Job, Lines
from storage.tables import audits, children, team_positions

CAME = "an open audit of this month or later came by file: its auditor is not told by a card"
MOVED = "the row moves an open audit to another month, auditor or child: nobody is told by a card"
_MOVES = ("month", "auditor_id", "child_ref")

Who = tuple[int, str]
"""An auditor and a month."""


def moves(known: Values, values: Values) -> bool:
    """Whether what is to be written makes an open audit another one."""
    is_open = known["state"] == AuditState.ISSUED.value
    return is_open and any(values.get(name, known[name]) != known[name] for name in _MOVES)


class OpenAudits:
    """Checks the new ones batch by batch, each against what is held and against the file's other rows."""

    def __init__(self, job: Job, directory: Directory, exempt: set[Who]) -> None:
        self._job = job
        self._directory = directory
        self._exempt = exempt
        self._this_month = Month.of(job.vocabulary.today)
        answer = select(team_positions.c.team_id, team_positions.c.person_id)
        self._answering = {(team, person) for team, person in job.connection.execute(answer)}
        self._core = self._held_core()

    def _held_core(self) -> dict[Who, dict[str, int | None]]:
        """By auditor and month: the references of the open core audits, each with its line where it is new. One that
        has a row in the file is as that row says."""
        asked = select(audits.c.auditor_id, audits.c.month, audits.c.ref).where(
            audits.c.state == AuditState.ISSUED.value,
            audits.c.month >= self._this_month,
            audits.c.kind == Kind.CORE.value,
            audits.c.auditor_id.is_not(None),
        )
        found: dict[Who, dict[str, int | None]] = {}
        for auditor, month, ref in self._job.connection.execute(asked):
            if not self._job.file.has("audit_ref", ref):
                found.setdefault((auditor, str(month)), {})[ref] = None
        return found

    def problems(self, lines: Lines[AuditRow]) -> Iterator[Problem]:
        """Of the new ones that a rule stands against. The others are noted."""
        waiting = [(line, row) for line, row in lines if self._is_open(row)]
        known = held(self._job.connection, audits, audits.c.ref, [row.audit_ref for _, row in waiting])
        of_chat = commands_of(self._job.connection, [audit["id"] for audit in known.values()])
        refs = {row.child_ref for _, row in waiting if row.child_ref}
        of_child = held(self._job.connection, children, children.c.child_ref, refs)
        for line, row in waiting:
            audit = known.get(row.audit_ref)
            if audit is not None:
                yield from self._known(row, audit, stays=audit["id"] in of_chat)
            elif (auditor := self._directory.person(row.auditor)) is not None:
                yield from self._new(line, row, auditor, of_child.get(row.child_ref or "", {}))

    def _is_open(self, row: AuditRow) -> bool:
        said = (row.returned_on, row.moderated_grade, row.uploaded_on, row.meets_standard)
        return row.month >= self._this_month and audit_state(*said) is AuditState.ISSUED

    def _known(self, row: AuditRow, audit: Values, *, stays: bool) -> Iterator[Problem]:
        """Its own row is history's matter; a new one of the same auditor and month is refused for it."""
        if audit["state"] != AuditState.ISSUED.value or row.kind is not Kind.CORE:
            return
        told = self._directory.person(row.auditor) if "auditor" in self._job.present else audit["auditor_id"]
        auditor, month = (audit["auditor_id"], audit["month"]) if stays else (told, row.month)
        if auditor is None:
            return
        of_month = self._core.setdefault((auditor, str(month)), {})
        for line in of_month.values():
            if line is not None:
                yield _second(line, row.audit_ref, row.month)
        self._core[auditor, str(month)] = {**dict.fromkeys(of_month), row.audit_ref: None}

    def _new(self, line: int, row: AuditRow, auditor: int, child: Mapping[str, Any]) -> Iterator[Problem]:
        wrong = list(self._own(line, row, auditor, child)) or list(self._of_core(line, row, auditor))
        yield from wrong
        if not wrong:
            self._job.notes.add(CAME, line)

    def _own(self, line: int, row: AuditRow, auditor: int, child: Mapping[str, Any]) -> Iterator[Problem]:
        """A graded look at a child's file is somebody else's. A re-audit may be of the own team, for a reason."""
        rules = self._job.vocabulary.policy.by_kind[row.kind]
        if not (rules.graded and rules.about_child):
            return
        if child.get("social_worker_id") == auditor:
            yield Problem("the child is of the auditor's own caseload; the audit is open", line, "auditor")
        team_ids = {self._directory.team(row.team), child.get("team_id")} - {None}
        own = {self._directory.team_of[auditor]} | {team for team, who in self._answering if who == auditor}
        if row.kind is not Kind.REAUDIT and team_ids & own:
            yield Problem("the child is of the auditor's own team; the audit is open", line, "auditor")

    def _of_core(self, line: int, row: AuditRow, auditor: int) -> Iterator[Problem]:
        """One core audit a month, and none of an exempt auditor."""
        if row.kind is not Kind.CORE:
            return
        who = (auditor, str(row.month))
        if who in self._exempt:
            yield Problem(f"the auditor is exempt from {row.month}; the audit is open", line, "auditor")
        of_month = self._core.setdefault(who, {})
        if of_month:
            yield _second(line, next(iter(of_month)), row.month)
        of_month[row.audit_ref] = None if of_month else line


def _second(line: int, ref: str, month: Month) -> Problem:
    return Problem(f"the auditor has another open core audit of {month}: {ref}", line, "auditor")
