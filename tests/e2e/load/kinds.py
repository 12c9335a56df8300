"""The kinds of request, as the reference app answers them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import NamedTuple

from tests.e2e.load.answers import Wrong

# A stream of two seconds.
TOKENS, GAP = 20, 0.1
QUESTIONS = 200
# Six GET, three POST and a stream of ten.
MIX = ("health", "get", "query", "get", "health", "query", "stream", "get", "query", "get")
# The same with every tenth a document that has to be there afterwards.
WRITING = (*MIX[:5], "write", *MIX[6:])


class Asking(NamedTuple):
    """One request as it is sent; `content` goes as JSON."""

    method: str
    target: str
    content: object
    status: int


class Read(NamedTuple):
    """What a body showed. `first` is when its first token came, None for what is no stream; times are monotonic."""

    first: float | None
    ended: float
    longest_gap: float
    said: str


def asking(kind: str, number: int) -> Asking:
    """The request number `number`. Questions repeat, so that some come from the cache."""
    if kind == "health":
        return Asking("GET", "/health", None, 200)
    if kind == "get":
        return Asking("GET", "/documents?limit=3", None, 200)
    if kind == "query":
        return Asking("POST", "/query", {"query": f"heron {number % QUESTIONS}"}, 200)
    if kind == "write":
        document = {"title": f"Written {number}", "body": f"heron {number % QUESTIONS}", "kind": "load"}
        return Asking("POST", "/documents", {"documents": [document]}, 201)
    if kind == "stream":
        return Asking("GET", f"/stream?gap={GAP}&number={TOKENS}", None, 200)
    raise ValueError(kind)


async def read(kind: str, body: AsyncIterator[bytes]) -> Read:
    """The whole body. Wrong: it is not what it should be."""
    if kind == "stream":
        return await _stream(body)
    whole = b"".join([piece async for piece in body])
    ended = time.monotonic()
    try:
        content = json.loads(whole)
        if kind == "health":
            return Read(None, ended, 0.0, content["version"])
        if kind == "write":
            return Read(None, ended, 0.0, str(content["ids"][0]))
    except (ValueError, KeyError, IndexError, TypeError):
        raise Wrong(f"a body that is no {kind}'s") from None
    return Read(None, ended, 0.0, "")


async def _stream(body: AsyncIterator[bytes]) -> Read:
    text = b""
    arrivals: list[float] = []
    try:
        async for piece in body:
            text += piece
            arrivals += [time.monotonic()] * (text.count(b'"token"') - len(arrivals))
    except (OSError, EOFError) as error:
        raise Wrong(f"a stream cut after {len(arrivals)} of {TOKENS} tokens") from error
    if len(arrivals) != TOKENS or b"event: done" not in text:
        raise Wrong(f"a stream that ended after {len(arrivals)} of {TOKENS} tokens")
    gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals)]
    return Read(arrivals[0], time.monotonic(), max(gaps), "")
