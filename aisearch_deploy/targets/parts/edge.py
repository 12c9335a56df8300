"""The edge: one nginx, the same on every target that runs containers of ours.

Plans the values of templates/_parts/edge/: nginx.conf and the scripts of the image's /docker-entrypoint.d.
"""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

from aisearch_deploy.config.edge import RateLimit
from aisearch_deploy.model.deployment import Deployment

# https://www.cloudflare.com/ips/ as published on 2026-09-29.
CLOUDFLARE = (
    "173.245.48.0/20",
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "141.101.64.0/18",
    "108.162.192.0/18",
    "190.93.240.0/20",
    "188.114.96.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
    "162.158.0.0/15",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "172.64.0.0/13",
    "131.0.72.0/22",
    "2400:cb00::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2405:b500::/32",
    "2405:8100::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
)

# https://owasp.org/www-project-secure-headers/ (its list of 2026), with the content policy from the config. Framing by
# our own pages is allowed, as the default content policy says; X-XSS-Protection 0 switches off what browsers removed.
SECURITY_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-XSS-Protection": "0",
}

COMPRESSED_TYPES = (
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/javascript",
    "text/markdown",
    "text/plain",
    "text/xml",
)

# Messages of nginx quote the request's line with its query; below error they are about nothing but routine.
ERROR_LEVELS = {"DEBUG": "info", "INFO": "error", "WARNING": "error", "ERROR": "crit"}

MULTIPART_ALLOWANCE = 64 * 1024
STATIC_CACHE = 64 * 2**20


class Location(NamedTuple):
    """A path and all below it. `exact` is the path alone (none for /), `prefix` what is below."""

    exact: str | None
    prefix: str
    limited: bool = False
    streams: bool = False


def edge_values(
    deployment: Deployment,
    upstream: str,
    *,
    acme_service: str | None = None,
    https_port: int = 443,
    replicas_file: bool = False,
    clear_http2: bool = False,
    listen: tuple[int, int] = (8080, 8443),
) -> dict[str, Any]:
    """The values of every template in templates/_parts/edge/.

    `upstream` is the app as host:port, a full name that the container's name server resolves to all replicas.
    `acme_service` (host:port) answers Let's Encrypt's challenges; none: files below /acme do. `https_port` is the port
    that clients connect to. With `replicas_file` the servers of the upstream are those of /tmp/nginx/replicas.conf.
    that clients connect to. `clear_http2`: the platform in front speaks HTTP/2 to us, without TLS.
    `listen` are the ports inside the container, for HTTP and HTTPS.
    """
    config, sizes = deployment.config, deployment.sizes
    tls = config.tls.source != "platform"
    longest = max(sizes.request_timeout, sizes.stream_timeout)
    workers = worker_processes(deployment)
    headers = answer_headers(deployment)
    return {
        "config_file": deployment.document.file.rpartition("/")[2],
        "domains": config.domains,
        "upstream": upstream,
        "replicas_file": replicas_file,
        "ipv6": config.network.ipv6,
        "resolver_ipv6": "on" if config.network.ipv6 else "off",
        "tls": tls,
        "clear_http2": clear_http2,
        "http_listen": listen[0],
        "http_listen_ipv6": f"[::]:{listen[0]}",
        "https_listen": listen[1],
        "https_listen_ipv6": f"[::]:{listen[1]}",
        "acme": config.tls.source == "letsencrypt",
        "acme_service": acme_service if config.tls.source == "letsencrypt" else None,
        "subject_names": ",".join(f"DNS:{domain}" for domain in config.domains),
        "without_files": "refuse" if config.tls.source == "files" else "self-signed",
        "https_port": https_port,
        "public_port": None if https_port == 443 else f":{https_port}",
        "worker_processes": workers,
        "connections": sizes.edge_connections,
        # Two sockets a proxied request, and files of uploads and the cache.
        "open_files": 4 * sizes.edge_connections,
        "error_level": ERROR_LEVELS[config.logs.level],
        "json_log": config.logs.format == "json",
        "keepalive": f"{sizes.edge_keepalive}s",
        "body_size": f"{(config.app.upload_limit + MULTIPART_ALLOWANCE) // 1024}k",
        "request_timeout": f"{sizes.request_timeout}s",
        "stream_timeout": f"{sizes.stream_timeout}s",
        "longest_answer": f"{longest}s",
        "upstream_connections": sizes.upstream_connections,
        "upstream_keepalive": f"{sizes.upstream_keepalive}s",
        "balance": config.edge.balance,
        "hsts": f"max-age={config.edge.hsts}; includeSubDomains",
        "headers": list(headers.items()),
        "hidden_headers": [*headers, "Strict-Transport-Security", "X-Request-ID", "X-Powered-By"],
        "brotli": config.edge.brotli,
        "compressed_types": COMPRESSED_TYPES,
        "allow": config.edge.allow,
        **_client_address(deployment),
        **_callers(deployment),
        **_paths(deployment),
    }


