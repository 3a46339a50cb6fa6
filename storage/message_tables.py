"""Messages, cards, conversations, kept answers, the trail and the schedule as tables: what the program needs to do
its work, beside the council's own records in `storage.tables`."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.columns import Id, Instant
from storage.metadata import any_of, metadata

cards = Table(
    "cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String(60), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("conversation_id", String(400), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("shown_version", Integer, nullable=False, server_default="0"),
    Column("gone_at", Instant),
    UniqueConstraint("conversation_id", "message_id"),
    sqlite_autoincrement=True,
)
"""Cards that stand in a chat. `shown_version` is the subject's version that the card was last worded from."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("person_id", Id, ForeignKey("people.id")),
    Column("card_id", Id, ForeignKey("cards.id")),
    Column("subject", String(60), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("notice_key", String(300), nullable=False, unique=True),
    Column("state", String(20), nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("correlation", String(64), nullable=False, server_default=""),
    Column("channel", String(10), nullable=False, server_default="teams"),
    sqlite_autoincrement=True,
)
"""Messages to be sent, as types and references. `version` is the subject's, on card updates. `channel` is `teams` or
`email`."""

outbox.append_constraint(Index("ix_outbox_subject", outbox.c.subject))
_waiting = text(any_of("state", {"pending", "claimed"}))
outbox.append_constraint(
    Index(
        "ix_outbox_waiting",
        outbox.c.lane,
        outbox.c.due_at,
        outbox.c.id,
        sqlite_where=_waiting,
        postgresql_where=_waiting,
    )
)
outbox.append_constraint(
    Index(
        "ix_outbox_waiting_person",
        outbox.c.person_id,
        outbox.c.lane,
        outbox.c.due_at,
        outbox.c.id,
        sqlite_where=_waiting,
        postgresql_where=_waiting,
    )
)
outbox.append_constraint(
    Index("ix_outbox_waiting_card", outbox.c.card_id, sqlite_where=_waiting, postgresql_where=_waiting)
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outbox_id", Id, ForeignKey("outbox.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(300), nullable=False, server_default=""),
    Column("message_id", String(200)),
    Column("fence", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""The ledger: what verifiably became of each attempt."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(400), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), index=True),
    Column("service_url", String(400), nullable=False),
    Column("tenant_id", String(64), nullable=False),
    Column("team_id", String(400)),
    Column("updated_at", Instant, nullable=False),
    Column("welcomed_at", Instant),
    Column("gone_at", Instant),
    Index(None, "kind"),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

trail = Table(
    "trail",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(60), nullable=False, index=True),
    Column("actor_id", Id),
    Column("for_id", Id),
    Column("facts", Text, nullable=False),
    Column("text_digests", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "action", "seq"),
)
"""Append-only (triggers refuse anything else). No foreign keys: the trail outlives what it names."""

trail_texts = Table(
    "trail_texts",
    metadata,
    Column("seq", Id, nullable=False),
    Column("field", String(40), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("seq", "field"),
)
"""What people wrote, apart from the chain so that it can be erased without breaking it."""

trail_head = Table(
    "trail_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Id, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: the end of the chain. Locked by an append, so that the chain is serial."""

slots = Table(
    "slots",
    metadata,
    Column("job", String(60), nullable=False),
    Column("slot", Instant, nullable=False),
    Column("taken_at", Instant, nullable=False),
    PrimaryKeyConstraint("job", "slot"),
)
"""Which instants of a schedule have been served: one row each, whichever replica was first."""
