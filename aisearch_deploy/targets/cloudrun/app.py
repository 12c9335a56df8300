"""The service: nginx, the app, and what runs beside them in each instance."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.json import encode_flow
from aisearch_deploy.formats.quantities import kubernetes_cpu
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.cloudrun import app_secrets
from aisearch_deploy.targets.cloudrun.edge import edge_image, seen_by_nginx
from aisearch_deploy.targets.cloudrun.images import copied
from aisearch_deploy.targets.cloudrun.place import EDGE_PORT, Place, mebibytes
from aisearch_deploy.targets.parts.app import CA_PATH, command, environment
from aisearch_deploy.targets.parts.edge import edge_temporary_bytes
from aisearch_deploy.targets.parts.pooler import POOLER_PORT, pooler_settings
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

AUTHORITIES = "/etc/aisearch/authorities/ca-bundle.pem"
TRUSTED = "/tmp/authorities.pem"  # noqa: S108 - inside the container
# The variable replaces the authorities that Python finds by itself, so the image's own come first.
TRUST = f'cat /etc/ssl/certs/ca-certificates.crt {AUTHORITIES} >{TRUSTED}; exec "$@"'

NGINX_MEMORY = 128 * 2**20
POOLER_MEMORY = 256 * 2**20

Object = dict[str, Any]


def service(place: Place) -> File:
    """service.yaml."""
    deployment = place.deployment
    config, sizes = deployment.config, deployment.sizes
    seen = seen_by_nginx(place)
    keys = config.api_keys
    values = place.values(
        labels=place.labels,
        # Of the service: who may connect. nginx checks keys, Cloud Armor networks.
        service_annotations={
            "run.googleapis.com/ingress": "internal-and-cloud-load-balancing" if place.balanced else "all",
            "run.googleapis.com/invoker-iam-disabled": "true",
            **({"run.googleapis.com/default-url-disabled": "true"} if place.balanced else {}),
        },
        min_scale=str(sizes.replicas),
        max_scale=str(sizes.max_replicas),
        throttling="true" if place.options.cpu_throttling else "false",
        sticky=config.edge.balance == "address-hash",
        network=network(place),
        egress=place.options.egress,
        dependencies=encode_flow({"edge": ["app"], **({"app": ["pooler"]} if sizes.pooler else {})}),
        annotations=dict(place.options.annotations),
        concurrency=place.concurrency,
        timeout=place.timeout,
        account=place.account("run"),
        edge={
            "image": edge_image(place),
            "port": EDGE_PORT,
            "protocol": "h2c" if place.options.http2 else "http1",
            "memory": mebibytes(NGINX_MEMORY + edge_temporary_bytes(seen), 64),
            "has_keys": keys is not None,
        },
        app=_app(place),
        pooler=_pooler(place) if sizes.pooler else None,
        sidecars=[_sidecar(place, number) for number in range(len(config.app.sidecars))],
        volumes=[*volumes(place, pooled=True), *_key_volumes(place)],
    )
    return File("service.yaml", f"nginx and the app, {sizes.replicas} to {sizes.max_replicas} instances", values=values)


def network(place: Place) -> str | None:
    """Direct VPC egress, as the annotation takes it."""
    if place.network is None:
        return None
    return encode_flow([{"network": place.network, "subnetwork": place.options.subnet or place.network}])


def started_with(place: Place, words: list[str]) -> list[str]:
    """The command, with the corporate authorities trusted where there are any."""
    if place.deployment.config.network.ca_bundle is None:
        return words
    return ["/bin/sh", "-euc", TRUST, "start", *words]


def variables(place: Place, *, pooled: bool) -> list[Object]:
    """The environment of the app's image; `pooled`: PgBouncer may stand before the database."""
    deployment = place.deployment
    settings = environment(deployment, place.cache_host, place.options.env)
    for name in app_secrets.composed(place, pooled=pooled):
        settings.pop(name, None)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if settings.get(name) == CA_PATH:
            settings[name] = TRUSTED
    return [
        *({"name": name, "value": value} for name, value in settings.items()),
        *app_secrets.variables(place, pooled=pooled),
    ]


