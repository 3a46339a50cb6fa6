"""What a draw is made of and how it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.allocation import Child
    from domain.calendar import Month
    from domain.draw_basis import Basis
    from domain.kinds import Kind
    from domain.people import PersonId, Team


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """A child's file as the children file knows it."""

    ref: str
    team: Team
    legal_status: str
    social_worker_id: PersonId | None
    cohorts: frozenset[str]
    opened: date | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who can be drawn: `children` after the rules, and how many each rule left out (a child counts once,
    under the first):
    `closed`, `audited` (within the look-back), `in_progress` (an audit of it is issued and not returned),
    `excluded` (by
    hand), `cohort` (in none of the chosen ones)."""

    children: list[Child]
    left_out: Mapping[str, int]


class Children(Protocol):
    async def get(self, ref: str) -> ChildFacts | None:
        """In any case of letters, with or without the `C` in front ("20417" finds "C20417" where that is the
        only one)."""
        ...

    async def many(self, refs: Collection[str]) -> dict[str, ChildFacts]: ...
    async def of_team(self, team_ids: Collection[int], day: date) -> list[ChildFacts]: ...
    async def eligible(
        self, month: Month, cohorts: Collection[str], not_again_months: int, excluded: Collection[str]
    ) -> Eligible:
        """For a draw of `month`: cases that the children file does not close by the month's last day, nor opens after
        it; not audited (any kind but observations; freed ones left out) in the months before it or in it. What is
        still in progress counts from the month before at the least, and in later months too."""
        ...


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A child that a coordinator left out of a draw, and why."""

    child_ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """A draw that was previewed or issued. The seed is made once for a month and kind and stays: changing the
    inputs can be seen, drawing again until a wanted child comes up cannot be done. `pool` are those it was
    drawn for;
    `digest` names the result. `options` are `domain.allocation.Options` without the seed, as JSON."""

    id: int
    month: Month
    kind: Kind
    seed: str
    options: str
    exclusions: tuple[Exclusion, ...] = ()
    pool: tuple[PersonId, ...] = ()
    digest: str = ""
    previews: int = 0
    made_by_id: PersonId | None = None
    made_at: datetime | None = None
    issued_at: datetime | None = None
    issued_by_id: PersonId | None = None
    theme: str = ""
    version: int = 0


class Draws(Protocol):
    async def of_month(self, month: Month, kind: Kind) -> DrawRecord | None:
        """The latest of the month and kind."""
        ...

    async def save(self, record: DrawRecord) -> DrawRecord:
        """New (version 0) or the next version. Raises Conflict; at most one of a month and kind is not issued
        yet."""
        ...

    async def get(self, draw_id: int) -> DrawRecord | None: ...
    async def keep_basis(self, record: DrawRecord, basis: Basis) -> None:
        """What this version of the draw, a preview, was made of."""
        ...

    async def basis(self, draw_id: int, version: int) -> Basis | None:
        """None where this version was no preview, or is none."""
        ...

    async def issued(self, draw_id: int) -> int:
        """How many audits were issued from it."""
        ...
