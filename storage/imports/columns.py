"""Which columns a file may have. One that looks like a child's name, birth date or address stops the file before
a row of it is read: the product holds references only (contract, section 4)."""

import re
from dataclasses import dataclass

from storage.imports.problems import FileRefused, Problem

NEAR_MISS = 85
"""Likeness (0 to 100) from which an unknown column is taken for a slip of the pen, and refused: to leave it out
quietly would lose what stands in it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one kind of file. In `free_text` columns people write sentences: these may start with any
    character but "=", and keep their line breaks."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    free_text: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` by position: None where the file's column is not read, "" where it has no title."""

    columns: tuple[str | None, ...]
    notes: tuple[str, ...]

    @property
    def present(self) -> frozenset[str]:
        return frozenset(column for column in self.columns if column)


_PERSONAL = re.compile(
    r"""(^|child|client|young|person)(initials|dob|born|bday|nhs|upn|uln|nino|address|addr|home|street)
    |(^|[^a-z])dob([^a-z]|$)|dateofbirth|birthdate|birthday|birth|forename|surname|maiden
    |(first|last|family|given|middle|full|preferred|child|childs|children|childrens|client|person)names?$
    |nameof|postcode|postalcode|zipcode|^zip$|nhsn|nhsid|pupilnumber|nationalinsurance
    |phone|mobile|telephone|homeaddress|addressline|^address|address$|housenumber""",
    re.VERBOSE,
)
_NAMES = frozenset({"name", "names", "forenames", "surnames", "dob", "nhs", "upn", "birth", "postcode"})
_NOT_PEOPLE = frozenset({"team", "service", "area", "directorate", "council", "office", "file", "school"})
_MAIL = re.compile(r"e?mailaddress")


def looks_personal(title: str) -> bool:
    """Whether a column title reads as a person's name, birth date, address or national number."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title).casefold()
    words = re.findall(r"[a-z]+", spaced)
    joined = "".join(words)
    if _MAIL.search(joined):
        return False
    if _NAMES & set(words) and not _NOT_PEOPLE & set(words):
        return True
    return bool(_PERSONAL.search(joined))


def plain_title(title: str) -> str:
    """`Child ref`, `child-ref` and `CHILD_REF` are the same column."""
    return re.sub(r"[\s_-]+", "_", title.strip()).strip("_").casefold()


def read_header(titles: list[str], shape: Shape, line: int) -> Header:
    """Raises FileRefused with everything that is wrong with the header at once."""
    problems: list[Problem] = []
    notes: list[str] = []
    columns: list[str | None] = []
    for title in titles:
        found = _known(title, shape, line, problems, notes)
        if found and found in columns:
            problems.append(Problem("stands twice in the header", line, found))
        columns.append(found)
    for wanted in shape.required:
        if wanted not in columns:
            problems.append(
                Problem(f"is missing; a {shape.name} file needs {_listed(shape.required)}", line, wanted)
            )
    if problems:
        raise FileRefused(*problems)
    return Header(tuple(columns), tuple(notes))


def _known(title: str, shape: Shape, line: int, problems: list[Problem], notes: list[str]) -> str | None:
    plain = plain_title(title)
    if not plain or plain in shape.columns:
        return plain
    shown = title.strip()[:60]
    if looks_personal(title):
        problems.append(
            Problem(
                "looks like a person's name, birth date, address or national number. Children are held by "
                "reference only: remove the column",
                line,
                shown,
            )
        )
        return None
    near, likeness = _nearest(plain, shape)
    if likeness >= NEAR_MISS:
        problems.append(Problem(f"is not a column of a {shape.name} file; did you mean {near}?", line, shown))
    else:
        hint = f" (the nearest one is {near})" if likeness > NEAR_MISS / 2 else ""
        notes.append(f"column {shown} is not part of a {shape.name} file and was not read{hint}")
    return None


def _nearest(plain: str, shape: Shape) -> tuple[str, float]:
    from rapidfuzz import fuzz, process

    near, likeness, _ = process.extract(plain, shape.columns, scorer=fuzz.ratio, limit=1)[0]
    return near, likeness


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
