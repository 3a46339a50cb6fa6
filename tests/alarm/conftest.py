"""The stories' council with a mail server and a listener for the heartbeat, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.alarm.alarm import Alarm
from tests.doubles.connector import ConnectorDouble
from tests.doubles.heartbeat import HeartbeatListener
from tests.doubles.login import LoginDouble
from tests.doubles.smtp import MailServer, a_mail_server
from tests.stories.world import a_world


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest.fixture
async def listener() -> AsyncIterator[HeartbeatListener]:
    async with HeartbeatListener() as double:
        yield double


@pytest.fixture
async def alarm(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    mail: MailServer,
    listener: HeartbeatListener,
) -> AsyncIterator[Alarm]:
    settings: dict[str, Any] = {
        "smtp_url": f"smtp://127.0.0.1:{mail.port}",
        "mail_from": "audits@council.example",
        "heartbeat_url": listener.address,
    }
    async with a_world(settled_url, tmp_path, login, connector, settled=True, **settings) as world:
        found = Alarm(world, mail, listener)
        await found.install()
        yield found


@pytest.fixture
async def alarm_without_mail(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    mail: MailServer,
    listener: HeartbeatListener,
) -> AsyncIterator[Alarm]:
    heartbeat: dict[str, Any] = {"heartbeat_url": listener.address}
    async with a_world(settled_url, tmp_path, login, connector, settled=True, **heartbeat) as world:
        found = Alarm(world, mail, listener)
        await found.install()
        yield found
