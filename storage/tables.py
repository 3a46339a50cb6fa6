"""What is kept, as SQLAlchemy tables: the one place that knows columns. Nouns and words are the domain's.

Codes (roles, states, kinds, grades) are stored as the text of their enum, e-mails in lower case, days as dates and
instants in UTC. An index stands here for each question that `domain.ports` asks.
"""

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
    false,
    func,
    text,
)

from domain.exemptions import STANDING
from storage.columns import Id, Instant, MonthText
from storage.concern_tables import concern_steps, concerns
from storage.cycle_tables import (
    actions,
    audit_requests,
    audit_steps,
    contributions,
    draw_previews,
    draws,
    moderating,
    programme,
    return_templates,
    returns,
)
from storage.message_tables import (
    answers,
    cards,
    conversations,
    deliveries,
    outbox,
    slots,
    trail,
    trail_head,
    trail_texts,
)
from storage.metadata import any_of, metadata

__all__ = [
    "actions",
    "answers",
    "audit_areas",
    "audit_requests",
    "audit_steps",
    "audits",
    "cards",
    "child_cohorts",
    "children",
    "concern_steps",
    "concerns",
    "contributions",
    "conversations",
    "delegations",
    "deliveries",
    "draw_previews",
    "draws",
    "exemption_steps",
    "exemptions",
    "metadata",
    "moderating",
    "outbox",
    "people",
    "person_roles",
    "programme",
    "return_templates",
    "returns",
    "slots",
    "team_positions",
    "teams",
    "trail",
    "trail_head",
    "trail_texts",
]


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False, server_default="1")


teams = Table(
    "teams",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),
    Column("area", String(200), nullable=False, server_default=""),
    Column("service", String(200), nullable=False),
    Column("directorate", String(200), nullable=False),
    Index(None, "service"),
    Index(None, "directorate"),
    sqlite_autoincrement=True,
)
"""`name_key` is `name.casefold()` without outer blanks: the same team in any case of letters."""

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("aad_object_id", String(64), unique=True),
    Column("team_id", Id, ForeignKey("teams.id"), index=True),
    Column("working_pattern", String(20), nullable=False, server_default="full"),
    Column("auditor_from", Date),
    Column("moderator_from", Date),
    Column("external", Boolean, nullable=False, server_default=false()),
    Column("active_from", Date),
    Column("active_to", Date),
    _version(),
    sqlite_autoincrement=True,
)
"""`aad_object_id` in lower case, as Microsoft writes it."""

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(30), nullable=False),
    Column("given", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("person_id", "role"),
    Index(None, "role"),
)
"""`given` in the chat: a people file that does not know of it does not take it back."""

