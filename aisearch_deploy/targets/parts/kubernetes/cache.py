"""Valkey or Redis in the cluster."""

from __future__ import annotations

from aisearch_deploy.formats.quantities import binary_bytes
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import Part
from aisearch_deploy.targets.parts.kubernetes.pods import empty, pod_values


def cache(cluster: Cluster) -> Part:
    """The bundled cache; nothing where it is managed or external, or where the app has none."""
    if not cluster.deployment.bundles_cache:
        return Part()
    asked = cluster.deployment.config.cache
    values = cluster.values(
        **pod_values(cluster, "cache"),
        cache=cluster.named("cache"),
        image=cluster.images["cache"],
        history=cluster.options.history,
        port=asked.port,
        command=[
            f"{asked.engine}-server",
            "--port",
            str(asked.port),
            "--maxmemory",
            str(asked.memory),
            # The least recently used goes first: everything in it can be computed again.
            "--maxmemory-policy",
            "allkeys-lru",
            "--save",
            "",
            "--appendonly",
            "no",
            # It has no password: the network policy lets in nobody but the app.
            "--protected-mode",
            "no",
        ],
        ping=[f"{asked.engine}-cli", "-p", str(asked.port), "ping"],
        memory=binary_bytes(cluster.deployment.sizes.cache_container),
        volumes=[empty("work", 2**26)],
    )
    about = f"{asked.engine}, {binary_bytes(asked.memory)} for entries, the least recently used goes first"
    return Part(
        (
            File("cache/deployment.yaml", about, values=values),
            File("cache/service.yaml", "the cache by name", values=values),
        )
    )
