"""The platform's signing keys: fetched without blocking, kept, and fetched again when a key is not known."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import aiohttp
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

DAY = 86_400.0
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
_LARGEST = 1_048_576
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 30.0

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.teams.keys")


class KeysUnavailable(Exception):
    """No key was ever fetched and the endpoint does not answer: nothing can be judged, neither good nor bad."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of the published set and the channels that it may sign for."""

    kid: str
    public: RSAPublicKey
    endorsements: frozenset[str]


class SigningKeys:
    """The keys behind an OpenID metadata address.

    An unknown key id leads to a fresh fetch, but at most `refetches` times in `window` seconds: made-up key ids
    must not turn this bot into a hammer. A failing endpoint is asked again after 0.5, 1, 2 ... 30 s. Known keys
    keep working however long it is down; after `refresh_after` seconds they are fetched anew in the background.
    """

    def __init__(
        self,
        metadata_url: str,
        session: aiohttp.ClientSession,
        *,
        refresh_after: float = DAY,
        refetches: int = 5,
        window: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = metadata_url
        self._session = session
        self._refresh_after = refresh_after
        self._refetches = refetches
        self._window = window
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at = -DAY
        self._generation: int = 0
        self._failures = 0
        self._not_before = 0.0
        self._asked: deque[float] = deque()
        self._lock = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether any token can be judged."""
        return bool(self._keys)

    async def warm(self) -> bool:
        """Fetch where nothing has been fetched yet; tells whether there are keys now."""
        if not self._keys:
            await self._fetch()
        return self.ready

    async def get(self, kid: str) -> SigningKey | None:
        """The key, or None where the platform does not know it. Raises KeysUnavailable."""
        if not self._keys:
            await self._fetch()
            if not self._keys:
                raise KeysUnavailable
        key = self._keys.get(kid)
        if key is None and self._may_ask_again():
            await self._fetch()
            key = self._keys.get(kid)
        self._refresh_when_old()
        return key

    def current(self, kid: str) -> SigningKey | None:
        """The key as it stands in memory, without any fetch."""
        return self._keys.get(kid)

    async def aclose(self) -> None:
        """Ends a refresh that is under way."""
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)

    def _may_ask_again(self) -> bool:
        now = self._clock()
        while self._asked and self._asked[0] <= now - self._window:
            self._asked.popleft()
        if len(self._asked) >= self._refetches:
            return False
        self._asked.append(now)
        return True

    def _refresh_when_old(self) -> None:
        idle = self._background is None or self._background.done()
        if idle and self._clock() - self._fetched_at > self._refresh_after:
            self._background = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        """One fetch at a time; whoever waited for a colleague's fetch takes its result."""
        seen: int = self._generation
        async with self._lock:
            if self._generation != seen or self._clock() < self._not_before:
                return
            try:
                keys = await self._download()
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                self._failures += 1
                pause = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** (self._failures - 1))
                self._not_before = self._clock() + pause
                log.warning("token_keys_unavailable", error=type(error).__name__, failures=self._failures)
                return
            self._keys = keys
            self._fetched_at = self._clock()
            self._generation += 1
            self._failures = 0
            self._not_before = 0.0

    async def _download(self) -> dict[str, SigningKey]:
        metadata = await self._json(self._url)
        address = metadata.get("jwks_uri")
        if not isinstance(address, str):
            raise ValueError("metadata without jwks_uri")  # noqa: TRY004 - one kind of error for a bad answer
        keys = parse_keys(await self._json(address))
        if not keys:
            raise ValueError("key set without a usable key")
        return keys

    async def _json(self, url: str) -> Mapping[str, object]:
        async with self._session.get(url, timeout=_TIMEOUT, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            if (response.content_length or 0) > _LARGEST:
                raise ValueError("answer is too large")
            answer: object = await response.json(content_type=None)
        if not isinstance(answer, dict):
            raise ValueError("answer is not an object")  # noqa: TRY004
        return cast("dict[str, object]", answer)


def parse_keys(answer: Mapping[str, object]) -> dict[str, SigningKey]:
    """RSA signing keys of a JWKS by key id; entries of other kinds or without sense are left out."""
    entries = answer.get("keys")
    keys: dict[str, SigningKey] = {}
    for entry in cast("list[object]", entries) if isinstance(entries, list) else []:
        key = _parse_key(cast("dict[str, object]", entry)) if isinstance(entry, dict) else None
        if key is not None:
            keys[key.kid] = key
    return keys


def _parse_key(entry: dict[str, object]) -> SigningKey | None:
    kid = entry.get("kid")
    if not isinstance(kid, str) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    try:
        public = RSAAlgorithm.from_jwk({**entry})
    except (InvalidKeyError, ValueError, TypeError, KeyError):
        return None
    if not isinstance(public, RSAPublicKey):
        return None
    channels = entry.get("endorsements")
    named = cast("list[object]", channels) if isinstance(channels, list) else []
    return SigningKey(kid, public, frozenset(item for item in named if isinstance(item, str)))
