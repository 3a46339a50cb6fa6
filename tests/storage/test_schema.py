"""The schema: revisions give exactly the tables that the program knows, and a wrong one stops the program."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.concerns import Category, Source
from domain.kinds import Grade, Kind
from domain.people import Role, Team
from domain.ports import ConcernFilter, NewConcern
from storage import schema
from storage.database import driver_url
from storage.errors import SchemaMismatch, StorageError
from storage.tables import metadata
from storage.unit_of_work import SqlStore

_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"""
_SQLITE = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL"


_WITH_COLUMN = re.compile(r"(\w+) (\w+) CONSTRAINT (\w+) (REFERENCES .*)")


def _parts(sql: str) -> list[str]:
    """The parts of a statement in an order of their own: columns first or constraints first is the same table, and a
    reference that stands with its column (as SQLite adds one later) is the same reference."""
    head, _, body = " ".join(sql.split()).partition("(")
    body = body.rpartition(")")[0]
    parts = [_WITH_COLUMN.sub(r"\1 \2, CONSTRAINT \3 FOREIGN KEY(\1) \4", part) for part in body.split(", ")]
    return [head, *sorted(part.strip() for part in ", ".join(parts).split(", "))]


def _shape(connection: Connection) -> Sequence[Any]:
    """Everything that makes up the schema, alembic's own table left out."""
    if connection.dialect.name == "sqlite":
        rows = [(kind, name, _parts(sql)) for kind, name, sql in connection.execute(text(_SQLITE))]
        return sorted(row for row in rows if "alembic" not in row[1] and "sqlite_sequence" not in row[1])
    parts = [
        tuple(row) for query in (_COLUMNS, _INDEXES, _CONSTRAINTS) for row in connection.execute(text(query))
    ]
    return [row for row in parts if "alembic" not in str(row[0])]


async def _shape_of(url: str) -> Sequence[Any]:
    store = SqlStore(url)
    try:
        async with store.reading() as uow:
            return await uow.transaction.run(_shape)
    finally:
        await store.close()


async def _create_all(url: str, tables: MetaData) -> None:
    store = SqlStore(url)
    try:
        await store.bulk(tables.create_all)
    finally:
        await store.close()


async def test_the_revisions_make_the_tables_that_the_program_knows(
    database_url: str, empty_database_url: str
) -> None:
    if driver_url(database_url).get_backend_name() != driver_url(empty_database_url).get_backend_name():
        return
    await _create_all(empty_database_url, metadata)

    migrated, known = await _shape_of(database_url), await _shape_of(empty_database_url)

    assert len(known) > 40
    assert migrated == known


def test_the_programs_revision_is_the_newest_one() -> None:
    script = ScriptDirectory.from_config(schema.alembic_config())

    assert script.get_heads() == [schema.HEAD]
    assert {revision.revision for revision in script.walk_revisions()} == schema.KNOWN


def test_an_upgrade_can_be_repeated(empty_database_url: str) -> None:
    assert schema.revisions(empty_database_url) == (None, schema.HEAD)

    assert schema.upgrade(empty_database_url) == schema.HEAD
    assert schema.upgrade(empty_database_url) == schema.HEAD

    assert schema.revisions(empty_database_url) == (schema.HEAD, schema.HEAD)
    schema.check(empty_database_url)


def test_two_replicas_upgrade_at_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(schema.upgrade, [empty_database_url] * 4))

    assert results == [schema.HEAD] * 4


@pytest.mark.fault(41)
def test_a_database_without_tables_is_refused_with_the_command(empty_database_url: str) -> None:
    with pytest.raises(SchemaMismatch, match="audit-bot db upgrade"):
        schema.check(empty_database_url)


