"""Light rows for the measures: read whole months at a time, without holding the loop."""

import json
from typing import Any

from sqlalchemy import bindparam, or_, select

from domain.audits import AuditState
from domain.calendar import Month
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import PersonId, Reach
from domain.policy import ReasonClass
from domain.ports import AuditFact, ExemptionFact
from storage.database import Transaction
from storage.repositories.audit_rows import (
    ENGAGED,
    GRADE,
    KINDS,
    REACHED,
    STATES,
    TEAM,
    WITH_TEAM,
    engagement,
)
from storage.repositories.exemptions import SCOPE
from storage.repositories.filters import reach_values
from storage.repositories.parts import in_parts
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, untyped
from storage.tables import audits, draws, exemptions, people, teams

_month = audits.c.month.type
_between = audits.c.month.between(bindparam("first", type_=_month), bindparam("last", type_=_month))
_READ = ("ref", "month", "kind", "state", "auditor_id", "legal_status", "issued_on", "returned_on", "grade",
         "moderated_grade", "final_grade", "meets_standard", "moderated_on", "uploaded_on", "concern_category",
         "reaudit_number", "earlier_actions_reviewed", "team_id")  # fmt: skip
"""In the order in which `_audit` takes them: by place, because there are many rows. The team and who took part
follow."""
AUDITS = untyped(
    select(*(audits.c[name] for name in _READ), *TEAM, *(audits.c[name] for name in ENGAGED))
    .select_from(WITH_TEAM)
    .where(_between)
    .order_by(audits.c.month, audits.c.id)
)
AUDITS_WITHIN = AUDITS.where(or_(*REACHED.values()))
_of_month = exemptions.c.month.between(bindparam("first", type_=_month), bindparam("last", type_=_month))
EXEMPTIONS = untyped(
    select(
        *(exemptions.c[name] for name in ("month", "person_id", "reason", "reason_class", "state")),
        exemptions.c.after_issue,
        people.c.team_id,
        *TEAM,
    )
    .select_from(exemptions)
    .join(people, people.c.id == exemptions.c.person_id)
    .outerjoin(teams, teams.c.id == people.c.team_id)
    .where(_of_month, exemptions.c.state.in_([State.APPROVED.value, State.DECLINED.value]))
    .order_by(exemptions.c.month, exemptions.c.id)
)
_EXEMPTIONS_WITHIN = EXEMPTIONS.where(or_(*(SCOPE[name] for name in REACHED)))
_POOLS = select(draws.c.month, draws.c.pool).where(
    draws.c.month.between(bindparam("first", type_=_month), bindparam("last", type_=_month)),
    draws.c.kind == Kind.CORE.value,
    draws.c.issued_at.is_not(None),
)
_MODERATED = frozenset({AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED})


def _audit(row: AnyRow) -> AuditFact:
    (
        ref, month, kind, code, auditor_id, legal_status, issued_on, returned_on, grade, moderated_grade, final_grade,
        meets_standard, moderated_on, uploaded_on, concern_category, reaudit_number, reviewed, *others,
    ) = row  # fmt: skip
    state = STATES[code]
    return AuditFact(
        month,
        KINDS[kind],
        state,
        auditor_id,
        team_of(*others[:5]),
        legal_status,
        issued_on,
        returned_on,
        GRADE[grade],
        GRADE[moderated_grade],
        GRADE[final_grade],
        meets_standard,
        moderated_on is not None or moderated_grade is not None or state in _MODERATED,
        uploaded_on,
        engagement(*others[5:]),
        concern_category,
        reaudit_number,
        reviewed,
        ref,
    )


def _exemption(row: AnyRow) -> ExemptionFact:
    return ExemptionFact(
        month=row.month,
        person_id=row.person_id,
        team=team_of(row.team_id, row.team_name, row.area, row.service, row.directorate),
        reason=row.reason,
        operational=row.reason_class == ReasonClass.OPERATIONAL.value,
        approved=row.state == State.APPROVED.value,
        after_issue=row.after_issue,
    )


class SqlFacts:
    """See `domain.ports.Facts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def audits(self, first: Month, last: Month, within: Reach | None = None) -> list[AuditFact]:
        statement = AUDITS if within is None else AUDITS_WITHIN
        return await in_parts(self._transaction, statement, _values(first, last, within), _audit)

    async def exemptions(self, first: Month, last: Month, within: Reach | None = None) -> list[ExemptionFact]:
        statement = EXEMPTIONS if within is None else _EXEMPTIONS_WITHIN
        return await in_parts(self._transaction, statement, _values(first, last, within), _exemption)

    async def pools(self, first: Month, last: Month) -> dict[Month, frozenset[PersonId]]:
        rows = await self._transaction.run(lambda c: c.execute(_POOLS, _values(first, last, None)).all())
        found: dict[Month, frozenset[PersonId]] = {}
        for month, pool in rows:
            found[month] = found.get(month, frozenset()) | frozenset(json.loads(pool))
        return found


def _values(first: Month, last: Month, within: Reach | None) -> dict[str, Any]:
    scope = {} if within is None else reach_values(within)
    return {"first": first, "last": last, **scope}
