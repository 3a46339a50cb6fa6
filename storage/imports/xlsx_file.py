"""Rows of a workbook's first sheet. openpyxl reads its plan (sheets, date formats, texts), with defusedxml beneath;
the rows themselves stream through defusedxml's parser, which is many times quicker and keeps one row at a time."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import BadZipFile, ZipFile

from storage.imports.cells import BadCell
from storage.imports.problems import FileRefused, Problem

Cell = str | BadCell

MOST_ENTRIES = 2_000
MOST_BYTES = 1_000_000_000
"""Unpacked, all parts together. The zip reader stops at the sizes that the archive declares, so they are binding."""
MOST_TEXT_BYTES = 200_000_000
"""Unpacked, any part but the sheets: these are held in memory."""
MOST_RATIO = 200
"""Unpacked to packed, for parts of more than a megabyte; a sheet of real rows stays far below."""
MOST_COLUMNS = 200

_UNREADABLE = (
    "the file cannot be read as an Excel workbook; open it in Excel and save it as .xlsx, or as CSV UTF-8"
)
_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class XlsxFile:
    """`rows` gives each row that has anything in it with its number in the sheet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._size = 1
        self.notes: list[str] = []

    def fraction(self) -> float:
        """How much of the sheet has been read, 0 to 1."""
        return min(self._read / self._size, 1.0)

    def rows(self) -> Generator[tuple[int, list[Cell]], None, None]:
        try:
            with self._path.open("rb") as raw:
                with ZipFile(raw) as archive:
                    refuse_bombs(archive)
                yield from self._sheet_rows(raw)
        except FileRefused:
            raise
        except (BadZipFile, EOFError) as error:
            raise FileRefused(Problem(_UNREADABLE)) from error
        except Exception as error:
            # A damaged or hostile workbook makes the readers beneath raise nearly anything.
            raise FileRefused(_said(error)) from error

    def _sheet_rows(self, raw: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
        plan = _Plan(raw)
        try:
            self.notes.extend(plan.notes)
            self._size = plan.sheet_size
            handler = _SheetHandler(plan)
            parser = _parser(handler)
            with plan.archive.open(plan.sheet_path) as part:
                while chunk := part.read(_CHUNK):
                    self._read += len(chunk)
                    parser.feed(chunk)
                    yield from handler.take()
            parser.close()
            yield from handler.take()
        finally:
            plan.archive.close()


def refuse_bombs(archive: ZipFile) -> None:
    """Raises FileRefused where unpacking would cost more than any honest workbook does."""
    parts = archive.infolist()
    if len(parts) > MOST_ENTRIES:
        raise FileRefused(Problem(f"the workbook has {len(parts)} parts; at most {MOST_ENTRIES} are taken"))
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise FileRefused(Problem("the workbook is too large when unpacked; save it as CSV UTF-8"))
    for part in parts:
        if part.flag_bits & 0x1:
            raise FileRefused(Problem("the workbook is protected by a password; save it without one"))
        if part.file_size > 1_000_000 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise FileRefused(Problem("the workbook unpacks to far more than its size; it is not taken"))
        if part.file_size > MOST_TEXT_BYTES and "worksheets/" not in part.filename:
            raise FileRefused(Problem("the workbook's texts are too large; save it as CSV UTF-8"))


def _said(error: BaseException) -> Problem:
    from defusedxml import DefusedXmlException

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return Problem(
                "the workbook declares XML entities or a document type, which no spreadsheet program writes"
            )
        cause = cause.__cause__ or cause.__context__
    return Problem(_UNREADABLE)


class _Plan:
    """What a sheet's cells refer to."""

    def __init__(self, raw: BinaryIO) -> None:
        import warnings

        import openpyxl

        if not openpyxl.DEFUSEDXML:
            raise FileRefused(
                Problem("workbooks are only read with defusedxml in force (OPENPYXL_DEFUSEDXML)")
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = cast("Any", openpyxl.load_workbook(raw, read_only=True, keep_links=False))
        self.archive = cast("ZipFile", book._archive)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(
            book.worksheets
        )
        if not sheets:
            self.archive.close()
            raise FileRefused(Problem("the workbook has no sheet with rows"))
        self.sheet_path = str(sheets[0]._worksheet_path)
        self.sheet_size = max(self.archive.getinfo(self.sheet_path).file_size, 1)
        self.texts = cast("list[str]", sheets[0]._shared_strings)
        self.date_styles = cast("set[int]", book._date_formats)
        self.epoch = book.epoch
        others = len(sheets) - 1
        self.notes = (
            [f"only the first sheet, {sheets[0].title}, was read; there are {others} more"] if others else []
        )

    def day(self, serial: float) -> str:
        """ISO text: a day, or with a time of day where the cell has one."""
        from datetime import datetime

        from openpyxl.utils import datetime as serials

        value = cast("object", cast("Any", serials).from_excel(serial, self.epoch))
        if not isinstance(value, datetime):
            raise BadCell("is a time of day, not a date")
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")


def _parser(handler: ContentHandler) -> Any:
    from defusedxml.sax import make_parser

    parser = cast("Any", make_parser())
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    return parser


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _SheetHandler(ContentHandler):
    """Gathers rows from a sheet's XML events."""

    def __init__(self, plan: _Plan) -> None:
        super().__init__()
        self._plan = plan
        self._done: list[tuple[int, list[Cell]]] = []
        self._line = 0
        self._row: list[Cell] = []
        self._column = 0
        self._kind = "n"
        self._style = 0
        self._formula = False
        self._text: list[str] = []
        self._listening = False
        self._phonetic = False

    def take(self) -> list[tuple[int, list[Cell]]]:
        done, self._done = self._done, []
        return done

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the parser's name
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attrs)
        elif tag in ("v", "t"):
            self._listening = not self._phonetic
        elif tag == "row":
            self._line = int(attrs.get("r") or self._line + 1)
            self._row, self._column = [], 0
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = True

    def _start_cell(self, attrs: AttributesImpl) -> None:
        found = _REFERENCE.fullmatch(attrs.get("r") or "")
        self._column = _column_number(found[1]) if found else self._column + 1
        self._kind = attrs.get("t") or "n"
        self._style = int(attrs.get("s") or 0)
        self._formula = False
        self._text = []

    def characters(self, content: str) -> None:
        if self._listening:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the parser's name
        tag = name.rpartition(":")[2]
        if tag in ("v", "t"):
            self._listening = False
        elif tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "row" and any(self._row):
            self._done.append((self._line, self._row))

    def _end_cell(self) -> None:
        value = self._value("".join(self._text))
        if value == "":
            return
        if self._column > MOST_COLUMNS:
            raise FileRefused(Problem(f"has values beyond column {MOST_COLUMNS}", self._line))
        self._row.extend([""] * (self._column - len(self._row)))
        self._row[self._column - 1] = value

    def _value(self, text: str) -> Cell:
        if self._formula:
            return BadCell("is a formula; paste its value instead")
        if not text:
            return ""
        try:
            return self._of_kind(text)
        except BadCell as bad:
            return bad
        except (ValueError, OverflowError, IndexError):
            return BadCell("cannot be read; type the cell again")

    def _of_kind(self, text: str) -> str:
        if self._kind == "s":
            return self._plan.texts[int(text)]
        if self._kind == "b":
            return "yes" if text.strip() == "1" else "no"
        if self._kind == "e":
            raise BadCell(f"is an error value ({text[:20]})")
        if self._kind == "d":
            return text.removesuffix("Z").removesuffix("T00:00:00")
        if self._kind != "n":
            return text
        return self._plan.day(float(text)) if self._style in self._plan.date_styles else _number(text)


def _number(text: str) -> str:
    """A reference that the sheet holds as the number 20417.0 is the text 20417."""
    value = float(text)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return text
