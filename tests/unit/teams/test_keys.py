"""The platform's signing keys: kept, renewed after a day, found again after an outage, odd answers survived."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from jwt.algorithms import RSAAlgorithm

from bot.teams.keys import DAY, KeysUnavailable, SigningKeys, parse_keys
from tests.doubles.login import LoginDouble, key_pair
from tests.doubles.server import LoopbackServer


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def entry(**replaced: Any) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key_pair(0).public_key(), as_dict=True), "kid": "one", **replaced}


def test_keys_are_read_and_senseless_entries_left_out() -> None:
    good = entry(endorsements=["msteams", 7, None])
    odd = [
        entry(kid="no endorsements", endorsements="msteams"),
        entry(kid=None),
        entry(kid="for encryption", use="enc"),
        entry(kid="EC", kty="EC"),
        entry(kid="no number", n="!"),
        {"kid": "no key at all", "kty": "RSA"},
        "a text",
        None,
    ]
    keys = parse_keys({"keys": [good, *odd]})
    assert set(keys) == {"one", "no endorsements"}
    assert keys["one"].endorsements == {"msteams"}
    assert keys["no endorsements"].endorsements == frozenset()
    assert parse_keys({}) == parse_keys({"keys": "none"}) == {}


async def test_keys_are_renewed_after_a_day_and_nobody_waits(
    login: LoginDouble, session: aiohttp.ClientSession
) -> None:
    now = [0.0]
    keys = SigningKeys(login.metadata_url, session, clock=lambda: now[0])
    assert await keys.get("key-0") is not None
    # given keys of yesterday, and an endpoint that has another by now
    now[0] = DAY + 1
    login.rotate()
    # when the old one is asked for, it still serves, and the new set is fetched beside
    assert await keys.get("key-0") is not None
    for _ in range(500):
        if keys.current("key-1"):
            break
        await asyncio.sleep(0.01)
    assert keys.current("key-1") is not None
    assert keys.current("key-0") is None
    await keys.aclose()


async def test_an_endpoint_that_fails_is_asked_less_and_less(
    login: LoginDouble, session: aiohttp.ClientSession
) -> None:
    now = [100.0]
    keys = SigningKeys(login.metadata_url, session, clock=lambda: now[0])
    login.down = True
    # given one failure, when it is asked again at once
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await keys.get("key-0")
    # then the endpoint is left alone until its pause is over, even when it is back by then
    login.down = False
    with pytest.raises(KeysUnavailable):
        await keys.get("key-0")
    now[0] += 0.6
    assert await keys.get("key-0") is not None


class OddEndpoint(LoopbackServer):
    """Answers with whatever it was given."""

    def __init__(self, metadata: Any, keys: Any = None, status: int = 200) -> None:
        super().__init__()
        self._metadata, self._keys, self._status = metadata, keys, status

    def build(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/metadata", self._first)
        app.router.add_get("/keys", self._second)
        return app

    async def _first(self, request: web.Request) -> web.Response:
        if self._metadata == "point to keys":
            return web.json_response({"jwks_uri": f"{self.url}/keys"}, status=self._status)
        return web.Response(text=str(self._metadata), status=self._status)

    async def _second(self, request: web.Request) -> web.Response:
        return web.Response(text=str(self._keys))


@pytest.mark.parametrize(
    ("metadata", "answer", "status"),
    [
        ("", "", 200),
        ("<html>", "", 200),
        ("[]", "", 200),
        ("{}", "", 200),
        ('{"jwks_uri": 7}', "", 200),
        ('{"jwks_uri": "no address"}', "", 200),
        ("point to keys", "", 200),
        ("point to keys", '{"keys": []}', 200),
        ("point to keys", '{"keys": [{"kty": "RSA"}]}', 200),
        ("point to keys", "{}", 500),
        ("point to keys", "{}", 302),
    ],
)
async def test_an_odd_endpoint_is_like_none(
    session: aiohttp.ClientSession, metadata: str, answer: str, status: int
) -> None:
    async with OddEndpoint(metadata, answer, status) as endpoint:
        keys = SigningKeys(f"{endpoint.url}/metadata", session)
        with pytest.raises(KeysUnavailable):
            await keys.get("one")
        assert not keys.ready
