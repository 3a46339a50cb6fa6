"""What did not arrive: for the QA team, with what to do (fault 31)."""

from datetime import datetime

from domain.calendar import local_date
from domain.people import Actor
from domain.permissions import Belongs, Permission, require
from domain.ports import Store
from domain.views import FailedDeliveries, FailedLine

MOST = 20


async def failed(store: Store, actor: Actor, now: datetime, first: int = 0) -> FailedDeliveries:
    """The messages from number `first` on that did not arrive, oldest first, at most MOST. Raises NotAllowed."""
    require(actor, Permission.DELIVERY_VIEW, Belongs(), local_date(now))
    async with store.reading() as uow:
        found = await uow.deliveries.failures(first, limit=MOST + 1)
        people = await uow.people.many({f.person_id for f in found if f.person_id is not None})
    lines = [FailedLine(f, people.get(f.person_id or 0)) for f in found[:MOST]]
    return FailedDeliveries(actor.person, lines, more=len(found) > MOST)
