"""Children of concern as rows: one select that gives one whole with its alert, how it is read and how it is written."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from domain import alerts
from domain.alerts import Acknowledged, Alert, Seat
from domain.concern_rules import Concerns as Rules
from domain.concern_rules import Tier
from domain.concern_workflow import BY_CLOCK, Done
from domain.concerns import Category, Concern, Source, State, Wanted
from domain.people import Authority
from domain.ports.concerns import NewConcern
from storage.references import CONCERN, number_in
from storage.repositories.audit_rows import TEAM
from storage.repositories.people_rows import team_of
from storage.repositories.sql import AnyRow, InsertNew, untyped, write_over
from storage.tables import concern_steps as steps
from storage.tables import concerns as table
from storage.tables import teams

_PLAIN = ("id", "child_ref", "raised_at", "identified_on", "state_since", "legal_status", "unsure", "audit_ref",
          "raised_by_id", "respond_by", "responded_at", "asked_by_id", "evidence", "reminded_at", "removed_at", "moved",
          "version")  # fmt: skip
"""Columns that hold a field of the same name as it is."""
WITH_TEAM = table.outerjoin(teams, table.c.team_id == teams.c.id)
CONCERN_ROW = untyped(select(*table.c, *TEAM).select_from(WITH_TEAM))
_ADD = InsertNew(table)
_ADD_STEP = insert(steps)
_SAVE = update(table).where(
    table.c.id == bindparam("concern"),
    table.c.version == bindparam("seen"),
    func.coalesce(table.c.alert_steps, -1) == bindparam("seen_steps"),
)


def concern_of(row: AnyRow) -> Concern:
    return Concern(
        **{name: getattr(row, name) for name in _PLAIN},
        category=Category(row.category),
        state=State(row.state),
        source=Source(row.source),
        team=team_of(row.team_id, row.team_name, row.area, row.service, row.directorate),
        wanted=Wanted(row.wanted) if row.wanted else None,
        alert=_alert(row),
    )


def _alert(row: AnyRow) -> Alert | None:
    if row.alert_since is None:
        return None
    taken = ((seat, _acknowledged(row, seat)) for seat in Seat)
    seats = {seat: given for seat, given in taken if given is not None}
    return Alert(row.alert_number, row.alert_since, row.alert_steps, row.alert_climbed, seats)


def _acknowledged(row: AnyRow, seat: Seat) -> Acknowledged | None:
    by_id, for_id, tier, at = (getattr(row, f"{seat}_{name}") for name in ("by_id", "for_id", "tier", "at"))
    return None if at is None else Acknowledged(Authority(by_id, for_id), Tier(tier), at)


def _values(concern: Concern, next_at: datetime | None) -> dict[str, Any]:
    """Every column but `id`."""
    values: dict[str, Any] = {name: getattr(concern, name) for name in _PLAIN if name != "id"}
    values["category"] = concern.category.value
    values["state"] = concern.state.value
    values["source"] = concern.source.value
    values["team_id"] = concern.team.id if concern.team else None
    values["wanted"] = concern.wanted.value if concern.wanted else None
    return values | _of_alert(concern.alert) | {"alert_next_at": next_at}


def _of_alert(alert: Alert | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "alert_number": alert.number if alert else None,
        "alert_since": alert.since if alert else None,
        "alert_steps": alert.steps if alert else None,
        "alert_climbed": alert.climbed if alert else None,
    }
    for seat in Seat:
        given = alert.seats.get(seat) if alert else None
        values[f"{seat}_by_id"] = given.by.by_id if given else None
        values[f"{seat}_for_id"] = given.by.for_id if given else None
        values[f"{seat}_tier"] = given.tier.value if given else None
        values[f"{seat}_at"] = given.at if given else None
    return values


def add(connection: Connection, new: NewConcern, now: datetime) -> int | None:
    """The number, with the first line of the timeline; None where the child has an open one."""
    begun: dict[str, Any] = {
        "alert_number": 1,
        "alert_since": now,
        "alert_steps": 0,
        "alert_climbed": False,
        "alert_next_at": now,
    }
    values: dict[str, Any] = {
        "child_ref": new.child_ref,
        "category": new.category.value,
        "unsure": new.unsure,
        "state": State.WITH_HEAD_OF_SERVICE.value,
        "source": new.source.value,
        "identified_on": new.identified_on,
        "raised_at": now,
        "raised_by_id": new.raised_by_id,
        "state_since": now,
        "team_id": new.team_id,
        "legal_status": new.legal_status,
        "audit_ref": new.audit_ref,
        "respond_by": new.respond_by,
    }
    number = _ADD.one(connection, values | (begun if new.alerts else {}))
    if number is not None:
        facts = {"category": f">{new.category.value}"} | ({"unsure": ">yes"} if new.unsure else {})
        _add_step(connection, number, now, "raise", Authority(new.raised_by_id) if new.raised_by_id else None,
                  new.grounds, facts)  # fmt: skip
    return number


def _add_step(
    connection: Connection, concern_id: int, at: datetime, command: str, by: Authority | None, note: str,
    facts: Mapping[str, str],
) -> None:  # fmt: skip
    line = {
        "concern_id": concern_id,
        "at": at,
        "command": command,
        "by_id": by.by_id if by else None,
        "for_id": by.for_id if by else None,
        "note": note,
        "facts": json.dumps(dict(facts)),
    }
    connection.execute(_ADD_STEP, line)


def save(connection: Connection, done: Done, rules: Rules) -> Concern:
    """See `domain.ports.Concerns.save`. Two that climb at once have seen the same steps of the alert: one of them is
    late, and nobody is told twice."""
    clock = done.command in BY_CLOCK
    seen, had = done.concern.version, done.before.alert
    saved = done.concern if clock else replace(done.concern, version=seen + 1)
    next_at = alerts.next_due(saved.alert, rules) if saved.climbing and saved.alert else None
    keys = {"concern": saved.id, "seen": seen, "seen_steps": had.steps if had else -1}
    write_over(connection, _SAVE, _values(saved, next_at) | keys, saved.ref)
    if not clock:
        _add_step(connection, saved.id, done.at, done.command.value, done.by, done.note, done.facts)
    return saved


def number_of(ref: str) -> int | None:
    """The number in a reference, in any case of letters."""
    return number_in(ref.strip().upper(), CONCERN)
