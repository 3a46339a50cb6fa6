"""`trail verify`: the chain from end to end."""

import asyncio

import typer

from storage import schema
from storage.trail import Verdict
from storage.unit_of_work import SqlStore


def verify_trail(database_url: str) -> int:
    """0 where the chain is whole; 1 at the first broken link, naming it."""
    schema.check(database_url)
    verdict = asyncio.run(_verdict(database_url))
    if verdict.whole:
        typer.echo(f"The trail is whole: {verdict.entries} entries.")
        return 0
    typer.echo(f"audit-bot: The trail is broken at entry {verdict.seq}: {verdict.fault}.", err=True)
    return 1


async def _verdict(database_url: str) -> Verdict:
    store = SqlStore(database_url)
    try:
        return await store.verify_trail()
    finally:
        await store.close()
