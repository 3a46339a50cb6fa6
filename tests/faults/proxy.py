"""A TCP proxy before PostgreSQL that loses connections: at once, or exactly when a COMMIT passes."""

import asyncio
from types import TracebackType
from typing import Self

from sqlalchemy import make_url

_COMMIT = b"COMMIT"
_CHUNK = 65_536


class PostgresProxy:
    """`url` is the database's, through the proxy. `down` refuses new connections; `cut()` breaks those there are.

    `lose_commit(arrived=…)`: the connection of the next COMMIT breaks, before the server has heard it or after it has
    answered; either way the client hears nothing.
    """

    def __init__(self, database_url: str) -> None:
        self._real = make_url(database_url)
        self._socket = f"{self._real.query['host']}/.s.PGSQL.5432"
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._lose: bool | None = None
        self.lost = 0
        self.down = False
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        real = self._real
        self.url = f"postgresql+asyncpg://{real.username}@127.0.0.1:{port}/{real.database}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def lose_commit(self, *, arrived: bool) -> None:
        self._lose = arrived

    def cut(self) -> None:
        """Breaks every connection, as a fail-over does."""
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            if not self.down:
                await self._serve(reader, writer)
        except OSError:
            pass  # either side has broken off; so does the other
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_unix_connection(self._socket)
        try:
            await self._pump(reader, writer, *to_server)
        finally:
            to_server[1].transport.abort()

    async def _pump(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        answers = asyncio.create_task(_forward(server, to_client))
        try:
            while chunk := await client.read(_CHUNK):
                if self._lose is not None and _COMMIT in chunk:
                    arrived, self._lose = self._lose, None
                    answers.cancel()
                    await asyncio.wait({answers})
                    if arrived:
                        to_server.write(chunk)
                        await server.read(_CHUNK)  # the server has said that it is done
                    self.lost += 1
                    return
                to_server.write(chunk)
                await to_server.drain()
        finally:
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)


async def _forward(server: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
    while chunk := await server.read(_CHUNK):
        to_client.write(chunk)
        await to_client.drain()
    to_client.transport.abort()
