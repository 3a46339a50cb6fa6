"""The least that an answer can cost: aiohttp takes the message, reads its JSON, and sends one back."""

import json
import sys
from collections.abc import AsyncGenerator

import aiohttp
from aiohttp import web

SESSION = web.AppKey("session", aiohttp.ClientSession)


async def messages(request: web.Request) -> web.Response:
    activity = json.loads(await request.read())
    conversation = activity["conversation"]["id"]
    url = f"{activity['serviceUrl']}v3/conversations/{conversation}/activities"
    async with request.app[SESSION].post(url, json={"type": "message", "text": activity["text"]}) as answer:
        await answer.read()
    return web.Response(status=201)


async def _session(app: web.Application) -> AsyncGenerator[None]:
    app[SESSION] = aiohttp.ClientSession()
    yield
    await app[SESSION].close()


async def _ready(request: web.Request) -> web.Response:
    return web.Response()


def main() -> None:
    """`python -m tests.bench.bare_aiohttp PORT`"""
    app = web.Application()
    app.cleanup_ctx.append(_session)
    app.router.add_post("/api/messages", messages)
    app.router.add_get("/readyz", _ready)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
