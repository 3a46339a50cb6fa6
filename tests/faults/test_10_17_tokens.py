"""Cases 10 to 17: who may speak to the bot. A table of what is wrong, and the status that each gets."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import pytest

from bot.teams.auth import LEEWAY_SECONDS, AuthRefused, IncomingAuth
from bot.teams.keys import SigningKeys
from bot.teams.service_urls import ServiceUrls
from tests.doubles import activities
from tests.doubles.bot import BotDouble, a_bot
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import (
    ISSUER,
    TENANT_ID,
    LoginDouble,
    key_pair,
    signed_with_public_key,
    tampered,
    unsigned,
)

OTHER_TENANT = "99999999-9999-4999-8999-999999999999"

MakeToken = Callable[[LoginDouble, str], str | None]


def plain_claims(login: LoginDouble, url: str) -> dict[str, Any]:
    return {"serviceurl": url, "exp": int(time.time()) + 600, "iss": ISSUER, "aud": login.app_id}


BAD_TOKENS: dict[str, tuple[int, MakeToken]] = {
    "no token": (10, lambda login, url: None),
    "garbage": (10, lambda login, url: "garbage"),
    "three dots of garbage": (10, lambda login, url: "a.b.c"),
    "an endless token": (10, lambda login, url: "x" * 7_000),
    "other audience": (11, lambda login, url: login.channel_token(url, aud="another-app")),
    "a list of audiences": (11, lambda login, url: login.channel_token(url, aud=[login.app_id, "another"])),
    "no audience": (11, lambda login, url: login.channel_token(url, without=("aud",))),
    "other issuer": (11, lambda login, url: login.channel_token(url, iss="https://sts.windows.net/x/")),
    "no issuer": (11, lambda login, url: login.channel_token(url, without=("iss",))),
    "expired": (12, lambda login, url: login.channel_token(url, exp=int(time.time()) - LEEWAY_SECONDS - 5)),
    "no exp": (12, lambda login, url: login.channel_token(url, without=("exp",))),
    "exp is a text": (12, lambda login, url: login.channel_token(url, exp="tomorrow")),
    "exp is true": (12, lambda login, url: login.channel_token(url, exp=True)),
    "exp is null": (12, lambda login, url: login.channel_token(url, exp=None)),
    "not yet valid": (
        12,
        lambda login, url: login.channel_token(url, nbf=int(time.time()) + LEEWAY_SECONDS + 60),
    ),
    "nbf is a text": (12, lambda login, url: login.channel_token(url, nbf="now")),
    "none": (12, lambda login, url: unsigned(plain_claims(login, url))),
    "HS256": (12, lambda login, url: signed_with_public_key(plain_claims(login, url))),
    "RS512": (12, lambda login, url: login.channel_token(url, algorithm="RS512")),
    "tampered": (12, lambda login, url: tampered(login.channel_token(url))),
    "signed by somebody else": (13, lambda login, url: login.channel_token(url, key=key_pair(7))),
    "unknown kid": (13, lambda login, url: login.channel_token(url, header={"kid": "made-up"})),
    "kid of another kind of key": (
        13,
        lambda login, url: login.channel_token(url, header={"kid": "another-kind"}),
    ),
    "no service URL": (14, lambda login, url: login.channel_token(url, without=("serviceurl",))),
    "service URL is a number": (14, lambda login, url: login.channel_token(url, serviceurl=7)),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.fault(number)) for name, (number, _) in BAD_TOKENS.items()]
)
async def test_a_bad_token_is_401(
    bot: BotDouble, login: LoginDouble, connector: ConnectorDouble, name: str
) -> None:
    token = BAD_TOKENS[name][1](login, bot.service_url)
    status, body = await bot.tell(activities.message(bot.service_url), token)
    assert (status, bot.turns, connector.arrivals) == (401, [], [])
    assert token is None or token not in str(body)


@pytest.mark.fault(10)
@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer ", "Bearer é", "bearer  "])
async def test_a_bad_header_is_401(bot: BotDouble, header: str) -> None:
    body = str(activities.message(bot.service_url)).replace("'", '"').encode()
    assert (await bot.post(body, None, Authorization=header))[0] == 401


@pytest.mark.fault(12)
async def test_clocks_may_differ_by_five_minutes(bot: BotDouble) -> None:
    now = int(time.time())
    for wrong in ({"exp": now - LEEWAY_SECONDS + 30}, {"nbf": now + LEEWAY_SECONDS - 30}):
        assert (await bot.tell(activities.message(bot.service_url), bot.token(**wrong)))[0] == 200


@pytest.mark.fault(12)
async def test_a_remembered_token_still_expires(login: LoginDouble) -> None:
    # given a token that was found good, and remembered
    now = [time.time()]
    async with aiohttp.ClientSession() as session:
        auth = IncomingAuth(
            app_id=login.app_id,
            tenant_id=TENANT_ID,
            service_urls=ServiceUrls(),
            keys=SigningKeys(login.metadata_url, session),
            issuer=ISSUER,
            clock=lambda: now[0],
        )
        header = f"Bearer {login.channel_token('https://smba.trafficmanager.net/uk/')}"
        first = await auth.check_token(header)
        assert await auth.check_token(header) is first
        # when its hour is over, and the leeway too
        now[0] += 3_600 + LEEWAY_SECONDS
        with pytest.raises(AuthRefused) as refused:
            await auth.check_token(header)
        assert refused.value.status == 401


@pytest.mark.fault(13)
async def test_a_rotated_key_is_taken_after_one_fetch(bot: BotDouble, login: LoginDouble) -> None:
    # given a bot that knows the old key, when the key is rotated
    old = bot.token()
    assert (await bot.tell(activities.message(bot.service_url), old))[0] == 200
    login.rotate()
    # then a token of the new key is taken at once
    assert (await bot.tell(activities.message(bot.service_url)))[0] == 200
    assert login.key_reads == 2
    # and one of the old key no longer, remembered or not
    assert (await bot.tell(activities.message(bot.service_url), old))[0] == 401


@pytest.mark.fault(13)
async def test_made_up_key_ids_do_not_hammer_the_endpoint(bot: BotDouble, login: LoginDouble) -> None:
    for number in range(40):
        token = login.channel_token(bot.service_url, header={"kid": f"made-up-{number}"})
        assert (await bot.tell(activities.message(bot.service_url), token))[0] == 401
    assert login.key_reads <= 6
    assert (await bot.tell(activities.message(bot.service_url)))[0] == 200


@pytest.mark.fault(13)
async def test_many_at_once_make_one_fetch(bot: BotDouble, login: LoginDouble) -> None:
    told = [
        bot.tell(activities.message(bot.service_url, conversation={"id": str(n), "tenantId": TENANT_ID}))
        for n in range(20)
    ]
    assert {status for status, _ in await asyncio.gather(*told)} == {200}
    assert login.key_reads == 1


@pytest.mark.fault(13)
@pytest.mark.parametrize("endorsements", [[], ["webchat", "directline"]])
async def test_a_key_without_endorsement_is_401(
    login: LoginDouble, bot: BotDouble, endorsements: list[str]
) -> None:
    login.endorsements = endorsements
    assert (await bot.tell(activities.message(bot.service_url)))[0] == 401


@dataclass(frozen=True)
class Wrong:
    """What is replaced in a good activity, and what the token claims instead of the body's service URL."""

    fields: dict[str, Any]
    claim: str | None = None


