"""Faults 52 to 56: hostile, damaged and repeated import files. A clear place and reason, all or nothing, bounded
memory, and the same file twice changes nothing."""

import asyncio
import random
import shutil
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.policy import Policy
from storage.imports.columns import Shape
from storage.imports.kinds import WRITERS
from storage.imports.problems import FileRefused
from storage.imports.reading import ImportFile
from storage.imports.spool import Spool
from storage.imports.values import Vocabulary
from storage.unit_of_work import SqlStore
from tests.storage.import_files import (
    FILES,
    PEOPLE,
    SHEET,
    TEAMS,
    Council,
    a_file,
    a_workbook,
    as_rows,
    with_part_changed,
    with_shared_text,
)

SHAPE = Shape("teams", ("team", "service"), ("directorate",))


@pytest.fixture
def council(store: SqlStore, tmp_path: Path) -> Council:
    return Council(store, tmp_path)


def told(path: Path, shape: Shape = SHAPE) -> list[str]:
    """Everything that reading the file says."""
    problems: list[str] = []
    try:
        for _ in ImportFile(path, shape).rows(lambda problem: problems.append(str(problem))):
            pass
    except FileRefused as refused:
        problems.extend(str(problem) for problem in refused.problems)
    return problems


@pytest.mark.fault(52)
async def test_formula_cells_are_refused_with_row_and_column(council: Council, tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [*as_rows(TEAMS), ["=CONCAT(A1,A2)", "Assessment", "Operations"]])
    text = await council.brings(
        "teams", TEAMS + '"=HYPERLINK(""http://x.example"")",Assessment,Operations,,,\n'
    )
    sheet = await council.brings("teams", book)
    assert sheet.problems == text.problems == ["line 4, column team: is a formula; paste its value instead"]
    assert await council.holds("teams") == []


