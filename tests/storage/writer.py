"""A process for the kill test: commits one effect after the other, and says each on stdout only when it is kept.

`python -m tests.storage.writer URL`: prints `started`, then a number a line.
"""

import asyncio
import sys
from itertools import count

from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.ports import Once, Outcome, TrailEntry
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, TOM


async def one(store: SqlStore, number: int) -> None:
    """An effect as a use case has it: its trail entry, its message and its answer in the same commit."""
    ref = f"E-{number}"
    async with store.writing() as uow:
        await uow.answers.keep(Once(f"activity|{number}", "digest"), Outcome("done", ref), NOW)
        notice = Notice(NoticeKind.EXEMPTION_OUTCOME, Lane.DECISION, DANA.id, ref, f"done|{ref}")
        await uow.outbox.put([notice], NOW)
        await uow.trail.append(TrailEntry(NOW, "exemption.test", ref, TOM.id, texts={"note": "x" * 500}))
        await uow.commit()


async def main(url: str) -> None:
    store = SqlStore(url)
    print("started", flush=True)
    for number in count(1):
        await one(store, number)
        print(number, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