def tenants(conversation: object, channel: object) -> Wrong:
    """An activity that names its tenant so; None leaves it out."""
    talk: dict[str, Any] = {"id": "a", "conversationType": "personal"}
    data: dict[str, Any] = {}
    if conversation is not None:
        talk["tenantId"] = conversation
    if channel is not None:
        data["tenant"] = {"id": channel}
    return Wrong({"conversation": talk, "channelData": data})


WRONG_PLACES: dict[str, Wrong] = {
    "no channel": Wrong({"channelId": None}),
    "other channel": Wrong({"channelId": "webchat"}),
    "channel in capitals": Wrong({"channelId": "MSTEAMS"}),
    "no service URL": Wrong({"serviceUrl": None}),
    "empty service URL": Wrong({"serviceUrl": ""}),
    "other than claimed": Wrong({"serviceUrl": "http://127.0.0.1:1/"}),
    "other path than claimed": Wrong({"serviceUrl": "{url}/another"}),
    **{
        f"off the list: {url}": Wrong({"serviceUrl": url}, claim=url)
        for url in (
            "https://evil.example/",
            "https://smba.trafficmanager.net.evil.example/",
            "https://evil.example/smba.trafficmanager.net",
            "https://127.0.0.1@evil.example/",
            "https://evil.example#127.0.0.1",
            "https://x127.0.0.1.evil.example/",
            "http://localhost/",
            "http://[::1]/",
            "http://127.1/",
            "http://2130706433/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "//127.0.0.1/",
            "not an address",
            "https://127.0.0.1\\@evil.example/",
            "http://127.0.0.1/?x=1",
            "http://127.0.0.1:99999/",
            "http://user:password@127.0.0.1/",
        )
    },
    "no tenant": tenants(None, None),
    "other tenant in both": tenants(OTHER_TENANT, OTHER_TENANT),
    "other tenant in the conversation": tenants(OTHER_TENANT, TENANT_ID),
    "other tenant in the channel data": tenants(TENANT_ID, OTHER_TENANT),
    "other tenant, one place": tenants(None, OTHER_TENANT),
    "an empty tenant": tenants(None, ""),
    "a tenant that is a list": tenants(None, [TENANT_ID]),
}


