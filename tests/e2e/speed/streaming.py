"""An app that streams: a first token at once, then one a second. `python -m tests.e2e.speed.streaming PORT`."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

GAP = 1.0  # seconds
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """GET /chat/stream?TOKENS"""
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
            tokens = int(target.partition(b"?")[2])
            writer.write(HEAD)
            for number in range(tokens):
                if number:
                    await asyncio.sleep(GAP)
                data = b"data: %d\n\n" % number
                writer.write(b"%x\r\n%s\r\n" % (len(data), data))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            await writer.drain()
    writer.close()


async def serve(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
