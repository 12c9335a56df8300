"""PgBouncer between the app and the database, where the app's pools ask for more than the database accepts."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import DATABASE_CA_PATH
from aisearch_deploy.targets.parts.kubernetes.cluster import POOLER_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    authorities_volume,
    empty,
    pod_values,
    scripts_volume,
    secrets_volume,
)
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

REPLICAS = 2


def pooler(cluster: Cluster) -> Part:
    """Two PgBouncers, each with half of the database's connections."""
    sizes, asked = cluster.deployment.sizes, cluster.deployment.config.database
    if not sizes.pooler:
        return Part()
    tls = asked.tls != "disable"
    mounts = [
        (empty("tmp", 2**24), {"name": "tmp", "mountPath": "/tmp"}),  # noqa: S108
        (
            scripts_volume("scripts", cluster.named("pooler")),
            {"name": "scripts", "mountPath": "/scripts", "readOnly": True},
        ),
        (
            secrets_volume(cluster, "password", [DATABASE_PASSWORD]),
            {"name": "password", "mountPath": "/run/secrets", "readOnly": True},
        ),
        *authorities_volume(cluster, database_only=True),
    ]
    if tls:
        mounts.append((empty("tls", 2**20, memory=True), {"name": "tls", "mountPath": "/tls", "readOnly": True}))
    values = cluster.values(
        **pod_values(cluster, "pooler", replicas=REPLICAS),
        pooler=cluster.named("pooler"),
        image=cluster.images["pooler"],
        database_image=cluster.images["database"],
        replicas=REPLICAS,
        history=cluster.options.history,
        pre_stop=sizes.pre_stop,
        port=POOLER_PORT,
        tls=tls,
        mounts=[mount for _, mount in mounts],
        volumes=[volume for volume, _ in mounts],
        database_name=asked.name,
        user=asked.user,
        server_host=cluster.database_host,
        server_port=cluster.database_port,
        server_tls=asked.tls,
        server_ca=DATABASE_CA_PATH if asked.ca else "",
        client_tls="require" if tls else "disable",
        server_connections=max(1, sizes.pooler_connections // REPLICAS),
        # All of them, should the other replica be gone.
        clients=sizes.pooler_clients,
    )
    script = File("pooler/start.sh", "writes PgBouncer's configuration and starts it", "shell", values, executable=True)
    about = f"PgBouncer: {sizes.pooler_clients} connections become {sizes.pooler_connections}"
    return Part(
        (
            File("pooler/deployment.yaml", about, values=values),
            File("pooler/service.yaml", "PgBouncer by name", values=values),
            File("pooler/disruption.yaml", "one PgBouncer at a time when nodes are drained", values=values),
        ),
        (script,),
        (ConfigMap(cluster.named("pooler"), "pooler", files=(script.path,)),),
    )
