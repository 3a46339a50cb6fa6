"""What the form to raise a child of concern offers."""

from collections.abc import Mapping
from datetime import datetime

from domain.calendar import local_date
from domain.errors import Busy
from domain.people import Actor
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, TrailEntry
from domain.usecases.concern_access import standing
from domain.views.concerns import RaiseForm


async def said_danger(store: CycleStore, actor: Actor, now: datetime) -> None:
    """Somebody's words sounded like danger now, and they were shown the route and the form: in the trail, without the
    words. The form does not wait for it."""
    try:
        async with store.writing() as uow:
            await uow.trail.append(TrailEntry(now, "danger.said", "", actor.id))
            await uow.commit()
    except Busy:
        return


async def raise_form(
    store: CycleStore, policy: Policy, actor: Actor, filled: Mapping[str, str], now: datetime, *, danger: bool = False
) -> RaiseForm:  # fmt: skip
    """`filled` is what was typed so far; its `child` is looked up, and where it is not known a team is asked for.
    Raises NotAllowed for somebody who has left."""
    require(actor, Permission.CONCERN_RAISE, Belongs(), local_date(now))
    ref = filled.get("child", "").strip()
    async with store.reading() as uow:
        child = await uow.children.get(ref) if ref else None
        already = await uow.concerns.open_of(child.ref if child else ref) if ref else None
        if already is not None and not (await standing(uow, actor, already, child, now)).may_view:
            already = None  # that there is one is not for everybody to find out by typing references
        teams = await uow.pool.teams() if ref and child is None else ()
    return RaiseForm(
        viewer=actor.person,
        today=local_date(now),
        safeguarding=policy.texts.safeguarding,
        filled={**filled, **({"child": child.ref} if child else {})},
        danger=danger,
        teams=teams,
        child=child,
        already=already,
    )
