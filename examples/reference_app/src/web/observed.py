"""Around every request: its id, its line in the log, its place in the metrics. Plain ASGI: streams stay streams."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src import metrics
from src.logs import request_id

log = logging.getLogger("access")


class Observed:
    """Takes X-Request-ID from the edge, or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        known = Headers(scope=scope).get("x-request-id", "")
        request_id.set(known if re.fullmatch(r"[\w.-]{1,128}", known, re.ASCII) else uuid.uuid4().hex)
        status, first_byte = 500, None

        async def observe(message: Message) -> None:
            nonlocal status, first_byte
            if message["type"] == "http.response.start":
                status, first_byte = message["status"], time.monotonic() - began
                MutableHeaders(scope=message)["X-Request-ID"] = request_id.get()
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            seconds = time.monotonic() - began
            # The route's pattern, not the path: a path for each document would be a time series for each.
            route = getattr(scope.get("route"), "path", "other")
            metrics.requests.labels(scope["method"], route, status).inc()
            metrics.latency.labels(scope["method"], route).observe(seconds if first_byte is None else first_byte)
            _log(scope, status, seconds)


def _log(scope: Scope, status: int, seconds: float) -> None:
    client = scope.get("client")
    fields = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "seconds": round(seconds, 4),
        "client": client[0] if client else "",
        "caller": scope.get("state", {}).get("caller", ""),
    }
    log.info("%s %s %s", scope["method"], scope["path"], status, extra={"fields": fields})
