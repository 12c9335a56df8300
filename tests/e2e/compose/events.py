"""Server-sent events, and when each of them came."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.e2e.compose.client import Client


class Event(NamedTuple):
    """A token; `sent` by the app's clock, `came` by ours, which is the same: seconds."""

    token: str
    sent: float
    came: float


def events(client: Client, target: str, seconds: float = 150) -> Iterator[Event]:
    """Each token as it comes. ValueError: the stream was cut before its end."""
    connection = client.connect(seconds=seconds)
    try:
        connection.request("GET", target, headers={"Host": client.domain})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        done = False
        while line := answer.readline():
            came = time.time()
            done = done or line.startswith(b"event: done")
            if line.startswith(b"data:") and not done:
                said = json.loads(line.removeprefix(b"data:"))
                yield Event(said["token"], said["at"], came)
        if not done:
            raise ValueError("the stream was cut")
    finally:
        connection.close()
