"""Import files made for tests, and a council that brings them."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from domain.policy import Policy
from storage import tables
from storage.imports.problems import Report
from storage.imports.run import Import
from storage.trail import verify
from storage.unit_of_work import SqlStore

SHEET = "xl/worksheets/sheet1.xml"
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)

TEAMS = """team,service,directorate,team_manager,head_of_service,director
Northgate,Assessment,Operations,tess@c.example,hana@c.example,dora@c.example
Eastfield,Assessment,Operations,,hana@c.example,dora@c.example
"""
PEOPLE = """email,name,roles,team,aad_object_id
ada@c.example,Ada Ford,auditor,Northgate,00000000-0000-0000-0000-000000000001
bob@c.example,Bob Hill,auditor;moderator,Eastfield,
tess@c.example,Tess Lane,team_manager,Northgate,
hana@c.example,Hana Moor,head_of_service,,00000000-0000-0000-0000-000000000004
dora@c.example,Dora Nash,director,,
"""
CHILDREN = """child_ref,team,legal_status,cohorts,opened
20417,Northgate,child_in_need,looked_after;care_leavers,2024-03-01
20418,eastfield,Child in care,,
"""
AUDITS = """audit_ref,month,kind,child_ref,team,auditor,issued_on,returned_on,grade,moderated_grade,uploaded_on,areas
A-1,2026-10,core,20418,Eastfield,ada@c.example,2026-10-01,2026-10-20,good,good,2026-10-30,assessment=good
A-2,2026-10,core,20417,Northgate,bob@c.example,2026-10-01,2026-10-31,inadequate,,,
A-3,2026-11,core,20417,Northgate,bob@c.example,2026-11-02,,,,,
"""
EXEMPTIONS = """email,month,reason,decided_by,decided_on,outcome
ada@c.example,2026-10,ill_health,dora@c.example,2026-09-28,approved
bob@c.example,2026-10,Other QA activity,,,declined
"""
PROGRAMME = """month,kind,expected,theme,cohorts,note
2026-11,core,60,,looked_after;Care leavers,
2026-11,thematic,12,Neglect,,With partners; see the letter.
2026-12,Dip sample,,,,
"""
FILES = {
    "teams": TEAMS,
    "people": PEOPLE,
    "children": CHILDREN,
    "audits": AUDITS,
    "exemptions": EXEMPTIONS,
    "programme": PROGRAMME,
}


def a_workbook(path: Path, rows: Iterable[Sequence[Any]], *, title: str = "Sheet") -> Path:
    import openpyxl

    book: Any = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def a_file(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def as_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def with_part_changed(workbook: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its XML parts rewritten, or added."""
    with zipfile.ZipFile(workbook) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return workbook


_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_shared_text(workbook: Path, text: str, entry: str) -> Path:
    """As Excel writes it: the text stands once in a part of its own, as `entry` (XML), and cells point there."""
    spaces = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    inline = f't="inlineStr"><is><t>{text}</t></is>'.encode()
    with_part_changed(workbook, SHEET, lambda xml: xml.replace(inline, b't="s"><v>0</v>'))
    with_part_changed(workbook, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", _SHARED))
    return with_part_changed(
        workbook, "xl/sharedStrings.xml", lambda _: f"<sst {spaces}>{entry}</sst>".encode()
    )


@dataclass(slots=True)
class Brought:
    """What came of a file."""

    report: Report
    problems: list[str] = field(default_factory=list[str])

    @property
    def counts(self) -> tuple[int, int, int]:
        """New, changed, unchanged."""
        counts = self.report.counts
        return counts.new, counts.changed, counts.unchanged


@dataclass(slots=True)
class Council:
    """A database, and somebody who brings files to it."""

    store: SqlStore
    directory: Path
    policy: Policy = field(default_factory=Policy)

    async def brings(self, kind: str, content: str | bytes | Path, *, dry_run: bool = False) -> Brought:
        path = content if isinstance(content, Path) else a_file(self.directory / f"{kind}.csv", content)
        problems: list[str] = []
        job = Import(kind, path, self.policy, now=NOW)
        report = await job.run(
            self.store, dry_run=dry_run, told=lambda problem: problems.append(str(problem))
        )
        return Brought(report, problems)

    async def brings_all(self, *kinds: str) -> None:
        for kind in kinds or FILES:
            brought = await self.brings(kind, FILES[kind])
            assert brought.problems == [], kind

    async def holds(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table, ordered by their values."""
        source = tables.metadata.tables[table]
        chosen = [source.c[name] for name in columns] or list(source.c)

        def read(connection: Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(select(*chosen))]

        return sorted(await self.store.bulk(read, keep=False), key=repr)

    async def does(self, statement: Any) -> None:
        """Something that happens in the product between two files."""

        def write(connection: Connection) -> None:
            connection.execute(statement)

        await self.store.bulk(write)

    async def trail_is_whole(self) -> bool:
        return (await self.store.bulk(verify, keep=False)).whole

    async def by_natural_keys(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that imports write, without the numbers that the database gave."""
        emails = dict(await self.holds("people", "id", "email"))
        teams = dict(await self.holds("teams", "id", "name"))
        audits = dict(await self.holds("audits", "id", "ref"))
        exemptions = {
            row[0]: f"{emails[row[1]]} {row[2]} {row[3]}"
            for row in await self.holds("exemptions", "id", "person_id", "month", "state")
        }
        names: dict[str, dict[Any, Any]] = {"team_id": teams, "audit_id": audits, "exemption_id": exemptions}
        people = dict.fromkeys(
            ("person_id", "requested_by_id", "approver_id", "decided_by_id", "auditor_id", "moderator_id"),
            emails,
        )
        people |= dict.fromkeys(("social_worker_id", "by_id", "for_id", "about_id"), emails)
        return {table: await self._named(table, names | people) for table in _WRITTEN}

    async def _named(self, table: str, names: dict[str, dict[Any, Any]]) -> list[tuple[Any, ...]]:
        columns = [name for name in tables.metadata.tables[table].c.keys() if name != "id"]  # noqa: SIM118
        rows = [
            tuple(
                names[name][value] if name in names and value is not None else value
                for name, value in zip(columns, row, strict=True)
            )
            for row in await self.holds(table, *columns)
        ]
        return sorted(rows, key=repr)


_WRITTEN = (
    *("teams", "team_positions", "people", "person_roles", "children", "child_cohorts"),
    *("audits", "audit_areas", "exemptions", "exemption_steps", "programme"),
)
