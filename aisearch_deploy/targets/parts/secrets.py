"""Which secrets a deployment needs. Names only: values live in the store."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.model.deployment import Deployment

DATABASE_PASSWORD = "DATABASE_PASSWORD"  # noqa: S105 - a name
BACKUP_CREDENTIALS = "BACKUP_CREDENTIALS"


class Secret(NamedTuple):
    """`generated` secrets are random and ours; others come from somebody else. `for_app`: the app itself reads it."""

    name: str
    about: str
    generated: bool
    for_app: bool


def secrets(deployment: Deployment) -> list[Secret]:
    """Every secret, ours first, each once."""
    config = deployment.config
    found = []
    if deployment.uses_database:
        found.append(
            Secret(DATABASE_PASSWORD, "PostgreSQL's password", config.database.mode == "bundled", for_app=True)
        )
    if deployment.uses_cache and config.cache.password_secret:
        found.append(Secret(config.cache.password_secret, "The cache's password", False, for_app=True))
    if config.api_keys:
        found.append(Secret(config.api_keys.secret, "Who may call: one `name key` a line", False, for_app=False))
    found += [Secret(name, "Read by the app", False, for_app=True) for name in config.secrets.names]
    if config.error_tracking:
        found.append(Secret(config.error_tracking.dsn_secret, "The error tracker's DSN", False, for_app=True))
    if config.vector_store.url_secret and config.vector_store.engine == "external":
        found.append(Secret(config.vector_store.url_secret, "The vector store's URL", False, for_app=True))
    if config.backup.to and "://" in config.backup.to:
        about = "How rclone reaches the bucket for backups, under the name [backup]"
        found.append(Secret(BACKUP_CREDENTIALS, about, False, for_app=False))
    return list({secret.name: secret for secret in reversed(found)}.values())[::-1]