@pytest.mark.fault(41)
async def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    store = SqlStore(database_url)
    try:
        await store.bulk(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")).close())
        assert await store.revision() == "9999"
    finally:
        await store.close()

    with pytest.raises(SchemaMismatch, match=r"9999.*newer program"):
        await asyncio.to_thread(schema.check, database_url)
    with pytest.raises(SchemaMismatch):
        await asyncio.to_thread(schema.upgrade, database_url)
    assert (await asyncio.to_thread(schema.revisions, database_url))[0] == "9999"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://u:secret-word@127.0.0.1:1/none",
        "postgresql+asyncpg://u:secret-word@/none?host=/nowhere",
    ],
)
def test_an_unreachable_database_is_named_without_its_password(url: str) -> None:
    with pytest.raises(StorageError, match="AUDIT_BOT_DATABASE_URL") as refused:
        schema.check(url)
    assert "secret-word" not in str(refused.value)


def test_only_the_two_databases_are_taken() -> None:
    assert driver_url("sqlite+aiosqlite:///var/a.db").drivername == "sqlite"
    assert driver_url("postgresql://u@h/d").drivername == "postgresql+asyncpg"
    with pytest.raises(ValueError, match="mysql"):
        driver_url("mysql://u@h/d")
    with pytest.raises(ValueError, match="file"):
        SqlStore("sqlite://")


_AT_0001 = (
    "INSERT INTO teams (id, name, name_key, service, directorate) VALUES (1, 'North', 'north', 'S', 'D')",
    "INSERT INTO people (id, email, name, team_id) VALUES (1, 'a@c.example', 'Ada', 1)",
    "INSERT INTO person_roles (person_id, role) VALUES (1, 'auditor')",
    "INSERT INTO children (child_ref, team_id, legal_status) VALUES ('C1', 1, 'child_in_need')",
    *(
        "INSERT INTO audits (id, ref, month, kind, state, child_ref, team_id, auditor_id, grade) "
        f"VALUES ({number}, '{ref}', '2026-10', 'core', 'returned', 'C1', 1, 1, 'good')"
        for number, ref in enumerate(("A-12", "A-999999", "A-007", "A-1000000", "A-1x", "2026/14"), 1)
    ),
    "INSERT INTO audit_areas (audit_id, area, grade) VALUES (1, 'planning', 'good')",
)


async def test_a_council_of_the_first_schema_goes_on_in_the_second(empty_database_url: str) -> None:
    """Its records are there as before, numbered, and the next audit follows the highest number."""
    await asyncio.to_thread(schema.upgrade, empty_database_url, "0001")
    with pytest.raises(SchemaMismatch, match="audit-bot db upgrade"):
        await asyncio.to_thread(schema.check, empty_database_url)
    store = SqlStore(empty_database_url)
    try:
        await store.bulk(lambda c: [c.execute(text(row)).close() for row in _AT_0001])
    finally:
        await store.close()

    assert await asyncio.to_thread(schema.upgrade, empty_database_url) == schema.HEAD

    store = SqlStore(empty_database_url)
    try:
        async with store.reading() as uow:
            kept = await uow.audits.get("A-12")
            areas = await uow.cycle.areas([1])
            ada = await uow.people.by_email("a@c.example")
        numbers = await store.bulk(
            lambda c: [tuple(row) for row in c.execute(text("SELECT ref, number FROM audits ORDER BY id"))]
        )
    finally:
        await store.close()
    assert kept == Audit(
        1,
        "A-12",
        Month(2026, 10),
        Kind.CORE,
        AuditState.RETURNED,
        "C1",
        Team(1, "North", "", "S", "D"),
        auditor_id=1,
        grade=Grade.GOOD,
    )
    assert areas == {1: {"planning": Grade.GOOD}}
    assert ada
    assert ada.roles == {Role.AUDITOR}
    others: list[tuple[str, int | None]] = [(ref, None) for ref in ("A-007", "A-1000000", "A-1x", "2026/14")]
    assert numbers == [("A-12", 12), ("A-999999", 999_999), *others]


_AT_0002 = (
    "INSERT INTO people (id, email, name) VALUES (1, 'a@c.example', 'Ada')",
    """INSERT INTO outbox (lane, kind, person_id, subject, notice_key, due_at, created_at)
    VALUES (1, 'audit_issued', 1, 'A-12', 'issued|1', '2026-11-02 09:00:00', '2026-11-02 09:00:00')""",
)


