"""Walks a card's JSON in the order of reading."""

from collections.abc import Iterator
from typing import Any, cast

Node = dict[str, Any]
INPUTS = frozenset(
    {"Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Number", "Input.Toggle", "Input.Time"}
)


def nodes(value: object) -> Iterator[Node]:
    """Every object of the card, fallbacks included."""
    if isinstance(value, dict):
        node = cast("Node", value)
        yield node
        for part in node.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in cast("list[object]", value):
            yield from nodes(part)


def of_type(card: Node, *types: str) -> list[Node]:
    return [node for node in nodes(card) if node.get("type") in types]


def inputs(card: Node) -> list[Node]:
    return [node for node in nodes(card) if node.get("type") in INPUTS]


def markdown(card: Node) -> Iterator[str]:
    """Every string that a client may take for Markdown: text blocks, facts, choices and labels."""
    for node in nodes(card):
        for key in ("text", "title", "value", "label"):
            text = node.get(key)
            if isinstance(text, str):
                yield text
