"""Children of concern with their alerts, and a second channel for messages. What returns have said of children of
concern until now is put on the tracker: each child once, with the graver category; a Category 1 of the last month
alerts at the next tick, because nobody has acknowledged it yet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column("outbox", sa.Column("channel", sa.String(10), server_default="teams", nullable=False))
    _create_concerns()
    _create_steps()
    _take_over()


ALERTED_DAYS = 31
_SAID = sa.text(
    """SELECT a.ref, a.child_ref, a.concern_category, a.returned_on, a.month, a.team_id, a.legal_status, a.auditor_id,
    (SELECT count(*) FROM audit_steps s WHERE s.audit_id = a.id AND s.command = 'return') AS here
    FROM audits a WHERE a.concern_category IS NOT NULL AND a.state NOT IN ('issued', 'freed')
    ORDER BY a.concern_category, a.returned_on, a.id"""
)
_PLAIN: list[sa.ColumnClause[Any]] = [
    sa.column(name, sa.String()) for name in ("child_ref", "state", "source", "legal_status", "audit_ref")
]
_NUMBERS: list[sa.ColumnClause[Any]] = [
    sa.column(name, sa.Integer())
    for name in ("id", "category", "team_id", "raised_by_id", "alert_number", "alert_steps")
]
_DAYS: list[sa.ColumnClause[Any]] = [sa.column(name, sa.Date()) for name in ("identified_on", "respond_by")]
_INSTANTS: list[sa.ColumnClause[Any]] = [
    sa.column(name, AT) for name in ("raised_at", "state_since", "alert_since", "alert_next_at")
]
_CLIMBED: sa.ColumnClause[Any] = sa.column("alert_climbed", sa.Boolean())
_CONCERNS = sa.table("concerns", *_PLAIN, *_NUMBERS, *_DAYS, *_INSTANTS, _CLIMBED)
_OF_STEPS: list[sa.ColumnClause[Any]] = [
    sa.column("concern_id", sa.Integer()),
    sa.column("at", AT),
    sa.column("command", sa.String()),
    sa.column("by_id", sa.Integer()),
    sa.column("note", sa.String()),
    sa.column("facts", sa.String()),
]
_STEPS = sa.table("concern_steps", *_OF_STEPS)


def _take_over() -> None:
    """The trail has each return with its category already; these are its records. A message of the old kind that still
    waits is overtaken by the alert itself."""
    connection = op.get_bind()
    now = datetime.now(UTC)
    at = now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)
    seen: set[str] = set()
    for row in connection.execute(_SAID).all():
        child = row.child_ref or row.ref
        if child.lower() in seen:
            continue
        seen.add(child.lower())
        values = {**_record(row, child, now.date(), at), "id": len(seen)}
        connection.execute(sa.insert(_CONCERNS).values(**values))
        step = {"concern_id": len(seen), "at": at, "command": "raise", "by_id": values["raised_by_id"]}
        note = f"See the audit {row.ref}."
        facts = f'{{"category": ">{row.concern_category}"}}'
        connection.execute(sa.insert(_STEPS).values(**step, note=note, facts=facts))
    connection.execute(
        sa.text("UPDATE outbox SET state = 'not_needed' WHERE kind = 'audit.concern' AND state = 'pending'")
    )
    if connection.dialect.name == "postgresql" and seen:
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('concerns', 'id'), :last)"), {"last": len(seen)}
        )


def _record(row: Any, child: str, today: date, at: datetime) -> dict[str, Any]:
    identified = _day(row.returned_on) or min(_month_end(row.month), today)
    alerts = row.concern_category == 1 and today - identified <= timedelta(days=ALERTED_DAYS)
    record = {
        "child_ref": child[:60],
        "category": row.concern_category,
        "state": "with_head_of_service",
        "source": "return" if row.here else "import",
        "team_id": row.team_id,
        "legal_status": row.legal_status,
        "audit_ref": row.ref[:60],
        "raised_by_id": row.auditor_id if row.here else None,
        "identified_on": identified,
        "respond_by": today if alerts else None,
        "raised_at": at,
        "state_since": at,
    }
    begun = {
        "alert_number": 1,
        "alert_steps": 0,
        "alert_climbed": False,
        "alert_since": at,
        "alert_next_at": at,
    }
    return record | (begun if alerts else {})


def _day(value: Any) -> date | None:
    """SQLite has days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _month_end(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _create_concerns() -> None:
    people = (
        "raised_by_id",
        "asked_by_id",
        "response_by_id",
        "response_for_id",
        "oversight_by_id",
        "oversight_for_id",
    )
    op.create_table(
        "concerns",
        sa.Column("id", ID, nullable=False),
        sa.Column("child_ref", sa.String(60), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("identified_on", sa.Date(), nullable=False),
        sa.Column("raised_at", AT, nullable=False),
        sa.Column("raised_by_id", ID),
        sa.Column("state_since", AT, nullable=False),
        sa.Column("team_id", ID),
        sa.Column("legal_status", sa.String(40)),
        sa.Column("audit_ref", sa.String(60)),
        sa.Column("respond_by", sa.Date()),
        sa.Column("responded_at", AT),
        sa.Column("wanted", sa.String(20)),
        sa.Column("asked_by_id", ID),
        sa.Column("evidence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reminded_at", AT),
        sa.Column("removed_at", AT),
        sa.Column("alert_number", sa.Integer()),
        sa.Column("alert_since", AT),
        sa.Column("alert_steps", sa.Integer()),
        sa.Column("alert_climbed", sa.Boolean()),
        sa.Column("alert_next_at", AT),
        sa.Column("response_by_id", ID),
        sa.Column("response_for_id", ID),
        sa.Column("response_tier", sa.String(20)),
        sa.Column("response_at", AT),
        sa.Column("oversight_by_id", ID),
        sa.Column("oversight_for_id", ID),
        sa.Column("oversight_tier", sa.String(20)),
        sa.Column("oversight_at", AT),
        sa.Column("moved", sa.Integer(), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_concerns_{name}"))
            for name in people
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_concerns_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_concerns_state_category_identified_on"), "concerns", ["state", "category", "identified_on"]
    )
    op.create_index(op.f("ix_concerns_team_id"), "concerns", ["team_id"])
    op.create_index(op.f("ix_concerns_audit_ref"), "concerns", ["audit_ref"])
    op.create_index("ix_concerns_any_case", "concerns", [sa.text("lower(child_ref)")])
    climbing = _where("alert_next_at IS NOT NULL")
    op.create_index("ix_concerns_alert_next_at", "concerns", ["alert_next_at"], **climbing)
    still_open = _where(
        "state IN ('challenged', 'in_proceedings', 'with_director', 'with_head_of_service', 'with_team')"
    )
    op.create_index("uq_concerns_open", "concerns", [sa.text("lower(child_ref)")], unique=True, **still_open)


def _create_steps() -> None:
    op.create_table(
        "concern_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("concern_id", ID, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("command", sa.String(20), nullable=False),
        sa.Column("by_id", ID),
        sa.Column("for_id", ID),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_concern_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_steps_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_concern_steps_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_steps")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_concern_steps_concern_id"), "concern_steps", ["concern_id"])
