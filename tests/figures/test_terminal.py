"""`audit-bot figures` as somebody at a terminal has it: this month by itself, tables, files for a spreadsheet, and one
sentence where something cannot be asked."""

import csv
import io

import pytest

from bot.cli import run
from bot.figures import as_csv
from domain.calendar import Month
from domain.measures.tables import Dimension, Figure, Row, Span
from tests.figures.council import Files, Terminal, picked


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is printed is the same whatever the database: once is enough here."""
    return sqlite_url


def a_month_of_three_teams() -> Files:
    files = Files()
    files.audit("2026-10", 3, team="Northgate", legal_status="child_in_need")
    files.audit("2026-10", 1, team="Eastfield", legal_status="care_leaver", returned_on="2026-11-03")
    files.audit("2026-10", 2, team="Harbour", returned_on="")
    files.audit("2026-10", 1)
    files.exempt("2026-10", "maternity", 2, team="Harbour")
    files.exempt("2026-10", "other", 1)
    return files


def test_by_team_service_and_area(terminal: Terminal) -> None:
    terminal.holds(a_month_of_three_teams())
    names = ("pool", "allocated", "returned", "late", "nil")
    rows = terminal.rows("completion", "--month", "2026-10", "--by", "team")
    assert {key: picked(r, *names) for key, r in rows.items()} == {
        "Eastfield": [1, 1, 0, 1, 0],
        "Harbour": [4, 2, 0, 0, 2],
        "Northgate": [3, 3, 3, 0, 0],
    }
    assert rows["Harbour"]["less_non_operational_denominator"] == 2
    by_area = terminal.rows("completion", "--month", "2026-10", "--by", "area")
    assert {key: picked(r, *names) for key, r in by_area.items()} == {
        "East": [5, 3, 0, 1, 2],
        "North": [3, 3, 3, 0, 0],
    }
    found = terminal.figure("completion", "--month", "2026-10", "--by", "service")
    assert [row["key"] for row in found["rows"]] == ["Assessment", "Care"]
    assert found["notes"] == [
        "1 audit has no service: in no row here",
        "1 exemption has no service: in no row here",
        "audits are counted with the child's team, exemptions with the person's",
    ]


def test_by_legal_status_there_is_no_pool(terminal: Terminal) -> None:
    terminal.holds(a_month_of_three_teams())
    found = terminal.figure("completion", "--month", "2026-10", "--by", "legal_status")
    assert [picked(r, "key", "pool", "overall_percent", "allocated") for r in found["rows"]] == [
        ["care_leaver", None, None, 1],
        ["child_in_need", None, None, 3],
    ]
    assert found["notes"][0] == "3 audits have no legal status: in no row here"


def test_without_a_month_it_is_this_one(terminal: Terminal) -> None:
    found = terminal.figure("completion")
    assert found["from"] == found["to"]
    assert found["rows"][0]["allocated"] == 0
    assert found["rows"][0]["overall_percent"] is None


def test_the_pool_against_its_targets(terminal: Terminal) -> None:
    files = Files()
    files.exempt("2026-10", "maternity", 1, team="Harbour")
    files.people += [
        "a@c.example,Ada Ford,auditor,Northgate",
        "m@c.example,Mo Hill,auditor;moderator,Eastfield",
    ]
    terminal.holds(files)
    row = terminal.row("pool", "--month", "2026-10")
    names = ("auditors", "moderators", "target_auditors", "target_moderators", "exempt", "free")
    assert picked(row, *names) == [2, 1, 85, 26, 1, 1]
    assert picked(row, "auditors_percent", "moderators_percent") == [2.4, 3.8]
    rows = terminal.rows("pool", "--from", "2026-09", "--to", "2026-10", "--by", "month")
    assert {key: r["free"] for key, r in rows.items()} == {"2026-09": 2, "2026-10": 1}


def test_a_table_says_each_share_with_what_it_is_of_and_its_notes(terminal: Terminal) -> None:
    terminal.holds(a_month_of_three_teams())
    code, out, err = terminal.said("figures", "completion", "--month", "2026-10", "--by", "team")
    assert (code, err) == (0, "")
    assert "completion, 2026-10" in out
    assert "100.0 % of 3" in out
    assert "note: 1 audit has no team: in no row here" in out


def test_a_file_for_a_spreadsheet_says_the_same(terminal: Terminal) -> None:
    terminal.holds(a_month_of_three_teams())
    code, out, _ = terminal.said(
        "figures", "completion", "--month", "2026-10", "--by", "team", "--format", "csv"
    )
    assert code == 0
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0][:4] == ["team", "pool", "non_operational", "operational"]
    assert rows[2][:4] == ["Harbour", "4", "2", "0"]
    assert rows[4] == ["note", "1 audit has no team: in no row here"]


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_text() -> None:
    november = Span(Month(2026, 11), Month(2026, 11))
    rows = tuple(Row(key, {"pool": 1, "overall_percent": None}) for key in ("=1+1", "@team", "Harbour"))
    out = as_csv(Figure("completion", november, Dimension.TEAM, rows, ("-1 is not a note",)))
    assert out.splitlines() == [
        "team,pool,overall_percent",
        "'=1+1,1,",
        "'@team,1,",
        "Harbour,1,",
        "note,'-1 is not a note",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nonsense",), 2, "NAME must be one of completion"),
        (("actions",), 1, "The figure actions is not built yet; there are completion"),
        (("completion", "--by", "reason"), 2, "completion can be split by area, kind"),
        (("completion", "--by", "shoe_size"), 2, "--by must be one of month"),
        (("completion", "--kind", "shoes"), 2, "--kind must be one of core"),
        (("completion", "--format", "xml"), 2, "--format must be one of table, json, csv."),
        (("pool", "--kind", "core"), 2, "pool is not of one kind of audit"),
        (("pool", "--from", "2026-09", "--to", "2026-10"), 2, "add --by month"),
        (("completion", "--month", "October"), 2, "--month must look like 2026-11."),
        (("completion", "--from", "2026-09"), 2, "--from and --to belong together."),
        (("completion", "--from", "2026-09", "--to", "2026-08"), 2, "--from must not be later than --to."),
        (
            ("completion", "--month", "2026-09", "--to", "2026-10"),
            2,
            "Give either --month or --from and --to.",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    terminal: Terminal, arguments: tuple[str, ...], code: int, said: str
) -> None:
    got, out, err = terminal.said("figures", *arguments)
    assert (got, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["figures", "--help"]) == 0
    assert "audit-bot figures completion --month 2026-10 --by team" in " ".join(
        capsys.readouterr().out.split()
    )
