"""What decides where somebody of a month's pool stands, and the people of the pool in groups that are alike in it."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from domain.audits import AuditState
from domain.calendar import Month
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import PersonId, Role, WorkingPattern
from domain.ports import Alike
from storage.repositories.packed import packed, unpacked
from storage.tables import audits, exemptions, moderating, people, person_roles

_day = people.c.active_from.type
THIS_MONTH = bindparam("month", type_=audits.c.month.type)
CORE = and_(audits.c.kind == Kind.CORE.value, audits.c.state != AuditState.FREED.value)
THERE = and_(
    or_(people.c.active_from.is_(None), people.c.active_from <= bindparam("last", type_=_day)),
    or_(people.c.active_to.is_(None), people.c.active_to >= bindparam("first", type_=_day)),
)
"""On any day of the month."""
APPROVED = and_(exemptions.c.month == THIS_MONTH, exemptions.c.state == State.APPROVED.value)
SAID = select(moderating.c.person_id, moderating.c.moderates).where(moderating.c.month == THIS_MONTH)
WITH_AUDIT = select(audits.c.auditor_id).where(audits.c.month == THIS_MONTH, CORE)


_other = person_roles.alias()
_auditor_too = exists().where(
    _other.c.person_id == person_roles.c.person_id, _other.c.role == Role.AUDITOR.value
)
_MODERATORS = select(packed(_other.c.person_id)).where(_other.c.role == Role.MODERATOR.value)
_EXEMPT_FOR = select(packed(exemptions.c.person_id, exemptions.c.reason_class)).where(APPROVED)
ALIKE = (
    select(
        *(
            packed(column)
            for column in (
                people.c.id,
                people.c.name,
                person_roles.c.role,
                people.c.working_pattern,
                people.c.auditor_from,
                people.c.moderator_from,
                people.c.active_to,
            )
        ),
        _MODERATORS.scalar_subquery(),
        SAID.with_only_columns(packed(*SAID.selected_columns)).scalar_subquery(),
        _EXEMPT_FOR.scalar_subquery(),
        WITH_AUDIT.with_only_columns(packed(audits.c.auditor_id)).scalar_subquery(),
    )
    .join_from(person_roles, people, people.c.id == person_roles.c.person_id)
    .where(
        person_roles.c.role.in_([Role.AUDITOR.value, Role.MODERATOR.value]),
        or_(person_roles.c.role == Role.AUDITOR.value, ~_auditor_too),
        THERE,
    )
)
"""One question, so that on PostgreSQL too all of it is as of one moment. Its columns are read in one pass, and so in
one order. The role is auditor where somebody holds both: each comes once."""
LAST_OF_ALTERNATE = (
    select(audits.c.auditor_id, func.max(audits.c.month))
    .join(people, people.c.id == audits.c.auditor_id)
    .where(people.c.working_pattern == WorkingPattern.ALTERNATE.value, audits.c.month < THIS_MONTH, CORE)
    .group_by(audits.c.auditor_id)
)


def alike(connection: Connection, month: Month) -> list[Alike]:
    """Columns instead of rows, and nothing made of one person: there are hundreds, in a few groups."""
    found = connection.execute(ALIKE, {"month": month, "first": month.first, "last": month.last}).one()
    numbers, names, *own, moderators, said, exempt, with_audit = map(unpacked, found)
    alternate = WorkingPattern.ALTERNATE.value in own[1]
    last = _last_of_alternate(connection, month) if alternate else {}
    keys = zip(
        *own,
        map(set(moderators).__contains__, numbers),
        map(dict(said).get, numbers),
        map(dict(exempt).get, numbers),
        map(set(with_audit).__contains__, numbers),
        map(last.get, numbers),
        strict=True,
    )
    groups: dict[tuple[Any, ...], list[tuple[str, PersonId]]] = defaultdict(list)
    for key, named in zip(keys, zip(names, numbers, strict=True), strict=True):
        groups[key].append(named)
    return [_group(*key, named=named) for key, named in groups.items()]


def _last_of_alternate(connection: Connection, month: Month) -> dict[int, Month]:
    return {person: last for person, last in connection.execute(LAST_OF_ALTERNATE, {"month": month})}  # noqa: C416


def _group(
    role: str, pattern: str, auditor_from: str | None, moderator_from: str | None, active_to: str | None,
    moderator: bool, said: bool | None, exempt_for: str | None, has_audit: bool, last: Month | None,
    *, named: list[tuple[str, PersonId]],
) -> Alike:  # fmt: skip
    return Alike(
        roles=frozenset({Role(role), Role.MODERATOR} if moderator else {Role(role)}),
        working_pattern=WorkingPattern(pattern),
        auditor_from=_read(auditor_from),
        moderator_from=_read(moderator_from),
        active_to=_read(active_to),
        moderates=None if said is None else bool(said),
        exempt_for=exempt_for or "",
        has_audit=has_audit,
        last_audited=last,
        people=named,
    )


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
