"""Answers that stream have a path on which the edge lets them.

What it does: warns where load counts streams and app.streaming_paths names no path.

Why it matters: on every other path nginx gathers the answer before it passes it on, so tokens arrive in lumps or all
at once, and a silence is waited for like any request. And memory, sockets and instances are sized for streams that
nobody sees.

Example: app: {streaming_paths: []} with load: {streams: 100}.

Fix: name the paths, or say that nothing streams.

References: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering and
https://github.com/ggml-org/llama.cpp/pull/20872
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID308"
SLUG = "streams-without-a-path"
SEVERITY = Severity.WARNING
# A function's answers all stream.
TARGETS = frozenset({"compose", "k8s", "helm", "systemd", "ecs", "cloudrun", "aci"})
READS = ("load.streams", "app.streaming_paths")


def check(deployment: Deployment) -> Iterator[Finding]:
    """No streams, or a path for them."""
    streams = deployment.config.load.streams
    if streams == 0 or deployment.config.app.streaming_paths:
        return
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "app.streaming_paths",
        f"{streams:,} answers stream at once, and nginx gathers each before it passes it on.",
        proof=(Proof("from", said(deployment, streams=f"{streams} @ load.streams")),),
        changes=(Change("load.streams", 0),),
        fix="Or name the paths that stream, such as app.streaming_paths: [/chat/stream].",
    )
