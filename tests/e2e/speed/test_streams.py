"""500 streams through the edge: none is cut, and a new one hardly waits longer for its first token."""

from __future__ import annotations

import asyncio
import resource
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.edge.names import Names
from tests.e2e.edge.running import Edge, eventually, free_ports, running
from tests.e2e.speed.streaming import GAP
from tests.validators.tools import CHECKOUT

pytestmark = pytest.mark.e2e

STREAMS = 500
TOKENS = 12
PROBES = 200
LATER = 0.020  # seconds


class Way(NamedTuple):
    """How to reach the app: its port, or the edge's with TLS."""

    port: int
    tls: ssl.SSLContext | None


class Seen(NamedTuple):
    """The tokens of each stream that was open all the time, and how long each probe waited for its first one."""

    tokens: list[int]
    first: list[float]

    @property
    def p99(self) -> float:
        return sorted(self.first)[int(len(self.first) * 0.99) - 1]


@pytest.fixture(scope="module", autouse=True)
def _enough_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="module")
def app(_enough_files: None) -> Iterator[int]:
    """The streaming app's port."""
    (port,) = free_ports(1)
    process = subprocess.Popen([sys.executable, "-m", "tests.e2e.speed.streaming", str(port)], cwd=CHECKOUT)
    try:
        eventually(lambda: _listens(port))
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory, app: int) -> Iterator[Edge]:
    root: Path = tmp_path_factory.mktemp("streams")
    with (
        Names("127.0.0.1") as names,
        running(root, names, app, domains=["localhost"], load={"streams": STREAMS, "peak_requests": "20/s"}) as found,
    ):
        yield found


def test_nothing_is_cut_and_the_first_token_is_at_most_20_ms_later(app: int, edge: Edge) -> None:
    direct = asyncio.run(_seen(Way(app, None)))
    through = asyncio.run(_seen(Way(edge.https, edge.trusting())))
    print(
        f"\n{STREAMS} open streams, first token of {PROBES} more, p99: direct {direct.p99 * 1000:.1f} ms, "
        f"through the edge {through.p99 * 1000:.1f} ms (x {through.p99 / direct.p99:.1f})"
    )
    assert through.tokens == [TOKENS] * STREAMS
    assert through.p99 - direct.p99 <= LATER


async def _seen(way: Way) -> Seen:
    opened = asyncio.Semaphore(0)
    streams = [asyncio.create_task(_stream(way, opened)) for _ in range(STREAMS)]
    for _ in range(STREAMS):
        await opened.acquire()
    first = [await _first_token(way) for _ in range(PROBES)]
    assert not [stream for stream in streams if stream.done()], "they were open all the time"
    seen = Seen(await asyncio.gather(*streams), first)
    await asyncio.sleep(0.1)  # an aborted connection is closed by the loop, which has to go round once more
    return seen


async def _stream(way: Way, opened: asyncio.Semaphore) -> int:
    """Reads a stream to its end; how many tokens there were."""
    reader, writer = await _connected(way)
    try:
        writer.write(_request(TOKENS))
        tokens = 0
        while (line := await asyncio.wait_for(reader.readline(), 10 * GAP)) != b"0\r\n":
            assert line, "the stream was cut"
            if line.startswith(b"data: "):
                tokens += 1
                if tokens == 1:
                    opened.release()
        return tokens
    finally:
        writer.transport.abort()


async def _first_token(way: Way) -> float:
    """Seconds from the question to the first token, on a connection that is there already."""
    reader, writer = await _connected(way)
    try:
        asked = time.perf_counter()
        writer.write(_request(1))
        await reader.readuntil(b"data: 0\n")
        return time.perf_counter() - asked
    finally:
        writer.transport.abort()


async def _connected(way: Way) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    name = "localhost" if way.tls else None
    return await asyncio.open_connection("127.0.0.1", way.port, ssl=way.tls, server_hostname=name)


def _request(tokens: int) -> bytes:
    return b"GET /chat/stream?%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % tokens


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