async def test_a_message_that_waits_is_sent_by_teams_after_the_upgrade(empty_database_url: str) -> None:
    """What was in the outbox of the second schema goes the way it was meant to, and the tracker is there, empty."""
    await asyncio.to_thread(schema.upgrade, empty_database_url, "0002")
    store = SqlStore(empty_database_url)
    try:
        await store.bulk(lambda c: [c.execute(text(row)).close() for row in _AT_0002])
    finally:
        await store.close()

    assert await asyncio.to_thread(schema.upgrade, empty_database_url) == schema.HEAD

    store = SqlStore(empty_database_url)
    try:
        kept = await store.bulk(
            lambda c: [tuple(row) for row in c.execute(text("SELECT notice_key, state, channel FROM outbox"))]
        )
        tracked = await store.bulk(lambda c: c.execute(text("SELECT count(*) FROM concerns")).scalar())
    finally:
        await store.close()
    assert kept == [("issued|1", "pending", "teams")]
    assert tracked == 0


_RETURNED_AT_0002 = (
    "INSERT INTO people (id, email, name) VALUES (1, 'a@c.example', 'Ada')",
    "INSERT INTO teams (id, name, name_key, service, directorate) VALUES (1, 'North', 'north', 'S', 'D')",
    *(
        f"INSERT INTO children (child_ref, team_id, legal_status) VALUES ('{child}', 1, 'child_in_need')"
        for child in ("C1", "C2", "C3")
    ),
    *(
        f"""INSERT INTO audits (id, ref, month, kind, state, child_ref, team_id, auditor_id, returned_on,
        concern_category) VALUES ({number}, 'A-{number}', '2026-10', 'core', 'returned', '{child}', 1, 1, {day},
        {category})"""
        for number, (child, day, category) in enumerate(
            [
                ("C1", "'2024-10-20'", 2),
                ("C1", "'2024-10-21'", 1),
                ("C2", "'2024-10-22'", 1),
                ("C3", "{today}", 1),
            ],
            start=1,
        )
    ),
    """INSERT INTO audit_steps (id, audit_id, at, command) VALUES (1, 4, '2026-11-02 09:00:00', 'return')""",
    """INSERT INTO outbox (lane, kind, person_id, subject, notice_key, due_at, created_at)
    VALUES (0, 'audit.concern', 1, 'A-4', 'concern|4', '2026-11-02 09:00:00', '2026-11-02 09:00:00')""",
)


async def test_children_of_concern_of_earlier_returns_are_on_the_tracker_after_the_upgrade(
    empty_database_url: str,
) -> None:
    """Each child once with the graver category; the fresh Category 1 alerts at the next tick, the old ones do not."""
    today = datetime.now(UTC).date()
    rows = [row.replace("{today}", f"'{today}'") for row in _RETURNED_AT_0002]
    await asyncio.to_thread(schema.upgrade, empty_database_url, "0002")
    store = SqlStore(empty_database_url)
    try:
        await store.bulk(lambda c: [c.execute(text(row)).close() for row in rows])
    finally:
        await store.close()

    await asyncio.to_thread(schema.upgrade, empty_database_url)

    store = SqlStore(empty_database_url)
    try:
        async with store.reading() as uow:
            found, _ = await uow.concerns.find(ConcernFilter())
            due = await uow.concerns.climb_due(datetime.now(UTC))
            first = [line.command for line in await uow.concerns.history(found[0].id)]
        async with store.writing() as uow:
            new = NewConcern("C9", Category.TWO, Source.CHAT, today)
            assert (await uow.concerns.raise_(new, datetime.now(UTC))).id == 4
        kinds = await store.bulk(lambda c: c.execute(text("SELECT state FROM outbox")).scalars().all())
    finally:
        await store.close()
    held = {c.child_ref: (c.category, c.audit_ref, c.source, c.raised_by_id, c.climbing) for c in found}
    assert held == {
        "C1": (Category.ONE, "A-2", Source.IMPORT, None, False),
        "C2": (Category.ONE, "A-3", Source.IMPORT, None, False),
        "C3": (Category.ONE, "A-4", Source.RETURN, 1, True),
    }
    assert due == [next(c.ref for c in found if c.child_ref == "C3")]
    assert first == ["raise"]
    assert kinds == ["not_needed"]
