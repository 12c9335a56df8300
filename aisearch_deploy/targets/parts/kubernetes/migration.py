"""The migration of the database: once for each version of the app, before that version takes traffic."""

from __future__ import annotations

import hashlib
import json

from aisearch_deploy.formats.escapes import kubernetes_dollar
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import environment
from aisearch_deploy.targets.parts.kubernetes import app_secrets
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import Part
from aisearch_deploy.targets.parts.kubernetes.pods import app_authorities, app_authorities_container, empty, pod_values


def migration(cluster: Cluster) -> Part:
    """The Job, where the app has a command for it."""
    if not cluster.deployment.config.app.migrate:
        return Part()
    values = _values(cluster)
    file = File(
        "app/migration.yaml",
        "migrates the database before a new version",
        # In a chart the Job runs before the others are changed; kustomize knows no such order.
        values={**values, "job": migration_name(cluster), "hook": {}},
    )
    return Part(resources=(file,))


def migration_name(cluster: Cluster) -> str:
    """A name that changes with whatever the Job consists of: a Job that exists cannot be changed."""
    deployment = cluster.deployment
    settings = app_secrets.without_secrets(
        cluster, environment(deployment, cluster.named("cache"), cluster.options.env)
    )
    patches = {name: hashlib.sha256(content).hexdigest() for name, content in deployment.inputs.items()}
    own = {key: value for key, value in _values(cluster).items() if not key.endswith("labels")}
    content = json.dumps([own, settings, dict(deployment.config.labels), patches], sort_keys=True)
    return cluster.named(f"migrate-{hashlib.sha256(content.encode()).hexdigest()[:8]}")


def _values(cluster: Cluster) -> dict[str, object]:
    deployment = cluster.deployment
    config = deployment.config
    temporary = (empty("tmp", 2**30), {"name": "tmp", "mountPath": "/tmp"})  # noqa: S108
    mounts = [temporary, *app_authorities(cluster), *app_secrets.mounts(cluster)]
    return cluster.values(
        **pod_values(cluster, "migration"),
        app=cluster.named("app"),
        image=cluster.images["app"],
        user=config.contract.user,
        command=[kubernetes_dollar(word) for word in config.app.migrate],
        variables=app_secrets.variables(cluster, pooled=False),
        database=deployment.uses_database,
        database_image=cluster.images["database"],
        database_host=cluster.database_host,
        database_port=str(cluster.database_port),
        first_containers=[*app_authorities_container(cluster), *app_secrets.first_containers(cluster, pooled=False)],
        mounts=[mount for _, mount in mounts if mount],
        volumes=[volume for volume, _ in mounts],
    )
