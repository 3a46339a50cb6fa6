"""The database's revision against the program's, and the way from one to the other (alembic, on both databases)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, inspect, text

from storage.database import driver_url, sqlite_file
from storage.errors import SchemaMismatch, StorageError

T = TypeVar("T")

HEAD = "0004"
"""The newest revision in `storage/migrations/versions`; a test holds the two together."""
KNOWN = frozenset({"0001", "0002", "0003", HEAD})
_LOCK = 7_140_815_201_600_001
"""Of PostgreSQL's advisory locks, the one that upgrades hold: two replicas may start at once."""


def revision_of(connection: Connection) -> str | None:
    """None: nothing has been set up in this database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_current(found: str | None) -> None:
    """Raises SchemaMismatch, naming the command (fault 41)."""
    if found != HEAD:
        raise SchemaMismatch(found, HEAD, newer=found is not None and found not in KNOWN)


def revisions(url: str) -> tuple[str | None, str]:
    """The database's revision and the program's. Raises StorageError where the database cannot be reached."""
    parsed = driver_url(url)
    if parsed.get_backend_name() == "sqlite" and not sqlite_file(parsed).exists():
        return None, HEAD
    return _on(url, revision_of, write=False), HEAD


def check(url: str) -> None:
    """Raises SchemaMismatch unless the database is at the program's revision; StorageError as `revisions`."""
    require_current(revisions(url)[0])


def upgrade(url: str, to: str = "head") -> str:
    """Brings the database to the program's revision and gives it back. Safe to run twice, also at once. Raises
    SchemaMismatch for a newer database. Blocks until it is done."""
    return _on(url, lambda connection: _upgrade(connection, to), write=True)


def _upgrade(connection: Connection, to: str) -> str:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = revision_of(connection)
    if found is not None and found not in KNOWN:
        raise SchemaMismatch(found, HEAD, newer=True)
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    return revision_of(connection) or ""


def alembic_config() -> Any:
    """Without an ini file: everything alembic needs is here and in `migrations/env.py`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _on(url: str, work: Callable[[Connection], T], *, write: bool) -> T:
    from sqlalchemy.exc import SQLAlchemyError

    parsed = driver_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _on_sqlite(url, work, write=write)
        with ThreadPoolExecutor(1) as thread:  # a loop may be running in ours
            return thread.submit(lambda: asyncio.run(_on_postgres(url, work))).result()
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(
            f"The database at {parsed.render_as_string(hide_password=True)} cannot be used ({type(error).__name__})."
            " Check AUDIT_BOT_DATABASE_URL."
        ) from error


def _on_sqlite(url: str, work: Callable[[Connection], T], *, write: bool) -> T:
    from storage.sqlite import begin, make_engine

    engine = make_engine(driver_url(url), busy_seconds=30)
    try:
        with engine.connect() as connection, begin(connection, "IMMEDIATE" if write else "DEFERRED"):
            return work(connection)
    finally:
        engine.dispose()


async def _on_postgres(url: str, work: Callable[[Connection], T]) -> T:
    from storage.postgres import make_engine

    engine = make_engine(driver_url(url))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
