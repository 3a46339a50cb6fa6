"""Long answers made into values a part at a time, without holding the loop."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from storage.database import Transaction
from storage.repositories.sql import AnyRow, AnySelect

T = TypeVar("T")

AT_ONCE = 1000
"""Rows made into values before the loop has its turn."""


async def in_parts(
    transaction: Transaction, statement: AnySelect, values: Mapping[str, Any], make: Callable[[AnyRow], T]
) -> list[T]:
    """One question; its rows become values in a thread on SQLite, between the loop's other work on PostgreSQL."""
    result = await transaction.run(lambda c: c.execute(statement, values), aside=True)
    made: list[T] = []
    while part := await transaction.run(
        lambda _: [make(row) for row in result.fetchmany(AT_ONCE)], aside=True
    ):
        made += part
        await asyncio.sleep(0)
    return made
