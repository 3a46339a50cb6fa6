"""The commit of an issue: the audits, their trail, and everybody who is told, in pieces that hold nobody up."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from domain.audits import Audit
from domain.calendar import local_date
from domain.draw_parts import Pair
from domain.drawing import Drawn
from domain.notices import Notice, NoticeKind, audit_notice
from domain.people import Actor, PersonId, Position
from domain.ports import ChildFacts, CycleWork, DrawRecord, NewAudit, TrailEntry

T = TypeVar("T")
Aside = Callable[[Callable[[], Any]], Awaitable[Any]]
PIECE = 40
"""Audits written before the loop may turn to somebody else."""


async def write_issue(
    uow: CycleWork, aside: Aside, record: DrawRecord, made: Drawn, actor: Actor, now: datetime
) -> list[Audit]:
    """The audits as issued; the draw is closed, and each auditor, social worker and manager has their message."""
    pairs = made.draw.pairs
    children = await uow.children.many([pair.child_ref for pair in pairs])
    have_audit = tuple(sorted({*made.inputs.have_one, *(pair.person_id for pair in pairs)}))
    pool = tuple(sorted({*have_audit, *(person.person_id for person in made.inputs.people)}))
    closed = replace(record, issued_at=now, issued_by_id=actor.id, digest=made.draw.digest, pool=pool)
    await uow.draws.save(closed)
    issued: list[Audit] = []
    for piece in _pieces(pairs):
        new = [new_audit(pair, children[pair.child_ref], record, now) for pair in piece]
        issued += await uow.cycle.issue(new, actor.id, now)
        await aside(_nothing)
    managers = await managers_of(uow, issued)
    notices = told_of_issue(issued, children, managers)
    for some in _pieces(notices):
        await uow.outbox.put(some, now)
        await aside(_nothing)
    for audit in issued:
        await uow.trail.append(issue_entry(audit, record, actor, now))
    return issued


def _nothing() -> None:
    """Done beside the loop, so that in the meantime the loop goes on with others."""


def _pieces(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), PIECE):
        yield items[start : start + PIECE]


def new_audit(pair: Pair, child: ChildFacts, record: DrawRecord, now: datetime) -> NewAudit:
    return NewAudit(
        month=record.month,
        kind=record.kind,
        auditor_id=pair.person_id,
        issued_on=local_date(now),
        child_ref=child.ref,
        team_id=child.team.id,
        legal_status=child.legal_status,
        theme=record.theme,
        draw_id=record.id,
    )


async def managers_of(uow: CycleWork, audits: Collection[Audit]) -> dict[int, list[PersonId]]:
    """By the team's number: whom the teams file names as its manager."""
    teams = {audit.team.id for audit in audits if audit.team}
    return {
        team: [person.id for person in await uow.pool.in_position(team, [Position.TEAM_MANAGER])]
        for team in sorted(teams)
    }


def told_of_issue(
    audits: Sequence[Audit], children: dict[str, ChildFacts], managers: dict[int, list[PersonId]]
) -> list[Notice]:
    """One message to each auditor for each audit; one to a child's social worker for each; and one to each team
    manager for all of the draw, named by the first (it is worded with all that come to their team)."""
    notices: list[Notice] = []
    told: set[PersonId] = set()
    for audit in audits:
        if audit.auditor_id is not None:
            notices.append(audit_notice(NoticeKind.AUDIT_ISSUED, audit, audit.auditor_id))
        child = children.get(audit.child_ref or "")
        worker = child.social_worker_id if child else None
        if worker is not None and worker != audit.auditor_id:
            notices.append(audit_notice(NoticeKind.AUDIT_COMING, audit, worker))
        for manager in managers.get(audit.team.id, ()) if audit.team else ():
            if manager not in told and manager not in (worker, audit.auditor_id):
                told.add(manager)
                notices.append(audit_notice(NoticeKind.AUDIT_COMING, audit, manager))
    return notices


def issue_entry(audit: Audit, record: DrawRecord, actor: Actor, now: datetime) -> TrailEntry:
    facts = {
        "month": str(audit.month),
        "kind": audit.kind.value,
        "auditor": str(audit.auditor_id),
        "child": audit.child_ref or "",
        "draw": str(record.id),
        "version": str(audit.version),
    }
    return TrailEntry(now, "audit.issue", audit.ref, actor.id, facts=facts)
