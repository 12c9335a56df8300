"""How the values of secrets reach the cluster. None of them is ever rendered."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import Part

EXTERNAL = frozenset({"external-secrets", "aws", "gcp", "azure"})


def secrets(cluster: Cluster) -> Part:
    """An ExternalSecret, or the script that makes the Secret; nothing when it is there already or none is needed."""
    wanted = cluster.deployment.config.secrets
    if wanted.existing is not None or not cluster.stored_secrets:
        return Part()
    if wanted.store in EXTERNAL:
        return Part((_external(cluster),))
    values = cluster.values(
        secret=cluster.named("secrets"),
        store=wanted.store,
        names=" ".join(secret.name for secret in cluster.stored_secrets),
        environment=cluster.deployment.environment or "",
        folder=cluster.deployment.secrets_path,
    )
    about = {
        "files": "puts the secrets' files into the cluster",
        "sops": "decrypts the secrets with SOPS and puts them into the cluster",
        "sealed-secrets": "seals the secrets for the cluster",
    }[wanted.store]
    return Part(others=(File("secrets.sh", about, "shell", values, executable=True),))


def _external(cluster: Cluster) -> File:
    wanted = cluster.deployment.config.secrets
    values = cluster.values(
        secret=cluster.named("secrets"),
        external_store=wanted.external_store,
        entries=[
            {"secretKey": secret.name, "remoteRef": remote_reference(cluster, secret.name)}
            for secret in cluster.stored_secrets
        ],
    )
    return File("secrets/external-secret.yaml", f"fetches the secrets from {wanted.external_store}", values=values)


def remote_reference(cluster: Cluster, name: str) -> dict[str, str]:
    """Where a secret is in the store: a property of one entry (Vault and others), or an entry of its own (the clouds).

    Google takes letters, digits, dashes and underscores in a name, Azure not even underscores.
    """
    parts = [cluster.deployment.name, *([cluster.deployment.environment] if cluster.deployment.environment else [])]
    match cluster.deployment.config.secrets.store:
        case "aws":
            return {"key": "/".join([*parts, name])}
        case "gcp":
            return {"key": "-".join([*parts, name])}
        case "azure":
            return {"key": "-".join([*parts, name]).replace("_", "-")}
        case _:
            return {"key": "/".join(parts), "property": name}
