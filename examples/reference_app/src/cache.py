"""Answers in Redis (or Valkey). A cache that is gone costs speed, never an answer."""

from __future__ import annotations

import logging
import time

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# What an answer may lose to a cache that hangs, and for how long such a cache is then left alone. Seconds.
PATIENCE = 0.5
LEFT_ALONE = 2.0


class Cache:
    """Bytes by key, for `ttl` seconds each."""

    def __init__(self, url: str, ttl: int) -> None:
        self._ttl = ttl
        self._left_alone_until = 0.0
        # Once more, at once: after a restart of the cache the pooled connections are dead.
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1, supported_errors=(Lost,)),
        )

    async def get(self, key: str) -> bytes | None:
        """What was stored; None when there is nothing, or no cache."""
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            found = await self._redis.get(key)
        except (RedisError, OSError) as error:
            self._gone(error)
            return None
        return found.encode() if isinstance(found, str) else found

    async def put(self, key: str, value: bytes) -> None:
        """Store it, where there is a cache."""
        if time.monotonic() < self._left_alone_until:
            return
        try:
            await self._redis.set(key, value, ex=self._ttl)
        except (RedisError, OSError) as error:
            self._gone(error)

    async def close(self) -> None:
        """Close its connections."""
        await self._redis.aclose()

    def _gone(self, error: Exception) -> None:
        log.warning("the cache does not answer: %s", type(error).__name__)
        self._left_alone_until = time.monotonic() + LEFT_ALONE
