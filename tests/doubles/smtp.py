"""A real mail server on a free port of this machine, which a test can make refuse, fall silent or hang up."""
# ruff: noqa: N802 - the library asks for handlers by the names of the commands

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "audits", "pass/word@1"


@dataclass
class MailServer:
    """`messages` holds what was taken, each with its envelope's recipient in `to`. What it answers can be set: `rcpt`
    by address, `mail` and `data` for everybody; `hang_up` breaks the next connection after the letter was taken
    ("after") or before ("before"); while `held` is not set, it takes a letter and does not say so."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list[EmailMessage])
    to: list[str] = field(default_factory=list[str])
    rcpt: dict[str, str] = field(default_factory=dict[str, str])
    mail: str = ""
    data: str = ""
    hang_up: str = ""
    held: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    encrypted: list[bool] = field(default_factory=list[bool])
    greeted: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.held.set()

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted.append(hostname)
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        broken, self.hang_up = self.hang_up, ""
        if broken == "before":
            return self._abort(server)
        if self.data:
            return self.data
        content = cast("bytes", envelope.content)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.to += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        self.arrived.set()
        if broken == "after":
            return self._abort(server)
        await self.held.wait()
        return "250 Taken"

    def _abort(self, server: SMTP) -> str:
        cast("asyncio.Transport", server.transport).abort()
        return "421 Gone"


def _may_enter(server: SMTP, session: Session, envelope: Envelope, how: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(
        success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False
    )


@dataclass(frozen=True)
class Certificate:
    """For 127.0.0.1 and localhost, signed by itself."""

    server: ssl.SSLContext
    trusted: ssl.SSLContext


def a_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, plain))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(chain, private)
    return Certificate(server, ssl.create_default_context(cafile=str(chain)))


@asynccontextmanager
async def a_mail_server(
    *, certificate: Certificate | None = None, implicit: bool = False, sign_in: bool = False, port: int = 0
) -> AsyncGenerator[MailServer]:
    """With a certificate it offers STARTTLS, or speaks TLS from the first byte where `implicit`."""
    double = MailServer()
    loop = asyncio.get_running_loop()
    offered = certificate.server if certificate and not implicit else None

    def session() -> SMTP:
        return SMTP(
            double,
            hostname="mail.test",
            loop=loop,
            tls_context=offered,
            authenticator=_may_enter if sign_in else None,
            auth_required=sign_in,
            auth_require_tls=sign_in,
        )

    listens = certificate.server if certificate and implicit else None
    server = await loop.create_server(session, "127.0.0.1", port, ssl=listens)
    double.port = server.sockets[0].getsockname()[1]
    try:
        yield double
    finally:
        double.held.set()
        server.close()
        await server.wait_closed()
