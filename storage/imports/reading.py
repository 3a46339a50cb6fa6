"""A file as rows of plain cells under known columns, each with its line. Nothing is interpreted here, and no more
than a row is in memory."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from storage.imports.cells import BadCell, plain_cell
from storage.imports.columns import Header, Shape, read_header
from storage.imports.csv_file import CsvFile
from storage.imports.problems import FileRefused, Notes, Problem
from storage.imports.xlsx_file import XlsxFile

Cells = Mapping[str, str]
"""What stands in a row, by column; blanks left out."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class ImportFile:
    """One file of one shape. Call `rows` once; `header` and `notes` are complete when it has ended."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._path = path
        self._shape = shape
        self._source: CsvFile | XlsxFile | None = None
        self.header = Header((), ())
        self.notes = Notes()

    def fraction(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._source.fraction() if self._source else 0.0

    def rows(self, wrong: Callable[[Problem], None]) -> Iterator[tuple[int, Cells]]:
        """The rows whose cells can all be read; every other cell goes to `wrong`. Raises FileRefused where the
        file as a whole cannot be read, before any row of it is given where the header says so."""
        source = self._source = _source(self._path)
        with closing(source.rows()) as read:  # a refused file is let go of at once
            yield from self._cells(source, read, wrong)

    def _cells(
        self, source: CsvFile | XlsxFile, read: Iterator[tuple[int, Sequence[str | BadCell]]],
        wrong: Callable[[Problem], None],
    ) -> Iterator[tuple[int, Cells]]:  # fmt: skip
        filled = ((line, row) for line, row in read if _filled(row))
        line, titles = next(filled, (1, None))
        if titles is None:
            raise FileRefused(Problem("the file is empty"))
        self.header = read_header(_titles(titles, line), self._shape, line)
        self.notes.extend(self.header.notes)
        if isinstance(source, XlsxFile):
            self.notes.extend(source.notes)
        none = True
        for line, row in filled:
            cells, problems = self._plain(line, row)
            none = none and not cells and not problems
            for problem in problems:
                wrong(problem)
            if cells and not problems:
                yield line, cells
        if none:
            raise FileRefused(Problem("the file has a header and no rows"))

    def _plain(self, line: int, row: Sequence[str | BadCell]) -> tuple[dict[str, str], list[Problem]]:
        cells: dict[str, str] = {}
        problems: list[Problem] = []
        columns = self.header.columns
        for place, value in enumerate(row):
            column = columns[place] if place < len(columns) else ""
            if not value or column is None:
                continue
            try:
                text = self._read(column, value)
            except BadCell as bad:
                problems.append(Problem(str(bad), line, column or f"number {place + 1}"))
                continue
            if text:
                cells[column] = text
        return cells, problems

    def _read(self, column: str, value: str | BadCell) -> str:
        if isinstance(value, BadCell):
            raise value
        if not column and not value.isspace():
            raise BadCell("has a value, but the header has no name for this column")
        return plain_cell(value, free_text=column in self._shape.free_text)


def _filled(row: Sequence[str | BadCell]) -> bool:
    return any(isinstance(value, BadCell) or value.strip() for value in row)


def _titles(row: Sequence[str | BadCell], line: int) -> list[str]:
    titles: list[str] = []
    for place, value in enumerate(row, 1):
        try:
            titles.append(plain_cell(value, free_text=False) if isinstance(value, str) else _raised(value))
        except BadCell as bad:
            raise FileRefused(Problem(str(bad), line, f"number {place}")) from None
    return titles


def _raised(bad: BadCell) -> str:
    raise bad


def _source(path: Path) -> CsvFile | XlsxFile:
    """By what the file is, not by what it is called."""
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
    except OSError as error:
        raise FileRefused(Problem(f"{path} cannot be opened ({error.strerror})")) from None
    if start == _OLD_OFFICE:
        raise FileRefused(
            Problem("the file is an old or encrypted Excel file; save it as .xlsx without a password")
        )
    return XlsxFile(path) if start.startswith(_ZIP) else CsvFile(path)


def digest_of(path: Path) -> str:
    """The SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()
