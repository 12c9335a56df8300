"""nginx as the distribution has it: a site, and what brings it certificates and API keys."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.edge import edge_values
from aisearch_deploy.targets.systemd.server import LOOPBACK, Server


def edge_files(server: Server) -> list[File]:
    """The site with its parts, and the service that loads certificates and API keys when they change."""
    values = site_values(server)
    config = server.deployment.config
    files = [
        server.file("nginx/site.conf", "the edge: TLS, limits and headers", "nginx", **values),
        server.file("nginx/common.conf", "what every server of the site shares", "nginx", **values),
        server.file("units/nginx.conf", "that nginx comes back", "systemd"),
        server.file("nginx/main.conf", "open files, and how long old workers may go on", "nginx", **values),
    ]
    if values["tls"]:
        files.append(
            server.file("lib/certificate.sh", "brings the certificate to nginx", "shell", executable=True, **values)
        )
    if config.api_keys:
        files.append(
            server.file("lib/api-keys.sh", "turns the API keys into a map", "shell", executable=True, **values)
        )
    if watched(server) or values["tls"]:
        files += [
            server.file("lib/edge.sh", "loads what has changed", "shell", executable=True, **_refresh(server)),
            server.file(
                "units/edge.service",
                "loads certificates and API keys",
                "systemd",
                script=f"{server.scripts}/edge.sh",
                writable=_written(server),
            ),
            server.file("units/edge.timer", "looks at them once a day", "systemd"),
        ]
    if watched(server):
        files.append(server.file("units/edge.path", "loads them when they change", "systemd", paths=watched(server)))
    files += [
        server.file(
            "units/logs.service",
            "rotates nginx's logs",
            "systemd",
            settings=f"{server.settings}/logrotate.conf",
            state=f"/var/lib/logrotate/{server.name}",
            writable=["/var/lib/logrotate", f"/var/log/{server.name}"],
        ),
        server.file("units/logs.timer", "looks at their size every quarter of an hour", "systemd"),
    ]
    return files


def site_values(server: Server) -> dict[str, Any]:
    """The values of the shared edge, with this server's paths, ports and times."""
    deployment, options = server.deployment, server.options
    config, sizes = deployment.config, deployment.sizes
    shared = edge_values(deployment, f"unix:{server.entrance}", https_port=options.https_port)
    gap = server.gap_seconds
    edge = f"{server.settings}/edge"
    return shared | {
        # While a new version starts, requests wait in the socket.
        "request_timeout": f"{sizes.request_timeout + gap}s",
        "stream_timeout": f"{sizes.stream_timeout + gap}s",
        "longest_answer": f"{max(sizes.request_timeout, sizes.stream_timeout) + gap}s",
        "http_listens": _listens(server, options.http_port),
        "https_listens": _listens(server, options.https_port),
        "local_listen": f"{LOOPBACK}:{config.contract.port}",
        "local_paths": _local_paths(server),
        "local_metrics": bool(config.contract.metrics_path) and config.monitoring.metrics,
        "common": f"/etc/nginx/snippets/{server.name}.conf",
        "certificate": f"{edge}/tls/fullchain.pem",
        "key": f"{edge}/tls/privkey.pem",
        "keys_map": f"{edge}/api-keys.conf",
        "challenges": server.challenges,
        "access_log": f"/var/log/{server.name}/access.log",
        "error_log": f"/var/log/{server.name}/error.log",
        "cache": f"/var/cache/{server.name}",
    }


def watched(server: Server) -> list[str]:
    """The files whose change is loaded at once."""
    deployment = server.deployment
    config = deployment.config
    return [
        *([f"{server.certificates}/fullchain.pem"] if config.tls.source == "files" else []),
        *([f"{deployment.secrets_path}/{config.api_keys.secret}"] if config.api_keys else []),
    ]


def _refresh(server: Server) -> dict[str, Any]:
    config = server.deployment.config
    return {
        "scripts": server.scripts,
        "certificates": server.certificates,
        "edge": f"{server.settings}/edge",
        "secrets": server.deployment.secrets_path,
        "tls": config.tls.source != "platform",
        "api_keys": config.api_keys is not None,
    }


def _written(server: Server) -> list[str]:
    """What edge.sh writes, and what `nginx -t` opens: its pid, logs and temporary files."""
    name = server.name
    return [server.settings, "/run", "/var/lib/nginx", "/var/log/nginx", f"/var/log/{name}", f"/var/cache/{name}"]


def _listens(server: Server, port: int) -> list[str]:
    return [str(port), *([f"[::]:{port}"] if server.deployment.config.network.ipv6 else [])]


def _local_paths(server: Server) -> list[str]:
    """What programs on this machine may ask past the limits: probes, and Prometheus for metrics."""
    config = server.deployment.config
    paths = [config.contract.health_path, config.contract.ready_path]
    if config.contract.metrics_path and config.monitoring.metrics:
        paths.append(config.contract.metrics_path)
    return list(dict.fromkeys(paths))
