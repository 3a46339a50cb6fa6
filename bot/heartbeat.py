"""The heartbeat: while all is well the outside is told so; whoever listens there raises the alarm when it stops."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.settings import SettingsError

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.heartbeat")

BEAT_SECONDS = 10.0
PORTS = {"http": 80, "https": 443}


class Heartbeat:
    """Tells an address outside that all is well; whoever listens there raises the alarm when it stops. The address is a
    secret: whoever knows it could keep it beating."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._task: asyncio.Task[bool] | None = None

    def beat(self) -> None:
        """Without waiting; not while an earlier one is still under way."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self.ping())

    async def ping(self) -> bool:
        """Whether it was heard. Never raises."""
        timeout = aiohttp.ClientTimeout(total=BEAT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(self._url, allow_redirects=False) as response,
            ):
                heard = 200 <= response.status < 300
                if not heard:
                    log.warning("heartbeat_not_heard", status=response.status)
                return heard
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("heartbeat_not_heard", error=type(error).__name__)
            return False

    async def settled(self) -> None:
        """When the one under way has been heard, or not."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


def heartbeat_of(url: str | None) -> Heartbeat | None:
    """None where none is set. Raises SettingsError, which does not repeat it."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("AUDIT_BOT_HEARTBEAT_URL must be an http or https address.")
    return Heartbeat(url)


async def reach(url: str) -> bool:
    """Whether the address's machine can be reached; without a beat, which would say that all is well."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(BEAT_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or PORTS[parts.scheme])
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
