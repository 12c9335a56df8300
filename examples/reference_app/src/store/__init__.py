"""Where documents, history and uploads are remembered: PostgreSQL (shared-state) or SQLite and files (local-state)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Unavailable(Exception):
    """The store cannot be reached now; the same request may succeed in a moment."""


class Document(NamedTuple):
    """A document as it comes in. `kind` is whatever its author sorts by: web, paper, note."""

    title: str
    body: str
    kind: str


class Stored(NamedTuple):
    """A document as it is kept."""

    id: int
    title: str
    body: str
    kind: str


class Found(NamedTuple):
    """A document that answers a question, with what matched; a higher score is a better match."""

    id: int
    title: str
    snippet: str
    score: float


class Asked(NamedTuple):
    """A question in the history; `asked_at` is an ISO 8601 time."""

    id: int
    query: str
    mode: str
    results: int
    asked_at: str


class Upload(NamedTuple):
    """An uploaded file, by the SHA-256 of its content."""

    name: str
    file_hash: str
    size: int


class Store(Protocol):
    """What both can do. Each method raises Unavailable while the store cannot be reached."""

    async def migrate(self) -> list[str]:
        """Make the tables what this version needs; the migrations that were still missing."""

    async def ready(self) -> None:
        """Returns when it can be searched."""

    async def search(self, query: str, kind: str | None, limit: int) -> list[Found]:
        """The best documents, and a line in the history."""

    async def add(self, documents: Sequence[Document]) -> list[int]:
        """Keep all of them or none; their ids."""

    async def documents(self, after: int, limit: int) -> list[Stored]:
        """Those with an id above `after`, in order."""

    async def history(self, mode: str | None, limit: int) -> list[Asked]:
        """The latest questions, of one mode or of all."""

    async def add_upload(self, upload: Upload) -> None:
        """Remember a file that is on disk."""

    async def uploads(self, limit: int) -> list[Upload]:
        """The latest files."""

    async def close(self) -> None:
        """Close its connections."""
