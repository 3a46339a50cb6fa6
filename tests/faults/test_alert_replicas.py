"""A Category 1, two replicas and a clock that is set back: one message for each person and step (cases 45 and 46)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from storage.tables import concerns
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.doubles.smtp import MailServer, a_mail_server
from tests.faults.alerts import LADDER, an_alert_town, raising
from tests.faults.forge import Forge
from tests.faults.holding import HoldingConnector
from tests.postgres import PostgresServer
from tests.stories.world import MID_MONTH, a_world, text_of

CHILDREN = ("C10432", "C10600", "C10700")
"""All of Hana's service."""


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest.fixture
def replicated_url(postgres_url: str, postgres_server: PostgresServer, postgres_council: str) -> str:
    """Replicas are for PostgreSQL."""
    database = make_url(postgres_url).database
    assert database is not None
    postgres_server.put_back(postgres_council, database)
    return postgres_url


@pytest.mark.fault(46)
async def test_two_processes_that_find_the_same_steps_due_tell_each_person_once(
    replicated_url: str,
    tmp_path: Path,
    login: LoginDouble,
    holding: HoldingConnector,
    forge: Forge,
    mail: MailServer,
) -> None:
    async with an_alert_town(replicated_url, tmp_path, login, holding, forge, mail) as town:
        # given three children for whom nobody has answered for half an hour, in which no bot ran
        first = await town.start()
        for child in CHILDREN:
            await town.chat("amelia").invoke(raising(town.chat("amelia"), child))
        await town.all_told()
        await first.kill()
        await town.minutes_pass(30)
        # when two begin at the same moment, and find the same steps
        await asyncio.gather(town.start(), town.start())
        await town.all_told()
        # then head of service and director have heard of each child once more
        told = {key: len(town.chat(key).cards) for key in LADDER}
        assert told == {"hana": 6, "dina": 6, "carol": 0, "helen": 0}
        assert [row.alert_steps for row in await town.rows(select(concerns.c.alert_steps))] == [3, 3, 3]
        assert (await town.trail()).count("concern.climb") == 2 * len(CHILDREN)
        await town.sound()


MOMENTS = (
    # minutes after it was raised by the clock of the one and of the other, and who hears of it then
    (14, 14, ()),
    (15, 15, ("hana",)),
    (16, 16, ()),
    (-44, 17, ()),  # the one is set back by an hour
    (-30, 30, ("dina",)),
    (-15, 45, ("carol",)),
    (-14, -14, ()),  # and so is the other
    (0, 0, ()),
    (15, 15, ()),
    (30, 31, ()),
    (45, 45, ()),
    (60, 59, ("helen",)),
    (61, 60, ()),
    (75, 75, ("dina", "hana")),
)


@pytest.mark.fault(45)
@pytest.mark.fault(46)
async def test_two_hosts_whose_clocks_are_set_back_one_after_the_other_take_each_step_once(
    settled_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> None:
    async with (
        a_world(settled_url, tmp_path, login, connector, settled=True) as one,
        a_world(settled_url, tmp_path, login, connector, settled=True) as other,
    ):
        for key in LADDER:
            await one.chat(key).install()
            connector.messages[one.chat(key).who.conversation].clear()
        await one.chat("amelia").invoke(raising(one.chat("amelia")))
        await asyncio.gather(one.delivered(), other.delivered())
        told = {"hana": 1, "dina": 1, "carol": 0, "helen": 0}
        for mine, theirs, who in MOMENTS:
            for world, minutes in ((one, mine), (other, theirs)):
                world.clock.now = MID_MONTH
                world.clock.forward(minutes=minutes)
            await asyncio.gather(one.tick(), other.tick())
            told = {key: count + (key in who) for key, count in told.items()}
            found = {key: sum("C-1" in text_of(card) for card in one.chat(key).cards) for key in LADDER}
            assert found == told, (mine, theirs)
        assert (await one.store.verify_trail()).whole
