"""Traffic from customers to a stack, while something happens to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.e2e.compose.client import Client
from tests.e2e.compose.stack import Stack
from tests.e2e.load.answers import Place
from tests.e2e.load.kinds import MIX
from tests.e2e.load.traffic import Traffic, traffic
from tests.e2e.net.internet import Machine

RATE = 50
HEALED = 30  # seconds


@contextmanager
def asking(stack: Stack, customers: Machine, mix: Sequence[str] = MIX, rate: float = RATE) -> Iterator[Traffic]:
    """`rate` requests a second until the block ends; in full swing when it begins."""
    place = Place(stack.world.server.address, stack.port, stack.domain)
    with traffic(place, prefix=customers.namespace.prefix, mix=mix, rate=rate) as running:
        running.wait_for(int(rate))
        yield running


def eventually(holds: Callable[[], bool], what: str, seconds: float = HEALED) -> float:
    """Waits until it holds; how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return time.monotonic() - began


def works(client: Client) -> bool:
    """A question and a write are answered."""
    written = b'{"documents": [{"title": "Written by a probe", "body": "heron", "kind": "probe"}]}'
    kind = {"Content-Type": "application/json"}
    try:
        asked = client.query(seconds=5)
        kept = client.ask("POST", "/documents", body=written, headers=kind, seconds=5)
    except (OSError, ValueError):
        return False
    return (asked.status, kept.status) == (200, 201)


def healthy(stack: Stack) -> bool:
    """Docker says so of every container."""
    return all(each["State"].get("Health", {}).get("Status") == "healthy" for each in stack.containers())


def kept_ids(stack: Stack) -> set[int]:
    """The documents that traffic has written, as the database has them."""
    return set(map(int, sql(stack, "SELECT id FROM documents WHERE kind = 'load'").split()))


def sql(stack: Stack, statement: str) -> str:
    """What PostgreSQL says, without headers."""
    return stack.exec("db", "psql", "--username=aisearch", "--tuples-only", "--no-align", f"--command={statement}")
