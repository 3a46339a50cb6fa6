"""`POST /api/messages`: size, JSON, token, shape, channel, service URL, tenant, in this order; then the turn."""

import asyncio
import json
import traceback
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import ClientPayloadError, web

from bot.teams.adapter import Adapter, Exchange
from bot.teams.auth import AuthRefused, IncomingAuth
from bot.teams.bodies import BadBody, Raw, check_shape, read
from bot.teams.incoming import to_turn
from bot.teams.messages import CARD_TYPE, Count, no_count
from bot.turns import Answer, OnTurn, Outgoing, Teams, TeamsError, Turn, TurnKind, TurnRefused
from domain.lanes import Lane

BODY_LIMIT = 256 * 1024
BODY_SECONDS = 10.0
REPLY_PATIENCE = 5.0
INVOKE_SECONDS = 8.0
"""After 10 to 15 seconds Teams tells the person that it failed, although it may have worked."""
CLOSING_SECONDS = 10.0
MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
ERROR_TYPE = "application/vnd.microsoft.error"
NOT_SERVED = 501

AioHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.teams.endpoint")


@dataclass(frozen=True, slots=True)
class EndpointWords:
    """The few sentences of the transport itself. `failed` has a place for the reference that stands in the log."""

    failed: str = (
        "Sorry, that did not work. It has been noted under the reference {reference}. "
        "Please try again in a minute, or type help."
    )
    done: str = "Done."
    takes_longer: str = (
        "This takes a little longer. The answer comes as soon as it is there; "
        "there is no need to press again."
    )
    not_served: str = "This is not something the bot can do. Type help to see what it can."


