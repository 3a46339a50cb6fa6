"""Whoever listens to the heartbeat outside."""

import asyncio

from aiohttp import web

from tests.doubles.server import LoopbackServer

SECRET = "a-secret-of-the-heartbeat"


class HeartbeatListener(LoopbackServer):
    """`beats` counts what was heard. `status` is its answer; while `held` is not set there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.status = 200
        self.held = asyncio.Event()
        self.held.set()
        self._heard = asyncio.Condition()

    def build(self) -> web.Application:
        app = web.Application()
        app.router.add_get(f"/{SECRET}", self._beat)
        return app

    @property
    def address(self) -> str:
        return f"{self.url}/{SECRET}"

    async def _beat(self, request: web.Request) -> web.Response:
        async with self._heard:
            self.beats += 1
            self._heard.notify_all()
        await self.held.wait()
        return web.Response(status=self.status)

    async def heard(self, beats: int) -> None:
        """Until so many have come."""
        async with self._heard, asyncio.timeout(30):
            await self._heard.wait_for(lambda: self.beats >= beats)
