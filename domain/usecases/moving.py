"""One step of one audit within a transaction: saved, in the trail, and on every card that shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.audits import Audit
from domain.cycle import Command, apply
from domain.lanes import Lane
from domain.notices import NoticeKind, audit_notice
from domain.people import Authority, PersonId
from domain.ports import CycleWork, TrailEntry


async def move(
    uow: CycleWork, audit: Audit, command: Command, by: Authority, now: datetime,
    *, note: str = "", facts: Mapping[str, str] | None = None, **changes: Any,
) -> Audit:  # fmt: skip
    """`facts` are codes that stand in the history and the trail beside what changed; `note` is what somebody wrote.
    Raises as `domain.cycle.apply`."""
    done = apply(audit, command, now=now, by=by.by_id, for_id=by.for_id, note=note, **changes)
    done = replace(done, facts={**done.facts, **(facts or {})})
    saved = await uow.cycle.save(done)
    told = {**done.facts, "version": str(saved.version)}
    texts = {"note": done.note} if done.note else {}
    entry = TrailEntry(now, f"audit.{command.value}", saved.ref, by.by_id, by.for_id, told, texts)
    await uow.trail.append(entry)
    await uow.outbox.refresh_cards(saved.ref, saved.version, now)
    return saved


async def tell(
    uow: CycleWork, kind: NoticeKind, audit: Audit, people: Iterable[PersonId | None], by: PersonId, now: datetime,
    lane: Lane = Lane.DECISION,
) -> None:  # fmt: skip
    """Each of them once, and not who did it."""
    told = dict.fromkeys(person for person in people if person is not None and person != by)
    await uow.outbox.put([audit_notice(kind, audit, person, lane) for person in told], now)
