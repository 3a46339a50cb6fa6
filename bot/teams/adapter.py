"""botbuilder, and everything that knows it: its pipeline around our own checks, client and turns.

What is stock here is the turn: `CloudAdapterBase.process_activity`, `TurnContext`, `ActivityHandler`. What is ours is
what was slow or weak (see docs/decisions): authentication happens before this module, replies leave through the
one pooled connector, and the classes that a turn needs are made once.
"""

from collections.abc import Callable
from typing import Any, cast

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory

from bot.teams.bodies import Raw, field, text
from bot.teams.connector import Connector
from bot.teams.thin_client import ThinClient
from bot.turns import Turn

_MOST_CLIENTS = 64

# The schema's constructors say `str` where None is the default; these are the same classes, without that claim.
_activity: Callable[..., Activity] = Activity
_channel_account: Callable[..., ChannelAccount] = ChannelAccount
_conversation_account: Callable[..., ConversationAccount] = ConversationAccount


class _Factory(ConnectorFactory):
    """Hands out one cached client for each service URL; they all share the connector's session."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._clients: dict[str, ThinClient] = {}

    async def create(self, service_url: str, audience: str | None = None) -> Any:
        client = self._clients.get(service_url)
        if client is None:
            if len(self._clients) >= _MOST_CLIENTS:
                self._clients.clear()
            client = self._clients[service_url] = ThinClient(self._connector, service_url)
        return client


class _Authentication(BotFrameworkAuthentication):
    """Lends botbuilder the outcome of our own check. It never judges a request itself."""

    def __init__(self, factory: _Factory, app_id: str) -> None:
        self._factory = factory
        self.result = AuthenticateRequestResult()
        self.result.audience = app_id
        self.result.claims_identity = ClaimsIdentity({"aud": app_id}, is_authenticated=True)
        self.result.connector_factory = factory

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError("requests are authenticated before they reach the adapter")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("streaming is not served")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._factory

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> Any:
        return None


class Handler(ActivityHandler):
    """A turn of botbuilder's becomes one of ours. The exchange that belongs to it waits in the turn's state."""

    KEY = "bot.teams.exchange"

    async def _hand_over(self, turn_context: TurnContext) -> None:
        exchange = turn_context.turn_state[self.KEY]
        assert isinstance(exchange, Exchange)
        await exchange.run()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._hand_over(turn_context)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._hand_over(turn_context)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._hand_over(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse | None:
        # The answer is in the exchange. Returned here, botbuilder would copy it deeply and send it to itself.
        await self._hand_over(turn_context)
        return None


class Exchange:
    """One turn and what is to be done with it; the endpoint gives it its body."""

    __slots__ = ("turn",)

    def __init__(self, turn: Turn) -> None:
        self.turn = turn

    async def run(self) -> None:
        """Lets the host answer."""
        raise NotImplementedError


class Adapter(CloudAdapterBase):
    """botbuilder's pipeline for activities whose request has been checked already."""

    def __init__(self, connector: Connector, app_id: str | None) -> None:
        self._authentication = _Authentication(_Factory(connector), app_id or "")
        super().__init__(self._authentication)
        self._handler = Handler()

    async def process(self, raw: Raw, exchange: Exchange) -> None:
        """Runs the activity through botbuilder's pipeline; errors of the host come out as they are."""

        async def logic(turn_context: TurnContext) -> None:
            turn_context.turn_state[Handler.KEY] = exchange
            await self._handler.on_turn(turn_context)

        await cast("Any", self).process_activity(self._authentication.result, to_activity(raw), logic)


def to_activity(raw: Raw) -> Activity:
    """botbuilder's activity with the fields that its pipeline and handler read.

    Made by its constructor: `msrest`'s deserialiser walks forty fields by reflection and takes twenty times as long,
    half as much again as a whole turn. The raw body stays the source of everything that the host decides on.
    """
    conversation = raw.get("conversation")
    return _activity(
        type=raw.get("type"),
        id=raw.get("id"),
        name=raw.get("name"),
        text=raw.get("text"),
        value=raw.get("value"),
        action=raw.get("action"),
        locale=raw.get("locale"),
        reply_to_id=raw.get("replyToId"),
        service_url=raw.get("serviceUrl"),
        channel_id=raw.get("channelId"),
        channel_data=raw.get("channelData"),
        from_property=_account(raw.get("from")),
        recipient=_account(raw.get("recipient")),
        conversation=_conversation_account(
            id=text(conversation, "id"),
            conversation_type=text(conversation, "conversationType"),
            is_group=field(conversation, "isGroup"),
            tenant_id=text(conversation, "tenantId"),
        ),
    )


def _account(raw: object) -> ChannelAccount:
    return _channel_account(
        id=text(raw, "id"),
        name=text(raw, "name"),
        aad_object_id=text(raw, "aadObjectId"),
        role=text(raw, "role"),
    )
