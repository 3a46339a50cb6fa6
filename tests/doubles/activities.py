"""Activities in the shape in which Teams sends them; every value can be replaced."""

import itertools
from typing import Any

from tests.doubles.login import APP_ID, TENANT_ID

AMELIA = "11111111-1111-4111-8111-111111111111"
BOT_ID = f"28:{APP_ID}"
PERSONAL_CHAT = "a:1AmeliaAndTheBot"
CHANNEL = "19:quality@thread.tacv2"

_ids = itertools.count(1_700_000_000_000)

Activity = dict[str, Any]


def activity(service_url: str, kind: str, **replaced: Any) -> Activity:
    """What all activities of a personal chat have in common."""
    built: Activity = {
        "type": kind,
        "id": str(next(_ids)),
        "timestamp": "2027-01-11T09:00:00.123Z",
        "localTimestamp": "2027-01-11T09:00:00.123+00:00",
        "serviceUrl": service_url,
        "channelId": "msteams",
        "from": {"id": "29:amelia", "name": "Amelia Adeyemi", "aadObjectId": AMELIA},
        "conversation": {"conversationType": "personal", "tenantId": TENANT_ID, "id": PERSONAL_CHAT},
        "recipient": {"id": BOT_ID, "name": "Audit bot"},
        "channelData": {"tenant": {"id": TENANT_ID}},
        "locale": "en-GB",
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Windows"}],
    }
    built.update(replaced)
    return built


def message(service_url: str, text: str = "hello", **replaced: Any) -> Activity:
    """A person wrote something."""
    return activity(service_url, "message", **{"text": text, "textFormat": "plain", **replaced})


def execute(service_url: str, verb: str, data: Activity | None = None, **replaced: Any) -> Activity:
    """A person pressed an `Action.Execute`."""
    value = {
        "action": {"type": "Action.Execute", "title": "Press", "id": "a", "verb": verb, "data": data or {}},
        "trigger": "manual",
    }
    fields = {"name": "adaptiveCard/action", "value": value, "replyToId": "1000000000001", **replaced}
    return activity(service_url, "invoke", **fields)


def submit(service_url: str, verb: str, data: Activity | None = None, **replaced: Any) -> Activity:
    """A person pressed an `Action.Submit`, on a client that does not know Execute."""
    value = {"verb": verb, **(data or {})}
    return activity(service_url, "message", **{"value": value, "replyToId": "1000000000001", **replaced})


def installed(service_url: str, action: str = "add", **replaced: Any) -> Activity:
    """The app was installed for a person or a team, or taken away."""
    return activity(service_url, "installationUpdate", **{"action": action, **replaced})


def bot_added(service_url: str, **replaced: Any) -> Activity:
    """The bot became a member of the conversation."""
    return activity(service_url, "conversationUpdate", **{"membersAdded": [{"id": BOT_ID}], **replaced})


def in_channel(service_url: str, text: str = "who has not returned?", **replaced: Any) -> Activity:
    """A person mentioned the bot in a team's channel."""
    entity = {
        "type": "mention",
        "mentioned": {"id": BOT_ID, "name": "Audit bot"},
        "text": "<at>Audit bot</at>",
    }
    fields: Activity = {
        "text": f"<at>Audit bot</at>\xa0{text}\n",
        "entities": [entity],
        "conversation": {
            "conversationType": "channel",
            "tenantId": TENANT_ID,
            "id": f"{CHANNEL};messageid=1700000000000",
            "isGroup": True,
        },
        "channelData": {
            "teamsChannelId": CHANNEL,
            "teamsTeamId": "19:team@thread.tacv2",
            "channel": {"id": CHANNEL},
            "team": {"id": "19:team@thread.tacv2", "name": "Quality assurance"},
            "tenant": {"id": TENANT_ID},
        },
        **replaced,
    }
    return activity(service_url, "message", **fields)


def roster_entry(aad_object_id: str = AMELIA, email: str = "amelia.adeyemi@council.example") -> Activity:
    """A member as the roster tells it."""
    return {
        "id": "29:amelia",
        "name": "Amelia Adeyemi",
        "aadObjectId": aad_object_id,
        "objectId": aad_object_id,
        "email": email,
        "userPrincipalName": email,
        "tenantId": TENANT_ID,
        "userRole": "user",
    }
