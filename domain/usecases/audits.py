"""Looking at one's own audits."""

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from domain import exemptions as exemption_rules
from domain.audits import AWAITED, Audit, AuditState, Standing, standing, working_days_left
from domain.calendar import Month, last_working_day, local_date
from domain.people import Actor, Role
from domain.permissions import Belongs, Permission, allowed, require_present
from domain.policy import Policy
from domain.ports import AnyStore, Returns, Store, UnitOfWork
from domain.return_rules import progress
from domain.returns import current
from domain.views import AuditLine, MyAudits


class Work(UnitOfWork, Protocol):
    """One's own audits, and how far the return of one is."""

    @property
    def returns(self) -> Returns: ...


async def my_audits(
    store: AnyStore[Work], policy: Policy, actor: Actor, now: datetime, month: Month | None = None
) -> MyAudits:
    """What the actor audits in a month (this one unless said), how each stands, and the exemption that counts.
    Raises NotAllowed for somebody who has left."""
    today = local_date(now)
    require_present(actor, today)
    asked, month = month, month or Month.of(today)
    async with store.reading() as uow:
        audits = await uow.audits.of_auditor(actor.id, month)
        late = [] if asked else await _still_late(uow, policy, actor, today)
        lines = await _started(uow, [*late, *(_line(audit, policy, today) for audit in audits)])
        exemptions = await uow.exemptions.of_person(actor.id, month)
    counts = exemption_rules.standing(exemptions, month)
    open_or_approved = counts is not None and counts.state in exemption_rules.STANDING
    own = Belongs(frozenset({actor.id}))
    is_auditor = bool(actor.roles & {Role.AUDITOR, Role.MODERATOR})
    may_ask = is_auditor and allowed(actor, Permission.EXEMPTION_REQUEST, own, today) and today <= month.last
    return MyAudits(
        person=actor.person,
        month=month,
        today=today,
        lines=lines,
        working_days_left=working_days_left(month, today),
        last_working_day=last_working_day(month),
        exemption=counts,
        may_request=may_ask and not open_or_approved and not all_returned(audits),
        is_auditor=is_auditor,
    )


def _line(audit: Audit, policy: Policy, today: date) -> AuditLine:
    return AuditLine(audit, standing(audit, today, policy.audits), awaited=audit.state in AWAITED)


async def _started(uow: Work, lines: list[AuditLine]) -> list[AuditLine]:
    """With how far the return is of the first one that is awaited, and what was asked about it: nearly always the only
    one, and a question each."""
    for place, line in enumerate(lines):
        if line.awaited:
            filled = current(await uow.returns.get(line.audit.id), line.audit)
            started = progress(filled) if filled else None
            asked = next((one for one in await uow.requests.of_audit(line.audit.id) if one.open), None)
            return [*lines[:place], replace(line, started=started, asked=asked), *lines[place + 1 :]]
    return lines


async def _still_late(uow: UnitOfWork, policy: Policy, actor: Actor, today: date) -> list[AuditLine]:
    """Of last month, what is late and can still be returned, or was sent back: it is not to be forgotten behind the
    new month."""
    before = await uow.audits.of_auditor(actor.id, Month.of(today).plus(-1))
    lines = [_line(audit, policy, today) for audit in before]
    return [
        line
        for line in lines
        if line.standing is Standing.OVERDUE or line.audit.state is AuditState.SENT_BACK
    ]


async def record(store: Store, ref: str) -> Audit | None:
    """The bare record, for a message to somebody whose audit it was; it is not to be shown as it is now."""
    async with store.reading() as uow:
        return await uow.audits.get(ref)


def all_returned(audits: list[Audit]) -> bool:
    """True where there is something to return and nothing of it is left."""
    return bool(audits) and all(audit.returned_on for audit in audits)
