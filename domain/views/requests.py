"""What an auditor asked about an audit, and what waits for somebody's yes or no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.audits import Audit
from domain.people import Person, PersonId
from domain.policy import Effect, ReallocationReason
from domain.requests import Request, Wish


class Answer(StrEnum):
    """What somebody may do with an open request: the buttons of its card."""

    AGREE = "agree"
    """To the wanted day, or to another one."""
    REDRAW = "redraw"
    """Another child is drawn for the auditor."""
    TAKE_OFF = "take_off"
    """The child goes to another auditor."""
    REFUSE = "refuse"
    CHANGE = "change"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Known:
    """What the council's own files say about a reallocation: reasons that need nobody's word."""

    own_team: bool = False
    caseload: bool = False
    closed: date | None = None

    @property
    def anything(self) -> bool:
        return self.own_team or self.caseload or self.closed is not None


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request as `viewer` may see it. `answers` are their buttons; `approvers` are whom a slippage was brought to
    beside the QA team, the first of them in their own right and the others as deputies; `acting_for` is whom the viewer
    stands in for. `latest` is the last day that can be agreed. `audit` is as it is now: it may have moved on."""

    request: Request
    audit: Audit
    viewer: Person
    today: date
    people: Mapping[PersonId, Person]
    answers: Sequence[Answer]
    latest: date
    reason: ReallocationReason | None = None
    approvers: Sequence[PersonId] = ()
    acting_for: PersonId | None = None
    known: Known = Known()
    may_open: bool = True
    """Whether the viewer may see the audit itself: a head of service answers for the auditor, and not for every child
    that they audit."""

    @property
    def own(self) -> bool:
        return self.viewer.id == self.request.asked_by_id

    @property
    def effect(self) -> Effect | None:
        return self.reason.effect if self.reason else None

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""


@dataclass(frozen=True, slots=True)
class AskForm:
    """What the form of a slippage or a reallocation offers. `filled` are values to show: from what was typed, or from a
    try that was refused. `changes` is the open request that is asked anew."""

    audit: Audit
    wish: Wish
    today: date
    latest: date
    reasons: Sequence[ReallocationReason] = ()
    filled: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: Request | None = None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request in a list of what waits."""

    request: Request
    asked_by: Person | None
