"""Looking at one's own audits."""

from datetime import date, datetime

from domain import exemptions as exemption_rules
from domain.audits import Audit, Standing, standing, working_days_left
from domain.calendar import Month, last_working_day, local_date
from domain.people import Actor, Role
from domain.permissions import Belongs, Permission, allowed, require_present
from domain.policy import Policy
from domain.ports import Store, UnitOfWork
from domain.views import AuditLine, MyAudits


async def my_audits(
    store: Store, policy: Policy, actor: Actor, now: datetime, month: Month | None = None
) -> MyAudits:
    """What the actor audits in a month (this one unless said), how each stands, and the exemption that counts.
    Raises NotAllowed for somebody who has left."""
    today = local_date(now)
    require_present(actor, today)
    asked, month = month, month or Month.of(today)
    async with store.reading() as uow:
        audits = await uow.audits.of_auditor(actor.id, month)
        late = [] if asked else await _still_late(uow, policy, actor, today)
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
        lines=[*late, *(AuditLine(audit, standing(audit, today, policy.audits)) for audit in audits)],
        working_days_left=working_days_left(month, today),
        last_working_day=last_working_day(month),
        exemption=counts,
        may_request=may_ask and not open_or_approved and not all_returned(audits),
        is_auditor=is_auditor,
    )


async def _still_late(uow: UnitOfWork, policy: Policy, actor: Actor, today: date) -> list[AuditLine]:
    """Of last month, what is late and can still be returned: it is not to be forgotten behind the new month."""
    before = await uow.audits.of_auditor(actor.id, Month.of(today).plus(-1))
    lines = [AuditLine(audit, standing(audit, today, policy.audits)) for audit in before]
    return [line for line in lines if line.standing is Standing.OVERDUE]


async def audits_with(store: Store, policy: Policy, actor: Actor, ref: str, now: datetime) -> MyAudits | None:
    """The actor's audits of the month of `ref`; None where that audit is no longer theirs."""
    async with store.reading() as uow:
        audit = await uow.audits.get(ref)
    if audit is None or audit.auditor_id != actor.id:
        return None
    return await my_audits(store, policy, actor, now, audit.month)


async def record(store: Store, ref: str) -> Audit | None:
    """The bare record, for a message to somebody whose audit it was; it is not to be shown as it is now."""
    async with store.reading() as uow:
        return await uow.audits.get(ref)


def all_returned(audits: list[Audit]) -> bool:
    """True where there is something to return and nothing of it is left."""
    return bool(audits) and all(audit.returned_on for audit in audits)