@pytest.mark.fault(14)
@pytest.mark.fault(15)
@pytest.mark.parametrize("name", WRONG_PLACES)
async def test_a_wrong_place_is_refused_and_never_spoken_to(
    bot: BotDouble, connector: ConnectorDouble, name: str
) -> None:
    wrong = WRONG_PLACES[name]
    activity = activities.message(bot.service_url, **wrong.fields)
    if isinstance(activity["serviceUrl"], str):
        activity["serviceUrl"] = activity["serviceUrl"].replace("{url}", bot.service_url)
    token = bot.token(service_url=wrong.claim or bot.service_url)
    status, _ = await bot.tell(activity, token)
    assert status in {401, 403}
    assert (bot.turns, connector.arrivals) == ([], [])


@pytest.mark.fault(14)
@pytest.mark.parametrize("spelling", ["{url}", "{url}/", "HTTP://127.0.0.1:{port}//"])
async def test_spellings_of_the_same_service_url_are_the_same(bot: BotDouble, spelling: str) -> None:
    url = spelling.format(url=bot.service_url, port=bot.service_url.rpartition(":")[2])
    assert (await bot.tell(activities.message(url), bot.token(service_url=f"{bot.service_url}/")))[0] == 200


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    "place", [tenants(TENANT_ID, None), tenants(None, TENANT_ID), tenants(TENANT_ID.upper(), TENANT_ID)]
)
async def test_one_place_is_enough_for_the_tenant(bot: BotDouble, place: Wrong) -> None:
    assert (await bot.tell(activities.message(bot.service_url, **place.fields)))[0] == 200


@pytest.mark.fault(17)
async def test_without_any_key_it_is_503_until_the_endpoint_is_back(
    bot: BotDouble, login: LoginDouble
) -> None:
    # given an endpoint that has been down since the bot began
    login.down = True
    assert (await bot.tell(activities.message(bot.service_url)))[0] == 503
    assert not bot.line.ready
    # when it is back
    login.down = False
    for _ in range(200):
        if await bot.line.warm():
            break
        await asyncio.sleep(0.05)
    # then the bot serves
    assert (await bot.tell(activities.message(bot.service_url)))[0] == 200


@pytest.mark.fault(17)
async def test_keys_that_are_known_outlive_the_endpoint(bot: BotDouble, login: LoginDouble) -> None:
    assert await bot.line.warm()
    token = bot.token()
    await bot.line.check_credential()
    login.down = True
    assert (await bot.tell(activities.message(bot.service_url), token))[0] == 200
    unknown = login.channel_token(bot.service_url, header={"kid": "made-up"})
    assert (await bot.tell(activities.message(bot.service_url), unknown))[0] == 401
    assert (await bot.tell(activities.message(bot.service_url), token))[0] == 200


@pytest.mark.fault(10)
async def test_the_insecure_mode_speaks_to_this_machine_alone(login: LoginDouble) -> None:
    # given the mode without an app id, and a connector that wants no token
    local: dict[str, Any] = {"app_id": None, "tenant_id": None, "proof": None}
    async with (
        ConnectorDouble() as connector,
        a_bot(login, connector, **local, service_url_hosts=("127.0.0.1", "localhost")) as bot,
    ):
        assert (await bot.tell(activities.message(bot.service_url), None))[0] == 200
        assert len(connector.sent) == 1
        elsewhere = activities.message("https://smba.trafficmanager.net/uk/")
        assert (await bot.tell(elsewhere, None))[0] == 403
        assert bot.line.ready


def test_a_token_made_by_the_double_is_a_real_one(login: LoginDouble) -> None:
    # the table above proves nothing if the double's good token were not good
    claims = jwt.decode(
        login.channel_token("https://x"),
        key_pair(0).public_key(),
        algorithms=["RS256"],
        audience=login.app_id,
    )
    assert claims["iss"] == ISSUER
