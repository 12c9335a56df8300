"""Which image each part runs, and the one place where an air-gapped registry replaces all others."""

from __future__ import annotations

from collections.abc import Mapping

from aisearch_deploy.config.app import Image
from aisearch_deploy.config.schema import Config


def images(config: Config, defaults: Mapping[str, str]) -> dict[str, str]:
    """Image references by part: app, database, cache, edge, pooler, certbot, rclone."""
    database = config.database
    flavour = "pgvector" if config.vector_store.engine == "pgvector" else "postgresql"
    chosen = {
        "app": app_reference(config.image),
        "database": database.image or defaults[flavour].format(version=database.version),
        "cache": config.cache.image or defaults[config.cache.engine],
        "edge": config.edge.image or defaults["nginx"],
        "pooler": defaults["pgbouncer"],
        "certbot": defaults["certbot"],
        "rclone": defaults["rclone"],
    }
    return {part: mirrored(config, reference) for part, reference in chosen.items()}


def app_reference(image: Image) -> str:
    """`repository:tag@digest`, with what is given of the two."""
    tag = f":{image.tag}" if image.tag else ""
    digest = f"@{image.digest}" if image.digest else ""
    return f"{image.repository}{tag}{digest}"


def mirrored(config: Config, reference: str) -> str:
    """Where an image is taken from: where it says or, without a way out, the one registry."""
    if config.air_gapped is None:
        return reference
    host, slash, path = reference.partition("/")
    # Docker's rule: the first part is a registry when it has a dot or a port, or is localhost.
    has_registry = slash and ("." in host or ":" in host or host == "localhost")
    return f"{config.air_gapped.registry}/{path if has_registry else reference}"