def script_names(deployment: Deployment) -> tuple[str, ...]:
    """The scripts of /docker-entrypoint.d, in the order in which they run; each must be executable."""
    config = deployment.config
    watched = [
        *(["20-certificate.sh"] if config.tls.source != "platform" else []),
        *(["30-api-keys.sh"] if config.api_keys else []),
    ]
    return ("10-resolver.sh", *watched, *(["40-reload.sh"] if watched else []))


def edge_temporary_bytes(deployment: Deployment) -> int:
    """What the edge may hold below /tmp: uploads on their way, cached static files and a little of its own."""
    return deployment.sizes.temporary_space + STATIC_CACHE + 16 * 2**20


def worker_processes(deployment: Deployment) -> int:
    """Two, so that a long TLS handshake never stops everything; one more for each further 250 requests a second."""
    return max(2, ceil(deployment.config.load.peak_requests / 60 / 250) + 1)


def answer_headers(deployment: Deployment) -> dict[str, str]:
    """The security headers, the content policy and what the config adds; its word on a header replaces ours."""
    edge = deployment.config.edge
    chosen = {"Content-Security-Policy": edge.csp} | SECURITY_HEADERS
    theirs = {name.lower() for name in edge.extra_headers}
    return {name: value for name, value in chosen.items() if name.lower() not in theirs} | edge.extra_headers


def _client_address(deployment: Deployment) -> dict[str, Any]:
    """Whose word on the client's address counts, and in which header.

    Cloudflare alone says it in CF-Connecting-IP. With more proxies behind Cloudflare anybody could reach those with a
    CF-Connecting-IP of his own, so the chain of X-Forwarded-For is walked instead, back to the first stranger.
    """
    config = deployment.config
    cloudflare = config.cdn == "cloudflare"
    return {
        "real_ip_from": [*config.trusted_proxies, *(CLOUDFLARE if cloudflare else ())],
        "real_ip_header": "CF-Connecting-IP" if cloudflare and not config.trusted_proxies else "X-Forwarded-For",
    }


def _callers(deployment: Deployment) -> dict[str, Any]:
    keys, limit = deployment.config.api_keys, deployment.config.rate_limit
    values: dict[str, Any] = {
        "api_keys": keys.header if keys else None,
        "api_keys_secret": keys.secret if keys else None,
        "rate_limit": limit is not None,
    }
    if limit:
        values |= {
            "rate": f"rate={limit.requests}r/{limit.per[0]}",
            "burst": f"burst={limit.burst}" if limit.burst else None,
            "retry_after": _seconds_between(limit),
        }
    return values


def _seconds_between(limit: RateLimit) -> int:
    return ceil((60 if limit.per == "minute" else 1) / limit.requests)


def _paths(deployment: Deployment) -> dict[str, Any]:
    """Where one path has two meanings, metrics come first (they are hidden), then probes, static files, all others."""
    contract = deployment.config.contract
    metrics, static = _base(contract.metrics_path or ""), _base(contract.static_path)
    return {
        "health_paths": [path for path in _probes(deployment) if not metrics or _base(path) != metrics],
        "metrics": _location(metrics) if metrics else None,
        "static": _location(static) if static not in ("", metrics) else None,
        "paths": locations(deployment),
    }


def locations(deployment: Deployment) -> list[Location]:
    """Every path that is limited or streams, and / for the rest; what holds for a path holds below it."""
    config = deployment.config
    limited = {_base(path) for path in config.rate_limit.paths} if config.rate_limit else set()
    streams = {_base(path) for path in config.app.streaming_paths}
    taken = {_base(path) for path in (config.contract.static_path, config.contract.metrics_path or "")} - {""}
    found = [
        _location(path, limited=_below(path, limited), streams=_below(path, streams))
        for path in sorted({"", *limited, *streams} - taken, reverse=True)
    ]
    return [place._replace(exact=None) if place.exact in _probes(deployment) else place for place in found]


def _probes(deployment: Deployment) -> list[str]:
    contract = deployment.config.contract
    return list(dict.fromkeys([contract.health_path, contract.ready_path]))


def _location(path: str, *, limited: bool = False, streams: bool = False) -> Location:
    base = _base(path)
    return Location(base or None, f"{base}/", limited, streams)


def _base(path: str) -> str:
    return path.rstrip("/")


def _below(path: str, parents: set[str]) -> bool:
    return any(path == parent or path.startswith(f"{parent}/") for parent in parents)
