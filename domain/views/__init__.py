"""What a person is shown: facts gathered by a use case for one viewer, ready for a card and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.audits import Audit, Standing
from domain.calendar import Month
from domain.exemptions import Command, Exemption
from domain.people import Delegation, Person, PersonId
from domain.policy import Reason
from domain.ports import ExemptionStep, Failure
from domain.requests import Request
from domain.return_rules import Progress


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """One exemption as `viewer_id` may see it. `commands` are the buttons this viewer has now; `acting_for` is whom
    they stand in for, `deputies` who else may decide today. `people` holds everybody named by id."""

    exemption: Exemption
    viewer_id: PersonId
    people: Mapping[PersonId, Person]
    reason: Reason | None
    history: Sequence[ExemptionStep]
    commands: Sequence[Command]
    today: date
    audit: Audit | None = None
    acting_for: PersonId | None = None
    deputies: Sequence[PersonId] = ()
    earlier_refusal: Exemption | None = None
    working_days_left: int = 0

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`awaited`: its return is to be filled in or reworked; `started`: how far that is, where something was saved.
    `asked`: more time or a change that was asked for and is not answered."""

    audit: Audit
    standing: Standing
    awaited: bool = False
    started: Progress | None = None
    asked: Request | None = None


@dataclass(frozen=True, slots=True)
class MyAudits:
    """The answer to "what's my audit this month"; what is late from the month before stands first in `lines`.
    `exemption` is the one that counts for the month, if any; `may_request` says whether an exemption can still be
    asked for."""

    person: Person
    month: Month
    today: date
    lines: Sequence[AuditLine]
    working_days_left: int
    last_working_day: date
    exemption: Exemption | None = None
    may_request: bool = False
    is_auditor: bool = True


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What the request form offers. `for_people` is filled for a head of service who asks for their managers
    (empty: only for oneself); `myself` is False where the viewer is no auditor. `filled` are values to show:
    from what was typed, or from a try that was refused. `last_week_months` need an explanation."""

    viewer: Person
    today: date
    months: Sequence[Month]
    reasons: Sequence[Reason]
    last_week_months: Sequence[Month]
    issued_months: Sequence[Month]
    myself: bool
    for_people: Sequence[Person] = ()
    filled: Mapping[str, str] = field(default_factory=dict[str, str])
    problem: str | None = None
    """A code of `domain.errors.Invalid`, worded on the form; nothing typed is lost."""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    exemption: Exemption
    person: Person
    since: datetime
    acting_for: Person | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """ "What is waiting for me?": steps to decide (also as deputy), and own requests that were asked back. `total`
    counts all, the lists hold one page from `offset`."""

    viewer: Person
    today: date
    lines: Sequence[WaitingLine]
    total: int
    offset: int = 0
    page: int = 10
    asked_back: Sequence[WaitingLine] = ()
    freed: Sequence[Audit] = ()


@dataclass(frozen=True, slots=True)
class ExemptionList:
    """Exemptions that the viewer may see, filtered; a page of them, and how many there are."""

    viewer: Person
    title_month: Month | None
    lines: Sequence[WaitingLine]
    total: int
    offset: int = 0
    page: int = 10


@dataclass(frozen=True, slots=True)
class FreedAudit:
    """A child taken off its auditor, offered to the QA team. `takers` are the auditors who may have it."""

    audit: Audit
    today: date
    takers: Sequence[Person]
    exemption_ref: str | None = None
    given_to: Person | None = None


@dataclass(frozen=True, slots=True)
class DelegationsView:
    """A person's own deputies, present and to come, and who can be named (never oneself)."""

    viewer: Person
    today: date
    mine: Sequence[Delegation]
    acting_for_me: Mapping[PersonId, Person]
    candidates: Sequence[Person]
    filled: Mapping[str, str] = field(default_factory=dict[str, str])
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FailedLine:
    """A message that did not arrive; `person` is None for somebody who is not on the list any more."""

    failure: Failure
    person: Person | None


@dataclass(frozen=True, slots=True)
class FailedDeliveries:
    """Oldest first. `more`: there are others that are not listed."""

    viewer: Person
    lines: Sequence[FailedLine]
    more: bool = False
