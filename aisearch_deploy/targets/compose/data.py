"""The containers that hold data, and those that only sometimes run to look after it."""

from __future__ import annotations

from math import ceil
from typing import Any

from aisearch_deploy.formats.quantities import cores, letter_bytes
from aisearch_deploy.targets.compose.app import authority_mounts, file_mount, volume_mount
from aisearch_deploy.targets.compose.project import (
    CACHE_USER,
    DATABASE_PORT,
    DATABASE_USER,
    POOLER_PORT,
    POOLER_USER,
    Bounds,
    Project,
    shares,
)
from aisearch_deploy.targets.parts.app import CA_PATH, DATABASE_CA_PATH
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD

MEBIBYTE = 2**20
# A connection of PostgreSQL is a process; its own background ones come on top.
DATABASE_PROCESSES = 64
ONCE = Bounds("1", "512m", 64, restart="no")
# PgBouncer's own documentation counts 2 kB a connection; with TLS, prepared statements and buffers, more.
POOLER_BYTES_A_CLIENT = 64 * 1024


def database_values(project: Project) -> dict[str, Any]:
    """The bundled PostgreSQL."""
    deployment = project.deployment
    database = deployment.config.database
    folder, pgdata = database_folders(database.version)
    return {
        "image": deployment.images["database"],
        "user": DATABASE_USER,
        "command": ["postgres", *(f"--{name}={value}" for name, value in _settings(project).items())],
        "name": database.name,
        "login": database.user,
        "password": DATABASE_PASSWORD,
        "password_file": f"/run/secrets/{DATABASE_PASSWORD}",
        "mounts": [
            volume_mount("database", folder),
            *([volume_mount("database-tls", "/tls", read_only=True)] if database.tls != "disable" else []),
            *([file_mount("./db/init", "/docker-entrypoint-initdb.d")] if deployment.uses_vectors_in_database else []),
        ],
        "pgdata": pgdata,
        "shared_memory": letter_bytes(database.memory // 4 // MEBIBYTE * MEBIBYTE),
        # Over TCP: while the first start still sets things up, the server listens on its socket only.
        "health": _accepts_connections(project, DATABASE_PORT),
        "bounds": Bounds(
            cores(database.cpu),
            letter_bytes(database.memory),
            database.max_connections + DATABASE_PROCESSES,
            reserved=letter_bytes(database.memory // 2 // MEBIBYTE * MEBIBYTE),
            cpu_shares=shares(database.cpu),
        ),
    }


def database_folders(version: int) -> tuple[str, str]:
    """Where the volume is mounted and where the data is in it; both moved with PostgreSQL 18.

    https://github.com/docker-library/postgres/pull/1259
    """
    if version >= 18:
        return "/var/lib/postgresql", f"/var/lib/postgresql/{version}/docker"
    return "/var/lib/postgresql/data", "/var/lib/postgresql/data"


def client_values(project: Project) -> dict[str, Any]:
    """PostgreSQL's own programs, for backups, restores and a person at psql. Never through the pooler."""
    database = project.deployment.config.database
    variables = {
        "PGHOST": project.database_host,
        "PGPORT": str(project.database_port),
        "PGUSER": database.user,
        "PGDATABASE": database.name,
        "PGSSLMODE": database.tls,
    }
    if database.ca or database.tls == "verify-full":
        variables["PGSSLROOTCERT"] = DATABASE_CA_PATH if database.ca else "system"
    return {
        "image": project.deployment.images["database"],
        "user": DATABASE_USER,
        "environment": variables,
        "password": DATABASE_PASSWORD,
        "mounts": [
            file_mount("./db/client.sh", "/etc/aisearch/client.sh"),
            *(mount for mount in authority_mounts(project) if mount["target"] == DATABASE_CA_PATH),
        ],
        "bounds": ONCE,
    }


def pooler_values(project: Project) -> dict[str, Any]:
    """PgBouncer, between the app and the database."""
    sizes = project.deployment.sizes
    encrypted = project.deployment.config.database.tls != "disable"
    memory = ceil((64 * MEBIBYTE + sizes.pooler_clients * POOLER_BYTES_A_CLIENT) / MEBIBYTE)
    return {
        "image": project.deployment.images["pooler"],
        "user": POOLER_USER,
        "tls": encrypted,
        "password": DATABASE_PASSWORD,
        "mounts": [
            file_mount("./pooler/start.sh", "/etc/aisearch/start.sh"),
            *([volume_mount("pooler-tls", "/tls", read_only=True)] if encrypted else []),
            *(mount for mount in authority_mounts(project) if mount["target"] == DATABASE_CA_PATH),
        ],
        "health": _accepts_connections(project, POOLER_PORT),
        "descriptors": 2 * (sizes.pooler_clients + sizes.pooler_connections) + 256,
        "bounds": Bounds("1", f"{memory}m", 16),
    }


def cache_values(project: Project) -> dict[str, Any]:
    """The bundled cache. Its memory is a ceiling inside the container's, never the same number."""
    deployment = project.deployment
    engine = deployment.config.cache.engine
    return {
        "image": deployment.images["cache"],
        "user": CACHE_USER,
        "command": [
            f"{engine}-server",
            "--maxmemory",
            str(deployment.config.cache.memory),
            "--maxmemory-policy",
            "allkeys-lru",
            "--save",
            "",
            "--appendonly",
            "no",
            "--protected-mode",
            "no",
        ],
        "health": ["CMD-SHELL", f"{engine}-cli ping | grep -q PONG"],
        "bounds": Bounds("1", letter_bytes(deployment.sizes.cache_container), 64),
    }


def rclone_values(project: Project) -> dict[str, Any]:
    """What copies backups to a bucket."""
    config = project.deployment.config
    proxy = config.network.proxy
    variables = {"HTTPS_PROXY": proxy.https, "HTTP_PROXY": proxy.http}
    authorities = [mount for mount in authority_mounts(project) if mount["target"] == CA_PATH]
    return {
        "image": project.deployment.images["rclone"],
        "credentials": BACKUP_CREDENTIALS,
        "environment": {"RCLONE_CONFIG": f"/run/secrets/{BACKUP_CREDENTIALS}"}
        | ({"RCLONE_CA_CERT": CA_PATH} if authorities else {})
        | {name: value for name, value in variables.items() if value},
        "mounts": authorities,
        "bounds": ONCE,
    }


def _accepts_connections(project: Project, port: int) -> list[str]:
    """pg_isready with everything named: it gives up when it has to guess the user from the system's."""
    database = project.deployment.config.database
    return ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-U", database.user, "-d", database.name]


def _settings(project: Project) -> dict[str, str]:
    """PostgreSQL's settings by memory, as its documentation advises (a quarter shared, the rest the system's cache).

    https://www.postgresql.org/docs/current/runtime-config-resource.html
    """
    database, sizes = project.deployment.config.database, project.deployment.sizes
    mebibytes = database.memory // MEBIBYTE
    work = max(4, mebibytes // 4 // database.max_connections)
    settings = {
        "max_connections": str(database.max_connections),
        "shared_buffers": f"{sizes.database_shared_buffers // MEBIBYTE}MB",
        "effective_cache_size": f"{mebibytes * 3 // 4}MB",
        "maintenance_work_mem": f"{max(64, min(2047, mebibytes // 16))}MB",
        "work_mem": f"{work}MB",
        "password_encryption": "scram-sha-256",
        # For the runbook's "slow answers": what took over a second is in the log.
        "log_min_duration_statement": "1000",
        "log_lock_waits": "on",
        "idle_in_transaction_session_timeout": "600000",
    }
    if database.tls == "disable":
        return settings
    return settings | {"ssl": "on", "ssl_cert_file": "/tls/server.crt", "ssl_key_file": "/tls/server.key"}
