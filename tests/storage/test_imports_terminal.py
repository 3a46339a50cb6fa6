"""`audit-bot import` as somebody at a terminal has it: exit codes, counts, and a line for every bad row."""

from pathlib import Path

import pytest

from bot import importing
from domain.policy import Policy
from storage.errors import SchemaMismatch
from tests.storage.import_files import TEAMS, a_file


def test_counts_on_stdout_and_exit_0(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path / "teams.csv", TEAMS)
    codes = [
        importing.run("teams", file, sqlite_url, Policy(), dry_run=dry_run)
        for dry_run in (True, False, False)
    ]
    out, err = capsys.readouterr()
    assert codes == [0, 0, 0]
    assert [line for line in out.splitlines() if not line.startswith("note: ")] == [
        "teams: 2 new, 0 changed, 0 unchanged (dry run: nothing was written)",
        "teams: 2 new, 0 changed, 0 unchanged",
        "teams: 0 new, 0 changed, 2 unchanged",
    ]
    assert err == ""


def test_every_bad_row_on_stderr_and_exit_1(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path / "people.csv", "email,name,roles\nada,Ada,auditor\nbob@c.example,=Bob,chief\n")
    assert importing.run("people", file, sqlite_url, Policy()) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "line 2, column email: is not an e-mail address, such as name@council.example",
        "line 3, column name: is a formula; paste its value instead",
        "people.csv: refused, 2 problems; nothing was written",
    ]


def test_a_file_that_is_not_there_is_one_line(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert importing.run("teams", tmp_path / "nowhere.csv", sqlite_url, Policy()) == 1
    first, last = capsys.readouterr().err.splitlines()
    assert first.endswith("cannot be opened (No such file or directory)")
    assert last == "nowhere.csv: refused, 1 problem; nothing was written"


@pytest.mark.fault(41)
def test_a_database_of_another_revision_is_not_written_to(empty_sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="audit-bot db upgrade"):
        importing.run("teams", a_file(tmp_path / "teams.csv", TEAMS), empty_sqlite_url, Policy())
