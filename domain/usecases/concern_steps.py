"""One step of a child of concern with all that belongs to it in the same commit: the next version, its line in the
trail, the first messages of an alert, and the cards that show it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from domain import alerts
from domain.concern_workflow import Command, Done, apply, begun
from domain.concerns import Category, Concern
from domain.lanes import Lane
from domain.notices import NoticeKind, concern_notice
from domain.people import Authority, PersonId
from domain.policy import Policy
from domain.ports import CycleWork, TrailEntry
from domain.usecases.concern_access import answering
from domain.usecases.concern_next import qa_team


async def step(
    uow: CycleWork, policy: Policy, concern: Concern, command: Command, now: datetime, *,
    by: Authority | None = None, note: str = "", said: Category | None = None, **changes: Any,
) -> Done:  # fmt: skip
    """Who may take it was asked before; whom else to tell is the caller's. Raises what `apply` raises, Conflict."""
    rules = policy.concerns
    done = apply(concern, command, now=now, rules=rules, by=by, note=note, said=said, **changes)
    saved = await uow.concerns.save(done, policy)
    await uow.trail.append(entry(done, saved))
    if begun(done.before, done.concern):
        saved = await tell_alert(uow, policy, saved, now)
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    return Done(saved, done.command, done.before, done.by, done.at, done.note, done.facts)


def entry(done: Done, saved: Concern) -> TrailEntry:
    by = done.by
    return TrailEntry(
        done.at,
        f"concern.{done.command.value}",
        saved.ref,
        by.by_id if by else None,
        by.for_id if by else None,
        {**done.facts, "version": str(saved.version)},
        {"note": done.note} if done.note else {},
    )


async def tell_alert(
    uow: CycleWork, policy: Policy, concern: Concern, now: datetime, *, recount: bool = False
) -> Concern:
    """Takes every step of the ladder that is due: whoever stands there is told, in the lane that overtakes all others.
    The same concern where none is due. Where nobody can be told, the QA team is: somebody has to know. `recount`: a
    step is due by the record, though not by this ladder."""
    alert = concern.alert
    if alert is None or not concern.climbing:
        return concern
    who = await answering(uow, concern.team, now)
    alert = alerts.not_ahead(alerts.counted_anew(alert, policy.concerns, now) if recount else alert, now)
    climbed = alerts.climb(alert, who, policy.concerns, now)
    if climbed is None:
        return concern
    done = apply(concern, Command.CLIMB, now=now, rules=policy.concerns, alert=climbed.alert)
    saved = await uow.concerns.save(done, policy)
    await uow.trail.append(entry(done, saved))
    kind = NoticeKind.CONCERN_ALERT if climbed.first else NoticeKind.CONCERN_CLIMBED
    about = f"{climbed.alert.number}.{climbed.alert.steps}.{int(now.timestamp())}"
    await _put(uow, kind, saved, climbed.told, about, now)
    if not climbed.told:
        team = await qa_team(uow, now)
        await _put(uow, NoticeKind.CONCERN_NOBODY, saved, team, about, now)
    return saved


async def _put(
    uow: CycleWork, kind: NoticeKind, concern: Concern, people: Iterable[PersonId], about: str, now: datetime
) -> None:
    notices = [concern_notice(kind, concern.ref, about, person, Lane.ALERT) for person in people]
    await uow.outbox.put(notices, now)
