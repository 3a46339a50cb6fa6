"""The sender of e-mails, against a real server: what leaves, and what each answer means for the letter."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import mail
from bot.mail import Letter, Mailer, MailLater, MailOptions, MailRefused, MailUnknown, mail_options
from bot.settings import SettingsError
from tests.doubles.smtp import PASSWORD, USER, Certificate, MailServer, a_certificate, a_mail_server

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
SENDER = "Audits <audits@council.example>"
LETTER = Letter(
    17, NOW, "dana@council.example", "Category 1 alert C-7: acknowledge in Teams now", "Open Teams.\n"
)
ID = "<outbox-17-20261120140500000000@council.example>"


def options(port: int, url: str = "smtp://127.0.0.1:{port}") -> MailOptions:
    found = mail_options(url.format(port=port), SENDER)
    assert found is not None
    return found


def a_mailer(server: MailServer) -> Mailer:
    return Mailer(options(server.port))


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with a_mail_server() as double:
        yield double


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return a_certificate(tmp_path_factory.mktemp("certificate"))


async def test_a_letter_arrives_as_it_was_meant(server: MailServer) -> None:
    assert await a_mailer(server).send(LETTER, NOW) == ID

    [message] = server.messages
    assert server.to == ["dana@council.example"]
    assert server.greeted == ["council.example"], "the machine's own name is nobody's business"
    assert {
        name: str(message[name]) for name in message if name not in ("MIME-Version", "X-Peer", "X-MailFrom")
    } == {
        "From": SENDER,
        "To": "dana@council.example",
        "Subject": "Category 1 alert C-7: acknowledge in Teams now",
        "Date": "Fri, 20 Nov 2026 14:05:00 +0000",
        "Message-ID": ID,
        "Auto-Submitted": "auto-generated",
        "X-Priority": "1",
        "Importance": "high",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert message.get_content() == "Open Teams.\r\n"


async def test_no_server_at_all_is_worth_another_try(unused_tcp_port: int) -> None:
    with pytest.raises(MailLater, match="no_connection"):
        await Mailer(options(unused_tcp_port)).send(LETTER, NOW)


@pytest.mark.parametrize(
    ("answer", "means", "reason"),
    [
        ("550 5.1.1 <dana@council.example> is not known", MailRefused, "smtp 550 5.1.1"),
        ("551 User not local", MailRefused, "smtp 551"),
        ("450 4.2.1 Try later", MailLater, "smtp 450 4.2.1"),
        ("554 5.7.1 dana@council.example: Relay access denied", MailLater, "smtp 554 5.7.1"),
        ("530 5.7.0 Sign in first", MailLater, "smtp 530 5.7.0"),
    ],
)
async def test_an_address_that_is_refused(
    server: MailServer, answer: str, means: type[mail.MailError], reason: str
) -> None:
    server.rcpt["dana@council.example"] = answer
    with pytest.raises(means) as caught:
        await a_mailer(server).send(LETTER, NOW)
    assert str(caught.value) == reason, "the server's own words name somebody"
    assert server.messages == []
    # and another's letter is not held up by it
    await a_mailer(server).send(replace(LETTER, number=18, to="ruth@council.example"), NOW)
    assert server.to == ["ruth@council.example"]


@pytest.mark.parametrize("step", ["mail", "data"])
@pytest.mark.parametrize("code", ["452 4.3.1", "554 5.6.0"])
async def test_what_is_not_about_the_address_is_worth_another_try(
    server: MailServer, step: str, code: str
) -> None:
    setattr(server, step, f"{code} Not now")
    with pytest.raises(MailLater) as caught:
        await a_mailer(server).send(LETTER, NOW)
    assert str(caught.value) == f"smtp {code}"


@pytest.mark.parametrize("taken", ["before", "after"])
async def test_a_connection_lost_in_mid_session_leaves_the_outcome_unknown(
    server: MailServer, taken: str
) -> None:
    server.hang_up = taken
    with pytest.raises(MailUnknown, match="connection_lost"):
        await a_mailer(server).send(LETTER, NOW)
    # when it is sent again, it is recognised as the same
    await a_mailer(server).send(LETTER, NOW)
    assert server.ids == ([ID, ID] if taken == "after" else [ID])


async def test_a_server_that_falls_silent_is_not_waited_for(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "STEP_SECONDS", 0.2)
    server.held.clear()
    with pytest.raises(MailUnknown, match="time_out"):
        await a_mailer(server).send(LETTER, NOW)
    assert server.ids == [ID]


async def test_a_server_that_never_greets_is_not_waited_for(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "STEP_SECONDS", 0.2)
    left = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        left.set()

    server = await asyncio.start_server(silence, "127.0.0.1", unused_tcp_port)
    async with server:
        with pytest.raises(MailLater, match="no_connection_in_time"):
            await Mailer(options(unused_tcp_port)).send(LETTER, NOW)
        await left.wait()


async def test_it_signs_in_over_starttls(certificate: Certificate) -> None:
    async with a_mail_server(certificate=certificate, sign_in=True) as server:
        url = f"smtp://{USER}:pass%2Fword%401@127.0.0.1:{{port}}"
        found = replace(options(server.port, url), tls=certificate.trusted)
        assert (found.username, found.password) == (USER, PASSWORD)

        await Mailer(found).send(LETTER, NOW)

        assert server.encrypted == [True]


async def test_a_wrong_password_may_be_put_right(certificate: Certificate) -> None:
    async with a_mail_server(certificate=certificate, sign_in=True) as server:
        found = replace(
            options(server.port, f"smtp://{USER}:wrong@127.0.0.1:{{port}}"), tls=certificate.trusted
        )
        with pytest.raises(MailLater, match=r"smtp 535"):
            await Mailer(found).send(LETTER, NOW)


async def test_it_speaks_tls_from_the_first_byte(certificate: Certificate) -> None:
    async with a_mail_server(certificate=certificate, implicit=True) as server:
        found = options(server.port, "smtps://127.0.0.1:{port}")
        await Mailer(replace(found, tls=certificate.trusted)).send(LETTER, NOW)
        assert server.ids == [ID]
        with pytest.raises(MailLater, match="no_connection"):
            await Mailer(found).send(LETTER, NOW)  # a certificate that this machine does not trust


async def test_a_certificate_that_is_not_trusted_gets_no_letter(certificate: Certificate) -> None:
    async with a_mail_server(certificate=certificate) as server:
        with pytest.raises(MailLater, match="no_connection"):
            await Mailer(options(server.port)).send(LETTER, NOW)
        assert server.messages == []
        # on this machine alone TLS can be left out
        await Mailer(options(server.port, "smtp://127.0.0.1:{port}?starttls=never")).send(LETTER, NOW)
        assert server.encrypted == [False]


async def test_a_server_elsewhere_that_offers_no_tls_is_not_spoken_to(server: MailServer) -> None:
    elsewhere = options(server.port, "smtp://mail.council.example:{port}")
    assert elsewhere.start_tls is True
    with pytest.raises(MailLater, match="no_tls"):
        await Mailer(replace(elsewhere, host="127.0.0.1")).send(LETTER, NOW)
    assert server.messages == []


@pytest.mark.parametrize(
    "address", ["", "dana", "dana@x\r\nBcc: all@council.example", "a@b, c@d", "<a@b>", "a b@c", "a@b\x00"]
)
async def test_an_address_that_is_none_never_leaves(server: MailServer, address: str) -> None:
    with pytest.raises(MailRefused, match="address_not_usable"):
        await a_mailer(server).send(replace(LETTER, to=address), NOW)
    assert server.greeted == []


async def test_no_line_gets_into_a_header(server: MailServer) -> None:
    with pytest.raises(ValueError, match=r"[Hh]eader"):
        await a_mailer(server).send(replace(LETTER, subject="C-7\r\nBcc: all@council.example"), NOW)
    assert server.greeted == []


async def test_what_looks_like_the_end_of_a_letter_is_part_of_it(server: MailServer) -> None:
    text = "One.\n.\nMAIL FROM:<x@y>\n\nTwo: £5, “quoted”.\n"
    await a_mailer(server).send(replace(LETTER, text=text), NOW)
    [message] = server.messages
    assert message.get_content().replace("\r\n", "\n") == text


async def test_the_way_can_be_tried_without_a_letter(server: MailServer, unused_tcp_port: int) -> None:
    await a_mailer(server).probe()
    assert (len(server.greeted), server.messages) == (1, [])
    with pytest.raises(MailLater, match="no_connection"):
        await Mailer(options(unused_tcp_port)).probe()


def test_a_second_channel_that_is_not_set_is_none() -> None:
    assert mail_options(None, "") is None


@pytest.mark.parametrize(
    ("url", "sender", "says"),
    [
        ("smtp://u:secret@mail.test", "", "AUDIT_BOT_SMTP_URL is set without AUDIT_BOT_MAIL_FROM"),
        (None, "a@b.example", "AUDIT_BOT_MAIL_FROM is set without AUDIT_BOT_SMTP_URL"),
        ("http://u:secret@mail.test", "a@b.example", "must look like smtp://"),
        ("smtp://u:secret@:25", "a@b.example", "must look like smtp://"),
        ("smtp://u:secret@mail.test:port", "a@b.example", "must look like smtp://"),
        ("smtp://u:secret@mail.test/inbox", "a@b.example", "must look like smtp://"),
        ("smtp://u:secret@mail.test?starttls=never", "a@b.example", "on this machine only"),
        ("smtp://u:secret@127.0.0.1?tls=no", "a@b.example", "no parameter but"),
        ("smtp://u:secret@mail.test", "nobody", "must be one e-mail address"),
        ("smtp://u:secret@mail.test", "a@b.example, c@d.example", "must be one e-mail address"),
        ("smtp://u:secret@mail.test", "Audits\r\nBcc: x <a@b.example>", "must be one e-mail address"),
        ("smtp://u:secret@mail.test", "a@-b_.example", "must be one e-mail address"),
    ],
)
def test_settings_that_cannot_work_are_refused_without_repeating_them(
    url: str | None, sender: str, says: str
) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)) as caught:
        mail_options(url, sender)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.test", ("mail.test", 587, False, True)),
        ("smtp://mail.test:25", ("mail.test", 25, False, True)),
        ("smtps://mail.test", ("mail.test", 465, True, False)),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, False, None)),
        ("smtp://[::1]:25", ("::1", 25, False, None)),
        ("smtp://localhost:25?starttls=never", ("localhost", 25, False, False)),
    ],
)
def test_how_a_server_is_spoken_to(url: str, wanted: tuple[str, int, bool, bool | None]) -> None:
    found = mail_options(url, "a@b.example")
    assert found is not None
    assert (found.host, found.port, found.implicit_tls, found.start_tls) == wanted


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(mail_options("smtp://u:secret@mail.test", "a@b.example"))
