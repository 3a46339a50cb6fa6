"""Children's files: found as people type a reference, and those that can be drawn for a month."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, exists, func, literal, or_, select

from domain.allocation import Child
from domain.audits import AuditState
from domain.calendar import Month
from domain.kinds import Kind
from domain.ports import ChildFacts, Eligible
from storage.database import Transaction
from storage.repositories.packed import joined
from storage.repositories.parts import in_parts
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, AnySelect, Few, one_of, untyped
from storage.tables import audits, child_cohorts, teams
from storage.tables import children as table

_month = audits.c.month.type
_day = table.c.closed.type

_cohorts = (
    select(joined(child_cohorts.c.cohort))
    .where(child_cohorts.c.child_ref == table.c.child_ref)
    .correlate(table)
    .scalar_subquery()
)
_CHILD = untyped(
    select(
        table.c.child_ref,
        table.c.legal_status,
        table.c.social_worker_id,
        table.c.opened,
        table.c.closed,
        _cohorts.label("cohorts"),
        table.c.team_id,
        teams.c.name.label("team_name"),
        teams.c.area,
        teams.c.service,
        teams.c.directorate,
    ).select_from(table.join(teams, teams.c.id == table.c.team_id))
)
_BY_REFS = Few(_CHILD, table.c.child_ref)
ANY_CASE = _CHILD.where(func.lower(table.c.child_ref, type_=table.c.child_ref.type).in_(one_of("refs")))
OF_TEAMS = _CHILD.where(
    table.c.team_id.in_(one_of("teams")),
    or_(table.c.opened.is_(None), table.c.opened <= bindparam("day", type_=_day)),
    or_(table.c.closed.is_(None), table.c.closed > bindparam("day", type_=_day)),
).order_by(table.c.child_ref)


@lru_cache(maxsize=4096)
def _cohort_set(text: str | None) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


def _child(row: AnyRow) -> ChildFacts:
    team = team_of(row.team_id, row.team_name, row.area, row.service, row.directorate)
    assert team is not None
    return ChildFacts(
        row.child_ref,
        team,
        row.legal_status,
        row.social_worker_id,
        _cohort_set(row.cohorts),
        row.opened,
        row.closed,
    )


def _get(connection: Connection, typed: str) -> ChildFacts | None:
    """As typed, else in another case, else with or without the `C`; of two that are meant equally, none."""
    plain = typed.strip().lower()
    other = plain[1:] if plain.startswith("c") else f"c{plain}"
    found = [_child(row) for row in connection.execute(ANY_CASE, {"refs": [plain, other]})]
    for meant in (typed.strip(), plain, other):
        same = [child for child in found if meant in (child.ref, child.ref.lower())]
        exact = [child for child in same if child.ref == meant]
        if same:
            return (exact or same)[0] if exact or len(same) == 1 else None
    return None


def _many(connection: Connection, refs: list[str]) -> dict[str, ChildFacts]:
    found: dict[str, ChildFacts] = {}
    for start in range(0, len(refs), 500):
        found |= {row.child_ref: _child(row) for row in _BY_REFS.rows(connection, refs[start : start + 500])}
    return found


def _audited(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Observations are of a supervision, not of the child's file."""
    return exists().where(
        audits.c.child_ref == table.c.child_ref, audits.c.kind != Kind.OBSERVATION.value, *conditions
    )


def _eligible(*, cohorts: bool, excluded: bool) -> AnySelect:
    """Every child with the first rule that leaves it out, "" for none; see `domain.ports.Children.eligible`."""
    first, last = bindparam("first", type_=_month), bindparam("last", type_=_month)
    ends = bindparam("ends", type_=_day)
    in_progress = audits.c.state == AuditState.ISSUED.value
    rules: list[tuple[ColumnElement[bool], Any]] = [
        (or_(table.c.closed <= ends, table.c.opened > ends), literal("closed")),
        (
            _audited(
                audits.c.month.between(first, last),
                audits.c.state.not_in([AuditState.FREED.value, AuditState.ISSUED.value]),
            ),
            literal("audited"),
        ),
        (
            _audited(audits.c.month >= bindparam("begun", type_=_month), in_progress),
            literal("in_progress"),
        ),
    ]
    if excluded:
        rules.append((table.c.child_ref.in_(one_of("excluded")), literal("excluded")))
    if cohorts:
        chosen = exists().where(
            and_(
                child_cohorts.c.child_ref == table.c.child_ref, child_cohorts.c.cohort.in_(one_of("cohorts"))
            )
        )
        rules.append((~chosen, literal("cohort")))
    why = case(*rules, else_=literal("")).label("why")
    return untyped(
        select(
            table.c.child_ref, table.c.team_id, table.c.social_worker_id, _cohorts.label("cohorts"), why
        ).order_by(table.c.child_ref)
    )


_ELIGIBLE = {
    (cohorts, excluded): _eligible(cohorts=cohorts, excluded=excluded)
    for cohorts in (False, True)
    for excluded in (False, True)
}


def _drawable(row: AnyRow) -> Child | str:
    """The child, or why it cannot be drawn."""
    ref, team_id, social_worker_id, cohorts, why = row
    return why or Child(ref, team_id, social_worker_id, _cohort_set(cohorts))


class SqlChildren:
    """See `domain.ports.Children`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> ChildFacts | None:
        return await self._transaction.run(lambda c: _get(c, ref))

    async def many(self, refs: Collection[str]) -> dict[str, ChildFacts]:
        wanted = sorted(set(refs))
        return await self._transaction.run(lambda c: _many(c, wanted), aside=len(wanted) > 100)

    async def of_team(self, team_ids: Collection[int], day: date) -> list[ChildFacts]:
        values = {"teams": sorted(set(team_ids)), "day": day}
        return await self._transaction.run(
            lambda c: [_child(row) for row in c.execute(OF_TEAMS, values)], aside=True
        )

    async def eligible(
        self, month: Month, cohorts: Collection[str], not_again_months: int, excluded: Collection[str]
    ) -> Eligible:
        values: dict[str, Any] = {
            "first": month.plus(-not_again_months),
            "last": month,
            "begun": month.plus(-max(not_again_months, 1)),
            "ends": month.last,
            "cohorts": sorted(cohorts),
            "excluded": sorted(excluded),
        }
        statement = _ELIGIBLE[bool(cohorts), bool(excluded)]
        found = await in_parts(self._transaction, statement, values, _drawable)
        children = [child for child in found if isinstance(child, Child)]
        return Eligible(children, Counter(why for why in found if isinstance(why, str)))
