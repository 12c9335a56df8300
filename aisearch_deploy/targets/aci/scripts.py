"""The values of the scripts: what deploys, updates, restores and checks."""

from __future__ import annotations

from math import ceil

from aisearch_deploy.targets.aci import app_secrets
from aisearch_deploy.targets.aci.database import database_image
from aisearch_deploy.targets.aci.group import certbot_image, certbot_values, edge_image, issues, shares
from aisearch_deploy.targets.aci.images import copied, copies
from aisearch_deploy.targets.aci.place import GIBIBYTE, Place, disk, machine
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

DAY = 86_400
TASK_SECONDS = 7200


def common(place: Place) -> File:
    values = place.values(storage_account=place.options.storage_account, secrets_path=place.deployment.secrets_path)
    return File("common.sh", "what the scripts share", "shell", values)


def keep_days(place: Place) -> int:
    """How long Azure keeps its own backups and deleted shares: 7 to 35 days."""
    return min(35, max(7, place.deployment.config.backup.keep // DAY))


def certificate_folder(place: Place) -> str | None:
    tls = place.deployment.config.tls
    return (tls.path or f"/etc/{place.deployment.instance}/tls") if tls.source == "files" else None


def deploy(place: Place) -> File:
    """From nothing to a running group."""
    deployment = place.deployment
    config = deployment.config
    values = place.values(
        registry_name=place.options.registry,
        host=place.host,
        domains=" ".join(config.domains),
        shares=" ".join(f"{place.share(part)}={size}" for part, size in _sizes(place).items()),
        keep_days=keep_days(place),
        certificate_folder=certificate_folder(place),
        bundled_database=deployment.bundles_database,
        database=_database(place) if deployment.bundles_database else None,
    )
    return File("deploy.sh", "from an empty subscription to a running group", "shell", values, executable=True)


def _sizes(place: Place) -> dict[str, int]:
    """The shares, with their size in GiB."""
    config = place.deployment.config
    sizes = {"uploads": config.uploads.storage, "models": config.app.models_cache or 0, "certificates": GIBIBYTE}
    wanted = {part: sizes[part] for part in shares(place)} | {"backups": config.backup.storage}
    return {part: ceil(size / GIBIBYTE) for part, size in wanted.items()}


def _database(place: Place) -> dict[str, object]:
    deployment = place.deployment
    database = deployment.config.database
    tier, name = machine(database.cpu, database.memory, standby=place.options.highly_available)
    vectors = deployment.config.vector_store.storage if deployment.uses_vectors_in_database else 0
    return {
        "server": place.database_server,
        "version": database.version,
        "tier": tier,
        "machine": name,
        "disk": disk(database.storage + vectors),
        "standby": "ZoneRedundant" if place.options.highly_available else "Disabled",
        "connections": database.max_connections,
        "name": database.name,
        "user": database.user,
        "password": DATABASE_PASSWORD,
        "extensions": "VECTOR" if deployment.uses_vectors_in_database else "",
    }


def apply(place: Place) -> tuple[File, ...]:
    """What sends manifests."""
    config = place.deployment.config
    keys = config.api_keys
    values = place.values(
        # The keys of callers have lines of their own, and reach nginx as a file.
        secrets=" ".join(s.name for s in app_secrets.stored(place) if keys is None or s.name != keys.secret),
        urls=" ".join("|".join(url) for url in app_secrets.composed(place)),
        api_keys=keys.secret if keys else None,
    )
    fill = place.values(app_image=copied(place, place.deployment.images["app"]).named)
    return (
        File("apply.sh", "sends a manifest, with secrets that are nowhere else", "shell", values, executable=True),
        File("fill.sh", "puts secrets into a copy of a manifest", "shell", fill, executable=True),
    )


def images(place: Place) -> File:
    builds = {edge_image(place): "edge", database_image(place): "database"}
    if issues(place):
        builds[certbot_image(place)] = "certbot"
    values = place.values(
        registry_name=place.options.registry,
        copies=" ".join(f"{copy.source}={copy.pushed}" for copy in copies(place)),
        builds=" ".join(f"{image}={folder}" for image, folder in builds.items()),
    )
    return File("images.sh", "copies and builds the images", "shell", values, executable=True)


def certificates(place: Place) -> tuple[File, ...]:
    """Where certificates come from."""
    folder = certificate_folder(place)
    if folder is not None:
        values = place.values(folder=folder, share=place.share("certificates"))
        return (File("certificate.sh", "puts the certificate where nginx looks", "shell", values, executable=True),)
    if not issues(place):
        return ()
    return (
        File("certbot/Dockerfile", "Certbot and the script beside it", "dockerfile", certbot_values(place)),
        File("certbot/renew.sh", "gets and renews the certificate", "shell", certbot_values(place), executable=True),
    )


def lifecycle(place: Place) -> tuple[File, ...]:
    """What is run again and again."""
    deployment = place.deployment
    config = deployment.config
    update = place.values(
        health=f"https://{deployment.domain}{config.contract.health_path}",
        host=place.host,
        startup=config.app.startup,
        image=copied(place, deployment.images["app"]).named,
    )
    checked = place.values(
        domain=deployment.domain,
        health_path=config.contract.health_path,
        metrics_path=config.contract.metrics_path or "",
        limited_path=(config.rate_limit.paths if config.rate_limit else ["/"])[0],
        needs_key="yes" if config.api_keys else "no",
    )
    task = place.values(job=place.named("database"), seconds=TASK_SECONDS)
    restore = place.values(share=place.share("backups"))
    return (
        File("update.sh", "a new version, or the old one again", "shell", update, executable=True),
        File("rollback.sh", "the version before", "shell", place.values(), executable=True),
        File("task.sh", "a backup, or another task of the database", "shell", task, executable=True),
        File("restore.sh", "the database from a backup", "shell", restore, executable=True),
        File("verify.sh", "asks the running service", "shell", checked, executable=True),
    )
