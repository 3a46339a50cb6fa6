"""Exemptions, asked for and saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.calendar import Month
    from domain.exemptions import Done, Exemption
    from domain.people import PersonId, Reach


@dataclass(frozen=True, slots=True)
class ExemptionStep:
    """A line of an exemption's history, as shown on its card."""

    at: datetime
    command: str
    by_id: PersonId | None
    for_id: PersonId | None
    note: str


@dataclass(frozen=True, slots=True)
class ExemptionFilter:
    """All given conditions together.

    `approver_ids`: one of these is asked now (never a closed or asked-back one); `not_party`: neither asked by nor
    for this person; `within`: the person's team, service or directorate is one of the reach's, *or* `or_party` is
    one of the parties (an empty reach with `or_party` is "my own").
    """

    open_only: bool = False
    month: Month | None = None
    reason: str | None = None
    states: Collection[str] | None = None
    person_id: PersonId | None = None
    requested_by: PersonId | None = None
    approver_ids: Collection[PersonId] | None = None
    not_party: PersonId | None = None
    within: Reach | None = None
    or_party: PersonId | None = None


class Exemptions(Protocol):
    async def add(self, exemption: Exemption) -> Exemption:
        """Gives it its number (`id` of the argument is ignored) and writes the first line of its history.
        Raises Conflict where the person has an open or approved one for the month (unique in the database)."""
        ...

    async def get(self, exemption_id: int) -> Exemption | None: ...
    async def save(self, done: Done) -> Exemption:
        """Writes the exemption (version + 1) and the line of its history. Raises Conflict as Audits.save."""
        ...

    async def history(self, exemption_id: int) -> list[ExemptionStep]: ...
    async def find(
        self, wanted: ExemptionFilter, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Exemption], int]:
        """Oldest first, and how many there are in all."""
        ...

    async def of_person(self, person_id: PersonId, month: Month) -> list[Exemption]:
        """Every one that was ever asked for this person and month, oldest first."""
        ...
