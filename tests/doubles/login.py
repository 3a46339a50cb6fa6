"""A double of Microsoft's login: signing keys with their metadata, signed channel tokens, and the token endpoint.

It signs and checks for real; what it can do beyond the real one is to be wrong on purpose.
"""

import base64
import hmac
import json
import secrets
import time
from functools import lru_cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.doubles.server import LoopbackServer, hang_up

APP_ID = "6f3c1a52-5e0b-4a4e-9d55-0d5a8f0f7a11"
TENANT_ID = "0b7f5f1e-7f0f-4f6c-8a39-3d0f6a2f9c22"
APP_PASSWORD = "a-password-of-the-double"
ISSUER = "https://api.botframework.com"


@lru_cache(maxsize=8)
def key_pair(number: int) -> rsa.RSAPrivateKey:
    """A key for this process; the number only tells keys apart."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LoginDouble(LoopbackServer):
    """`metadata_url` and `login_url` are what the bot's settings want."""

    def __init__(
        self, app_id: str = APP_ID, tenant_id: str = TENANT_ID, password: str = APP_PASSWORD
    ) -> None:
        super().__init__()
        self.app_id, self.tenant_id, self.password = app_id, tenant_id, password
        self.assertion_key: rsa.RSAPublicKey | None = None
        self.federated_token: str | None = None
        self.down = False
        self.endorsements = ["msteams", "directline"]
        self.lasts = 3_600
        self.key_number = 0
        self.key_reads = 0
        self.token_requests: list[dict[str, str]] = []
        self._issued: dict[str, float] = {}

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        return self.url

    @property
    def kid(self) -> str:
        """The id of the key that signs at the moment."""
        return f"key-{self.key_number}"

    def rotate(self) -> None:
        """A new key takes the place of the old one."""
        self.key_number += 1

    def build(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        return app

    def channel_token(
        self,
        service_url: str,
        *,
        without: tuple[str, ...] = (),
        header: dict[str, Any] | None = None,
        algorithm: str = "RS256",
        key: Any = None,
        **claims: Any,
    ) -> str:
        """A token as the channel sends it; `claims` replace, `without` removes."""
        now = int(time.time())
        body: dict[str, Any] = {
            "serviceurl": service_url,
            "nbf": now - 10,
            "exp": now + 3_600,
            "iss": ISSUER,
            "aud": self.app_id,
            **claims,
        }
        for name in without:
            del body[name]
        signer = key_pair(self.key_number) if key is None else key
        return jwt.encode(body, signer, algorithm=algorithm, headers={"kid": self.kid, **(header or {})})

    def issued(self, token: str) -> bool:
        """Whether the token endpoint gave this token out, and it still lasts."""
        return self._issued.get(token, 0.0) > time.monotonic()

    def revoke(self) -> None:
        """Every bot token given out so far is worth nothing from now on."""
        self._issued.clear()

    async def _metadata(self, request: web.Request) -> web.Response:
        if self.down:
            return hang_up(request)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/v1/.well-known/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        if self.down:
            return hang_up(request)
        self.key_reads += 1
        public = RSAAlgorithm.to_jwk(key_pair(self.key_number).public_key(), as_dict=True)
        entry = {**public, "kid": self.kid, "use": "sig", "endorsements": self.endorsements}
        return web.json_response({"keys": [{"kty": "EC", "kid": "another-kind"}, entry]})

    async def _token(self, request: web.Request) -> web.Response:
        if self.down:
            return hang_up(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.token_requests.append(form)
        if request.match_info["tenant"] != self.tenant_id or not self._proven(form, str(request.url)):
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_urlsafe(24)
        self._issued[token] = time.monotonic() + self.lasts
        return web.json_response({"token_type": "Bearer", "expires_in": self.lasts, "access_token": token})

    def _proven(self, form: dict[str, str], audience: str) -> bool:
        if form.get("client_id") != self.app_id or form.get("grant_type") != "client_credentials":
            return False
        assertion = form.get("client_assertion")
        if assertion is None:
            return form.get("client_secret") == self.password
        if assertion == self.federated_token:
            return True
        return self.assertion_key is not None and self._signed(assertion, audience)

    def _signed(self, assertion: str, audience: str) -> bool:
        assert self.assertion_key is not None
        try:
            claims = jwt.decode(
                assertion, self.assertion_key, algorithms=["PS256"], audience=audience, issuer=self.app_id
            )
        except jwt.PyJWTError:
            return False
        return claims.get("sub") == self.app_id and "x5t#S256" in jwt.get_unverified_header(assertion)


def unsigned(claims: dict[str, Any], kid: str = "key-0") -> str:
    """A token of algorithm "none": a header, claims, and no signature."""
    return jwt.encode(claims, key="", algorithm="none", headers={"kid": kid})


def signed_with_public_key(claims: dict[str, Any], kid: str = "key-0") -> str:
    """The classic forgery: HS256, with the published key as the shared secret. Libraries refuse to make one."""
    public = key_pair(0).public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "HS256", "kid": kid}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(secret, signed, "sha256")).rstrip(b"=")
    return b".".join((signed, signature)).decode()


def tampered(token: str) -> str:
    """The token with other claims under the old signature."""
    head, body, signature = token.split(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).replace(b'"aud"', b'"bud"', 1)
    return ".".join((head, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), signature))
