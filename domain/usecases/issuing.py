"""The monthly draw: previewed by the QA team, and issued as it was previewed (domain, section 3.3).

Nobody can draw again until a wanted child comes up: the seed is made once for a month and kind, every preview is
counted, and what is left out by hand stands in the trail with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from domain.calendar import Month, local_date
from domain.drawing import Drawn, Inputs, Settings, drawn
from domain.errors import Conflict, Invalid, NotFound, OutOfDate
from domain.kinds import Kind
from domain.people import Actor
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, DrawRecord, Exclusion, Once, Outcome, TrailEntry
from domain.usecases.draw_inputs import (
    check,
    check_month,
    excluded_of,
    inputs,
    only_issuers,
)
from domain.usecases.draw_views import pairs_of, view_of
from domain.usecases.issue_writing import write_issue
from domain.usecases.one_child import change_child
from domain.usecases.transaction import once_only
from domain.views.issuing import DrawView, PairsView

__all__ = ["Wanted", "change_child", "issue", "look", "pairs", "preview", "record", "wanted_of"]

EXCLUDED_MOST = 100
TEXT_LONGEST = 300
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for. `exclusions` are references as they were typed, each with its reason."""

    month: Month
    kind: Kind
    settings: Settings
    exclusions: Sequence[Exclusion] = ()
    theme: str = ""


def draw_ref(record: DrawRecord) -> str:
    return f"DRAW-{record.id}"


async def preview(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Wanted, seed: str, now: datetime, once: Once
) -> DrawView:
    """The draw as it would be issued now, kept and counted. `seed` is used where the month and kind have none yet.

    Raises NotAllowed, Invalid (past_month, kind_not_drawn, unknown_cohort, unknown_child with ref, no_exclusion_reason
    with ref, too_long, too_many)."""
    await only_issuers(store, actor, now, once)
    _check(policy, wanted, now)
    wanted = replace(wanted, exclusions=await _known(store, wanted.exclusions))
    for _ in range(_TRIES):
        kept_seed = await _seed_of(store, wanted) or seed
        made = await _drawn(store, policy, wanted, kept_seed, now)
        try:
            outcome = await _keep(store, actor, wanted, made, now, once)
        except _Moved:
            continue
        return await look(store, policy, actor, int(outcome.facts["draw"]), now, made)
    raise Conflict


class _Moved(Exception):
    """What a draw was made from is no longer so: it is made anew."""


def _check(policy: Policy, wanted: Wanted, now: datetime) -> None:
    check(policy, wanted.month, wanted.kind, local_date(now))
    known = {term.code for term in policy.cohorts}
    if not known.issuperset(wanted.settings.strata):
        raise Invalid("unknown_cohort", field="cohorts")
    if len(wanted.theme) > TEXT_LONGEST:
        raise Invalid("too_long", field="theme", longest=str(TEXT_LONGEST))
    if len(wanted.exclusions) > EXCLUDED_MOST:
        raise Invalid("too_many_exclusions", field="exclusions", longest=str(EXCLUDED_MOST))
    for exclusion in wanted.exclusions:
        if not exclusion.reason.strip():
            raise Invalid("no_exclusion_reason", field="exclusions", ref=exclusion.child_ref)
        if len(exclusion.reason) > TEXT_LONGEST:
            raise Invalid("too_long", field="exclusions", longest=str(TEXT_LONGEST))


