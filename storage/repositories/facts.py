"""Light rows for the measures: read whole months at a time, without holding the loop."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import bindparam, or_, select

from domain.audits import AuditState
from domain.calendar import Month
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import PersonId, Reach
from domain.policy import ReasonClass
from domain.ports import AuditFact, ExemptionFact
from storage.database import Transaction
from storage.repositories.audit_rows import ENGAGED, TEAM, WITH_TEAM, engagement, grade_of
from storage.repositories.cycle import REACHED
from storage.repositories.exemptions import SCOPE
from storage.repositories.filters import reach_values
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, AnySelect, untyped
from storage.tables import audits, draws, exemptions, people, teams

T = TypeVar("T")

AT_ONCE = 1000
"""Rows made into values before the loop has its turn."""

_month = audits.c.month.type
_between = audits.c.month.between(bindparam("first", type_=_month), bindparam("last", type_=_month))
_PLAIN = ("ref", "month", "kind", "state", "auditor_id", "team_id", "legal_status", "issued_on", "returned_on",
          "grade", "moderated_grade", "final_grade", "meets_standard", "moderated_on", "uploaded_on",
          "concern_category", "reaudit_number", "earlier_actions_reviewed")  # fmt: skip
AUDITS = untyped(
    select(*(audits.c[name] for name in (*_PLAIN, *ENGAGED)), *TEAM)
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
_KINDS = {kind.value: kind for kind in Kind}
_STATES = {state.value: state for state in AuditState}
_MODERATED = frozenset({AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED})


def _audit(row: AnyRow) -> AuditFact:
    state = _STATES[row.state]
    judged = row.moderated_on is not None or row.moderated_grade is not None
    return AuditFact(
        month=row.month,
        kind=_KINDS[row.kind],
        state=state,
        auditor_id=row.auditor_id,
        team=team_of(row.team_id, row.team_name, row.area, row.service, row.directorate),
        legal_status=row.legal_status,
        issued_on=row.issued_on,
        returned_on=row.returned_on,
        grade=grade_of(row.grade),
        moderated_grade=grade_of(row.moderated_grade),
        final_grade=grade_of(row.final_grade),
        meets_standard=row.meets_standard,
        moderated=judged or state in _MODERATED,
        uploaded_on=row.uploaded_on,
        engagement=engagement(
            row.social_worker_took_part,
            row.manager_took_part,
            row.child_views,
            row.parent_views,
            row.iro_views,
            row.reflection_sheet,
        ),
        concern_category=row.concern_category,
        reaudit_number=row.reaudit_number,
        earlier_actions_reviewed=row.earlier_actions_reviewed,
        ref=row.ref,
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
        return await self._made(statement, _values(first, last, within), _audit)

    async def exemptions(self, first: Month, last: Month, within: Reach | None = None) -> list[ExemptionFact]:
        statement = EXEMPTIONS if within is None else _EXEMPTIONS_WITHIN
        return await self._made(statement, _values(first, last, within), _exemption)

    async def pools(self, first: Month, last: Month) -> dict[Month, frozenset[PersonId]]:
        rows = await self._transaction.run(lambda c: c.execute(_POOLS, _values(first, last, None)).all())
        found: dict[Month, frozenset[PersonId]] = {}
        for month, pool in rows:
            found[month] = found.get(month, frozenset()) | frozenset(json.loads(pool))
        return found

    async def _made(
        self, statement: AnySelect, values: Mapping[str, Any], make: Callable[[AnyRow], T]
    ) -> list[T]:
        """One question; its rows become values a part at a time, in a thread on SQLite, between the loop's other work
        on PostgreSQL."""
        result = await self._transaction.run(lambda c: c.execute(statement, values), aside=True)
        made: list[T] = []
        while part := await self._transaction.run(
            lambda _: [make(row) for row in result.fetchmany(AT_ONCE)], aside=True
        ):
            made += part
            await asyncio.sleep(0)
        return made


def _values(first: Month, last: Month, within: Reach | None) -> dict[str, Any]:
    scope = {} if within is None else reach_values(within)
    return {"first": first, "last": last, **scope}
