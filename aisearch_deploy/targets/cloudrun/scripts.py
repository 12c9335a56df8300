"""The values of the scripts: what deploys, updates, restores and checks."""

from __future__ import annotations

from math import ceil

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.cloudrun import app_secrets
from aisearch_deploy.targets.cloudrun.edge import CLIENT_ADDRESS, armor_values, edge_image
from aisearch_deploy.targets.cloudrun.images import copies
from aisearch_deploy.targets.cloudrun.jobs import database_image
from aisearch_deploy.targets.cloudrun.place import GIBIBYTE, Place, pairs
from aisearch_deploy.targets.parts.edge_image import content_tag
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

DAY = 86_400
APIS = ("artifactregistry", "run", "secretmanager", "storage", "iam")


def common(place: Place) -> File:
    return File("common.sh", "what the scripts share", "shell", place.values())


def deploy(place: Place) -> File:
    """From nothing to a running service."""
    deployment = place.deployment
    config = deployment.config
    apis = [*APIS, "cloudscheduler", *(["compute"] if place.balanced or place.network else [])]
    if deployment.bundles_database or deployment.bundles_cache:
        apis += ["servicenetworking", "dns"]
    apis += ["sqladmin"] if deployment.bundles_database else []
    apis += ["redis"] if deployment.bundles_cache else []
    values = place.values(
        secrets_path=deployment.secrets_path,
        apis=" ".join(f"{api}.googleapis.com" for api in apis),
        run_account=_id(place.account("run")),
        run_email=place.account("run"),
        jobs_account=_id(place.account("jobs")),
        jobs_email=place.account("jobs"),
        buckets=" ".join([place.uploads, *([place.bucket("models")] if config.app.models_cache else [])]),
        # Cloud Storage takes 7 to 90 days.
        soft_delete=f"{min(90, max(7, config.backup.keep // DAY))}d",
        labels=pairs(place.labels),
        backups=place.backups,
        own_backups="yes" if place.backups == place.bucket("backups") else "no",
        bundled=deployment.bundles_database or deployment.bundles_cache,
        bundled_database=deployment.bundles_database,
        database_job=place.named("database"),
        schedule=config.backup.schedule,
        migrate=bool(config.app.migrate),
        migrate_job=place.named("migrate"),
    )
    return File("deploy.sh", "from an empty project to a running service", "shell", values, executable=True)


def images(place: Place) -> File:
    values = place.values(
        repository=place.registry.rpartition("/")[2],
        registry_host=place.registry.partition("/")[0],
        copies=" ".join(f"{copy.source}={copy.pushed}" for copy in copies(place)),
        edge_image=edge_image(place),
        database_image=database_image(place),
    )
    return File("images.sh", "copies and builds the images", "shell", values, executable=True)


def secrets(place: Place) -> File:
    """Values from files to Secret Manager."""
    config = place.deployment.config
    files = {
        "ca-bundle.pem": (config.network.ca_bundle, "ca-bundle"),
        "database-ca.pem": (config.database.ca, "database-ca"),
    }
    named = {name: place.named(part) for name, (given, part) in files.items() if given}
    jobs = [
        place.secret(DATABASE_PASSWORD),
        *(identifier for name, identifier in named.items() if name == "database-ca.pem"),
    ]
    values = place.values(
        secrets=" ".join(f"{secret.name}={place.secret(secret.name)}" for secret in app_secrets.stored(place)),
        run_email=place.account("run"),
        jobs_email=place.account("jobs"),
        jobs_secrets=" ".join(jobs),
        urls=" ".join("|".join(url) for url in app_secrets.every_composed(place)),
        files=" ".join(f"{name}={identifier}" for name, identifier in named.items()),
    )
    return File("secrets.sh", "puts secrets into Secret Manager", "shell", values, executable=True)


