"""The delivery worker: claims what is due, words it from fresh state, sends it, and records what truly happened."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from domain.errors import Busy
from domain.lanes import Lane
from domain.people import PersonId
from domain.ports import Clock
from storage.outbox import ClaimedRow, OutboxQueue

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.delivery")

LEASE_SECONDS = 60.0
SEND_SECONDS = 40.0
"""One delivery never outlives its lease: the rest is margin for recording it."""
RECORD_AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0, 2.0)
"""Pauses between tries to record what was sent; each try waits for the database by itself too."""
POISON_AFTER = 5
ODD_TRIES = 20
"""About an hour; then the QA team hears of it."""
LONGEST_WAIT = 300.0
POLL_SECONDS = 1.0
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
        self._stopping = asyncio.Event()
        self._news = {ALERTS: asyncio.Event(), OTHERS: asyncio.Event()}
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._loops = [asyncio.create_task(self._loop(lanes)) for lanes in (ALERTS, OTHERS)]

    def wake(self, lanes: Collection[Lane] = tuple(Lane)) -> None:
        """There is something new in these lanes."""
        for of, news in self._news.items():
            if not frozenset(of).isdisjoint(lanes):
                news.set()

    async def stop(self, seconds: float = 10.0) -> None:
        """Claims nothing more, finishes what is in flight or gives it back (fault 36)."""
        self._stopping.set()
        self.wake()
        if self._loops:
            _, late = await asyncio.wait(self._loops, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self) -> int:
        """Delivers all that is due by the clock, then ends; how many rows were handled."""
        handled = 0
        while claimed := await self._queue.claim(self._clock(), self._at_once, LEASE_SECONDS):
            await asyncio.gather(*(self.deliver(row) for row in claimed))
            handled += len(claimed)
        return handled

    async def _loop(self, lanes: tuple[Lane, ...]) -> None:
        flying: set[asyncio.Task[None]] = set()
        try:
            while not self._stopping.is_set():
                self._news[lanes].clear()
                claimed = await self._claim(lanes, self._at_once - len(flying))
                flying |= {asyncio.create_task(self.deliver(row)) for row in claimed}
                flying = await self._pause(lanes, flying, idle=not claimed)
        finally:
            await asyncio.gather(*flying, return_exceptions=True)

    async def _claim(self, lanes: tuple[Lane, ...], limit: int) -> Sequence[ClaimedRow]:
        if limit <= 0:
            return ()
        try:
            return await self._queue.claim(self._clock(), limit, LEASE_SECONDS, lanes)
        except Exception as error:
            log.warning("claim_failed", error=type(error).__name__)
            return ()

    async def _pause(
        self, lanes: tuple[Lane, ...], flying: set[asyncio.Task[None]], *, idle: bool
    ) -> set[asyncio.Task[None]]:
        """Until one in flight has ended, something new was committed, or the poll is due."""
        if idle or len(flying) >= self._at_once:
            news = asyncio.create_task(self._news[lanes].wait())
            await asyncio.wait([news, *flying], timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
        await asyncio.sleep(0 if lanes is ALERTS else GATHER_SECONDS)
        return {task for task in flying if not task.done()}

    async def deliver(self, row: ClaimedRow) -> None:
        """One row to its end or its next try. Never raises: a row that cannot be recorded is claimed again when its
        lease has run out."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._deliver(row)
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

    async def _deliver(self, row: ClaimedRow) -> None:
        assert row.person_id is not None
        now = self._clock()
        message = await self._render(row.kind, row.subject, row.person_id, now)
        if message is None:
            await self._queue.not_needed(row, now, reason="nothing_to_say")
            return
        outgoing = Outgoing(None, message.card, message.summary, message.notify)
        where, message_id = await self._put(row, row.person_id, outgoing)
        if not await self._record_sent(row, where, message_id, message.shows):
            log.warning("late_write_fenced_off", row=row.id)

    async def _record_sent(
        self, row: ClaimedRow, where: Conversation, message_id: str, shows: int | None
    ) -> bool:
        """It stands in the chat: as long as the lease lasts, a busy database is worth waiting for, because forgetting
        it means saying it twice. False where the lease is another's by now."""
        for pause in RECORD_AGAIN_SECONDS:
            try:
                return await self._queue.sent(
                    row,
                    self._clock(),
                    message_id=message_id,
                    conversation_id=where.id,
                    shown_version=shows,
                )
            except Busy as busy:
                log.warning("sent_not_recorded_yet", row=row.id, error=busy.code)
                await asyncio.sleep(pause)
        raise OutcomeUnknown("it was sent, and could not be recorded")

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
    """Seconds until the next try: doubling, jittered, at most five minutes; Retry-After is honoured."""
    asked = error.retry_after if isinstance(error, TryAgain) and error.retry_after else 0.0
    backoff = min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    return asked + backoff * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not a secret)
