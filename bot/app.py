"""The composition root: the one place where dialogs, storage and the platform are put together."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from aiohttp import web

from bot.addresses import Addresses, ChatOpener
from bot.conversing import Conversing
from bot.delivery import Deliverer, Rendered
from bot.health import Health, Metrics
from bot.heartbeat import heartbeat_of
from bot.jobs import Clockwork
from bot.mail import Mailer, MailOptions, mail_options
from bot.mailing import Mailing
from bot.selfcheck import SelfCheck
from bot.settings import Settings, SettingsError, secret
from bot.slots import MarkedSlots
from bot.teams.line import TeamsLine, TeamsOptions, proof_of
from bot.ticker import Ticker
from bot.waking import Waking
from dialogs import sending
from dialogs.telling import emails
from domain.calendar import bank_holidays
from domain.lanes import Lane
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import Clock
from domain.selfcheck import TICK
from storage import schema
from storage.errors import StorageError
from storage.outbox import OutboxQueue
from storage.unit_of_work import SqlStore

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.app")

TICK_SECONDS = TICK.total_seconds()
CLOSING_SECONDS = 10.0
"""The web server waits half of it for a turn's own end, and half again after it has asked the turn to end."""
LOCAL_TENANT = "local"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Host:
    """What runs: the web application's parts, the workers and the clock. `mailing` is None where no second channel is
    set."""

    line: TeamsLine
    store: SqlStore
    conversing: Conversing
    deliverer: Deliverer
    mailing: Mailing | None
    metrics: Metrics
    health: Health
    check: SelfCheck
    work: Callable[[], Awaitable[None]]
    """What is due by the clock, once."""
    tick: Callable[[], Awaitable[None]]
    """The work, and every minute the self-check after it."""

    def start_workers(self) -> None:
        self.deliverer.start()
        if self.mailing is not None:
            self.mailing.start()

    async def stop_workers(self, seconds: float = 10.0) -> None:
        mailing = [self.mailing.stop(seconds)] if self.mailing is not None else []
        await asyncio.gather(self.deliverer.stop(seconds), *mailing)


def teams_options(settings: Settings, *, insecure_local: bool) -> TeamsOptions:
    if insecure_local:
        return TeamsOptions()
    return TeamsOptions(
        app_id=settings.app_id,
        tenant_id=settings.tenant_id,
        proof=proof_of(
            secret(settings.app_password), settings.app_certificate_file, settings.app_federated_token_file
        ),
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
    """Opens everything and starts nothing. Raises StorageError where the database is of another revision, SettingsError
    where the second channel or the heartbeat cannot be meant so."""
    mail = mail_options(secret(settings.smtp_url), settings.mail_from)
    heartbeat = heartbeat_of(secret(settings.heartbeat_url))
    metrics = Metrics()
    await asyncio.to_thread(schema.check, settings.database_url)
    await asyncio.to_thread(_warm, clock())
    store = SqlStore(settings.database_url)
    check = SelfCheck(store, policy, clock, metrics, heartbeat, mail=mail is not None)
    try:
        options = teams_options(settings, insecure_local=insecure_local)
        async with TeamsLine(options, metrics.count) as line:
            yield _host(settings, policy, store, line, metrics, clock, check, mail)
    finally:
        await check.aclose()
        await store.close()


def _warm(now: datetime) -> None:
    """Loads the calendar of holidays now, aside: at its first question it would hold everybody up for half a second."""
    for year in (now.year, now.year + 1):
        bank_holidays(year)


def _host(
    settings: Settings,
    policy: Policy,
    store: SqlStore,
    line: TeamsLine,
    metrics: Metrics,
    clock: Clock,
    check: SelfCheck,
    mail: MailOptions | None,
) -> Host:
    addresses = Addresses(store)
    queue = OutboxQueue(store, mail=mail is not None)
    deliverer = Deliverer(
        queue=queue,
        addresses=addresses,
        teams=line.teams,
        render=partial(_render, store, policy),
        open_chat=ChatOpener(store, line.teams, settings.tenant_id or LOCAL_TENANT).open,
        clock=clock,
    )
    mailing = _mailing(policy, store, queue, clock, mail) if mail else None
    queue.on_refused = mailing.wake if mailing else None
    waking = Waking(store, deliverer.wake)
    conversing = Conversing(
        store=waking,
        conversations=addresses,
        teams=line.teams,
        directory=line.roster,
        policy=policy,
        clock=clock,
        checked=check.report,
    )

    clockwork = Clockwork(waking, MarkedSlots(store), policy)

    async def work() -> None:
        if await _safely(queue.pull_forward(clock())):
            deliverer.wake()
        await clockwork.run_due(clock())
        if mailing is not None:
            await _safely(mailing.put_overdue(clock()))

    async def tick() -> None:
        await work()
        check.ticked()
        await check.run_due()

    health = Health(
        metrics=metrics,
        parts={
            "database": partial(_database_fails, store),
            "token_keys": partial(_keys_fail, line),
            **check.parts(),
        },
        refresh=partial(_refresh, metrics, queue, clock),
        metrics_token=secret(settings.metrics_token),
    )
    return Host(line, store, conversing, deliverer, mailing, metrics, health, check, work, tick)


def _mailing(
    policy: Policy, store: SqlStore, queue: OutboxQueue, clock: Clock, options: MailOptions
) -> Mailing:
    return Mailing(
        queue=queue,
        sender=Mailer(options),
        render=partial(emails.render, store, policy),
        clock=clock,
        overdue=timedelta(minutes=policy.concerns.email_after_minutes),
    )


async def _safely(putting: Awaitable[int]) -> int:
    """What it gave; 0 where it failed, and it is tried again at the next tick."""
    try:
        return await putting
    except Exception:
        log.exception("outbox_not_put_right")
        return 0


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
    """The workers and the clock, for as long as the block lasts."""
    ticker = Ticker(host.tick, TICK_SECONDS)
    host.start_workers()
    ticker.start()
    warming = asyncio.create_task(host.line.warm())
    try:
        yield
    finally:
        ticker.stop()
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await host.stop_workers()


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
                runner.cleanup(), host.stop_workers(CLOSING_SECONDS), host.line.finish(CLOSING_SECONDS)
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
