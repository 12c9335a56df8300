"""PostgreSQL in the cluster: a StatefulSet on any cluster, a Cluster of CloudNativePG where there is one."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.quantities import binary_bytes, kubernetes_cpu
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    RUNNABLE,
    empty,
    entry,
    pod_values,
    secrets_volume,
    selector,
)
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

# CloudNativePG's own recommendation: a primary and two standbys survive one failure with one to spare.
INSTANCES = 3
TEMPORARY = 2**30
SHARED_MEMORY = 2**28


def database(cluster: Cluster) -> Part:
    """The bundled database; nothing where it is managed or external, or where the app keeps SQLite."""
    if not cluster.deployment.bundles_database:
        return Part()
    values = _values(cluster)
    if cluster.operates_database:
        about = (
            f"PostgreSQL {cluster.deployment.config.database.version}, {values['instances']} servers (CloudNativePG)"
        )
        return Part((File("database/cluster.yaml", about, values=values),))
    role = File("database/role.sh", "the app's role, database and extensions", "shell", values, executable=True)
    access = File("database/pg_hba.conf", "who may connect, and how", "ignore", values)
    return Part(
        (
            File(
                "database/statefulset.yaml", f"PostgreSQL {cluster.deployment.config.database.version}", values=values
            ),
            File("database/service.yaml", "PostgreSQL by name", values=values),
        ),
        (role, access),
        (ConfigMap(cluster.named("database"), "database", files=(role.path, access.path)),),
    )


def instances(cluster: Cluster) -> int:
    """How many servers CloudNativePG runs."""
    return INSTANCES if cluster.deployment.sizes.max_replicas > 1 else 1


def storage(cluster: Cluster) -> int:
    """Bytes of disk: rows, and vectors when they live with them."""
    config = cluster.deployment.config
    vectors = config.vector_store.storage if cluster.deployment.uses_vectors_in_database else 0
    return config.database.storage + vectors


def _values(cluster: Cluster) -> dict[str, Any]:
    deployment = cluster.deployment
    asked = deployment.config.database
    scheduling = deployment.config.scheduling
    several = deployment.sizes.max_replicas > 1
    parameters = _parameters(cluster)
    tls = asked.tls != "disable"
    mount, data = data_folders(asked.version)
    configuration = {"name": "configuration", "configMap": {"name": cluster.named("database"), "defaultMode": RUNNABLE}}
    pod = pod_values(cluster, "database")
    return cluster.values(
        **pod,
        database=cluster.named("database"),
        image=cluster.images["database"],
        history=cluster.options.history,
        pull_secrets=cluster.pull_secrets,
        tls=tls,
        arguments=_arguments(parameters, tls),
        parameters=parameters,
        port=cluster.database_port,
        port_text=str(cluster.database_port),
        user=asked.user,
        database_name=asked.name,
        vectors="true" if deployment.uses_vectors_in_database else "false",
        mount_path=mount,
        data_folder=data,
        cpu=kubernetes_cpu(asked.cpu),
        memory=binary_bytes(asked.memory),
        storage=binary_bytes(storage(cluster)),
        storage_class=entry("storageClass" if cluster.operates_database else "storageClassName", asked.storage_class),
        volumes=[
            secrets_volume(cluster, "password", [DATABASE_PASSWORD]),
            configuration,
            empty("run", 2**20),
            empty("tmp", TEMPORARY),
            empty("shared-memory", SHARED_MEMORY, memory=True),
            *([empty("tls", 2**20, memory=True)] if tls else []),
        ],
        instances=instances(cluster),
        several=several,
        inherited_labels={**deployment.config.labels, **selector(cluster, "database")},
        affinity=entry(
            "affinity",
            {key: pod["scheduling"][key] for key in ("nodeSelector", "tolerations") if key in pod["scheduling"]},
        ),
        spread_constraints=_spread(cluster) if scheduling.zones == "spread" and several else [],
        priority_class=entry("priorityClassName", scheduling.priority_class),
        monitored=deployment.config.monitoring.metrics and cluster.has("prometheus-operator"),
    )


def _parameters(cluster: Cluster) -> dict[str, str]:
    """By memory as PostgreSQL's manual advises: a quarter shared, and the system's cache counts for the planner.

    https://www.postgresql.org/docs/current/runtime-config-resource.html
    """
    asked = cluster.deployment.config.database
    mebibytes = asked.memory // 2**20
    return {
        "max_connections": str(asked.max_connections),
        "shared_buffers": f"{cluster.deployment.sizes.database_shared_buffers // 2**20}MB",
        "effective_cache_size": f"{mebibytes * 3 // 4}MB",
        "maintenance_work_mem": f"{min(2047, max(64, mebibytes // 16))}MB",
        # What took over a second is in the log: RUNBOOK.md, "Slow answers".
        "log_min_duration_statement": "1000",
    }


def data_folders(version: int) -> tuple[str, str]:
    """Where the disk is mounted and where in it the data is: https://hub.docker.com/_/postgres, PGDATA."""
    if version >= 18:
        return "/var/lib/postgresql", f"/var/lib/postgresql/{version}/docker"
    # A folder below: a fresh disk may hold a lost+found, which initdb refuses.
    return "/var/lib/postgresql/data", "/var/lib/postgresql/data/pgdata"


def _arguments(parameters: dict[str, str], tls: bool) -> list[str]:
    settings = {"hba_file": "/etc/postgresql/pg_hba.conf", **parameters}
    if tls:
        settings |= {"ssl": "on", "ssl_cert_file": "/tls/server.crt", "ssl_key_file": "/tls/server.key"}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _spread(cluster: Cluster) -> list[dict[str, Any]]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"cnpg.io/cluster": cluster.named("database")}},
        }
    ]
