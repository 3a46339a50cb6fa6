"""`serve` and `run-due`: the process around the host."""

import asyncio
import gc
import signal
from datetime import datetime

import structlog
import typer

from bot import logs
from bot.app import listening, open_host, utc_now
from bot.settings import Settings
from domain.policy import Policy

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.serving")


def serve(settings: Settings, policy: Policy, *, insecure_local: bool) -> int:
    """Until SIGTERM or Ctrl-C; then what is in flight is finished or given back."""
    logs.configure(settings.log_level, settings.log_format)
    return asyncio.run(_serve(settings, policy, insecure_local=insecure_local))


async def _serve(settings: Settings, policy: Policy, *, insecure_local: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with (
        open_host(settings, policy, insecure_local=insecure_local) as host,
        listening(host, settings.host, settings.port),
    ):
        gc.freeze()  # what is there now stays for good: the collector need not walk it while somebody waits
        log.info("serving", host=settings.host, port=settings.port, sign_in=not insecure_local)
        await stop.wait()
        log.info("stopping")
    return 0


def run_due_once(settings: Settings, policy: Policy, *, now: datetime | None, insecure_local: bool) -> int:
    """Plans and delivers what is due by the clock (`now` stands still when it is given), then looks whether all is well
    and says on stderr what is not. 0 also then: what was due was done, and the missing heartbeat raises the alarm."""
    logs.configure(settings.log_level, settings.log_format)
    return asyncio.run(_run_due(settings, policy, now, insecure_local=insecure_local))


async def _run_due(settings: Settings, policy: Policy, now: datetime | None, *, insecure_local: bool) -> int:
    clock = utc_now if now is None else lambda: now
    async with open_host(settings, policy, insecure_local=insecure_local, clock=clock) as host:
        await host.work()
        handled = await host.deliverer.drain()
        if host.mailing is not None:
            handled += await host.mailing.drain()
        await host.check.run()
        await host.check.beat_once()
        log.info("run_due", handled=handled)
        for finding in host.check.found():
            typer.echo(f"audit-bot: {finding}", err=True)
    return 0
