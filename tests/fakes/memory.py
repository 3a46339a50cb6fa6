"""The council's truth in memory: a staged copy a unit of work, swapped in whole at commit."""

import asyncio
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import TracebackType
from typing import Self

from domain.audits import Audit
from domain.calendar import Month
from domain.errors import CommitUnknown, Conflict
from domain.exemptions import Exemption
from domain.lanes import Lane
from domain.people import Delegation, Person, PersonId, Position, Team
from domain.ports import ExemptionStep, Failure, Outcome, SentCard, TrailEntry


@dataclass(frozen=True, slots=True)
class Queued:
    """A row of the outbox. `card_id` and `version` are set on updates of a card that stands somewhere."""

    key: str
    kind: str
    lane: Lane
    person_id: PersonId
    subject: str
    due_at: datetime
    card_id: int | None = None
    version: int = 0
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A card in a chat, and the version of its subject that it was last worded from."""

    sent: SentCard
    shown_version: int


@dataclass(slots=True)
class Memory:
    """All that is kept. The values are frozen and shared between copies; the containers are copied."""

    teams: dict[int, Team] = field(default_factory=dict[int, Team])
    people: dict[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    positions: dict[tuple[int, Position], PersonId] = field(
        default_factory=dict[tuple[int, Position], PersonId]
    )
    social_workers: dict[str, PersonId] = field(default_factory=dict[str, PersonId])
    """By the child's reference: whose caseload it is on."""
    moderating: dict[tuple[Month, PersonId], bool] = field(default_factory=dict[tuple[Month, PersonId], bool])
    """What was said against the rule of who moderates."""
    delegations: dict[int, Delegation] = field(default_factory=dict[int, Delegation])
    audits: dict[str, Audit] = field(default_factory=dict[str, Audit])
    exemptions: dict[int, Exemption] = field(default_factory=dict[int, Exemption])
    steps: dict[int, tuple[ExemptionStep, ...]] = field(default_factory=dict[int, tuple[ExemptionStep, ...]])
    queue: dict[str, Queued] = field(default_factory=dict[str, Queued])
    cards: dict[tuple[str, str], Card] = field(default_factory=dict[tuple[str, str], Card])
    """By conversation and message."""
    failures: dict[int, Failure] = field(default_factory=dict[int, Failure])
    """By the message's number: what verifiably did not arrive. The tests put it here, in a bot delivery does."""
    trail: list[TrailEntry] = field(default_factory=list[TrailEntry])
    answers: dict[str, tuple[str, Outcome]] = field(default_factory=dict[str, tuple[str, Outcome]])
    """By the activity's key: the digest of what was sent, and what it came to."""

    def copy(self) -> "Memory":
        return Memory(**{f.name: copy(getattr(self, f.name)) for f in fields(self)})

    def notices(self, kind: str | None = None) -> Sequence[Queued]:
        """New messages in the order put, without updates of cards."""
        rows = [row for row in self.queue.values() if row.card_id is None]
        return [row for row in rows if kind is None or row.kind == kind]

    def version_of(self, subject: str) -> int:
        """The stored version of what a card shows; 0 for subjects that have none."""
        if subject.startswith("E-") and subject[2:].isdecimal():
            exemption = self.exemptions.get(int(subject[2:]))
            return exemption.version if exemption else 0
        audit = self.audits.get(subject)
        return audit.version if audit else 0


class MemoryStore:
    """`domain.ports.Store`. `data` is what is committed, `commits` the state after each commit, oldest first.

    `serial`: writers wait for each other (SQLite). Else they overlap at every question asked, and a commit on top of
    somebody else's is a Conflict (coarser than a database, where only the same row conflicts: a superset of its
    refusals).
    """

    def __init__(self, *, serial: bool = True) -> None:
        self.data = Memory()
        self.commits: list[Memory] = []
        self.serial = serial
        self.writer = asyncio.Lock()
        self._lost: list[bool] = []

    def reading(self) -> "MemoryUnitOfWork":
        return MemoryUnitOfWork(self, writes=False)

    def writing(self) -> "MemoryUnitOfWork":
        return MemoryUnitOfWork(self, writes=True)

    def lose_connection_in_commit(self, *, done: bool) -> None:
        """A commit to come raises CommitUnknown, having been `done` or not; each call is for one more commit."""
        self._lost.append(done)

    def accept(self, base: Memory, staged: Memory) -> None:
        """Raises Conflict, CommitUnknown."""
        if self.data is not base:
            raise Conflict(why="somebody_else_committed")
        lost = self._lost.pop(0) if self._lost else None
        if lost is not False:
            self.data = staged
            self.commits.append(staged)
        if lost is not None:
            raise CommitUnknown


class Transaction:
    """What the repositories of one unit of work share: the state they see, and whether they may change it."""

    def __init__(self, store: MemoryStore, *, writes: bool) -> None:
        self._store = store
        self._writes = writes
        self._base = store.data
        self._data: Memory | None = store.data.copy() if writes else store.data

    async def look(self) -> Memory:
        """The state as this unit of work sees it; to be changed through `change` only."""
        if not self._store.serial:
            await asyncio.sleep(0)
        if self._data is None:
            raise RuntimeError("the unit of work is over")
        return self._data

    async def change(self) -> Memory:
        data = await self.look()
        if not self._writes:
            raise RuntimeError("a reading unit of work never writes")
        return data

    async def commit(self) -> None:
        staged = await self.change()
        self._data = None
        self._store.accept(self._base, staged)

    def leave(self) -> None:
        self._data = None


class MemoryUnitOfWork:
    """`domain.ports.UnitOfWork`: what is not committed never was."""

    def __init__(self, store: MemoryStore, *, writes: bool) -> None:
        self._store = store
        self._writes = writes
        self._transaction: Transaction | None = None

    async def __aenter__(self) -> Self:
        from tests.fakes.exemptions import MemoryExemptions
        from tests.fakes.messages import MemoryAnswers, MemoryDeliveries, MemoryOutbox, MemoryTrail
        from tests.fakes.people import MemoryDelegations, MemoryPeople
        from tests.fakes.records import MemoryAudits, MemoryReturns, MemorySteps, MemoryWishes

        if self._writes and self._store.serial:
            await self._store.writer.acquire()
        transaction = Transaction(self._store, writes=self._writes)
        self._transaction = transaction
        self.people = MemoryPeople(transaction)
        self.delegations = MemoryDelegations(transaction)
        self.audits = MemoryAudits(transaction)
        self.cycle = MemorySteps(self.audits)
        self.requests = MemoryWishes()
        self.returns = MemoryReturns()
        self.exemptions = MemoryExemptions(transaction)
        self.outbox = MemoryOutbox(transaction)
        self.deliveries = MemoryDeliveries(transaction)
        self.trail = MemoryTrail(transaction)
        self.answers = MemoryAnswers(transaction)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transaction is None:
            return
        self._transaction.leave()
        if self._writes and self._store.serial:
            self._store.writer.release()

    async def alone_in(self, month: Month) -> None:
        """Writers wait for each other, or the later one's commit is a Conflict, whatever the month."""
        assert self._writes

    async def commit(self) -> None:
        assert self._transaction is not None
        await self._transaction.commit()
