"""The year's calendar of audit activity (domain, sections 3 and 9)."""

from dataclasses import dataclass

from domain.calendar import Month
from domain.kinds import Kind


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned of one kind in one month: at most one entry for the two. `expected` 0: as many as are issued."""

    month: Month
    kind: Kind
    expected: int = 0
    theme: str = ""
    cohorts: tuple[str, ...] = ()
    note: str = ""
    version: int = 0
