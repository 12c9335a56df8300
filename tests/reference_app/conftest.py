"""One PostgreSQL and one Valkey for all tests, and one app that most of them ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_app.running import Running, database_url, running
from tests.reference_app.servers import Postgres, Server, postgres, valkey


@pytest.fixture(scope="session")
def database() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@pytest.fixture(scope="session")
def cache() -> Iterator[Server]:
    with valkey() as found:
        yield found


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, database: Postgres, cache: Server) -> Iterator[Running]:
    """Two workers on shared state, with a cache. Tests that stop servers or change settings start their own."""
    told = {
        "DATABASE_URL": database_url(database.port, database.create("shared")),
        "REDIS_URL": f"redis://127.0.0.1:{cache.port}/0",
        "CORS_ORIGINS": "https://search.example.com,https://app.example.com",
    }
    with running(tmp_path_factory.mktemp("app"), told, workers=2) as found:
        yield found


@pytest.fixture
def told(request: pytest.FixtureRequest, database: Postgres) -> dict[str, str]:
    """A database of the test's own."""
    return {"DATABASE_URL": database_url(database.port, database.create(request.node.name))}
