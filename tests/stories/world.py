"""The whole bot between honest doubles: real HTTP, signed tokens, a real database, and a clock that the story sets."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.app import Host, open_host, running, web_application
from bot.settings import Settings
from domain.policy import Policy
from storage.imports.run import Import
from storage.repositories.sql import untyped
from storage.tables import trail
from storage.unit_of_work import SqlStore
from tests.doubles import activities
from tests.doubles.connector import ConnectorDouble, Message
from tests.doubles.login import LoginDouble
from tests.stories.council import PEOPLE, Somebody, people_csv, write_files

MID_MONTH = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
MONTHS = ("2026-11", "2026-10", "2026-11-02")
"""What `write_files` wants: this month, the last one, and when this month's audits were issued."""
CardJson = dict[str, Any]


@dataclass
class StoryClock:
    now: datetime = MID_MONTH

    def __call__(self) -> datetime:
        return self.now

    def to(self, *args: int) -> None:
        self.now = datetime(*args, tzinfo=UTC)  # type: ignore[arg-type]

    def forward(self, **how_far: float) -> None:
        self.now += timedelta(**how_far)


class World:
    """`world.chat("amelia")` is a person at their client; `world.clock` the time; `world.tick()` the ticker."""

    def __init__(
        self,
        host: Host,
        address: str,
        login: LoginDouble,
        connector: ConnectorDouble,
        clock: StoryClock,
        folder: Path,
    ) -> None:
        self.folder = folder
        self.host = host
        self.address = address
        self.login = login
        self.connector = connector
        self.clock = clock
        self.client = aiohttp.ClientSession()
        self.seen: dict[str, int] = {}
        self.replaced: list[tuple[CardJson, str]] = []

    @property
    def store(self) -> SqlStore:
        return self.host.store

    def chat(self, who: str | Somebody) -> "Chat":
        return Chat(self, PEOPLE[who] if isinstance(who, str) else who)

    async def post(self, activity: dict[str, Any]) -> tuple[int, Any]:
        """As Teams posts it, with a token signed for this service URL."""
        token = self.login.channel_token(f"{self.connector.url}/")
        headers = {"Authorization": f"Bearer {token}"}
        async with self.client.post(
            f"{self.address}/api/messages", json=activity, headers=headers
        ) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def tick(self) -> None:
        """The clock's jobs, then everything they sent."""
        await self.host.tick()
        await self.delivered()

    async def delivered(self) -> None:
        """All that is due by the story's clock has been sent; e-mails where the story has a mail server."""
        self.clock.forward(seconds=1)
        await self.host.deliverer.drain()
        if self.host.mailing is not None:
            await self.host.mailing.drain()

    async def imported(self, kind: str, path: Path) -> None:
        report = await Import(kind, path, Policy(), now=self.clock()).run(self.store)
        assert not report.refused, report

    async def trail(self, subject: str | None = None) -> list[str]:
        """The actions of the trail (about one subject), oldest first; the imports left out."""
        rows = await self.ask(select(trail.c.action, trail.c.subject).order_by(trail.c.seq))
        return [
            row.action
            for row in rows
            if not row.action.startswith("import.") and subject in (None, row.subject)
        ]

    async def ask(self, statement: object) -> list[Any]:
        """The rows of a question to the database."""
        async with self.store.reading() as uow:
            return await uow.transaction.run(lambda c: list(c.execute(untyped(statement))))

    async def people_change(self, changes: dict[str, dict[str, str]]) -> None:
        """The people file is imported again with other values in some columns, by key of the person."""
        await self.imported("people", self._file("people", people_csv(changes)))

    async def teams_change(self, text: str) -> None:
        await self.imported("teams", self._file("teams", text))

    def _file(self, kind: str, text: str) -> Path:
        path = self.folder / f"{kind}-again.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def everybody(self) -> Iterator["Chat"]:
        return (self.chat(key) for key in PEOPLE)


