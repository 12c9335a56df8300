"""A stand-in for the app: answers what each test needs and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Self

TOKENS = 5
TOKEN_GAP = 0.15  # seconds

# What the edge must replace or drop.
CARELESS = {
    "Server": "stub/1.0",
    "X-Powered-By": "stub",
    "X-Frame-Options": "ALLOWALL",
    "Content-Security-Policy": "default-src *",
    "Strict-Transport-Security": "max-age=1",
    "X-Request-ID": "of-the-app",
}


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    method: str
    target: str
    version: str
    headers: list[tuple[str, str]]
    body: int
    connection: int
    address: str

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Stub:
    """Listens on some loopback addresses at one port, in a thread of its own, until the `with` block ends."""

    addresses: tuple[str, ...] = ("127.0.0.1",)
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._servers = []
        for address in self.addresses:
            start = asyncio.start_server(self._serve, address, self.port)
            server = asyncio.run_coroutine_threadsafe(start, self._loop).result(5)
            self.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def on(self, path: str) -> list[Asked]:
        """The requests for a path, whatever their query."""
        return [one for one in self.asked if one.target.partition("?")[0] == path]

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while await self._answer(reader, writer, number):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, version = head[0].split(" ")
        headers = [(line.partition(":")[0], line.partition(":")[2].strip()) for line in head[1:] if line]
        size = int(next((value for name, value in headers if name.lower() == "content-length"), 0))
        left = size
        while left:
            left -= len(await reader.readexactly(min(left, 1 << 16)))
        address = writer.get_extra_info("sockname")[0]
        asked = Asked(method, target, version, headers, size, number, address)
        self.asked.append(asked)
        return await self._send(asked, writer)

    async def _send(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        path = asked.target.partition("?")[0]
        if path == "/boom":
            return False
        if path in ("/chat/stream", "/lumps"):
            return await _stream(writer)
        if path == "/wait":
            await asyncio.sleep(30)
        status = 500 if path == "/failing" else 404 if path.endswith("/missing.css") else 200
        extra = {"Cache-Control": "no-store", "Set-Cookie": "s=1"} if path.startswith("/static/") else {}
        body = json.dumps({"path": path, "address": asked.address, "bytes": asked.body}).encode()
        if path == "/long":
            body = json.dumps({"text": "words " * 2000}).encode()
        head = {"Content-Type": "application/json", "Content-Length": str(len(body)), **CARELESS, **extra}
        writer.write(_head(status, head) + (b"" if asked.method == "HEAD" else body))
        await writer.drain()
        return True


async def _stream(writer: asyncio.StreamWriter) -> bool:
    writer.write(_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **CARELESS}))
    for number in range(TOKENS):
        token = f"data: {number} {time.monotonic()}\n\n".encode()
        writer.write(b"%x\r\n%s\r\n" % (len(token), token))
        await writer.drain()
        await asyncio.sleep(TOKEN_GAP)
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Stub", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
