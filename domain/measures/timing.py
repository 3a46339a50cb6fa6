"""Returned in time, late, nil, or still out: how an audit stands in its month's books (section 3.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from domain.audits import AuditState
from domain.calendar import Month, plus_working_days
from domain.kinds import Kind
from domain.measures.tables import number
from domain.ports.facts import AuditFact


class Timing(StrEnum):
    RETURNED = "returned"
    LATE = "late"
    NIL = "nil"
    OUTSTANDING = "outstanding"


@dataclass(frozen=True, slots=True)
class Books:
    """As of `today`; books close so many working days after the deadline (policy)."""

    today: date
    close_after: int

    def close_of(self, month: Month) -> date:
        """The last day on which a late return is counted as late."""
        return _close_of(month, self.close_after)

    def timing(self, fact: AuditFact) -> Timing:
        """Late: after the month's last calendar day and by the close of the books. Nil: not by then, also where it
        came afterwards. Before the close what is not here yet is outstanding."""
        returned = fact.returned_on
        if returned is None or returned > self.today:
            return Timing.NIL if self.today > self.close_of(fact.month) else Timing.OUTSTANDING
        if returned <= fact.month.last:
            return Timing.RETURNED
        return Timing.LATE if returned <= self.close_of(fact.month) else Timing.NIL

    def here(self, fact: AuditFact) -> bool:
        """Returned at all by `today`, in time or not."""
        return fact.returned_on is not None and fact.returned_on <= self.today


@lru_cache(maxsize=1024)
def _close_of(month: Month, close_after: int) -> date:
    return plus_working_days(month.last, close_after)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of issued audits; `returned` + `late` + `nil` + `outstanding` = `issued`. `below_standard` are those of
    the returned whose latest judgement is that they do not meet the standard."""

    issued: int
    returned: int
    late: int
    nil: int
    outstanding: int
    below_standard: int


def issued(facts: Iterable[AuditFact], kind: Kind | None) -> list[AuditFact]:
    """Those with an auditor: one that was taken off its auditor waits, and is nobody's to return."""
    return [f for f in facts if (kind is None or f.kind is kind) and f.state is not AuditState.FREED]


def tally(facts: Iterable[AuditFact], books: Books) -> Tally:
    found = dict.fromkeys(Timing, 0)
    below = 0
    for fact in facts:
        timing = books.timing(fact)
        found[timing] += 1
        below += timing is Timing.RETURNED and fact.meets_standard is False
    return Tally(
        sum(found.values()),
        found[Timing.RETURNED],
        found[Timing.LATE],
        found[Timing.NIL],
        found[Timing.OUTSTANDING],
        below,
    )


def timing_notes(facts: Iterable[AuditFact], books: Books) -> list[str]:
    """What a reader who counts returns by hand would miss."""
    of_all = list(facts)
    after = sum(books.here(f) and books.timing(f) is Timing.NIL for f in of_all)
    dateless = sum(f.returned_on is None and f.grade is not None for f in of_all)
    notes: list[str] = []
    if after:
        counted = "counts as a nil return" if after == 1 else "count as nil returns"
        notes.append(f"{number(after, 'return', 'returns')} came after the close of the books: {counted}")
    if dateless:
        said = "has a grade but no day of return: it does" if dateless == 1 else (
            "have a grade but no day of return: they do")  # fmt: skip
        notes.append(f"{number(dateless, 'audit', 'audits')} {said} not count as returned")
    return notes
