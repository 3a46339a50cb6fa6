"""Children of concern as tables: each with its alert, and the lines of its timeline."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    func,
    text,
)

from domain.concerns import OPEN
from storage.columns import Id, Instant
from storage.metadata import any_of, metadata

concerns = Table(
    "concerns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("child_ref", String(60), nullable=False),
    Column("category", Integer, nullable=False),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("state", String(30), nullable=False),
    Column("source", String(10), nullable=False),
    Column("identified_on", Date, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("raised_by_id", Id, ForeignKey("people.id")),
    Column("state_since", Instant, nullable=False),
    Column("team_id", Id, ForeignKey("teams.id"), index=True),
    Column("legal_status", String(40)),
    Column("audit_ref", String(60), index=True),
    Column("respond_by", Date),
    Column("responded_at", Instant),
    Column("wanted", String(20)),
    Column("asked_by_id", Id, ForeignKey("people.id")),
    Column("evidence", Integer, nullable=False, server_default="0"),
    Column("reminded_at", Instant),
    Column("removed_at", Instant),
    Column("alert_number", Integer),
    Column("alert_since", Instant),
    Column("alert_steps", Integer),
    Column("alert_climbed", Boolean),
    Column("alert_next_at", Instant),
    Column("response_by_id", Id, ForeignKey("people.id")),
    Column("response_for_id", Id, ForeignKey("people.id")),
    Column("response_tier", String(20)),
    Column("response_at", Instant),
    Column("oversight_by_id", Id, ForeignKey("people.id")),
    Column("oversight_for_id", Id, ForeignKey("people.id")),
    Column("oversight_tier", String(20)),
    Column("oversight_at", Instant),
    Column("moved", Integer, nullable=False, server_default="1"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "state", "category", "identified_on"),
    sqlite_autoincrement=True,
)
"""`id` is the number in `C-7`. `child_ref` and `audit_ref` name what may not be here: a danger to a child is taken down
whether or not the child is known. `alert_since` is empty where there is no alert, `alert_next_at` where nothing climbs;
the columns of a seat (`response_…`, `oversight_…`) are empty until somebody has taken it."""

concerns.append_constraint(Index("ix_concerns_any_case", func.lower(concerns.c.child_ref)))
_open = text(any_of("state", OPEN))
concerns.append_constraint(
    Index(
        "uq_concerns_open",
        func.lower(concerns.c.child_ref),
        unique=True,
        sqlite_where=_open,
        postgresql_where=_open,
    )
)
"""A child stands on the tracker once: settles two people who raise it at the same time."""

_climbing = text("alert_next_at IS NOT NULL")
concerns.append_constraint(
    Index(
        "ix_concerns_alert_next_at",
        concerns.c.alert_next_at,
        sqlite_where=_climbing,
        postgresql_where=_climbing,
    )
)
"""Asked every minute of every day, and nearly always empty."""

concern_steps = Table(
    "concern_steps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("concern_id", Id, ForeignKey("concerns.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("command", String(20), nullable=False),
    Column("by_id", Id, ForeignKey("people.id")),
    Column("for_id", Id, ForeignKey("people.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("facts", Text, nullable=False, server_default="{}"),
    sqlite_autoincrement=True,
)
"""The first line of each has the command `raise`. `facts` is JSON."""
