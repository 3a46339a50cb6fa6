"""Cases 1 to 7: requests that are no activities. Every one is a short 4xx (or an ignored 200), and leaves nothing."""

import asyncio
import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.teams.auth import Sender
from bot.teams.bodies import BadBody, check_shape, read
from bot.teams.incoming import to_turn
from bot.turns import Say, Turn
from tests.doubles import activities
from tests.doubles.bot import BotDouble, a_bot
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble

GOOD = activities.message("https://smba.trafficmanager.net/uk/", "hello")


def nested(depth: int) -> bytes:
    return json.dumps({**GOOD, "value": json.loads("[" * depth + "]" * depth)}).encode()


NOT_JSON = {
    "nothing": b"",
    "words": b"hello",
    "half": json.dumps(GOOD).encode()[:-5],
    "two": json.dumps(GOOD).encode() * 2,
    "not UTF-8": b'{"type": "\xff"}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "single quotes": b"{'type': 'message'}",
    "a control character": b'{"type": "mess\x00age"}',
    "NaN": b'{"type": "message", "value": NaN}',
    "infinity": b'{"type": "message", "value": -Infinity}',
    "a number of a million digits": b'{"value": ' + b"9" * 200_000 + b"}",
    "an integer of 20 digits": b'{"value": 10000000000000000000}',
    "a float beyond all": b'{"value": 1e999}',
    "a hundred thousand brackets": b"[" * 100_000 + b"]" * 100_000,
    "a hundred thousand objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "41 levels": nested(41),
    "half of an emoji": b'{"type": "message", "text": "\\ud83d"}',
    "NUL in a text": b'{"type": "message", "text": "a\\u0000b"}',
    "NUL in a name": b'{"type": "message", "value": {"a\\u0000b": 1}}',
}


@pytest.mark.fault(1)
@pytest.mark.fault(4)
@pytest.mark.parametrize("name", NOT_JSON)
@pytest.mark.parametrize("token", ["good", None])
async def test_what_is_not_json_is_400(bot: BotDouble, name: str, token: str | None) -> None:
    with capture_logs() as logged:
        status, body = await bot.post(NOT_JSON[name], token)
    assert status == 400
    assert body["error"]["code"] == "400"
    assert len(json.dumps(body)) < 200, "the answer does not repeat what was sent"
    assert len(str(logged)) < 400, "nor does the log"
    assert bot.turns == []


@pytest.mark.fault(4)
async def test_an_honest_depth_and_number_pass(bot: BotDouble) -> None:
    deep = {
        **activities.message(bot.service_url),
        "value": json.loads("[" * 30 + "-9007199254740991" + "]" * 30),
    }
    assert (await bot.tell(deep))[0] == 200
    assert len(bot.turns) == 1


def without(*path: str) -> dict[str, Any]:
    return with_value(None, *path, remove=True)


def with_value(value: object, *path: str, remove: bool = False) -> dict[str, Any]:
    """The good activity with one field replaced or removed."""
    changed: dict[str, Any] = json.loads(json.dumps(GOOD))
    target = changed
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    if remove:
        del target[path[-1]]
    return changed


WRONG_TEXTS: tuple[object, ...] = (7, True, [], {})
WRONG_OBJECTS: tuple[object, ...] = (7, "text", [])

WRONG_SHAPES: dict[str, dict[str, Any]] = {
    "an empty object": {},
    "no type": without("type"),
    "no id": without("id"),
    "no from": without("from"),
    "no from.id": without("from", "id"),
    "no conversation": without("conversation"),
    "no conversation.id": without("conversation", "id"),
    "an empty type": with_value("", "type"),
    "an empty conversation.id": with_value("", "conversation", "id"),
    "a conversation that climbs": with_value("..", "conversation", "id"),
    "an endless id": with_value("x" * 2_000, "id"),
    "an endless conversation.id": with_value("x" * 2_000, "conversation", "id"),
    **{
        f"{'.'.join(path)} is {value!r}": with_value(value, *path)
        for path in [
            ("type",),
            ("id",),
            ("text",),
            ("replyToId",),
            ("serviceUrl",),
            ("channelId",),
            ("from", "id"),
            ("from", "aadObjectId"),
            ("conversation", "id"),
            ("conversation", "conversationType"),
            ("recipient", "id"),
        ]
        for value in WRONG_TEXTS
    },
    **{
        f"{name} is {value!r}": with_value(value, name)
        for name in ("from", "conversation", "recipient", "channelData")
        for value in WRONG_OBJECTS
    },
    **{f"{name} is an object": with_value({}, name) for name in ("entities", "membersAdded", "attachments")},
    "conversation.isGroup is a text": with_value("yes", "conversation", "isGroup"),
}


@pytest.mark.fault(2)
@pytest.mark.parametrize("name", WRONG_SHAPES)
async def test_missing_and_wrongly_typed_fields_are_400(bot: BotDouble, name: str) -> None:
    shape = WRONG_SHAPES[name]
    if isinstance(shape.get("serviceUrl"), str):
        shape = {**shape, "serviceUrl": bot.service_url}
    status, body = await bot.tell(shape)
    assert (status, bot.turns) == (400, [])
    assert body["error"]["message"]


