"""Copies of what people would miss: rows, vectors and uploads; and the way back."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.calendar import in_words
from aisearch_deploy.formats.quantities import binary_bytes, duration
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import DATABASE_CA_PATH
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    Object,
    authorities_volume,
    claim,
    empty,
    entry,
    pod_values,
    proxy_variables,
    scripts_volume,
    secrets_volume,
    selector,
)
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD

BUCKET_FOLDER = "/run/bucket"

# What each of the two containers sees of the other's secrets and disks: nothing.
NOT_FOR_RCLONE = frozenset({"password", "state"})
NOT_FOR_BACKUP = frozenset({"bucket"})


def backup(cluster: Cluster) -> Part:
    """The CronJob with its disk and scripts, and the Job that restores, which is applied by hand alone."""
    wanted = cluster.deployment.config.backup
    values = _values(cluster)
    copies, returns = [_script(cluster, "backup", values)], [_script(cluster, "restore", values)]
    if wanted.to:
        copies.append(File("backup/upload.sh", "copies the backups into the bucket", "shell", values, executable=True))
        returns.append(File("restore/fetch.sh", "gets a backup from the bucket", "shell", values, executable=True))
    about = f"copies everything {in_words(wanted.schedule)}, kept for {duration(wanted.keep)}"
    return Part(
        (
            File("backup/cronjob.yaml", about, values=values),
            File("backup/volume.yaml", "disk for the copies", values=values),
        ),
        (
            *copies,
            File("restore/kustomization.yaml", "lists the backups; restores the one that you name", values=values),
            File("restore/job.yaml", "restores a backup when it is applied by hand", values=values),
            *returns,
        ),
        (ConfigMap(cluster.named("backup"), "backup", files=tuple(file.path for file in copies)),),
    )


def _script(cluster: Cluster, what: str, values: dict[str, Any]) -> File:
    about = {"backup": "makes one backup and reads it again", "restore": "restores one backup"}[what]
    return File(f"{what}/{_kind(cluster)}.sh", about, "shell", values, executable=True)


def _kind(cluster: Cluster) -> str:
    return "database" if cluster.deployment.uses_database else "local-state"


def _values(cluster: Cluster) -> dict[str, Any]:
    deployment = cluster.deployment
    wanted = deployment.config.backup
    place = (deployment.backup_place or "").partition("://")[2]
    script = f"{_kind(cluster)}.sh"
    return cluster.values(
        **pod_values(cluster, "backup"),
        backup=cluster.named("backup"),
        restore=cluster.named("restore"),
        user=deployment.config.contract.user,
        # Nothing: the job lists what there is.
        backup_name="",
        kept=False,
        schedule=wanted.schedule,
        keep_minutes=wanted.keep // 60,
        keep_seconds=f"{wanted.keep}s",
        size=binary_bytes(wanted.storage),
        storage_class=entry("storageClassName", deployment.config.database.storage_class),
        image=cluster.images["database" if deployment.uses_database else "app"],
        rclone=cluster.images["rclone"],
        # The name that the credentials give the bucket in rclone's configuration.
        remote=f"backup:{place}" if wanted.to else None,
        script=f"/scripts/{script}",
        restore_files=[script, *(["fetch.sh"] if wanted.to else [])],
        variables=_database_variables(cluster),
        remote_variables=[
            {"name": "RCLONE_CONFIG", "value": f"{BUCKET_FOLDER}/{BACKUP_CREDENTIALS}"},
            *proxy_variables(cluster),
        ],
        # What has one writer is attached to one node: the backup has to run there.
        affinity=_beside_the_app(cluster) if cluster.one_writer else None,
        mounts=_mounts(cluster, NOT_FOR_BACKUP, read_only=True),
        restore_mounts=_mounts(cluster, NOT_FOR_BACKUP, read_only=False),
        remote_mounts=_mounts(cluster, NOT_FOR_RCLONE, read_only=True),
        fetch_mounts=_mounts(cluster, NOT_FOR_RCLONE, read_only=False),
        volumes=_volumes(cluster, "backup"),
        restore_volumes=_volumes(cluster, "restore"),
        uploads_stay_here=wanted.to is None,
    )


def _mounts(cluster: Cluster, hidden: frozenset[str], *, read_only: bool) -> list[Object]:
    scripts = {"name": "scripts", "mountPath": "/scripts", "readOnly": True}
    mounts = [scripts, *(mount for _, mount in _folders(cluster, read_only=read_only))]
    return [mount for mount in mounts if mount["name"] not in hidden]


def _volumes(cluster: Cluster, scripts: str) -> list[Object]:
    """What the pod has, with the scripts from the ConfigMap of that part."""
    return [volume for volume, _ in _folders(cluster, read_only=False)] + [
        scripts_volume("scripts", cluster.named(scripts))
    ]


def _folders(cluster: Cluster, *, read_only: bool) -> list[tuple[Object, Object]]:
    """Disks and secrets with where they are seen; `read_only` holds for what people uploaded."""
    deployment = cluster.deployment
    fixed: Object = {"readOnly": True}
    found: list[tuple[Object, Object]] = [
        (claim("backups", cluster.named("backup")), {"name": "backups", "mountPath": "/backups"}),
        (
            claim("uploads", cluster.named("uploads")),
            {"name": "uploads", "mountPath": "/uploads", **(fixed if read_only else {})},
        ),
        (empty("tmp", 2**30), {"name": "tmp", "mountPath": "/tmp"}),  # noqa: S108
        *authorities_volume(cluster),
    ]
    if deployment.uses_database:
        password = secrets_volume(cluster, "password", [DATABASE_PASSWORD])
        found.append((password, {"name": "password", "mountPath": "/run/secrets", **fixed}))
    if deployment.config.backup.to:
        bucket = secrets_volume(cluster, "bucket", [BACKUP_CREDENTIALS])
        found.append((bucket, {"name": "bucket", "mountPath": BUCKET_FOLDER, **fixed}))
    if not deployment.shared_state:
        # Written to even by readers: SQLite keeps its locks in a file beside the database.
        found.append((claim("state", cluster.named("data")), {"name": "state", "mountPath": "/state"}))
    return found


def _database_variables(cluster: Cluster) -> list[Object]:
    """libpq's own, past the pooler: pg_dump needs one session from beginning to end."""
    if not cluster.deployment.uses_database:
        return []
    asked = cluster.deployment.config.database
    settings = {
        "PGHOST": cluster.database_host,
        "PGPORT": str(cluster.database_port),
        "PGDATABASE": asked.name,
        "PGUSER": asked.user,
        "PGSSLMODE": asked.tls,
    }
    if asked.ca:
        settings["PGSSLROOTCERT"] = DATABASE_CA_PATH
    return [{"name": name, "value": value} for name, value in settings.items()]


def _beside_the_app(cluster: Cluster) -> Object:
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": selector(cluster, "app")},
    }
    return {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
