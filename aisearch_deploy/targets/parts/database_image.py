"""PostgreSQL's own programs as an image of ours: what dumps, restores and prepares a database that is elsewhere."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.edge_image import content_tag

# Where the script finds and leaves dumps, in its container.
BACKUPS = "/backups"


def database_image_files(deployment: Deployment) -> tuple[File, ...]:
    """The build context `database/`."""
    values = _values(deployment)
    return (
        File("database/Dockerfile", "PostgreSQL's programs and the script beside it", "dockerfile", values),
        File("database/database.sh", "backup, restore, prepare", "shell", values, executable=True),
    )


def database_image_tag(deployment: Deployment) -> str:
    """A tag that changes with the image's content."""
    return content_tag(_values(deployment))


def _values(deployment: Deployment) -> dict[str, object]:
    return {
        "config_file": deployment.document.file.rpartition("/")[2],
        "image": deployment.images["database"],
        "keep_minutes": deployment.config.backup.keep // 60,
        "vectors": "yes" if deployment.uses_vectors_in_database else "no",
    }
