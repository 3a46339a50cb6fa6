"""The month's cycle as tables: draws, the steps of audits, returns with their actions, requests, contributions, the
programme and who moderates; beside the records themselves in `storage.tables`."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from storage.columns import Id, Instant, MonthText
from storage.metadata import any_of, metadata

draws = Table(
    "draws",
    metadata,
    Column("id", Id, primary_key=True),
    Column("month", MonthText, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("seed", String(100), nullable=False),
    Column("options", Text, nullable=False),
    Column("exclusions", Text, nullable=False, server_default="[]"),
    Column("pool", Text, nullable=False, server_default="[]"),
    Column("digest", String(64), nullable=False, server_default=""),
    Column("previews", Integer, nullable=False, server_default="0"),
    Column("theme", String(200), nullable=False, server_default=""),
    Column("made_by_id", Id, ForeignKey("people.id")),
    Column("made_at", Instant),
    Column("issued_by_id", Id, ForeignKey("people.id")),
    Column("issued_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "month", "kind"),
    sqlite_autoincrement=True,
)
"""`options`, `exclusions` and `pool` are JSON. The partial unique index: of a month and kind one draw is in the
making."""
_open_draw = text("issued_at IS NULL")
draws.append_constraint(
    Index(
        "uq_draws_open",
        draws.c.month,
        draws.c.kind,
        unique=True,
        sqlite_where=_open_draw,
        postgresql_where=_open_draw,
    )
)

draw_previews = Table(
    "draw_previews",
    metadata,
    Column("draw_id", Id, ForeignKey("draws.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("basis", Text, nullable=False),
)
"""`version` is the draw's as the preview left it; `basis` is JSON (`domain.draw_basis`)."""

audit_steps = Table(
    "audit_steps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("audit_id", Id, ForeignKey("audits.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("command", String(20), nullable=False),
    Column("by_id", Id, ForeignKey("people.id")),
    Column("for_id", Id, ForeignKey("people.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("facts", Text, nullable=False, server_default="{}"),
    sqlite_autoincrement=True,
)
"""The first line of what was issued here has the command `issue`; an imported record has no lines until it moves on
here. `facts` is JSON."""

return_templates = Table(
    "return_templates",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("body", Text, nullable=False),
)
"""Templates that returns were begun with, once each: `digest` is the SHA-256 of `body`."""

returns = Table(
    "returns",
    metadata,
    Column("audit_id", Id, ForeignKey("audits.id"), primary_key=True, autoincrement=False),
    Column("template", String(64), ForeignKey("return_templates.digest"), nullable=False),
    Column("answers", Text, nullable=False),
    Column("actions", Text, nullable=False),
    Column("saved_at", Instant),
    Column("handed_in_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
)
"""`answers` and `actions` are JSON."""

actions = Table(
    "actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(60), nullable=False, unique=True),
    Column("number_in_ref", Integer),
    Column("audit_id", Id, ForeignKey("audits.id")),
    Column("audit_ref", String(60)),
    Column("number", Integer),
    Column("concern_ref", String(60)),
    Column("child_ref", String(60), ForeignKey("children.child_ref")),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("owner_id", Id, ForeignKey("people.id")),
    Column("description", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("verified_on", Date),
    Column("dropped_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "number_in_ref", unique=True),
    Index("uq_actions_audit_id_number", "audit_id", "number", unique=True),
    Index(None, "owner_id", "due_on"),
    Index(None, "team_id", "due_on"),
    Index(None, "child_ref"),
    sqlite_autoincrement=True,
)
"""`number` is the one within the return, `number_in_ref` the one in `T-12` (as `audits.number`). `audit_ref` is kept
as a file wrote it, also where no such audit is here."""

audit_requests = Table(
    "audit_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("audit_id", Id, ForeignKey("audits.id"), nullable=False),
    Column("wish", String(20), nullable=False),
    Column("asked_by_id", Id, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("wanted_on", Date),
    Column("agreed_on", Date),
    Column("decided_by_id", Id, ForeignKey("people.id")),
    Column("decided_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "audit_id"),
    sqlite_autoincrement=True,
)
_open_request = text(any_of("state", {"open"}))
audit_requests.append_constraint(
    Index(
        "uq_audit_requests_open",
        audit_requests.c.audit_id,
        audit_requests.c.wish,
        unique=True,
        sqlite_where=_open_request,
        postgresql_where=_open_request,
    )
)
audit_requests.append_constraint(
    Index(
        "ix_audit_requests_waiting",
        audit_requests.c.asked_at,
        audit_requests.c.id,
        sqlite_where=_open_request,
        postgresql_where=_open_request,
    )
)

contributions = Table(
    "contributions",
    metadata,
    Column("audit_id", Id, ForeignKey("audits.id"), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("part", String(20), nullable=False),
    Column("answers", Text, nullable=False),
    Column("saved_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    PrimaryKeyConstraint("audit_id", "person_id"),
)
"""`answers` is JSON."""

programme = Table(
    "programme",
    metadata,
    Column("month", MonthText, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("expected", Integer, nullable=False, server_default="0"),
    Column("theme", String(200), nullable=False, server_default=""),
    Column("cohorts", Text, nullable=False, server_default="[]"),
    Column("note", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    PrimaryKeyConstraint("month", "kind"),
)
"""`cohorts` is JSON."""

moderating = Table(
    "moderating",
    metadata,
    Column("month", MonthText, nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("moderates", Boolean, nullable=False),
    PrimaryKeyConstraint("month", "person_id"),
)
"""What was said against the rule of who moderates in a month."""
