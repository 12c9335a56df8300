"""One edge for most tests, one with API keys; both in front of the same stand-in for the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.edge.names import Names
from tests.e2e.edge.running import Edge, running
from tests.e2e.edge.stub import Stub

# A client on a trusted proxy's address; all others are the internet.
PROXY = "127.0.0.99"
ALICE = {"X-API-Key": "alice-key.of+sixteen/AND-more="}
BOB = {"X-API-Key": "bobs-key-0123456789"}
KEYS = """\
# name key
alice alice-key.of+sixteen/AND-more=

bob bobs-key-0123456789
bob bobs-next-key-9876543210
"""


@pytest.fixture(scope="session")
def names() -> Iterator[Names]:
    with Names("127.0.0.1") as found:
        yield found


@pytest.fixture(scope="session")
def app() -> Iterator[Stub]:
    with Stub() as found:
        yield found


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory, names: Names, app: Stub) -> Iterator[Edge]:
    """Today's defaults with a trusted proxy and Let's Encrypt's web root."""
    with running(
        tmp_path_factory.mktemp("edge"),
        names,
        app.port,
        trusted_proxies=[f"{PROXY}/32"],
        tls={"from": "letsencrypt", "email": "ops@example.com"},
    ) as found:
        yield found


@pytest.fixture(scope="session")
def keyed(tmp_path_factory: pytest.TempPathFactory, names: Names, app: Stub) -> Iterator[Edge]:
    """Callers need a key; text logs; a network of its own that may not connect."""
    with running(
        tmp_path_factory.mktemp("keyed"),
        names,
        app.port,
        {"API_KEYS": KEYS},
        api_keys={},
        logs={"format": "text"},
        edge={"allow": ["127.0.0.0/26"], "extra_headers": {"x-frame-options": "DENY", "X-Robots-Tag": "noindex"}},
    ) as found:
        yield found


@pytest.fixture
def own_edge(tmp_path: Path, names: Names, app: Stub) -> Iterator[Edge]:
    """One with keys that a test may change for good."""
    with running(tmp_path, names, app.port, {"API_KEYS": KEYS}, api_keys={}) as found:
        yield found


@pytest.fixture(autouse=True)
def _forget(app: Stub) -> None:
    app.asked.clear()