async def _known(store: CycleStore, written: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    """With the references as the children file writes them, each once."""
    found: dict[str, Exclusion] = {}
    unknown: list[str] = []
    async with store.reading() as uow:
        for exclusion in written:
            child = await uow.children.get(exclusion.child_ref)
            if child is None:
                unknown.append(exclusion.child_ref)
            else:
                found[child.ref] = Exclusion(child.ref, exclusion.reason.strip())
    if unknown:
        raise Invalid("unknown_child", field="exclusions", ref=", ".join(unknown))
    return tuple(found.values())


async def _seed_of(store: CycleStore, wanted: Wanted) -> str | None:
    async with store.reading() as uow:
        latest = await uow.draws.of_month(wanted.month, wanted.kind)
    return latest.seed if latest else None


async def _drawn(store: CycleStore, policy: Policy, wanted: Wanted, seed: str, now: datetime) -> Drawn:
    async with store.reading() as uow:
        asked = await _inputs(uow, policy, wanted, now)
    return await store.aside(lambda: drawn(asked, wanted.settings, seed))


async def _inputs(uow: CycleWork, policy: Policy, wanted: Wanted, now: datetime) -> Inputs:
    refs = [exclusion.child_ref for exclusion in wanted.exclusions]
    return await inputs(uow, policy, wanted.month, wanted.kind, wanted.settings, refs, local_date(now))


async def _keep(
    store: CycleStore, actor: Actor, wanted: Wanted, made: Drawn, now: datetime, once: Once
) -> Outcome:
    """Raises _Moved where somebody else's preview has set the seed meanwhile."""

    async def work(uow: CycleWork) -> Outcome:
        latest = await uow.draws.of_month(wanted.month, wanted.kind)
        if latest is not None and latest.seed != made.seed:
            raise _Moved
        open_one = latest if latest and latest.issued_at is None else None
        record = await uow.draws.save(_record(wanted, made, open_one, actor, now))
        await uow.trail.append(_preview_entry(record, made, actor, now))
        return Outcome("draw.preview", facts={"draw": str(record.id)})

    return await once_only(store, once, actor, now, work)


def _record(
    wanted: Wanted, made: Drawn, open_one: DrawRecord | None, actor: Actor, now: datetime
) -> DrawRecord:
    record = open_one or DrawRecord(0, wanted.month, wanted.kind, made.seed, "")
    return replace(
        record,
        options=wanted.settings.as_text(),
        exclusions=tuple(wanted.exclusions),
        pool=tuple(person.person_id for person in made.inputs.people),
        digest=made.draw.digest,
        previews=record.previews + 1,
        made_by_id=actor.id,
        made_at=now,
        theme=wanted.theme,
    )


def _preview_entry(record: DrawRecord, made: Drawn, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "month": str(record.month),
        "kind": record.kind.value,
        "seed": record.seed,
        "options": record.options,
        "excluded": ",".join(excluded_of(record)),
        "previews": str(record.previews),
        "digest": record.digest,
        "pairs": str(len(made.draw.pairs)),
    }
    texts = {f"excluded.{exclusion.child_ref}": exclusion.reason for exclusion in record.exclusions}
    texts |= {"theme": record.theme} if record.theme else {}
    return TrailEntry(now, "draw.preview", draw_ref(record), actor.id, facts=facts, texts=texts)


async def load_draw(uow: CycleWork, draw_id: int) -> DrawRecord:
    """Raises NotFound."""
    record = await uow.draws.get(draw_id)
    if record is None:
        raise NotFound(ref=f"DRAW-{draw_id}", kind="draw")
    return record


async def record(store: CycleStore, actor: Actor, draw_id: int, now: datetime) -> DrawRecord:
    """Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        return await load_draw(uow, draw_id)


def wanted_of(record: DrawRecord) -> Wanted:
    return Wanted(
        record.month, record.kind, Settings.read(record.options), record.exclusions, theme=record.theme
    )


async def look(
    store: CycleStore, policy: Policy, actor: Actor, draw_id: int, now: datetime, made: Drawn | None = None
) -> DrawView:
    """The preview as it would be issued now, without counting it as another. Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        record = await load_draw(uow, draw_id)
    made = made or await _drawn(store, policy, wanted_of(record), record.seed, now)
    async with store.reading() as uow:
        return await view_of(uow, policy, record, made, actor.id, local_date(now))


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

    Raises OutOfDate where it has been issued or previewed anew by somebody, or where the same questions would no
    longer give the same draw (an exemption was approved, the children's file has changed): nothing is issued then.
    Invalid("past_month"), Invalid("nobody_to_issue"), NotAllowed, NotFound."""
    await only_issuers(store, actor, now, once)
    for _ in range(_TRIES):
        async with store.reading() as uow:
            record = await load_draw(uow, draw_id)
        made = await _drawn(store, policy, wanted_of(record), record.seed, now)
        try:
            return await _issue(
                store, policy, actor, record.month, (draw_id, version, digest), made, now, once
            )
        except _Moved:
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
        now_inputs = await _inputs(uow, policy, wanted_of(record), now)
        if not await store.aside(lambda: made.inputs.same_draw(now_inputs)):
            raise _Moved
        if record.version != version or made.draw.digest != digest:
            raise OutOfDate(ref=draw_ref(record), state="previewed")
        if not made.draw.pairs:
            raise Invalid("nobody_to_issue", field="month", month=str(record.month))
        audits = await write_issue(uow, store.aside, record, made, actor, now)
        await uow.trail.append(_issue_entry(record, made, len(audits), actor, now))
        return Outcome("draw.issue", facts={"draw": str(record.id), "issued": str(len(audits))})

    return await once_only(store, once, actor, now, work)


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
    made = await _drawn(store, policy, wanted_of(record), record.seed, now)
    return await pairs_of(store, record, made, actor.id, offset)
