"""The bot's own token for the connector: one request now and then, kept in memory, renewed before it ends.

The client-credentials request is made here, on the shared asynchronous client, instead of by a token library: such a
library asks a public endpoint who the authority is (which a test double, a sovereign cloud behind a proxy or a closed
network cannot answer), blocks a thread while it waits, and knows nothing of the loop's time-outs. What remains is one
documented form post (Microsoft identity platform, "OAuth 2.0 client credentials flow", all three cases).
"""

import asyncio
import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import aiohttp
import jwt
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bot.turns import TryAgain

PUBLIC_CLOUD_SCOPE = "https://api.botframework.com/.default"
PUBLIC_CLOUD_LOGIN = "https://login.microsoftonline.com"
RENEW_BEFORE = 300.0
_ASSERTION_SECONDS = 300
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_PAUSE_AFTER_FAILURE = 2.0
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.teams.credentials")


class Proof(Protocol):
    """How the bot shows that it is the app: form fields of the token request."""

    def fields(self, app_id: str, token_url: str) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class SecretProof:
    """The app's password."""

    secret: str

    def fields(self, app_id: str, token_url: str) -> dict[str, str]:
        return {"client_secret": self.secret}

    def __repr__(self) -> str:
        return "SecretProof(***)"


@dataclass(frozen=True, slots=True)
class CertificateProof:
    """A PEM file with the app's certificate and its RSA private key; read at each renewal, so it can be replaced."""

    path: Path

    def fields(self, app_id: str, token_url: str) -> dict[str, str]:
        pem = self.path.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the certificate's key is not an RSA key")  # noqa: TRY004 - a wrong file, not a wrong call
        thumbprint = x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256())
        now = int(time.time())
        claims = {
            "aud": token_url,
            "iss": app_id,
            "sub": app_id,
            "jti": str(uuid.uuid4()),
            "nbf": now - 30,
            "exp": now + _ASSERTION_SECONDS,
        }
        header = {"x5t#S256": base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode()}
        return _assertion(jwt.encode(claims, key, algorithm="PS256", headers=header))


@dataclass(frozen=True, slots=True)
class FederatedProof:
    """A file in which the platform keeps a fresh token of its own (workload identity); read at each renewal."""

    path: Path

    def fields(self, app_id: str, token_url: str) -> dict[str, str]:
        return _assertion(self.path.read_text(encoding="ascii").strip())


def _assertion(token: str) -> dict[str, str]:
    return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": token}


def token_address(login_url: str, tenant_id: str) -> str:
    """The token endpoint of a tenant; `login_url` may also be a whole endpoint already."""
    base = login_url.rstrip("/")
    return base if base.endswith("/token") else f"{base}/{tenant_id}/oauth2/v2.0/token"


class Credential:
    """The bot's bearer token. One request at a time; while the old token lasts, renewal waits for nobody."""

    def __init__(
        self,
        *,
        app_id: str,
        token_url: str,
        proof: Proof,
        session: aiohttp.ClientSession,
        scope: str = PUBLIC_CLOUD_SCOPE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app_id = app_id
        self._url = token_url
        self._proof = proof
        self._session = session
        self._scope = scope
        self._clock = clock
        self._token: str | None = None
        self._expires = 0.0
        self._not_before = 0.0
        self._lock = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """A token that is still good. Raises TryAgain while there is none to be had."""
        now = self._clock()
        if self._token is not None and now < self._expires:
            if now >= self._expires - RENEW_BEFORE:
                self._renew_aside()
            return self._token
        async with self._lock:
            if self._token is None or self._clock() >= self._expires:
                await self._renew()
            assert self._token is not None
            return self._token

    def forget(self, token: str) -> None:
        """The connector refused this token: the next call asks for a fresh one."""
        if self._token == token:
            self._token = None

    async def aclose(self) -> None:
        """Ends a renewal that is under way."""
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)

    def _renew_aside(self) -> None:
        if (self._background is None or self._background.done()) and self._clock() >= self._not_before:
            self._background = asyncio.create_task(self._try_to_renew())

    async def _try_to_renew(self) -> None:
        async with self._lock:
            try:
                await self._renew()
            except TryAgain:
                return  # logged where it happened; the old token still serves

    async def _renew(self) -> None:
        wait = self._not_before - self._clock()
        if wait > 0:
            raise TryAgain("no token for the connector at the moment", wait)
        try:
            # A certificate or token file is a small local file, but still a file: not on the loop.
            proof = await asyncio.to_thread(self._proof.fields, self._app_id, self._url)
            self._token, lasts = await self._request(proof)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError) as error:
            self._not_before = self._clock() + _PAUSE_AFTER_FAILURE
            log.warning("connector_token_unavailable", error=type(error).__name__, reason=_safe_reason(error))
            raise TryAgain("no token for the connector at the moment", _PAUSE_AFTER_FAILURE) from None
        self._expires = self._clock() + lasts

    async def _request(self, proof: dict[str, str]) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._app_id,
            "scope": self._scope,
            **proof,
        }
        async with self._session.post(
            self._url, data=form, timeout=_TIMEOUT, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise _TokenError(f"token endpoint answered {response.status}")
            answer: object = await response.json(content_type=None)
        fields = cast("dict[str, object]", answer) if isinstance(answer, dict) else {}
        token, lasts = fields.get("access_token"), fields.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int | float | str):
            raise _TokenError("token endpoint's answer has no token")
        return token, float(lasts)


class _TokenError(ValueError):
    """The endpoint's answer was no token. Its text is ours, so it may be logged."""


def _safe_reason(error: BaseException) -> str:
    return str(error) if isinstance(error, _TokenError) else ""
