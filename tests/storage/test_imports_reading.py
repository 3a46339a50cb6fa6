"""Files become rows of plain cells, each with its line; what cannot be read is said with its place."""

from datetime import date, datetime, time
from pathlib import Path

import pytest

from storage.imports.columns import Shape, looks_personal
from storage.imports.problems import FileRefused
from storage.imports.reading import Cells, ImportFile
from tests.storage.import_files import a_workbook, with_shared_text

SHAPE = Shape("children", ("child_ref", "team"), ("opened", "note"), frozenset({"note"}))


def read(
    path: Path, content: str | bytes | None = None
) -> tuple[list[tuple[int, Cells]], list[str], ImportFile]:
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    file, problems = ImportFile(path, SHAPE), list[str]()
    rows = list(file.rows(lambda problem: problems.append(str(problem))))
    return rows, problems, file


def refusal(path: Path, content: str | bytes | None = None) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read(path, content)
    return [str(problem) for problem in refused.value.problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_rows_come_with_the_line_they_start_on(path: Path) -> None:
    rows, problems, _ = read(
        path, '\ufeffchild_ref,Team,note\r\n1, North  gate ,"two\r\nlines"\r\n\r\n,,\r\n2,East,\r\n'
    )
    assert rows == [
        (2, {"child_ref": "1", "team": "North gate", "note": "two\nlines"}),
        (6, {"child_ref": "2", "team": "East"}),
    ]
    assert problems == []


def test_a_workbook_gives_the_same_rows_as_its_csv(tmp_path: Path) -> None:
    workbook = a_workbook(
        tmp_path / "children.xlsx",
        [
            ("child_ref", "team", "opened", None),
            (20417, "Northgate", date(2024, 3, 1), None),
            (),
            (20418.0, "  East  field", datetime.combine(date(2024, 3, 2), time()), None),
            ("C/7", True, "2024-03-03", None),
        ],
    )
    rows, problems, _ = read(workbook)
    assert rows == [
        (2, {"child_ref": "20417", "team": "Northgate", "opened": "2024-03-01"}),
        (4, {"child_ref": "20418", "team": "East field", "opened": "2024-03-02"}),
        (5, {"child_ref": "C/7", "team": "yes", "opened": "2024-03-03"}),
    ]
    assert problems == []


def test_texts_that_a_workbook_shares_between_cells(tmp_path: Path) -> None:
    """As Excel writes them: in runs of different print, and with a reading aid that is no part of the text."""
    book = a_workbook(tmp_path / "t.xlsx", [("child_ref", "team"), (1, "TEXT"), (2, "TEXT")])
    with_shared_text(
        book, "TEXT", '<si><r><t>North</t></r><r><t>gate</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si>'
    )
    rows, problems, _ = read(book)
    assert [cells["team"] for _, cells in rows] == ["Northgate", "Northgate"]
    assert problems == []


def test_further_sheets_are_said_not_to_be_read(tmp_path: Path) -> None:
    import openpyxl

    path = a_workbook(tmp_path / "two.xlsx", [("child_ref", "team"), (1, "North")])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Old")
    book.save(path)
    _, _, file = read(path)
    assert file.notes.sentences() == ("only the first sheet, Sheet, was read; there are 1 more",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n \n,,\n", "the file is empty"),
        (b"child_ref,team\n", "the file has a header and no rows"),
        (b"child_ref,team\n,\n", "the file has a header and no rows"),
        (b"child_ref;team\n1;North\n", "line 1: the columns are separated by semicolons"),
        (b"child_ref\tteam\n1\tNorth\n", "line 1: the columns are separated by tabs"),
        ("child_ref,team\n1,Nörth\n".encode("utf-16"), "the file is UTF-16 text"),
        (b'child_ref,team\n1,"North\n', "cannot be read as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or encrypted Excel file"),
        (b"child_ref,team\n1," + b"x" * 1_000_001, "line 2: is longer than"),
        (b"=1+1,team\n1,North\n", "line 1, column number 1: is a formula"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(path: Path, content: bytes, said: str) -> None:
    assert said in refusal(path, content)[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "nowhere.csv")[0]


def test_everything_wrong_with_the_header_is_said_at_once(path: Path) -> None:
    assert refusal(path, "child_ref,Child-Ref,opend,Date of birth\n1,1,,\n") == [
        "line 1, column child_ref: stands twice in the header",
        "line 1, column opend: is not a column of a children file; did you mean opened?",
        (
            "line 1, column Date of birth: looks like a person's name, birth date, address or national number. "
            "Children are held by reference only: remove the column"
        ),
        "line 1, column team: is missing; a children file needs child_ref, team",
    ]


def test_another_column_is_named_and_not_read(path: Path) -> None:
    rows, problems, file = read(path, "child_ref,team,colour\n1,North,=red\n")
    assert (rows, problems) == ([(2, {"child_ref": "1", "team": "North"})], [])
    (note,) = file.notes.sentences()
    assert note.startswith("column colour is not part of a children file and was not read")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("=1+1", "is a formula"),
        ("  =cmd|' /C calc'!A0", "is a formula"),
        ("+44", 'starts with "+"'),
        ("-1", 'starts with "-"'),
        ("@SUM(A1)", 'starts with "@"'),
        ("a\x00b", "cannot be seen (U+0000)"),
        ("a\x1bb", "cannot be seen (U+001B)"),
        ("North\u202egate", "cannot be seen (U+202E)"),
        ("North\u200bgate", "cannot be seen (U+200B)"),
        ("Nor\ufffdth", "lost when the file was saved"),
        ('"North\ngate"', "line break"),
        ("x" * 4001, "is 4001 characters long; at most 4000"),
    ],
)
def test_a_cell_that_is_not_plain_is_named_with_line_and_column(path: Path, cell: str, said: str) -> None:
    rows, problems, _ = read(path, f"child_ref,team\n1,North\n2,{cell}\n")
    assert [line for line, _ in rows] == [2]
    assert len(problems) == 1
    assert problems[0].startswith("line 3, column team: ")
    assert said in problems[0]


def test_sentences_may_start_with_a_sign_but_not_be_formulas(path: Path) -> None:
    rows, problems, _ = read(path, "child_ref,team,note\n1,North,- first\n2,North,=first\n")
    assert rows == [(2, {"child_ref": "1", "team": "North", "note": "- first"})]
    assert problems == ["line 3, column note: is a formula; paste its value instead"]


def test_a_value_without_a_title_above_it_is_not_lost(path: Path) -> None:
    _, problems, _ = read(path, "child_ref,team,\n1,North,stray\n2,North,,stray\n3,North,,\n")
    assert problems == [
        "line 2, column number 3: has a value, but the header has no name for this column",
        "line 3, column number 4: has a value, but the header has no name for this column",
    ]


def test_letters_with_accents_are_one_character(path: Path) -> None:
    rows, _, _ = read(path, "child_ref,team\n1,Cafe\u0301\n")
    assert rows[0][1]["team"] == "Caf\u00e9"


@pytest.mark.parametrize(
    "title",
    [
        *(
            "name",
            "Child name",
            "childs_name",
            "Child's Name",
            "NameOfChild",
            "First Name",
            "forename",
            "SURNAME",
        ),
        *("dob", "D.O.B.", "date_of_birth", "child_dob", "birthday", "Birth date", "address", "Home Address"),
        *(
            "Address line 1",
            "postcode",
            "Post code",
            "nhs_number",
            "NHS no",
            "upn",
            "child_initials",
            "lastName",
        ),
        *("full name", "phone", "family name"),
    ],
)
def test_columns_that_look_like_personal_data(title: str) -> None:
    assert looks_personal(title)


@pytest.mark.parametrize(
    "title",
    [
        "team name",
        "service_name",
        "email",
        "e-mail address",
        "child_ref",
        "child_views",
        "opened",
        "issued_on",
        "placement",
    ],
)
def test_columns_that_do_not(title: str) -> None:
    assert not looks_personal(title)
