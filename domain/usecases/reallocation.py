"""A granted reallocation: another child for the auditor, or another auditor for the child (domain, section 3.3)."""

from collections.abc import Mapping
from datetime import datetime

from domain.audits import Audit
from domain.calendar import local_date
from domain.cycle import Command
from domain.notices import NoticeKind, audit_notice
from domain.people import Actor, Authority, PersonId, Role
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, Once, Outcome
from domain.requests import RequestState, Wish
from domain.usecases.moving import move
from domain.usecases.one_child import change_child
from domain.usecases.requests import close, overtake, to_answer
from domain.usecases.transaction import once_only


async def redraw(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, version: int, seed: str, now: datetime, once: Once
) -> Outcome:  # fmt: skip
    """The QA team grants it by drawing another child for the auditor, at random from `seed`; the auditor is told.

    Raises NotAllowed, OutOfDate, and what drawing one child raises where there is none left."""

    async def work(uow: CycleWork) -> Outcome:
        request, audit, by = await to_answer(uow, actor, ref, version, Wish.REALLOCATION, now)
        await uow.alone_in(audit.month)
        await close(uow, request, RequestState.GRANTED, by, "", now, tell=False)
        await change_child(uow, actor, audit, request.explanation, seed, policy, now)
        return Outcome("request.grant", request.ref, {"audit": audit.ref, "effect": "child"})

    return await once_only(store, once, actor, now, work)


async def take_off(
    store: CycleStore, actor: Actor, ref: str, version: int, now: datetime, once: Once
) -> Outcome:
    """The QA team grants it by taking the audit off its auditor, who is told; the child waits for another one.

    Outcome("request.grant", the audit's reference). Raises NotAllowed, OutOfDate."""

    async def work(uow: CycleWork) -> Outcome:
        request, audit, by = await to_answer(uow, actor, ref, version, Wish.REALLOCATION, now)
        await uow.alone_in(audit.month)
        await close(uow, request, RequestState.GRANTED, by, "", now, tell=False)
        await release(uow, audit, by, request.asked_by_id, now, facts={"request": request.ref})
        return Outcome("request.grant", audit.ref, {"request": request.ref, "effect": "auditor"})

    return await once_only(store, once, actor, now, work)


async def release(
    uow: CycleWork, audit: Audit, by: Authority, auditor: PersonId | None, now: datetime,
    *, note: str = "", facts: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Within the caller's commit: the audit leaves its auditor, who is told; what was asked about it is settled, and
    the rest of the QA team is offered the child. Who may do it is asked by the caller."""
    await uow.alone_in(audit.month)
    saved = await move(uow, audit, Command.FREE, by, now, note=note, facts=facts)
    await overtake(uow, saved, now)
    qa_team = await uow.people.with_role(Role.QA_TEAM, local_date(now))
    offers = [audit_notice(NoticeKind.AUDIT_FREED, saved, p.id) for p in qa_team if p.id != by.by_id]
    told = [audit_notice(NoticeKind.AUDIT_TAKEN_OFF, saved, auditor)] if auditor is not None else []
    await uow.outbox.put([*told, *offers], now)
