"""`debug` in chat: the QA team and the head of quality see what the self-check sees."""

import pytest

from tests.alarm.alarm import Alarm
from tests.stories.world import buttons, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize("key", ["quinn", "helen"])
async def test_all_is_well_in_words_and_colour(alarm: Alarm, key: str) -> None:
    await alarm.world.host.tick()
    card = await alarm.world.chat(key).says("debug")

    read = text_of(card)
    for part in ("Alerts climb", "Alerts arrive", "Messages move", "The clock goes"):
        assert f"{part}: all is well" in read
    assert "Checked on Wed 11 November 2026, 10:00" in read
    assert "set as the second channel" in read
    assert "Every message has arrived so far" in read
    assert "Quote this when you report a problem" in read
    styles = {
        block["items"][0]["text"]: block["style"] for block in card["body"] if block["type"] == "Container"
    }
    assert set(styles.values()) == {"good"}
    assert buttons(card) == ["Look again", "Failed messages"]


async def test_what_is_wrong_stands_with_its_part_and_since_when(alarm: Alarm) -> None:
    alarm.blocks("hana", "dina")
    ref = await alarm.raises()
    alarm.mail.data = "451 Not now"
    await alarm.world.delivered()
    await alarm.minutes(4)
    quinn = alarm.world.chat("quinn")
    quinn.news()

    card = await quinn.says("debug")

    read = text_of(card)
    assert "Alerts arrive: nobody has answered" in read
    assert (
        f"No message about {ref} has arrived, in Teams or by e-mail, since Wed 11 November 2026, 10:00."
        in read
    )
    assert f"1: {ref}" in read
    assert "2 e-mails wait" in read
    assert "The last 2 messages:" in read
    assert "Hana Whitfield" in read
    # when the clock stands still for a while, the same card says so at the next look
    alarm.world.clock.forward(minutes=4)
    card = await quinn.opens(card, "Look again")
    assert "The clock goes: this does not work" in text_of(card)
    assert "The clock has stopped" in text_of(card)


async def test_others_get_what_to_quote_and_no_more(alarm: Alarm) -> None:
    await alarm.raises()
    await alarm.world.host.tick()
    for key in ("amelia", "hana", "dina", "carol"):
        alarm.world.chat(key).news()
        message = await alarm.world.chat(key).say("debug")
        assert message.card is None
        assert message.text.startswith("Quote this when you report a problem")


async def test_before_the_first_look_it_says_that_nothing_was_checked(alarm: Alarm) -> None:
    assert "Nothing has been checked yet" in await alarm.world.chat("quinn").asks("debug")
