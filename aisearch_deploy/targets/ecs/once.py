"""The tasks that run once: the migration, psql for a new database, files brought back."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import MIB
from aisearch_deploy.targets.ecs.containers import authorities, files, started
from aisearch_deploy.targets.ecs.names import Composed
from aisearch_deploy.targets.ecs.pieces import (
    AUTHORITIES,
    EDGE_USER,
    PSQL_USER,
    Object,
    common,
    linux,
    on_files,
    variables,
)

PSQL = 'psql --set ON_ERROR_STOP=1 --command "$STATEMENT"'


def migration_containers(deployment: Deployment) -> list[Object]:
    """The app's next image, migrating the database itself, past the pooler."""
    config = deployment.config
    container = common("migration", "${NextImage}", str(config.contract.user))
    container["memory"] = config.app.memory.limit // MIB
    container |= started(deployment, list(config.app.migrate), pooled=False)
    container["mountPoints"] = files(deployment)
    container["linuxParameters"] = linux(deployment, "/tmp", deployment.sizes.temporary_space)  # noqa: S108
    if authorities(deployment):
        return [container | {"dependsOn": [{"containerName": "edge", "condition": "COMPLETE"}]}, _authorities()]
    return [container]


def client_containers(deployment: Deployment) -> list[Object]:
    """psql: what has to be said to the database once is said by its owner, in its own words."""
    database = deployment.config.database
    container = common("client", "${ClientImage}", PSQL_USER)
    container |= {
        "entryPoint": ["/bin/sh", "-euc", PSQL],
        "command": [],
        "environment": variables(
            {
                "PGHOST": Composed("${DatabaseAddress}"),
                "PGPORT": str(database.port),
                "PGDATABASE": database.name,
                "PGUSER": database.user,
                "PGSSLMODE": "require",
                "STATEMENT": "CREATE EXTENSION IF NOT EXISTS vector",
            }
        ),
        "secrets": [{"name": "PGPASSWORD", "valueFrom": Composed("${DatabaseSecret}:password::")}],
    }
    return [container]


# AWS Backup restores into a folder of its own at the root. Files that only exist now stay; those of the backup win.
PUT_BACK = """\
for folder in /files/aws-backup-restore_*; do
  cp -a "$folder/." /files/
  rm -rf "$folder"
done
"""


def restore_containers() -> list[Object]:
    """Copies restored files to where they belong, as root, since they have different owners."""
    container = common("restore", "${EdgeImage}", "0:0")
    container |= {
        "entryPoint": ["/bin/sh", "-euc", PUT_BACK],
        "command": [],
        "mountPoints": [{"sourceVolume": "files", "containerPath": "/files", "readOnly": False}],
        # It changes owners and writes into folders of others: what root may do by itself.
        "linuxParameters": {"initProcessEnabled": False},
    }
    return [container]


def restore_volumes() -> list[Object]:
    """The whole file system."""
    return [on_files("files", "RootAccess")]


def _authorities() -> Object:
    """The edge's image for a moment: its authorities fill the volume that it shares."""
    container = common("edge", "${EdgeImage}", EDGE_USER)
    container |= {
        "essential": False,
        "entryPoint": ["/bin/true"],
        "mountPoints": [{"sourceVolume": "authorities", "containerPath": AUTHORITIES, "readOnly": False}],
    }
    return container
