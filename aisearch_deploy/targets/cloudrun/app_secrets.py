"""How secrets reach the app: from Secret Manager, as variables or each in a folder of its own."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisearch_deploy.targets.cloudrun.place import Place
from aisearch_deploy.targets.parts.app import cache_url, database_url
from aisearch_deploy.targets.parts.pooler import POOLER_PORT
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets

FOLDER = "/run/secrets"
DATABASE_CA = "/etc/aisearch/database-ca/database-ca.pem"

Object = dict[str, Any]


class Url(NamedTuple):
    """An address with a password between its halves: a secret that deploy.sh composes. `id` is its own."""

    id: str
    before: str
    password: str
    after: str


def stored(place: Place) -> list[Secret]:
    """The secrets that come from files; buckets need no credentials here."""
    return [secret for secret in secrets(place.deployment) if secret.name != BACKUP_CREDENTIALS]


def composed(place: Place, *, pooled: bool) -> dict[str, Url]:
    """The variables that hold an address with a password. Cloud Run does not expand $(NAME) in a value."""
    deployment = place.deployment
    found = {"DATABASE_URL": _database(place, pooled=pooled and deployment.sizes.pooler)}
    password = deployment.config.cache.password_secret
    if deployment.uses_cache and password:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            scheme, separator, rest = cache_url(deployment, place.cache_host, number).partition("://")
            found[name] = Url(place.url_secret(name), f"{scheme}{separator}:", password, f"@{rest}")
    return found


def every_composed(place: Place) -> list[Url]:
    """All of them: as the app connects and as a migration does."""
    both = [*composed(place, pooled=True).values(), *composed(place, pooled=False).values()]
    return list({url.id: url for url in both}.values())


def variables(place: Place, *, pooled: bool) -> list[Object]:
    """The app's environment as far as secrets are in it."""
    ids = _ids(place, pooled=pooled)
    if place.deployment.config.contract.secrets_as == "env":
        return [variable(name, secret) for name, secret in ids.items()]
    return [{"name": f"{name}_FILE", "value": f"{FOLDER}/{name}/value"} for name in ids]


def volumes(place: Place, *, pooled: bool) -> list[Object]:
    """A secret a volume: Cloud Run mounts no two in one folder."""
    if place.deployment.config.contract.secrets_as == "env":
        return []
    return [
        {"name": _volume(name), "secret": {"secretName": secret, "items": [{"key": "latest", "path": "value"}]}}
        for name, secret in _ids(place, pooled=pooled).items()
    ]


def mounts(place: Place, *, pooled: bool) -> list[Object]:
    """Where the app sees them."""
    if place.deployment.config.contract.secrets_as == "env":
        return []
    return [{"name": _volume(name), "mountPath": f"{FOLDER}/{name}"} for name in _ids(place, pooled=pooled)]


def variable(name: str, secret: str) -> Object:
    """An environment variable that Cloud Run fills from Secret Manager."""
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": "latest"}}}


def _ids(place: Place, *, pooled: bool) -> dict[str, str]:
    """Ids in Secret Manager by the name under which the app knows them."""
    own = {secret.name: place.secret(secret.name) for secret in stored(place) if secret.for_app}
    return own | {name: url.id for name, url in composed(place, pooled=pooled).items()}


def _volume(name: str) -> str:
    return f"secret-{name.lower().replace('_', '-')}"


def _database(place: Place, *, pooled: bool) -> Url:
    database = place.deployment.config.database
    host, port = place.database_host, place.database_port
    if pooled:
        before = f"postgresql://{database.user}:"
        return Url(
            place.url_secret("DATABASE_URL"),
            before,
            DATABASE_PASSWORD,
            f"@127.0.0.1:{POOLER_PORT}/{database.name}?sslmode=disable",
        )
    before, _, after = database_url(place.deployment, host, port, "\0", DATABASE_CA).partition("\0")
    identifier = place.url_secret("DATABASE_URL_DIRECT" if place.deployment.sizes.pooler else "DATABASE_URL")
    return Url(identifier, before, DATABASE_PASSWORD, after)