def data(place: Place) -> File:
    """Cloud SQL and Memorystore."""
    deployment = place.deployment
    database, cache = deployment.config.database, deployment.config.cache
    storage = database.storage + (deployment.config.vector_store.storage if deployment.uses_vectors_in_database else 0)
    values = place.values(
        network=place.network,
        zone=place.zone,
        labels=pairs(place.labels),
        bundled_database=deployment.bundles_database,
        bundled_cache=deployment.bundles_cache,
        database={
            "instance": place.named("db"),
            "version": f"POSTGRES_{database.version}",
            "tier": tier(database.cpu, database.memory),
            "storage": max(10, ceil(storage / GIBIBYTE)),
            "availability": "REGIONAL" if place.options.highly_available else "ZONAL",
            "ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED" if database.tls == "disable" else "ENCRYPTED_ONLY",
            "flags": f"max_connections={database.max_connections},log_min_duration_statement=1000",
            "backup_hour": backup_hour(deployment.config.backup.schedule),
            "retained": min(365, max(7, deployment.config.backup.keep // DAY)),
            "name": database.name,
            "user": database.user,
            "password": DATABASE_PASSWORD,
            "host": place.database_host,
        },
        cache={
            "instance": place.named("cache"),
            "size": max(1, ceil(cache.memory / GIBIBYTE)),
            "tier": "standard" if place.options.highly_available else "basic",
            "host": place.cache_host,
        },
    )
    return File("data.sh", "the database and the cache, and their names", "shell", values, executable=True)


def domain(place: Place) -> tuple[File, ...]:
    """How people get there."""
    config = place.deployment.config
    brought = config.tls.source == "files"
    folder = (config.tls.path or f"/etc/{place.deployment.instance}/tls") if brought else None
    values = place.values(
        balanced=place.balanced,
        domains=" ".join(config.domains),
        families="IPV4 IPV6" if config.network.ipv6 else "IPV4",
        certificate=place.named("tls")
        if brought
        else place.named(content_tag(config.domains).replace("config", "tls")),
        certificate_folder=folder,
        client_address=f"{CLIENT_ADDRESS}:{{client_ip_address}}",
        **armor_values(place),
    )
    about = "load balancer, certificate, Cloud Armor" if place.balanced else "Cloud Run's names for the domains"
    script = File("domain.sh", about, "shell", values, executable=True)
    if not place.balanced:
        return (script,)
    redirect = place.values(redirect=place.named("redirect"))
    return script, File("redirect.yaml", "HTTP goes to HTTPS", values=redirect)


def lifecycle(place: Place) -> tuple[File, ...]:
    """What is run again and again."""
    deployment = place.deployment
    config = deployment.config
    health = f"https://{deployment.domain}{config.contract.health_path}"
    migrate = bool(config.app.migrate)
    update = place.values(health=health, migrate=migrate, migrate_job=place.named("migrate"))
    checked = place.values(
        domain=deployment.domain,
        health_path=config.contract.health_path,
        metrics_path=config.contract.metrics_path or "",
        limited_path=(config.rate_limit.paths if config.rate_limit else ["/"])[0],
        needs_key="yes" if config.api_keys else "no",
        balanced="yes" if place.balanced else "no",
    )
    return (
        File("update.sh", "a new version: a tenth of the traffic, half, all", "shell", update, executable=True),
        File("rollback.sh", "back to the revision before", "shell", place.values(), executable=True),
        File("restart.sh", "every instance anew, for rotated secrets", "shell", place.values(), executable=True),
        File("verify.sh", "asks the running service", "shell", checked, executable=True),
    )


def restore(place: Place) -> File:
    folder = f"{place.backup_folder}/" if place.backup_folder else ""
    values = place.values(job=place.named("database"), backups=f"gs://{place.backups}/{folder}")
    return File("restore.sh", "the database from a backup", "shell", values, executable=True)


def tier(millicores: int, memory: int) -> str:
    """Cloud SQL's custom machine: one core or an even number, 3.75 to 6.5 GiB for each, in steps of 256 MiB.

    https://cloud.google.com/sql/docs/postgres/create-instance#machine-types
    """
    mebibytes = max(3840, ceil(memory / 2**20 / 256) * 256)
    cores = max(1, ceil(millicores / 1000), ceil(mebibytes / 6656))
    if cores > 1 and cores % 2:
        cores += 1
    # At least 0.9 GiB a core.
    mebibytes = max(mebibytes, ceil(cores * 922 / 256) * 256)
    return f"db-custom-{cores}-{mebibytes}"


def backup_hour(schedule: str) -> str:
    """Cloud SQL backs up once a day: at the first hour that the schedule names, else at two."""
    hour = schedule.split()[1].split(",")[0].split("-")[0]
    return f"{int(hour):02d}:00" if hour.isdigit() else "02:00"


def _id(email: str) -> str:
    return email.partition("@")[0]
