"""A town in which a Category 1 is raised: processes of the bot, killed at will, between a database, Teams' connector, a
mail server and the people on the ladder. What happens in it is checked against the ladder as the rules tell it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.app import utc_now
from bot.jobs import CHASE, FREED, LAPSE, REQUESTS
from dialogs.payloads import concerns as press
from storage.conversations import KnownConversation
from storage.tables import concern_steps, concerns, deliveries, outbox, trail
from tests.doubles.login import LoginDouble
from tests.doubles.smtp import MailServer
from tests.faults.forge import Forge
from tests.faults.holding import HoldingConnector
from tests.faults.pressing import Activity, pressed
from tests.faults.process import FAR_AHEAD, Process, Town, asked, environment, until
from tests.stories.council import PEOPLE
from tests.stories.world import text_of

CHILD = "C10432"
"""Of South Team: Hana is its head of service, Dina its director."""
GROUNDS = "Left alone for two nights"
LADDER = ("hana", "dina", "carol", "helen")
"""Head of service, director, DCS, head of quality; nobody has a deputy."""
Told = dict[str, int]


def raising(chat: Any, child: str = CHILD) -> Activity:
    """Raise it now, of the form."""
    return pressed(chat, press.Raise(child=child, category="1", grounds=GROUNDS).press())


def acknowledging(chat: Any, ref: str) -> Activity:
    return pressed(chat, press.Acknowledge(ref=ref).press())


class AlertTown(Town):
    """Everybody of the ladder has the app; no other job is due. `mail` is the second channel where a process is started
    `with_mail`."""

    mail: MailServer

    async def settle(self) -> None:
        async with self.store.writing() as uow:
            for job in (LAPSE, CHASE, FREED, REQUESTS):
                await uow.slots.take(job.name, FAR_AHEAD, utc_now())
            for key in LADDER:
                person = await uow.people.by_email(PEOPLE[key].email)
                assert person is not None
                where = PEOPLE[key].conversation, "personal", self.connector.url, self.login.tenant_id
                await uow.conversations.remember(KnownConversation(*where, None, person.id), utc_now())
            await uow.commit()

    @property
    def with_mail(self) -> dict[str, str]:
        return {
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "MAIL_FROM": "audits@council.example",
        }

    def begin(self, **settings: str) -> Process:
        """A process that may be stopped before it can say that it is ready."""
        process = Process(self._forge, environment(self.database_url, self.login, **settings), self.folder)
        self.processes.append(process)
        self.address = process.address
        return process

    async def start(self, **settings: str) -> Process:
        """As soon as it listens, ready or not: what the dead one left behind is not yet sent."""
        process = self.begin(**settings)

        async def listens() -> bool:
            assert process.alive, process.lines
            return (await asked(self.client, f"{process.address}/healthz"))[0] == 200

        await until(listens, "the process listens")
        return process

    async def raised(self) -> str:
        """Amelia raises a Category 1; it is answered. Gives its reference."""
        await self.chat("amelia").invoke(raising(self.chat("amelia")))
        return await self.the_ref()

    async def the_ref(self) -> str:
        [row] = await self.rows(select(concerns.c.id))
        return f"C-{row.id}"

    async def acknowledges(self, key: str, ref: str) -> None:
        await self.chat(key).invoke(acknowledging(self.chat(key), ref))

    async def minutes_pass(self, minutes: int) -> None:
        """As if the alert had begun so much earlier, and what waits had waited so much longer."""
        back = timedelta(minutes=minutes)
        moments = {
            concerns: ("alert_since", "alert_next_at"),
            outbox: ("created_at", "due_at"),
        }
        async with self.store.writing() as uow:
            for table, names in moments.items():
                for row in await uow.transaction.run(lambda c, of=table: list(c.execute(select(of)))):
                    values = row._mapping  # pyright: ignore[reportPrivateUsage]
                    earlier = {name: values[name] - back for name in names if values[name] is not None}
                    changed = update(table).where(table.c.id == row.id).values(earlier)
                    await uow.transaction.run(lambda c, what=changed: c.execute(what))
            await uow.commit()

    async def restarted(self, **settings: str) -> Process:
        """Another process finds what the dead one has left, and its leases run out; all that is due is sent."""
        await self.leases_run_out()
        process = await self.start(**settings)
        await self.all_told()
        return process

    async def all_told(self) -> None:
        """Until no step of the ladder is due, and no message of an alert waits, on either channel."""
        due = select(concerns.c.id).where(concerns.c.alert_next_at <= utc_now())

        async def none_waits() -> bool:
            waiting = "outbox WHERE lane = 0 AND state IN ('pending', 'claimed')"
            return not await self.rows(due) and await self.count(waiting) == 0

        await until(none_waits, "every alert has left")

    # what there is

    async def rows(self, statement: Any) -> list[Any]:
        return await self.ask(statement)

    async def concern(self) -> Any:
        [row] = await self.rows(select(concerns))
        return row

    def told(self, ref: str) -> Told:
        """How many messages of the alert stand in each chat."""
        return {key: sum(ref in text_of(card) for card in self.chat(key).cards) for key in LADDER}

    async def outcomes(self, key: str) -> list[str]:
        """What the ledger says of the alert's messages to somebody, in order."""
        found = await self.sql(
            "SELECT d.outcome FROM deliveries d JOIN outbox o ON o.id = d.outbox_id JOIN people p"
            " ON p.id = o.person_id WHERE o.lane = 0 AND p.email = :email ORDER BY d.id",
            email=PEOPLE[key].email,
        )
        return [row.outcome for row in found]

    async def sound(self) -> None:
        """I3, I4 and I5, and the chain of the trail."""
        verdict = await self.store.verify_trail()
        assert verdict.whole, f"the trail is broken at {verdict.seq}: {verdict.fault}"
        steps = await self.rows(select(concern_steps.c.at, concern_steps.c.command))
        entries = await self.rows(select(trail.c.at, trail.c.action))
        written = [(entry.at, entry.action) for entry in entries]
        for step in steps:
            assert written.count((step.at, f"concern.{step.command}")) == 1, step
        for row in await self.rows(select(concerns)):
            both = row.response_at is not None and row.oversight_at is not None
            assert both is (row.alert_next_at is None), "acknowledged, or still climbing"
        sent = await self.rows(
            select(deliveries.c.outbox_id, deliveries.c.message_id).where(deliveries.c.outcome == "sent")
        )
        assert len(sent) == len({line.outbox_id for line in sent}), "one is recorded as sent twice"
        arrived = {message.id for message in self.connector.sent} | set(self.mail.ids)
        assert {line.message_id for line in sent} <= arrived, "recorded as sent, and not there"


@asynccontextmanager
async def an_alert_town(
    database_url: str, folder: Path, login: LoginDouble, connector: HoldingConnector, forge: Forge, mail: MailServer
) -> AsyncGenerator[AlertTown]:  # fmt: skip
    """On a database with the council in it. No process runs yet."""
    town = AlertTown(database_url, folder, login, connector, forge)
    town.mail = mail
    try:
        await town.settle()
        yield town
    finally:
        mail.held.set()
        await town.close()