def volumes(place: Place, *, pooled: bool) -> list[Object]:
    """Volumes of the app's image."""
    deployment = place.deployment
    config = deployment.config
    found = [_bucket(place, "uploads", place.uploads)]
    if config.app.models_cache:
        found.append(_bucket(place, "models", place.bucket("models")))
    found += app_secrets.volumes(place, pooled=pooled)
    if config.network.ca_bundle:
        found.append(_file("authorities", place.named("ca-bundle"), "ca-bundle.pem"))
    if config.database.ca:
        found.append(_file("database-ca", place.named("database-ca"), "database-ca.pem"))
    return found


def mounts(place: Place, *, pooled: bool) -> list[Object]:
    """Where the app's image sees them."""
    config = place.deployment.config
    found = [{"name": "uploads", "mountPath": config.contract.state.uploads}]
    if config.app.models_cache:
        found.append({"name": "models", "mountPath": config.contract.state.models})
    found += app_secrets.mounts(place, pooled=pooled)
    if config.network.ca_bundle:
        found.append({"name": "authorities", "mountPath": AUTHORITIES.rpartition("/")[0]})
    return [*found, *database_authority_mounts(place)]


def database_authority_mounts(place: Place) -> list[Object]:
    """The authority that the database's certificate is verified against, where the config brings one."""
    if place.deployment.config.database.ca is None:
        return []
    return [{"name": "database-ca", "mountPath": app_secrets.DATABASE_CA.rpartition("/")[0]}]


def _app(place: Place) -> Object:
    deployment = place.deployment
    config, sizes = deployment.config, deployment.sizes
    return {
        "image": copied(place, deployment.images["app"]).named,
        "command": started_with(place, command(place.drained)),
        "variables": variables(place, pooled=True),
        "cpu": str(place.cores),
        "memory": mebibytes(config.app.memory.limit),
        "port": config.contract.port,
        "ready_path": config.contract.ready_path,
        "health_path": config.contract.health_path,
        "startup_probes": sizes.startup_probes,
        "mounts": mounts(place, pooled=True),
    }


def _pooler(place: Place) -> Object:
    """PgBouncer beside each app: every instance gets its share of the connections that the database accepts."""
    deployment = place.deployment
    sizes = deployment.sizes
    share = max(1, sizes.pooler_connections // (sizes.max_replicas + 1))
    settings = pooler_settings(deployment, place.database_host, place.database_port, share, app_secrets.DATABASE_CA)
    return {
        "image": copied(place, deployment.images["pooler"]).named,
        "variables": [
            *({"name": name, "value": value} for name, value in settings.items()),
            app_secrets.variable("DB_PASSWORD", place.secret(DATABASE_PASSWORD)),
        ],
        "port": POOLER_PORT,
        "memory": mebibytes(POOLER_MEMORY),
        "mounts": database_authority_mounts(place),
    }


def _sidecar(place: Place, number: int) -> Object:
    sidecar = place.deployment.config.app.sidecars[number]
    return {
        "name": sidecar.name,
        "image": copied(place, sidecar.image).named,
        "args": list(sidecar.command),
        "variables": [{"name": name, "value": value} for name, value in sorted(sidecar.env.items())],
        "cpu": kubernetes_cpu(sidecar.cpu),
        "memory": mebibytes(sidecar.memory),
    }


def _key_volumes(place: Place) -> list[Object]:
    keys = place.deployment.config.api_keys
    return [_file("api-keys", place.secret(keys.secret), keys.secret)] if keys else []


def _bucket(place: Place, volume: str, bucket: str) -> Object:
    """A bucket as a folder that the app's user may write to."""
    user = place.deployment.config.contract.user
    return {
        "name": volume,
        "csi": {
            "driver": "gcsfuse.run.googleapis.com",
            "volumeAttributes": {"bucketName": bucket, "mountOptions": f"uid={user},gid={user},implicit-dirs=true"},
        },
    }


def _file(volume: str, secret: str, name: str) -> Object:
    return {"name": volume, "secret": {"secretName": secret, "items": [{"key": "latest", "path": name}]}}
