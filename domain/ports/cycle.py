"""The month's cycle: audits found, issued and moved on, and one transaction over all that belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from domain.ports.work import AnyStore, UnitOfWork

if TYPE_CHECKING:
    from domain.audits import Audit, AuditState
    from domain.calendar import Month
    from domain.cycle import Done
    from domain.kinds import Grade, Kind
    from domain.participation import Contribution
    from domain.people import PersonId, Reach
    from domain.ports.concerns import Concerns
    from domain.ports.draws import Children, Draws
    from domain.ports.facts import Facts
    from domain.ports.pool import Pool, Programme
    from domain.ports.returns import Action, Actions, Contributions, Requests, Returns
    from domain.requests import Request
    from domain.returns import Return

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewAudit:
    """An audit that is about to be issued or logged; it gets the next free `A-` number."""

    month: Month
    kind: Kind
    auditor_id: PersonId
    issued_on: date
    child_ref: str | None = None
    team_id: int | None = None
    legal_status: str | None = None
    reaudit_of: str | None = None
    reaudit_number: int | None = None
    about_id: PersonId | None = None
    theme: str = ""
    draw_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """All given conditions together. `within` (with `or_owner`): the audit's team, its service or directorate
    is one of
    the reach's, or the person is its auditor or moderator. None: everywhere."""

    months: tuple[Month, Month] | None = None
    """From and to, both included."""
    kinds: Collection[Kind] | None = None
    states: Collection[AuditState] | None = None
    auditor_id: PersonId | None = None
    moderator_id: PersonId | None = None
    moderator_named: bool | None = None
    child_ref: str | None = None
    child_refs: Collection[str] | None = None
    team_ids: Collection[int] | None = None
    about_id: PersonId | None = None
    social_worker_id: PersonId | None = None
    counted_grades: Collection[Grade] | None = None
    """By the grade that counts (third lock's, else moderator's, else auditor's)."""
    within: Reach | None = None
    or_owner: PersonId | None = None


@dataclass(frozen=True, slots=True)
class AuditStep:
    """A line of an audit's history."""

    at: datetime
    command: str
    by_id: PersonId | None
    for_id: PersonId | None
    note: str
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept of one audit beside its own record, each in the order of its own port. The return is whosever it
    is; actions that were dropped are left out."""

    filled: Return | None = None
    areas: Mapping[str, Grade] = field(default_factory=dict[str, "Grade"])
    actions: Sequence[Action] = ()
    steps: Sequence[AuditStep] = ()
    requests: Sequence[Request] = ()
    contributions: Sequence[Contribution] = ()


class Cycle(Protocol):
    """Audits beyond one's own: found, issued, moved through the workflow, with their history."""

    async def find(
        self, wanted: AuditFilter, *, limit: int = 50, offset: int = 0, newest_first: bool = False
    ) -> tuple[list[Audit], int]:
        """By month and number (imported references after ours), and how many there are in all."""
        ...

    async def issue(self, new: Sequence[NewAudit], by_id: PersonId | None, now: datetime) -> list[Audit]:
        """Writes them in order, each with the first line of its history (`issue`). Who issues at the same time waits,
        and goes on counting; Conflict is left for an import that brought the number in between."""
        ...

    async def save(self, done: Done) -> Audit:
        """The audit's next version and the line of its history. Raises Conflict as Audits.save. With the
        audit's grade and
        engagement its practice areas are kept by `save_areas`."""
        ...

    async def beside(self, audit: Audit) -> Beside: ...
    async def save_areas(self, audit_id: int, areas: Mapping[str, Grade]) -> None: ...
    async def areas(self, audit_ids: Collection[int]) -> dict[int, dict[str, Grade]]: ...
    async def history(self, audit_id: int) -> list[AuditStep]: ...
    async def came_in(self, month: Month, kind: Kind) -> dict[int, datetime]:
        """Of the month's returns without a moderator: when each was last handed in, corrected or reopened here."""
        ...

    async def reaudits_of(self, ref: str) -> list[Audit]:
        """Every audit with this `reaudit_of`, by number."""
        ...

    async def reaudits_due(
        self, kinds: Collection[Kind], within: Reach | None, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Audit], int]:
        """Of each child whose latest graded audit of these kinds is Inadequate, and who has no open re-audit: that
        audit, where its team is within the reach (None: everywhere). As `domain.reaudits.due`, who has waited longest
        first, and how many there are in all."""
        ...


class CycleWork(UnitOfWork, Protocol):
    """One transaction, with the whole cycle in reach."""

    @property
    def cycle(self) -> Cycle: ...
    @property
    def children(self) -> Children: ...
    @property
    def draws(self) -> Draws: ...
    @property
    def returns(self) -> Returns: ...
    @property
    def actions(self) -> Actions: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def contributions(self) -> Contributions: ...
    @property
    def programme(self) -> Programme: ...
    @property
    def pool(self) -> Pool: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def concerns(self) -> Concerns: ...


class CycleStore(AnyStore[CycleWork], Protocol):
    async def aside(self, work: Callable[[], T]) -> T:
        """Runs pure work that takes long (a draw over 25,000 children) beside the loop, which goes on."""
        ...
