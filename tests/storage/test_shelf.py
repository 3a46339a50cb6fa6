"""The databases of the tests themselves: what one test leaves behind is not there for the next one."""

from storage.unit_of_work import SqlStore
from tests.databases import Shelf
from tests.postgres import PostgresServer
from tests.storage.council import settle


async def _settled(url: str) -> None:
    store = SqlStore(url)
    await settle(store)
    await store.close()


async def test_what_is_given_back_is_as_new(postgres_server: PostgresServer, postgres_shelf: Shelf) -> None:
    name = postgres_shelf.take()
    before = postgres_server.snapshot(name)
    # when a council was written into it, and looked at by the planner
    await _settled(postgres_server.url(name))
    postgres_server.execute("ANALYZE", database=name)
    assert postgres_server.snapshot(name) != before
    postgres_shelf.give_back(name)
    # then the next one to take it finds the same rows, and the same numbers for the next ones
    assert postgres_shelf.take() == name
    assert postgres_server.snapshot(name) == before
    postgres_shelf.give_back(name)


def test_a_database_with_other_tables_is_not_lent_again(
    postgres_server: PostgresServer, postgres_shelf: Shelf
) -> None:
    for change in (
        "CREATE TABLE more (id int)",
        "ALTER TABLE trail DISABLE TRIGGER ALL",
        "CREATE SCHEMA more",
    ):
        name = postgres_shelf.take()
        postgres_server.execute(change, database=name)
        postgres_shelf.give_back(name)
        other = postgres_shelf.take()
        assert other != name, change
        postgres_shelf.give_back(other)


async def test_a_snapshot_brings_every_value_back(
    postgres_server: PostgresServer, postgres_shelf: Shelf
) -> None:
    name, other = postgres_shelf.take(), postgres_shelf.take()
    await _settled(postgres_server.url(name))
    council = postgres_server.snapshot(name)
    postgres_server.put_back(council, other)
    assert postgres_server.snapshot(other) == council
    postgres_shelf.give_back(name)
    postgres_shelf.give_back(other)
