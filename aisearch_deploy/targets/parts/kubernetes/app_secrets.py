"""How secrets reach the app: as variables, or as files that an init container lays out."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.targets.parts.app import DATABASE_CA_PATH, cache_url, database_url
from aisearch_deploy.targets.parts.kubernetes.cluster import POOLER_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.pods import (
    CONTAINER_SECURITY,
    SECRETS_FOLDER,
    SMALL,
    Object,
    empty,
    secret_variable,
    secrets_volume,
)
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD, secrets

# Copies the secrets, without the line break that editors add, and writes the URLs that hold one of them.
LAY_OUT = f"""\
import os, pathlib, urllib.parse
stored, laid_out = pathlib.Path("/stored"), pathlib.Path("{SECRETS_FOLDER}")
values = {{file.name: file.read_text().rstrip("\\n") for file in stored.iterdir() if not file.name.startswith(".")}}
for name in os.environ.get("URLS", "").split():
    secret = urllib.parse.quote(values[os.environ[name + "_SECRET"]], safe="")
    values[name] = os.environ[name].replace("SECRET", secret, 1)
for name, value in values.items():
    (laid_out / name).write_text(value)
"""


class Url(NamedTuple):
    """A URL with a secret between its halves."""

    before: str
    secret: str
    after: str


def variables(cluster: Cluster, *, pooled: bool = True) -> list[Object]:
    """The app's environment as far as secrets are in it; `pooled`: PgBouncer may stand before the database."""
    names = [secret.name for secret in secrets(cluster.deployment) if secret.for_app]
    urls = _urls(cluster, pooled=pooled)
    taken_as = cluster.deployment.config.contract.secrets_as
    if taken_as == "env":
        # A reference sees only what stands above it.
        return [
            *(secret_variable(cluster, name) for name in names),
            *({"name": name, "value": f"{url.before}$({url.secret}){url.after}"} for name, url in urls.items()),
        ]
    if taken_as == "NAME_FILE":
        return [{"name": f"{name}_FILE", "value": f"{SECRETS_FOLDER}/{name}"} for name in [*names, *urls]]
    return []


def without_secrets(cluster: Cluster, settings: dict[str, str]) -> dict[str, str]:
    """The plain settings, but for those that a URL with a password replaces: one source for each."""
    urls = _urls(cluster, pooled=True)
    return {name: value for name, value in settings.items() if name not in urls}


def mounts(cluster: Cluster) -> list[tuple[Object, Object | None]]:
    """Volumes for secrets as files, each with its mount in the app's own container."""
    if cluster.deployment.config.contract.secrets_as == "env":
        return []
    names = [secret.name for secret in secrets(cluster.deployment) if secret.for_app]
    return [
        (empty("secrets", 2**20, memory=True), {"name": "secrets", "mountPath": SECRETS_FOLDER, "readOnly": True}),
        (secrets_volume(cluster, "stored-secrets", names), None),
    ]


def first_containers(cluster: Cluster, *, pooled: bool = True) -> list[Object]:
    """The init container that makes the files, where the app takes secrets as files."""
    if cluster.deployment.config.contract.secrets_as == "env":
        return []
    urls = _urls(cluster, pooled=pooled)
    variables = [{"name": "URLS", "value": " ".join(urls)}]
    for name, url in urls.items():
        variables.append({"name": name, "value": f"{url.before}SECRET{url.after}"})
        variables.append({"name": f"{name}_SECRET", "value": url.secret})
    return [
        {
            "name": "secrets",
            "image": cluster.images["app"],
            "command": ["python", "-c", LAY_OUT],
            "env": variables,
            "resources": SMALL,
            "securityContext": CONTAINER_SECURITY,
            "volumeMounts": [
                {"name": "stored-secrets", "mountPath": "/stored", "readOnly": True},
                {"name": "secrets", "mountPath": SECRETS_FOLDER},
            ],
        }
    ]


def _urls(cluster: Cluster, *, pooled: bool) -> dict[str, Url]:
    """The variables that hold a URL with a password, by name."""
    deployment = cluster.deployment
    found = {}
    if deployment.uses_database:
        found["DATABASE_URL"] = _database(cluster, pooled=pooled and deployment.sizes.pooler)
    password = deployment.config.cache.password_secret
    if deployment.uses_cache and password:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            scheme, separator, place = cache_url(deployment, cluster.named("cache"), number).partition("://")
            found[name] = Url(f"{scheme}{separator}:", password, f"@{place}")
    return found


def _database(cluster: Cluster, *, pooled: bool) -> Url:
    database = cluster.deployment.config.database
    if not pooled:
        host, port = cluster.database_host, cluster.database_port
        before, _, after = database_url(cluster.deployment, host, port, "\0", DATABASE_CA_PATH).partition("\0")
        return Url(before, DATABASE_PASSWORD, after)
    # PgBouncer's own certificate is made at start, so there is nothing to verify; it verifies the database's.
    mode = "disable" if database.tls == "disable" else "require"
    place = f"{cluster.named('pooler')}:{POOLER_PORT}/{database.name}"
    return Url(f"postgresql://{database.user}:", DATABASE_PASSWORD, f"@{place}?sslmode={mode}")
