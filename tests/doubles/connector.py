"""A double of Teams' connector: takes, keeps, replaces and deletes messages, and is as strict as the real one.

It wants a token that the login double gave out and enforces the documented limits, arrival by arrival.
"""

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.server import LoopbackServer, hang_up

THREAD_SENDS = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))
THREAD_READS = ((14, 1.0), (16, 2.0), (120, 30.0), (3_600, 3_600.0))
LARGEST = 100_000


@dataclass
class Message:
    """A message in a conversation as the double keeps it. `versions` counts updates, the first one included."""

    id: str
    activity: dict[str, Any]
    versions: int = 1

    @property
    def text(self) -> str:
        return str(self.activity.get("text", ""))

    @property
    def card(self) -> dict[str, Any] | None:
        attachments: list[dict[str, Any]] = self.activity.get("attachments") or []
        return attachments[0]["content"] if attachments else None


@dataclass
class Fault:
    """Something to go wrong: `how` is "status", "delay", "reset_before" or "reset_after"."""

    how: str
    times: int
    status: int = 0
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    where: Callable[[web.Request], bool] = lambda _request: True


class ArrivalLimit:
    """Sliding windows over arrivals: says how long an arrival comes too early, 0 when it is within the limits."""

    def __init__(self, windows: tuple[tuple[int, float], ...]) -> None:
        self._windows = windows
        self._arrivals: deque[float] = deque()

    def too_early_by(self, now: float) -> float:
        """Admits the arrival, or gives the seconds after which it would be admitted."""
        longest = max(seconds for _, seconds in self._windows)
        while self._arrivals and self._arrivals[0] <= now - longest:
            self._arrivals.popleft()
        wait = 0.0
        for limit, seconds in self._windows:
            if len(self._arrivals) >= limit:
                wait = max(wait, self._arrivals[-limit] + seconds - now)
        if wait <= 0:
            self._arrivals.append(now)
        return max(wait, 0.0)


