"""A store whose next commits get lost, as a broken connection loses them."""

from domain.errors import CommitUnknown
from storage.unit_of_work import SqlStore, SqlUnitOfWork


class _LosesCommits(SqlUnitOfWork):
    async def commit(self) -> None:
        store = self.of
        if store.lost:
            how = store.lost.pop(0)
            if how == "done":
                await super().commit()
            raise CommitUnknown(why="connection")
        await super().commit()

    of: "Losing"


class Losing(SqlStore):
    """A store whose next commits get lost: "done" and nobody heard of it, or "not done"."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lost: list[str] = []

    def writing(self) -> SqlUnitOfWork:
        uow = _LosesCommits(self._database, write=True)
        uow.of = self
        return uow
