"""Children of concern with their alerts, and a second channel for messages."""

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