class Chat:
    """One person's chat with the bot, as their client has it."""

    def __init__(self, world: World, who: Somebody) -> None:
        self.world = world
        self.who = who

    def _identity(self, conversation: str | None = None) -> dict[str, Any]:
        tenant = self.world.login.tenant_id
        chat = conversation or self.who.conversation
        return {
            "from": {"id": f"29:{self.who.key}", "name": self.who.name, "aadObjectId": self.who.aad},
            "conversation": {"conversationType": "personal", "tenantId": tenant, "id": chat},
        }

    def place(self) -> dict[str, Any]:
        """Who sends, and from where: what only Teams can say."""
        return self._identity()

    @property
    def messages(self) -> list[Message]:
        return self.world.connector.messages[self.who.conversation]

    @property
    def cards(self) -> list[CardJson]:
        return [message.card for message in self.messages if message.card is not None]

    def card(self, part: str) -> CardJson:
        """The newest card that shows `part`."""
        for card in reversed(self.cards):
            if part in text_of(card):
                return card
        raise AssertionError(
            f"no card of {self.who.key} shows {part!r}: {[text_of(c)[:200] for c in self.cards]}"
        )

    async def install(self) -> None:
        status, _ = await self.world.post(activities.installed(self.world.connector.url, **self._identity()))
        assert status == 200

    def news(self) -> list[Message]:
        """The messages that came since this was asked last; a card that was updated in place is not a new one."""
        seen = self.world.seen.get(self.who.key, 0)
        self.world.seen[self.who.key] = len(self.messages)
        return self.messages[seen:]

    def told(self) -> str:
        """All that can be read in what came since this was asked last."""
        return "\n".join(f"{m.activity.get('summary', '')}\n{m.text}\n{text_of(m.card)}" for m in self.news())

    async def asks(self, text: str, **replaced: Any) -> str:
        """What can be read in the answer to what was written."""
        message = await self.say(text, **replaced)
        self.news()
        return f"{message.text}\n{text_of(message.card)}"

    async def says(self, text: str) -> CardJson:
        """The card that answers what was written."""
        card = (await self.say(text)).card
        assert card is not None, f"no card answers {text!r}"
        self.news()
        return card

    async def say(self, text: str, **replaced: Any) -> Message:
        """Writes, and gives the newest message in the chat, which must be a new one."""
        before = len(self.messages)
        activity = activities.message(self.world.connector.url, text, **{**self._identity(), **replaced})
        status, _ = await self.world.post(activity)
        assert status in (200, 201, 202), status
        assert len(self.messages) > before, f"no answer to {text!r}"
        return self.messages[-1]

    def activity_of(self, card: CardJson, title: str, **filled: Any) -> dict[str, Any]:
        """The invoke that pressing a button makes, with what was filled in."""
        button, visible = button_of(card, title)
        unknown = set(filled) - visible
        assert not unknown, f"the card has no input {unknown}, only {visible}"
        data = {**button["data"], **filled}
        message_id = self._id_of(card)
        place = {"replyToId": message_id} if message_id else {}
        return activities.execute(
            self.world.connector.url, button["verb"], data, **{**self._identity(), **place}
        )

    def _id_of(self, card: CardJson) -> str | None:
        """Of the message that the card stands in, also where it took another one's place after a press."""
        replaced = next((place for shown, place in reversed(self.world.replaced) if shown is card), None)
        if replaced is not None:
            return replaced
        return next((m.id for m in self.messages if m.card is card or m.card == card), None)

    async def press(self, card: CardJson, title: str, **filled: Any) -> CardJson | str:
        """Presses a button; gives the card that takes its place, or the short message."""
        return await self.invoke(self.activity_of(card, title, **filled))

    async def submit(self, card: CardJson, title: str, **filled: Any) -> None:
        """The same button on a client that does not know Execute: its fallback, answered by a message or update."""
        button, _ = button_of(card, title)
        fallback = button["fallback"]
        assert fallback["type"] == "Action.Submit", fallback
        assert fallback["data"]["verb"] == button["verb"]
        message_id = self._id_of(card)
        activity = activities.submit(
            self.world.connector.url,
            button["verb"],
            {**fallback["data"], **filled},
            **{**self._identity(), "replyToId": message_id},
        )
        status, _ = await self.world.post(activity)
        assert status == 200

    async def opens(self, card: CardJson, title: str, **filled: Any) -> CardJson:
        """Presses a button that a card answers."""
        answer = await self.press(card, title, **filled)
        assert not isinstance(answer, str), answer
        return answer

    async def hears(self, card: CardJson, title: str, **filled: Any) -> str:
        """Presses a button that a short message answers: the card stays, with what was typed in it."""
        answer = await self.press(card, title, **filled)
        assert isinstance(answer, str), text_of(answer)
        return answer

    async def invoke(self, activity: dict[str, Any]) -> CardJson | str:
        status, answer = await self.world.post(activity)
        assert status == 200, (status, answer)
        assert answer["statusCode"] == 200, answer
        if isinstance(answer["value"], dict):
            self.world.replaced.append((answer["value"], activity["replyToId"]))
        return answer["value"]


