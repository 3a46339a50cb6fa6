"""A council's history in import files, and figures as somebody at a terminal has them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run

HEADER = ("audit_ref,month,kind,team,legal_status,auditor,issued_on,returned_on,grade,moderator,moderated_grade,"
          "meets_standard,social_worker_took_part,manager_took_part,child_views,parent_views,iro_views,"
          "reflection_sheet,concern_category,reaudit_number,areas")  # fmt: skip
TEAMS = """team,area,service,directorate
Northgate,North,Assessment,Operations
Eastfield,East,Assessment,Operations
Harbour,East,Care,Operations
"""


@dataclass
class Files:
    """Import files that grow a row at a time. Audits have neither an auditor nor a child: history may leave them
    out."""

    audits: list[str] = field(default_factory=list[str])
    exemptions: list[str] = field(default_factory=list[str])
    people: list[str] = field(default_factory=list[str])
    programme: list[str] = field(default_factory=list[str])

    def audit(self, month: str, times: int = 1, **values: str) -> None:
        """Core and returned on the 20th, unless said otherwise."""
        for _ in range(times):
            known = {"audit_ref": f"H-{len(self.audits) + 1}", "month": month, "kind": "core", **values}
            known.setdefault("returned_on", f"{month}-20")
            self.audits.append(",".join(known.get(name, "") for name in HEADER.split(",")))

    def exempt(
        self, month: str, reason: str, times: int = 1, *, team: str = "", outcome: str = "approved"
    ) -> None:
        """Each of a person of their own."""
        for _ in range(times):
            email = f"person{len(self.people) + 1}@c.example"
            self.people.append(f"{email},Person {len(self.people) + 1},auditor,{team}")
            self.exemptions.append(f"{email},{month},{reason},{outcome}")

    def written(self, folder: Path) -> list[tuple[str, Path]]:
        texts = {
            "teams": TEAMS,
            "people": _text("email,name,roles,team", self.people),
            "audits": _text(HEADER, self.audits),
            "programme": _text("month,kind,expected", self.programme),
            "exemptions": _text("email,month,reason,outcome", self.exemptions),
        }
        found: list[tuple[str, Path]] = []
        for kind, text in texts.items():
            if text.count("\n") > 1:
                path = folder / f"{kind}.csv"
                path.write_text(text)
                found.append((kind, path))
        return found


def _text(header: str, rows: Iterable[str]) -> str:
    return "\n".join((header, *rows)) + "\n"


class Terminal:
    """The command line on one database."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def holds(self, files: Files) -> None:
        for kind, path in files.written(self._folder):
            assert run(["import", kind, str(path)]) == 0, self._capsys.readouterr().err
        self._capsys.readouterr()

    def figure(self, *arguments: str) -> dict[str, Any]:
        assert run(["figures", *arguments, "--format", "json"]) == 0, self._capsys.readouterr().err
        return json.loads(self._capsys.readouterr().out)

    def row(self, *arguments: str) -> Mapping[str, Any]:
        """The one row of a figure that is not split."""
        (row,) = self.figure(*arguments)["rows"]
        assert row["key"] is None
        return row

    def rows(self, *arguments: str) -> dict[str, Mapping[str, Any]]:
        return {row["key"]: row for row in self.figure(*arguments)["rows"]}

    def said(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        code = run(list(arguments))
        out, err = self._capsys.readouterr()
        return code, out, err


def picked(row: Mapping[str, Any], *names: str) -> list[Any]:
    return [row[name] for name in names]
