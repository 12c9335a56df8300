"""The values of compose.yaml."""

from __future__ import annotations

import hashlib
from typing import Any

from aisearch_deploy.formats.quantities import log_bytes
from aisearch_deploy.targets.compose.app import app_folders, app_values, file_mount, sidecars, volume_mount
from aisearch_deploy.targets.compose.data import (
    cache_values,
    client_values,
    database_values,
    pooler_values,
    rclone_values,
)
from aisearch_deploy.targets.compose.edge import certbot_service, edge_service
from aisearch_deploy.targets.compose.project import DATABASE_USER, EDGE_USER, POOLER_USER, Bounds, Project
from aisearch_deploy.targets.parts.secrets import secrets

VOLUMES = {
    "acme-account": "The account at the certificate authority, and the certificates with their history.",
    "acme-challenges": "What certbot shows the authority through the edge.",
    "certificates": "The certificate that the edge serves.",
    "data": "SQLite and Chroma.",
    "database": "PostgreSQL.",
    "database-tls": "The certificate of connections to PostgreSQL.",
    "pooler-tls": "The certificate of connections to PgBouncer.",
    "models": "Embedding models: they can be fetched again.",
    "uploads": "Files that people uploaded, shared by all replicas.",
}


def compose_file(project: Project) -> dict[str, Any]:
    """One entry a service (None: not there), and what the services refer to."""
    deployment = project.deployment
    app = app_values(project)
    found = {
        "app": app,
        "db": database_values(project) if deployment.bundles_database else None,
        "pooler": pooler_values(project) if deployment.sizes.pooler else None,
        "cache": cache_values(project) if deployment.bundles_cache else None,
        "edge": edge_service(project),
        "certbot": certbot_service(project),
        "client": client_values(project) if deployment.uses_database else None,
        "rclone": rclone_values(project) if "://" in (deployment.config.backup.to or "") else None,
    }
    logs = deployment.config.logs
    return project.values(
        **found,
        prepare=_prepare(project),
        sidecars=sidecars(project),
        # A migration that waits for a lock makes everybody else wait behind it: give up early.
        migrate_environment=app["environment"] | {"PGOPTIONS": "-c lock_timeout=10s"},
        networks=_networks(project, data=any(found[part] for part in ("db", "pooler", "cache"))),
        volumes=[{"name": name, "about": VOLUMES[name]} for name in sorted(_owners(project))],
        secrets=[
            {"name": secret.name, "about": f"{secret.about}.", "file": f"{deployment.secrets_path}/{secret.name}"}
            for secret in secrets(deployment)
        ],
        labels=project.labels,
        log_size=log_bytes(logs.max_size),
        log_files=str(logs.max_files),
    )


def lasting_services(project: Project) -> list[str]:
    """The services that run all the time."""
    values = compose_file(project)
    ours = [part for part in ("app", "db", "pooler", "cache", "edge", "certbot") if values[part]]
    return [*ours, *(sidecar["name"] for sidecar in values["sidecars"])]


def image_parts(project: Project) -> list[str]:
    """The keys of Deployment.images that this project runs."""
    values = compose_file(project)
    parts = {"app": "app", "database": "client", "cache": "cache", "edge": "edge", "pooler": "pooler"}
    return [part for part, service in (parts | {"certbot": "certbot", "rclone": "rclone"}).items() if values[service]]


def summary(project: Project) -> str:
    """`app x2, postgres 18, valkey, nginx, pgbouncer`, as people read it after a render."""
    config, sizes = project.deployment.config, project.deployment.sizes
    parts = [f"app x{sizes.replicas}"]
    if project.deployment.bundles_database:
        parts.append(f"postgres {config.database.version}")
    if project.deployment.bundles_cache:
        parts.append(config.cache.engine)
    parts.append("nginx")
    if sizes.pooler:
        parts.append("pgbouncer")
    if config.tls.source == "letsencrypt":
        parts.append("certbot")
    return ", ".join(parts)


def _owners(project: Project) -> dict[str, str]:
    """Whose each volume is, `user:group` by the volume's name."""
    deployment = project.deployment
    user = deployment.config.contract.user
    found = dict.fromkeys(sorted(app_folders(project)), f"{user}:{user}")
    if deployment.bundles_database:
        found["database"] = DATABASE_USER
    if deployment.config.database.tls != "disable":
        if deployment.bundles_database:
            found["database-tls"] = DATABASE_USER
        if deployment.sizes.pooler:
            found["pooler-tls"] = POOLER_USER
    if deployment.config.tls.source == "letsencrypt":
        found |= dict.fromkeys(("acme-account", "acme-challenges", "certificates"), EDGE_USER)
    return found


def _prepare(project: Project) -> dict[str, Any]:
    owned = _owners(project)
    return {
        "command": [f"{owner}={name}" for name, owner in owned.items()],
        "mounts": [
            file_mount("./prepare.sh", "/etc/aisearch/prepare.sh"),
            *(volume_mount(name, f"/volumes/{name}") for name in owned),
        ],
        "capabilities": ["CHOWN"],
        "bounds": Bounds("0.5", "64m", 16, restart="no"),
    }


def _networks(project: Project, *, data: bool) -> dict[str, Any]:
    labels = {"labels": project.labels} if project.labels else {}
    # Who shares a way out cannot reach each other through it.
    way_out: dict[str, Any] = {"driver_opts": {"com.docker.network.bridge.enable_icc": "false"}}
    return {
        "public": _ipv6(project, "public") | labels,
        "egress": way_out | _ipv6(project, "egress") | labels,
        "to_database": way_out | labels,
        "data": data,
    }


def _ipv6(project: Project, network: str) -> dict[str, Any]:
    """A private range of its own (RFC 4193), where IPv6 is wanted: engines before 27 have none to give."""
    if not project.deployment.config.network.ipv6:
        return {}
    digits = hashlib.sha256(f"{project.name}/{network}".encode()).hexdigest()
    subnet = f"fd{digits[:2]}:{digits[2:6]}:{digits[6:10]}:{digits[10:14]}::/64"
    return {"enable_ipv6": True, "ipam": {"config": [{"subnet": subnet}]}}
