"""HTTP/1.1 on asyncio's streams, as little as is needed. No library's pool or retry hides what happens on the wire."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """Where requests go. `ca`: the file that signs the server's certificate; None: its certificate is not looked at."""

    address: str
    port: int
    domain: str
    ca: str | None = None

    def context(self) -> ssl.SSLContext:
        """TLS as the place asks for."""
        context = ssl.create_default_context(cafile=self.ca)
        if self.ca is None:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


class Wrong(Exception):
    """An answer that is none."""


class Connection(NamedTuple):
    """One TLS connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        """Say goodbye; what the other side then does is no matter."""
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except (OSError, asyncio.CancelledError):
            self.writer.transport.abort()


class Head(NamedTuple):
    """Status line and headers, whose names are in small letters."""

    status: int
    headers: Mapping[str, str]


async def connected(place: Place, context: ssl.SSLContext, source: str) -> Connection:
    """A connection from `source`, or from wherever the system likes."""
    reader, writer = await asyncio.open_connection(
        place.address,
        place.port,
        ssl=context,
        server_hostname=place.domain,
        local_addr=(source, 0) if source else None,
        ssl_shutdown_timeout=1,
    )
    return Connection(reader, writer)


async def asked(
    connection: Connection, place: Place, method: str, target: str, content: object, headers: Mapping[str, str]
) -> Head:
    """Send a request, with `content` as JSON, and read the head of its answer."""
    body = b"" if content is None else json.dumps(content).encode()
    lines = {"Host": place.domain, "User-Agent": "aisearch-load"} | dict(headers)
    if content is not None:
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection.writer.write(head.encode() + b"\r\n" + body)
    await connection.writer.drain()
    return await _head(connection.reader)


async def pieces(connection: Connection, head: Head) -> AsyncIterator[bytes]:
    """The body as it comes. Wrong: it ended before its end."""
    reader = connection.reader
    if head.headers.get("transfer-encoding") == "chunked":
        while size := int((await _line(reader)).partition(b";")[0], 16):
            yield await reader.readexactly(size)
            await reader.readexactly(2)
        while await _line(reader):
            pass
    elif "content-length" in head.headers:
        yield await reader.readexactly(int(head.headers["content-length"]))
    else:
        raise Wrong("an answer whose end nothing tells")


async def _head(reader: asyncio.StreamReader) -> Head:
    version, _, rest = (await _line(reader)).decode("latin-1").partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise Wrong("an answer that is no HTTP")
    headers = {}
    while line := (await _line(reader)).decode("latin-1"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Head(int(rest[:3]), headers)


async def _line(reader: asyncio.StreamReader) -> bytes:
    line = await reader.readuntil(b"\n")
    return line.rstrip(b"\r\n")
