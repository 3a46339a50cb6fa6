"""`make bench`: our full turns beside an echo on stock botbuilder and beside bare aiohttp, all in one run.

Absolute numbers are noise on a shared machine; the ratios are what counts.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

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
ROUNDS = 3
NO_LIMIT = "100000"
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


async def _other(connector: Connector, name: str, module: str) -> Measured:
    bodies = [_message(connector.url, auditor(n % AUDITORS), "whats my audit") for n in range(TURNS)]
    port = free_port()
    with process([module, str(port)]) as started:
        address = f"http://127.0.0.1:{port}"
        await ready(address)
        before = connector.taken
        measured = await load(name, address, started.pid, bodies, None, WARM)
        if connector.taken - before != len(bodies):
            raise SystemExit(f"{name} answered {connector.taken - before} of {len(bodies)} messages")
        return measured


async def _ours(connector: Connector, name: str, url: str, bodies: list[bytes], **settings: str) -> Measured:
    """One kind of turn on the real program, as `serve` runs it."""
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
            "AUDIT_BOT_LOG_LEVEL": "WARNING",
            **settings,
        }
        token = login.channel_token(connector.url)
        with process(["bot", "serve"], **environment) as started:
            address = f"http://127.0.0.1:{port}"
            await ready(address)
            await _idle(address)
            return await load(name, address, started.pid, bodies, token, WARM)


async def _round(connector: Connector, folder: Path) -> list[Measured]:
    """Every kind once. The replies to `my audit` are what is measured, so its tenant limit is lifted; an approval's
    answer is the HTTP answer, and the messages it causes leave at the platform's 50 a second, as in life."""
    url = f"sqlite:///{folder}/bench.db"
    waiting = await asyncio.to_thread(build, url, folder, APPROVALS)
    greetings = [_message(connector.url, auditor(n), "hi") for n in range(AUDITORS)]
    await _ours(connector, "", url, greetings, AUDIT_BOT_RATE_LIMIT=NO_LIMIT)
    reads = [
        _message(connector.url, auditor(n % AUDITORS), "whats my audit this month") for n in range(TURNS)
    ]
    writes = [_approval(connector.url, *one) for one in waiting]
    return [
        await _other(connector, STOCK, "tests.bench.stock_echo"),
        await _ours(connector, MY_AUDIT, url, reads, AUDIT_BOT_RATE_LIMIT=NO_LIMIT),
        await _ours(connector, APPROVAL, url, writes),
        await _other(connector, BARE, "tests.bench.bare_aiohttp"),
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


async def _rounds() -> list[list[Measured]]:
    async with Connector() as connector:
        found: list[list[Measured]] = []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                found.append(await _round(connector, Path(folder)))
        return found


def _row(of_kind: Sequence[Measured], stocks: Sequence[Measured]) -> list[str]:
    ratio = median(m.rate / stock.rate for m, stock in zip(of_kind, stocks, strict=True))
    return [
        of_kind[0].name,
        f"{median(m.rate for m in of_kind):,.0f}",
        f"{ratio:.1f}",
        f"{median(m.cpu_ms for m in of_kind):.2f}",
        f"{median(m.p99_ms for m in of_kind):.0f}",
    ]


def main() -> None:
    rounds = asyncio.run(_rounds())
    stocks = [of_round[0] for of_round in rounds]
    table = Table(title=f"Turns at 16 at once, one process; medians of {ROUNDS} rounds")
    for heading in ("turn", "turns a second", "x stock echo", "CPU ms a turn", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "turn" else "right")
    for of_kind in zip(*rounds, strict=True):
        table.add_row(*_row(of_kind, stocks))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
