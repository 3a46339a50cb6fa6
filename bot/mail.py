"""The second channel: a thin sender of e-mails. Nobody else knows the library.

TLS is not optional beyond this machine: a server that offers none is not spoken to. What the server writes in its
refusals is never kept (it may quote an address): its codes are.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from ssl import SSLContext
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from bot.settings import LOOPBACK, SettingsError

STEP_SECONDS = 10.0
"""For each of the server's answers."""
SEND_SECONDS = 30.0
QUIT_SECONDS = 2.0
PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,250}")
_DOMAIN = re.compile(r".*@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
_OURS = frozenset({530, 534, 535, 538})
"""Answers that are about our sign-in or TLS, whatever step they come at."""


@dataclass(frozen=True, slots=True)
class MailOptions:
    """`start_tls`: True where TLS is wanted before anything is said, None where it is taken if offered, False never."""

    host: str
    port: int
    sender: Address
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False
    start_tls: bool | None = True
    tls: SSLContext | None = None
    """In the place of the machine's own trust."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`number` and `put_at` are the outbox row's: the Message-ID is made of them, so that a letter sent again is
    recognised as the same, and one of another database is not."""

    number: int
    put_at: datetime
    to: str
    subject: str
    text: str


class MailError(Exception):
    """A letter did not verifiably leave. The text is a code, never what the server wrote."""


class MailLater(MailError):
    """Not accepted, and worth another try."""


class MailUnknown(MailError):
    """The connection was lost after the letter had begun to leave: it may have been accepted."""


class MailRefused(MailError):
    """The server refuses this address for good."""


def mail_options(smtp_url: str | None, mail_from: str) -> MailOptions | None:
    """None where no second channel is set. Raises SettingsError, which repeats neither (the address holds a secret)."""
    if not smtp_url:
        if mail_from:
            raise SettingsError(
                "AUDIT_BOT_MAIL_FROM is set without AUDIT_BOT_SMTP_URL: set both, or neither."
            )
        return None
    if not mail_from:
        raise SettingsError(
            "AUDIT_BOT_SMTP_URL is set without AUDIT_BOT_MAIL_FROM: set who the e-mails come from."
        )
    wrong = SettingsError(
        "AUDIT_BOT_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465."
    )
    try:
        parts = urlsplit(smtp_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise wrong
    implicit = parts.scheme == "smtps"
    return MailOptions(
        host=host,
        port=port or PORTS[parts.scheme],
        sender=_sender(mail_from),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=implicit,
        start_tls=False if implicit else _start_tls(parts.query, host),
    )


def _start_tls(query: str, host: str) -> bool | None:
    loopback = host in LOOPBACK
    asked = parse_qsl(query, keep_blank_values=True)
    if asked and asked != [("starttls", "never")]:
        raise SettingsError("AUDIT_BOT_SMTP_URL knows no parameter but ?starttls=never.")
    if asked and not loopback:
        raise SettingsError(
            "AUDIT_BOT_SMTP_URL: ?starttls=never is for a server on this machine only; e-mails leave it encrypted."
        )
    if asked:
        return False
    return None if loopback else True


def _sender(mail_from: str) -> Address:
    """`audit@council.example`, or `Audits <audit@council.example>`."""
    named = re.fullmatch(r"\s*([^<>\x00-\x1f]*?)\s*<([^<>]+)>\s*", mail_from)
    name, address = named.groups() if named else ("", mail_from.strip())
    if not _ADDRESS.fullmatch(address) or not address.isascii() or not _DOMAIN.fullmatch(address):
        raise SettingsError("AUDIT_BOT_MAIL_FROM must be one e-mail address, such as audits@council.example.")
    user, _, domain = address.rpartition("@")
    return Address(name.strip('" '), user, domain)


class Mailer:
    """One connection for each letter: there are few, and a kept one would be dead when it matters."""

    def __init__(self, options: MailOptions) -> None:
        self._options = options

    async def send(self, letter: Letter, now: datetime) -> str:
        """The Message-ID of what the server took. Raises MailError."""
        if not _ADDRESS.fullmatch(letter.to):
            raise MailRefused("address_not_usable")
        message = self.message(letter, now)
        client = self._client()
        connected = False
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await client.connect()
                connected = True
                await client.send_message(
                    message, sender=self._options.sender.addr_spec, recipients=[letter.to]
                )
            await self._leave(client)
        except Exception as error:
            raise _told(error, connected=connected) from None
        finally:
            client.close()
        return str(message["Message-ID"])

    async def probe(self) -> None:
        """Connects, agrees on TLS and signs in, and sends nothing. Raises MailError."""
        client = self._client()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await client.connect()
                await client.noop()
            await self._leave(client)
        except Exception as error:
            raise _told(error, connected=False) from None
        finally:
            client.close()

    def message(self, letter: Letter, now: datetime) -> EmailMessage:
        """Plain text. A header can hold no line's end: the library refuses it, and what comes here has none."""
        sender = self._options.sender
        message = EmailMessage()
        message["From"] = str(sender)
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<outbox-{letter.number}-{letter.put_at:%Y%m%d%H%M%S%f}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Priority"] = "1"
        message["Importance"] = "high"
        message.set_content(letter.text, cte="quoted-printable")
        return message

    def _client(self) -> aiosmtplib.SMTP:
        options = self._options
        return aiosmtplib.SMTP(
            hostname=options.host,
            port=options.port,
            username=options.username,
            password=options.password,
            local_hostname=options.sender.domain,
            timeout=STEP_SECONDS,
            use_tls=options.implicit_tls,
            start_tls=options.start_tls,
            tls_context=options.tls,
        )

    async def _leave(self, client: aiosmtplib.SMTP) -> None:
        """It was taken: how the goodbye goes changes nothing."""
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await client.quit(timeout=QUIT_SECONDS)


def _told(error: Exception, *, connected: bool) -> MailError:
    """What the server's answer, or its silence, means for the letter."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _refused(error.recipients[0].code, error.recipients[0].message)
        case aiosmtplib.SMTPNotSupported() if connected:
            return MailRefused("address_not_supported")
        case aiosmtplib.SMTPResponseException():
            return MailLater(_code(error.code, error.message))
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return MailUnknown("time_out") if connected else MailLater("no_connection_in_time")
        case aiosmtplib.SMTPServerDisconnected() | ConnectionError():
            return MailUnknown("connection_lost") if connected else MailLater("no_connection")
        case aiosmtplib.SMTPException():
            return MailLater("no_tls_offered_or_no_sign_in")
        case ValueError() if not isinstance(error, OSError):
            return MailRefused("address_not_usable")
        case _:
            return MailLater(f"no_connection ({type(error).__name__})")


def _refused(code: int, text: str) -> MailError:
    """5xx is about the address, for good; but 5.7 is about what we may send, and may be put right."""
    said = _code(code, text)
    ours = code in _OURS or " 5.7." in f" {said}"
    return MailRefused(said) if 500 <= code < 600 and not ours else MailLater(said)


def _code(code: int, text: str) -> str:
    enhanced = _ENHANCED.match(text)
    return f"smtp {code} {enhanced.group(1)}" if enhanced else f"smtp {code}"
