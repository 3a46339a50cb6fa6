"""What did not arrive: for the QA team, with what to do (fault 31)."""

from datetime import datetime

from domain.calendar import local_date
from domain.people import Actor
from domain.permissions import Belongs, Permission, allowed, require
from domain.ports import Store
from domain.views import FailedDeliveries, FailedLine

MOST = 20
LATEST = 3
"""Failed messages beside the rest of how the program is."""


async def failed(store: Store, actor: Actor, now: datetime, first: int = 0) -> FailedDeliveries:
    """The messages from number `first` on that did not arrive, oldest first, at most MOST. Raises NotAllowed."""
    require(actor, Permission.DELIVERY_VIEW, Belongs(), local_date(now))
    async with store.reading() as uow:
        found = await uow.deliveries.failures(first, limit=MOST + 1)
        people = await uow.people.many({f.person_id for f in found if f.person_id is not None})
    lines = [FailedLine(f, people.get(f.person_id or 0)) for f in found[:MOST]]
    return FailedDeliveries(actor.person, lines, more=len(found) > MOST)


def may_look(actor: Actor, now: datetime) -> bool:
    """Whether somebody is shown how the program is, and what did not arrive."""
    return allowed(actor, Permission.DELIVERY_VIEW, Belongs(), local_date(now))


async def latest(store: Store, actor: Actor, now: datetime) -> list[FailedLine]:
    """The last few that did not arrive, newest first. Raises NotAllowed."""
    require(actor, Permission.DELIVERY_VIEW, Belongs(), local_date(now))
    async with store.reading() as uow:
        found = await uow.deliveries.latest(LATEST)
        people = await uow.people.many({f.person_id for f in found if f.person_id is not None})
    return [FailedLine(failure, people.get(failure.person_id or 0)) for failure in found]