team_positions = Table(
    "team_positions",
    metadata,
    Column("team_id", Id, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("position", String(30), nullable=False),
    Column("email", String(320), nullable=False, index=True),
    Column("person_id", Id, ForeignKey("people.id"), index=True),
    PrimaryKeyConstraint("team_id", "position"),
)
"""Who answers for a team. `person_id` is empty until the person of that e-mail is imported."""

children = Table(
    "children",
    metadata,
    Column("child_ref", String(60), primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id"), nullable=False, index=True),
    Column("legal_status", String(40), nullable=False),
    Column("social_worker_id", Id, ForeignKey("people.id"), index=True),
    Column("opened", Date),
    Column("closed", Date),
)
children.append_constraint(Index("ix_children_any_case", func.lower(children.c.child_ref)))

child_cohorts = Table(
    "child_cohorts",
    metadata,
    Column("child_ref", String(60), ForeignKey("children.child_ref", ondelete="CASCADE"), nullable=False),
    Column("cohort", String(40), nullable=False),
    PrimaryKeyConstraint("child_ref", "cohort"),
    Index(None, "cohort"),
)

audits = Table(
    "audits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(60), nullable=False, unique=True),
    Column("number", Integer),
    Column("month", MonthText, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    Column("child_ref", String(60), ForeignKey("children.child_ref")),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("legal_status", String(40)),
    Column("auditor_id", Id, ForeignKey("people.id")),
    Column("issued_on", Date),
    Column("returned_on", Date),
    Column("grade", String(30)),
    Column("moderator_id", Id, ForeignKey("people.id")),
    Column("moderated_grade", String(30)),
    Column("final_grade", String(30)),
    Column("meets_standard", Boolean),
    Column("moderated_on", Date),
    Column("locked_on", Date),
    Column("uploaded_on", Date),
    Column("agreed_on", Date),
    Column("social_worker_took_part", Boolean),
    Column("manager_took_part", Boolean),
    Column("child_views", Boolean),
    Column("parent_views", Boolean),
    Column("iro_views", Boolean),
    Column("reflection_sheet", Boolean),
    Column("concern_category", Integer),
    Column("reaudit_of", String(60)),
    Column("reaudit_number", Integer),
    Column("about_id", Id, ForeignKey("people.id")),
    Column("theme", String(200), nullable=False, server_default=""),
    Column("draw_id", Id, ForeignKey("draws.id")),
    Column("earlier_actions_reviewed", Boolean),
    _version(),
    Index(None, "number", unique=True),
    Index(None, "auditor_id", "month"),
    Index(None, "state", "month"),
    Index(None, "month", "kind"),
    Index(None, "moderator_id", "state", "month"),
    Index(None, "child_ref", "month"),
    Index(None, "team_id", "month"),
    sqlite_autoincrement=True,
)
"""`number` is the one in a reference like `A-104` (`storage.references`), empty where the reference is another's.
`reaudit_of` is the reference of the first audit; a file may name one that is not (yet) here."""
for _sparse in ("about_id", "reaudit_of", "draw_id"):
    _there = text(f"{_sparse} IS NOT NULL")
    audits.append_constraint(
        Index(f"ix_audits_{_sparse}", audits.c[_sparse], sqlite_where=_there, postgresql_where=_there)
    )

_one_core = text("kind = 'core' AND state <> 'freed' AND draw_id IS NOT NULL")
audits.append_constraint(
    Index(
        "uq_audits_one_core",
        audits.c.auditor_id,
        audits.c.month,
        unique=True,
        sqlite_where=_one_core,
        postgresql_where=_one_core,
    )
)
"""One core audit a month: settles two of the QA team who give an auditor a child at the same time. History stays as it
is."""

_inadequate = text("coalesce(final_grade, moderated_grade, grade) = 'inadequate'")
audits.append_constraint(
    Index(
        "ix_audits_inadequate",
        audits.c.child_ref,
        sqlite_where=_inadequate,
        postgresql_where=_inadequate,
    )
)
"""Few of all, and asked for whenever somebody looks who is due a re-audit."""

audit_areas = Table(
    "audit_areas",
    metadata,
    Column("audit_id", Id, ForeignKey("audits.id", ondelete="CASCADE"), nullable=False),
    Column("area", String(40), nullable=False),
    Column("grade", String(30), nullable=False),
    PrimaryKeyConstraint("audit_id", "area"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delegator_id", Id, ForeignKey("people.id"), nullable=False),
    Column("delegate_id", Id, ForeignKey("people.id"), nullable=False),
    Column("scope", String(20), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Index(None, "delegate_id", "to_day"),
    Index(None, "delegator_id", "to_day"),
    sqlite_autoincrement=True,
)

exemptions = Table(
    "exemptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("requested_by_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("month", MonthText, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("reason_class", String(20), nullable=False),
    Column("explanation", Text, nullable=False, server_default=""),
    Column("state", String(30), nullable=False),
    Column("level", String(20), nullable=False),
    Column("approver_id", Id, ForeignKey("people.id")),
    Column("requested_at", Instant, nullable=False),
    Column("step_since", Instant, nullable=False),
    Column("last_week", Boolean, nullable=False, server_default=false()),
    Column("after_issue", Boolean, nullable=False, server_default=false()),
    Column("chases", Integer, nullable=False, server_default="0"),
    Column("chased_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
    Column("decided_by_id", Id, ForeignKey("people.id")),
    Column("decided_for_id", Id, ForeignKey("people.id")),
    Column("decided_at", Instant),
    Column("source", String(10), nullable=False, server_default="chat"),
    _version(),
    Index(None, "person_id", "month"),
    Index(None, "month", "state"),
    Index(None, "approver_id", "state"),
    Index(None, "state", "requested_at"),
    sqlite_autoincrement=True,
)
"""`source` is `chat` or `import`. `approver_id` is empty only on an imported one whose file names nobody who decided
(the domain's value then has 0). The partial unique index is what settles two requests at once."""

_standing = text(any_of("state", STANDING))
exemptions.append_constraint(
    Index(
        "uq_exemptions_standing",
        exemptions.c.person_id,
        exemptions.c.month,
        unique=True,
        sqlite_where=_standing,
        postgresql_where=_standing,
    )
)
exemption_steps = Table(
    "exemption_steps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("exemption_id", Id, ForeignKey("exemptions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("command", String(20), nullable=False),
    Column("by_id", Id, ForeignKey("people.id")),
    Column("for_id", Id, ForeignKey("people.id")),
    Column("note", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
"""The first line of each has the command `request`."""
