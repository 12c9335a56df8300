"""Server-sent events, one token at a time. https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable

from starlette.responses import StreamingResponse


def stream(tokens: Iterable[str], gap: float) -> StreamingResponse:
    """Each token in an event of its own with a silence of `gap` seconds between two, then the event `done`."""
    return StreamingResponse(
        _events(tokens, gap), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _events(tokens: Iterable[str], gap: float) -> AsyncIterator[str]:
    number = 0
    for token in tokens:
        if number:
            await asyncio.sleep(gap)
        number += 1
        yield _event({"token": token, "number": number, "at": time.time()})
    yield "event: done\n" + _event({"tokens": number})


def _event(content: dict[str, object]) -> str:
    return f"data: {json.dumps(content)}\n\n"
