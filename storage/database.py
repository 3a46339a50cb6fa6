"""One transaction on one connection, the same to use on both databases.

Repositories are written as plain functions over a SQLAlchemy `Connection`; a `Transaction` runs them: on SQLite in
the loop's own thread (a point read costs 30 µs there, a hop to another thread 200), on PostgreSQL in a greenlet over
asyncpg. Whatever can block (a commit's fsync, a long read) goes aside to a thread on SQLite.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import WrongAddress

T = TypeVar("T")

WAIT_SECONDS = 4.0
"""How long a unit of work waits for the writer's place, a lock or a connection before it is Busy."""


class Transaction(Protocol):
    """Begun, and to be ended exactly once."""

    async def run(self, work: Callable[[Connection], T], *, aside: bool = False) -> T:
        """`aside`: this may take more than a few milliseconds. Raises Busy and Conflict in place of the drivers'
        errors that mean it."""
        ...

    async def commit(self) -> None:
        """Raises Busy where nothing was kept, CommitUnknown where nobody can tell."""
        ...

    async def end(self) -> None:
        """Rolls back what is not committed and gives the connection back; safe in a cancelled task."""
        ...


class Database(Protocol):
    @property
    def readers_see_one_state(self) -> bool:
        """True where all that a reader asks is answered as of its beginning; else as of each question."""
        ...

    async def begin(self, *, write: bool) -> Transaction:
        """Raises Busy where there is no place within WAIT_SECONDS."""
        ...

    async def close(self) -> None: ...


def driver_url(url: str) -> URL:
    """The address with the driver that is used here, whichever one it names. Raises WrongAddress for others."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise WrongAddress("it cannot be read as an address") from None
    if parsed.port is not None and not 0 < parsed.port < 65_536:
        raise WrongAddress("its port is not one")
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return parsed.set(drivername="sqlite")
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+asyncpg")
    raise WrongAddress(f"{kind} is not a database that this program knows")


def sqlite_file(url: URL) -> Path:
    """Raises WrongAddress for a database in memory: it could not be shared or survive."""
    if not url.database or url.database == ":memory:":
        raise WrongAddress("SQLite needs a file")
    return Path(url.database)


def open_database(url: str, wait_seconds: float = WAIT_SECONDS) -> Database:
    """Connects to nothing yet."""
    parsed = driver_url(url)
    if parsed.get_backend_name() == "sqlite":
        from storage.sqlite import SqliteDatabase

        return SqliteDatabase(parsed, wait_seconds)
    from storage.postgres import PostgresDatabase

    return PostgresDatabase(parsed, wait_seconds)
