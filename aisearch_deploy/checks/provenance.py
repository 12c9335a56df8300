"""Numbers with where they come from, for the arithmetic of a finding."""

from __future__ import annotations

from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.findings import Position
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.layers import Origin

# What nobody can know but by measuring: a preset assumes it.
MEASURED = {
    "app.memory_per_worker.rest": "resident memory of an idle worker",
    "app.memory_per_worker.per_request": "memory that one request adds",
    "app.startup": "time to the first healthy answer",
    "app.longest_request": "the longest request",
    "app.token_gap": "the longest silence inside a stream",
    "load.peak_requests": "requests at the peak",
    "load.streams": "open streams at the peak",
}


def where(deployment: Deployment, path: str) -> str:
    """Where the value at a path comes from: `aisearch.yaml:12`, `preset medium, assumed`, `formula`."""
    source = deployment.source(tuple(parts_of(path)))
    if source.origin is Origin.FORMULA:
        return "computed"
    if source.position is not None:
        return f"{source.position.file.rpartition('/')[2]}:{source.position.line}"
    known = {Origin.DEFAULT: "default"}.get(source.origin, f"{source.origin} {source.detail}".strip())
    return f"{known}, assumed" if path in MEASURED else known


def said(deployment: Deployment, **values: str) -> str:
    """`workers 4 (aisearch.yaml:12), pool 20 (preset medium)`: each name with its value and the source of its path.

    A value is given as `text @ path`.
    """
    parts = []
    for name, value in values.items():
        text, _, path = value.partition(" @ ")
        parts.append(f"{name.replace('_', ' ')} {text} ({where(deployment, path)})")
    return ", ".join(parts)


def position(deployment: Deployment, path: str) -> Position | None:
    """The place in the person's file that a finding about `path` points at: the nearest one that is written."""
    from aisearch_deploy.model.places import written_place

    return written_place(deployment.document, deployment.merged, tuple(parts_of(path)))[1]
