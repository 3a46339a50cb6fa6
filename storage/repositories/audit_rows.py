"""Audits as rows: one select that gives an audit whole, how it is read, and how it is written."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from domain.audits import Audit, AuditState, Engagement
from domain.kinds import Grade, Kind
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, AnySelect, one_of, untyped, write_over
from storage.tables import audits as table
from storage.tables import teams

PLAIN = ("month", "child_ref", "legal_status", "auditor_id", "issued_on", "returned_on", "moderator_id",
         "meets_standard", "moderated_on", "locked_on", "uploaded_on", "agreed_on", "concern_category", "reaudit_of",
         "reaudit_number", "about_id", "theme", "draw_id", "earlier_actions_reviewed")  # fmt: skip
"""Columns that hold a field of the same name as it is."""
GRADES = ("grade", "moderated_grade", "final_grade")
ENGAGED = {
    "social_worker_took_part": "social_worker",
    "manager_took_part": "manager",
    "child_views": "child",
    "parent_views": "parent",
    "iro_views": "iro",
    "reflection_sheet": "reflection_sheet",
}
"""By column: the field of `domain.audits.Engagement`."""

TEAM = (teams.c.name.label("team_name"), teams.c.area, teams.c.service, teams.c.directorate)
REACHED: Mapping[str, ColumnElement[bool]] = {
    "teams": teams.c.name.in_(one_of("teams")),
    "services": teams.c.service.in_(one_of("services")),
    "directorates": teams.c.directorate.in_(one_of("directorates")),
}
"""With the audit's team at hand."""
WITH_TEAM = table.outerjoin(teams, table.c.team_id == teams.c.id)
_READ = ("id", "ref", "month", "kind", "state", "child_ref", "legal_status", "auditor_id", "issued_on", "returned_on",
         "grade", "version", "moderator_id", "moderated_grade", "final_grade", "meets_standard", "moderated_on",
         "locked_on", "uploaded_on", "agreed_on", "concern_category", "reaudit_of", "reaudit_number", "about_id",
         "theme", "draw_id", "earlier_actions_reviewed", "team_id")  # fmt: skip
"""In the order in which `audit_of` takes them; the team and who took part follow."""
AUDIT = untyped(
    select(*(table.c[name] for name in _READ), *TEAM, *(table.c[name] for name in ENGAGED)).select_from(
        WITH_TEAM
    )
)
_SAVE = update(table).where(table.c.id == bindparam("audit"), table.c.version == bindparam("seen"))


@lru_cache(maxsize=1024)
def engagement(*took_part: bool | None) -> Engagement:
    """There are few, and one comes with every audit: the same value is given again."""
    return Engagement(*took_part)


KINDS = {kind.value: kind for kind in Kind}
STATES = {state.value: state for state in AuditState}
GRADE: Mapping[str | None, Grade | None] = {None: None, **{grade.value: grade for grade in Grade}}


def audit_of(row: AnyRow) -> Audit:
    """From a row with AUDIT's columns, by place: looking each up by name takes as long as asking the database."""
    (
        number, ref, month, kind, state, child_ref, legal_status, auditor_id, issued_on, returned_on, grade, version,
        moderator_id, moderated_grade, final_grade, meets_standard, moderated_on, locked_on, uploaded_on, agreed_on,
        concern_category, reaudit_of, reaudit_number, about_id, theme, draw_id, reviewed, *others,
    ) = row  # fmt: skip
    return Audit(
        number,
        ref,
        month,
        KINDS[kind],
        STATES[state],
        child_ref,
        team_of(*others[:5]),
        legal_status,
        auditor_id,
        issued_on,
        returned_on,
        GRADE[grade],
        version,
        moderator_id,
        GRADE[moderated_grade],
        GRADE[final_grade],
        meets_standard,
        moderated_on,
        locked_on,
        uploaded_on,
        agreed_on,
        engagement(*others[5:]),
        concern_category,
        reaudit_of,
        reaudit_number,
        about_id,
        theme,
        draw_id,
        reviewed,
    )


def values_of(audit: Audit) -> dict[str, Any]:
    """Every column that an audit's own fields fill; `id`, `ref` and `number` are given once and stay."""
    values: dict[str, Any] = {name: getattr(audit, name) for name in PLAIN}
    for name in GRADES:
        grade: Grade | None = getattr(audit, name)
        values[name] = grade.value if grade else None
    for column, name in ENGAGED.items():
        values[column] = getattr(audit.engagement, name)
    values["kind"] = audit.kind.value
    values["state"] = audit.state.value
    values["team_id"] = audit.team.id if audit.team else None
    values["version"] = audit.version
    return values


def find(connection: Connection, statement: AnySelect, **values: object) -> list[Audit]:
    return [audit_of(row) for row in connection.execute(statement, values)]


def save(connection: Connection, audit: Audit) -> Audit:
    """The next version; raises Conflict where the version is not the stored one."""
    saved = replace(audit, version=audit.version + 1)
    write_over(connection, _SAVE, values_of(saved) | {"audit": audit.id, "seen": audit.version}, audit.ref)
    return saved
