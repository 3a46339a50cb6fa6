"""References that this program numbers itself: `A-104` for an audit, `T-12` for an action, `C-7` for a child of
concern."""

import re

AUDIT = "A"
ACTION = "T"
CONCERN = "C"
_NUMBERED = re.compile(r"([ATC])-([1-9][0-9]{0,5})")


def number_in(ref: str, letter: str) -> int | None:
    """The number of a reference that is written as this program writes it; None for any other (`A-007`, `2026/14`):
    those are the council's own, and no new reference can meet them. One of seven digits (`A-9999999`) is nobody's
    count either: taken as ours, it would make the next one A-10000000."""
    found = _NUMBERED.fullmatch(ref)
    return int(found[2]) if found and found[1] == letter else None
