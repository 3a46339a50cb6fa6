"""What crosses the line between `bot/teams/` and the rest of the host: plain values, no botbuilder type.

A successor of botbuilder rewrites `bot/teams/` and leaves this file as it is.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from domain.lanes import Lane

CardJson = dict[str, Any]
"""An adaptive card as the JSON object that Teams takes."""


class ConversationKind(StrEnum):
    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a message can be sent: enough to write there again days later, from any replica."""

    id: str
    kind: ConversationKind
    service_url: str
    tenant_id: str
    team_id: str | None = None


class TurnKind(StrEnum):
    MESSAGE = "message"
    CARD_ACTION = "card_action"
    INSTALLED = "installed"
    REMOVED = "removed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CardAction:
    """A press of a card's button, as the client claims it: nothing in it is believed before it is parsed."""

    verb: str
    data: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Turn:
    """One activity whose token, tenant, service URL and channel have been checked.

    `aad_object_id` comes from the authenticated activity and is the only identity there is; `digest` is a
    SHA-256 over everything that the sender chose (text, value, sender, conversation), so that a repeated
    activity id with another payload can be told from an honest repeat.
    """

    activity_id: str
    kind: TurnKind
    conversation: Conversation
    digest: str
    sender_id: str
    aad_object_id: str | None
    text: str = ""
    action: CardAction | None = None
    reply_to_id: str | None = None
    activity_type: str = "message"

    @property
    def key(self) -> str:
        """What makes an activity one activity: ids repeat between conversations."""
        return f"{self.conversation.id}|{self.activity_id}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to Teams: text or a card (sent apart by the platform when both), `summary` for the notification."""

    text: str | None = None
    card: CardJson | None = None
    summary: str | None = None
    notify: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a card action: the card that takes its place, or a short message."""

    card: CardJson | None = None
    message: str | None = None
    status: int = 200


Say = Callable[[Outgoing], Awaitable[str]]
"""Replies in the turn's own conversation; gives the id of the message that Teams took."""

OnTurn = Callable[[Turn, Say], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Member:
    """A roster entry. `id` is the channel's own id of the user ("29:…"); the rest is as the platform tells it, with
    None where it does not."""

    id: str
    aad_object_id: str | None
    email: str | None
    name: str | None = None
    principal_name: str | None = None
    tenant_id: str | None = None
    user_role: str | None = None

    def of_tenant(self, tenant_id: str) -> bool:
        """An account of the tenant itself. A guest's or a visitor's e-mail is what their own tenant says it is, and
        proves nothing here."""
        foreign = self.tenant_id is not None and self.tenant_id.casefold() != tenant_id.casefold()
        guest = self.user_role is not None and self.user_role.casefold() != "user"
        return not foreign and not guest and "#ext#" not in (self.principal_name or "").casefold()


class TurnRefused(Exception):
    """Raised by `OnTurn` where the sender must get an HTTP status instead of a chat answer.

    409: this activity id was used with another payload; 503: the database did not answer in time.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class TeamsError(Exception):
    """A message did not verifiably arrive. The subclass says what may be done about it."""


class TryAgain(TeamsError):
    """Not accepted, and worth another try: 412, 429, 502, 503, 504, or the connection was never made."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class OddAnswer(TryAgain):
    """500 and other answers that the platform does not document as final: worth many tries, not endless ones."""


class OutcomeUnknown(TeamsError):
    """Time-out or reset after the request had left: it may have been accepted."""


class Unreachable(TeamsError):
    """403 or 404: blocked, uninstalled, disabled or gone. Never tried again on this channel."""


class Refused(TeamsError):
    """400, 413 or another answer that repeating cannot change: the message itself is wrong."""


class Teams(Protocol):
    """The platform's sending side. Every call waits for its turn under the conversation's and tenant's limits,
    higher lanes first; `patience` is how many seconds it may spend on repeats of `TryAgain` (0: one attempt, the
    caller's own queue repeats). A wait that is known to be longer than that, and longer than ten seconds, because the
    platform paused the lane or the conversation has used up its hour, is a `TryAgain` at once with that `retry_after`;
    waiting in the queue for the tenant's limit has no end of its own."""

    async def send(self, to: Conversation, message: Outgoing, lane: Lane, patience: float = 0) -> str: ...
    async def update(
        self, to: Conversation, activity_id: str, message: Outgoing, lane: Lane, patience: float = 0
    ) -> None: ...
    async def delete(self, to: Conversation, activity_id: str, lane: Lane, patience: float = 0) -> None: ...
    async def open_personal(
        self, service_url: str, tenant_id: str, aad_object_id: str, lane: Lane
    ) -> Conversation: ...
    async def member(self, conversation: Conversation, user_id: str) -> Member | None: ...
    async def members(self, conversation: Conversation) -> list[Member]: ...
