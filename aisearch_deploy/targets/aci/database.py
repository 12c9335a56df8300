"""PostgreSQL's own programs as a container group that runs once."""

from __future__ import annotations

from aisearch_deploy.targets.aci import app_secrets
from aisearch_deploy.targets.aci.group import database_authority_mounts, database_authority_volumes
from aisearch_deploy.targets.aci.place import Place
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.database_image import BACKUPS, database_image_files, database_image_tag
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD


def database_image(place: Place) -> str:
    return f"{place.registry}/database:{database_image_tag(place.deployment)}"


def database(place: Place) -> tuple[File, ...]:
    """database.yaml and the image that it runs."""
    database = place.encrypted.config.database
    settings = {
        "PGHOST": place.database_host,
        "PGPORT": str(place.database_port),
        "PGUSER": database.user,
        "PGDATABASE": database.name,
        "PGSSLMODE": database.tls,
        **({"PGSSLROOTCERT": app_secrets.DATABASE_CA} if database.ca else {}),
    }
    values = place.values(
        tags=place.tags,
        job=place.named("database"),
        identity=place.identity,
        registry=place.registry,
        image=database_image(place),
        variables=[{"name": name, "value": value} for name, value in settings.items()],
        given=f"PGPASSWORD={DATABASE_PASSWORD} TASK=TASK BACKUP=BACKUP",
        backups=BACKUPS,
        share=place.share("backups"),
        storage_account=place.options.storage_account,
        mounts=database_authority_mounts(place),
        volumes=database_authority_volumes(place),
    )
    manifest = File("database.yaml", "dumps the database; restores, and prepares it", values=values)
    return manifest, *database_image_files(place.deployment)
