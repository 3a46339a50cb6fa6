"""Messages to be sent, the cards they became, and what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.notices import Notice
    from domain.people import PersonId


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

    async def latest(self, limit: int) -> list[Failure]:
        """The last that failed, newest first."""
        ...
