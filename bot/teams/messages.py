"""Outgoing messages as the JSON that the connector takes, and how large they may be."""

import json
from collections.abc import Callable
from typing import Any

import structlog

from bot.turns import CardJson, Outgoing, Refused

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
CARD_BUDGET = 28 * 1024
LARGEST_MESSAGE = 80 * 1024

Count = Callable[[str, str], None]
"""Told of an event and a label; the host turns it into a metric. Events of this room are listed in `bot.teams.line`."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.teams.messages")


def no_count(event: str, label: str) -> None:
    """For hosts that count nothing."""


def attachment(card: CardJson) -> dict[str, Any]:
    """A card as an attachment."""
    return {"contentType": CARD_TYPE, "content": card}


def activities(message: Outgoing) -> list[dict[str, Any]]:
    """One activity, or two (text first): Teams splits text and card in one activity in an order of its own.

    Raises Refused for a message without content.
    """
    built: list[dict[str, Any]] = []
    if message.text:
        built.append({"type": "message", "text": message.text})
    if message.card is not None:
        built.append({"type": "message", "attachments": [attachment(message.card)]})
    if not built:
        raise Refused("a message needs text or a card")
    last = built[-1]
    if message.summary:
        last["summary"] = message.summary
    if message.notify:
        last["channelData"] = {"notification": {"alert": True}}
    return built


def encode(activity: dict[str, Any], count: Count = no_count) -> bytes:
    """The activity's bytes. A message over the card budget is reported, one that Teams would refuse is Refused."""
    try:
        body = json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError) as error:  # half of a surrogate pair is a ValueError too
        raise Refused("the message cannot be written as JSON") from error
    if len(body) > LARGEST_MESSAGE:
        count("message_too_large", "refused")
        raise Refused(f"the message has {len(body)} bytes, Teams takes {LARGEST_MESSAGE}")
    if len(body) > CARD_BUDGET:
        count("message_over_budget", "sent")
        log.warning("message_over_budget", size=len(body), budget=CARD_BUDGET)
    return body
