"""The preview of a month's draw: counted, kept with what it was made of, and made anew where that has changed."""

from dataclasses import replace
from datetime import datetime

from domain.calendar import local_date
from domain.draw_basis import Basis, Changes, basis_of, changes
from domain.drawing import Drawn
from domain.errors import Conflict
from domain.people import Actor, Person
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, DrawRecord, Once, Outcome, TrailEntry
from domain.usecases.draw_inputs import excluded_of, only_issuers
from domain.usecases.draw_questions import (
    TRIES,
    Moved,
    Wanted,
    asked_in,
    check_wanted,
    draw_ref,
    drawn_for,
    known,
    load_draw,
    wanted_of,
)
from domain.usecases.draw_views import view_of
from domain.usecases.transaction import once_only
from domain.views.issue_again import IssuedView, Renewed
from domain.views.issuing import DrawView


async def preview(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Wanted, seed: str, now: datetime, once: Once
) -> DrawView:
    """The draw as it would be issued now, kept and counted. `seed` is used where the month and kind have none yet.

    Raises NotAllowed, Invalid (past_month, kind_not_drawn, unknown_cohort, unknown_child with ref, no_exclusion_reason
    with ref, too_long, too_many)."""
    await only_issuers(store, actor, now, once)
    check_wanted(policy, wanted, now)
    wanted = replace(wanted, exclusions=await known(store, wanted.exclusions))
    for _ in range(TRIES):
        latest = await _latest(store, wanted)
        try:
            return await _previewed(
                store, policy, actor, wanted, latest, latest.seed if latest else seed, now, once
            )
        except Moved:
            continue
    raise Conflict


async def renew(
    store: CycleStore, policy: Policy, actor: Actor, draw_id: int, version: int, now: datetime, once: Once
) -> Renewed:
    """The same questions asked again, where the preview that somebody saw no longer holds, and what has changed since
    it. Nothing is previewed, or in the trail, where the draw has been issued meanwhile. Raises NotAllowed, NotFound."""
    await only_issuers(store, actor, now, once)
    for _ in range(TRIES):
        async with store.reading() as uow:
            record = await load_draw(uow, draw_id)
            before = await uow.draws.basis(draw_id, version)
        if record.issued_at is not None:
            return Renewed()
        wanted = wanted_of(record)
        try:
            view = await _previewed(store, policy, actor, wanted, record, record.seed, now, once)
        except Moved:
            continue
        return Renewed(view, *await _since(store, before, view, record))
    raise Conflict


async def _since(
    store: CycleStore, before: Basis | None, view: DrawView, record: DrawRecord
) -> tuple[Changes | None, Person | None]:
    """What has changed, and who looked last before this, as far as that is known."""
    async with store.reading() as uow:
        now = await uow.draws.basis(view.record.id, view.record.version)
        by = await uow.people.get(record.made_by_id) if record.made_by_id else None
    return (changes(before, now) if before and now else None), by


async def _previewed(
    store: CycleStore, policy: Policy, actor: Actor, wanted: Wanted, latest: DrawRecord | None, seed: str,
    now: datetime, once: Once,
) -> DrawView:  # fmt: skip
    """Raises Moved where the month's draw is no longer `latest`, or has been issued since."""
    made = await drawn_for(store, policy, wanted, seed, now)
    basis = await store.aside(lambda: basis_of(made, asked_in(wanted)))
    outcome = await _keep(store, actor, wanted, made, basis, latest, now, once)
    return await look(store, policy, actor, int(outcome.facts["draw"]), now, made)


async def look(
    store: CycleStore, policy: Policy, actor: Actor, draw_id: int, now: datetime, made: Drawn | None = None
) -> DrawView:
    """The preview as it would be issued now, without counting it as another. Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        record = await load_draw(uow, draw_id)
    made = made or await drawn_for(store, policy, wanted_of(record), record.seed, now)
    async with store.reading() as uow:
        return await view_of(uow, policy, record, made, actor.id, local_date(now))


async def _latest(store: CycleStore, wanted: Wanted) -> DrawRecord | None:
    async with store.reading() as uow:
        return await uow.draws.of_month(wanted.month, wanted.kind)


def _which(record: DrawRecord | None) -> tuple[int, bool] | None:
    """The draw, and whether it is issued."""
    return (record.id, record.issued_at is not None) if record else None


async def _keep(
    store: CycleStore, actor: Actor, wanted: Wanted, made: Drawn, basis: Basis, seen: DrawRecord | None,
    now: datetime, once: Once,
) -> Outcome:  # fmt: skip
    """Raises Moved where somebody else's preview has set the seed meanwhile, or the draw has been issued: what was
    drawn before that is nobody's to issue."""

    async def work(uow: CycleWork) -> Outcome:
        latest = await uow.draws.of_month(wanted.month, wanted.kind)
        if _which(latest) != _which(seen):
            raise Moved
        open_one = latest if latest and latest.issued_at is None else None
        record = await uow.draws.save(_record(wanted, made, open_one, actor, now))
        await uow.draws.keep_basis(record, basis)
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


async def issued_view(store: CycleStore, actor: Actor, draw_id: int, now: datetime) -> IssuedView:
    """Who issued a draw, and how many audits. Raises NotAllowed, NotFound."""
    require(actor, Permission.AUDIT_REISSUE, Belongs(), local_date(now))
    async with store.reading() as uow:
        found = await load_draw(uow, draw_id)
        by = await uow.people.get(found.issued_by_id) if found.issued_by_id else None
        return IssuedView(found, by, await uow.draws.issued(draw_id))
