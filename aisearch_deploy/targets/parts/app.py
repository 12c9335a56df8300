"""How the app is started and what it is told, the same on every target."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment


def command(deployment: Deployment) -> list[str]:
    """uvicorn with our numbers; its keep-alive outlives the edge's pool, its drain fits the grace period."""
    contract, sizes = deployment.config.contract, deployment.sizes
    return [
        "uvicorn",
        contract.app,
        "--host=0.0.0.0",
        f"--port={contract.port}",
        f"--workers={sizes.workers}",
        f"--timeout-keep-alive={sizes.app_keepalive}",
        f"--timeout-graceful-shutdown={sizes.drain}",
        "--proxy-headers",
        # Only the edge can reach this port: by an internal network (compose) or a network policy (Kubernetes).
        "--forwarded-allow-ips=*",
        "--no-server-header",
    ]


def environment(deployment: Deployment, cache_host: str, extra: dict[str, str]) -> dict[str, str]:
    """Everything the app reads that is no secret, sorted by name. `extra` is the target's own `env`."""
    config = deployment.config
    settings = {
        "WEB_HOST": "0.0.0.0",  # noqa: S104 - inside a container that publishes no port
        "WEB_PORT": str(config.contract.port),
        "LOG_LEVEL": config.logs.level,
        "LOG_FORMAT": config.logs.format,
        "CORS_ORIGINS": ",".join(config.app.cors_origins or [f"https://{domain}" for domain in config.domains]),
        # The edge counts; a second limiter in the app would count probes and proxies against everybody.
        "RATE_LIMIT_ENABLED": "false",
        "RATE_LIMIT_STORAGE": "memory://",
    }
    if deployment.shared_state:
        settings["WEB_WORKERS"] = str(deployment.sizes.workers)
        settings["CACHE_TTL"] = str(config.cache.ttl)
    if deployment.uses_cache and config.cache.password_secret is None:
        settings["REDIS_URL"] = cache_url(deployment, cache_host, 0)
        settings["RATE_LIMIT_STORAGE"] = cache_url(deployment, cache_host, 1)
    if deployment.uses_database:
        settings["DATABASE_POOL_SIZE"] = str(config.database.pool.size)
        settings["DATABASE_MAX_OVERFLOW"] = str(config.database.pool.overflow)
    if config.contract.metrics_path and not config.monitoring.metrics:
        settings["METRICS_ENABLED"] = "false"
    settings |= _proxy(deployment) | _sandbox(deployment) | _authorities(deployment)
    settings |= config.app.env | extra
    return dict(sorted(settings.items()))


def cache_url(deployment: Deployment, host: str, number: int) -> str:
    """`redis://host:port/number`, or rediss:// with TLS; without a password."""
    cache = deployment.config.cache
    scheme = "rediss" if cache.tls else "redis"
    return f"{scheme}://{cache.host or host}:{cache.port}/{number}"


def database_url(deployment: Deployment, host: str, port: int, password: str, ca_path: str) -> str:
    """PostgreSQL's URL with `password` as it stands: a reference in the target's own words, never a value."""
    database = deployment.config.database
    authority = f"&sslrootcert={ca_path}" if database.ca else ""
    return f"postgresql://{database.user}:{password}@{host}:{port}/{database.name}?sslmode={database.tls}{authority}"


def _proxy(deployment: Deployment) -> dict[str, str]:
    proxy = deployment.config.network.proxy
    chosen = {"HTTPS_PROXY": proxy.https, "HTTP_PROXY": proxy.http}
    settings = {name: value for name, value in chosen.items() if value}
    if settings:
        settings["NO_PROXY"] = ",".join(["localhost", "127.0.0.1", *_own_hosts(deployment), *proxy.no_proxy])
    return settings


def _own_hosts(deployment: Deployment) -> list[str]:
    config = deployment.config
    named = [config.database.host, config.cache.host]
    return [
        *(host for host in named if host),
        "db",
        "pooler",
        "cache",
        f".{deployment.name}.svc",
        ".svc",
        ".cluster.local",
    ]


def _sandbox(deployment: Deployment) -> dict[str, str]:
    sandbox = deployment.config.sandbox
    if sandbox.mode == "none":
        # Without an isolated runtime the app would fall back to a plain subprocess: switch execution off instead.
        return {"SANDBOX_ENABLED": "false"}
    return {
        "SANDBOX_ENABLED": "true",
        "SANDBOX_MEMORY_MB": str(sandbox.memory // 2**20),
        "SANDBOX_CPU": str(sandbox.cpu / 1000),
    }


def _authorities(deployment: Deployment) -> dict[str, str]:
    if deployment.config.network.ca_bundle is None:
        return {}
    return {"SSL_CERT_FILE": CA_PATH, "REQUESTS_CA_BUNDLE": CA_PATH}


CA_PATH = "/etc/aisearch/ca-bundle.pem"
DATABASE_CA_PATH = "/etc/aisearch/database-ca.pem"
