"""Presses on exemptions, made by the classes that make the cards' buttons, so that no form has to be walked first."""

import re
from typing import Any

from dialogs import payloads as press
from domain.calendar import Month
from tests.doubles import activities
from tests.stories.world import Chat, text_of

Activity = dict[str, Any]


def pressed(chat: Chat, button: press.Press, **filled: Any) -> Activity:
    """The invoke of a button in the person's own chat."""
    identity = chat._identity()  # pyright: ignore[reportPrivateUsage]
    return activities.execute(
        chat.world.connector.url, button.verb, {**button.data, **filled}, **{**identity, "replyToId": None}
    )


def request(chat: Chat, month: Month, reason: str = "statutory_work", **filled: Any) -> Activity:
    wanted = press.ExemptionRequest(month=month, reason=reason, explanation="A final hearing all week")
    return pressed(chat, wanted.press(), **filled)


def step(chat: Chat, kind: type[press.Decision], ref: str, version: int, **filled: Any) -> Activity:
    return pressed(chat, kind.press_with_inputs(ref=ref, version=version), **filled)


def ref_on(answer: object) -> str:
    """The exemption's reference that an answer shows."""
    found = re.search(r"\bE-\d+\b", text_of(answer))
    assert found is not None, answer
    return found.group()
