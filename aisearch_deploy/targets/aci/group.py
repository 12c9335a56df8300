"""The container group: nginx, the app, and what runs beside them, on one address."""

from __future__ import annotations

import base64
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.aci import app_secrets
from aisearch_deploy.targets.aci.images import copied
from aisearch_deploy.targets.aci.place import (
    CACHE_PORT,
    HTTP_PORT,
    HTTPS_PORT,
    Place,
    cores,
    gigabytes,
)
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import CA_PATH, command, environment
from aisearch_deploy.targets.parts.edge import edge_temporary_bytes, edge_values
from aisearch_deploy.targets.parts.edge_image import content_tag, edge_image_files
from aisearch_deploy.targets.parts.pooler import POOLER_PORT, pooler_settings
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

AUTHORITIES = "/etc/aisearch/authorities/ca-bundle.pem"
TRUSTED = "/tmp/authorities.pem"  # noqa: S108 - inside the container
# The variable replaces the authorities that Python finds by itself, so the image's own come first.
TRUST = f'cat /etc/ssl/certs/ca-certificates.crt {AUTHORITIES} >{TRUSTED}; exec "$@"'
NGINX_MEMORY = 256 * 2**20
# As the template says.
EDGE_CORES = 0.25
CERTBOT_CORES = 0.1
CERTBOT_MEMORY = 256 * 2**20
POOLER_MEMORY = 256 * 2**20

Object = dict[str, Any]


def group(place: Place) -> File:
    """group.yaml, complete but for the secrets."""
    deployment = place.deployment
    config, sizes = deployment.config, deployment.sizes
    values = place.values(
        tags=place.tags,
        zone=place.options.zone,
        identity=place.identity,
        registry=place.registry,
        dns_label=place.dns_label,
        ports=[{"port": HTTP_PORT, "protocol": "TCP"}, {"port": HTTPS_PORT, "protocol": "TCP"}],
        first=_first(place),
        edge={
            "image": edge_image(place),
            "ports": [HTTP_PORT, HTTPS_PORT],
            "memory": _edge_memory(deployment),
            "mounts": [*_certificate_mounts(place), *_key_mounts(place)],
        },
        app=_app(place),
        startup=config.app.startup,
        certbot={"image": certbot_image(place), "memory": gigabytes(CERTBOT_MEMORY)} if issues(place) else None,
        cache=_cache(place) if deployment.bundles_cache else None,
        pooler=_pooler(place) if sizes.pooler else None,
        sidecars=[_sidecar(place, number) for number in range(len(config.app.sidecars))],
        shares=[{"volume": part, "name": place.share(part)} for part in shares(place)],
        volumes=_volumes(place),
        key_file=config.api_keys.secret if config.api_keys else None,
        storage_account=place.options.storage_account,
    )
    return File("group.yaml", "nginx and the app on one address", values=values)


def asked(place: Place) -> tuple[float, float]:
    """Cores and GB that all containers together ask for."""
    deployment = place.deployment
    app = deployment.config.app
    core = cores(app.cpu.request) + EDGE_CORES
    memory = gigabytes(app.memory.request) + _edge_memory(deployment)
    beside = [(EDGE_CORES, gigabytes(deployment.sizes.cache_container))] if deployment.bundles_cache else []
    beside += [(EDGE_CORES, gigabytes(POOLER_MEMORY))] if deployment.sizes.pooler else []
    beside += [(CERTBOT_CORES, gigabytes(CERTBOT_MEMORY))] if issues(place) else []
    beside += [(cores(sidecar.cpu), gigabytes(sidecar.memory)) for sidecar in app.sidecars]
    return core + sum(each for each, _ in beside), memory + sum(each for _, each in beside)


def _edge_memory(deployment: Deployment) -> float:
    return gigabytes(NGINX_MEMORY + edge_temporary_bytes(deployment))


def edge_files(place: Place) -> tuple[File, ...]:
    return edge_image_files(place.deployment, nginx_values(place))


def edge_image(place: Place) -> str:
    return f"{place.registry}/edge:{content_tag(place.deployment.images['edge'], nginx_values(place))}"


def nginx_values(place: Place) -> Object:
    port = place.deployment.config.contract.port
    values = edge_values(place.deployment, f"127.0.0.1:{port}", listen=(HTTP_PORT, HTTPS_PORT))
    # A group has an IPv4 address only.
    return {**values, "ipv6": False, "resolver_ipv6": "off"}


def issues(place: Place) -> bool:
    """Whether a client of our own asks for certificates."""
    return place.deployment.config.tls.source == "letsencrypt"


def certbot_image(place: Place) -> str:
    return f"{place.registry}/certbot:{content_tag(certbot_values(place))}"


def certbot_values(place: Place) -> Object:
    config = place.deployment.config
    return {
        "config_file": place.values()["config_file"],
        "image": place.deployment.images["certbot"],
        "domain": place.deployment.domain,
        "domains": ",".join(config.domains),
        "email": config.tls.email,
        "server": config.tls.server,
    }


def _app(place: Place) -> Object:
    deployment = place.deployment
    config = deployment.config
    return {
        "image": copied(place, deployment.images["app"]).named,
        "command": _started_with(place, command(deployment)),
        "variables": _variables(place),
        "given": " ".join(app_secrets.given(place, pooled=True)),
        "port": config.contract.port,
        "ready_path": config.contract.ready_path,
        "health_path": config.contract.health_path,
        "cpu": cores(config.app.cpu.request),
        "most_cpu": cores(config.app.cpu.limit),
        "memory": gigabytes(config.app.memory.request),
        "most_memory": gigabytes(config.app.memory.limit),
        "mounts": _mounts(place),
    }


