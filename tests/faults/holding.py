"""Teams' connector with a hand on it: a request is held at a precise point until the test has done what it wants."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.doubles.connector import ConnectorDouble

Where = Callable[[web.Request], bool]


def _any(_request: web.Request) -> bool:
    return True


def posts_to(conversation: str) -> Where:
    return lambda request: request.method == "POST" and request.match_info.get("conversation") == conversation


class Hold:
    """One request that will be held. `taken`: after the message was taken, before the answer; else before either."""

    def __init__(self, where: Where, *, taken: bool) -> None:
        self.where = where
        self.taken = taken
        self.reached = asyncio.Event()
        self._go_on = asyncio.Event()
        self._forgotten = False

    def release(self) -> None:
        """It goes on as if nothing had been."""
        self._go_on.set()

    def forget(self) -> None:
        """It comes to nothing: a request whose sender is dead, before it was read."""
        self._forgotten = True
        self._go_on.set()

    async def pass_through(self, request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        if self.taken:
            response = await handler(request)
        self.reached.set()
        await self._go_on.wait()
        if response is None and not self._forgotten:
            response = await handler(request)
        return response or web.Response(status=502)


class HoldingConnector(ConnectorDouble):
    """`hold(…)` holds the next request that fits. `bearers` are the tokens of the posts, in their order."""

    def __init__(self, token_ok: Callable[[str], bool] | None = None) -> None:
        super().__init__(token_ok, rate=None)
        self._holds: list[Hold] = []
        self._held: list[Hold] = []
        self.bearers: list[str] = []

    def build(self) -> web.Application:
        app = super().build()
        app.middlewares.append(self._hand)
        return app

    def hold(self, where: Where = _any, *, taken: bool) -> Hold:
        hold = Hold(where, taken=taken)
        self._holds.append(hold)
        return hold

    def release_all(self) -> None:
        for hold in (*self._holds, *self._held):
            hold.release()
        self._holds.clear()

    @web.middleware
    async def _hand(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        if request.method == "POST":
            self.bearers.append(request.headers.get("Authorization", ""))
        for hold in self._holds:
            if hold.where(request):
                self._holds.remove(hold)
                self._held.append(hold)
                return await hold.pass_through(request, handler)
        response: web.StreamResponse = await handler(request)
        return response
