"""The delivery worker: claims what is due, words it from fresh state, sends it, and records what truly happened."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.addresses import Addresses
from bot.turns import (
    Conversation,
    OddAnswer,
    OutcomeUnknown,
    Outgoing,
    Refused,
    Teams,
    TeamsError,
    TryAgain,
    Unreachable,
)
from bot.worker import URGENT, USUAL, Pace, Worker, backoff, recorded, stop_workers
from domain.errors import Busy
from domain.lanes import Lane
from domain.people import PersonId
from domain.ports import Clock
from storage.outbox import ClaimedRow, OutboxQueue

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.delivery")

POISON_AFTER = 5
ODD_TRIES = 20
"""About an hour; then the QA team hears of it."""
GATHER_SECONDS = 0.02
"""Claims of the lower lanes are this far apart, so that a busy minute is claimed in handfuls and not row by row."""
ALERTS = (Lane.ALERT,)
OTHERS = tuple(lane for lane in Lane if lane is not Lane.ALERT)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message worded now. `shows` is the subject's version on the card, None where it shows none."""

    card: dict[str, Any]
    summary: str
    notify: bool
    shows: int | None


Render = Callable[[str, str, PersonId, datetime], Awaitable[Rendered | None]]
"""(kind, subject, person, now) → the message, or None where there is nothing (left) to say to this person."""

Stands = tuple[Conversation, str, int | None]
"""In which chat it stands now, with which id, and which version of the subject it shows."""

OpenChat = Callable[[PersonId, Lane], Awaitable[Conversation]]
"""Makes the personal chat of somebody who has not written yet. Raises TeamsError; Unreachable where unknown."""


