"""The transport room as the host would open it, with a recording host behind it, on a free port."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.teams.credentials import Proof, SecretProof
from bot.teams.line import TeamsLine, TeamsOptions
from bot.turns import Answer, Outgoing, Say, Turn
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.doubles.server import LoopbackServer

Behaviour = Callable[[Turn, Say], Awaitable[Answer | None]]


async def echo(turn: Turn, say: Say) -> Answer | None:
    """Says what was said."""
    if turn.action is not None:
        return Answer(message=f"pressed {turn.action.verb}")
    if turn.text:
        await say(Outgoing(text=turn.text))
    return None


class BotDouble(LoopbackServer):
    """A host that remembers its turns and answers as it was told (`behaviour`)."""

    def __init__(
        self, line: TeamsLine, login: LoginDouble, connector: ConnectorDouble, **handling: float
    ) -> None:
        super().__init__()
        self.line = line
        self.login = login
        self._connector = connector
        self.behaviour: Behaviour = echo
        self._handling = handling
        self.turns: list[Turn] = []
        self.client = aiohttp.ClientSession()

    def build(self) -> web.Application:
        async def on_turn(turn: Turn, say: Say) -> Answer | None:
            self.turns.append(turn)
            return await self.behaviour(turn, say)

        app = web.Application()
        app.router.add_post("/api/messages", self.line.handler(on_turn, None, **self._handling))
        return app

    @property
    def service_url(self) -> str:
        return self._connector.url

    def token(self, **wrong: Any) -> str:
        """A good channel token, or one with the named claims wrong."""
        return self.login.channel_token(wrong.pop("service_url", f"{self.service_url}/"), **wrong)

    async def tell(self, activity: object, token: str | None = "good") -> tuple[int, Any]:
        """Posts an activity as the channel would; gives the status and the answer's JSON (None without one)."""
        return await self.post(json.dumps(activity).encode(), token)

    async def post(self, body: bytes, token: str | None = "good", **headers: str) -> tuple[int, Any]:
        """Posts any bytes."""
        if token is not None:
            headers["Authorization"] = f"Bearer {self.token() if token == 'good' else token}"
        async with self.client.post(f"{self.url}/api/messages", data=body, headers=headers) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None


@asynccontextmanager
async def a_bot(login: LoginDouble, connector: ConnectorDouble, **options: Any) -> AsyncGenerator[BotDouble]:
    """The bot of `login`'s app, allowed to talk to connectors on this machine."""
    proof: Proof = SecretProof(login.password)
    settings: dict[str, Any] = {
        "app_id": login.app_id,
        "tenant_id": login.tenant_id,
        "proof": proof,
        "metadata_url": login.metadata_url,
        "login_url": login.login_url,
        "service_url_hosts": ("127.0.0.1",),
        **options,
    }
    handling = {name: settings.pop(name) for name in ("body_seconds", "invoke_seconds") if name in settings}
    async with (
        TeamsLine(TeamsOptions(**settings)) as line,
        BotDouble(line, login, connector, **handling) as bot,
    ):
        try:
            yield bot
        finally:
            await bot.client.close()
