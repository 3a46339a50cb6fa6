"""The operations of the sending side, against a connector that keeps what it was told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.teams.messages import CARD_BUDGET, LARGEST_MESSAGE, activities, encode
from bot.teams.outcomes import error_for_exception, error_for_status, pause_before_retry, retry_after
from bot.teams.roster import KEEP_SECONDS, KEEP_UNKNOWN_SECONDS, Roster
from bot.turns import (
    Conversation,
    ConversationKind,
    Member,
    OddAnswer,
    OutcomeUnknown,
    Outgoing,
    Refused,
    TryAgain,
    Unreachable,
)
from domain.lanes import Lane
from tests.doubles.activities import AMELIA, CHANNEL, roster_entry
from tests.doubles.bot import BotDouble
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import TENANT_ID

CARD: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@pytest.fixture
def chat(bot: BotDouble) -> Conversation:
    return Conversation("a:chat/with?odd#id%", ConversationKind.PERSONAL, bot.service_url, TENANT_ID)


async def test_send_update_delete(bot: BotDouble, connector: ConnectorDouble, chat: Conversation) -> None:
    # given a card that was sent, under an id with characters that mean something in an address
    sent = await bot.line.teams.send(chat, Outgoing(card=CARD), Lane.DECISION)
    assert [(message.id, message.card) for message in connector.messages[chat.id]] == [(sent, CARD)]
    # when it is replaced, it is the same message
    newer = {**CARD, "body": [{"type": "TextBlock", "text": "Decided"}]}
    await bot.line.teams.update(chat, sent, Outgoing(card=newer), Lane.DECISION)
    assert [(m.id, m.card, m.versions) for m in connector.messages[chat.id]] == [(sent, newer, 2)]
    # when it is taken back, it is gone, and cannot be replaced any more
    await bot.line.teams.delete(chat, sent, Lane.DECISION)
    assert connector.messages[chat.id] == []
    with pytest.raises(Unreachable):
        await bot.line.teams.update(chat, sent, Outgoing(card=newer), Lane.DECISION)


async def test_a_personal_chat_is_opened_by_directory_id(bot: BotDouble, connector: ConnectorDouble) -> None:
    first = await bot.line.teams.open_personal(bot.service_url, TENANT_ID, AMELIA, Lane.NUDGE)
    again = await bot.line.teams.open_personal(bot.service_url, TENANT_ID, AMELIA, Lane.NUDGE)
    assert first == again
    assert (first.kind, first.tenant_id) == (ConversationKind.PERSONAL, TENANT_ID)
    await bot.line.teams.send(first, Outgoing(text="hello"), Lane.NUDGE)
    assert connector.texts(first.id) == ["hello"]


async def test_a_roster_is_read_page_by_page(bot: BotDouble, connector: ConnectorDouble) -> None:
    # given a channel with more members than a page
    connector.page_size = 2
    connector.rosters[CHANNEL] = [
        {**roster_entry(f"id-{n}", f"p{n}@council.example"), "id": f"29:{n}"} for n in range(5)
    ]
    # when it is asked for from a thread of the channel
    thread = Conversation(f"{CHANNEL};messageid=17", ConversationKind.CHANNEL, bot.service_url, TENANT_ID)
    members = await bot.line.teams.members(thread)
    assert [(m.id, m.aad_object_id, m.email) for m in members] == [
        (f"29:{n}", f"id-{n}", f"p{n}@council.example") for n in range(5)
    ]


async def test_a_member_is_found_or_not(
    bot: BotDouble, connector: ConnectorDouble, chat: Conversation
) -> None:
    entry = roster_entry()
    del entry["aadObjectId"], entry["email"]  # some clouds send only the older names
    connector.rosters[chat.id] = [{**entry, "id": AMELIA}]
    member = await bot.line.teams.member(chat, AMELIA)
    mail = "amelia.adeyemi@council.example"
    assert member == Member(AMELIA, AMELIA, mail, "Amelia Adeyemi", mail, entry["tenantId"], "user")
    assert await bot.line.teams.member(chat, "nobody") is None


@pytest.mark.parametrize("bad", ["", ".", ".."])
async def test_an_id_cannot_climb_out_of_its_place(bot: BotDouble, chat: Conversation, bad: str) -> None:
    with pytest.raises(Refused):
        await bot.line.teams.delete(chat, bad, Lane.REPLY)


async def test_a_large_card_is_reported_and_sent(
    bot: BotDouble, connector: ConnectorDouble, chat: Conversation
) -> None:
    card = {**CARD, "body": [{"type": "TextBlock", "text": "x" * CARD_BUDGET}]}
    with capture_logs() as logged:
        await bot.line.teams.send(chat, Outgoing(card=card), Lane.REPLY)
    assert [entry["event"] for entry in logged] == ["message_over_budget"]
    assert "xxx" not in str(logged)
    assert len(connector.sent) == 1


def test_what_is_too_large_or_no_json_is_refused() -> None:
    counted: list[tuple[str, str]] = []
    with pytest.raises(Refused):
        encode({"text": "é" * (LARGEST_MESSAGE // 2)}, lambda event, label: counted.append((event, label)))
    assert counted == [("message_too_large", "refused")]
    for wrong in ("half \ud83d", object()):
        with pytest.raises(Refused):
            encode({"text": wrong})
    with pytest.raises(Refused):
        activities(Outgoing())


async def test_the_roster_is_remembered_for_a_while(
    bot: BotDouble, connector: ConnectorDouble, chat: Conversation
) -> None:
    now = [0.0]
    roster = Roster(bot.line.teams, clock=lambda: now[0])
    connector.rosters[chat.id] = [roster_entry(email="Amelia.Adeyemi@Council.example")]
    # given somebody known and somebody unknown, each asked for twice
    for _ in range(2):
        assert await roster.email(chat, AMELIA) == "amelia.adeyemi@council.example"
        assert await roster.email(chat, "nobody") is None
    assert len(connector.arrivals) == 2
    # when a minute is over, the unknown is asked for again; after an hour the known too
    now[0] = KEEP_UNKNOWN_SECONDS
    await roster.email(chat, "nobody")
    await roster.email(chat, AMELIA)
    assert len(connector.arrivals) == 3
    now[0] = KEEP_SECONDS
    await roster.email(chat, AMELIA)
    assert len(connector.arrivals) == 4


async def test_an_error_of_the_roster_is_not_remembered(
    bot: BotDouble, connector: ConnectorDouble, chat: Conversation
) -> None:
    roster = Roster(bot.line.teams)
    connector.rosters[chat.id] = [roster_entry()]
    connector.fail(503)
    with pytest.raises(TryAgain):
        await roster.member(chat, AMELIA)
    assert await roster.member(chat, AMELIA) is not None


NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("nan", None),
        ("inf", 3_600),
        ("soon", None),
        ("99999999999", 3_600),
        ((NOW + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 90),
        ((NOW - timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 0),
        ("Mon, 99 Foo 2027 09:00:00 GMT", None),
    ],
)
def test_retry_after_headers(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, lambda: NOW) == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, TryAgain) for status in (412, 429, 502, 503, 504)),
        *((status, Unreachable) for status in (403, 404)),
        *((status, Refused) for status in (301, 400, 405, 413, 415)),
        *((status, OddAnswer) for status in (408, 409, 425, 500, 501, 505)),
    ],
)
def test_every_status_has_its_error(status: int, kind: type[Exception]) -> None:
    assert type(error_for_status(status, None)) is kind


@pytest.mark.parametrize(
    ("error", "posted", "repeatable"),
    [
        (aiohttp.ConnectionTimeoutError(), TryAgain, TryAgain),
        (aiohttp.SocketTimeoutError(), OutcomeUnknown, TryAgain),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown, TryAgain),
        (aiohttp.ClientOSError(104, "reset"), OutcomeUnknown, TryAgain),
        (aiohttp.ClientPayloadError(), OutcomeUnknown, TryAgain),
        (TimeoutError(), OutcomeUnknown, TryAgain),
    ],
)
def test_every_failure_has_its_error(
    error: Exception, posted: type[Exception], repeatable: type[Exception]
) -> None:
    assert type(error_for_exception(error, repeatable=False)) is posted
    assert type(error_for_exception(error, repeatable=True)) is repeatable


def test_pauses_grow_differ_and_honour_what_was_asked() -> None:
    assert all(0.25 <= pause_before_retry(1, None) <= 0.5 for _ in range(50))
    assert all(15 <= pause_before_retry(60, None) <= 30 for _ in range(50))
    assert len({pause_before_retry(5, None) for _ in range(50)}) > 40
    assert all(pause_before_retry(1, 12.0) >= 12.0 for _ in range(50))
