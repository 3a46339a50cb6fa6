"""Cases 38 to 41 at the whole product: the database is locked, full, lost in a commit, away, or of another revision."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from unittest.mock import Mock

import aiohttp
import pytest
from sqlalchemy import Connection, make_url, text

from bot.cli import run
from dialogs import payloads as press
from domain.calendar import Month
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import LoginDouble
from tests.faults.locks import writer_lock
from tests.faults.pressing import Activity, ref_on, request, step
from tests.faults.process import Town, asked, until
from tests.faults.proxy import PostgresProxy
from tests.postgres import PostgresServer
from tests.stories import honesty
from tests.stories.world import World, a_world, text_of

NOVEMBER = Month(2026, 11)


@pytest.mark.fault(38)
async def test_while_another_program_writes_questions_are_answered_and_presses_are_refused(
    world: World, database_url: str
) -> None:
    amelia = world.chat("amelia")
    await amelia.say("help")
    activity = request(amelia, NOVEMBER)
    async with writer_lock(database_url):
        # given the lock is held for as long as the press waits, a question is answered meanwhile
        pressing = asyncio.create_task(world.post(activity))
        assert "C10432" in text_of((await amelia.say("my audit")).card)
        assert not pressing.done()
        status, _ = await pressing
    assert status == 503
    assert await world.trail() == []
    assert ref_on(await amelia.invoke(activity))
    assert await world.trail() == ["exemption.request"]


def _no_more_pages(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def _pages_again(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


_FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""
_FULL_AT_ONCE = "CREATE TRIGGER full_disk BEFORE INSERT ON trail EXECUTE FUNCTION full_disk()"
_FULL_IN_COMMIT = (
    "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON trail DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION full_disk()"
)


async def _change(world: World, *statements: str) -> None:
    async with world.store.writing() as uow:
        for statement in statements:
            await uow.transaction.run(lambda c, s=statement: c.execute(text(s)))
        await uow.commit()


@pytest.fixture
async def lite(
    sqlite_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[World]:
    async with a_world(sqlite_url, tmp_path, login, connector) as found:
        yield found
        await honesty.check(found)


@pytest.mark.fault(39)
async def test_a_full_disk_under_sqlite_is_no_success(lite: World) -> None:
    # given no page can be added, and a request too long for what is left in the pages there are
    amelia = lite.chat("amelia")
    await amelia.say("help")
    async with lite.store.writing() as uow:
        await uow.transaction.run(_no_more_pages)
    status = 200
    tried: list[Activity] = []
    while status == 200 and len(tried) < 12:
        tried.append(request(amelia, NOVEMBER.plus(len(tried)), explanation="long " * 190))
        status, _ = await lite.post(tried[-1])
    # then what did not fit was refused whole, and what did is whole
    assert status == 503
    assert await lite.trail() == ["exemption.request"] * (len(tried) - 1)
    # and there is room again
    async with lite.store.writing() as uow:
        await uow.transaction.run(_pages_again)
    assert ref_on(await amelia.invoke(tried[-1]))
    assert await lite.trail() == ["exemption.request"] * len(tried)


@pytest.mark.fault(39)
async def test_a_process_whose_file_cannot_grow_refuses_and_goes_on(
    sqlite_url: str, town_on: Callable[[str], Awaitable[Town]]
) -> None:
    town = await town_on(sqlite_url)
    process = await town.start()
    amelia = town.chat("amelia")
    await amelia.say("help")
    # given the process may not write to any file any more
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, hard))
    activity = request(amelia, town.next_month)
    assert (await town.post(activity))[0] == 503
    assert await town.trail() == []
    # when there is room again, then it goes on as if nothing had been
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    ref = ref_on(await amelia.invoke(activity))
    assert process.alive
    assert await town.trail(ref) == ["exemption.request"]


@pytest.fixture
async def through(
    postgres_url: str, tmp_path: Path, login: LoginDouble, connector: ConnectorDouble
) -> AsyncIterator[tuple[World, PostgresProxy]]:
    """The whole bot, with a proxy between it and its database."""
    async with PostgresProxy(postgres_url) as proxy, a_world(proxy.url, tmp_path, login, connector) as found:
        yield found, proxy
        await honesty.check(found)


@pytest.mark.fault(39)
@pytest.mark.parametrize("trigger", [_FULL_AT_ONCE, _FULL_IN_COMMIT], ids=["at once", "in the commit"])
async def test_a_full_disk_under_postgresql_is_no_success(
    through: tuple[World, PostgresProxy], trigger: str
) -> None:
    world, _ = through
    amelia = world.chat("amelia")
    await amelia.say("help")
    activity = request(amelia, NOVEMBER)
    await _change(world, _FULL, trigger)
    assert (await world.post(activity))[0] == 503
    assert await world.trail() == []
    await _change(world, "DROP TRIGGER full_disk ON trail")
    assert ref_on(await amelia.invoke(activity))


@pytest.mark.fault(40)
@pytest.mark.parametrize("arrived", [False, True], ids=["before the server", "after the server"])
async def test_a_connection_lost_in_the_commit_is_settled_by_the_kept_answer(
    through: tuple[World, PostgresProxy], *, arrived: bool
) -> None:
    world, proxy = through
    amelia, hana = world.chat("amelia"), world.chat("hana")
    await hana.install()
    await amelia.say("help")
    # given the connection breaks while her request is being committed
    activity = request(amelia, NOVEMBER)
    proxy.lose_commit(arrived=arrived)
    ref = ref_on(await amelia.invoke(activity))
    # then she has the right answer at once, and it happened once
    assert proxy.lost == 1
    assert await world.trail() == ["exemption.request"]
    assert ref_on(await amelia.invoke(activity)) == ref
    await world.delivered()
    assert sum(ref in text_of(card) for card in hana.cards) == 1


@pytest.mark.fault(40)
@pytest.mark.parametrize("arrived", [False, True], ids=["before the server", "after the server"])
async def test_a_connection_lost_while_a_refusal_is_committed(
    through: tuple[World, PostgresProxy], *, arrived: bool
) -> None:
    world, proxy = through
    amelia, ben = world.chat("amelia"), world.chat("ben")
    ref = ref_on(await amelia.invoke(request(amelia, NOVEMBER)))
    await ben.say("help")
    proxy.lose_commit(arrived=arrived)
    answer = await ben.invoke(step(ben, press.Endorse, ref, 1))
    assert "Somebody else is asked" in str(answer)
    assert (await world.trail()).count("refused.not_allowed") == 1


@pytest.mark.fault(40)
async def test_a_connection_lost_while_a_send_is_recorded_repeats_nothing(
    through: tuple[World, PostgresProxy],
) -> None:
    world, proxy = through
    hana = world.chat("hana")
    await hana.install()
    ref = ref_on(await world.chat("amelia").invoke(request(world.chat("amelia"), NOVEMBER)))
    # given the commit after the claim's is lost: the one that records what was sent
    world.clock.forward(seconds=1)
    [row] = await world.host.deliverer._queue.claim(world.clock(), 1, 60)  # pyright: ignore[reportPrivateUsage]
    proxy.lose_commit(arrived=False)
    await world.host.deliverer.deliver(row)
    assert proxy.lost == 1
    await world.delivered()
    assert sum(ref in text_of(card) for card in hana.cards) == 1


@pytest.mark.fault(41)
async def test_a_database_that_goes_away_is_named_and_comes_back(
    through: tuple[World, PostgresProxy],
) -> None:
    world, proxy = through
    ready = f"{world.address}/readyz"
    assert (await asked(world.client, ready))[0] == 200
    # when a fail-over takes it away
    proxy.down = True
    proxy.cut()
    status, body = await asked(world.client, ready)
    assert (status, '"database"' in body, "token_keys" in body) == (503, True, False)
    amelia = world.chat("amelia")
    activity = request(amelia, NOVEMBER)
    assert (await world.post(activity))[0] == 503
    # then it serves again as soon as there is one
    proxy.down = False

    async def is_ready() -> bool:
        return (await asked(world.client, ready))[0] == 200

    await until(is_ready, "the bot is ready")
    assert ref_on(await amelia.invoke(activity))


@pytest.mark.fault(38)
async def test_a_server_that_lets_nobody_in_is_waited_for(
    through: tuple[World, PostgresProxy], postgres_server: PostgresServer, postgres_url: str
) -> None:
    world, proxy = through
    amelia = world.chat("amelia")
    activity = request(amelia, NOVEMBER)
    name = make_url(postgres_url).database
    await asyncio.to_thread(postgres_server.execute, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    proxy.cut()
    assert (await world.post(activity))[0] == 503
    await asyncio.to_thread(postgres_server.execute, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert ref_on(await amelia.invoke(activity))


@pytest.mark.fault(41)
async def test_a_schema_that_changes_under_a_running_bot_is_named(world: World) -> None:
    ready = f"{world.address}/readyz"
    await _change(world, "UPDATE alembic_version SET version_num = '9999'")
    status, body = await asked(world.client, ready)
    assert status == 503
    assert "database" in body
    assert "9999" in body
    await _change(world, "DELETE FROM alembic_version")
    assert "audit-bot db upgrade" in (await asked(world.client, ready))[1]


COMMANDS = [["serve"], ["run-due"], ["check"], ["trail", "verify"], ["import", "teams", "teams.csv"]]


@pytest.mark.fault(41)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command[:2]))
def test_an_older_schema_is_refused_with_the_command_that_helps(
    empty_database_url: str,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.configure", Mock())  # it would outlive the test
    for name, value in {"DATABASE_URL": empty_database_url, "APP_ID": "a", "TENANT_ID": "t"}.items():
        monkeypatch.setenv(f"AUDIT_BOT_{name}", value)
    monkeypatch.setenv("AUDIT_BOT_APP_PASSWORD", "p")
    monkeypatch.setenv("AUDIT_BOT_OPENID_METADATA_URL", "http://127.0.0.1:9/none")
    monkeypatch.setenv("AUDIT_BOT_LOGIN_URL", "http://127.0.0.1:9")
    assert run(command) == 1
    out, err = capsys.readouterr()
    assert "audit-bot db upgrade" in (out if command == ["check"] else err)


async def test_the_proxy_passes_everything_else_on(through: tuple[World, PostgresProxy]) -> None:
    # the cases above prove nothing if the proxy broke what it should not
    world, proxy = through
    assert "C10432" in text_of((await world.chat("amelia").say("my audit")).card)
    assert proxy.lost == 0
    async with aiohttp.ClientSession() as client:
        assert (await asked(client, f"{world.address}/readyz"))[0] == 200
