"""What is wrong with a file, said so that whoever made the file can put it right."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that must be put right. `line` counts from 1, the header included; both None: the whole file."""

    reason: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.reason}" if place else self.reason


class FileRefused(Exception):
    """The file as a whole cannot be read; no row of it was taken."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


_LINES_NAMED = 5


@dataclass(slots=True)
class Notes:
    """Things worth knowing that refuse nothing: one sentence each, with the first few lines it is true of."""

    _lines: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    _counts: Counter[str] = field(default_factory=Counter[str])

    def add(self, sentence: str, line: int | None = None) -> None:
        known = self._lines.setdefault(sentence, [])
        if line is not None:
            self._counts[sentence] += 1
            if len(known) < _LINES_NAMED:
                known.append(line)

    def extend(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.add(sentence)

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._told(sentence, lines) for sentence, lines in self._lines.items())

    def _told(self, sentence: str, lines: list[int]) -> str:
        if not lines:
            return sentence
        more = self._counts[sentence] - len(lines)
        named = ", ".join(str(line) for line in lines) + (f" and {more} more" if more else "")
        return f"{sentence} ({'line' if self._counts[sentence] == 1 else 'lines'} {named})"


@dataclass(slots=True)
class Counts:
    """Rows by what the import makes of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, other: "Counts") -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged

    @property
    def rows(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file. `problems` is how many there are; each was handed over by itself, in line order.
    `digest` is the SHA-256 of the file."""

    kind: str
    counts: Counts
    problems: int
    notes: tuple[str, ...]
    digest: str
    dry_run: bool

    @property
    def refused(self) -> bool:
        return self.problems > 0

    @property
    def committed(self) -> bool:
        return not self.refused and not self.dry_run