class Deliverer:
    """Two loops, so that an alert never waits for a nudge in flight. `wake` says that something was committed."""

    def __init__(
        self,
        *,
        queue: OutboxQueue,
        addresses: Addresses,
        teams: Teams,
        render: Render,
        open_chat: OpenChat,
        clock: Clock,
        at_once: int = 32,
    ) -> None:
        self._queue = queue
        self._addresses = addresses
        self._teams = teams
        self._render = render
        self._open_chat = open_chat
        self._clock = clock
        self._at_once = at_once
        self._workers = {
            ALERTS: Worker(partial(self._claim, ALERTS), self.deliver, at_once=at_once),
            OTHERS: Worker(
                partial(self._claim, OTHERS), self.deliver, at_once=at_once, gather=GATHER_SECONDS
            ),
        }

    def start(self) -> None:
        for worker in self._workers.values():
            worker.start()

    def wake(self, lanes: Collection[Lane] = tuple(Lane)) -> None:
        """There is something new in these lanes."""
        for of, worker in self._workers.items():
            if not frozenset(of).isdisjoint(lanes):
                worker.wake()

    async def stop(self, seconds: float = 10.0) -> None:
        """Claims nothing more, finishes what is in flight or gives it back (fault 36)."""
        await stop_workers(self._workers.values(), seconds)

    async def drain(self) -> int:
        """Delivers all that is due by the clock, alerts first, then ends; how many rows were handled."""
        handled = 0
        while claimed := (
            await self._claim(ALERTS, self._at_once) or await self._claim(OTHERS, self._at_once)
        ):
            await asyncio.gather(*(self.deliver(row) for row in claimed))
            handled += len(claimed)
        return handled

    async def _claim(self, lanes: tuple[Lane, ...], limit: int) -> Sequence[ClaimedRow]:
        lease = URGENT.lease if lanes == ALERTS else USUAL.lease
        return await self._queue.claim(self._clock(), limit, lease, lanes)

    async def deliver(self, row: ClaimedRow) -> None:
        """One row to its end or its next try. Never raises: a row that cannot be recorded is claimed again when its
        lease has run out."""
        try:
            await self._deliver(row, URGENT if row.lane in ALERTS else USUAL)
        except asyncio.CancelledError:
            await asyncio.shield(self._queue.give_back(row, self._clock()))
            raise
        except Exception as error:
            await self._failed(row, error)

    async def _failed(self, row: ClaimedRow, error: Exception) -> None:
        try:
            await self._record(row, error)
        except Exception as second:
            log.warning("not_recorded", row=row.id, error=type(second).__name__)

    async def _deliver(self, row: ClaimedRow, pace: Pace) -> None:
        """What was sent has time of its own to be recorded, however long it took to be sent."""
        async with asyncio.timeout(pace.send):
            stands = await self._say(row)
        if stands is None:
            return
        async with asyncio.timeout(pace.record):
            if not await self._record_sent(row, *stands):
                log.warning("late_write_fenced_off", row=row.id)

    async def _say(self, row: ClaimedRow) -> Stands | None:
        """Words it and sends it; None, and recorded, where there is nothing to say."""
        assert row.person_id is not None
        now = self._clock()
        message = await self._render(row.kind, row.subject, row.person_id, now)
        if message is None:
            await self._queue.not_needed(row, now, reason="nothing_to_say")
            return None
        outgoing = Outgoing(None, message.card, message.summary, message.notify)
        where, message_id = await self._put(row, row.person_id, outgoing)
        return where, message_id, message.shows

    async def _record_sent(
        self, row: ClaimedRow, where: Conversation, message_id: str, shows: int | None
    ) -> bool:
        """It stands in the chat. False where the lease is another's by now."""

        async def record() -> bool:
            place = {"message_id": message_id, "conversation_id": where.id}
            return await self._queue.sent(row, self._clock(), shown_version=shows, **place)

        done = await recorded(row, record)
        if done is None:
            raise OutcomeUnknown("it was sent, and could not be recorded")
        return done

    async def _put(self, row: ClaimedRow, person_id: PersonId, message: Outgoing) -> tuple[Conversation, str]:
        if row.message_id and row.conversation_id:
            where = await self._addresses.by_id(row.conversation_id)
            if where is None:
                raise Unreachable("the conversation is not known any more")
            await self._teams.update(where, row.message_id, message, row.lane)
            return where, row.message_id
        where = await self._addresses.personal(person_id) or await self._open(person_id, row.lane)
        return where, await self._teams.send(where, message, row.lane)

    async def _open(self, person_id: PersonId, lane: Lane) -> Conversation:
        where = await self._open_chat(person_id, lane)
        await self._addresses.remember(where, person_id, self._clock())
        return where

    async def _record(self, row: ClaimedRow, error: Exception) -> None:
        now = self._clock()
        reason = _reason(error)
        later = now + timedelta(seconds=_wait(row.attempts, error))
        log.info("not_delivered", row=row.id, kind=row.kind, attempts=row.attempts, reason=reason)
        match error:
            case OddAnswer() if row.attempts >= ODD_TRIES:
                await self._queue.set_aside(row, now, reason=reason)
            case TryAgain() | Busy():
                await self._queue.retry(row, now, reason=reason, due_at=later)
            case OutcomeUnknown() | TimeoutError():
                await self._queue.unknown(row, now, reason=reason, due_at=later)
            case Unreachable():
                await self._queue.unreachable(row, now, reason=reason)
            case Refused():
                await self._queue.set_aside(row, now, reason=reason)
            case _ if row.attempts >= POISON_AFTER:
                await self._queue.set_aside(row, now, reason=reason)
            case _:
                await self._queue.retry(row, now, reason=reason, due_at=later)


def _reason(error: Exception) -> str:
    """The platform's own short reason, or the error's type: never a text that may hold what was written."""
    return str(error)[:200] if isinstance(error, TeamsError) else type(error).__name__


def _wait(attempts: int, error: Exception) -> float:
    """Seconds until the next try; Retry-After is honoured."""
    asked = error.retry_after if isinstance(error, TryAgain) and error.retry_after else 0.0
    return asked + backoff(attempts)
