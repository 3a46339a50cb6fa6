"""What the QA team is shown where a preview no longer holds, or its draw is issued."""

from dataclasses import dataclass

from domain.draw_basis import Changes
from domain.people import Person
from domain.ports import DrawRecord
from domain.views.issuing import DrawView


@dataclass(frozen=True, slots=True)
class IssuedView:
    """A draw that is issued: by whom, and how many audits."""

    record: DrawRecord
    by: Person | None
    audits: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """What stands in the place of a preview that no longer holds: the draw as it would be issued now (None: it has
    been issued meanwhile), with what has changed since (None: not known) and who looked last."""

    draw: DrawView | None = None
    changes: Changes | None = None
    looked: Person | None = None
