"""A request's body, from bytes to an activity whose fields have the types that the rest relies on.

Nothing here trusts the sender, and nothing is remembered: what is odd is a BadBody, which becomes a 400.
"""

import json
import math
from collections.abc import Mapping
from typing import cast

DEEPEST = 40
_LONGEST_NUMBER = 19
_OPENERS = (b"[", b"{")

Raw = dict[str, object]


class BadBody(Exception):
    """The body is not an activity. `reason` is ours and safe to show: it repeats nothing of the body."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise BadBody("a number is too large")
    return int(digits)


def _fraction(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadBody("a number is too large")
    return number


def _constant(_: str) -> float:
    raise BadBody("NaN and Infinity are not JSON")


_decoder = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, parse_constant=_constant)


def read(body: bytes) -> Raw:
    """The JSON object of a body. Raises BadBody."""
    try:
        value: object = _decoder.decode(body.decode("utf-8").removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadBody("the body is not JSON") from error
    if not isinstance(value, dict):
        raise BadBody("the body is not a JSON object")
    # A body with few brackets cannot be deep: counting them is a thousand times quicker than walking it.
    if sum(body.count(opener) for opener in _OPENERS) > DEEPEST:
        _check_depth(cast("Raw", value))
    if b"\\u" in body:
        _check_text(cast("Raw", value))
    return cast("Raw", value)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(cast("Raw", value).values())
    return cast("list[object]", value) if isinstance(value, list) else []


def _check_depth(root: Raw) -> None:
    level: list[object] = [root]
    for _ in range(DEEPEST):
        level = [child for value in level for child in _children(value) if isinstance(child, dict | list)]
        if not level:
            return
    raise BadBody("the body is nested too deeply")


def _check_text(root: Raw) -> None:
    """Escapes can make text that no database and no UTF-8 stream takes: NUL and half of a surrogate pair."""
    try:
        text = json.dumps(root, ensure_ascii=False)
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadBody("the body has half a character") from error
    if "\\u0000" in text and _has_nul(root):
        raise BadBody("the body has a NUL character")


def _has_nul(root: Raw) -> bool:
    waiting: list[object] = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "\x00" in value:
            return True
        waiting.extend(_children(value))
        waiting.extend(cast("Raw", value) if isinstance(value, dict) else ())
    return False


_TEXTS = (
    "type",
    "id",
    "name",
    "text",
    "replyToId",
    "action",
    "serviceUrl",
    "channelId",
    "locale",
    "deliveryMode",
)
_OBJECTS = ("from", "recipient", "conversation", "channelData")
_LISTS = ("membersAdded", "membersRemoved", "entities", "attachments")
_LONGEST_ID = 1_024


def check_shape(raw: Raw) -> None:
    """The fields that the bot reads are there and have their types. Raises BadBody.

    Absent channel, service URL and tenant are left to the authentication, which has its own answer for them.
    """
    for names, wanted in ((_TEXTS, str), (_OBJECTS, dict), (_LISTS, list)):
        for name in names:
            if not isinstance(raw.get(name), wanted | None):
                raise BadBody(f"{name} has the wrong type")
    if not raw.get("type"):
        raise BadBody("type is missing")
    for party in ("from", "conversation"):
        _check_account(raw, party, required=True)
    _check_account(raw, "recipient", required=False)
    if raw["type"] in {"message", "invoke"} and not raw.get("id"):
        raise BadBody("id is missing")
    if len(str(raw.get("id") or "")) > _LONGEST_ID:
        raise BadBody("id is too long")
    _check_conversation(cast("Raw", raw["conversation"]))


def _check_conversation(conversation: Raw) -> None:
    for name, wanted in (("isGroup", bool), ("conversationType", str), ("tenantId", str)):
        if not isinstance(conversation.get(name), wanted | None):
            raise BadBody(f"conversation.{name} has the wrong type")


def _check_account(raw: Raw, party: str, *, required: bool) -> None:
    account = raw.get(party)
    if account is None and not required:
        return
    account_id = field(account, "id")
    if (
        not isinstance(account_id, str)
        or not account_id
        or len(account_id) > _LONGEST_ID
        or account_id in {".", ".."}
    ):
        raise BadBody(f"{party}.id is missing or has the wrong type")
    if not isinstance(field(account, "aadObjectId"), str | None):
        raise BadBody(f"{party}.aadObjectId has the wrong type")


def field(container: object, name: str) -> object:
    """The named value, or None; anything that is not an object has no fields."""
    return cast("Mapping[str, object]", container).get(name) if isinstance(container, dict) else None


def text(container: object, name: str) -> str | None:
    """The named value where it is a text that is not empty."""
    value = field(container, name)
    return value if isinstance(value, str) and value else None
