"""What is kept of one audit beside its own record, in one question: a card shows all of it, and most of it is short."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, bindparam, select

from domain.audits import Audit
from domain.kinds import Grade
from domain.participation import Contribution, Part
from domain.ports import Action, AuditStep, Beside
from domain.requests import Request, RequestState, Wish
from storage.repositories.packed import packed, unpacked
from storage.repositories.people_rows import team_of
from storage.repositories.returns import COLUMNS as RETURN
from storage.repositories.returns import return_of
from storage.repositories.sql import untyped
from storage.tables import (
    actions,
    audit_areas,
    audit_requests,
    audit_steps,
    audits,
    contributions,
    returns,
    teams,
)

_audit = bindparam("audit", type_=audits.c.id.type)
_TASK = ("id", "ref", "description", "raised_on", "due_on", "number", "audit_ref", "concern_ref", "child_ref",
         "owner_id", "done_on", "verified_on", "version", "team_id")  # fmt: skip
_TEAM = (teams.c.name, teams.c.area, teams.c.service, teams.c.directorate)
_ASKED = ("id", "wish", "asked_by_id", "asked_at", "explanation", "state", "reason", "wanted_on", "agreed_on",
          "decided_by_id", "decided_at", "note", "version")  # fmt: skip


def _rows(of: FromClause, audit_id: ColumnElement[Any], *columns: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(packed(*columns)).select_from(of).where(audit_id == _audit).scalar_subquery()


ALL_BESIDE = untyped(
    select(
        *RETURN,
        _rows(audit_areas, audit_areas.c.audit_id, audit_areas.c.area, audit_areas.c.grade).label("areas"),
        _rows(
            actions.outerjoin(teams, teams.c.id == actions.c.team_id),
            actions.c.audit_id,
            actions.c.dropped_on,
            *(actions.c[name] for name in _TASK),
            *_TEAM,
        ).label("tasks"),
        _rows(
            audit_steps,
            audit_steps.c.audit_id,
            *(audit_steps.c[name] for name in ("id", "at", "command", "by_id", "for_id", "note", "facts")),
        ).label("steps"),
        _rows(audit_requests, audit_requests.c.audit_id, *(audit_requests.c[name] for name in _ASKED)).label(
            "requests"
        ),
        _rows(
            contributions,
            contributions.c.audit_id,
            *(contributions.c[name] for name in ("person_id", "part", "answers", "saved_at", "version")),
        ).label("contributions"),
    )
    .select_from(audits.outerjoin(returns, returns.c.audit_id == audits.c.id))
    .where(audits.c.id == _audit)
)


def _instant(text: str | None) -> datetime | None:
    """As either database writes one: SQLite's are UTC and do not say so."""
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _at(text: str) -> datetime:
    at = _instant(text)
    assert at is not None
    return at


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _task(audit: Audit, values: list[Any]) -> Action:
    (
        number, ref, description, raised_on, due_on, on_return, audit_ref, concern_ref, child_ref, owner_id, done_on,
        verified_on, version, *team,
    ) = values  # fmt: skip
    return Action(
        id=number,
        ref=ref,
        description=description,
        raised_on=date.fromisoformat(raised_on),
        due_on=date.fromisoformat(due_on),
        audit_id=audit.id,
        audit_ref=audit_ref,
        number=on_return,
        concern_ref=concern_ref,
        child_ref=child_ref,
        team=team_of(*team),
        owner_id=owner_id,
        done_on=_day(done_on),
        verified_on=_day(verified_on),
        version=version,
    )


def _request(audit: Audit, values: list[Any]) -> Request:
    (
        number, wish, by, at, explanation, state, reason, wanted_on, agreed_on, decided_by, decided_at, note, version,
    ) = values  # fmt: skip
    return Request(
        id=number,
        audit_id=audit.id,
        audit_ref=audit.ref,
        wish=Wish(wish),
        asked_by_id=by,
        asked_at=_at(at),
        explanation=explanation,
        state=RequestState(state),
        reason=reason,
        wanted_on=_day(wanted_on),
        agreed_on=_day(agreed_on),
        decided_by_id=decided_by,
        decided_at=_instant(decided_at),
        note=note,
        version=version,
    )


def _by_number(values: list[Any]) -> tuple[bool, int, int]:
    """Those of the return by their number there, then those that came by a file."""
    number, on_return = values[0], values[5]
    return on_return is None, on_return or 0, number


def beside(connection: Connection, audit: Audit) -> Beside:
    row = connection.execute(ALL_BESIDE, {"audit": audit.id}).first()
    if row is None:
        return Beside()
    *filled, areas, tasks, steps, requests, given = row
    kept = sorted((values for dropped, *values in unpacked(tasks) if dropped is None), key=_by_number)
    return Beside(
        filled=return_of(connection, audit.id, audit.ref, *filled) if filled[0] else None,
        areas={area: Grade(grade) for area, grade in sorted(unpacked(areas))},
        actions=[_task(audit, values) for values in kept],
        steps=[
            AuditStep(_at(at), command, by, behalf, note, json.loads(facts))
            for _, at, command, by, behalf, note, facts in sorted(unpacked(steps))
        ],
        requests=[_request(audit, values) for values in sorted(unpacked(requests), reverse=True)],
        contributions=[
            Contribution(audit.id, person, Part(part), json.loads(answers), _instant(saved_at), version)
            for person, part, answers, saved_at, version in sorted(unpacked(given))
        ],
    )
