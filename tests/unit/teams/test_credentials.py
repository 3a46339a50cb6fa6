"""The bot's own token: three ways to prove who it is, one request, renewed in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from bot.teams.credentials import (
    RENEW_BEFORE,
    CertificateProof,
    Credential,
    FederatedProof,
    Proof,
    SecretProof,
    token_address,
)
from bot.teams.line import TeamsOptions, proof_of
from bot.turns import TryAgain
from tests.doubles.login import APP_PASSWORD, TENANT_ID, LoginDouble, key_pair


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def now() -> list[float]:
    return [1_000.0]


def a_credential(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float], proof: Proof | None = None
) -> Credential:
    return Credential(
        app_id=login.app_id,
        token_url=token_address(login.login_url, TENANT_ID),
        proof=proof or SecretProof(APP_PASSWORD),
        session=session,
        clock=lambda: now[0],
    )


def a_certificate(path: Path) -> Path:
    """A self-signed certificate and its key, in one PEM file."""
    key = key_pair(3)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "audit bot")])
    begin = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


async def test_a_password_gives_a_token(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float]
) -> None:
    token = await a_credential(login, session, now).token()
    assert login.issued(token)
    assert login.token_requests[0]["scope"] == "https://api.botframework.com/.default"


async def test_a_certificate_gives_a_token(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float], tmp_path: Path
) -> None:
    login.assertion_key = key_pair(3).public_key()
    proof = CertificateProof(a_certificate(tmp_path / "bot.pem"))
    assert login.issued(await a_credential(login, session, now, proof).token())
    assert "client_secret" not in login.token_requests[0]


async def test_a_federated_token_gives_a_token(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float], tmp_path: Path
) -> None:
    # given a token file that the platform writes anew from time to time
    path = tmp_path / "token"
    credential = a_credential(login, session, now, FederatedProof(path))
    for fresh in ("first-token", "second-token"):
        login.federated_token = fresh
        path.write_text(f"{fresh}\n")
        token = await credential.token()
        assert login.issued(token)
        credential.forget(token)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
async def test_a_certificate_that_cannot_be_read_is_said_and_waited_for(
    login: LoginDouble,
    session: aiohttp.ClientSession,
    now: list[float],
    tmp_path: Path,
    content: bytes | None,
) -> None:
    path = tmp_path / "bot.pem"
    if content is not None:
        path.write_bytes(content)
    with capture_logs() as logged, pytest.raises(TryAgain):
        await a_credential(login, session, now, CertificateProof(path)).token()
    assert [entry["event"] for entry in logged] == ["connector_token_unavailable"]


async def test_a_wrong_password_is_said_without_the_password(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float]
) -> None:
    credential = a_credential(login, session, now, SecretProof("a-wrong-password"))
    with capture_logs() as logged, pytest.raises(TryAgain) as caught:
        await credential.token()
    assert logged[0]["reason"] == "token endpoint answered 401"
    assert "a-wrong-password" not in f"{logged} {caught.value!r} {SecretProof('a-wrong-password')!r}"
    # and it is not tried again at once
    with pytest.raises(TryAgain):
        await credential.token()
    assert len(login.token_requests) == 1


async def test_many_at_once_make_one_request(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float]
) -> None:
    credential = a_credential(login, session, now)
    tokens = await asyncio.gather(*(credential.token() for _ in range(20)))
    assert (len(set(tokens)), len(login.token_requests)) == (1, 1)


async def test_a_token_is_renewed_before_it_ends_and_nobody_waits(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float]
) -> None:
    credential = a_credential(login, session, now)
    old = await credential.token()
    # given a token that has less than five minutes left
    now[0] += login.lasts - RENEW_BEFORE + 1
    # when it is asked for, the old one is given, and a new one is fetched beside
    assert await credential.token() == old
    for _ in range(500):
        if await credential.token() != old:
            break
        await asyncio.sleep(0.01)
    assert await credential.token() != old
    assert len(login.token_requests) == 2
    await credential.aclose()


async def test_the_old_token_serves_while_the_endpoint_is_down(
    login: LoginDouble, session: aiohttp.ClientSession, now: list[float]
) -> None:
    credential = a_credential(login, session, now)
    old = await credential.token()
    login.down = True
    now[0] += login.lasts - 1
    assert await credential.token() == old
    await credential.aclose()
    # when it has ended, there is none
    now[0] += 2
    with pytest.raises(TryAgain) as caught:
        await credential.token()
    assert caught.value.retry_after is not None
    # when the endpoint is back
    login.down = False
    now[0] += 60
    assert login.issued(await credential.token())


def test_the_address_of_the_token_endpoint() -> None:
    assert token_address("https://login.example/", "t") == "https://login.example/t/oauth2/v2.0/token"
    assert token_address("https://login.example/x/token", "t") == "https://login.example/x/token"


def test_one_credential_is_enough() -> None:
    assert proof_of(None, None, None) is None
    assert proof_of("secret", None, None) == SecretProof("secret")
    assert proof_of(None, Path("a.pem"), None) == CertificateProof(Path("a.pem"))
    assert proof_of("", None, Path("token")) == FederatedProof(Path("token"))
    with pytest.raises(ValueError, match="one of"):
        proof_of("secret", Path("a.pem"), None)


@pytest.mark.parametrize(
    "options",
    [
        {"app_id": "x"},
        {"app_id": "x", "tenant_id": "t"},
        {"app_id": "x", "proof": SecretProof("s")},
        {"app_id": None, "service_url_hosts": ("127.0.0.1", "smba.trafficmanager.net")},
    ],
)
def test_half_a_setting_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="app id"):
        TeamsOptions(**options)  # pyright: ignore[reportArgumentType]
