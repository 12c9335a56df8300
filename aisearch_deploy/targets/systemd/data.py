"""What holds data on the server, and what copies it away."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.calendar import calendars
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD
from aisearch_deploy.targets.systemd.server import LOOPBACK, MEBIBYTE, POOLER_PORT, Server, quota, size, weight

# PgBouncer's own documentation counts 2 kB a connection; with prepared statements and buffers, more.
POOLER_BYTES_A_CLIENT = 64 * 1024


def data_files(server: Server) -> list[File]:
    """The database's bounds, the pooler and the cache, as far as they run here."""
    deployment = server.deployment
    config = deployment.config
    files = []
    if deployment.bundles_database:
        database = config.database
        files.append(
            server.file(
                "units/postgresql.conf",
                "how much PostgreSQL may use, and that it comes back",
                "systemd",
                memory=size(database.memory),
                cpu_quota=quota(database.cpu),
                cpu_weight=weight(database.cpu),
            )
        )
        files.append(
            server.file(
                "database.sh", "the role, the database and its settings", "shell", executable=True, **_setup(server)
            )
        )
    if deployment.sizes.pooler:
        files += _pooler(server)
    if deployment.bundles_cache:
        files.append(
            server.file(
                "units/cache.service",
                f"{config.cache.engine}, for answers and limits",
                "systemd",
                program=f"/usr/bin/{config.cache.engine}-server",
                port=config.cache.port,
                maxmemory=config.cache.memory,
                memory=size(deployment.sizes.cache_container),
            )
        )
    return files


def backup_files(server: Server) -> list[File]:
    """Backups, restores and the monthly drill, each with its timer."""
    values = _copies(server)
    backup = server.deployment.config.backup
    schedule = backup.schedule
    elsewhere = server.deployment.backup_place
    writable = [server.backups, *([elsewhere] if elsewhere and elsewhere.startswith("/") else [])]
    return [
        server.file("lib/backup.sh", "a backup, read back before it counts", "shell", executable=True, **values),
        server.file("lib/restore.sh", "puts a backup back", "shell", executable=True, **values),
        server.file(
            "units/backup.service",
            "the backup",
            "systemd",
            script=f"{server.scripts}/backup.sh",
            # SQLite makes its consistent copy beside the file.
            writable=[*writable, *([f"/var/lib/{server.name}"] if server.one_writer else [])],
        ),
        server.file(
            "units/backup.timer",
            f"backups: {schedule} (UTC)",
            "systemd",
            schedule=schedule,
            calendars=calendars(schedule),
        ),
        server.file(
            "units/drill.service",
            "whether the newest backup can be restored",
            "systemd",
            script=f"{server.scripts}/restore.sh",
            writable=writable,
        ),
        server.file("units/drill.timer", "the drill: on the first of each month", "systemd"),
    ]


def _setup(server: Server) -> dict[str, Any]:
    """PostgreSQL's settings by memory, as its documentation advises (a quarter shared, the rest the system's cache).

    https://www.postgresql.org/docs/current/runtime-config-resource.html
    """
    deployment = server.deployment
    database = deployment.config.database
    mebibytes = database.memory // MEBIBYTE
    return {
        "database": database.name,
        "user": database.user,
        "password_file": f"{deployment.secrets_path}/{DATABASE_PASSWORD}",
        "vectors": deployment.uses_vectors_in_database,
        "max_connections": database.max_connections,
        "shared_buffers": f"{deployment.sizes.database_shared_buffers // MEBIBYTE}MB",
        "effective_cache_size": f"{mebibytes * 3 // 4}MB",
        "maintenance_work_mem": f"{max(64, min(2047, mebibytes // 16))}MB",
        "work_mem": f"{max(4, mebibytes // 4 // database.max_connections)}MB",
    }


def _pooler(server: Server) -> list[File]:
    deployment = server.deployment
    database, sizes = deployment.config.database, deployment.sizes
    memory = 64 * MEBIBYTE + sizes.pooler_clients * POOLER_BYTES_A_CLIENT
    return [
        server.file(
            "units/pooler.service",
            "PgBouncer, between the app and the database",
            "systemd",
            script=f"{server.scripts}/pooler.sh",
            run=f"{server.name}-pooler",
            credential=f"{DATABASE_PASSWORD}:{deployment.secrets_path}/{DATABASE_PASSWORD}",
            after=["network-online.target", *(["postgresql.service"] if deployment.bundles_database else [])],
            memory=size(-(-memory // MEBIBYTE) * MEBIBYTE),
            descriptors=2 * (sizes.pooler_clients + sizes.pooler_connections) + 256,
        ),
        server.file(
            "lib/pooler.sh",
            "writes PgBouncer's settings with the password in them",
            "shell",
            executable=True,
            host=server.database_host,
            port=server.database_port,
            database=database.name,
            user=database.user,
            # On this machine there is nothing to listen in on.
            tls=database.tls,
            ca=server.database_ca if database.ca else "",
            listen_address=LOOPBACK,
            listen_port=POOLER_PORT,
            connections=sizes.pooler_connections,
            clients=sizes.pooler_clients,
            password=DATABASE_PASSWORD,
        ),
    ]


def _copies(server: Server) -> dict[str, Any]:
    deployment = server.deployment
    config = deployment.config
    backup, database = config.backup, config.database
    to = deployment.backup_place
    bucket = to if to and "://" in to else None
    return {
        "unit": server.unit("app"),
        "socket_unit": server.unit("app", "socket"),
        "pooler_unit": server.unit("pooler") if deployment.sizes.pooler else None,
        "backups": server.backups,
        "keep": backup.keep,
        "recipients": " ".join(backup.encrypt_to),
        # rclone's own name for the bucket, from BACKUP_CREDENTIALS.
        "bucket": f"backup:{bucket.partition('://')[2]}" if bucket else None,
        "credentials": f"{deployment.secrets_path}/{BACKUP_CREDENTIALS}",
        "elsewhere": to if to and not bucket else None,
        "state": f"/var/lib/{server.name}",
        "folders": " ".join(name for name in sorted(server.state_folders) if name != "models"),
        "writes_locally": server.one_writer,
        "releases": server.releases,
        "scripts": server.scripts,
        "replaced": "data" if "data" in server.state_folders else None,
        "owner": server.name,
        "database": database.name if deployment.uses_database else None,
        "bundled": deployment.bundles_database,
        "vectors": deployment.uses_vectors_in_database,
        "user": database.user,
        "host": server.database_host,
        "port": server.database_port,
        "tls": database.tls,
        "ca": server.database_ca if database.ca else "",
        "password_file": f"{deployment.secrets_path}/{DATABASE_PASSWORD}",
        "proxy": config.network.proxy.https or config.network.proxy.http or "",
        "authorities": server.authorities if config.network.ca_bundle else "",
    }
