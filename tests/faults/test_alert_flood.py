"""Fifteen thousand nudges wait at the tenant's limit when children are at risk, one after another (case 32). How long
that takes on the clock is a row of the benchmark; here is counted what was let past."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bench import flood
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import TENANT_ID, LoginDouble
from tests.faults.alerts import raising
from tests.faults.process import until
from tests.stories.council import Somebody
from tests.stories.world import MID_MONTH, Chat, World, a_world

RATE = 50
"""What Teams lets an app send in a second, in one tenant."""
APART = 3
"""So many nudges are sent between one alert and the next."""


class Raiser(Chat):
    """Their account is of the flood's own people file."""

    def _identity(self, conversation: str | None = None) -> dict[str, Any]:
        identity = super()._identity(conversation)
        return {**identity, "from": {**identity["from"], "aadObjectId": flood.RAISER}}


def nudges(connector: ConnectorDouble) -> list[int]:
    """The place of each nudge in the order in which messages arrived."""
    chats = connector.messages.items()
    return sorted(number(message.id) for chat, kept in chats if flood.crowd(chat) for message in kept)


def number(message_id: str) -> int:
    return int(message_id[1:])


async def flows(world: World, more: int) -> None:
    before = len(world.connector.sent)

    async def moved() -> bool:
        return len(world.connector.sent) >= before + more

    await until(moved, "the nudges flow")


def arrived(connector: ConnectorDouble) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        return all(connector.messages[flood.head(n)] for n in range(flood.ALERTS))

    return condition


@pytest.mark.fault(32)
async def test_a_hundred_alerts_leave_within_a_second_while_15000_nudges_wait(
    settled_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> None:
    async with a_world(settled_url, tmp_path, login, connector, settled=True) as builder:
        await flood.build(builder.store, tmp_path, connector.url, TENANT_ID, MID_MONTH)
    raiser = Somebody("raiser", "Rae Raiser", "auditor", "Flood Team 0")
    async with a_world(settled_url, tmp_path, login, connector, settled=True, worker=True) as world:
        chat = Raiser(world, raiser)
        await flows(world, RATE)
        # when a hundred are raised, one after the other, while the nudges flow
        raised_at: list[int] = []
        for child in range(flood.ALERTS):
            await chat.invoke(raising(chat, flood.child(child)))
            raised_at.append(len(connector.sent))
            await flows(world, APART)
        await until(arrived(connector), "every head of service has theirs")
        # then less went out between its commit (it is answered) and its arrival than the limit lets out in a second
        order = nudges(connector)
        passed: list[int] = []
        for child, before in enumerate(raised_at):
            [message] = connector.messages[flood.head(child)]
            passed.append(sum(before < place < number(message.id) for place in order))
        assert sorted(passed)[98] < RATE, sorted(passed)
        assert max(passed) < RATE
        # and the nudges were many still, and Teams never had to say "slow down"
        assert len(order) < flood.NUDGES // 2
        assert connector.violations == []
