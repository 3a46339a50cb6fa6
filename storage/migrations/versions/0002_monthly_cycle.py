"""The monthly cycle: draws, steps, returns, requests, contributions, the programme; and what an audit gains by it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: Any) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    _create_tables()
    _widen_audits()
    _number_audits()
    op.add_column("person_roles", sa.Column("given", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_children_any_case", "children", [sa.text("lower(child_ref)")])


def _number_audits() -> None:
    """As `storage.references.number_in` reads a reference: `A-` and one to six digits without a leading nought."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE audits SET number = substr(ref, 3)::integer WHERE ref ~ '^A-[1-9][0-9]{0,5}$'")
    else:
        op.execute(
            "UPDATE audits SET number = CAST(substr(ref, 3) AS INTEGER) WHERE ref GLOB 'A-[1-9]*' "
            "AND substr(ref, 3) NOT GLOB '*[^0-9]*' AND length(ref) <= 8"
        )
    op.create_index(op.f("ix_audits_number"), "audits", ["number"], unique=True)


def _widen_audits() -> None:
    for column in (
        sa.Column("number", sa.Integer()),
        sa.Column("final_grade", sa.String(length=30)),
        sa.Column("moderated_on", sa.Date()),
        sa.Column("locked_on", sa.Date()),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("theme", sa.String(length=200), server_default="", nullable=False),
        sa.Column("earlier_actions_reviewed", sa.Boolean()),
    ):
        op.add_column("audits", column)
    _add_reference("about_id", "people")
    _add_reference("draw_id", "draws")
    op.drop_index(op.f("ix_audits_child_ref"), table_name="audits")
    op.drop_index(op.f("ix_audits_moderator_id"), table_name="audits")
    op.drop_index(op.f("ix_audits_month_state"), table_name="audits")
    op.drop_index(op.f("ix_audits_team_id"), table_name="audits")
    op.create_index("ix_audits_about_id", "audits", ["about_id"], **_where(sa.text("about_id IS NOT NULL")))
    op.create_index(op.f("ix_audits_child_ref_month"), "audits", ["child_ref", "month"])
    op.create_index("ix_audits_draw_id", "audits", ["draw_id"], **_where(sa.text("draw_id IS NOT NULL")))
    op.create_index(op.f("ix_audits_moderator_id_state_month"), "audits", ["moderator_id", "state", "month"])
    op.create_index(op.f("ix_audits_month_kind"), "audits", ["month", "kind"])
    op.create_index(
        "ix_audits_reaudit_of", "audits", ["reaudit_of"], **_where(sa.text("reaudit_of IS NOT NULL"))
    )
    op.create_index(op.f("ix_audits_state_month"), "audits", ["state", "month"])
    op.create_index(op.f("ix_audits_team_id_month"), "audits", ["team_id", "month"])
    one_core = sa.text("kind = 'core' AND state <> 'freed' AND draw_id IS NOT NULL")
    op.create_index("uq_audits_one_core", "audits", ["auditor_id", "month"], unique=True, **_where(one_core))
    inadequate = sa.text("coalesce(final_grade, moderated_grade, grade) = 'inadequate'")
    op.create_index("ix_audits_inadequate", "audits", ["child_ref"], **_where(inadequate))


def _add_reference(column: str, table: str) -> None:
    """SQLite adds a column with its reference at once, or not at all (a new table in place of the old one would take
    the practice areas with it)."""
    name = f"fk_audits_{column}"
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("audits", sa.Column(column, ID))
        op.create_foreign_key(op.f(name), "audits", table, [column], ["id"])
    else:
        op.execute(
            f"ALTER TABLE audits ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {table} (id)"
        )


def _create_tables() -> None:
    op.create_table(
        "programme",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("expected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("theme", sa.String(length=200), server_default="", nullable=False),
        sa.Column("cohorts", sa.Text(), server_default="[]", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("month", "kind", name=op.f("pk_programme")),
    )
    op.create_table(
        "return_templates",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_return_templates")),
    )
    op.create_table(
        "draws",
        sa.Column("id", ID, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("seed", sa.String(length=100), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("exclusions", sa.Text(), server_default="[]", nullable=False),
        sa.Column("pool", sa.Text(), server_default="[]", nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("previews", sa.Integer(), server_default="0", nullable=False),
        sa.Column("theme", sa.String(length=200), server_default="", nullable=False),
        sa.Column("made_by_id", ID),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("issued_by_id", ID),
        sa.Column("issued_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_draws_issued_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_draws_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draws_month_kind"), "draws", ["month", "kind"])
    op.create_index(
        "uq_draws_open", "draws", ["month", "kind"], unique=True, **_where(sa.text("issued_at IS NULL"))
    )
    op.create_table(
        "moderating",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("moderates", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_moderating_person_id")),
        sa.PrimaryKeyConstraint("month", "person_id", name=op.f("pk_moderating")),
    )
    op.create_table(
        "actions",
        sa.Column("id", ID, nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("number_in_ref", sa.Integer()),
        sa.Column("audit_id", ID),
        sa.Column("audit_ref", sa.String(length=60)),
        sa.Column("number", sa.Integer()),
        sa.Column("concern_ref", sa.String(length=60)),
        sa.Column("child_ref", sa.String(length=60)),
        sa.Column("team_id", ID),
        sa.Column("owner_id", ID),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("verified_on", sa.Date()),
        sa.Column("dropped_on", sa.Date()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_actions_audit_id")),
        sa.ForeignKeyConstraint(["child_ref"], ["children.child_ref"], name=op.f("fk_actions_child_ref")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_actions_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_actions_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("ref", name=op.f("uq_actions_ref")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_actions_child_ref"), "actions", ["child_ref"])
    op.create_index(op.f("ix_actions_number_in_ref"), "actions", ["number_in_ref"], unique=True)
    op.create_index(op.f("ix_actions_owner_id_due_on"), "actions", ["owner_id", "due_on"])
    op.create_index(op.f("ix_actions_team_id_due_on"), "actions", ["team_id", "due_on"])
    op.create_index("uq_actions_audit_id_number", "actions", ["audit_id", "number"], unique=True)
    op.create_table(
        "audit_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("audit_id", ID, nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), server_default="", nullable=False),
        sa.Column("wanted_on", sa.Date()),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("decided_by_id", ID),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_audit_requests_asked_by_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_requests_audit_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_audit_requests_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_requests_audit_id"), "audit_requests", ["audit_id"])
    op.create_index(
        "ix_audit_requests_waiting",
        "audit_requests",
        ["asked_at", "id"],
        **_where(sa.text("state IN ('open')")),
    )
    op.create_index(
        "uq_audit_requests_open",
        "audit_requests",
        ["audit_id", "wish"],
        unique=True,
        **_where(sa.text("state IN ('open')")),
    )
    op.create_table(
        "audit_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("audit_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command", sa.String(length=20), nullable=False),
        sa.Column("by_id", ID),
        sa.Column("for_id", ID),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_audit_steps_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_audit_steps_by_id")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_audit_steps_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_steps")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_steps_audit_id"), "audit_steps", ["audit_id"])
    op.create_table(
        "contributions",
        sa.Column("audit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_contributions_audit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contributions_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_contributions")),
    )
    op.create_table(
        "returns",
        sa.Column("audit_id", ID, autoincrement=False, nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True)),
        sa.Column("handed_in_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_returns_audit_id")),
        sa.ForeignKeyConstraint(["template"], ["return_templates.digest"], name=op.f("fk_returns_template")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_returns")),
    )