def _started_with(place: Place, words: list[str]) -> list[str]:
    if place.deployment.config.network.ca_bundle is None:
        return words
    return ["/bin/sh", "-euc", TRUST, "start", *words]


def _first(place: Place) -> list[Object]:
    """Init containers: they end before the others start, at every start of the group."""
    deployment = place.deployment
    if not deployment.config.app.migrate:
        return []
    return [
        {
            "name": "migrate",
            "image": copied(place, deployment.images["app"]).named,
            "command": _started_with(place, list(deployment.config.app.migrate)),
            "variables": _variables(place),
            "given": " ".join(app_secrets.given(place, pooled=False)),
            "mounts": _mounts(place),
        }
    ]


def _variables(place: Place) -> list[Object]:
    settings = environment(place.deployment, "127.0.0.1", place.options.env)
    for url in app_secrets.composed(place):
        settings.pop(url.name, None)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if settings.get(name) == CA_PATH:
            settings[name] = TRUSTED
    return [{"name": name, "value": value} for name, value in settings.items()]


def _mounts(place: Place) -> list[Object]:
    config = place.deployment.config
    found: list[Object] = [{"name": "uploads", "mountPath": config.contract.state.uploads}]
    if config.app.models_cache:
        found.append({"name": "models", "mountPath": config.contract.state.models})
    if config.network.ca_bundle:
        found.append({"name": "authorities", "mountPath": AUTHORITIES.rpartition("/")[0], "readOnly": True})
    return [*found, *database_authority_mounts(place)]


def database_authority_mounts(place: Place) -> list[Object]:
    if place.deployment.config.database.ca is None:
        return []
    return [{"name": "database-ca", "mountPath": app_secrets.DATABASE_CA.rpartition("/")[0], "readOnly": True}]


def database_authority_volumes(place: Place) -> list[Object]:
    source = place.deployment.config.database.ca
    return [_file("database-ca", "database-ca.pem", place.deployment.inputs[source])] if source else []


def _volumes(place: Place) -> list[Object]:
    """Volumes that need no secret; shares are in the template, since fill.sh adds their key."""
    source = place.deployment.config.network.ca_bundle
    found = [_file("authorities", "ca-bundle.pem", place.deployment.inputs[source])] if source else []
    return [
        *found,
        *database_authority_volumes(place),
        *([{"name": "challenges", "emptyDir": {}}] if issues(place) else []),
    ]


def shares(place: Place) -> list[str]:
    """The file shares, by volume."""
    config = place.deployment.config
    certificates = ["certificates"] if config.tls.source in ("files", "letsencrypt") else []
    return ["uploads", *(["models"] if config.app.models_cache else []), *certificates]


def _certificate_mounts(place: Place) -> list[Object]:
    found: list[Object] = []
    if "certificates" in shares(place):
        found.append({"name": "certificates", "mountPath": "/certificates", "readOnly": True})
    if issues(place):
        found.append({"name": "challenges", "mountPath": "/acme", "readOnly": True})
    return found


def _key_mounts(place: Place) -> list[Object]:
    if place.deployment.config.api_keys is None:
        return []
    return [{"name": "api-keys", "mountPath": "/run/secrets", "readOnly": True}]


def _cache(place: Place) -> Object:
    """The cache is beside the app: there is one replica, and nothing in it is the only copy."""
    deployment = place.deployment
    engine = deployment.config.cache.engine
    settings = {
        "--bind": "127.0.0.1",
        "--port": str(CACHE_PORT),
        "--maxmemory": str(deployment.config.cache.memory),
        "--maxmemory-policy": "allkeys-lru",
        "--save": "",
        "--appendonly": "no",
    }
    return {
        "image": copied(place, deployment.images["cache"]).named,
        "command": [f"{engine}-server", *(word for pair in settings.items() for word in pair)],
        "memory": gigabytes(deployment.sizes.cache_container),
        "ping": [f"{engine}-cli", "ping"],
    }


def _pooler(place: Place) -> Object:
    deployment = place.encrypted
    connections = deployment.sizes.pooler_connections
    settings = pooler_settings(
        deployment, place.database_host, place.database_port, connections, app_secrets.DATABASE_CA
    )
    return {
        "image": copied(place, deployment.images["pooler"]).named,
        "variables": [{"name": name, "value": value} for name, value in settings.items()],
        "given": f"DB_PASSWORD={DATABASE_PASSWORD}",
        "memory": gigabytes(POOLER_MEMORY),
        "mounts": database_authority_mounts(place),
        "check": ["pg_isready", "-h", "127.0.0.1", "-p", str(POOLER_PORT)],
    }


def _sidecar(place: Place, number: int) -> Object:
    sidecar = place.deployment.config.app.sidecars[number]
    return {
        "name": sidecar.name,
        "image": copied(place, sidecar.image).named,
        "command": list(sidecar.command),
        "variables": [{"name": name, "value": value} for name, value in sorted(sidecar.env.items())],
        "cpu": cores(sidecar.cpu),
        "memory": gigabytes(sidecar.memory),
    }


def _file(volume: str, name: str, content: bytes) -> Object:
    """A public file, which Azure takes in base64."""
    return {"name": volume, "secret": {name: base64.b64encode(content).decode()}}
