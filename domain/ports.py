"""What the rules ask of the world around them. `storage/` answers on SQLite and PostgreSQL, the tests' fakes in memory;
one conformance suite holds them all to the same behaviour."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from domain.audits import Audit
    from domain.calendar import Month
    from domain.exemptions import Done, Exemption
    from domain.notices import Notice
    from domain.people import Actor, Delegation, Person, PersonId, Reach, ReportingLine, Role, Scope


Clock = Callable[[], datetime]
"""Reads the time, at the edge; aware, in UTC."""


class People(Protocol):
    async def actor(self, aad_object_id: str) -> Actor | None:
        """The person with their reach, in one question. None: nobody is linked to this AAD object id."""
        ...

    async def actor_of(self, person_id: PersonId) -> Actor | None: ...
    async def get(self, person_id: PersonId) -> Person | None: ...
    async def many(self, person_ids: Collection[PersonId]) -> dict[PersonId, Person]: ...
    async def by_email(self, email: str) -> Person | None:
        """In any case of letters."""
        ...

    async def link(self, person_id: PersonId, aad_object_id: str) -> bool:
        """First contact: False (and nothing done) where the person is linked already, or the id to another."""
        ...

    async def line(self, person_id: PersonId) -> ReportingLine:
        """Who stands above them. By the teams they hold a position in, else by their own team: the person whom the
        teams file names for a position first, then holders of the role in the same service / directorate
        (dcs: every holder of the role), by id. A head of service's own line starts with the director of their
        services; a director's with the DCS. Nobody is their own line."""
        ...

    async def with_role(self, role: Role, day: date) -> list[Person]:
        """Active holders on the day, by name."""
        ...

    async def auditors_of(self, services: Collection[str], day: date) -> list[Person]:
        """Active auditors and moderators whose team lies in one of the services, by name."""
        ...


class Delegations(Protocol):
    async def to(self, delegate_id: PersonId, day: date) -> list[Delegation]:
        """In force on the day."""
        ...

    async def by(self, delegator_ids: Collection[PersonId], day: date) -> list[Delegation]:
        """In force on the day."""
        ...

    async def upcoming(self, delegator_id: PersonId, day: date) -> list[Delegation]:
        """Not over on the day, by first day."""
        ...

    async def get(self, delegation_id: int) -> Delegation | None: ...
    async def add(
        self, delegator_id: PersonId, delegate_id: PersonId, scope: Scope, from_day: date, to_day: date
    ) -> Delegation: ...
    async def end(self, delegation_id: int, last_day: date) -> None:
        """`to_day` becomes `last_day` (a day before `from_day` ends one that has not begun)."""
        ...


class Audits(Protocol):
    async def get(self, ref: str) -> Audit | None: ...
    async def of_auditor(self, person_id: PersonId, month: Month) -> list[Audit]:
        """Every audit that the person has in the month, by reference."""
        ...

    async def freed(self, month: Month) -> list[Audit]: ...
    async def save(self, audit: Audit) -> Audit:
        """Gives it back with the next version. Raises Conflict where the version is not the stored one."""
        ...

    async def free_auditors(self, audit: Audit, day: date) -> list[Person]:
        """Who can take it: active trained auditors (`auditor_from` reached) of another team, whom the teams file does
        not name for the child's team either, not the child's social worker,
        without an approved exemption or a core audit in its month; by name."""
        ...


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


@dataclass(frozen=True, slots=True)
class SentCard:
    """A card that stands in somebody's chat and shows `subject`; updated in place when the subject changes."""

    id: int
    subject: str
    kind: str
    person_id: PersonId
    conversation_id: str
    message_id: str


class Outbox(Protocol):
    """Messages to be sent, put in the same commit as what they tell."""

    async def put(self, notices: Sequence[Notice], now: datetime, due_at: datetime | None = None) -> int:
        """How many were new: a key that is known already is left as it is."""
        ...

    async def refresh_cards(self, subject: str, version: int, now: datetime) -> int:
        """Queues one update for each card that shows the subject."""
        ...

    async def remember_card(
        self, subject: str, kind: str, person_id: PersonId, conversation_id: str, message_id: str
    ) -> None:
        """Idempotent on conversation and message."""
        ...

    async def told(self, subject: str) -> list[PersonId]:
        """Everybody to whom a message about the subject was ever put, updates of cards left out."""
        ...

    async def card_shows(
        self,
        subject: str,
        version: int,
        person_id: PersonId,
        conversation_id: str,
        message_id: str,
        now: datetime,
    ) -> None:
        """A message shows this version of `subject` now, because its reader opened it. Remembered, so that it is
        updated where it stands; at once, where the subject has moved on since."""
        ...

    async def show_on_card(
        self, subject: str, person_id: PersonId, conversation_id: str, message_id: str, now: datetime
    ) -> None:
        """The card that somebody pressed shows `subject` from now on. Where it did not before, it is remembered and
        one update of it is queued: the answer to a press is replaced for the presser only, and not for good."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that did not arrive: whom and what it was for, and the platform's short reason."""

    outbox_id: int
    person_id: PersonId | None
    kind: str
    subject: str
    outcome: str
    reason: str
    at: datetime


class Deliveries(Protocol):
    async def failures(self, first: int, *, limit: int = 50) -> list[Failure]:
        """The message of this number and those that failed after it, oldest first (0: from the beginning)."""
        ...


class Trail(Protocol):
    async def append(self, entry: TrailEntry) -> None: ...
    async def last(self, actions: Collection[str]) -> int:
        """The number of the newest entry with one of the actions; 0 where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One effect or refusal. `facts` hold codes, numbers and references, never personal text; `texts` are what
    somebody wrote: kept in a side table under their digests, of which only the digest enters the chain."""

    at: datetime
    action: str
    subject: str = ""
    actor_id: PersonId | None = None
    for_id: PersonId | None = None
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The card that was pressed: where it stands."""

    conversation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a command happen once: the activity's key, and a digest of all that the sender chose. `card` is
    the card that was pressed: from now on it shows the command's subject, and is kept up to date where it stands."""

    key: str
    digest: str
    card: CardPlace | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: a code and references, from which the answer is worded (again, if need be)."""

    code: str
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


class Answers(Protocol):
    async def find(self, once: Once) -> Outcome | None:
        """The first answer to this activity; None when it is new. Raises Replayed when the digest is another."""
        ...

    async def keep(self, once: Once, outcome: Outcome, now: datetime) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving without `commit` rolls everything back."""

    @property
    def people(self) -> People: ...
    @property
    def delegations(self) -> Delegations: ...
    @property
    def audits(self) -> Audits: ...
    @property
    def exemptions(self) -> Exemptions: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def trail(self) -> Trail: ...
    @property
    def answers(self) -> Answers: ...

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None:
        """Raises Busy where the outcome is known to be nothing; an unknown outcome raises too, and the repeat
        of the same activity is settled by its kept answer."""
        ...


class Store(Protocol):
    """Hands out units of work. `reading` never writes; `writing` takes the writer's place at once (SQLite)."""

    def reading(self) -> UnitOfWork: ...
    def writing(self) -> UnitOfWork: ...
