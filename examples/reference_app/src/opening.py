"""Opens what the contract says: the store, and everything that the routes use."""

from __future__ import annotations

from dataclasses import dataclass

from src.auth import Callers
from src.cache import Cache
from src.search import Search
from src.settings import Settings
from src.store import Store
from src.store.local import Local
from src.store.postgres import Postgres
from src.uploads import Uploads
from src.upstream import Upstream


@dataclass(frozen=True)
class Services:
    """What the routes use."""

    settings: Settings
    callers: Callers
    store: Store
    cache: Cache | None
    search: Search
    uploads: Uploads
    upstream: Upstream | None

    async def close(self) -> None:
        """Close every connection, once the last request is answered."""
        if self.upstream:
            await self.upstream.close()
        if self.cache:
            await self.cache.close()
        await self.store.close()


def open_store(settings: Settings) -> Store:
    """PostgreSQL, or SQLite and files. Connects to nothing yet."""
    if settings.contract == "local-state":
        return Local(settings.data)
    return Postgres(settings.database_url, settings.pool_size, settings.max_overflow)


def open_services(settings: Settings) -> Services:
    """Everything. Needs a running event loop; connects to nothing yet."""
    store = open_store(settings)
    cache = Cache(settings.redis_url, settings.cache_ttl) if settings.redis_url else None
    return Services(
        settings=settings,
        callers=Callers(settings.api_keys),
        store=store,
        cache=cache,
        search=Search(store, cache),
        uploads=Uploads(settings.uploads),
        upstream=Upstream(settings.upstream_url, settings.upstream_key) if settings.upstream_url else None,
    )