def walk(card: object) -> Iterator[dict[str, Any]]:
    """Every element and action, in reading order; fallbacks are not walked."""
    if isinstance(card, list):
        for item in cast("list[Any]", card):
            yield from walk(item)
    elif isinstance(card, dict):
        element = cast("dict[str, Any]", card)
        yield element
        for name, value in element.items():
            if name not in ("fallback", "data"):
                yield from walk(value)


def text_of(card: object) -> str:
    """What can be read on it."""
    found: list[str] = []
    for element in walk(card):
        for name in ("text", "title", "value", "label", "placeholder"):
            if isinstance(element.get(name), str):
                found.append(element[name])
    return "\n".join(found)


def buttons(card: object) -> list[str]:
    return [e["title"] for e in walk(card) if e.get("type") == "Action.Execute"]


def reads(card: object) -> str:
    """What can be read on a card or in a short message."""
    return card if isinstance(card, str) else text_of(card)


def button_of(card: object, title: str) -> tuple[dict[str, Any], set[str]]:
    """The Execute button of that title, and the ids of all inputs on the card."""
    inputs = {e["id"] for e in walk(card) if str(e.get("type", "")).startswith("Input.")}
    for element in walk(card):
        if element.get("type") == "Action.Execute" and element.get("title") == title:
            return element, inputs
    raise AssertionError(f"no button {title!r}, only {buttons(card)}")


def choices(card: object, field: str) -> dict[str, str]:
    """Title → value of a choice list."""
    for element in walk(card):
        if element.get("id") == field:
            return {choice["title"]: choice["value"] for choice in element["choices"]}
    raise AssertionError(f"no input {field!r}")


@asynccontextmanager
async def a_world(
    database_url: str,
    folder: Path,
    login: LoginDouble,
    connector: ConnectorDouble,
    *,
    worker: bool = False,
    settled: bool = False,
    **more: Any,
) -> AsyncGenerator[World]:
    """The council's files are imported, where the database is not `settled` with them already; `worker` runs the
    delivery loops and the ticker as `serve` does; `more` are settings."""
    clock = StoryClock()
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        database_url=database_url,
        app_id=login.app_id,
        tenant_id=login.tenant_id,
        app_password=login.password,  # pyright: ignore[reportArgumentType]
        openid_metadata_url=login.metadata_url,
        login_url=login.login_url,
        service_url_hosts="127.0.0.1",
        **more,
    )
    async with open_host(settings, Policy(), insecure_local=False, clock=clock) as host:
        server = TestServer(web_application(host))
        await server.start_server()
        world = World(host, str(server.make_url("")).rstrip("/"), login, connector, clock, folder)
        try:
            for kind, path in write_files(folder, *MONTHS):
                if not settled:
                    await world.imported(kind, path)
            for person in PEOPLE.values():
                entry = activities.roster_entry(person.aad, person.email)
                connector.rosters[person.conversation] = [
                    {**entry, "id": f"29:{person.key}", "name": person.name}
                ]
            if worker:
                async with running(host):
                    yield world
            else:
                yield world
        finally:
            await world.client.close()
            await server.close()
            await asyncio.sleep(0)
