"""What the doubles have in common: a small aiohttp server on a free port of this machine."""

from types import TracebackType
from typing import Self

from aiohttp import web


class LoopbackServer:
    """Serves its routes on 127.0.0.1 while its `async with` block is open."""

    def __init__(self) -> None:
        self.url = ""
        self._runner: web.AppRunner | None = None

    def build(self) -> web.Application:
        """The routes. The double that inherits says which."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.build(), access_log=None, shutdown_timeout=0.1, lingering_time=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port: int = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def shut(self) -> None:
        """Nobody can connect any more, and the connections that there are break."""
        assert self._runner is not None
        for site in tuple(self._runner.sites):
            await site.stop()
        if self._runner.server is not None:
            await self._runner.server.shutdown(0.1)

    async def open(self) -> None:
        """Again at the same address. Nothing, where it is open."""
        assert self._runner is not None
        if not self._runner.sites:
            await web.TCPSite(self._runner, "127.0.0.1", int(self.url.rpartition(":")[2])).start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


def hang_up(request: web.Request) -> web.Response:
    """Breaks the connection without an answer, as a crashing peer does."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
