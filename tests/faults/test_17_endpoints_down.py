"""Case 17 at the whole product: Microsoft's login is down, and nothing is lost by it."""

import pytest
from sqlalchemy import select

from domain.calendar import Month
from storage.tables import deliveries, outbox
from tests.doubles import activities
from tests.faults.pressing import ref_on, request
from tests.faults.process import asked, until
from tests.stories.world import World, text_of

NOVEMBER = Month(2026, 11)


@pytest.mark.fault(17)
async def test_without_a_token_the_outgoing_queue_holds_and_flows_later(world: World) -> None:
    # given a bot that can judge who speaks to it, and gets no token to speak itself
    hana = world.chat("hana")
    await hana.install()
    world.login.revoke()
    world.login.down = True
    # when Amelia asks, and the queue is tried for a quarter of an hour
    ref = ref_on(await world.chat("amelia").invoke(request(world.chat("amelia"), NOVEMBER)))
    for _ in range(15):
        await world.delivered()
        world.clock.forward(minutes=1)
    # then the message waits, not delivered and not given up
    assert [row.state for row in await world.ask(select(outbox))] == ["pending"]
    tried = {line.outcome for line in await world.ask(select(deliveries))}
    assert tried == {"retry"}
    assert not any(ref in text_of(card) for card in hana.cards)
    # and it flows when the endpoint is back
    world.login.down = False

    async def arrived() -> bool:
        world.clock.forward(minutes=5)
        await world.delivered()
        return any(ref in text_of(card) for card in hana.cards)

    await until(arrived, "the message")
    assert [line.outcome for line in await world.ask(select(deliveries))].count("sent") == 1


@pytest.mark.fault(17)
async def test_without_keys_from_the_start_it_is_503_and_readyz_names_them(world: World) -> None:
    # given the keys' endpoint has been down since before the first message
    world.login.down = True
    activity = activities.message(world.connector.url, "hi", **world.chat("amelia")._identity())  # pyright: ignore[reportPrivateUsage]
    assert (await world.post(activity))[0] == 503
    status, body = await asked(world.client, f"{world.address}/readyz")
    assert (status, "token_keys" in body, "database" in body) == (503, True, False)
    assert (await asked(world.client, f"{world.address}/healthz"))[0] == 200, "a restart would not help"
    # when it is back
    world.login.down = False

    async def ready() -> bool:
        return (await asked(world.client, f"{world.address}/readyz"))[0] == 200

    await until(ready, "the bot is ready")
    # then the same message is served
    assert (await world.post(activity))[0] == 200
    assert world.chat("amelia").messages
