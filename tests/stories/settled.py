"""The stories' council as the imports leave it, imported once for each kind of database and put into each story's."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url

from domain.policy import Policy
from storage.imports.run import Import
from storage.unit_of_work import SqlStore
from tests.databases import Shelf
from tests.postgres import PostgresServer
from tests.stories.council import write_files
from tests.stories.world import MID_MONTH, MONTHS


async def _import(url: str, folder: Path) -> None:
    store = SqlStore(url)
    for kind, path in write_files(folder, *MONTHS):
        report = await Import(kind, path, Policy(), now=MID_MONTH).run(store)
        assert not report.refused, report
    await store.close()


def _imported(url: str, folder: Path) -> None:
    """In a thread, whose loop is nobody else's."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _import(url, folder)).result()


@pytest.fixture(scope="session")
def sqlite_council(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("council")
    file = folder / "council.db"
    shutil.copyfile(sqlite_template, file)
    _imported(f"sqlite:///{file}", folder)
    return file


@pytest.fixture(scope="session")
def postgres_council(
    postgres_server: PostgresServer, postgres_shelf: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The snapshot."""
    name = postgres_shelf.take()
    _imported(postgres_server.url(name), tmp_path_factory.mktemp("council"))
    snapshot = postgres_server.snapshot(name)
    postgres_shelf.give_back(name)
    return snapshot


@pytest.fixture
def settled_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """The test's database, with the council in it."""
    url = make_url(database_url)
    assert url.database is not None
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_council"), url.database)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        server.put_back(request.getfixturevalue("postgres_council"), url.database)
    return database_url
