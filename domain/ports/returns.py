"""What is handed in with an audit and asked about it: returns, actions, requests, contributions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.audits import Audit
    from domain.participation import Contribution
    from domain.people import PersonId, Reach, Team
    from domain.requests import Request
    from domain.returns import Return


class Returns(Protocol):
    async def get(self, audit_id: int) -> Return | None: ...
    async def many(self, audit_ids: Collection[int]) -> dict[int, Return]:
        """By audit; one without a return is left out."""
        ...

    async def save(self, filled: Return) -> Return:
        """The next version, with its template kept under the template's digest. Raises Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the tracker. `number` names it within its return."""

    id: int
    ref: str
    description: str
    raised_on: date
    due_on: date
    audit_id: int | None = None
    audit_ref: str | None = None
    number: int | None = None
    concern_ref: str | None = None
    child_ref: str | None = None
    team: Team | None = None
    owner_id: PersonId | None = None
    done_on: date | None = None
    verified_on: date | None = None
    dropped_on: date | None = None
    """Taken off a reworked return before it was done."""
    version: int = 1


class Actions(Protocol):
    async def of_audit(self, audit_id: int, *, dropped: bool = False) -> list[Action]:
        """By number; those that were dropped are left out, or (`dropped`) they alone."""
        ...

    async def counts(self, audit_ids: Collection[int]) -> dict[int, tuple[int, int]]:
        """Open and done ones of each audit that has any; those that were dropped are not counted."""
        ...

    async def put(self, audit: Audit, filled: Return, day: date) -> list[Action]:
        """Brings the actions of an audit in line with its return: new ones get the next free `T-` number,
        those that are not
        done take over a changed text, owner or day, those taken off are dropped. Gives all that are not dropped."""
        ...


class Requests(Protocol):
    async def add(self, request: Request) -> Request:
        """Gives it its number. Raises Conflict where one of the kind is open for the audit."""
        ...

    async def get(self, request_id: int) -> Request | None: ...
    async def of_audit(self, audit_id: int) -> list[Request]:
        """Newest first."""
        ...

    async def save(self, request: Request) -> Request: ...
    async def open_within(self, within: Reach | None, *, limit: int = 50) -> list[Request]:
        """Open ones about audits whose *auditor's* team is in one of the reach's services (None: all), oldest
        first."""
        ...


class Contributions(Protocol):
    async def of_audit(self, audit_id: int) -> list[Contribution]: ...
    async def save(self, given: Contribution) -> Contribution:
        """The next version (0 before: a new one). Raises Conflict."""
        ...
