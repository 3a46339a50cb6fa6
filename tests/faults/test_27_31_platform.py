"""Cases 27 to 32: the platform is busy, broken, or has lost the person. What each means for the message."""

import asyncio

import pytest

from bot.turns import Conversation, ConversationKind, OutcomeUnknown, Outgoing, Refused, TryAgain, Unreachable
from domain.lanes import Lane
from tests.doubles.activities import AMELIA
from tests.doubles.bot import BotDouble, a_bot
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import TENANT_ID, LoginDouble

NUDGE = Outgoing(text="Your audit is due on Sunday.")


def chat(bot: BotDouble, name: str = "a:chat") -> Conversation:
    return Conversation(name, ConversationKind.PERSONAL, bot.service_url, TENANT_ID)


@pytest.mark.fault(27)
@pytest.mark.fault(29)
@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
@pytest.mark.parametrize("retry_after", [None, "3", "0"])
async def test_a_busy_platform_is_worth_another_try(
    bot: BotDouble, connector: ConnectorDouble, status: int, retry_after: str | None
) -> None:
    # given one attempt and no patience: the caller's queue repeats, and is told when
    connector.fail(status, retry_after=retry_after)
    with pytest.raises(TryAgain) as caught:
        await bot.line.teams.send(chat(bot), NUDGE, Lane.REPLY)
    assert caught.value.retry_after == (None if retry_after is None else float(retry_after))
    assert connector.sent == []
    # given patience: it is repeated here, and arrives once
    connector.fail(status, times=2, retry_after="0")
    await bot.line.teams.send(chat(bot), NUDGE, Lane.REPLY, patience=30)
    assert connector.texts("a:chat") == [NUDGE.text]


@pytest.mark.fault(27)
async def test_a_retry_after_that_is_a_date(bot: BotDouble, connector: ConnectorDouble) -> None:
    connector.fail(503, retry_after="Fri, 01 Jan 2100 00:00:00 GMT")
    with pytest.raises(TryAgain) as caught:
        await bot.line.teams.send(chat(bot), NUDGE, Lane.REPLY, patience=5)
    assert caught.value.retry_after == 3_600, "an hour at most, then it is asked again"


@pytest.mark.fault(27)
@pytest.mark.parametrize("lane", [Lane.NUDGE, Lane.DECISION])
async def test_a_busy_platform_holds_one_lane_and_harms_no_other(
    bot: BotDouble, connector: ConnectorDouble, lane: Lane
) -> None:
    teams = bot.line.teams
    # given a lane whose message was answered "too many requests, come back in two seconds"
    connector.fail(429, retry_after="2", conversation="a:first")
    first = asyncio.create_task(teams.send(chat(bot, "a:first"), NUDGE, lane, patience=30))
    while not connector.arrivals:  # noqa: ASYNC110 - until the platform has seen it
        await asyncio.sleep(0.01)
    await asyncio.sleep(0)
    second = asyncio.create_task(teams.send(chat(bot, "a:second"), NUDGE, lane, patience=30))
    # when an alert and a reply come
    await teams.send(chat(bot, "a:director"), Outgoing(text="alert"), Lane.ALERT)
    await teams.send(chat(bot, "a:talker"), Outgoing(text="reply"), Lane.REPLY)
    # then they are through while the lane still waits, and the lane loses nothing
    assert {message.text for message in connector.sent} == {"alert", "reply"}
    await asyncio.gather(first, second)
    assert connector.texts("a:first") == connector.texts("a:second") == [NUDGE.text]
    assert connector.violations == []


