"""What is told of any noun: a card that says why it comes and holds all there is to know, the line that the
notification shows, and whether somebody must look now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dialogs.cards.parts import CardJson, Rendered
from domain.notices import NoticeKind
from domain.people import Actor
from domain.policy import Policy
from domain.ports import CycleStore


class Told(NamedTuple):
    """`notify`: the client raises an alert; only where somebody must do or know something now."""

    card: CardJson
    summary: str
    notify: bool


@dataclass(frozen=True, slots=True)
class Message:
    """`shows` is the version of the subject on the card; None where the card shows none that could change."""

    card: CardJson
    summary: str
    notify: bool
    shows: int | None


@dataclass(frozen=True, slots=True)
class Sending:
    """One row of the outbox, with all that wording it needs."""

    store: CycleStore
    policy: Policy
    reader: Actor
    kind: NoticeKind
    subject: str
    now: datetime


Worded = Callable[[Sending], Awaitable[Message | None]]
"""None where nothing is left to say. NotAllowed and NotFound may go through: then the reader is told nothing."""


def told(rendered: Rendered, summary: str | None = None, *, notify: bool) -> Told:
    """`summary` where it is another than the card's own."""
    return Told(rendered.card, rendered.summary if summary is None else summary, notify)


def message(what: Told, shows: int | None = None) -> Message:
    return Message(what.card, what.summary, what.notify, shows)
