"""What did not arrive, for the QA team."""

from domain.ports import Failure
from storage.database import Transaction
from storage.outbox_queries import FAILURES


class SqlDeliveries:
    """See `domain.ports.Deliveries`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def failures(self, first: int, *, limit: int = 50) -> list[Failure]:
        values = {"first": first, "limit": limit}
        rows = await self._transaction.run(lambda c: c.execute(FAILURES, values).all())
        return [
            Failure(row.outbox_id, row.person_id, row.kind, row.subject, row.outcome, row.reason, row.at)
            for row in rows
        ]
