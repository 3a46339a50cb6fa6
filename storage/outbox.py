"""The outbox as the delivery worker sees it: leases with a fence, and a ledger of what truly happened.

A claimed row belongs to its claimer until the lease runs out; each claim raises the row's `fence`, and whoever comes
back with an older one changes nothing (fault 37). Every method is a transaction of its own and may raise Busy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, insert, update

from domain.lanes import Channel, Lane
from domain.notices import NoticeKind
from domain.people import PersonId
from storage.outbox_queries import CLAIM, GIVE_LEASE, OLDEST, PEEK, WAITING_COUNT, in_lanes
from storage.repositories.outbox import CLAIMED, PENDING, queue_update, remember_card, subject_version
from storage.second_channel import mail_instead, mail_overdue, overdue
from storage.set_back import held_up, pull_forward
from storage.tables import cards, deliveries
from storage.tables import outbox as table
from storage.telling import tell_qa_team
from storage.unit_of_work import SqlStore


class RowState(StrEnum):
    PENDING = PENDING
    CLAIMED = CLAIMED
    SENT = "sent"
    NOT_NEEDED = "not_needed"
    UNREACHABLE = "unreachable"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A row under lease. `card_id`, `conversation_id` and `message_id` are set for the update of a card."""

    id: int
    lane: Lane
    kind: str
    subject: str
    person_id: PersonId | None
    attempts: int
    fence: int
    lease_until: datetime
    correlation: str = ""
    created_at: datetime | None = None
    card_id: int | None = None
    conversation_id: str | None = None
    message_id: str | None = None