class ConnectorDouble(LoopbackServer):
    """`token_ok` None wants no token. `rate` None lifts all limits (for measuring something else)."""

    def __init__(self, token_ok: Callable[[str], bool] | None = None, rate: int | None = 50) -> None:
        super().__init__()
        self._token_ok = token_ok
        self._rate = rate
        self._ids = itertools.count(1)
        self._tenant = ArrivalLimit(((rate, 1.0),)) if rate else None
        self._threads: dict[str, ArrivalLimit] = {}
        self._faults: list[Fault] = []
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.rosters: dict[str, list[dict[str, Any]]] = {}
        self.conversations: dict[str, str] = {}
        self.refused: dict[str, int] = {}
        self.violations: list[str] = []
        self.unauthorised = 0
        self.arrivals: list[tuple[float, str]] = []
        self.page_size = 100

    def build(self) -> web.Application:
        app = web.Application(middlewares=[self._gate], client_max_size=1_048_576)
        one = "/v3/conversations/{conversation}"
        app.router.add_post("/v3/conversations", self._create)
        app.router.add_post(f"{one}/activities", self._post)
        app.router.add_post(f"{one}/activities/{{activity}}", self._post)
        app.router.add_put(f"{one}/activities/{{activity}}", self._put)
        app.router.add_delete(f"{one}/activities/{{activity}}", self._delete)
        app.router.add_get(f"{one}/members", self._members)
        app.router.add_get(f"{one}/members/{{member}}", self._member)
        app.router.add_get(f"{one}/pagedmembers", self._paged)
        return app

    def fail(
        self, status: int, times: int = 1, retry_after: str | None = None, conversation: str | None = None
    ) -> None:
        """The next requests (of a conversation) are answered with a status instead of being taken."""
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        self._faults.append(Fault("status", times, status=status, headers=headers, where=_of(conversation)))

    def delay(self, seconds: float, times: int = 1) -> None:
        """The next requests are answered late; they are taken all the same."""
        self._faults.append(Fault("delay", times, seconds=seconds))

    def reset(self, *, taken: bool, times: int = 1) -> None:
        """The connection of the next requests breaks, after or before the message was taken."""
        self._faults.append(Fault("reset_after" if taken else "reset_before", times))

    def heal(self) -> None:
        """Nothing goes wrong any more, whatever was still to."""
        self._faults.clear()

    def refuse(self, conversation: str, status: int) -> None:
        """From now on this conversation answers with a status: 403 blocked, 404 gone."""
        self.refused[conversation] = status

    def texts(self, conversation: str) -> list[str]:
        """What can be read in a conversation."""
        return [message.text for message in self.messages[conversation]]

    @property
    def sent(self) -> list[Message]:
        """Every message of every conversation."""
        return [message for kept in self.messages.values() for message in kept]

    @web.middleware
    async def _gate(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        self.arrivals.append((asyncio.get_running_loop().time(), f"{request.method} {request.path}"))
        if self._token_ok is not None and not self._token_ok(_bearer(request)):
            self.unauthorised += 1
            return _error(401, "Unauthorized")
        wait = self._too_early(request)
        if wait:
            return _error(429, "TooManyRequests", {"Retry-After": str(int(wait) + 1)})
        status = self.refused.get(request.match_info.get("conversation", ""))
        if status is not None:
            return _error(status, "Refused")
        fault = self._next_fault(request)
        if fault is not None and fault.how == "status":
            return _error(fault.status, "Injected", fault.headers)
        if fault is not None and fault.how == "reset_before":
            return hang_up(request)
        response: web.StreamResponse = await handler(request)
        if fault is not None and fault.how == "delay":
            await asyncio.sleep(fault.seconds)
        return hang_up(request) if fault is not None and fault.how == "reset_after" else response

    def _next_fault(self, request: web.Request) -> Fault | None:
        for fault in self._faults:
            if fault.times > 0 and fault.where(request):
                fault.times -= 1
                return fault
        return None

    def _too_early(self, request: web.Request) -> float:
        if self._tenant is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        conversation = request.match_info.get("conversation")
        wait = self._tenant.too_early_by(now)
        if wait:
            self.violations.append(f"tenant {wait:.3f}")
        if conversation is None:
            return wait
        reads = request.method == "GET"
        key = f"{'read' if reads else 'send'} {conversation}"
        limit = self._threads.setdefault(key, ArrivalLimit(THREAD_READS if reads else THREAD_SENDS))
        thread_wait = limit.too_early_by(now)
        if thread_wait:
            self.violations.append(f"{key} {thread_wait:.3f}")
        return max(wait, thread_wait)

    async def _create(self, request: web.Request) -> web.Response:
        wanted: dict[str, Any] = await request.json()
        members: list[dict[str, Any]] = wanted.get("members") or []
        data: dict[str, Any] = wanted.get("channelData") or {}
        if (
            wanted.get("isGroup")
            or len(members) != 1
            or not data.get("tenant", {}).get("id")
            or not wanted.get("bot", {}).get("id")
        ):
            return _error(400, "BadSyntax")
        person = str(members[0]["id"])
        conversation = self.conversations.setdefault(person, f"a:{person}")
        return web.json_response({"id": conversation}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        activity = await self._activity(request)
        if activity is None:
            return _error(413, "MessageSizeTooBig")
        if not activity.get("type") or not (activity.get("text") or activity.get("attachments")):
            return _error(400, "BadSyntax")
        message = Message(f"1{next(self._ids):012d}", activity)
        self.messages[request.match_info["conversation"]].append(message)
        return web.json_response({"id": message.id}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        activity = await self._activity(request)
        message = self._find(request)
        if activity is None or message is None:
            return _error(404 if message is None else 413, "ActivityNotFound")
        message.activity = activity
        message.versions += 1
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._find(request)
        if message is None:
            return _error(404, "ActivityNotFound")
        self.messages[request.match_info["conversation"]].remove(message)
        return web.Response(status=200)

    async def _member(self, request: web.Request) -> web.Response:
        wanted = request.match_info["member"]
        for entry in self._roster(request):
            if wanted in {entry.get("id"), entry.get("aadObjectId")}:
                return web.json_response(entry)
        return _error(404, "MemberNotFoundInConversation")

    async def _members(self, request: web.Request) -> web.Response:
        return web.json_response(self._roster(request))

    async def _paged(self, request: web.Request) -> web.Response:
        begin = int(request.query.get("continuationToken", "0"))
        end = begin + min(self.page_size, int(request.query.get("pageSize", "500")))
        roster = self._roster(request)
        page: dict[str, Any] = {"members": roster[begin:end]}
        if end < len(roster):
            page["continuationToken"] = str(end)
        return web.json_response(page)

    def _roster(self, request: web.Request) -> list[dict[str, Any]]:
        return self.rosters.get(request.match_info["conversation"], [])

    def _find(self, request: web.Request) -> Message | None:
        kept = self.messages[request.match_info["conversation"]]
        return next((message for message in kept if message.id == request.match_info["activity"]), None)

    async def _activity(self, request: web.Request) -> dict[str, Any] | None:
        body = await request.read()
        return None if len(body) > LARGEST else await request.json()


def _of(conversation: str | None) -> Callable[[web.Request], bool]:
    return lambda request: conversation is None or request.match_info.get("conversation") == conversation


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"code": code, "message": code}}, status=status, headers=headers)
