"""The composition root: the one place where dialogs, storage and the platform are put together."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from aiohttp import web

from bot.addresses import Addresses, ChatOpener
from bot.conversing import Conversing
from bot.delivery import Deliverer, Rendered
from bot.health import Health, Metrics
from bot.jobs import Clockwork
from bot.settings import Settings, SettingsError
from bot.slots import MarkedSlots
from bot.teams.line import TeamsLine, TeamsOptions, proof_of
from bot.ticker import Ticker
from dialogs import sending
from domain.calendar import bank_holidays
from domain.lanes import Lane
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import Clock
from storage import schema
from storage.errors import StorageError
from storage.outbox import OutboxQueue
from storage.unit_of_work import SqlStore, SqlUnitOfWork

T = TypeVar("T")

TICK_SECONDS = 20.0
CLOSING_SECONDS = 10.0
"""The web server waits half of it for a turn's own end, and half again after it has asked the turn to end."""
LOCAL_TENANT = "local"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Host:
    """What runs: the web application's parts, the worker and the clock."""

    line: TeamsLine
    store: SqlStore
    conversing: Conversing
    deliverer: Deliverer
    metrics: Metrics
    health: Health
    tick: Callable[[], Awaitable[None]]


def teams_options(settings: Settings, *, insecure_local: bool) -> TeamsOptions:
    if insecure_local:
        return TeamsOptions()
    secret = settings.app_password.get_secret_value() if settings.app_password else None
    return TeamsOptions(
        app_id=settings.app_id,
        tenant_id=settings.tenant_id,
        proof=proof_of(secret, settings.app_certificate_file, settings.app_federated_token_file),
        metadata_url=settings.openid_metadata_url,
        login_url=settings.login_url,
        issuer=settings.token_issuer,
        service_url_hosts=settings.service_hosts,
        rate=settings.rate_limit,
    )


@asynccontextmanager
async def open_host(
    settings: Settings, policy: Policy, *, insecure_local: bool, clock: Clock = utc_now
) -> AsyncGenerator[Host]:
    """Opens everything and starts nothing. Raises StorageError where the database is of another revision."""
    metrics = Metrics()
    await asyncio.to_thread(schema.check, settings.database_url)
    await asyncio.to_thread(_warm, clock())
    store = SqlStore(settings.database_url)
    try:
        options = teams_options(settings, insecure_local=insecure_local)
        async with TeamsLine(options, metrics.count) as line:
            yield _host(settings, policy, store, line, metrics, clock)
    finally:
        await store.close()


def _warm(now: datetime) -> None:
    """Loads the calendar of holidays now, aside: at its first question it would hold everybody up for half a second."""
    for year in (now.year, now.year + 1):
        bank_holidays(year)


class _Waking:
    """The same store; the worker hears of new messages, so that a message leaves at once and not at the next poll."""

    def __init__(self, store: SqlStore, wake: Callable[[frozenset[Lane]], None]) -> None:
        self._store = store
        self._wake = wake

    def reading(self) -> SqlUnitOfWork:
        return self._store.reading()

    def writing(self) -> SqlUnitOfWork:
        uow = self._store.writing()
        uow.on_messages = self._wake
        return uow

    async def aside(self, work: Callable[[], T]) -> T:
        return await self._store.aside(work)


def _host(
    settings: Settings, policy: Policy, store: SqlStore, line: TeamsLine, metrics: Metrics, clock: Clock
) -> Host:
    addresses = Addresses(store)
    queue = OutboxQueue(store)
    deliverer = Deliverer(
        queue=queue,
        addresses=addresses,
        teams=line.teams,
        render=partial(_render, store, policy),
        open_chat=ChatOpener(store, line.teams, settings.tenant_id or LOCAL_TENANT).open,
        clock=clock,
    )
    waking = _Waking(store, deliverer.wake)
    conversing = Conversing(
        store=waking,
        conversations=addresses,
        teams=line.teams,
        directory=line.roster,
        policy=policy,
        clock=clock,
    )

    clockwork = Clockwork(waking, MarkedSlots(store), policy)

    async def tick() -> None:
        await clockwork.run_due(clock())

    health = Health(
        metrics=metrics,
        parts={
            "database": partial(_database_fails, store),
            "token_keys": partial(_keys_fail, line),
        },
        refresh=partial(_refresh, metrics, queue, clock),
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
    )
    return Host(line, store, conversing, deliverer, metrics, health, tick)


async def _render(
    store: SqlStore, policy: Policy, kind: str, subject: str, person_id: PersonId, now: datetime
) -> Rendered | None:
    message = await sending.render(store, policy, kind, subject, person_id, now)
    if message is None:
        return None
    return Rendered(message.card, message.summary, message.notify, message.shows)


async def _database_fails(store: SqlStore) -> str | None:
    try:
        async with store.reading() as uow:
            schema.require_current(await uow.transaction.run(schema.revision_of))
    except StorageError as error:
        return str(error)
    except Exception as error:
        return f"not reachable ({type(error).__name__})"
    return None


async def _keys_fail(line: TeamsLine) -> str | None:
    return None if line.ready or await line.warm() else "the token keys cannot be fetched"


async def _refresh(metrics: Metrics, queue: OutboxQueue, clock: Clock) -> None:
    now = clock()
    oldest = await queue.oldest_due(now)
    for lane in Lane:
        since = oldest.get(lane)
        age = (now - since).total_seconds() if since else 0.0
        metrics.oldest_seconds.labels(lane.name.lower()).set(max(0.0, age))


def web_application(host: Host) -> web.Application:
    """The routes, without a socket."""
    app = web.Application(client_max_size=256 * 1024)
    app.add_routes(host.health.routes())
    turn = host.line.handler(host.conversing.on_turn)

    async def messages(request: web.Request) -> web.StreamResponse:
        with host.metrics.turn_seconds.time():
            return await turn(request)

    app.router.add_post("/api/messages", messages)
    return app


@asynccontextmanager
async def running(host: Host) -> AsyncGenerator[None]:
    """The worker and the clock, for as long as the block lasts."""
    ticker = Ticker(host.tick, TICK_SECONDS)
    host.deliverer.start()
    ticker.start()
    warming = asyncio.create_task(host.line.warm())
    try:
        yield
    finally:
        ticker.stop()
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await host.deliverer.stop()


@asynccontextmanager
async def listening(host: Host, address: str, port: int) -> AsyncGenerator[None]:
    """The bot as it runs: routes, worker and clock. Leaving it takes no new turn and claims no new message, and gives
    those that are under way CLOSING_SECONDS, all at the same time: a supervisor kills soon after it has asked. What
    they committed is sent, or stays in the outbox. Raises SettingsError where the address cannot be had."""
    runner = web.AppRunner(web_application(host), access_log=None, shutdown_timeout=CLOSING_SECONDS / 2)
    await runner.setup()
    try:
        await _bind(runner, address, port)
        async with running(host):
            yield
            await asyncio.gather(
                runner.cleanup(), host.deliverer.stop(CLOSING_SECONDS), host.line.finish(CLOSING_SECONDS)
            )
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, address: str, port: int) -> None:
    """Before anything else begins: a second bot on the same port must not do one tick of work."""
    try:
        await web.TCPSite(runner, address, port).start()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingsError(
            f"Cannot listen on {address}, port {port}: {why}. Stop the other program, or set AUDIT_BOT_HOST and "
            "AUDIT_BOT_PORT."
        ) from None
