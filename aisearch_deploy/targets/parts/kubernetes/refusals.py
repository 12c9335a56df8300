"""What this target cannot carry at all, in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.secrets import EXTERNAL

# Roles and databases that a PostgreSQL server has from the start.
SERVERS_OWN = frozenset({"postgres", "template0", "template1"})

# Our own beginning (`volume-`, `tmp-`) stands before it, and a name in a pod has at most 63 characters.
LONGEST_NAME = 56
TAKEN = frozenset({"app", "secrets", "authorities"})


def refusal(cluster: Cluster) -> str | None:
    """The first reason, or None."""
    return next(_reasons(cluster), None)


def _reasons(cluster: Cluster) -> Iterator[str]:
    deployment = cluster.deployment
    config = deployment.config
    if config.secrets.store in EXTERNAL and config.secrets.existing is None and not cluster.has("external-secrets"):
        yield (
            f"secrets.store {config.secrets.store} needs External Secrets in the cluster. "
            "Add external-secrets to targets.k8s.has, or write secrets: {store: files}."
        )
    if config.backup.to is not None and config.backup.to.startswith("/"):
        yield (
            f"backup.to {config.backup.to} is a folder on a server, which a cluster does not have. "
            "Write s3://bucket or gs://bucket; copies stay on a volume of the cluster too."
        )
    if cluster.options.expose == "gateway" and cluster.options.gateway and cluster.options.service_annotations:
        yield (
            "targets.k8s.service_annotations are about a load balancer; an existing Gateway has its own. Remove them."
        )
    if deployment.bundles_database and config.database.tls == "verify-full":
        yield (
            "database.tls verify-full cannot be kept by the bundled database, whose certificate is made at start. "
            "Write require, or mode: external."
        )
    for number, volume in enumerate(config.app.volumes):
        if len(volume.name) > LONGEST_NAME:
            yield f"app.volumes[{number}].name has more than {LONGEST_NAME} characters. Write a shorter one: corpus."
    for number, sidecar in enumerate(config.app.sidecars):
        if len(sidecar.name) > LONGEST_NAME or sidecar.name in TAKEN:
            yield (
                f"app.sidecars[{number}].name {sidecar.name} is taken, or has more than {LONGEST_NAME} characters. "
                "Write another one: otel."
            )
    for key, value in (("user", config.database.user), ("name", config.database.name)):
        if deployment.bundles_database and value in SERVERS_OWN:
            yield f"database.{key} {value} is the server's own. Write {key}: aisearch."
