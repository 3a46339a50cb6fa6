"""The first schema: people and teams, audits, exemptions, messages to be sent, the trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = "the trail is append-only"


def upgrade() -> None:
    _create_tables()
    op.execute("INSERT INTO trail_head (id, seq, hash) VALUES (1, 0, '" + "0" * 64 + "')")
    if op.get_bind().dialect.name == "postgresql":
        _guard_trail_on_postgresql()
    else:
        _guard_trail_on_sqlite()


def _guard_trail_on_sqlite() -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER trail_no_{verb} BEFORE {verb.upper()} ON trail "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )


def _guard_trail_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER trail_no_{verb} BEFORE {verb.upper()} ON trail "
            f"FOR EACH {each} EXECUTE FUNCTION trail_refuse()"
        )


def _create_tables() -> None:
    op.create_table(
        "answers",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_at"), "answers", ["at"])
    op.create_table(
        "slots",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_slots")),
    )
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=200), server_default="", nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("directorate", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name_key", name=op.f("uq_teams_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_teams_directorate"), "teams", ["directorate"])
    op.create_index(op.f("ix_teams_service"), "teams", ["service"])
    op.create_table(
        "trail",
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("actor_id", ID),
        sa.Column("for_id", ID),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("text_digests", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail")),
    )
    op.create_index(op.f("ix_trail_action_seq"), "trail", ["action", "seq"])
    op.create_index(op.f("ix_trail_subject"), "trail", ["subject"])
    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "trail_texts",
        sa.Column("seq", ID, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "field", name=op.f("pk_trail_texts")),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("aad_object_id", sa.String(length=64)),
        sa.Column("team_id", ID),
        sa.Column("working_pattern", sa.String(length=20), server_default="full", nullable=False),
        sa.Column("auditor_from", sa.Date()),
        sa.Column("moderator_from", sa.Date()),
        sa.Column("external", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("active_from", sa.Date()),
        sa.Column("active_to", sa.Date()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_people_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("aad_object_id", name=op.f("uq_people_aad_object_id")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_people_team_id"), "people", ["team_id"])
    op.create_table(
        "cards",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("conversation_id", sa.String(length=400), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("shown_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cards_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint(
            "conversation_id", "message_id", name=op.f("uq_cards_conversation_id_message_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cards_subject"), "cards", ["subject"])
    op.create_table(
        "children",
        sa.Column("child_ref", sa.String(length=60), nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("legal_status", sa.String(length=40), nullable=False),
        sa.Column("social_worker_id", ID),
        sa.Column("opened", sa.Date()),
        sa.Column("closed", sa.Date()),
        sa.ForeignKeyConstraint(
            ["social_worker_id"], ["people.id"], name=op.f("fk_children_social_worker_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_children_team_id")),
        sa.PrimaryKeyConstraint("child_ref", name=op.f("pk_children")),
    )
    op.create_index(op.f("ix_children_social_worker_id"), "children", ["social_worker_id"])
    op.create_index(op.f("ix_children_team_id"), "children", ["team_id"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("service_url", sa.String(length=400), nullable=False),
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=400)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("welcomed_at", sa.DateTime(timezone=True)),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_kind"), "conversations", ["kind"])
    op.create_index(op.f("ix_conversations_person_id"), "conversations", ["person_id"])
    op.create_table(
        "delegations",
        sa.Column("id", ID, nullable=False),
        sa.Column("delegator_id", ID, nullable=False),
        sa.Column("delegate_id", ID, nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["people.id"], name=op.f("fk_delegations_delegate_id")),
        sa.ForeignKeyConstraint(["delegator_id"], ["people.id"], name=op.f("fk_delegations_delegator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_delegations_delegate_id_to_day"), "delegations", ["delegate_id", "to_day"])
    op.create_index(op.f("ix_delegations_delegator_id_to_day"), "delegations", ["delegator_id", "to_day"])
    op.create_table(
        "exemptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("requested_by_id", ID, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("reason_class", sa.String(length=20), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("approver_id", ID),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_week", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("after_issue", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("chases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chased_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by_id", ID),
        sa.Column("decided_for_id", ID),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("source", sa.String(length=10), server_default="chat", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_exemptions_approver_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_exemptions_decided_by_id")),
        sa.ForeignKeyConstraint(["decided_for_id"], ["people.id"], name=op.f("fk_exemptions_decided_for_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_exemptions_person_id")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["people.id"], name=op.f("fk_exemptions_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exemptions_approver_id_state"), "exemptions", ["approver_id", "state"])
    op.create_index(op.f("ix_exemptions_month_state"), "exemptions", ["month", "state"])
    op.create_index(op.f("ix_exemptions_person_id_month"), "exemptions", ["person_id", "month"])
    op.create_index(op.f("ix_exemptions_requested_by_id"), "exemptions", ["requested_by_id"])
    op.create_index(op.f("ix_exemptions_state_requested_at"), "exemptions", ["state", "requested_at"])
    op.create_index(
        "uq_exemptions_standing",
        "exemptions",
        ["person_id", "month"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('approved', 'asked_back', 'with_dcs', 'with_director', 'with_head_of_service')"
        ),
        postgresql_where=sa.text(
            "state IN ('approved', 'asked_back', 'with_dcs', 'with_director', 'with_head_of_service')"
        ),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_roles")),
    )
    op.create_index(op.f("ix_person_roles_role"), "person_roles", ["role"])
    op.create_table(
        "team_positions",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("position", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("person_id", ID),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_positions_person_id")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_positions_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "position", name=op.f("pk_team_positions")),
    )
    op.create_index(op.f("ix_team_positions_email"), "team_positions", ["email"])
    op.create_index(op.f("ix_team_positions_person_id"), "team_positions", ["person_id"])
    op.create_table(
        "audits",
        sa.Column("id", ID, nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("child_ref", sa.String(length=60)),
        sa.Column("team_id", ID),
        sa.Column("legal_status", sa.String(length=40)),
        sa.Column("auditor_id", ID),
        sa.Column("issued_on", sa.Date()),
        sa.Column("returned_on", sa.Date()),
        sa.Column("grade", sa.String(length=30)),
        sa.Column("moderator_id", ID),
        sa.Column("moderated_grade", sa.String(length=30)),
        sa.Column("meets_standard", sa.Boolean()),
        sa.Column("uploaded_on", sa.Date()),
        sa.Column("social_worker_took_part", sa.Boolean()),
        sa.Column("manager_took_part", sa.Boolean()),
        sa.Column("child_views", sa.Boolean()),
        sa.Column("parent_views", sa.Boolean()),
        sa.Column("iro_views", sa.Boolean()),
        sa.Column("reflection_sheet", sa.Boolean()),
        sa.Column("concern_category", sa.Integer()),
        sa.Column("reaudit_of", sa.String(length=60)),
        sa.Column("reaudit_number", sa.Integer()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["auditor_id"], ["people.id"], name=op.f("fk_audits_auditor_id")),
        sa.ForeignKeyConstraint(["child_ref"], ["children.child_ref"], name=op.f("fk_audits_child_ref")),
        sa.ForeignKeyConstraint(["moderator_id"], ["people.id"], name=op.f("fk_audits_moderator_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_audits_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
        sa.UniqueConstraint("ref", name=op.f("uq_audits_ref")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audits_auditor_id_month"), "audits", ["auditor_id", "month"])
    op.create_index(op.f("ix_audits_child_ref"), "audits", ["child_ref"])
    op.create_index(op.f("ix_audits_moderator_id"), "audits", ["moderator_id"])
    op.create_index(op.f("ix_audits_month_state"), "audits", ["month", "state"])
    op.create_index(op.f("ix_audits_team_id"), "audits", ["team_id"])
    op.create_table(
        "child_cohorts",
        sa.Column("child_ref", sa.String(length=60), nullable=False),
        sa.Column("cohort", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_ref"], ["children.child_ref"], name=op.f("fk_child_cohorts_child_ref"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("child_ref", "cohort", name=op.f("pk_child_cohorts")),
    )
    op.create_index(op.f("ix_child_cohorts_cohort"), "child_cohorts", ["cohort"])
    op.create_table(
        "exemption_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("exemption_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command", sa.String(length=20), nullable=False),
        sa.Column("by_id", ID),
        sa.Column("for_id", ID),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_exemption_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["exemption_id"],
            ["exemptions.id"],
            name=op.f("fk_exemption_steps_exemption_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_exemption_steps_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_steps")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exemption_steps_exemption_id"), "exemption_steps", ["exemption_id"])
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("card_id", ID),
        sa.Column("subject", sa.String(length=60), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("notice_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_outbox_card_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("notice_key", name=op.f("uq_outbox_notice_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_subject", "outbox", ["subject"])
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["lane", "due_at", "id"],
        sqlite_where=sa.text("state IN ('claimed', 'pending')"),
        postgresql_where=sa.text("state IN ('claimed', 'pending')"),
    )
    op.create_index(
        "ix_outbox_waiting_card",
        "outbox",
        ["card_id"],
        sqlite_where=sa.text("state IN ('claimed', 'pending')"),
        postgresql_where=sa.text("state IN ('claimed', 'pending')"),
    )
    op.create_index(
        "ix_outbox_waiting_person",
        "outbox",
        ["person_id", "lane", "due_at", "id"],
        sqlite_where=sa.text("state IN ('claimed', 'pending')"),
        postgresql_where=sa.text("state IN ('claimed', 'pending')"),
    )
    op.create_table(
        "audit_areas",
        sa.Column("audit_id", ID, nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_audit_areas_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "area", name=op.f("pk_audit_areas")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=200)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_deliveries_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deliveries_outbox_id"), "deliveries", ["outbox_id"])
