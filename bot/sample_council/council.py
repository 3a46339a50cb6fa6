"""The whole council at a given day, and its files."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from bot.sample_council.audits import Year, audits, exemptions
from bot.sample_council.children import children
from bot.sample_council.programme import programme
from bot.sample_council.rows import AuditRow, ChildRow, ExemptionRow, PersonRow, PlannedRow, TeamRow, cell
from bot.sample_council.staff import leading_auditor, staff
from domain.calendar import Month

NAME = "Brackenshire Council"

Row = TeamRow | PersonRow | ChildRow | AuditRow | ExemptionRow | PlannedRow


@dataclass(frozen=True, slots=True)
class Council:
    teams: Sequence[TeamRow]
    people: Sequence[PersonRow]
    children: Sequence[ChildRow]
    audits: Sequence[AuditRow]
    exemptions: Sequence[ExemptionRow]
    programme: Sequence[PlannedRow]


def council(today: date) -> Council:
    """The same rows for the same day, on every machine.

    A later day of the same month changes nothing but what has come back since. The month of `today` is issued on
    its first working day, or today where that is still to come, so that there are always open audits.
    """
    its_staff = staff(today)
    its_children = children(its_staff, today)
    year = Year(its_staff, its_children, today, leading=leading_auditor(its_staff).email)
    return Council(
        its_staff.teams,
        its_staff.people,
        its_children,
        audits(year),
        exemptions(year),
        programme(Month.of(today)),
    )


def write(directory: Path, today: date) -> Mapping[str, Path]:
    """Writes the import files and gives them by what they hold, in the order in which they are imported."""
    whole = council(today)
    directory.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Sequence[Row]] = {
        "teams": whole.teams,
        "people": whole.people,
        "children": whole.children,
        "audits": whole.audits,
        "exemptions": whole.exemptions,
        "programme": whole.programme,
    }
    return {kind: _write_file(directory / f"{kind}.csv", of_kind) for kind, of_kind in rows.items()}


def _write_file(path: Path, rows: Sequence[Row]) -> Path:
    columns = [field.name for field in fields(rows[0])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([cell(getattr(row, column)) for column in columns] for row in rows)
    return path
