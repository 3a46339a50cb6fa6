"""The card of an alert in the wrong hands, or in the wrong place: nothing is taken, nothing is shown, and it climbs on
(case 26; I6)."""

import pytest
from sqlalchemy import select

from storage.tables import concerns
from tests.doubles import activities
from tests.faults.alerts import CHILD, acknowledging, raising
from tests.stories.council import OUTSIDER
from tests.stories.world import World, text_of


@pytest.mark.fault(26)
async def test_an_alert_pressed_by_an_outsider_or_in_a_channel_is_not_acknowledged(world: World) -> None:
    hana, dina, outsider = world.chat("hana"), world.chat("dina"), world.chat(OUTSIDER)
    for chat in (hana, dina):
        await chat.install()
    await world.chat("amelia").invoke(raising(world.chat("amelia")))
    [row] = await world.ask(select(concerns))
    ref = f"C-{row.id}"
    # when an outsider presses it, colleagues who are not on its ladder do, and the director does in a channel
    answers = [await outsider.invoke(acknowledging(outsider, ref))]
    for key in ("ben", "karl", "edwin", "tom"):
        chat = world.chat(key)
        answers.append(await chat.invoke(acknowledging(chat, ref)))
    channel = activities.in_channel(world.connector.url)
    where = {name: channel[name] for name in ("conversation", "channelData")}
    answers.append(await dina.invoke({**acknowledging(dina, ref), **where}))
    # then each has a short message that tells nothing of the child, and each is in the trail
    assert all(isinstance(answer, str) for answer in answers)
    assert not any(CHILD in str(answer) for answer in answers)
    refusals = [action for action in await world.trail() if action.startswith("refused.")]
    colleagues = ["refused.not_allowed"] * 4
    assert refusals == ["refused.unknown_person", *colleagues, "refused.card_outside_personal_chat"]
    # and both are asked still, and again
    [after] = await world.ask(select(concerns))
    assert (after.response_at, after.oversight_at, after.version) == (None, None, row.version)
    await world.delivered()
    world.clock.forward(minutes=15)
    await world.tick()
    assert [sum(ref in text_of(card) for card in chat.cards) for chat in (hana, dina)] == [2, 1]
