"""Prometheus metrics that are right with several workers: each keeps its numbers in files, and any of them adds all up.

The folder has to be chosen before the first metric is made, so prometheus_client is imported here alone.
https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path

# uvicorn starts its workers as children of one process; alone, it is the process itself.
_parent = multiprocessing.parent_process()
if _parent is not None:
    folder = Path(tempfile.gettempdir()) / f"metrics-{_parent.pid}"
    folder.mkdir(exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram  # noqa: E402
from prometheus_client import generate_latest as _text  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

CONTENT_TYPE = CONTENT_TYPE_LATEST

requests = Counter("requests", "Requests that were answered.", ["method", "path", "status"])  # requests_total
latency = Histogram(
    "request_latency_seconds",
    "From a request's arrival to the first byte of its answer; how long a stream then lasts does not count.",
    ["method", "path"],
)


def exposition() -> bytes:
    """What /metrics answers: the numbers of all workers together."""
    if _parent is None:
        return _text(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return _text(registry)
