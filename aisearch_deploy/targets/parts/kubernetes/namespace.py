"""The files that belong to no part: the namespace, the accounts, the list of images."""

from __future__ import annotations

from aisearch_deploy.model.images import images
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.edge import asks_for_certificates


def namespace(cluster: Cluster) -> File:
    """The namespace with its pod security standard."""
    values = cluster.values(pod_security_version=f"v{cluster.options.version}")
    return File("namespace.yaml", f"namespace {cluster.namespace}, Pod Security restricted", values=values)


def accounts(cluster: Cluster) -> File:
    """One ServiceAccount for each part that runs."""
    deployment = cluster.deployment
    chosen = {
        "app": True,
        "edge": True,
        "acme": asks_for_certificates(cluster),
        "database": deployment.bundles_database and not cluster.operates_database,
        "pooler": deployment.sizes.pooler,
        "cache": deployment.bundles_cache,
        "backup": True,
    }
    values = cluster.values(
        accounts=[cluster.named(part) for part, runs in chosen.items() if runs],
        pull_secrets=cluster.pull_secrets,
    )
    return File("accounts.yaml", "an account for each part, without rights", values=values)


def image_list(cluster: Cluster) -> list[File]:
    """Which image to copy where, for a cluster that reaches no registry but its own."""
    config = cluster.deployment.config
    if config.air_gapped is None:
        return []
    open_config = config.model_copy(update={"air_gapped": None})
    sources = images(open_config, cluster.default_images)
    wanted = [sources[part] for part in parts_with_images(cluster)]
    wanted += [sidecar.image for sidecar in config.app.sidecars]
    lines = [f"{source} {cluster.mirrored(source)}" for source in dict.fromkeys(wanted)]
    return [File("images.txt", "which image to copy where", content=("\n".join(lines) + "\n").encode())]


def parts_with_images(cluster: Cluster) -> list[str]:
    """The parts that run an image of their own."""
    deployment = cluster.deployment
    chosen = {
        "app": True,
        "edge": True,
        "database": deployment.uses_database,
        "pooler": deployment.sizes.pooler,
        "cache": deployment.bundles_cache,
        "certbot": asks_for_certificates(cluster),
        "rclone": deployment.config.backup.to is not None,
    }
    return [part for part, used in chosen.items() if used]
