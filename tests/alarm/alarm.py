"""What happens to an alert, as its stories want to say it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.calendar import local_date
from domain.people import Actor, Scope
from domain.policy import Policy
from domain.ports import Once
from domain.usecases.alerting import acknowledge
from domain.usecases.concern_raising import RaiseWish, raise_concern
from storage.tables import deliveries, outbox
from tests.doubles.heartbeat import HeartbeatListener
from tests.doubles.smtp import MailServer
from tests.stories.council import PEOPLE
from tests.stories.world import World

CHILD = "C10432"
"""Of South Team: Hana is its head of service, Dina its director."""
GROUNDS = "Left alone for two nights"
POLICY = Policy()


@dataclass
class Alarm:
    world: World
    mail: MailServer
    listener: HeartbeatListener
    done: int = 0

    async def install(self) -> None:
        for key in ("hana", "dina", "carol", "helen", "quinn", "amelia"):
            await self.world.chat(key).install()
            self.world.chat(key).news()

    async def _actor(self, key: str) -> Actor:
        async with self.world.store.reading() as uow:
            actor = await uow.people.actor(PEOPLE[key].aad)
        assert actor is not None
        return actor

    def _once(self) -> Once:
        self.done += 1
        return Once(f"turn-{self.done}", "digest")

    async def raises(self, child: str = CHILD) -> str:
        """Amelia raises a Category 1; gives its reference. Nothing is delivered yet."""
        amelia, wish = await self._actor("amelia"), RaiseWish(child, "1", GROUNDS)
        store, now = self.world.store, self.world.clock()
        return (await raise_concern(store, POLICY, amelia, wish, now, self._once())).subject

    async def acknowledges(self, key: str, ref: str) -> None:
        actor, now = await self._actor(key), self.world.clock()
        await acknowledge(self.world.store, POLICY, actor, ref, now, self._once())

    async def stands_in(self, deputy: str, principal: str) -> None:
        """Today, for children of concern."""
        to, by, today = (
            await self._actor(deputy),
            await self._actor(principal),
            local_date(self.world.clock()),
        )
        async with self.world.store.writing() as uow:
            await uow.delegations.add(by.id, to.id, Scope.CONCERNS, today, today)
            await uow.commit()

    async def minutes(self, number: float) -> None:
        """So much later, the clock ticks once, and what is due is sent."""
        self.world.clock.forward(minutes=number)
        await self.world.tick()

    def blocks(self, *keys: str) -> None:
        """Teams says for good that these cannot be written to."""
        for key in keys:
            self.world.connector.refuse(PEOPLE[key].conversation, 403)

    def teams_is_down(self, *keys: str) -> None:
        for key in keys:
            self.world.connector.refuse(PEOPLE[key].conversation, 503)

    def teams_is_back(self) -> None:
        self.world.connector.refused.clear()

    async def ready(self) -> tuple[int, dict[str, str]]:
        """The status of `/readyz`, and what it says is failing; the token keys left out."""
        async with self.world.client.get(f"{self.world.address}/readyz") as response:
            body: dict[str, Any] = await response.json()
            return response.status, body["failing"]

    async def rows(self, channel: str = "email") -> list[Any]:
        return await self.world.ask(select(outbox).where(outbox.c.channel == channel).order_by(outbox.c.id))

    async def ledger(self, row: int) -> list[tuple[str, str]]:
        lines = await self.world.ask(
            select(deliveries).where(deliveries.c.outbox_id == row).order_by(deliveries.c.id)
        )
        return [(line.outcome, line.reason) for line in lines]

    def came(self, key: str) -> str:
        return self.world.chat(key).told()


def letter(server: MailServer, place: int = -1) -> str:
    """All that can be read in one of the e-mails that came."""
    message = server.messages[place]
    return f"{message['Subject']}\n{message.get_content()}"
