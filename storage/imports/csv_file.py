"""Rows of a CSV file, one at a time: a line, not the file, is what must fit in memory."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from storage.imports.problems import FileRefused, Problem

LONGEST_LINE = 1_000_000
"""Characters of one line; more is not a table."""

_SAVE_AS = 'In Excel, save it as "CSV UTF-8 (Comma delimited)"'
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class CsvFile:
    """`rows` gives each row with the number of the line it starts on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self._raw: BinaryIO | None = None

    def fraction(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return 1.0 if self._raw is None or self._raw.closed else self._raw.tell() / self._size

    def rows(self) -> Generator[tuple[int, list[str]], None, None]:
        with self._path.open("rb") as raw:
            if raw.read(2) in _UTF_16:
                raise FileRefused(Problem(f"the file is UTF-16 text, not UTF-8. {_SAVE_AS}"))
            raw.seek(0)
            self._raw = raw
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            yield from self._parsed(text)

    def _parsed(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(_lines(text), strict=True)
        first = True
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                raise FileRefused(
                    Problem(f"is not UTF-8 text. {_SAVE_AS}", _first_line_not_utf8(self._path))
                ) from None
            except csv.Error as error:
                raise FileRefused(
                    Problem(f"cannot be read as CSV ({error}); look at its quotes", line)
                ) from None
            if first and row:
                _refuse_other_separators(row, line)
                first = False
            yield line, row


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise FileRefused(Problem(f"is longer than {LONGEST_LINE} characters", number))
        yield line


def _refuse_other_separators(row: list[str], line: int) -> None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(row) == 1 and sign in row[0]:
            raise FileRefused(
                Problem(f"the columns are separated by {name}; commas are needed. {_SAVE_AS}", line)
            )


def _first_line_not_utf8(path: Path) -> int:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with path.open("rb") as raw:
        while chunk := raw.read(65536):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            lines += chunk.count(b"\n")
    return lines