@pytest.mark.fault(28)
async def test_a_burst_to_one_conversation_stays_within_the_limits(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    # given ten replies at once to one chat, where the platform takes seven a second
    told = [bot.line.teams.send(chat(bot), Outgoing(text=str(n)), Lane.REPLY) for n in range(10)]
    await asyncio.gather(*told)
    # then all arrived, in their order, and the platform never had to refuse one
    assert connector.texts("a:chat") == [str(n) for n in range(10)]
    assert connector.violations == []


@pytest.mark.fault(28)
async def test_the_double_is_as_strict_as_the_platform(bot: BotDouble, connector: ConnectorDouble) -> None:
    # the test above proves nothing if the double were not strict: so knock without a throttle
    token = await token_of(bot)
    statuses: list[int] = []
    retry_after: str | None = None
    for _ in range(8):
        async with bot.client.post(
            f"{connector.url}/v3/conversations/x/activities",
            json={"type": "message", "text": "x"},
            headers={"Authorization": f"Bearer {token}"},
        ) as response:
            statuses.append(response.status)
            retry_after = response.headers.get("Retry-After")
    assert statuses == [201] * 7 + [429]
    assert retry_after is not None
    assert len(connector.violations) == 1


async def token_of(bot: BotDouble) -> str:
    """A good bot token, asked for at the login double as the bot asks."""
    login = bot.login
    form = {"grant_type": "client_credentials", "client_id": login.app_id, "client_secret": login.password}
    async with bot.client.post(f"{login.url}/{TENANT_ID}/oauth2/v2.0/token", data=form) as response:
        return str((await response.json())["access_token"])


@pytest.mark.fault(30)
@pytest.mark.parametrize("taken", [False, True])
async def test_a_reset_after_the_send_leaves_the_outcome_unknown(
    bot: BotDouble, connector: ConnectorDouble, *, taken: bool
) -> None:
    connector.reset(taken=taken)
    with pytest.raises(OutcomeUnknown):
        await bot.line.teams.send(chat(bot), NUDGE, Lane.REPLY, patience=30)
    # it was not repeated here: whether it may be is the ledger's question
    assert len(connector.sent) == int(taken)
    assert len(connector.arrivals) == 1


@pytest.mark.fault(30)
@pytest.mark.parametrize("taken", [False, True])
async def test_an_update_is_simply_repeated(
    bot: BotDouble, connector: ConnectorDouble, *, taken: bool
) -> None:
    sent = await bot.line.teams.send(chat(bot), NUDGE, Lane.REPLY)
    connector.reset(taken=taken)
    await bot.line.teams.update(chat(bot), sent, Outgoing(text="changed"), Lane.REPLY, patience=30)
    assert connector.texts("a:chat") == ["changed"]


@pytest.mark.fault(30)
async def test_no_connection_at_all_is_worth_another_try(bot: BotDouble, unused_tcp_port: int) -> None:
    nowhere = Conversation("a", ConversationKind.PERSONAL, f"http://127.0.0.1:{unused_tcp_port}", TENANT_ID)
    with pytest.raises(TryAgain):
        await bot.line.teams.send(nowhere, NUDGE, Lane.REPLY)


@pytest.mark.fault(31)
@pytest.mark.parametrize("status", [403, 404])
async def test_who_is_gone_is_unreachable(bot: BotDouble, connector: ConnectorDouble, status: int) -> None:
    connector.refuse("a:gone", status)
    with pytest.raises(Unreachable):
        await bot.line.teams.send(chat(bot, "a:gone"), NUDGE, Lane.NUDGE, patience=30)
    assert len(connector.arrivals) == 1, "it is never tried again"


@pytest.mark.fault(31)
@pytest.mark.parametrize("status", [400, 405, 413])
async def test_a_message_that_is_wrong_is_refused_once(
    bot: BotDouble, connector: ConnectorDouble, status: int
) -> None:
    connector.fail(status)
    with pytest.raises(Refused):
        await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE, patience=30)
    assert len(connector.arrivals) == 1


@pytest.mark.fault(17)
async def test_without_a_token_the_queue_holds(
    bot: BotDouble, connector: ConnectorDouble, login: LoginDouble
) -> None:
    # given a token endpoint that is down
    login.down = True
    with pytest.raises(TryAgain):
        await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE)
    assert connector.arrivals == [], "nothing leaves without a token"
    # when it is back, the patient message leaves
    login.down = False
    await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE, patience=30)
    assert connector.texts("a:chat") == [NUDGE.text]


@pytest.mark.fault(17)
async def test_a_token_that_was_revoked_is_replaced_once(
    bot: BotDouble, connector: ConnectorDouble, login: LoginDouble
) -> None:
    await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE)
    login.revoke()
    await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE)
    assert (len(connector.sent), connector.unauthorised, len(login.token_requests)) == (2, 1, 2)


@pytest.mark.fault(17)
async def test_a_connector_that_takes_no_token_is_not_hammered(login: LoginDouble) -> None:
    async with ConnectorDouble(token_ok=lambda _token: False) as strict, a_bot(login, strict) as bot:
        with pytest.raises(TryAgain):
            await bot.line.teams.send(chat(bot), NUDGE, Lane.NUDGE)
        assert (strict.unauthorised, len(login.token_requests)) == (2, 2)


@pytest.mark.fault(32)
async def test_an_alert_overtakes_a_flood_on_the_wire(bot: BotDouble, connector: ConnectorDouble) -> None:
    # given a hundred nudges that wait for the tenant's limit
    flood = [
        asyncio.create_task(bot.line.teams.send(chat(bot, f"a:{n}"), NUDGE, Lane.NUDGE)) for n in range(100)
    ]
    while len(connector.sent) < 10:  # noqa: ASYNC110 - until the flood flows
        await asyncio.sleep(0.01)
    # when an alert comes, then it is there before most of them
    await bot.line.teams.send(chat(bot, "a:director"), Outgoing(text="alert"), Lane.ALERT)
    assert len(connector.sent) < 60
    await asyncio.gather(*flood)
    assert len(connector.sent) == 101
    assert connector.violations == []


@pytest.mark.fault(51)
async def test_a_message_beyond_what_teams_takes_never_leaves(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    large = Outgoing(card={"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "x" * 82_000}]})
    with pytest.raises(Refused):
        await bot.line.teams.send(chat(bot), large, Lane.REPLY)
    assert connector.arrivals == []


@pytest.mark.fault(14)
@pytest.mark.parametrize(
    "url", ["https://evil.example", "http://localhost:1", "https://127.0.0.1.evil.example"]
)
async def test_only_allowed_connectors_are_spoken_to(bot: BotDouble, login: LoginDouble, url: str) -> None:
    elsewhere = Conversation("a", ConversationKind.PERSONAL, url, TENANT_ID)
    teams = bot.line.teams
    for call in (
        teams.send(elsewhere, NUDGE, Lane.ALERT),
        teams.update(elsewhere, "1", NUDGE, Lane.ALERT),
        teams.delete(elsewhere, "1", Lane.ALERT),
        teams.members(elsewhere),
        teams.member(elsewhere, AMELIA),
        teams.open_personal(url, TENANT_ID, AMELIA, Lane.ALERT),
    ):
        with pytest.raises(Refused):
            await call
    assert login.token_requests == [], "not even a token was asked for"
