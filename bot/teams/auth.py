"""Who may speak to the bot: the whole check of an incoming request, before anything of it is used.

The stock checks take tokens without `exp`, activities without service URL or channel, and any tenant; these do not.
Source: Bot Connector authentication ("Authenticate requests from the Bot Connector service to your bot"), steps 1-7.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from bot.teams.bodies import field
from bot.teams.keys import KeysUnavailable, SigningKey, SigningKeys
from bot.teams.service_urls import ServiceUrlRefused, ServiceUrls, normalised

CHANNEL = "msteams"
LEEWAY_SECONDS = 300
_REMEMBERED_TOKENS = 512
_LONGEST_TOKEN = 8_192


class AuthRefused(Exception):
    """The request is not to be believed. `status` is 401 (token), 403 (channel, service URL, tenant), 503 (no keys).

    `reason` is safe to show and to log: it repeats nothing that the sender wrote.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says, as far as the bot needs it. `service_url` in its normalised form."""

    service_url: str
    expires: float
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Sender:
    """What the whole check establishes of a request: where answers go and whose tenant it is."""

    service_url: str
    tenant_id: str


class IncomingAuth:
    """Checks requests for one app in one tenant.

    `app_id` None is the insecure local mode: no token is wanted, and `service_urls` must then hold loopback hosts
    only (the caller's duty, see `bot.teams.line`). `tenant_id` None, in that mode alone, takes any tenant.
    """

    def __init__(
        self,
        *,
        app_id: str | None,
        tenant_id: str | None,
        service_urls: ServiceUrls,
        keys: SigningKeys | None,
        issuer: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if app_id is not None and (keys is None or not tenant_id):
            raise ValueError("an app id needs token keys and a tenant")
        self._app_id = app_id
        self._tenant_id = tenant_id.lower() if tenant_id else None
        self._service_urls = service_urls
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._verified: dict[bytes, Claims] = {}

    async def check_token(self, authorization: str | None) -> Claims | None:
        """The token's claims, or None in the insecure local mode. Raises AuthRefused 401 or 503."""
        if self._app_id is None:
            return None
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode("ascii")).digest()
        return self._remembered(digest) or await self._verify(token, digest)

    def check_activity(self, claims: Claims | None, body: Mapping[str, object]) -> Sender:
        """Channel, service URL and tenant of the raw body. Raises AuthRefused 403."""
        if body.get("channelId") != CHANNEL:
            raise AuthRefused(403, "channel is missing or not served")
        return Sender(self._check_service_url(claims, body.get("serviceUrl")), self._check_tenant(body))

    def _remembered(self, digest: bytes) -> Claims | None:
        """An earlier verdict, while the token lasts and its key is still published."""
        claims = self._verified.get(digest)
        if claims is None or self._keys is None:
            return None
        if (
            claims.expires + LEEWAY_SECONDS > self._clock()
            and self._keys.current(claims.key.kid) is claims.key
        ):
            return claims
        del self._verified[digest]
        return None

    async def _verify(self, token: str, digest: bytes) -> Claims:
        key = await self._key(token)
        if CHANNEL not in key.endorsements:
            raise AuthRefused(401, "token key is not endorsed for this channel")
        payload = self._decode(token, key)
        claims = Claims(_claimed_service_url(payload), float(payload["exp"]), key)
        while len(self._verified) >= _REMEMBERED_TOKENS:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = claims
        return claims

    async def _key(self, token: str) -> SigningKey:
        try:
            header = jwt.get_unverified_header(token)
        except (PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise AuthRefused(401, "token cannot be read") from error
        kid: object = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise AuthRefused(401, "token is not signed the right way")
        assert self._keys is not None
        try:
            key = await self._keys.get(kid)
        except KeysUnavailable as error:
            raise AuthRefused(503, "token keys cannot be had at the moment") from error
        if key is None:
            raise AuthRefused(401, "token key is not known")
        return key

    def _decode(self, token: str, key: SigningKey) -> dict[str, Any]:
        now = self._clock()
        try:
            payload: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._issuer,
                # Times are judged below, by the injected clock; the library reads the system's.
                options={
                    "require": ["exp", "iss", "aud"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise AuthRefused(401, "token is not valid") from error
        _check_times(payload, now)
        return payload

    def _check_service_url(self, claims: Claims | None, url: object) -> str:
        if not isinstance(url, str) or not url:
            raise AuthRefused(403, "service URL is missing")
        try:
            accepted = self._service_urls.accept(url)
        except ServiceUrlRefused as error:
            raise AuthRefused(403, str(error)) from error
        if claims is not None and accepted != claims.service_url:
            raise AuthRefused(403, "service URL is not the one of the token")
        return accepted

    def _check_tenant(self, body: Mapping[str, object]) -> str:
        """Every tenant id that the body names must be ours, and it must name one."""
        named = [
            value
            for value in (
                field(body.get("conversation"), "tenantId"),
                field(field(body.get("channelData"), "tenant"), "id"),
            )
            if value is not None
        ]
        if self._tenant_id is None:
            return next((value for value in named if isinstance(value, str)), "")
        if not named:
            raise AuthRefused(403, "tenant is missing")
        if not all(isinstance(value, str) and value.lower() == self._tenant_id for value in named):
            raise AuthRefused(403, "tenant is not served")
        return self._tenant_id


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        raise AuthRefused(401, "bearer token is missing")
    return token


def _check_times(payload: Mapping[str, object], now: float) -> None:
    expires, begins = _seconds(payload.get("exp")), _seconds(payload.get("nbf", 0))
    if expires is None or begins is None:
        raise AuthRefused(401, "token has a time that is not a number")
    if now >= expires + LEEWAY_SECONDS:
        raise AuthRefused(401, "token has expired")
    if now < begins - LEEWAY_SECONDS:
        raise AuthRefused(401, "token is not valid yet")


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _claimed_service_url(payload: Mapping[str, object]) -> str:
    claimed = payload.get("serviceurl")
    if not isinstance(claimed, str):
        raise AuthRefused(401, "token names no service URL")
    try:
        return normalised(claimed)
    except ServiceUrlRefused as error:
        raise AuthRefused(401, "token names no usable service URL") from error