@pytest.mark.fault(52)
def test_a_formula_with_a_stored_value_is_a_formula_all_the_same(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", 7)])
    with_part_changed(book, SHEET, lambda xml: xml.replace(b"<v>7</v>", b"<f>3+4</f><v>7</v>"))
    assert told(book) == ["line 2, column service: is a formula; paste its value instead"]


@pytest.mark.fault(52)
def test_an_error_value_is_named(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", "#N/A")])
    assert told(book) == ["line 2, column service: is an error value (#N/A)"]


def _bomb(path: Path, size: int, part: str) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(part, "w") as entry:
        for _ in range(size // 1_000_000):
            entry.write(b" " * 1_000_000)
    return path


@pytest.mark.fault(53)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    book = _bomb(a_workbook(tmp_path / "t.xlsx", [("team", "service")]), 10_000_000, "xl/media/image1.png")
    assert told(book) == ["the workbook unpacks to far more than its size; it is not taken"]


@pytest.mark.fault(53)
def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2001):
            archive.writestr(f"xl/part{number}.xml", b"")
    assert told(path) == ["the workbook has 2001 parts; at most 2000 are taken"]


@pytest.mark.fault(53)
def test_a_row_number_beyond_all_measure_costs_nothing(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", "=")])
    with_part_changed(
        book, SHEET, lambda xml: xml.replace(b'r="2"', b'r="9999999999"').replace(b'"A2"', b'"A9999999"')
    )
    assert told(book)[0].startswith("line 9999999999, column service: is a formula")


@pytest.mark.fault(53)
def test_a_column_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", "x")])
    with_part_changed(book, SHEET, lambda xml: xml.replace(b'"B2"', b'"ZZZ2"'))
    assert told(book) == ["line 2: has values beyond column 200"]


_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.fault(54)
@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
def test_xml_entities_are_refused_in_every_part(tmp_path: Path, part: str) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", "x")])
    with_shared_text(book, "North", "<si><t>North</t></si>")

    def with_entities(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + _LAUGHS + xml[start:]

    with_part_changed(book, part, with_entities)
    assert told(book) == [
        "the workbook declares XML entities or a document type, which no spreadsheet program writes"
    ]


@pytest.mark.fault(54)
def test_a_document_type_by_itself_is_refused_in_a_sheet(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "t.xlsx", [("team", "service"), ("North", "x")])
    outside = b'<!DOCTYPE worksheet SYSTEM "file:///etc/hostname"><worksheet'
    with_part_changed(book, SHEET, lambda xml: xml.replace(b"<worksheet", outside, 1))
    assert "document type" in told(book)[0]


@pytest.mark.fault(55)
async def test_the_wrong_encoding_is_said_with_its_line(council: Council) -> None:
    brought = await council.brings(
        "teams", TEAMS.encode() + "Süd,Assessment,Operations,,,\n".encode("cp1252")
    )
    assert brought.problems == [
        'line 4: is not UTF-8 text. In Excel, save it as "CSV UTF-8 (Comma delimited)"'
    ]
    assert await council.holds("teams") == []


@pytest.mark.fault(55)
async def test_the_wrong_encoding_is_found_far_down(council: Council) -> None:
    rows = "".join(f"Team {number},Assessment,Operations,,,\n" for number in range(30_000))
    content = TEAMS.splitlines(keepends=True)[0] + rows
    brought = await council.brings("teams", content.encode() + b"S\xfcd,Assessment,Operations,,,\n")
    assert brought.problems[0].startswith("line 30002: is not UTF-8 text")
    assert brought.counts == (0, 0, 0)


@pytest.mark.fault(56)
async def test_the_same_row_twice_counts_once_and_another_with_its_key_names_both_lines(
    council: Council,
) -> None:
    again = TEAMS.splitlines()[1]
    same = await council.brings("teams", f"{TEAMS}{again}\n")
    other = await council.brings("teams", f"{TEAMS}{again.replace('Assessment', 'Duty')}\n")
    assert same.counts == (2, 0, 0)
    assert "rows that repeat an earlier one are counted once: 1" in same.report.notes
    assert other.problems == ["line 4, column team: stands on line 2 already, with other values"]


@pytest.mark.fault(56)
async def test_one_object_id_for_two_people_is_refused(council: Council) -> None:
    await council.brings_all("teams")
    twin = "ann@c.example,Ann,auditor,,00000000-0000-0000-0000-000000000001\n"
    brought = await council.brings("people", PEOPLE + twin)
    assert brought.problems == ["line 7, column aad_object_id: stands on line 2 already, with other values"]


@pytest.mark.fault(56)
@pytest.mark.parametrize(
    ("kind", "column"), [(kind, column) for kind in WRITERS for column in WRITERS[kind].row.shape().required]
)
def test_each_required_column_is_asked_for_by_its_name(tmp_path: Path, kind: str, column: str) -> None:
    shape = WRITERS[kind].row.shape()
    others = [name for name in shape.required if name != column]
    path = a_file(tmp_path / "x.csv", f"{','.join(others)}\n{','.join('x' for _ in others)}\n")
    assert told(path, shape) == [
        f"line 1, column {column}: is missing; a {kind} file needs {', '.join(shape.required)}"
    ]


@pytest.mark.fault(56)
@pytest.mark.parametrize("kind", sorted(WRITERS))
@pytest.mark.parametrize(
    "title", ["Child name", "date_of_birth", "Surname", "postcode", "NHS number", "home address"]
)
async def test_a_personal_column_is_refused_before_a_row_is_read(
    sqlite_url: str, tmp_path: Path, kind: str, title: str
) -> None:
    store = SqlStore(sqlite_url)
    try:
        header, *rows = FILES[kind].splitlines()
        brought = await Council(store, tmp_path).brings(
            kind, "\n".join([f"{header},{title}", *(f"{row},=1" for row in rows)])
        )
    finally:
        await store.close()
    (problem,) = brought.problems
    assert problem.startswith(f"line 1, column {title}: looks like a person's name, birth date")


@pytest.mark.fault(56)
async def test_many_rows_stay_on_disk_and_not_in_memory(tmp_path: Path) -> None:
    """The spool between reading and writing holds a bounded part of 10,000 rows in memory."""
    row_type = WRITERS["children"].row
    known = Vocabulary(Policy(), date(2026, 11, 20))
    path = tmp_path / "children.csv"
    with path.open("w") as file:
        file.write("child_ref,team,legal_status\n")
        file.writelines(f"{number},Northgate,child_in_need\n" for number in range(10_000))
    tracemalloc.start()
    try:
        with Spool() as spool:
            for line, cells in ImportFile(path, row_type.shape()).rows(spool.wrong):
                spool.put(line, row_type.read(cells, known), cells)
            kept, (_, peak) = spool.rows_kept, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept == 10_000
    assert peak < 1_500_000


@pytest.mark.fault(56)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400)
    | st.binary(max_size=400).map(lambda rest: b"team,service,directorate\n" + rest)
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for problem in told(a_file(tmp_path / "any.csv", content)):
        assert problem
        assert "\n" not in problem


@pytest.mark.fault(56)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_to_a_workbook_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    template = tmp_path / "whole.xlsx"
    if not template.exists():
        a_workbook(template, as_rows(TEAMS))
    content = bytearray(template.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)))
    assert all(
        isinstance(problem, str) for problem in told(a_file(tmp_path / "any.xlsx", bytes(content[:cut])))
    )


@pytest.mark.fault(56)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_to_a_sheets_xml_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    def damaged(xml: bytes) -> bytes:
        at = data.draw(st.integers(0, len(xml) - 1))
        return xml[:at] + data.draw(st.binary(max_size=12)) + xml[at + data.draw(st.integers(0, 12)) :]

    book = a_workbook(tmp_path / "t.xlsx", as_rows(TEAMS))
    with_part_changed(book, SHEET, damaged)
    assert all(isinstance(problem, str) for problem in told(book))


def _leftovers(directory: Path) -> list[Path]:
    return list(directory.glob("one.db*"))


_ORDERS = (
    ("teams", "people", "children", "audits", "exemptions", "programme"),
    ("teams", "people", "exemptions", "children", "audits", "programme"),
    ("programme", "teams", "people", "children", "exemptions", "audits"),
    ("teams", "children", "programme", "people", "audits", "exemptions"),
)


@pytest.mark.fault(56)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.sampled_from(_ORDERS),
    again=st.lists(st.sampled_from(tuple(FILES)), max_size=3),
    seed=st.integers(0, 999),
)
def test_any_order_that_is_allowed_gives_the_same_council(
    sqlite_template: Path, tmp_path: Path, order: tuple[str, ...], again: list[str], seed: int
) -> None:
    """Files in any order that names only what is known, rows in any order, some files twice."""

    async def imported(
        kinds: tuple[str, ...], shuffle: random.Random | None
    ) -> dict[str, list[tuple[Any, ...]]]:
        file = tmp_path / "one.db"
        shutil.copyfile(sqlite_template, file)
        store = SqlStore(f"sqlite:///{file}")
        try:
            council = Council(store, tmp_path)
            for kind in kinds:
                header, *rows = FILES[kind].splitlines()
                if shuffle:
                    shuffle.shuffle(rows)
                brought = await council.brings(kind, "\n".join([header, *rows]))
                assert brought.problems == []
            return await council.by_natural_keys()
        finally:
            await store.close()
            for leftover in _leftovers(tmp_path):
                leftover.unlink()

    expected = asyncio.run(imported(_ORDERS[0], None))
    assert asyncio.run(imported((*order, *again), random.Random(seed))) == expected
