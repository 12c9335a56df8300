"""The values of the shell scripts: those inside containers and those that a person or a timer runs."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.calendar import calendars, longest_gap
from aisearch_deploy.targets.compose.app import app_folders
from aisearch_deploy.targets.compose.project import CACHE_PORT, POOLER_PORT, Project
from aisearch_deploy.targets.parts.app import CA_PATH, DATABASE_CA_PATH, cache_url, database_url
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD, secrets

# No name in a URL of ours has capitals, so this marks the password's place.
PASSWORD = "PASSWORD"  # noqa: S105 - a mark
# Time for the first health check after start-up, and for Docker itself.
STARTUP_MARGIN = 60


def start(project: Project) -> dict[str, Any]:
    """app/start.sh."""
    deployment = project.deployment
    return project.values(
        secret_names=" ".join(secret.name for secret in secrets(deployment) if secret.for_app),
        secrets_as=deployment.config.contract.secrets_as,
        database=_database(project) if deployment.uses_database else None,
        cache=_cache(project) if deployment.uses_cache and deployment.config.cache.password_secret else None,
        ca_bundle=CA_PATH if deployment.config.network.ca_bundle else None,
    )


def pooler(project: Project) -> dict[str, Any]:
    """pooler/start.sh."""
    database, sizes = project.deployment.config.database, project.deployment.sizes
    return project.values(
        host=project.database_host,
        port=project.database_port,
        database=database.name,
        user=database.user,
        tls=database.tls,
        ca=DATABASE_CA_PATH if database.ca else "",
        password=DATABASE_PASSWORD,
        connections=sizes.pooler_connections,
        clients=sizes.pooler_clients,
    )


def update(project: Project) -> dict[str, Any]:
    """update.sh. The last five are what docker inspect is asked for."""
    config, sizes = project.deployment.config, project.deployment.sizes
    return project.values(
        image=project.deployment.images["app"],
        replicas=sizes.replicas,
        migrates="yes" if config.app.migrate else "no",
        startup=config.app.startup + STARTUP_MARGIN,
        one_writer=project.one_writer,
        container_image="{{.Config.Image}}",
        container_image_id="{{.Image}}",
        container_restarts="{{.RestartCount}}",
        image_id="{{.Id}}",
        container_address=f'{{{{(index .NetworkSettings.Networks "{project.name}_web").IPAddress}}}}',
    )


def backup(project: Project) -> dict[str, Any]:
    """backup.sh and restore.sh."""
    deployment = project.deployment
    backup, folders = deployment.config.backup, app_folders(project)
    to = deployment.backup_place or ""
    place = to.partition("://")[2]
    return project.values(
        backups=project.backups,
        keep=backup.keep,
        recipients=" ".join(backup.encrypt_to),
        bucket=f"backup:{place}" if place else None,
        elsewhere=to if to and not place else None,
        database=deployment.uses_database,
        database_name=deployment.config.database.name,
        bundled=deployment.bundles_database,
        pooler=deployment.sizes.pooler,
        uploads=folders["uploads"],
        data=folders.get("data", ""),
    )


def schedule(project: Project) -> dict[str, Any]:
    """schedule-backups.sh."""
    written = project.deployment.config.backup.schedule
    found = [*map(str, calendars(written)), None]
    return project.values(unit=f"{project.name}-backup", schedule=written, calendar=found[0], second_calendar=found[1])


def verify(project: Project, services: list[str]) -> dict[str, Any]:
    """verify.sh; `services` are those that run all the time."""
    config, options = project.deployment.config, project.options
    port = "" if options.https_port == 443 else f":{options.https_port}"
    return project.values(
        services=" ".join(services),
        domain=project.deployment.domain,
        http_port=options.http_port,
        https_port=options.https_port,
        redirect=f"https://{project.deployment.domain}{port}/",
        health_path=config.contract.health_path,
        metrics_path=config.contract.metrics_path,
        api_keys=config.api_keys.header if config.api_keys else None,
        allow=bool(config.edge.allow),
        tls=config.tls.source != "platform",
        backups=project.backups,
        backup_seconds=2 * longest_gap(config.backup.schedule),
        trusts=config.tls.source == "files" or _publicly_trusted(project),
    )


def _publicly_trusted(project: Project) -> bool:
    tls = project.deployment.config.tls
    return tls.source == "letsencrypt" and tls.server == type(tls).model_fields["server"].default


def _database(project: Project) -> dict[str, str]:
    deployment = project.deployment
    database = deployment.config.database
    host, port = project.database_host, project.database_port
    head, _, direct = database_url(deployment, host, port, PASSWORD, DATABASE_CA_PATH).partition(PASSWORD)
    # PgBouncer verifies the database; its own certificate was made here, so there is nothing to verify about it.
    mode = "disable" if database.tls == "disable" else "require"
    pooled = f"@pooler:{POOLER_PORT}/{database.name}?sslmode={mode}"
    return {
        "password": DATABASE_PASSWORD,
        "start": head,
        "end": pooled if deployment.sizes.pooler else direct,
        "end_direct": direct,
    }


def _cache(project: Project) -> dict[str, Any]:
    deployment = project.deployment
    urls = [cache_url(deployment, f"cache:{CACHE_PORT}", number).partition("://") for number in (0, 1)]
    scheme, separator, place = urls[0]
    return {
        "password": deployment.config.cache.password_secret,
        "start": f"{scheme}{separator}:",
        "end": f"@{place}",
        "limits_end": f"@{urls[1][2]}",
    }
