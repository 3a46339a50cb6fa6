"""The sending side: `bot.turns.Teams` over one pooled client, under Teams' limits."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.teams.credentials import Credential
from bot.teams.messages import Count, activities, encode, no_count
from bot.teams.outcomes import (
    TOO_MANY,
    UNAUTHORISED,
    error_for_exception,
    error_for_status,
    pause_before_retry,
    retry_after,
)
from bot.teams.service_urls import ServiceUrlRefused, ServiceUrls
from bot.teams.throttle import ROSTER_READS, SENDS, Throttle, Windows
from bot.turns import (
    Conversation,
    ConversationKind,
    Member,
    Outgoing,
    Refused,
    TeamsError,
    TryAgain,
    Unreachable,
)
from domain.lanes import Lane

CALL_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5, sock_connect=5, sock_read=15)
_PAGE = 500
_MOST_PAGES = 200
_PAUSE_WITHOUT_RETRY_AFTER = 1.0
_GET, _POST, _PUT, _DELETE = "GET", "POST", "PUT", "DELETE"


@dataclass(frozen=True, slots=True)
class _Call:
    """One request of the connector API and what it counts against."""

    method: str
    service_url: str
    path: str
    key: str
    windows: Windows
    lane: Lane
    body: bytes | None = None


class Connector:
    """Implements `bot.turns.Teams`. Only addresses that `service_urls` accepts are ever contacted.

    `credential` None sends no token (insecure local mode). `bot_id` is the bot's id on the channel ("28:<app id>").
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        throttle: Throttle,
        service_urls: ServiceUrls,
        credential: Credential | None,
        bot_id: str,
        count: Count = no_count,
        timeout: aiohttp.ClientTimeout = CALL_TIMEOUT,
    ) -> None:
        self._session = session
        self._throttle = throttle
        self._service_urls = service_urls
        self._credential = credential
        self._bot_id = bot_id
        self._count = count
        self._timeout = timeout

    async def send(self, to: Conversation, message: Outgoing, lane: Lane, patience: float = 0) -> str:
        """Text and card leave as two messages, text first; gives the id of the last, the one to update later."""
        bodies = [encode(activity, self._count) for activity in activities(message)]
        sent = ""
        for body in bodies:
            sent = await self.post(to.service_url, to.id, body, lane, patience)
        return sent

    async def update(
        self, to: Conversation, activity_id: str, message: Outgoing, lane: Lane, patience: float = 0
    ) -> None:
        """Replaces a message that was sent. A message holds a card or a text, not both: the card wins."""
        body = encode(activities(message)[-1], self._count)
        await self.put(to.service_url, to.id, activity_id, body, lane, patience)

    async def delete(self, to: Conversation, activity_id: str, lane: Lane, patience: float = 0) -> None:
        """Takes a message back."""
        path = f"v3/conversations/{_part(to.id)}/activities/{_part(activity_id)}"
        await self._patiently(_Call(_DELETE, to.service_url, path, _sends(to.id), SENDS, lane), patience)

    async def post(
        self, service_url: str, conversation_id: str, body: bytes, lane: Lane, patience: float = 0
    ) -> str:
        """Sends an encoded activity into a conversation; gives its id."""
        path = f"v3/conversations/{_part(conversation_id)}/activities"
        call = _Call(_POST, service_url, path, _sends(conversation_id), SENDS, lane, body)
        return _text(await self._patiently(call, patience), "id") or ""

    async def put(
        self,
        service_url: str,
        conversation_id: str,
        activity_id: str,
        body: bytes,
        lane: Lane,
        patience: float = 0,
    ) -> None:
        """Puts an encoded activity in the place of a sent one."""
        path = f"v3/conversations/{_part(conversation_id)}/activities/{_part(activity_id)}"
        await self._patiently(
            _Call(_PUT, service_url, path, _sends(conversation_id), SENDS, lane, body), patience
        )

    async def open_personal(
        self, service_url: str, tenant_id: str, aad_object_id: str, lane: Lane
    ) -> Conversation:
        """The one-to-one chat with a person of the tenant; the same one each time."""
        wanted = {
            "isGroup": False,
            "bot": {"id": self._bot_id},
            "members": [{"id": aad_object_id}],
            "tenantId": tenant_id,
            "channelData": {"tenant": {"id": tenant_id}},
        }
        key = f"create|{aad_object_id}"
        call = _Call(_POST, service_url, "v3/conversations", key, SENDS, lane, encode(wanted))
        answer = await self._patiently(call, 0)
        conversation_id = _text(answer, "id")
        if not conversation_id:
            raise TryAgain("the connector opened a conversation without an id")
        return Conversation(conversation_id, ConversationKind.PERSONAL, service_url, tenant_id)

    async def member(self, conversation: Conversation, user_id: str) -> Member | None:
        """The roster entry of a user (channel id or AAD object id), or None where the roster has none."""
        path = f"v3/conversations/{_part(_roster(conversation.id))}/members/{_part(user_id)}"
        call = _Call(_GET, conversation.service_url, path, _reads(conversation.id), ROSTER_READS, Lane.REPLY)
        try:
            answer = await self._patiently(call, 0)
        except NotThere:
            return None
        return _member(answer)

    async def members(self, conversation: Conversation) -> list[Member]:
        """The whole roster, page by page."""
        found: list[Member] = []
        continuation = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(conversation, continuation)
            entries = page.get("members")
            for entry in cast("list[object]", entries) if isinstance(entries, list) else []:
                member = _member(entry)
                if member is not None:
                    found.append(member)
            continuation = _text(page, "continuationToken") or ""
            if not continuation:
                break
        return found

    async def _page(self, conversation: Conversation, continuation: str) -> Mapping[str, object]:
        more = f"&continuationToken={_part(continuation)}" if continuation else ""
        path = f"v3/conversations/{_part(_roster(conversation.id))}/pagedmembers?pageSize={_PAGE}{more}"
        call = _Call(
            _GET, conversation.service_url, path, _reads(conversation.id), ROSTER_READS, Lane.DECISION
        )
        answer = await self._patiently(call, 0)
        return cast("dict[str, object]", answer) if isinstance(answer, dict) else {}

    async def _patiently(self, call: _Call, patience: float) -> object:
        """Repeats what is worth repeating until it is done or `patience` seconds are over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        attempt = 1
        while True:
            left = deadline - loop.time()
            try:
                return await self._attempt(call, max(0.0, left))
            except TryAgain as error:
                pause = pause_before_retry(attempt, error.retry_after)
                if loop.time() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            attempt += 1

    async def _attempt(self, call: _Call, patience: float) -> object:
        """One try; a token that the connector does not accept is replaced once."""
        url = self._url(call)
        token = await self._token()
        try:
            return await self._admitted(call, url, token, patience)
        except _TokenNotAccepted:
            if self._credential is not None and token is not None:
                self._credential.forget(token)
        try:
            return await self._admitted(call, url, await self._token(), patience)
        except _TokenNotAccepted as error:
            raise TryAgain("the connector does not accept the bot's token") from error

    async def _token(self) -> str | None:
        return await self._credential.token() if self._credential is not None else None

    async def _admitted(self, call: _Call, url: URL, token: str | None, patience: float) -> object:
        async with self._throttle.place(call.key, call.windows, call.lane, patience):
            try:
                return await self._request(call, url, token)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._count("connector_error", type(error).__name__)
                raise error_for_exception(error, repeatable=call.method != _POST) from error

    def _url(self, call: _Call) -> URL:
        try:
            base = self._service_urls.accept(call.service_url)
        except ServiceUrlRefused as error:
            raise Refused(str(error)) from error
        return URL(f"{base}/{call.path}", encoded=True)

    async def _request(self, call: _Call, url: URL, token: str | None) -> object:
        headers = {"Content-Type": "application/json"} if call.body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self._session.request(
            call.method, url, data=call.body, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as response:
            if response.status in {200, 201, 202, 204}:
                return _parsed(await response.read())
            self._count("connector_status", str(response.status))
            raise self._error(call, response.status, retry_after(response.headers.get("Retry-After")))

    def _error(self, call: _Call, status: int, wait: float | None) -> TeamsError:
        if status == UNAUTHORISED:
            return _TokenNotAccepted("the connector answered 401")
        if status == TOO_MANY and call.lane >= Lane.DECISION:
            # An alert or a reply is one person's: it waits alone. The bulk lanes wait as a whole.
            self._throttle.pause(call.lane, _PAUSE_WITHOUT_RETRY_AFTER if wait is None else wait)
        if status == 404 and call.method == _GET:
            return NotThere("the connector answered 404")
        return error_for_status(status, wait)


class _TokenNotAccepted(TeamsError):
    """401: the token is too old, or not ours."""


class NotThere(Unreachable):
    """404 to a question: there is no such member or conversation."""


def _part(text: str) -> str:
    """A piece of a path: whatever the id holds, it stays one segment."""
    if text in {"", ".", ".."}:
        raise Refused("an id is not one")
    return quote(text, safe="")


def _sends(conversation_id: str) -> str:
    return f"send|{conversation_id}"


def _reads(conversation_id: str) -> str:
    return f"read|{_roster(conversation_id)}"


def _roster(conversation_id: str) -> str:
    """A channel's thread has the roster of the channel."""
    return conversation_id.partition(";messageid=")[0]


def _parsed(body: bytes) -> object:
    """The answer's JSON; a success with a body that is none is still a success."""
    try:
        answer: Any = json.loads(body) if body else {}
    except ValueError:
        return {}
    return answer


def _text(answer: object, name: str) -> str | None:
    value = cast("dict[str, object]", answer).get(name) if isinstance(answer, dict) else None
    return value if isinstance(value, str) else None


def _member(answer: object) -> Member | None:
    member_id = _text(answer, "id")
    if not member_id:
        return None
    return Member(
        id=member_id,
        aad_object_id=_text(answer, "aadObjectId") or _text(answer, "objectId"),
        email=_text(answer, "email") or _text(answer, "userPrincipalName"),
        name=_text(answer, "name"),
        principal_name=_text(answer, "userPrincipalName"),
        tenant_id=_text(answer, "tenantId"),
        user_role=_text(answer, "userRole"),
    )
