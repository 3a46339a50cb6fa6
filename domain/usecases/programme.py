"""The year's calendar of audit activity: looked at by managers, kept by the QA team (domain, sections 3 and 9)."""

from collections.abc import Mapping
from datetime import datetime

from domain.calendar import Month, local_date
from domain.errors import Invalid, NotFound
from domain.kinds import Kind
from domain.people import Actor
from domain.permissions import Belongs, Permission, allowed, require
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork, Once, Outcome, TrailEntry
from domain.programme import Planned
from domain.usecases.transaction import once_only
from domain.views.pool import PlannedForm, ProgrammeView

MONTHS = 12
AHEAD = 24
EXPECTED_MOST = 10_000
TEXT_LONGEST = 300


async def view(store: CycleStore, actor: Actor, month: Month, now: datetime) -> ProgrammeView:
    """The twelve months from `month`. Raises NotAllowed."""
    today = local_date(now)
    require(actor, Permission.PROGRAMME_VIEW, Belongs(), today)
    last = month.plus(MONTHS - 1)
    async with store.reading() as uow:
        planned = await uow.programme.between(month, last)
        done = await _issued(uow, planned, Month.of(today))
    may = allowed(actor, Permission.PROGRAMME_CHANGE, Belongs(), today)
    return ProgrammeView(today, month, sorted(planned, key=_order), done, may)


def _order(planned: Planned) -> tuple[Month, int]:
    return planned.month, list(Kind).index(planned.kind)


async def _issued(uow: CycleWork, planned: list[Planned], this: Month) -> dict[tuple[Month, Kind], int]:
    """How many audits there are of each entry whose month has come."""
    found: dict[tuple[Month, Kind], int] = {}
    for entry in planned:
        if entry.month <= this:
            wanted = AuditFilter(months=(entry.month, entry.month), kinds={entry.kind})
            _, found[entry.month, entry.kind] = await uow.cycle.find(wanted, limit=1)
    return found


async def form(
    store: CycleStore, policy: Policy, actor: Actor, month: Month, kind: Kind, now: datetime,
    typed: Mapping[str, str] | None = None,
) -> PlannedForm:  # fmt: skip
    """The entry of a month and kind, or an empty one; `typed` is what a refused try held. Raises NotAllowed."""
    today = local_date(now)
    require(actor, Permission.PROGRAMME_CHANGE, Belongs(), today)
    async with store.reading() as uow:
        found = next((p for p in await uow.programme.between(month, month) if p.kind is kind), None)
    expected = found.expected if found else policy.by_kind[kind].expected_a_month
    filled = {
        "expected": str(expected or ""),
        "theme": found.theme if found else "",
        "cohorts": ",".join(found.cohorts) if found else "",
        "plan_note": found.note if found else "",
    }
    this = Month.of(today)
    months = [this.plus(n) for n in range(AHEAD + 1)]
    return PlannedForm(
        today, month, kind, list(Kind), months, found.version if found else 0, {**filled, **(typed or {})}
    )


async def save(
    store: CycleStore, policy: Policy, actor: Actor, planned: Planned, now: datetime, once: Once
) -> Outcome:
    """Adds an entry (version 0) or changes the one that was seen. Outcome("programme.set", facts: month, kind).

    Raises NotAllowed, Invalid (past_month, unknown_cohort, too_long, not_a_number), Conflict where a colleague was
    quicker."""

    async def work(uow: CycleWork) -> Outcome:
        require(actor, Permission.PROGRAMME_CHANGE, Belongs(), local_date(now))
        _check(policy, planned, now)
        present = next(
            (p for p in await uow.programme.between(planned.month, planned.month) if p.kind is planned.kind),
            None,
        )
        if (present.version if present else 0) != planned.version:
            raise Invalid("programme_changed", field="theme")
        saved = await uow.programme.save(planned)
        await uow.trail.append(_entry("programme.set", saved, actor, now))
        return Outcome("programme.set", facts={"month": str(planned.month), "kind": planned.kind.value})

    return await once_only(store, once, actor, now, work)


def _check(policy: Policy, planned: Planned, now: datetime) -> None:
    if planned.month.last < local_date(now):
        raise Invalid("past_month", field="month", month=str(planned.month))
    if not {term.code for term in policy.cohorts}.issuperset(planned.cohorts):
        raise Invalid("unknown_cohort", field="cohorts")
    if not 0 <= planned.expected <= EXPECTED_MOST:
        raise Invalid("not_a_number", field="expected")
    for field, text in (("theme", planned.theme), ("plan_note", planned.note)):
        if len(text) > TEXT_LONGEST:
            raise Invalid("too_long", field=field, longest=str(TEXT_LONGEST))


def _entry(action: str, planned: Planned, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "expected": str(planned.expected),
        "cohorts": ",".join(planned.cohorts),
        "version": str(planned.version),
    }
    texts = {name: text for name, text in (("theme", planned.theme), ("note", planned.note)) if text}
    subject = f"{planned.month} {planned.kind.value}"
    return TrailEntry(now, action, subject, actor.id, facts=facts, texts=texts)


async def remove(
    store: CycleStore, actor: Actor, month: Month, kind: Kind, version: int, now: datetime, once: Once
) -> Outcome:
    """Raises NotAllowed, NotFound, Invalid (past_month, programme_changed)."""

    async def work(uow: CycleWork) -> Outcome:
        require(actor, Permission.PROGRAMME_CHANGE, Belongs(), local_date(now))
        if month.last < local_date(now):
            raise Invalid("past_month", field="month", month=str(month))
        found = next((p for p in await uow.programme.between(month, month) if p.kind is kind), None)
        if found is None:
            raise NotFound(kind="programme")
        if found.version != version:
            raise Invalid("programme_changed", field="theme")
        await uow.programme.remove(month, kind)
        await uow.trail.append(_entry("programme.remove", found, actor, now))
        return Outcome("programme.remove", facts={"month": str(month), "kind": kind.value})

    return await once_only(store, once, actor, now, work)
