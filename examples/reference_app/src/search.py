"""A question's answer: from the cache, else from the store."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from src.cache import Cache
from src.store import Found, Store


class Answer(NamedTuple):
    """What was found, best first, and whether the cache knew it."""

    results: list[Found]
    cached: bool


class Search:
    """The store with the cache in front of it. History holds what was searched, not what the cache answered."""

    def __init__(self, store: Store, cache: Cache | None) -> None:
        self._store = store
        self._cache = cache

    async def answer(self, query: str, kind: str | None, limit: int) -> Answer:
        """The best `limit` documents, of one kind or of all."""
        if self._cache is None:
            return Answer(await self._store.search(query, kind, limit), cached=False)
        key = key_of(query, kind, limit)
        if (known := await self._cache.get(key)) is not None:
            return Answer([Found(**fields) for fields in json.loads(known)], cached=True)
        results = await self._store.search(query, kind, limit)
        await self._cache.put(key, json.dumps([found._asdict() for found in results]).encode())
        return Answer(results, cached=False)


def key_of(query: str, kind: str | None, limit: int) -> str:
    """The cache's key: the same for questions that differ in spaces and capitals alone."""
    question = json.dumps([" ".join(query.lower().split()), kind, limit])
    return "query:" + hashlib.sha256(question.encode()).hexdigest()
