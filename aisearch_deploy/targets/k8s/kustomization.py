"""The file that holds all the others together, and the ones that belong to no part."""

from __future__ import annotations

from pathlib import PurePosixPath

from aisearch_deploy.model.images import images
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.k8s.cluster import Cluster
from aisearch_deploy.targets.k8s.edge import asks_for_certificates
from aisearch_deploy.targets.k8s.part import Part

PATCHES = PurePosixPath("patches/k8s")


def kustomization(cluster: Cluster, parts: list[Part]) -> File:
    """Everything that `kubectl apply -k .` sends, in the order of the parts."""
    patches = [file.path for file in patched(cluster)]
    component = "patches/kustomization.yaml" in patches
    values = cluster.values(
        labels=dict(cluster.deployment.config.labels),
        resources=[file.path for part in parts for file in part.resources],
        config_maps=[config_map for part in parts for config_map in part.config_maps],
        patches=[] if component else [path for path in patches if path.endswith((".yaml", ".yml"))],
        components=["patches"] if component else [],
    )
    return File("kustomization.yaml", "everything below, in one: kubectl apply -k .", values=values)


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
        pull_secret=cluster.deployment.config.image.pull_secret,
    )
    return File("accounts.yaml", "an account for each part, without rights", values=values)


def patched(cluster: Cluster) -> list[File]:
    """The person's own patches from beside the config, copied; with a kustomization.yaml they are a component."""
    return [
        File(f"patches/{PurePosixPath(name).relative_to(PATCHES)}", "your patch, applied last", content=content)
        for name, content in sorted(cluster.deployment.inputs.items())
        if PurePosixPath(name).is_relative_to(PATCHES)
    ]


def image_list(cluster: Cluster) -> list[File]:
    """Which image to copy where, for a cluster that reaches no registry but its own."""
    config = cluster.deployment.config
    if config.air_gapped is None:
        return []
    open_config = config.model_copy(update={"air_gapped": None})
    sources = images(open_config, cluster.default_images)
    wanted = [sources[part] for part in _parts_with_images(cluster)]
    wanted += [sidecar.image for sidecar in config.app.sidecars]
    lines = [f"{source} {cluster.mirrored(source)}" for source in dict.fromkeys(wanted)]
    return [File("images.txt", "which image to copy where", content=("\n".join(lines) + "\n").encode())]


def _parts_with_images(cluster: Cluster) -> list[str]:
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
