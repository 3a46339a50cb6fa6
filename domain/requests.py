"""What an auditor asks for about an audit: more time (slippage), or a change (reallocation); sections 3.5 and 3.6."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.people import PersonId


class Wish(StrEnum):
    SLIPPAGE = "slippage"
    REALLOCATION = "reallocation"


class RequestState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"
    """The audit moved on by itself: returned, freed, given to somebody else."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish about one audit; at most one of a kind is open for an audit (unique in the database). `reason`
    is a code
    of the policy's reallocations, "" for a slippage. `wanted_on` and `agreed_on` are the days of a slippage."""

    id: int
    audit_id: int
    audit_ref: str
    wish: Wish
    asked_by_id: PersonId
    asked_at: datetime
    explanation: str
    state: RequestState = RequestState.OPEN
    reason: str = ""
    wanted_on: date | None = None
    agreed_on: date | None = None
    decided_by_id: PersonId | None = None
    decided_at: datetime | None = None
    note: str = ""
    version: int = 1
