"""The containers that face the internet: nginx, and the client that renews its certificate."""

from __future__ import annotations

from math import ceil
from typing import Any

from aisearch_deploy.formats.escapes import compose_dollar
from aisearch_deploy.formats.quantities import letter_bytes
from aisearch_deploy.targets.compose.app import authority_mounts, file_mount, volume_mount
from aisearch_deploy.targets.compose.project import EDGE_USER, Bounds, Project
from aisearch_deploy.targets.parts.app import CA_PATH
from aisearch_deploy.targets.parts.edge import edge_temporary_bytes, edge_values

MEBIBYTE = 2**20
# Buffers of both sides and a TLS session.
BYTES_A_CONNECTION = 64 * 1024

# Certbot renews when a third of the lifetime is left; at a fifth, renewal has failed for days: a person has to look.
CERTIFICATE_LASTS = (
    "import datetime as d; from cryptography import x509; "
    "c = x509.load_pem_x509_certificate(open('/certificates/fullchain.pem', 'rb').read()); "
    "end = c.not_valid_after_utc; "
    "assert (end - d.datetime.now(d.timezone.utc)) * 5 > end - c.not_valid_before_utc"
)


def edge_configuration(project: Project) -> dict[str, Any]:
    """The values of nginx.conf and the scripts that the image runs at start."""
    port = project.deployment.config.contract.port
    return edge_values(project.deployment, f"app:{port}", https_port=project.options.https_port, replicas_file=True)


def edge_service(project: Project) -> dict[str, Any]:
    """nginx: the only container with published ports."""
    deployment, options = project.deployment, project.options
    source = deployment.config.tls.source
    temporary = edge_temporary_bytes(deployment)
    connections = deployment.sizes.edge_connections * BYTES_A_CONNECTION
    memory = ceil((96 * MEBIBYTE + temporary + connections) / MEBIBYTE)
    return {
        "image": deployment.images["edge"],
        "user": EDGE_USER,
        "ports": [
            f"{options.http_port}:8080",
            *([f"{options.https_port}:8443"] if source != "platform" else []),
        ],
        "api_keys": deployment.config.api_keys.secret if deployment.config.api_keys else None,
        "mounts": [
            # The folder, since a file that is mounted alone stays what it was when another takes its place.
            file_mount("./edge", "/etc/nginx"),
            file_mount("./edge/start", "/docker-entrypoint.d"),
            *_certificate_mounts(project),
        ],
        "tmpfs": f"/tmp:size={letter_bytes(temporary)},mode=1777",  # noqa: S108 - inside the container
        "descriptors": edge_configuration(project)["open_files"],
        "grace": f"{deployment.sizes.stop_grace}s",
        "bounds": Bounds("1", f"{memory}m", 256),
    }


def certbot_service(project: Project) -> dict[str, Any] | None:
    """The ACME client, when certificates come from Let's Encrypt or another authority that speaks its protocol."""
    config = project.deployment.config
    if config.tls.source != "letsencrypt":
        return None
    proxy = config.network.proxy
    variables = {"HTTPS_PROXY": proxy.https, "HTTP_PROXY": proxy.http}
    authorities = [mount for mount in authority_mounts(project) if mount["target"] == CA_PATH]
    options = ["--server", config.tls.server, "--cert-name", config.domains[0]]
    if config.tls.email:
        options += ["--email", config.tls.email]
    return {
        "image": project.deployment.images["certbot"],
        "user": EDGE_USER,
        "command": [
            compose_dollar(word) for word in [*options, *(word for name in config.domains for word in ("-d", name))]
        ],
        "environment": {name: value for name, value in variables.items() if value}
        | ({"REQUESTS_CA_BUNDLE": CA_PATH} if authorities else {}),
        "mounts": [
            file_mount("./certbot/renew.sh", "/etc/aisearch/renew.sh"),
            volume_mount("acme-account", "/etc/letsencrypt"),
            volume_mount("acme-challenges", "/acme"),
            volume_mount("certificates", "/certificates"),
            *authorities,
        ],
        "health": ["CMD", "python3", "-c", CERTIFICATE_LASTS],
        "bounds": Bounds("0.5", letter_bytes(256 * MEBIBYTE), 64),
    }


def _certificate_mounts(project: Project) -> list[dict[str, Any]]:
    match project.deployment.config.tls.source:
        case "files":
            return [file_mount(project.certificates, "/certificates")]
        case "letsencrypt":
            return [
                volume_mount("certificates", "/certificates", read_only=True),
                volume_mount("acme-challenges", "/acme", read_only=True),
            ]
        case _:
            return []