class RowOfClaim(Protocol):
    """What a record needs to know again of what was claimed."""

    @property
    def id(self) -> int: ...
    @property
    def fence(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def person_id(self) -> PersonId | None: ...
    @property
    def attempts(self) -> int: ...
    @property
    def card_id(self) -> int | None: ...


_END = update(table).where(
    table.c.id == bindparam("row"),
    table.c.state == CLAIMED,
    table.c.fence == bindparam("held_fence"),
)
_LEDGER = insert(deliveries)
_SHOWN = (
    update(cards)
    .where(
        cards.c.id == bindparam("card"),
        cards.c.subject == bindparam("of_subject"),
        cards.c.shown_version < bindparam("shown"),
    )
    .values(shown_version=bindparam("shown"))
)
_CARD_GONE = update(cards).where(cards.c.id == bindparam("card"))


def _claim(connection: Connection, values: dict[str, Any], lease_until: datetime) -> list[ClaimedRow]:
    found = connection.execute(CLAIM, values).all()
    if not found:
        return []
    connection.execute(GIVE_LEASE, {"ids": [row.id for row in found], "until": lease_until})
    return [
        ClaimedRow(
            id=row.id,
            lane=Lane(row.lane),
            kind=row.kind,
            subject=row.subject,
            person_id=row.person_id,
            attempts=row.attempts + 1,
            fence=row.fence + 1,
            lease_until=lease_until,
            correlation=row.correlation,
            created_at=row.created_at,
            card_id=row.card_id,
            conversation_id=row.conversation_id,
            message_id=row.message_id,
        )
        for row in found
    ]


def _end(
    connection: Connection,
    claimed: RowOfClaim,
    now: datetime,
    state: RowState,
    *,
    outcome: str = "",
    reason: str = "",
    message_id: str | None = None,
    **columns: Any,
) -> bool:
    """Ends the lease and writes the ledger; False (and nothing written) where the lease was lost."""
    values = {"row": claimed.id, "held_fence": claimed.fence, "state": state.value, "lease_until": None}
    if connection.execute(_END, values | columns).rowcount != 1:
        return False
    line = {
        "outbox_id": claimed.id,
        "at": now,
        "outcome": outcome or state.value,
        "reason": reason[:300],
        "message_id": message_id,
        "fence": claimed.fence,
    }
    connection.execute(_LEDGER, line)
    return True


def _card_stands(
    connection: Connection,
    claimed: RowOfClaim,
    now: datetime,
    place: dict[str, str],
    shown_version: int,
) -> None:
    """Remembers what the card shows now; where the subject has moved on since, queues the next update at once."""
    card_id, person_id = claimed.card_id, claimed.person_id
    if card_id is None and person_id is not None:
        values = {
            **place,
            "subject": claimed.subject,
            "kind": claimed.kind,
            "person_id": person_id,
            "shown_version": shown_version,
        }
        card_id = remember_card(connection, values)
    elif card_id is not None:
        connection.execute(_SHOWN, {"card": card_id, "shown": shown_version, "of_subject": claimed.subject})
    current = subject_version(connection, claimed.subject)
    if card_id is not None and person_id is not None and current > shown_version:
        queue_update(connection, card_id, person_id, claimed.subject, current, now)


def _failed(
    connection: Connection, claimed: RowOfClaim, now: datetime, state: RowState, reason: str, *, mail: bool
) -> bool:
    if not _end(connection, claimed, now, state, reason=reason):
        return False
    if claimed.card_id is not None and state is RowState.UNREACHABLE:
        connection.execute(_CARD_GONE, {"card": claimed.card_id, "gone_at": now})
    elif claimed.kind != NoticeKind.DELIVERY_FAILED:
        tell_qa_team(connection, claimed.id, now)
    if mail:
        mail_instead(connection, claimed.id, now)
    return True


class OutboxQueue:
    """What `bot/delivery.py` and `bot/mailing.py` claim from and record to. `mail`: there is a second channel, so an
    alert that Teams refuses goes by e-mail, put in the commit that records the refusal."""

    def __init__(self, store: SqlStore, *, mail: bool = False) -> None:
        self._store = store
        self._mail = mail
        self.on_refused: Callable[[], None] | None = None
        """Told after the commit of a message that will not arrive in Teams: its e-mail may be waiting."""

    async def _do(self, work: Callable[[Connection], bool]) -> bool:
        async with self._store.writing() as uow:
            done = await uow.transaction.run(work)
            if done:
                await uow.commit()
            return done

    async def claim(
        self,
        now: datetime,
        limit: int,
        lease_seconds: float,
        lanes: Sequence[Lane] | None = None,
        channel: Channel = Channel.TEAMS,
    ) -> list[ClaimedRow]:
        """What is due, higher lanes first; rows whose lease ran out too. Never two messages of one lane for one
        person at once, and none that stands behind another of theirs in a higher lane."""
        values = {"now": now, "limit": limit, "lanes": in_lanes(lanes), "channel": channel.value}
        if not await self._anything(values):
            return []
        lease_until = now + timedelta(seconds=lease_seconds)
        async with self._store.writing() as uow:
            found = await uow.transaction.run(lambda c: _claim(c, values, lease_until))
            if found:
                await uow.commit()
        return found

    async def _anything(self, values: dict[str, Any]) -> bool:
        """Asked as a reader: an idle worker must not take the writer's place every second."""
        values = values | {"limit": 1}
        async with self._store.reading() as uow:
            return await uow.transaction.run(lambda c: c.execute(PEEK, values).first()) is not None

    async def pull_forward(self, now: datetime) -> int:
        """After a clock was set back: what would wait until the old hour comes again is due now. How many were."""
        async with self._store.reading() as uow:
            if not await uow.transaction.run(lambda c: held_up(c, now)):
                return 0
        async with self._store.writing() as uow:
            pulled = await uow.transaction.run(lambda c: pull_forward(c, now))
            await uow.commit()
        return pulled

    async def mail_overdue(self, now: datetime, before: datetime) -> int:
        """Puts an e-mail for each alert put until `before` that Teams has not taken yet, for whatever reason; once. How
        many were put."""
        async with self._store.reading() as uow:
            if not await uow.transaction.run(lambda c: overdue(c, before)):
                return 0
        async with self._store.writing() as uow:
            put = await uow.transaction.run(lambda c: mail_overdue(c, now, before))
            await uow.commit()
        return put

    async def sent(
        self,
        claimed: RowOfClaim,
        now: datetime,
        *,
        message_id: str,
        conversation_id: str,
        shown_version: int | None,
    ) -> bool:
        """`shown_version`: the version of the subject on the card that was sent; None where it shows none."""
        place = {"conversation_id": conversation_id, "message_id": message_id}

        def work(connection: Connection) -> bool:
            done = _end(connection, claimed, now, RowState.SENT, message_id=message_id)
            if done and shown_version is not None:
                _card_stands(connection, claimed, now, place, shown_version)
            return done

        return await self._do(work)

    async def retry(self, claimed: RowOfClaim, now: datetime, *, reason: str, due_at: datetime) -> bool:
        """Not accepted: due again later."""
        return await self._do(
            lambda c: _end(c, claimed, now, RowState.PENDING, outcome="retry", reason=reason, due_at=due_at)
        )

    async def unknown(self, claimed: RowOfClaim, now: datetime, *, reason: str, due_at: datetime) -> bool:
        """Perhaps accepted: sent again later, which may repeat it (fault 30), and the ledger says so."""
        return await self._do(
            lambda c: _end(c, claimed, now, RowState.PENDING, outcome="unknown", reason=reason, due_at=due_at)
        )

    async def unreachable(self, claimed: RowOfClaim, now: datetime, *, reason: str) -> bool:
        """Never tried again; the QA team is told in the same commit (a card that is gone needs no update)."""
        return await self._refused(claimed, now, RowState.UNREACHABLE, reason)

    async def set_aside(self, claimed: RowOfClaim, now: datetime, *, reason: str) -> bool:
        """A message that cannot be sent as it is (fault 42); told as `unreachable`."""
        return await self._refused(claimed, now, RowState.SET_ASIDE, reason)

    async def _refused(self, claimed: RowOfClaim, now: datetime, state: RowState, reason: str) -> bool:
        done = await self._do(lambda c: _failed(c, claimed, now, state, reason, mail=self._mail))
        if done and self.on_refused is not None:
            self.on_refused()
        return done

    async def not_needed(self, claimed: RowOfClaim, now: datetime, *, reason: str) -> bool:
        return await self._do(lambda c: _end(c, claimed, now, RowState.NOT_NEEDED, reason=reason))

    async def give_back(self, claimed: RowOfClaim, now: datetime) -> bool:
        """Untried (the process ends): due at once, and not counted as an attempt."""
        return await self._do(
            lambda c: _end(
                c,
                claimed,
                now,
                RowState.PENDING,
                outcome="given_back",
                attempts=claimed.attempts - 1,
            )
        )

    async def oldest_due(self, now: datetime) -> dict[Lane, datetime]:
        """For each lane with something due: since when its oldest message is."""
        async with self._store.reading() as uow:
            rows = await uow.transaction.run(lambda c: c.execute(OLDEST, {"now": now}).all())
        return {Lane(row.lane): row.oldest for row in rows}

    async def waiting(self) -> dict[Lane, int]:
        """How many rows are not finished, by lane."""
        async with self._store.reading() as uow:
            rows = await uow.transaction.run(lambda c: c.execute(WAITING_COUNT).all())
        return {Lane(row.lane): row.waiting for row in rows}
