"""The second channel's loop: e-mails in the place of alerts that Teams does not take. It never waits for Teams, nor
Teams for it, and one letter's failure holds no other up."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.mail import Letter, MailError, MailRefused, MailUnknown
from bot.worker import USUAL, Worker, backoff, recorded, stop_workers
from dialogs.telling.emails import Email, Rendering
from domain.lanes import Channel
from domain.ports import Clock
from storage.outbox import ClaimedRow, OutboxQueue

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.mailing")

AT_ONCE = 8
"""Letters in flight: each has a connection of its own."""
POLL_SECONDS = 3.0
TRIES_AFTERWARDS = 20
"""About an hour. While the alert climbs, a letter is never given up."""


class Sender(Protocol):
    async def send(self, letter: Letter, now: datetime) -> str: ...


class Mailing:
    """`overdue` is how long Teams has for an alert, before it goes by e-mail too."""

    def __init__(
        self, *, queue: OutboxQueue, sender: Sender, render: Rendering, clock: Clock, overdue: timedelta
    ) -> None:
        self._queue = queue
        self._sender = sender
        self._render = render
        self._clock = clock
        self._overdue = overdue
        self._worker = Worker(self._claim, self.deliver, at_once=AT_ONCE, poll=POLL_SECONDS)

    def start(self) -> None:
        self._worker.start()

    def wake(self) -> None:
        self._worker.wake()

    async def stop(self, seconds: float = 10.0) -> None:
        await stop_workers([self._worker], seconds)

    async def drain(self) -> int:
        """Sends all that is due by the clock, then ends; how many rows were handled."""
        handled = 0
        while claimed := await self._claim(AT_ONCE):
            await asyncio.gather(*(self.deliver(row) for row in claimed))
            handled += len(claimed)
        return handled

    async def put_overdue(self, now: datetime) -> int:
        """The tick's part: an e-mail for each alert that Teams has had for too long; once."""
        put = await self._queue.mail_overdue(now, now - self._overdue)
        if put:
            log.warning("alerts_by_email", count=put)
            self.wake()
        return put

    async def _claim(self, limit: int) -> Sequence[ClaimedRow]:
        return await self._queue.claim(self._clock(), limit, USUAL.lease, channel=Channel.EMAIL)

    async def deliver(self, row: ClaimedRow) -> None:
        """One letter to its end or its next try. Never raises: what cannot be recorded is claimed again when its lease
        has run out."""
        try:
            await self._deliver(row)
        except asyncio.CancelledError:
            await asyncio.shield(self._queue.give_back(row, self._clock()))
            raise
        except Exception as error:
            log.warning("not_recorded", row=row.id, error=type(error).__name__)

    async def _deliver(self, row: ClaimedRow) -> None:
        email: Email | None = None
        try:
            async with asyncio.timeout(USUAL.send):
                email = await self._worded(row)
                if email is None:
                    await self._queue.not_needed(row, self._clock(), reason="nothing_to_say")
                    return
                message_id = await self._sender.send(_letter(row, email), self._clock())
        except Exception as error:
            await self._failed(row, error, climbing=email is None or email.climbing)
            return
        await self._sent(row, message_id)

    async def _worded(self, row: ClaimedRow) -> Email | None:
        assert row.person_id is not None
        return await self._render(row.kind, row.subject, row.person_id, self._clock())

    async def _sent(self, row: ClaimedRow, message_id: str) -> None:
        async def record() -> bool:
            place = {"message_id": message_id[:200], "conversation_id": ""}
            return await self._queue.sent(row, self._clock(), shown_version=None, **place)

        if not await recorded(row, record):
            log.warning("sent_not_recorded", row=row.id)

    async def _failed(self, row: ClaimedRow, error: Exception, *, climbing: bool) -> None:
        """`climbing`: whoever it is for may be the one who acknowledges, so it is tried for ever."""
        now = self._clock()
        reason = str(error)[:200] if isinstance(error, MailError) else type(error).__name__
        later = now + timedelta(seconds=backoff(row.attempts))
        log.warning("email_not_sent", row=row.id, kind=row.kind, attempts=row.attempts, reason=reason)
        if isinstance(error, MailRefused):
            await self._queue.unreachable(row, now, reason=reason)
        elif row.attempts >= TRIES_AFTERWARDS and not climbing:
            await self._queue.set_aside(row, now, reason=reason)
        elif isinstance(error, MailUnknown):
            await self._queue.unknown(row, now, reason=reason, due_at=later)
        else:
            await self._queue.retry(row, now, reason=reason, due_at=later)


def _letter(row: ClaimedRow, email: Email) -> Letter:
    assert row.created_at is not None
    return Letter(row.id, row.created_at, email.address, email.subject, email.text)
