"""The client that botbuilder's turn context sends with: its interface, our connector.

The host replies through `bot.turns.Say`. This is for what botbuilder itself sends in a turn, so that nothing of it
can leave by another way, with another token or outside the limits.
"""

from collections.abc import Callable
from typing import Any, cast

from botbuilder.schema import (
    Activity,
    ChannelAccount,
    ConversationParameters,
    ConversationResourceResponse,
    ResourceResponse,
)
from msrest import Serializer

from bot.teams.connector import Connector
from bot.teams.messages import encode
from bot.turns import Conversation, ConversationKind, Member, Refused
from domain.lanes import Lane

_PATIENCE = 5.0


_channel_account: Callable[..., ChannelAccount] = ChannelAccount


def _schema_classes() -> dict[str, Any]:
    import botbuilder.schema as schema

    return {name: item for name, item in vars(schema).items() if isinstance(item, type)}


_serializer: Any = Serializer(_schema_classes())


def to_json(activity: Activity) -> dict[str, Any]:
    """The activity as the connector takes it."""
    return cast("dict[str, Any]", _serializer.body(activity, "Activity"))


class Conversations:
    """The operations of botbuilder's `ConversationsOperations` that a bot in Teams needs."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self._connector = connector
        self._service_url = service_url

    async def send_to_conversation(self, conversation_id: str, activity: Activity) -> ResourceResponse:
        body = encode(to_json(activity))
        sent = await self._connector.post(self._service_url, conversation_id, body, Lane.REPLY, _PATIENCE)
        return ResourceResponse(id=sent)

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        """In Teams a reply is a message to the conversation; its thread is part of the conversation's id."""
        return await self.send_to_conversation(conversation_id, activity)

    async def update_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        body = encode(to_json(activity))
        await self._connector.put(
            self._service_url, conversation_id, activity_id, body, Lane.REPLY, _PATIENCE
        )
        return ResourceResponse(id=activity_id)

    async def delete_activity(self, conversation_id: str, activity_id: str) -> None:
        await self._connector.delete(self._conversation(conversation_id), activity_id, Lane.REPLY, _PATIENCE)

    async def create_conversation(
        self, conversation_parameters: ConversationParameters
    ) -> ConversationResourceResponse:
        wanted: Any = conversation_parameters
        members = cast("list[ChannelAccount]", wanted.members or [])
        if len(members) != 1 or not wanted.tenant_id:
            raise Refused("a conversation is opened with one person of a tenant")
        opened = await self._connector.open_personal(
            self._service_url, str(wanted.tenant_id), str(members[0].id), Lane.REPLY
        )
        return ConversationResourceResponse(id=opened.id, service_url=self._service_url)

    async def get_conversation_member(self, conversation_id: str, member_id: str) -> ChannelAccount | None:
        member = await self._connector.member(self._conversation(conversation_id), member_id)
        return _account(member) if member is not None else None

    async def get_conversation_members(self, conversation_id: str) -> list[ChannelAccount]:
        return [
            _account(member) for member in await self._connector.members(self._conversation(conversation_id))
        ]

    def _conversation(self, conversation_id: str) -> Conversation:
        return Conversation(conversation_id, ConversationKind.PERSONAL, self._service_url, "")


class ThinClient:
    """What `ConnectorFactory.create` hands out."""

    __slots__ = ("conversations",)

    def __init__(self, connector: Connector, service_url: str) -> None:
        self.conversations = Conversations(connector, service_url)


def _account(member: Member) -> ChannelAccount:
    return _channel_account(id=member.id, name=member.name, aad_object_id=member.aad_object_id)
