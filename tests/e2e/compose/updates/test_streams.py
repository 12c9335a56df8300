"""500 open streams through the whole stack: none is cut."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.compose.conftest import CROWD
from tests.e2e.compose.updates.service import Service
from tests.e2e.load.answers import Connection, asked, pieces
from tests.e2e.net.internet import Machine

pytestmark = pytest.mark.drill
STREAMS = 500
TOKENS = 4
GAP = 5.0  # seconds


class Seen(NamedTuple):
    """One stream, by a monotonic clock."""

    tokens: int
    done: bool
    first: float
    ended: float


@pytest.fixture
def _enough_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("_enough_files")
def test_500_open_streams_are_all_carried_to_their_end(service: Service, crowd: Machine) -> None:
    sockets = crowd.namespace.call(connected, service)
    seen = asyncio.run(together(service, sockets))
    open_at_once = min(one.ended for one in seen) - max(one.first for one in seen)
    whole = [one for one in seen if one.tokens == TOKENS and one.done]
    print(f"\n{len(seen)} streams, all of them open for {open_at_once:.1f} s; {len(whole)} came to their end")
    assert open_at_once > 0
    assert len(whole) == STREAMS


def connected(service: Service) -> list[socket.socket]:
    """From the crowd's addresses in turn."""
    where = (service.place.address, service.place.port)
    return [
        socket.create_connection(where, source_address=(CROWD[number % len(CROWD)], 0)) for number in range(STREAMS)
    ]


async def together(service: Service, sockets: list[socket.socket]) -> list[Seen]:
    return await asyncio.gather(*(stream(service, each) for each in sockets))


async def stream(service: Service, connected: socket.socket) -> Seen:
    """Reads it to its end. EOFError: it was cut."""
    place = service.place
    reader, writer = await asyncio.open_connection(
        sock=connected, ssl=place.context(), server_hostname=place.domain, ssl_handshake_timeout=60
    )
    connection = Connection(reader, writer)
    try:
        target = f"/stream?gap={GAP}&number={TOKENS}"
        head = await asked(connection, place, "GET", target, None, {"Connection": "close"})
        assert head.status == 200
        text, first = b"", 0.0
        async for piece in pieces(connection, head):
            text += piece
            first = first or time.monotonic()
        return Seen(text.count(b'"token"'), b"event: done" in text, first, time.monotonic())
    finally:
        await connection.close()
