"""Edition 2026.11.

Sizes follow the guide's scale table (under 1,000, under 10,000 and more users) and the app as measured: 12 s from start
to healthy on two cores, 1.05 GiB resident for an idle worker. A lighter image declares its own numbers.
"""

from typing import Any

_EVERY_SIZE: dict[str, Any] = {
    "app": {
        "workers": "auto",
        "memory_per_worker": {"rest": "1100Mi", "per_request": "20Mi"},
        "startup": "60s",
        "longest_request": "120s",
        "token_gap": "30s",
        "drain": "30s",
        "upload_limit": "100Mi",
        "streaming_paths": ["/chat/stream"],
    },
    "tls": {"from": "self-signed"},
    "database": {"engine": "postgresql", "version": 18, "tls": "disable", "max_connections": 100, "pooler": "auto"},
    "cache": {"ttl": "1h"},
    "vector_store": {"engine": "pgvector", "storage": "20Gi"},
}

PRESETS: dict[str, dict[str, Any]] = {
    "small": {
        "load": {"peak_requests": "5/s", "streams": 20},
        "app": _EVERY_SIZE["app"]
        | {"cpu": {"request": "500m", "limit": "2"}, "memory": {"request": "4Gi", "limit": "4Gi"}},
        "scaling": {"min": 1, "max": 2, "cpu": "70%"},
        "tls": _EVERY_SIZE["tls"],
        "database": _EVERY_SIZE["database"]
        | {"pool": {"size": 5, "overflow": 5}, "cpu": "500m", "memory": "1Gi", "storage": "20Gi"},
        "cache": _EVERY_SIZE["cache"] | {"memory": "384Mi"},
        "uploads": {"storage": "10Gi"},
        "vector_store": _EVERY_SIZE["vector_store"],
    },
    "medium": {
        "load": {"peak_requests": "20/s", "streams": 100},
        "app": _EVERY_SIZE["app"]
        | {"cpu": {"request": "1", "limit": "2"}, "memory": {"request": "6Gi", "limit": "6Gi"}},
        "scaling": {"min": 3, "max": 10, "cpu": "70%"},
        "tls": _EVERY_SIZE["tls"],
        "database": _EVERY_SIZE["database"]
        | {"pool": {"size": 5, "overflow": 5}, "cpu": "1", "memory": "4Gi", "storage": "50Gi"},
        "cache": _EVERY_SIZE["cache"] | {"memory": "1536Mi"},
        "uploads": {"storage": "20Gi"},
        "vector_store": _EVERY_SIZE["vector_store"],
    },
    "large": {
        "load": {"peak_requests": "100/s", "streams": 500},
        "app": _EVERY_SIZE["app"]
        | {"cpu": {"request": "2", "limit": "4"}, "memory": {"request": "12Gi", "limit": "12Gi"}},
        "scaling": {"min": 4, "max": 20, "cpu": "70%"},
        "tls": _EVERY_SIZE["tls"],
        "database": _EVERY_SIZE["database"]
        | {
            "pool": {"size": 5, "overflow": 5},
            "max_connections": 400,
            "cpu": "4",
            "memory": "16Gi",
            "storage": "200Gi",
        },
        "cache": _EVERY_SIZE["cache"] | {"memory": "6Gi"},
        "uploads": {"storage": "100Gi"},
        "vector_store": _EVERY_SIZE["vector_store"] | {"storage": "100Gi"},
    },
}

_CONTRACT: dict[str, Any] = {
    "app": "src.web.app:app",
    "port": 8000,
    "user": 10001,
    "health_path": "/health",
    "ready_path": "/health",
    "static_path": "/static",
    "secrets_as": "env",
}

CONTRACTS: dict[str, dict[str, Any]] = {
    # The image that the guide describes: PostgreSQL, Redis and shared uploads; any number of replicas.
    "shared-state": {
        "contract": _CONTRACT
        | {
            "metrics_path": "/metrics",
            "state": {"uploads": "/app/src/web/uploads", "data": None, "models": "/app/.cache"},
        }
    },
    # Today's image: SQLite, Chroma and uploads on local disk; one worker in one replica.
    "local-state": {
        "contract": _CONTRACT
        | {
            "metrics_path": None,
            "state": {"uploads": "/app/src/web/uploads", "data": "/app/data", "models": "/app/.cache"},
        },
        "app": {"workers": 1},
        "scaling": {"min": 1, "max": 1},
        "database": {"engine": "sqlite"},
        "vector_store": {"engine": "chroma"},
    },
}

# Supported on 2026-11-01. A tag that names a minor receives its security fixes; pin a digest with `image:` of the part.
IMAGES = {
    "postgresql": "docker.io/library/postgres:{version}-trixie",
    "pgvector": "docker.io/pgvector/pgvector:pg{version}-trixie",
    # CloudNativePG runs its own build of PostgreSQL, with pgvector: github.com/cloudnative-pg/postgres-containers.
    "cloudnative-pg": "ghcr.io/cloudnative-pg/postgresql:{version}-standard-trixie",
    "valkey": "docker.io/valkey/valkey:9.1-trixie",
    "redis": "docker.io/library/redis:8.4-trixie",
    "nginx": "docker.io/library/nginx:1.30-trixie",
    "pgbouncer": "docker.io/edoburu/pgbouncer:v1.25.0-p0",
    "certbot": "docker.io/certbot/certbot:v5.1.0",
    "rclone": "docker.io/rclone/rclone:1.72",
    "build": "docker.io/library/python:3.14-slim-trixie",
}
