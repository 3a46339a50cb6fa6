"""The monthly draw: previewed by the QA team, and issued as it was previewed (domain, section 3.3).

Nobody can draw again until a wanted child comes up: the seed is made once for a month and kind, every preview is
counted, and what is left out by hand stands in the trail with its reason.
"""

from datetime import datetime
from hashlib import sha256

from domain.calendar import Month, local_date
from domain.drawing import Drawn
from domain.errors import Conflict, Invalid, OutOfDate
from domain.people import Actor
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, DrawRecord, Once, Outcome, TrailEntry
from domain.usecases.draw_inputs import check_month, only_issuers
from domain.usecases.draw_questions import (
    TRIES,
    Moved,
    Wanted,
    asked_in,
    draw_ref,
    drawn_for,
    inputs_for,
    load_draw,
    wanted_of,
)
from domain.usecases.draw_views import pairs_of
from domain.usecases.issue_writing import write_issue
from domain.usecases.one_child import change_child
from domain.usecases.previewing import issued_view, look, preview, renew
from domain.usecases.transaction import once_only
from domain.views.issuing import PairsView

__all__ = [
    "Wanted",
    "change_child",
    "issue",
    "issued_view",
    "look",
    "pairs",
    "preview",
    "record",
    "renew",
    "wanted_of",
]


async def record(store: CycleStore, actor: Actor, draw_id: int, now: datetime) -> DrawRecord:
    """Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        return await load_draw(uow, draw_id)


async def issue(
    store: CycleStore,
    policy: Policy,
    actor: Actor,
    draw_id: int,
    version: int,
    digest: str,
    now: datetime,
    once: Once,
) -> Outcome:
    """Issues exactly what was previewed, to everybody at once. Outcome("draw.issue", facts: draw, issued).

    Raises OutOfDate (`state`) where it has been issued, and where somebody has asked for something else since, or the
    same questions would no longer give the same draw (an exemption was approved, the children's file has changed):
    nothing is issued then.
    Invalid("past_month"), Invalid("nobody_to_issue"), NotAllowed, NotFound."""
    await only_issuers(store, actor, now, once)
    for _ in range(TRIES):
        async with store.reading() as uow:
            record = await load_draw(uow, draw_id)
        made = await drawn_for(store, policy, wanted_of(record), record.seed, now)
        try:
            return await _issue(
                store, policy, actor, record.month, (draw_id, version, digest), made, now, once
            )
        except Moved:
            continue
    raise Conflict


async def _issue(
    store: CycleStore,
    policy: Policy,
    actor: Actor,
    month: Month,
    seen: tuple[int, int, str],
    made: Drawn,
    now: datetime,
    once: Once,
) -> Outcome:
    draw_id, version, digest = seen

    async def work(uow: CycleWork) -> Outcome:
        await uow.alone_in(month)
        record = await load_draw(uow, draw_id)
        if record.issued_at is not None:
            raise OutOfDate(ref=draw_ref(record), state="issued")
        check_month(record.month, local_date(now))
        now_inputs = await inputs_for(uow, policy, wanted_of(record), now)
        if not await store.aside(lambda: made.inputs.same_draw(now_inputs)):
            raise Moved
        if made.draw.digest != digest or not await _stillasked_in(uow, record, version):
            raise OutOfDate(ref=draw_ref(record), state="previewed")
        if not made.draw.pairs:
            raise Invalid("nobody_to_issue", field="month", month=str(record.month))
        audits = await write_issue(uow, store.aside, record, made, actor, now)
        await uow.trail.append(_issue_entry(record, made, len(audits), actor, now))
        return Outcome("draw.issue", facts={"draw": str(record.id), "issued": str(len(audits))})

    return await once_only(store, once, actor, now, work)


async def _stillasked_in(uow: CycleWork, record: DrawRecord, version: int) -> bool:
    """Whether the draw stands as that preview asked: a colleague who only looks takes nothing away from it."""
    if record.version == version:
        return True
    seen = await uow.draws.basis(record.id, version)
    return seen is not None and seen.asked == asked_in(wanted_of(record))


def _issue_entry(record: DrawRecord, made: Drawn, issued: int, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "month": str(record.month),
        "kind": record.kind.value,
        "seed": record.seed,
        "options": sha256(record.options.encode()).hexdigest()[:16],
        "digest": made.draw.digest,
        "previews": str(record.previews),
        "auditors": str(len(made.inputs.people)),
        "issued": str(issued),
        "excluded": str(len(record.exclusions)),
    }
    return TrailEntry(now, "draw.issue", draw_ref(record), actor.id, facts=facts)


async def pairs(
    store: CycleStore, policy: Policy, actor: Actor, draw_id: int, now: datetime, offset: int = 0
) -> PairsView:
    """Who gets whom, a page from `offset`. Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        record = await load_draw(uow, draw_id)
    if record.issued_at is not None:
        return await pairs_of(store, record, None, actor.id, offset)
    made = await drawn_for(store, policy, wanted_of(record), record.seed, now)
    return await pairs_of(store, record, made, actor.id, offset)
