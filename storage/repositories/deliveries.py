"""What did not arrive, for the QA team."""

from domain.ports import Failure
from storage.database import Transaction
from storage.outbox_queries import FAILURES, LAST_FAILURES
from storage.repositories.sql import AnySelect


class SqlDeliveries:
    """See `domain.ports.Deliveries`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def failures(self, first: int, *, limit: int = 50) -> list[Failure]:
        return await self._found(FAILURES, {"first": first, "limit": limit})

    async def latest(self, limit: int) -> list[Failure]:
        return await self._found(LAST_FAILURES, {"limit": limit})

    async def _found(self, question: AnySelect, values: dict[str, int]) -> list[Failure]:
        rows = await self._transaction.run(lambda c: c.execute(question, values).all())
        return [
            Failure(row.outbox_id, row.person_id, row.kind, row.subject, row.outcome, row.reason, row.at)
            for row in rows
        ]
