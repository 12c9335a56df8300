"""A secret opens one thing, and the app holds none that deletes its backups.

What it does: refuses two purposes for one name (the database's password, the cache's, the callers' keys, the error
tracker, the vector store, the bucket for backups), and callers' keys or the bucket's credentials among secrets.names,
which are the app's.

Why it matters: with one name one file holds both, which neither can use, or each reads the other's. The app is what an
attacker gets first: with the bucket's credentials he deletes the backups too.

Example: api_keys: {secret: DASHSCOPE_API_KEY} with secrets: {names: [DASHSCOPE_API_KEY]}.

Fix: a name of its own for each.

References: https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html and
https://www.sentinelone.com/cybersecurity-101/cybersecurity/immutable-backups (backups are what attackers delete first)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID511"
SLUG = "one-purpose"
SEVERITY = Severity.ERROR
TARGETS = None
READS = (
    "database.engine",
    "api_keys.secret",
    "cache.password_secret",
    "error_tracking.dsn_secret",
    "vector_store.url_secret",
    "secrets.names",
    "backup.to",
)
# The names that a secret has when the config gives none: targets/parts/secrets.py.
DATABASE, BACKUPS = "DATABASE_PASSWORD", "BACKUP_CREDENTIALS"
USUAL = {
    "api_keys.secret": "API_KEYS",
    "cache.password_secret": "CACHE_PASSWORD",
    "error_tracking.dsn_secret": "SENTRY_DSN",
    "vector_store.url_secret": "VECTOR_STORE_URL",
}
# What the app has no use for.
NOT_THE_APPS = {"backup.to": "the bucket's credentials", "api_keys.secret": "the callers' keys"}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Each name has one purpose, and the app's are the app's."""
    purposes = list(_purposes(deployment))
    for number, (path, name) in enumerate(purposes):
        taken = next((other for other, same in purposes[:number] if same == name), None)
        if taken is not None:
            message = f"{name} is the secret of {taken.partition('.')[0]} too."
            free = USUAL[path] not in {name for _, name in purposes}
            changes = (Change(path, USUAL[path]),) if free else ()
            fix = "Then the store needs that name too." if free else "Write another name here."
            yield found(ID, Severity.ERROR, deployment, path, message, changes=changes, fix=fix)
    names = deployment.config.secrets.names
    for path, what in NOT_THE_APPS.items():
        for name in (name for other, name in purposes if other == path and name in names):
            yield found(
                ID,
                Severity.ERROR,
                deployment,
                f"secrets.names[{names.index(name)}]",
                f"{name} is {what}: the app must not have it.",
                changes=(Change("secrets.names", [other for other in names if other != name] or None),),
                fix=f"What the app reads under {name} needs another name.",
            )


def _purposes(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Config path and name, ours first."""
    config = deployment.config
    if deployment.uses_database:
        yield "database.mode", DATABASE
    if config.backup.to is not None and "://" in config.backup.to:
        yield "backup.to", BACKUPS
    if deployment.uses_cache and config.cache.password_secret:
        yield "cache.password_secret", config.cache.password_secret
    if config.error_tracking:
        yield "error_tracking.dsn_secret", config.error_tracking.dsn_secret
    if config.vector_store.engine == "external" and config.vector_store.url_secret:
        yield "vector_store.url_secret", config.vector_store.url_secret
    if config.api_keys:
        yield "api_keys.secret", config.api_keys.secret
