"""What no Compose file can carry."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.model.deployment import Deployment

PATCHES = "patches/compose/"
# Compose merges a file of this name over compose.yaml by itself.
OVERRIDE = PATCHES + "compose.override.yaml"
OURS = frozenset({"app", "cache", "certbot", "client", "db", "edge", "migrate", "pooler", "prepare", "rclone"})


def refuses(deployment: Deployment) -> str | None:
    """The first reason, or None."""
    return next(_reasons(deployment), None)


def _reasons(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    for path in deployment.inputs:
        if path.startswith(PATCHES) and path != OVERRIDE:
            yield f"{path}: Compose has one place for additions. Put them into {OVERRIDE}."
    for volume in config.app.volumes:
        if volume.host_path is None:
            yield f"app.volumes: {volume.name} has no host_path, and a server knows no claims. Add host_path: /srv/..."
    for sidecar in config.app.sidecars:
        if sidecar.name in OURS:
            yield f"app.sidecars: {sidecar.name} is the name of a service of ours. Choose another."
    if deployment.bundles_database and config.database.ca and config.database.tls != "disable":
        yield (
            "database.ca: the bundled database makes its own certificate, which no authority has signed. "
            "Remove ca and write tls: require."
        )
    if not deployment.shared_state and deployment.sizes.replicas > 1:
        # The rule AID201 says the same; a render with --ignore-errors may not make two writers either.
        yield "scaling.min: state on local disk has one writer. Write scaling: {min: 1, max: 1}."
