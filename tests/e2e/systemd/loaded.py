"""Traffic from a customer at the internet to a server, and what the operator does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.e2e.load.answers import Place
from tests.e2e.load.kinds import MIX
from tests.e2e.load.record import Record
from tests.e2e.load.traffic import Traffic, traffic
from tests.e2e.net.internet import SERVER
from tests.e2e.systemd.conftest import Server
from tests.e2e.systemd.operator import DOMAIN

RATE = 50
PLACE = Place(SERVER, 443, DOMAIN)


@contextmanager
def customers(server: Server, mix: Sequence[str] = MIX, rate: float = RATE) -> Iterator[Traffic]:
    """50 requests a second, of all kinds, until the block ends."""
    with (
        server.internet.machine("customers", "198.51.100.10") as client,
        traffic(PLACE, prefix=client.namespace.prefix, mix=mix, rate=rate) as running,
    ):
        # In full swing, before anything happens.
        running.wait_for(int(rate))
        yield running


def during(server: Server, work: Callable[[], object], requests: int = 0) -> tuple[Record, float]:
    """What became of the requests while `work` was done, of `requests` at least; and the seconds that it took."""
    with customers(server) as running:
        sent, began = running.due, time.monotonic()
        work()
        seconds = time.monotonic() - began
        # Those in flight at the end belong to it, too.
        running.wait_for(max(sent + requests, running.due + 3 * RATE))
        return running.record, seconds
