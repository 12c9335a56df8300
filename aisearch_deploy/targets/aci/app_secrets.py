"""How secrets reach containers: fill.sh writes them into a copy of group.yaml that is deleted once it was sent."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.targets.aci.place import CACHE_PORT, Place
from aisearch_deploy.targets.parts.app import cache_url, database_url
from aisearch_deploy.targets.parts.pooler import POOLER_PORT
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets

DATABASE_CA = "/etc/aisearch/database-ca/database-ca.pem"
CACHE = f"127.0.0.1:{CACHE_PORT}"


class Url(NamedTuple):
    """An address with a password between its halves; deploy.sh composes it into a file called `name`."""

    name: str
    before: str
    password: str
    after: str


def stored(place: Place) -> list[Secret]:
    """The secrets that come from files; dumps go to a share, which needs no credentials of ours."""
    return [secret for secret in secrets(place.deployment) if secret.name != BACKUP_CREDENTIALS]


def composed(place: Place) -> list[Url]:
    """Addresses as the app connects, and DATABASE_URL_DIRECT as a migration does."""
    deployment = place.encrypted
    database = deployment.config.database
    before, _, after = database_url(deployment, place.database_host, place.database_port, "\0", DATABASE_CA).partition(
        "\0"
    )
    direct = Url("DATABASE_URL_DIRECT", before, DATABASE_PASSWORD, after)
    pooled = direct._replace(name="DATABASE_URL")
    if deployment.sizes.pooler:
        pooled = pooled._replace(after=f"@127.0.0.1:{POOLER_PORT}/{database.name}?sslmode=disable")
    found = [pooled, direct]
    password = deployment.config.cache.password_secret
    if deployment.uses_cache and password:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            scheme, separator, rest = cache_url(deployment, CACHE, number).partition("://")
            found.append(Url(name, f"{scheme}{separator}:", password, f"@{rest}"))
    return found


def given(place: Place, *, pooled: bool) -> list[str]:
    """`NAME=FILE`: variables that fill.sh writes as secureValue, and the file that holds each one's value."""
    own = [f"{secret.name}={secret.name}" for secret in stored(place) if secret.for_app]
    urls = [url.name for url in composed(place) if url.name != "DATABASE_URL_DIRECT"]
    return own + [f"{name}={name if pooled or name != 'DATABASE_URL' else 'DATABASE_URL_DIRECT'}" for name in urls]
