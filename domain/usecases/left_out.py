"""Which returns the moderation sample has left out, so that they may go to the child's record as they are (domain,
sections 3.7 and 3.9).

That a month's sample was drawn is an entry of the trail: it is made when the sample was confirmed and as many are
moderated as policy asks for, never when one moderator was named by hand or some grades alone were asked for. A return
was left out where it had come in by then, and nothing in it was corrected since: what comes later waits for the next
look at the sample, which leaves it out or takes it in."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from domain.audits import Audit, AuditState
from domain.calendar import Month, local_date
from domain.cycle import CAME_IN
from domain.kinds import Kind
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import AuditFilter, CycleWork, TrailEntry

DRAWN = "moderation.sample"
"""The trail's entry; its subject is the month and kind."""
MOST = 200
"""Of a month and kind, looked at for one list."""


def subject(month: Month, kind: Kind) -> str:
    return f"{month}|{kind.value}"


async def record_drawn(
    uow: CycleWork, month: Month, kind: Kind, by: PersonId, now: datetime, *, named: int, left_out: int
) -> None:
    facts = {"named": str(named), "left_out": str(left_out)}
    await uow.trail.append(TrailEntry(now, DRAWN, subject(month, kind), by, facts=facts))


def moderated_kinds(policy: Policy) -> frozenset[Kind]:
    """The kinds of which a sample is drawn; a return of another waits for none."""
    rules = policy.moderation
    if rules.share_percent == 0 and not rules.every:
        return frozenset()
    return frozenset(kind for kind in Kind if policy.by_kind[kind].graded)


async def was_left_out(uow: CycleWork, policy: Policy, audit: Audit) -> bool:
    """Also where its kind is not moderated at all."""
    if audit.state is not AuditState.RETURNED or audit.moderator_id is not None:
        return False
    if audit.kind not in moderated_kinds(policy):
        return True
    name = subject(audit.month, audit.kind)
    drawn = (await uow.trail.latest(DRAWN, [name])).get(name)
    if drawn is None:
        return False
    came = [step.at for step in await uow.cycle.history(audit.id) if step.command in CAME_IN]
    return _before(policy, audit, max(came, default=None), drawn)


def _before(policy: Policy, audit: Audit, came_in: datetime | None, drawn: datetime) -> bool:
    """What came by file has no line of when it came: its day says it."""
    if audit.grade in policy.moderation.every or audit.returned_on is None:
        return False
    return came_in < drawn if came_in else audit.returned_on <= local_date(drawn)


async def since_the_draw(
    uow: CycleWork, policy: Policy, month: Month, kind: Kind, audits: Collection[Audit]
) -> list[Audit]:
    """Those of a month and kind that no sample has left out yet."""
    name = subject(month, kind)
    drawn = (await uow.trail.latest(DRAWN, [name])).get(name)
    if drawn is None or not audits:
        return list(audits)
    came = await uow.cycle.came_in(month, kind)
    return [audit for audit in audits if not _before(policy, audit, came.get(audit.id), drawn)]


async def of_list(uow: CycleWork, policy: Policy, wanted: AuditFilter, most: int) -> tuple[list[Audit], int]:
    """Of the returns in reach without a moderator: at most so many that were left out, the oldest first, and how many
    still wait for their month's sample."""
    ours = replace(wanted, states={AuditState.RETURNED}, moderator_named=False)
    kinds = moderated_kinds(policy)
    free, _ = await uow.cycle.find(replace(ours, kinds=frozenset(Kind) - kinds), limit=most)
    _, waiting = await uow.cycle.find(replace(ours, kinds=kinds), limit=1) if kinds else ((), 0)
    found = [audit for audit in free if audit.child_ref is not None]
    for month, kind, drawn in await _draws(uow, wanted, kinds) if waiting else ():
        some, _ = await uow.cycle.find(replace(ours, kinds={kind}, months=(month, month)), limit=MOST)
        came = await uow.cycle.came_in(month, kind) if some else {}
        left = [audit for audit in some if _before(policy, audit, came.get(audit.id), drawn)]
        waiting -= len(left)
        found += [audit for audit in left if audit.child_ref is not None]
    return sorted(found, key=lambda audit: (audit.month, audit.id))[:most], waiting


def _months(first: Month, last: Month) -> Iterator[Month]:
    while first <= last:
        yield first
        first = first.plus(1)


async def _draws(
    uow: CycleWork, wanted: AuditFilter, kinds: Collection[Kind]
) -> list[tuple[Month, Kind, datetime]]:
    assert wanted.months is not None, "a list of what waits has its months"
    first, last = wanted.months
    pairs = [(month, kind) for month in _months(first, last) for kind in Kind if kind in kinds]
    found = await uow.trail.latest(DRAWN, [subject(*pair) for pair in pairs])
    return [(*pair, found[subject(*pair)]) for pair in pairs if subject(*pair) in found]
