"""`make bench`: our full turns beside an echo on stock botbuilder and beside bare aiohttp, all in one run.

Absolute numbers are noise on a shared machine; the ratios are what counts.
"""

import asyncio
import json
import re
import tempfile
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from tests.bench.council import AUDITORS, account, auditor, build
from tests.bench.driver import Connector, Measured, free_port, load, process, ready
from tests.doubles import activities
from tests.doubles.login import LoginDouble

TURNS = 1500
APPROVALS = 500
WARM = 100
STOCK = "stock botbuilder echo"
BARE = "bare aiohttp, one send"
MY_AUDIT = "our my audit (token, database, card)"
APPROVAL = "our approval (token, durable write, card)"


def _message(service_url: str, number: int, text: str) -> bytes:
    who = {
        "from": {"id": f"29:{number}", "name": "Somebody", "aadObjectId": account(number)},
        "conversation": {
            "conversationType": "personal",
            "tenantId": activities.TENANT_ID,
            "id": f"a:{number}",
        },
    }
    return json.dumps(activities.message(service_url, text, **who)).encode()


def _approval(service_url: str, ref: str, version: int, number: int) -> bytes:
    who = {
        "from": {"id": f"29:{number}", "name": "Somebody", "aadObjectId": account(number)},
        "conversation": {
            "conversationType": "personal",
            "tenantId": activities.TENANT_ID,
            "id": f"a:{number}",
        },
    }
    data = {"ref": ref, "version": version}
    return json.dumps(activities.execute(service_url, "exemption.approve", data, **who)).encode()


async def _others(connector: Connector) -> list[Measured]:
    bodies = [_message(connector.url, auditor(n % AUDITORS), "whats my audit") for n in range(TURNS)]
    found: list[Measured] = []
    for name, module in ((STOCK, "tests.bench.stock_echo"), (BARE, "tests.bench.bare_aiohttp")):
        port = free_port()
        with process([module, str(port)]) as started:
            address = f"http://127.0.0.1:{port}"
            await ready(address)
            before = connector.taken
            found.append(await load(name, address, started.pid, bodies, None, WARM))
            if connector.taken - before != len(bodies):
                raise SystemExit(f"{name} answered {connector.taken - before} of {len(bodies)} messages")
    return found


async def _ours(connector: Connector, url: str, waiting: list[tuple[str, int, int]]) -> list[Measured]:
    port = free_port()
    async with LoginDouble() as login:
        environment = {
            "AUDIT_BOT_DATABASE_URL": url,
            "AUDIT_BOT_PORT": str(port),
            "AUDIT_BOT_APP_ID": login.app_id,
            "AUDIT_BOT_TENANT_ID": login.tenant_id,
            "AUDIT_BOT_APP_PASSWORD": login.password,
            "AUDIT_BOT_OPENID_METADATA_URL": login.metadata_url,
            "AUDIT_BOT_LOGIN_URL": login.login_url,
            "AUDIT_BOT_SERVICE_URL_HOSTS": "127.0.0.1",
            "AUDIT_BOT_RATE_LIMIT": "100000",
            "AUDIT_BOT_LOG_LEVEL": "WARNING",
        }
        token = login.channel_token(connector.url)
        reads = [
            _message(connector.url, auditor(n % AUDITORS), "whats my audit this month") for n in range(TURNS)
        ]
        writes = [_approval(connector.url, *one) for one in waiting]
        with process(["bot", "serve"], **environment) as started:
            address = f"http://127.0.0.1:{port}"
            await ready(address)
            first = await load(
                "",
                address,
                started.pid,
                [_message(connector.url, auditor(n), "hi") for n in range(AUDITORS)],
                token,
                1,
            )
            assert first.rate > 0
            await _idle(address)
            return [
                await load(MY_AUDIT, address, started.pid, reads, token, WARM),
                await load(APPROVAL, address, started.pid, writes, token, WARM),
            ]


async def _idle(address: str) -> None:
    """Until the messages of the preparation are out: they are not part of what is measured."""
    async with aiohttp.ClientSession() as client:
        for _ in range(600):
            async with client.get(f"{address}/metrics") as page:
                ages = re.findall(
                    r"^audit_bot_outbox_oldest_seconds{.*} (\S+)", await page.text(), re.MULTILINE
                )
            if ages and not any(float(age) for age in ages):
                return
            await asyncio.sleep(0.2)
    raise SystemExit("the outbox did not empty")


async def _measure(url: str, waiting: list[tuple[str, int, int]]) -> list[Measured]:
    async with Connector() as connector:
        return [*await _others(connector), *await _ours(connector, url, waiting)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        waiting = build(url, Path(folder), APPROVALS)
        found = asyncio.run(_measure(url, waiting))
    stock = next(m for m in found if m.name == STOCK)
    table = Table(title="Turns at 16 at once, one process")
    for heading in ("turn", "turns a second", "x stock echo", "CPU ms a turn", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "turn" else "right")
    for m in found:
        table.add_row(
            m.name, f"{m.rate:,.0f}", f"{m.rate / stock.rate:.1f}", f"{m.cpu_ms:.2f}", f"{m.p99_ms:.0f}"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
