"""One transaction and all that it reaches; the trail and the kept answers that belong to every one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from domain.audits import Audit
    from domain.calendar import Month
    from domain.exemptions import Exemption
    from domain.people import PersonId
    from domain.ports.audits import Audits, AuditSteps, AuditWishes
    from domain.ports.exemptions import Exemptions
    from domain.ports.messages import Deliveries, Outbox
    from domain.ports.people import Delegations, People


Clock = Callable[[], datetime]
"""Reads the time, at the edge; aware, in UTC."""


class Trail(Protocol):
    async def append(self, entry: TrailEntry) -> None: ...
    async def last(self, actions: Collection[str]) -> int:
        """The number of the newest entry with one of the actions; 0 where there is none."""
        ...

    async def latest(self, action: str, subjects: Collection[str]) -> Mapping[str, datetime]:
        """When the action was last done to each of the subjects, where it was."""
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
    the card that was pressed: from now on it shows the command's subject, and is kept up to date where it
    stands."""

    key: str
    digest: str
    card: CardPlace | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: a code and references, from which the answer is worded (again, if need be). `left` is
    the subject as this very turn saved it, so that its card does not ask for it again: not kept, and None where the
    answer is an earlier turn's."""

    code: str
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    left: Audit | Exemption | None = field(default=None, compare=False, repr=False)


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
    def cycle(self) -> AuditSteps: ...
    @property
    def requests(self) -> AuditWishes: ...
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
    async def alone_in(self, month: Month) -> None:
        """Whoever issues, gives, frees or exempts in this month waits for the others who do, to the end of their
        transactions: to be asked for before what it depends on is read, and before anything is written. Raises Busy
        where it takes too long."""
        ...

    async def commit(self) -> None:
        """Raises Busy where the outcome is known to be nothing; an unknown outcome raises too, and the repeat
        of the same activity is settled by its kept answer."""
        ...


Work_co = TypeVar("Work_co", bound=UnitOfWork, covariant=True)


class AnyStore(Protocol[Work_co]):
    """Hands out units of work. `reading` never writes; `writing` takes the writer's place at once (SQLite)."""

    def reading(self) -> Work_co: ...
    def writing(self) -> Work_co: ...


class Store(AnyStore[UnitOfWork], Protocol):
    """What the use cases of exemptions, people and deliveries need."""
