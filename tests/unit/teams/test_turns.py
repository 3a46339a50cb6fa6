"""From the wire to a turn, and the host's answer back to where this kind of activity wants it."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.turns import (
    Answer,
    ConversationKind,
    Outgoing,
    Say,
    Turn,
    TurnKind,
    TurnRefused,
)
from tests.doubles import activities
from tests.doubles.activities import AMELIA, CHANNEL, PERSONAL_CHAT
from tests.doubles.bot import Behaviour, BotDouble, a_bot
from tests.doubles.connector import ConnectorDouble, Message
from tests.doubles.login import TENANT_ID, LoginDouble

CARD: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": []}


def answering(answer: Answer | None) -> Behaviour:
    """A host that always gives this answer."""

    async def behaviour(turn: Turn, say: Say) -> Answer | None:
        return answer

    return behaviour


def failing(error: Exception) -> Behaviour:
    """A host that breaks."""

    async def behaviour(turn: Turn, say: Say) -> Answer | None:
        raise error

    return behaviour


async def test_a_message_is_answered_in_its_chat(bot: BotDouble, connector: ConnectorDouble) -> None:
    status, body = await bot.tell(activities.message(bot.service_url, "¿my audit? 🧑‍🍼"))
    assert (status, body) == (200, None)
    assert connector.texts(PERSONAL_CHAT) == ["¿my audit? 🧑‍🍼"]
    turn = bot.turns[0]
    assert (turn.kind, turn.aad_object_id, turn.text) == (TurnKind.MESSAGE, AMELIA, "¿my audit? 🧑‍🍼")
    assert turn.conversation.kind is ConversationKind.PERSONAL
    assert turn.conversation.tenant_id == TENANT_ID
    assert turn.conversation.service_url == bot.service_url


async def test_a_mention_in_a_channel_is_heard_without_the_mention(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    await bot.tell(activities.in_channel(bot.service_url, "who is <at>late</at>?"))
    turn = bot.turns[0]
    assert turn.text == "who is <at>late</at>?"
    assert turn.conversation.kind is ConversationKind.CHANNEL
    assert turn.conversation.team_id == "19:team@thread.tacv2"
    # the answer stays in the thread
    assert connector.texts(f"{CHANNEL};messageid=1700000000000") == ["who is <at>late</at>?"]


@pytest.mark.parametrize(
    ("conversation", "kind"),
    [
        ({"id": "a"}, ConversationKind.PERSONAL),
        ({"id": "a", "isGroup": False}, ConversationKind.PERSONAL),
        ({"id": "a", "isGroup": True}, ConversationKind.GROUP),
        ({"id": "a", "conversationType": "groupChat"}, ConversationKind.GROUP),
        ({"id": "a", "conversationType": "something new"}, ConversationKind.GROUP),
    ],
)
async def test_kinds_of_conversations(
    bot: BotDouble, conversation: dict[str, Any], kind: ConversationKind
) -> None:
    await bot.tell(activities.message(bot.service_url, conversation=conversation))
    assert bot.turns[0].conversation.kind is kind


async def test_a_pressed_button_gets_its_card(bot: BotDouble) -> None:
    bot.behaviour = answering(Answer(card=CARD))
    status, body = await bot.tell(
        activities.execute(bot.service_url, "exemption.endorse", {"ref": "E-7", "count": "3"})
    )
    assert status == 200
    assert body == {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": CARD}
    action = bot.turns[0].action
    assert action is not None
    assert (action.verb, dict(action.data)) == ("exemption.endorse", {"ref": "E-7", "count": "3"})
    assert bot.turns[0].kind is TurnKind.CARD_ACTION
    assert bot.turns[0].reply_to_id == "1000000000001"


@pytest.mark.parametrize(
    ("answer", "status", "kind", "value"),
    [
        (Answer(message="Saved."), 200, "application/vnd.microsoft.activity.message", "Saved."),
        (None, 200, "application/vnd.microsoft.activity.message", "Done."),
        (
            Answer(message="Not yours.", status=403),
            403,
            "application/vnd.microsoft.error",
            {"code": "403", "message": "Not yours."},
        ),
    ],
)
async def test_other_answers_to_a_button(
    bot: BotDouble, answer: Answer | None, status: int, kind: str, value: object
) -> None:
    bot.behaviour = answering(answer)
    assert await bot.tell(activities.execute(bot.service_url, "audit.show")) == (
        200,
        {"statusCode": status, "type": kind, "value": value},
    )


@pytest.mark.parametrize(
    "value",
    [
        {"verb": "audit.return", "ref": "A-1", "grade": "good", "msteams": {"x": 1}},
        {"verb": "audit.return", "data": {"ref": "A-1"}, "grade": "good"},
    ],
)
async def test_a_submit_is_the_same_action(
    bot: BotDouble, connector: ConnectorDouble, value: dict[str, Any]
) -> None:
    # given a card that was sent, when its Submit is pressed and the host has a new card
    connector.messages[PERSONAL_CHAT].append(Message("card-1", {"type": "message"}))
    bot.behaviour = answering(Answer(card=CARD))
    status, _ = await bot.tell(activities.message(bot.service_url, "", value=value, replyToId="card-1"))
    # then the card is replaced, and nothing new is said
    assert status == 200
    action = bot.turns[0].action
    assert action is not None
    assert (action.verb, dict(action.data)) == ("audit.return", {"ref": "A-1", "grade": "good"})
    assert [(m.id, m.versions, m.card) for m in connector.sent] == [("card-1", 2, CARD)]


async def test_a_submit_of_a_card_that_is_gone_gets_a_new_one(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    bot.behaviour = answering(Answer(card=CARD))
    await bot.tell(activities.submit(bot.service_url, "audit.show", replyToId="gone"))
    assert [message.card for message in connector.sent] == [CARD]


async def test_a_submit_with_a_word_as_answer(bot: BotDouble, connector: ConnectorDouble) -> None:
    bot.behaviour = answering(Answer(message="Saved."))
    await bot.tell(activities.submit(bot.service_url, "audit.show"))
    assert connector.texts(PERSONAL_CHAT) == ["Saved."]


@pytest.mark.parametrize(
    ("activity", "kind"),
    [
        (activities.installed("", "add"), TurnKind.INSTALLED),
        (activities.installed("", "add-upgrade"), TurnKind.INSTALLED),
        (activities.installed("", "remove"), TurnKind.REMOVED),
        (activities.bot_added(""), TurnKind.INSTALLED),
        (
            activities.activity("", "conversationUpdate", membersRemoved=[{"id": activities.BOT_ID}]),
            TurnKind.REMOVED,
        ),
    ],
)
async def test_coming_and_going_of_the_bot(bot: BotDouble, activity: dict[str, Any], kind: TurnKind) -> None:
    status, _ = await bot.tell({**activity, "serviceUrl": bot.service_url})
    assert (status, [turn.kind for turn in bot.turns]) == (200, [kind])


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    "activity",
    [
        activities.activity("", "typing"),
        activities.activity("", "messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1"),
        activities.activity("", "conversationUpdate", membersAdded=[{"id": "29:somebody"}]),
        activities.activity(
            "", "conversationUpdate", channelData={"tenant": {"id": TENANT_ID}, "eventType": "x"}
        ),
        activities.activity("", "messageUpdate", text="edited"),
        activities.activity("", "event", name="application/vnd.microsoft.readReceipt"),
        activities.activity("", "a type from the future"),
    ],
)
async def test_what_the_bot_does_not_serve_is_ignored(bot: BotDouble, activity: dict[str, Any]) -> None:
    status, body = await bot.tell({**activity, "serviceUrl": bot.service_url})
    assert (status, body, bot.turns) == (200, None, [])


@pytest.mark.parametrize("name", ["composeExtension/query", "task/fetch", "signin/verifyState", None])
async def test_other_invokes_get_a_polite_answer(bot: BotDouble, name: str | None) -> None:
    status, body = await bot.tell(activities.activity(bot.service_url, "invoke", name=name, value={"a": 1}))
    assert status == 200
    assert body["statusCode"] == 501
    assert "help" in body["value"]["message"]


async def test_a_breaking_host_says_sorry_with_a_reference(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    bot.behaviour = failing(RuntimeError("a secret from the message"))
    with capture_logs() as logged:
        status, body = await bot.tell(activities.message(bot.service_url))
    assert (status, body) == (200, None)
    said = connector.texts(PERSONAL_CHAT)[0]
    # the log has the reference and the place, not what was in the error
    (entry,) = [entry for entry in logged if entry["event"] == "turn_failed"]
    assert entry["reference"] in said
    assert entry["error"] == "RuntimeError"
    assert entry["where"]
    assert "a secret" not in f"{said} {logged}"


async def test_a_breaking_host_says_sorry_to_a_button(bot: BotDouble, connector: ConnectorDouble) -> None:
    bot.behaviour = failing(RuntimeError("secret"))
    status, body = await bot.tell(activities.execute(bot.service_url, "audit.show"))
    assert (status, body["statusCode"]) == (200, 200)
    assert "reference" in body["value"]
    assert connector.sent == []


@pytest.mark.fault(9)
@pytest.mark.parametrize("status", [409, 503])
@pytest.mark.parametrize("activity", [activities.message(""), activities.execute("", "audit.show")])
async def test_a_refused_turn_becomes_its_status(
    bot: BotDouble, status: int, activity: dict[str, Any]
) -> None:
    bot.behaviour = failing(TurnRefused(status, "said by the host"))
    got, body = await bot.tell({**activity, "serviceUrl": bot.service_url})
    assert got == status
    assert body == {"error": {"code": str(status), "message": "said by the host"}}


async def test_the_same_activity_has_the_same_digest_and_another_payload_another(bot: BotDouble) -> None:
    first = activities.message(bot.service_url, "yes", value={"b": 1, "a": [1, 2]})
    again = {**first, "timestamp": "2027-02-02T02:02:02Z", "value": {"a": [1, 2], "b": 1}}
    for activity in (first, again, {**first, "text": "no"}, {**first, "value": {"a": [2, 1], "b": 1}}):
        await bot.tell(activity)
    digests = [turn.digest for turn in bot.turns]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert len({turn.key for turn in bot.turns}) == 1


@pytest.mark.fault(16)
async def test_identity_is_the_directory_id_alone(bot: BotDouble) -> None:
    # given an activity that claims another name, and a card that claims another person
    data = {
        "person": "the director",
        "aadObjectId": "somebody-else",
        "from": {"aadObjectId": "somebody-else"},
    }
    sender = {"id": "29:amelia", "name": "The Director", "aadObjectId": AMELIA, "role": "director"}
    await bot.tell(activities.execute(bot.service_url, "exemption.approve", data, **{"from": sender}))
    assert bot.turns[0].aad_object_id == AMELIA


async def test_what_botbuilder_itself_sends_takes_our_way(bot: BotDouble, connector: ConnectorDouble) -> None:
    # given botbuilder's own turn context, when it sends, updates and deletes
    from botbuilder.core import TurnContext
    from botbuilder.schema import Activity

    from bot.teams.adapter import Adapter, to_activity

    adapter: Any = Adapter(bot.line.teams, "app")
    raw = activities.message(bot.service_url)
    ids: list[str] = []

    async def logic(context: TurnContext) -> None:
        sent: Any = await context.send_activity("by botbuilder")
        kept: Any = await context.send_activity("to be changed")
        ids.append(sent.id)
        await context.update_activity(Activity(type="message", id=kept.id, text="changed"))
        await context.delete_activity(sent.id)

    await adapter.process_activity(adapter.bot_framework_authentication.result, to_activity(raw), logic)
    # then it is the connector that carried it, with the bot's token
    assert connector.texts(PERSONAL_CHAT) == ["changed"]
    assert ids
    assert connector.unauthorised == 0


async def test_a_reply_can_have_text_and_card_and_ask_for_attention(
    bot: BotDouble, connector: ConnectorDouble
) -> None:
    said: list[str] = []

    async def behaviour(turn: Turn, say: Say) -> None:
        said.append(await say(Outgoing(text="Look:", card=CARD, summary="An audit is due", notify=True)))

    bot.behaviour = behaviour
    await bot.tell(activities.message(bot.service_url))
    first, second = connector.messages[PERSONAL_CHAT]
    assert (first.text, first.card) == ("Look:", None)
    assert (second.card, second.id) == (CARD, said[0])
    assert second.activity["summary"] == "An audit is due"
    assert second.activity["channelData"] == {"notification": {"alert": True}}
    assert "channelData" not in first.activity


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        (Answer(card=CARD), [("card-1", CARD, "")]),
        (Answer(message="Saved."), [("card-1", None, ""), ("new", None, "Saved.")]),
        (RuntimeError("secret"), [("card-1", None, ""), ("new", None, "sorry")]),
        (TurnRefused(503, "busy"), [("card-1", None, "")]),
        (None, [("card-1", None, "")]),
    ],
)
async def test_an_answer_that_takes_too_long_comes_later(
    login: LoginDouble, connector: ConnectorDouble, outcome: Any, seen: list[tuple[str, Any, str]]
) -> None:
    go_on = asyncio.Event()

    async def slowly(turn: Turn, say: Say) -> Answer | None:
        await go_on.wait()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    connector.messages[PERSONAL_CHAT].append(Message("card-1", {"type": "message"}))
    async with a_bot(login, connector, invoke_seconds=0.05) as bot:
        bot.behaviour = slowly
        # given a button whose work takes longer than Teams waits, the person is told that it will come
        status, body = await bot.tell(activities.execute(bot.service_url, "figures.show", replyToId="card-1"))
        assert (status, body["type"]) == (200, "application/vnd.microsoft.activity.message")
        assert "longer" in body["value"]
        # when the work is done, while the bot is already closing
        go_on.set()
    # then the answer has come all the same
    found = [
        ("card-1" if message.id == "card-1" else "new", message.card, message.text)
        for message in connector.messages[PERSONAL_CHAT]
    ]
    assert [(who, card, "sorry" if "Sorry" in text else text) for who, card, text in found] == seen
