"""Fixtures: a fresh database of each kind at the program's revision. SQLite's is a copy of one file; PostgreSQL's is a
clone of one template, and is emptied for the next test instead of being cloned anew."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage.schema import upgrade
from storage.unit_of_work import SqlStore
from tests.postgres import PostgresServer

TEMPLATE = "template_audits"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One for each test process: 0.7 s, and nothing to agree on between them."""
    server = PostgresServer()
    try:
        yield server
    finally:
        server.stop()


class Shelf:
    """Databases at the program's revision, without a row that a test has written."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        upgrade(server.url(TEMPLATE))
        self._fresh = server.snapshot(TEMPLATE)
        self._names: list[str] = []

    def take(self) -> str:
        """The name of one that is nobody else's."""
        if self._names:
            return self._names.pop()
        name = f"t{uuid4().hex}"
        self._server.clone(TEMPLATE, name)
        return name

    def give_back(self, name: str) -> None:
        """A database that cannot be made as new, because a test has changed its tables, is dropped."""
        try:
            self._server.put_back(self._fresh, name)
        except subprocess.CalledProcessError:
            self._server.drop(name)
        else:
            self._names.append(name)


@pytest.fixture(scope="session")
def postgres_shelf(postgres_server: PostgresServer) -> Shelf:
    return Shelf(postgres_server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "audits.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "audits.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """Without any table."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_shelf: Shelf) -> Iterator[str]:
    name = postgres_shelf.take()
    yield postgres_server.url(name)
    postgres_shelf.give_back(name)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Without any table."""
    name = f"e{uuid4().hex}"
    yield postgres_server.clone("template1", name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other, at the program's revision."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """A store on each of both databases."""
    store = SqlStore(database_url)
    yield store
    await store.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """On SQLite alone, where what is tested is not the database's."""
    store = SqlStore(sqlite_url)
    yield store
    await store.close()
