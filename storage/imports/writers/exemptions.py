"""The exemptions file: decisions of the past. Requests made in chat are never changed by a file."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from sqlalchemy import select

from domain.audits import AuditState
from domain.calendar import Month, local_instant
from domain.exemptions import OPEN, Command, State
from domain.kinds import Kind
from domain.people import Level
from storage.imports.problems import Counts, Problem
from storage.imports.rows import Decision, ExemptionRow
from storage.imports.tables import Values, add, change, differs, replace_parts
from storage.imports.writing import Directory, Job, Lines, Writer
from storage.tables import audits, exemption_steps, exemptions

_STATES = {Decision.APPROVED: State.APPROVED, Decision.DECLINED: State.DECLINED}
_COMMANDS = {Decision.APPROVED: Command.APPROVE, Decision.DECLINED: Command.DECLINE}
_KEPT = (
    "id",
    "person_id",
    "month",
    "reason",
    "state",
    "source",
    *("decided_by_id", "decided_at", "reason_class"),
)
_STEP = ("at", "command", "by_id", "for_id", "note")
STAYS = "the person is exempt and has an open core audit of the month: it stays theirs until the QA team takes it off"


class ExemptionsWriter(Writer[ExemptionRow]):
    row = ExemptionRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._directory = Directory(job.connection)
        self._held: dict[tuple[int, str], list[Values]] = {}
        query = select(*(exemptions.c[name] for name in _KEPT)).order_by(exemptions.c.id)
        for row in self.connection.execute(query).mappings():
            self._held.setdefault((row["person_id"], str(row["month"])), []).append(dict(row))
        open_core = select(audits.c.auditor_id, audits.c.month).where(
            audits.c.state == AuditState.ISSUED.value,
            audits.c.kind == Kind.CORE.value,
            audits.c.month >= Month.of(job.vocabulary.today),
        )
        self._auditing = {(person, str(month)) for person, month in self.connection.execute(open_core)}

    def check(self, lines: Lines[ExemptionRow]) -> Iterator[Problem]:
        for line, row in lines:
            yield from self._directory.unknown_person(line, "email", row.email)
            yield from self._directory.unknown_person(line, "decided_by", row.decided_by)
            yield from self._against_chat(line, row)
            if row.decided_by == row.email:
                self.job.notes.add("somebody decided on their own exemption", line)
            who = (self._directory.person(row.email), str(row.month))
            if row.outcome is Decision.APPROVED and who in self._auditing:
                self.job.notes.add(STAYS, line)

    def _against_chat(self, line: int, row: ExemptionRow) -> Iterator[Problem]:
        standing = self._of(row)
        waiting = next((one for one in standing if one["state"] in OPEN), None)
        if waiting:
            yield Problem(f"E-{waiting['id']} of this month waits for a decision in the chat", line, "email")
        same = self._match(row)
        if same and same["source"] != "import" and same["reason"] != row.reason:
            said = f"E-{same['id']} was approved in the chat for {same['reason']}; a file does not change it"
            yield Problem(said, line, "reason")

    def _of(self, row: ExemptionRow) -> list[Values]:
        person = self._directory.person(row.email)
        return [] if person is None else self._held.get((person, str(row.month)), [])

    def _match(self, row: ExemptionRow) -> Values | None:
        """The one this row speaks of: an approval is the only one of its month, a refusal one of its reason."""
        state = _STATES[row.outcome].value
        approved = row.outcome is Decision.APPROVED
        return next(
            (
                one
                for one in self._of(row)
                if one["state"] == state and (approved or one["reason"] == row.reason)
            ),
            None,
        )

    def write(self, lines: Lines[ExemptionRow]) -> Counts:
        new: list[tuple[ExemptionRow, Values]] = []
        other: list[tuple[ExemptionRow, Values]] = []
        for _, row in lines:
            known = self._match(row)
            if known is None:
                new.append((row, self._values(row, None)))
            elif known["source"] == "import":
                values = self._values(row, known)
                if differs(known, {name: values[name] for name in _KEPT if name in values}):
                    other.append((row, {"id": known["id"], **values}))
        add(self.connection, exemptions, [values for _, values in new])
        change(self.connection, exemptions, exemptions.c.id, [values for _, values in other])
        self._write_steps(new, other)
        return Counts(len(new), len(other), len(lines) - len(new) - len(other))

    def _values(self, row: ExemptionRow, known: Values | None) -> Values:
        person = self._directory.person(row.email)
        decided_by = self._directory.person(row.decided_by)
        decided_at = local_instant(row.decided_on, time(12)) if row.decided_on else None
        if known and "decided_by" not in self.job.present:
            decided_by = known["decided_by_id"]
        if known and "decided_on" not in self.job.present:
            decided_at = known["decided_at"]
        since = decided_at or local_instant(row.month.first, time(12))
        reason = self.job.vocabulary.policy.exemptions.by_code[row.reason]
        return {
            "person_id": person,
            "requested_by_id": person,
            "month": row.month,
            "reason": row.reason,
            "reason_class": reason.reason_class.value,
            "state": _STATES[row.outcome].value,
            "level": Level.DIRECTOR.value,
            "approver_id": decided_by,
            "requested_at": since,
            "step_since": since,
            "decided_by_id": decided_by,
            "decided_at": decided_at,
            "source": "import",
        }

    def _write_steps(
        self, new: list[tuple[ExemptionRow, Values]], other: list[tuple[ExemptionRow, Values]]
    ) -> None:
        if not new and not other:
            return
        numbers = self._numbers([values for _, values in new])
        steps: dict[int, list[Values]] = {}
        for row, values in new + other:
            number = values.get("id") or numbers[_key(values)]
            steps[number] = self._steps(row, values)
        replace_parts(
            self.connection, exemption_steps, exemption_steps.c.exemption_id, {n: set() for n in steps}
        )
        add(
            self.connection,
            exemption_steps,
            [{"exemption_id": number, **step} for number, of_one in steps.items() for step in of_one],
        )

    def _steps(self, row: ExemptionRow, values: Values) -> list[Values]:
        asked = dict.fromkeys(_STEP) | {"at": values["requested_at"], "command": "request", "note": ""}
        decided = asked | {"at": values["step_since"], "command": _COMMANDS[row.outcome].value}
        return [asked | {"by_id": values["person_id"]}, decided | {"by_id": values["decided_by_id"]}]

    def _numbers(self, new: list[Values]) -> dict[tuple[Any, ...], int]:
        people = {values["person_id"] for values in new}
        query = select(*(exemptions.c[name] for name in _KEPT)).where(exemptions.c.source == "import")
        return {
            _key(row): row["id"]
            for row in self.connection.execute(query).mappings()
            if row["person_id"] in people
        }


def _key(values: Any) -> tuple[Any, ...]:
    return values["person_id"], str(values["month"]), values["state"], values["reason"]
