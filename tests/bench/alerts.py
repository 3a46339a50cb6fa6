"""How long an alert takes from the press that raises it to the connector while 15,000 nudges wait at the tenant's
limit: the real program against a connector that enforces Teams' limits (case 32)."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from dialogs.payloads import concerns as press
from storage.schema import upgrade
from storage.unit_of_work import SqlStore
from tests.bench import flood
from tests.bench.driver import free_port, process, ready
from tests.doubles import activities
from tests.doubles.connector import ConnectorDouble
from tests.doubles.login import TENANT_ID, LoginDouble

RATE = 50
APART = 0.1
"""Seconds between one press and the next."""
WARM_SECONDS = 3.0


async def _alerts(folder: Path) -> tuple[list[float], int, int]:
    """Seconds for each alert; how many nudges left meanwhile, and how often Teams would have said "slow down"."""
    url = f"sqlite:///{folder / 'flood.db'}"
    await asyncio.to_thread(upgrade, url)
    async with LoginDouble() as login, ConnectorDouble(login.issued, rate=RATE) as connector:
        store = SqlStore(url)
        await flood.build(store, folder, connector.url, TENANT_ID, datetime.now(UTC))
        await store.close()
        port = free_port()
        environment = {
            "AUDIT_BOT_DATABASE_URL": url,
            "AUDIT_BOT_PORT": str(port),
            "AUDIT_BOT_APP_ID": login.app_id,
            "AUDIT_BOT_TENANT_ID": login.tenant_id,
            "AUDIT_BOT_APP_PASSWORD": login.password,
            "AUDIT_BOT_OPENID_METADATA_URL": login.metadata_url,
            "AUDIT_BOT_LOGIN_URL": login.login_url,
            "AUDIT_BOT_SERVICE_URL_HOSTS": "127.0.0.1",
            "AUDIT_BOT_LOG_LEVEL": "ERROR",
            "AUDIT_BOT_RATE_LIMIT": str(RATE),
        }
        with process(["bot", "serve"], **environment):
            await ready(f"http://127.0.0.1:{port}")
            await asyncio.sleep(WARM_SECONDS)
            times = await _raised(f"http://127.0.0.1:{port}", login, connector)
    return times, len(connector.sent) - 2 * flood.ALERTS, len(connector.violations)


async def _raised(address: str, login: LoginDouble, connector: ConnectorDouble) -> list[float]:
    loop = asyncio.get_running_loop()
    token = login.channel_token(f"{connector.url}/")
    begun: list[float] = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as client:
        for number in range(flood.ALERTS):
            begun.append(loop.time())
            async with client.post(f"{address}/api/messages", json=_press(connector.url, number)) as answer:
                if answer.status != 200:
                    raise SystemExit(f"an alert was answered with {answer.status}: {await answer.text()}")
            await asyncio.sleep(APART)
        paths = [f"POST /v3/conversations/{flood.head(n)}/activities" for n in range(flood.ALERTS)]
        for _ in range(300):
            came = {path: at for at, path in reversed(connector.arrivals)}
            if all(path in came for path in paths):
                return [came[path] - at for path, at in zip(paths, begun, strict=True)]
            await asyncio.sleep(0.1)
    raise SystemExit("not every alert has arrived")


def _press(service_url: str, number: int) -> activities.Activity:
    button = press.Raise(
        child=flood.child(number), category="1", grounds="Nobody has seen the child."
    ).press()
    who = {"id": "29:raiser", "name": "Rae Raiser", "aadObjectId": flood.RAISER}
    where = {"conversationType": "personal", "tenantId": TENANT_ID, "id": "a:raiser"}
    return activities.execute(service_url, button.verb, button.data, **{"from": who, "conversation": where})


def alerts_in_a_flood() -> str:
    """Two sentences."""
    with tempfile.TemporaryDirectory() as folder:
        times, nudges, slow = asyncio.run(_alerts(Path(folder)))
    ordered = sorted(times)
    middle, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99) - 1]
    return (
        f"{len(times)} alerts among {flood.NUDGES:,} nudges at {RATE} a second, from the press to the connector: "
        f"median {middle * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms. "
        f"Beside them {nudges} other messages left; over Teams' limits: {slow}."
    )


if __name__ == "__main__":
    print(alerts_in_a_flood())