@pytest.mark.fault(2)
@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "x",
        [],
        {},
        {"action": None},
        {"action": "x"},
        {"action": {"verb": 7}},
        {"action": {"data": []}},
    ],
)
async def test_a_button_without_a_verb_is_400(bot: BotDouble, value: object) -> None:
    status, _ = await bot.tell(activities.execute(bot.service_url, "x", value=value))
    assert (status, bot.turns) == (400, [])


@pytest.mark.fault(3)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("token", ["good", None])
async def test_a_body_over_256_kib_is_413(bot: BotDouble, *, chunked: bool, token: str | None) -> None:
    body = json.dumps({**activities.message(bot.service_url), "text": "x" * 262_144}).encode()

    async def pieces() -> Any:
        for begin in range(0, len(body), 16_384):
            yield body[begin : begin + 16_384]

    headers = {"Authorization": f"Bearer {bot.token()}"} if token else {}
    address = f"{bot.url}/api/messages"
    async with bot.client.post(address, data=pieces() if chunked else body, headers=headers) as response:
        assert response.status == 413
    assert bot.turns == []


@pytest.mark.fault(3)
async def test_a_body_of_256_kib_is_read(bot: BotDouble) -> None:
    body = json.dumps(activities.message(bot.service_url, "x")).encode()
    status, _ = await bot.post(body + b" " * (256 * 1024 - len(body)))
    assert (status, len(bot.turns)) == (200, 1)


@pytest.mark.fault(3)
async def test_a_compressed_body_is_not_unpacked(bot: BotDouble) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    status, _ = await bot.post(bomb, **{"Content-Encoding": "gzip"})
    assert status in {413, 415}
    assert bot.turns == []


@pytest.mark.fault(7)
@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
async def test_a_client_that_dribbles_is_timed_out(
    login: LoginDouble, connector: ConnectorDouble, framing: str
) -> None:
    async with a_bot(login, connector, body_seconds=0.2) as bot:
        host, _, port = bot.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        # given a client that sends its headers and then no more than a byte
        writer.write(f"POST /api/messages HTTP/1.1\r\nHost: bot\r\n{framing}\r\n\r\n".encode())
        writer.write(b"1\r\n{\r\n" if "chunked" in framing else b"{")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert bot.turns == []


@pytest.mark.fault(1)
async def test_other_methods_are_not_served(bot: BotDouble) -> None:
    async with bot.client.get(f"{bot.url}/api/messages") as response:
        assert response.status == 405


def reading(body: bytes) -> str:
    """What becomes of a body; any error but a BadBody comes out."""
    try:
        raw = read(body)
        check_shape(raw)
        turn = to_turn(raw, Sender("https://smba.trafficmanager.net", "tenant"))
    except BadBody:
        return "refused"
    if turn is None:
        return "ignored"
    # whatever a turn holds can be kept and shown
    assert turn.text.encode("utf-8").find(b"\x00") == -1
    return "turn"


async def silence(turn: Turn, say: Say) -> None:
    """A host that has nothing to say."""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from(
    ["type", "id", "name", "text", "value", "from", "conversation", "recipient", "channelData", "serviceUrl",
     "channelId", "entities", "membersAdded", "membersRemoved", "replyToId", "action", "deliveryMode", "locale"]
)  # fmt: skip
kinds = st.sampled_from(["message", "invoke", "conversationUpdate", "installationUpdate", "typing", "odd"])
names = st.sampled_from(["adaptiveCard/action", "task/fetch", ""])
changes = st.dictionaries(field_names, json_values, max_size=4)


@pytest.mark.fault(2)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=kinds, name=names, changed=changes)
def test_no_activity_breaks_the_reading(kind: str, name: str, changed: dict[str, Any]) -> None:
    # given a real activity with any fields replaced by anything
    body = json.dumps({**GOOD, "type": kind, "name": name, **changed}).encode()
    # when it is read, it is a turn, ignored, or a BadBody, and never any other error
    assert reading(body) in {"turn", "ignored", "refused"}


@pytest.mark.fault(1)
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    assert reading(body) in {"turn", "ignored", "refused"}


@pytest.mark.fault(2)
async def test_no_activity_breaks_the_route(bot: BotDouble) -> None:
    # given the same, over the wire: each field in turn made into each kind of thing
    bot.behaviour = silence
    odd: list[object] = [
        None,
        0,
        -1.5,
        "",
        "x" * 2_000,
        [],
        [[]],
        {},
        {"id": []},
        [{"id": {}}],
        "\u202e\u200b🧑‍🍼",
    ]
    for field_name in GOOD:
        for value in odd:
            activity = {**GOOD, "serviceUrl": bot.service_url, field_name: value}
            status, _ = await bot.tell(activity)
            assert status in {200, 400, 401, 403}, (field_name, value)
