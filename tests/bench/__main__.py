"""`make bench`: our full turns beside an echo on stock botbuilder and beside bare aiohttp, all in one run.

Absolute numbers are noise on a shared machine; the ratios are what counts. What a card costs is said against "my
audit", which is what people ask most: the bot's CPU for a turn of it is to be at most twice that. A turn is what
happens from the request to its answer, a commit included. What a write leads to after that, messages to others and
updates of their cards, is counted by itself and said in a line below: each is another card for another person.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from statistics import median

import aiohttp
from rich.console import Console
from rich.table import Table

from tests.bench.alerts import alerts_in_a_flood
from tests.bench.council import Waiting, build
from tests.bench.drawing import cpu_of_a_draw
from tests.bench.driver import (
    Connector,
    Measured,
    Target,
    free_port,
    load,
    load_of_writes,
    process,
    ready,
)
from tests.bench.people import AUDITORS, auditor
from tests.bench.turns import MY_AUDIT, Kind, approvals, cards, message, said
from tests.doubles.login import LoginDouble

TURNS = 900
APPROVALS = 300
WARM = 50
ROUNDS = 3
MOST = 2.0
"""What a card may cost of what "my audit" costs."""
NO_LIMIT = "100000"
STOCK = "stock botbuilder echo"
BARE = "bare aiohttp, one send"
APPROVAL = "exemption approved (durable write)"


async def _other(connector: Connector, name: str, module: str) -> Measured:
    bodies = said(TURNS)(connector.url)
    port = free_port()
    with process([module, str(port)]) as started:
        to = Target(f"http://127.0.0.1:{port}", started.pid)
        await ready(to.address)
        before = connector.taken
        measured = await load(name, to, bodies, WARM)
        if connector.taken - before != len(bodies):
            raise SystemExit(f"{name} answered {connector.taken - before} of {len(bodies)} messages")
        return measured


@dataclass(frozen=True, slots=True)
class Ours:
    """The real program, as `serve` runs it."""

    to: Target
    connector: Connector

    async def measure(self, kind: Kind) -> Measured:
        """One kind of turn, once nothing is left to send of those before."""
        await self._all_sent()
        bodies = kind.bodies(self.connector.url)
        if not kind.writes:
            return await load(kind.name, self.to, bodies, WARM)
        return await load_of_writes(kind.name, self.to, bodies, self.connector, self._all_sent, WARM)

    async def _all_sent(self) -> None:
        await _idle(self.to.address)


@asynccontextmanager
async def _ours(connector: Connector, url: str) -> AsyncGenerator[Ours]:
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
            "AUDIT_BOT_RATE_LIMIT": NO_LIMIT,
        }
        with process(["bot", "serve"], **environment) as started:
            to = Target(f"http://127.0.0.1:{port}", started.pid, login.channel_token(connector.url))
            await ready(to.address)
            yield Ours(to, connector)


async def _round(connector: Connector, url: str, waiting: Waiting) -> list[Measured]:
    """Every kind once, those that only look first. What is measured is the program, not the platform's limits on it."""
    found = [await _other(connector, STOCK, "tests.bench.stock_echo")]
    kinds = [
        Kind(MY_AUDIT, said(TURNS)),
        *cards(waiting.judged),
        Kind(APPROVAL, approvals(waiting.exemptions), writes=True),
    ]
    async with _ours(connector, url) as ours:
        await ours.measure(Kind("", lambda to: [message(to, auditor(n), "hi") for n in range(AUDITORS)]))
        found += [await ours.measure(kind) for kind in kinds]
    return [*found, await _other(connector, BARE, "tests.bench.bare_aiohttp")]


async def _idle(address: str) -> None:
    """Until the messages of what went before are out: they are not part of what is measured."""
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


async def _rounds(folder: Path) -> list[list[Measured]]:
    """The council is built once, and each round begins with a copy of it."""
    built = folder / "built.db"
    waiting = await asyncio.to_thread(build, f"sqlite:///{built}", folder, APPROVALS)
    async with Connector() as connector:
        found: list[list[Measured]] = []
        for number in range(ROUNDS):
            used = folder / f"round{number}.db"
            copy(built, used)
            found.append(await _round(connector, f"sqlite:///{used}", waiting))
        return found


def _rows(
    of_kind: Sequence[Measured], stocks: Sequence[Measured], mine: Sequence[Measured]
) -> Iterator[list[str]]:
    """The turn; and where it leads to messages, the turn with them."""
    ratio = median(m.rate / stock.rate for m, stock in zip(of_kind, stocks, strict=True))
    cost = median(m.cpu_ms / of.cpu_ms for m, of in zip(of_kind, mine, strict=True))
    over = " over" if cost > MOST and of_kind[0].name != STOCK else ""
    yield [
        of_kind[0].name,
        f"{median(m.rate for m in of_kind):,.0f}",
        f"{ratio:.1f}",
        f"{median(m.cpu_ms for m in of_kind):.2f}",
        f"{cost:.2f}{over}",
        f"{median(m.p99_ms for m in of_kind):.0f}",
    ]
    caused = [(m, m.caused, of) for m, of in zip(of_kind, mine, strict=True) if m.caused]
    if caused:
        messages = median(after.messages for _, after, _ in caused)
        both = median(turn.cpu_ms + after.cpu_ms for turn, after, _ in caused)
        cost = median((turn.cpu_ms + after.cpu_ms) / of.cpu_ms for turn, after, of in caused)
        yield [f"  with the {messages:.1f} messages it leads to", "", "", f"{both:.2f}", f"{cost:.2f}", ""]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rounds = asyncio.run(_rounds(Path(folder)))
    stocks = [of_round[0] for of_round in rounds]
    mine = [next(it for it in of_round if it.name == MY_AUDIT) for of_round in rounds]
    table = Table(title=f"Turns at 16 at once, one process; medians of {ROUNDS} rounds")
    for heading in ("turn", "turns a second", "x stock echo", "CPU ms a turn", "x my audit", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "turn" else "right")
    for of_kind in zip(*rounds, strict=True):
        for row in _rows(of_kind, stocks, mine):
            table.add_row(*row)
    console = Console(width=110)
    console.print(table)
    console.print(cpu_of_a_draw())
    console.print(alerts_in_a_flood())


if __name__ == "__main__":
    main()
