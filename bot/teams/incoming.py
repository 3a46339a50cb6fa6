"""From a checked activity to the host's plain `Turn`."""

import hashlib
import json
from collections.abc import Mapping
from typing import cast

from bot.teams.auth import Sender
from bot.teams.bodies import BadBody, Raw, field, text
from bot.turns import CardAction, Conversation, ConversationKind, Turn, TurnKind

CARD_INVOKE = "adaptiveCard/action"
_NOT_DATA = frozenset({"verb", "data", "msteams"})


def to_turn(raw: Raw, sender: Sender) -> Turn | None:
    """The turn of an activity, or None where the bot has nothing to do with it."""
    kind = kind_of(raw)
    if kind is None:
        return None
    value = raw.get("value")
    digest = digest_of(raw)
    return Turn(
        activity_id=text(raw, "id") or f"{digest}@{text(raw, 'timestamp') or ''}",
        kind=kind,
        conversation=conversation_of(raw, sender),
        digest=digest,
        sender_id=text(raw.get("from"), "id") or "",
        aad_object_id=text(raw.get("from"), "aadObjectId"),
        text=plain_text(raw),
        action=card_action(raw, value) if kind is TurnKind.CARD_ACTION else None,
        reply_to_id=text(raw, "replyToId"),
        activity_type=text(raw, "type") or "",
    )


def kind_of(raw: Raw) -> TurnKind | None:
    """What an activity is to the bot; None for everything that it does not serve."""
    match raw.get("type"):
        case "message":
            return TurnKind.CARD_ACTION if text(raw.get("value"), "verb") else TurnKind.MESSAGE
        case "invoke":
            return TurnKind.CARD_ACTION if raw.get("name") == CARD_INVOKE else None
        case "installationUpdate":
            return _installation(text(raw, "action") or "")
        case "conversationUpdate":
            return _membership(raw)
        case _:
            return None


def _installation(action: str) -> TurnKind | None:
    verb = action.partition("-")[0]
    return {"add": TurnKind.INSTALLED, "remove": TurnKind.REMOVED}.get(verb)


def _membership(raw: Raw) -> TurnKind | None:
    """The bot itself joined or left; other people's comings and goings are not its business."""
    bot_id = text(raw.get("recipient"), "id")
    for name, kind in (("membersAdded", TurnKind.INSTALLED), ("membersRemoved", TurnKind.REMOVED)):
        if bot_id and any(field(member, "id") == bot_id for member in _list(raw.get(name))):
            return kind
    return None


def card_action(raw: Raw, value: object) -> CardAction:
    """The pressed button: `value.action` of an Action.Execute, `value` itself of an Action.Submit.

    Raises BadBody for an invoke without a verb. What the inputs held stands among the data in both.
    """
    if raw.get("type") != "invoke":
        data = _object(field(value, "data"))
        inputs = {name: item for name, item in _object(value).items() if name not in _NOT_DATA}
        return CardAction(text(value, "verb") or "", {**_without_verb(data), **inputs})
    action = field(value, "action")
    verb = text(action, "verb") or text(field(action, "data"), "verb")
    if verb is None:
        raise BadBody("value.action.verb is missing")
    return CardAction(verb, _without_verb(_object(field(action, "data"))))


def _without_verb(data: Mapping[str, object]) -> dict[str, object]:
    return {name: item for name, item in data.items() if name not in {"verb", "msteams"}}


def conversation_of(raw: Raw, sender: Sender) -> Conversation:
    """Where the activity came from, as an address to write to later."""
    conversation = raw.get("conversation")
    return Conversation(
        id=text(conversation, "id") or "",
        kind=_conversation_kind(conversation),
        service_url=sender.service_url,
        tenant_id=sender.tenant_id,
        team_id=text(field(raw.get("channelData"), "team"), "id"),
    )


def _conversation_kind(conversation: object) -> ConversationKind:
    """Teams names the kind; where it does not, several people are a group, and a group is the careful guess."""
    named = text(conversation, "conversationType")
    if named is None:
        return ConversationKind.GROUP if field(conversation, "isGroup") else ConversationKind.PERSONAL
    try:
        return ConversationKind(named)
    except ValueError:
        return ConversationKind.GROUP


def plain_text(raw: Raw) -> str:
    """What the person wrote, without the mention that called the bot in a group or channel."""
    words = text(raw, "text") or ""
    if "<at" in words:
        bot_id = text(raw.get("recipient"), "id")
        for entity in _list(raw.get("entities")):
            if field(entity, "type") == "mention" and text(field(entity, "mentioned"), "id") == bot_id:
                mention = text(entity, "text")
                words = words.replace(mention, " ") if mention else words
    return words.replace("\xa0", " ").strip()


def digest_of(raw: Raw) -> str:
    """SHA-256 over what the sender chose, in one canonical spelling."""
    chosen = {
        "type": raw.get("type"),
        "name": raw.get("name"),
        "text": raw.get("text"),
        "value": raw.get("value"),
        "from": field(raw.get("from"), "aadObjectId"),
        "conversation": field(raw.get("conversation"), "id"),
    }
    return hashlib.sha256(json.dumps(chosen, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
