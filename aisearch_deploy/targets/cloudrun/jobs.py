"""What runs to its end: the migration, and PostgreSQL's own programs for extensions, dumps and restores."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.cloudrun import app_secrets
from aisearch_deploy.targets.cloudrun.app import (
    database_authority_mounts,
    mounts,
    network,
    started_with,
    variables,
    volumes,
)
from aisearch_deploy.targets.cloudrun.images import copied
from aisearch_deploy.targets.cloudrun.place import Place, mebibytes
from aisearch_deploy.targets.parts.database_image import BACKUPS, database_image_files, database_image_tag
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD


def migration(place: Place) -> File:
    """migrate.yaml: the app's own command, once before a new version."""
    deployment = place.deployment
    values = place.values(
        labels=place.labels,
        job=place.named("migrate"),
        account=place.account("run"),
        network=network(place),
        egress=place.options.egress,
        image=copied(place, deployment.images["app"]).named,
        command=started_with(place, list(deployment.config.app.migrate)),
        variables=variables(place, pooled=False),
        cpu=str(place.cores),
        memory=mebibytes(deployment.config.app.memory.limit),
        mounts=mounts(place, pooled=False),
        volumes=volumes(place, pooled=False),
    )
    return File("migrate.yaml", "migrates the database before a new version", values=values)


def database_image(place: Place) -> str:
    """Where the image with PostgreSQL's programs and database.sh is pushed to."""
    return f"{place.registry}/database:{database_image_tag(place.deployment)}"


def database(place: Place) -> tuple[File, ...]:
    """database.yaml and the image that it runs."""
    deployment = place.deployment
    config = deployment.config
    settings = {
        "PGHOST": place.database_host,
        "PGPORT": str(place.database_port),
        "PGUSER": config.database.user,
        "PGDATABASE": config.database.name,
        "PGSSLMODE": config.database.tls,
        **({"PGSSLROOTCERT": app_secrets.DATABASE_CA} if config.database.ca else {}),
    }
    authority = [
        {
            "name": "database-ca",
            "secret": {
                "secretName": place.named("database-ca"),
                "items": [{"key": "latest", "path": "database-ca.pem"}],
            },
        }
    ]
    values = place.values(
        labels=place.labels,
        job=place.named("database"),
        account=place.account("jobs"),
        network=network(place),
        egress=place.options.egress,
        image=database_image(place),
        variables=[
            *({"name": name, "value": value} for name, value in settings.items()),
            app_secrets.variable("PGPASSWORD", place.secret(DATABASE_PASSWORD)),
        ],
        backups=BACKUPS,
        bucket=place.backups,
        # The official image's user, which the script runs as.
        bucket_options="uid=999,gid=999,implicit-dirs=true"
        + (f",only-dir={place.backup_folder}" if place.backup_folder else ""),
        mounts=[*database_authority_mounts(place)],
        volumes=authority if database_authority_mounts(place) else [],
    )
    return (
        File("database.yaml", "dumps the database; restores, and prepares it", values=values),
        *database_image_files(deployment),
    )
