"""PostgreSQL: full-text search, and a pool of 20 connections with room for 10 more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from src.store import Asked, Document, Found, Stored, Unavailable, Upload
from src.store.schema import migrate

# Seconds until a connection is made, until one is free, and until a statement is done.
CONNECT, WAIT, STATEMENT = 5, 10, 30

SEARCH = text("""
    SELECT id, title, ts_headline('english', body, question, 'MaxFragments=1, MaxWords=30, MinWords=10'), score
    FROM (
      SELECT id, title, body, question, ts_rank_cd(words, question) AS score
      FROM documents, websearch_to_tsquery('english', :query) AS question
      WHERE words @@ question AND (CAST(:kind AS text) IS NULL OR kind = :kind)
      ORDER BY score DESC, id
      LIMIT :limit
    ) AS best
    ORDER BY score DESC, id
""")
REMEMBER = text("INSERT INTO history (query, mode, results) VALUES (:query, :mode, :results)")
ADD = text("""
    INSERT INTO documents (title, body, kind)
    SELECT * FROM unnest(CAST(:titles AS text[]), CAST(:bodies AS text[]), CAST(:kinds AS text[])) RETURNING id
""")
DOCUMENTS = text("SELECT id, title, body, kind FROM documents WHERE id > :after ORDER BY id LIMIT :limit")
HISTORY = text("""
    SELECT id, query, mode, results, created_at FROM history
    WHERE CAST(:mode AS text) IS NULL OR mode = :mode ORDER BY created_at DESC LIMIT :limit
""")
ADD_UPLOAD = text("INSERT INTO uploads (name, file_hash, size) VALUES (:name, :file_hash, :size)")
UPLOADS = text("SELECT name, file_hash, size FROM uploads ORDER BY created_at DESC LIMIT :limit")
READY = text("SELECT FROM documents LIMIT 1")


class Postgres:
    """The store of shared-state; any number of workers and replicas share it."""

    def __init__(self, url: str, pool_size: int, max_overflow: int) -> None:
        self._url = url
        # asyncpg reads the URL itself: it knows sslmode and sslrootcert as libpq does.
        # pool_pre_ping: each connection is tried before it is used, so a restart of the database costs nothing.
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=True,
            pool_timeout=WAIT,
        )

    async def migrate(self) -> list[str]:
        try:
            return await migrate(self._url)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(type(error).__name__) from error

    async def ready(self) -> None:
        async with self._connection() as connection:
            await connection.execute(READY)

    async def search(self, query: str, kind: str | None, limit: int) -> list[Found]:
        async with self._connection() as connection:
            rows = await connection.execute(SEARCH, {"query": query, "kind": kind, "limit": limit})
            found = [Found(*row) for row in rows]
            await connection.execute(REMEMBER, {"query": query, "mode": kind or "all", "results": len(found)})
            return found

    async def add(self, documents: Sequence[Document]) -> list[int]:
        columns = {
            "titles": [document.title for document in documents],
            "bodies": [document.body for document in documents],
            "kinds": [document.kind for document in documents],
        }
        async with self._connection() as connection:
            return [row.id for row in await connection.execute(ADD, columns)]

    async def documents(self, after: int, limit: int) -> list[Stored]:
        async with self._connection() as connection:
            return [Stored(*row) for row in await connection.execute(DOCUMENTS, {"after": after, "limit": limit})]

    async def history(self, mode: str | None, limit: int) -> list[Asked]:
        async with self._connection() as connection:
            rows = await connection.execute(HISTORY, {"mode": mode, "limit": limit})
            return [Asked(row.id, row.query, row.mode, row.results, row.created_at.isoformat()) for row in rows]

    async def add_upload(self, upload: Upload) -> None:
        async with self._connection() as connection:
            await connection.execute(ADD_UPLOAD, upload._asdict())

    async def uploads(self, limit: int) -> list[Upload]:
        async with self._connection() as connection:
            return [Upload(*row) for row in await connection.execute(UPLOADS, {"limit": limit})]

    async def close(self) -> None:
        await self._engine.dispose()

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._url, timeout=CONNECT, command_timeout=STATEMENT)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection and a transaction on it, committed at the end."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, NoConnectionFree) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise Unavailable(f"{type(cause).__name__}: {cause}") from error