class _HttpRefused(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Endpoint:
    """The route's work. `handle` is an aiohttp handler."""

    def __init__(
        self,
        *,
        auth: IncomingAuth,
        adapter: Adapter,
        teams: Teams,
        on_turn: OnTurn,
        words: EndpointWords | None = None,
        count: Count = no_count,
        body_seconds: float = BODY_SECONDS,
        invoke_seconds: float = INVOKE_SECONDS,
    ) -> None:
        self._auth = auth
        self._adapter = adapter
        self.teams = teams
        self.on_turn = on_turn
        self.words = words or EndpointWords()
        self._count = count
        self._body_seconds = body_seconds
        self._invoke_seconds = invoke_seconds
        self._late: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """Never raises for what a client sent; every refusal is a short JSON object with a reason."""
        try:
            return await self._serve(request)
        except (AuthRefused, TurnRefused, _HttpRefused) as error:
            return self._refuse(error.status, error.reason)
        except BadBody as error:
            return self._refuse(400, error.reason)
        except Exception as error:
            reference = note_failure("request_failed", error)
            return _json(500, {"error": {"code": "500", "message": f"internal error {reference}"}})

    async def _serve(self, request: web.Request) -> web.Response:
        raw = read(await self._body(request))
        claims = await self._auth.check_token(request.headers.get("Authorization"))
        check_shape(raw)
        turn = to_turn(raw, self._auth.check_activity(claims, raw))
        if turn is None:
            return self._ignore(raw)
        exchange = HostExchange(turn, self, is_invoke=raw["type"] == "invoke")
        if raw["type"] == "invoke":
            return await self._in_time(raw, exchange)
        await self._adapter.process(raw, exchange)
        return web.Response(status=200)

    async def _in_time(self, raw: Raw, exchange: "HostExchange") -> web.Response:
        """The answer to a button, or, before the person is told that it failed, a word that it will come."""
        task = asyncio.create_task(self._adapter.process(raw, exchange))
        await asyncio.wait({task}, timeout=self._invoke_seconds)
        if task.done():
            task.result()
            return exchange.response or web.Response(status=200)
        exchange.late = True
        self._count("invoke_late", "answered_later")
        self._late.add(task)
        task.add_done_callback(self._over)
        return invoke_response(Answer(message=self.words.takes_longer))

    def _over(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            note_failure("late_turn_refused", error)

    async def aclose(self, seconds: float = CLOSING_SECONDS) -> None:
        """Gives the turns that are still under way some time to end."""
        if self._late:
            _, unfinished = await asyncio.wait(self._late, timeout=seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _body(self, request: web.Request) -> bytes:
        """The bytes, never more than the limit and never longer than the time."""
        if (request.content_length or 0) > BODY_LIMIT:
            raise _HttpRefused(413, "the body is larger than 256 KiB")
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise _HttpRefused(415, "the body must not be compressed")
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_seconds):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > BODY_LIMIT:
                        raise _HttpRefused(413, "the body is larger than 256 KiB")
        except TimeoutError as error:
            raise _HttpRefused(408, "the body did not arrive in time") from error
        except (ClientPayloadError, ConnectionError, web.RequestPayloadError) as error:
            raise BadBody("the body broke off") from error
        return bytes(body)

    def _ignore(self, raw: Raw) -> web.Response:
        """200 for what the bot does not serve: an error would make the platform repeat it."""
        kind = str(raw["type"])
        known = {
            "typing",
            "messageReaction",
            "conversationUpdate",
            "messageUpdate",
            "messageDelete",
            "event",
            "invoke",
        }
        # The label is ours or "other": a sender must not be able to grow the metrics.
        self._count("activity_ignored", kind if kind in known else "other")
        if kind != "invoke":
            return web.Response(status=200)
        return invoke_error(NOT_SERVED, self.words.not_served)

    def _refuse(self, status: int, reason: str) -> web.Response:
        self._count("request_refused", str(status))
        log.info("request_refused", status=status, reason=reason)
        response = _json(status, {"error": {"code": str(status), "message": reason}})
        if status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if status in {408, 413, 415}:
            response.force_close()  # the rest of the body is not wanted
        return response


class HostExchange(Exchange):
    """One turn with the host: asks it, and brings its answer to where this kind of activity wants it."""

    __slots__ = ("_endpoint", "_is_invoke", "late", "response")

    def __init__(self, turn: Turn, endpoint: Endpoint, *, is_invoke: bool) -> None:
        super().__init__(turn)
        self._endpoint = endpoint
        self._is_invoke = is_invoke
        self.late = False
        self.response: web.Response | None = None

    async def run(self) -> None:
        try:
            answer = await self._endpoint.on_turn(self.turn, partial(_say, self._endpoint.teams, self.turn))
            await self._bring(answer)
        except TurnRefused:
            raise
        except Exception as error:
            await self._apologise(error)

    async def _bring(self, answer: Answer | None) -> None:
        if self._is_invoke and not self.late:
            self.response = invoke_response(answer or Answer(message=self._endpoint.words.done))
        elif answer is not None and (answer.card is not None or answer.message):
            await self._reply(answer)

    async def _reply(self, answer: Answer) -> None:
        """By a message. A card takes the place of the one whose button was pressed, if it can."""
        message = Outgoing(text=answer.message if answer.card is None else None, card=answer.card)
        replaced = self.turn.reply_to_id
        if answer.card is not None and replaced and self.turn.kind is TurnKind.CARD_ACTION:
            try:
                await self._endpoint.teams.update(
                    self.turn.conversation, replaced, message, Lane.REPLY, REPLY_PATIENCE
                )
            except TeamsError as error:
                log.info("card_not_replaced", error=type(error).__name__)
            else:
                return
        await _say(self._endpoint.teams, self.turn, message)

    async def _apologise(self, error: Exception) -> None:
        reference = note_failure("turn_failed", error, kind=self.turn.kind.value)
        sentence = self._endpoint.words.failed.format(reference=reference)
        if self._is_invoke and not self.late:
            self.response = invoke_response(Answer(message=sentence))
            return
        if self.turn.kind not in {TurnKind.MESSAGE, TurnKind.CARD_ACTION} or isinstance(error, TeamsError):
            return  # nobody waits for an answer, or the way to them is what failed
        try:
            await _say(self._endpoint.teams, self.turn, Outgoing(text=sentence))
        except TeamsError as second:
            log.warning("apology_not_sent", reference=reference, error=type(second).__name__)


async def _say(teams: Teams, turn: Turn, message: Outgoing) -> str:
    return await teams.send(turn.conversation, message, Lane.REPLY, REPLY_PATIENCE)


def invoke_response(answer: Answer) -> web.Response:
    """The HTTP answer to a card's `Action.Execute` (Teams documentation, "Universal Actions", response format)."""
    if answer.status >= 400:
        return invoke_error(answer.status, answer.message or "")
    if answer.card is not None:
        return _json(200, {"statusCode": 200, "type": CARD_TYPE, "value": answer.card})
    return _json(200, {"statusCode": 200, "type": MESSAGE_TYPE, "value": answer.message or ""})


def invoke_error(status: int, message: str) -> web.Response:
    """An error that the client shows politely; the HTTP status stays 200, else it says "something went wrong"."""
    value = {"code": str(status), "message": message}
    return _json(200, {"statusCode": status, "type": ERROR_TYPE, "value": value})


def note_failure(event: str, error: BaseException, **facts: str) -> str:
    """Logs where it happened, not what was in it: an error's own text can hold what a person wrote."""
    reference = uuid.uuid4().hex[:8]
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
    log.error(event, reference=reference, error=type(error).__name__, where=where, **facts)
    return reference


def _json(status: int, value: dict[str, Any]) -> web.Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8")
