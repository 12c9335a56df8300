"""SQLite and files: one worker in one replica, on a disk that outlives it."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from src.store import Asked, Document, Found, Stored, Unavailable, Upload
from src.store.vectors import Vectors

TABLES = """
CREATE TABLE IF NOT EXISTS documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL, kind TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX IF NOT EXISTS documents_kind ON documents (kind);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  title, body, content='documents', content_rowid='id', tokenize='porter unicode61');
CREATE TABLE IF NOT EXISTS history (
  id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, mode TEXT NOT NULL, results INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX IF NOT EXISTS history_created_at ON history (created_at);
CREATE INDEX IF NOT EXISTS history_mode_created_at ON history (mode, created_at);
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, file_hash TEXT NOT NULL, size INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX IF NOT EXISTS uploads_file_hash ON uploads (file_hash);
"""
SEARCH = """
SELECT documents.id, documents.title, snippet(words, 1, '<b>', '</b>', '...', 30), -bm25(words)
FROM words JOIN documents ON documents.id = words.rowid
WHERE words MATCH :question AND (:kind IS NULL OR kind = :kind) ORDER BY rank LIMIT :limit
"""
SIMILAR = "SELECT id, title, substr(body, 1, 200) FROM documents WHERE id = :id AND (:kind IS NULL OR kind = :kind)"


class Local:
    """The store of local-state: `history.db` and the folder `vector_store`, both in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = folder / "history.db"
        self._vectors = Vectors(folder / "vector_store")

    async def migrate(self) -> list[str]:
        return await asyncio.to_thread(self._migrate)

    async def ready(self) -> None:
        await asyncio.to_thread(self._rows, "SELECT 1 FROM documents LIMIT 1")

    async def search(self, query: str, kind: str | None, limit: int) -> list[Found]:
        return await asyncio.to_thread(self._search, query, kind, limit)

    async def add(self, documents: Sequence[Document]) -> list[int]:
        return await asyncio.to_thread(self._add, documents)

    async def documents(self, after: int, limit: int) -> list[Stored]:
        select = "SELECT id, title, body, kind FROM documents WHERE id > :after ORDER BY id LIMIT :limit"
        return [Stored(*row) for row in await asyncio.to_thread(self._rows, select, after=after, limit=limit)]

    async def history(self, mode: str | None, limit: int) -> list[Asked]:
        select = """SELECT id, query, mode, results, created_at || 'Z' FROM history
            WHERE :mode IS NULL OR mode = :mode ORDER BY created_at DESC, id DESC LIMIT :limit"""
        return [Asked(*row) for row in await asyncio.to_thread(self._rows, select, mode=mode, limit=limit)]

    async def add_upload(self, upload: Upload) -> None:
        insert = "INSERT INTO uploads (name, file_hash, size) VALUES (:name, :file_hash, :size)"
        await asyncio.to_thread(self._rows, insert, **upload._asdict())

    async def uploads(self, limit: int) -> list[Upload]:
        select = "SELECT name, file_hash, size FROM uploads ORDER BY id DESC LIMIT :limit"
        return [Upload(*row) for row in await asyncio.to_thread(self._rows, select, limit=limit)]

    async def close(self) -> None:
        """Each call closes its own connection."""

    def _migrate(self) -> list[str]:
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            before = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.executescript(TABLES)
            rows = connection.execute("SELECT id, title, body FROM documents").fetchall()
            after = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # A document whose vector was lost, in a crash or between two steps of a backup, gets it again.
        self._vectors.complete({number: f"{title} {body}" for number, title, body in rows})
        return ["tables"] if before != after else []

    def _search(self, query: str, kind: str | None, limit: int) -> list[Found]:
        # Quoted, so that nothing in a question is FTS5's own syntax: https://www.sqlite.org/fts5.html
        question = " ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        with self._connection() as connection:
            wanted = {"question": question, "kind": kind, "limit": limit}
            found = [Found(*row) for row in connection.execute(SEARCH, wanted)] if question else []
            known = {one.id for one in found}
            # Where words match too little, what is similar fills the rest.
            for number, score in self._vectors.nearest(query, limit):
                if len(found) < limit and number not in known:
                    rows = connection.execute(SIMILAR, {"id": number, "kind": kind})
                    found += [Found(id=row[0], title=row[1], snippet=row[2], score=score) for row in rows]
            connection.execute(
                "INSERT INTO history (query, mode, results) VALUES (?, ?, ?)", (query, kind or "all", len(found))
            )
        return found

    def _add(self, documents: Sequence[Document]) -> list[int]:
        ids = []
        with self._connection() as connection:
            for title, body, kind in documents:
                added = connection.execute(
                    "INSERT INTO documents (title, body, kind) VALUES (?, ?, ?)", (title, body, kind)
                )
                connection.execute(
                    "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", (added.lastrowid, title, body)
                )
                ids.append(added.lastrowid or 0)
        texts = [f"{document.title} {document.body}" for document in documents]
        self._vectors.complete(dict(zip(ids, texts, strict=True)))
        return ids

    def _rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection and a transaction on it, committed at the end."""
        try:
            with closing(sqlite3.connect(self._database, timeout=30)) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
