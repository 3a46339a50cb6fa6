"""From the wire to a turn, and the answer back."""

from bot.turns import ConversationKind, TurnKind
from tests.doubles import activities
from tests.doubles.bot import BotDouble
from tests.doubles.connector import ConnectorDouble

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


async def test_a_message_is_answered_in_its_chat(bot: BotDouble, connector: ConnectorDouble) -> None:
    status, _ = await bot.tell(activities.message(bot.service_url, "¿my audit? 🧑‍🍼"))
    assert status == 200
    assert connector.texts(activities.PERSONAL_CHAT) == ["¿my audit? 🧑‍🍼"]
    turn = bot.turns[0]
    assert (turn.kind, turn.aad_object_id, turn.text) == (
        TurnKind.MESSAGE,
        activities.AMELIA,
        "¿my audit? 🧑‍🍼",
    )
    assert turn.conversation.kind is ConversationKind.PERSONAL
