"""The API outside that answers are made with. Here it is asked, and what it says is shown."""

from __future__ import annotations

import time
from typing import NamedTuple

import aiohttp

TIMEOUT = 20.0  # seconds; below the edge's own


class Unreachable(Exception):
    """The API did not answer."""


class Said(NamedTuple):
    """What the API said, and how long it took in seconds."""

    status: int
    body: str
    seconds: float


class Upstream:
    """One API. Proxies (HTTPS_PROXY, NO_PROXY) and authorities (SSL_CERT_FILE) come from the environment."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._session = aiohttp.ClientSession(
            headers=headers, timeout=aiohttp.ClientTimeout(total=TIMEOUT), trust_env=True
        )

    async def ask(self) -> Said:
        """Ask it. Unreachable: why not."""
        began = time.monotonic()
        try:
            async with self._session.get(self._url) as answer:
                body = await answer.text(errors="replace")
                return Said(answer.status, body[:1000], round(time.monotonic() - began, 3))
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close its connections."""
        await self._session.close()
