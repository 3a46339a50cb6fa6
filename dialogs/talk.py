"""What a handler is given, and what it gives back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dialogs.cards.parts import Rendered
from domain.calendar import local_date
from domain.people import Actor
from domain.policy import Policy
from domain.ports import CycleStore, Once
from domain.selfcheck import Report


class Place(StrEnum):
    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Talk:
    """One turn of one recognised person."""

    actor: Actor
    store: CycleStore
    policy: Policy
    now: datetime
    once: Once
    place: Place = Place.PERSONAL
    correlation: str = ""
    """Names this turn in the log, and to somebody who reports a problem."""
    checked: Callable[[], Report | None] = lambda: None
    """What the last self-check found; None before the first."""

    @property
    def today(self) -> date:
        return local_date(self.now)


@dataclass(frozen=True, slots=True)
class Reply:
    """A card or a text. `summary` is the notification line. `subject` and `shows` say of which version of what the card
    is, so that it is updated where it stands; `public` marks what may be said in a channel."""

    card: dict[str, Any] | None = None
    text: str | None = None
    summary: str | None = None
    subject: str | None = None
    shows: int | None = None
    public: bool = False


Pressed = Callable[[Talk, Any], Awaitable[Reply]]
"""The handler of one class of payloads, which is its second argument."""
Said = Callable[[Talk, Mapping[str, str]], Awaitable[Reply]]
"""The handler of one intent, with its slots."""


def shown(rendered: Rendered, subject: str | None = None, shows: int | None = None) -> Reply:
    return Reply(card=rendered.card, summary=rendered.summary, subject=subject, shows=shows)
