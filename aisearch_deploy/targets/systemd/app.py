"""The app: its socket, its service, the migration, and how both get their secrets."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import CA_PATH, cache_url, database_url, environment
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD, secrets
from aisearch_deploy.targets.systemd.server import (
    APP_FOLDER,
    LOOPBACK,
    POOLER_PORT,
    Server,
    command_word,
    quota,
    size,
    weight,
)

# Device files of graphics processors; the kernel's drivers name them.
NVIDIA_DEVICES = ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")
AMD_DEVICES = ("/dev/kfd", "char-drm")


def app_files(server: Server) -> list[File]:
    """The socket, the service, both once more for updates, and the script that hands over secrets."""
    files = [
        server.file(
            "units/app.socket", "the socket that outlives every version of the app", "systemd", socket=server.socket
        ),
        server.file("units/app.service", "the app, hardened", "systemd", **_service(server, "current")),
        server.file("lib/start.sh", "hands the app its secrets", "shell", executable=True, **_start(server)),
    ]
    if not server.one_writer:
        about = "the next version, beside the one in service while an update runs"
        files += [
            server.file("units/next.socket", "its socket", "systemd", socket=server.next_socket),
            server.file("units/next.service", about, "systemd", **_service(server, "next", "next")),
        ]
    return files


def migration_files(server: Server) -> list[File]:
    """The service that migrates, where there is something to migrate with."""
    words = server.deployment.config.app.migrate
    if not words:
        return []
    values = _service(server, "next", "migrate") | {
        "words": [command_word(word) for word in words],
        "app_unit": server.unit("app"),
    }
    return [server.file("units/migrate.service", "the migration, once before each release", "systemd", **values)]


def _service(server: Server, link: str, part: str = "app") -> dict[str, Any]:
    """What a service that runs the app's code needs; `link` is the release's, `part` the unit's."""
    deployment = server.deployment
    config, replicas = deployment.config, deployment.sizes.replicas
    app = config.app
    release = f"{server.releases}/{link}"
    # Its own: systemd removes it when the unit ends, whoever else is using it.
    secret_files = f"{server.name}-secrets" if part == "app" else f"{server.name}-{part}-secrets"
    return {
        "socket_unit": server.unit(part, "socket"),
        "after": _after(server),
        "lock": server.lock,
        "start": f"{server.scripts}/start.sh",
        "direct": "--direct" if deployment.sizes.pooler else None,
        "module": server.options.package.module or config.contract.app,
        "workers": f"--workers={server.workers}",
        "keepalive": f"--timeout-keep-alive={deployment.sizes.app_keepalive}",
        "drain": f"--timeout-graceful-shutdown={deployment.sizes.drain}",
        "folder": APP_FOLDER,
        "code": f"{release}/app:{APP_FOLDER}",
        "variables": _variables(server, f"{release}/venv/bin"),
        "credentials": [
            f"{secret.name}:{deployment.secrets_path}/{secret.name}" for secret in secrets(deployment) if secret.for_app
        ],
        "secret_folder": secret_files if config.contract.secrets_as != "env" else None,
        "secret_mount": f"/run/{secret_files}:/run/secrets" if config.contract.secrets_as == "file" else None,
        "state": [f"/var/lib/{server.name}/{name}:{mount}" for name, mount in sorted(server.state_folders.items())],
        "volumes": [
            {"path": f"{volume.host_path}:{volume.mount}", "read_only": volume.read_only}
            for volume in app.volumes
            if volume.host_path
        ],
        "devices": _devices(server),
        "no_executable_memory": server.options.no_executable_memory,
        "memory": size(app.memory.limit * replicas),
        "reserved": size(app.memory.request * replicas),
        "cpu_quota": quota(app.cpu.limit * replicas),
        "cpu_weight": weight(app.cpu.request * replicas),
        "stop_seconds": server.stop_seconds,
        "log_namespace": server.name,
    }


def _after(server: Server) -> list[str]:
    deployment = server.deployment
    return [
        "network-online.target",
        *(["postgresql.service"] if deployment.bundles_database else []),
        *([server.unit("pooler")] if deployment.sizes.pooler else []),
        *([server.unit("cache")] if deployment.bundles_cache else []),
    ]


def _variables(server: Server, programs: str) -> list[str]:
    """NAME=value, the app's own first."""
    deployment = server.deployment
    settings = environment(deployment, LOOPBACK, server.options.env)
    settings["WEB_HOST"] = LOOPBACK
    if deployment.shared_state:
        settings["WEB_WORKERS"] = str(server.workers)
    if deployment.uses_cache and deployment.config.cache.password_secret:
        # start.sh writes it, with the password.
        settings.pop("RATE_LIMIT_STORAGE")
    for name in ("SANDBOX_ENABLED", "SANDBOX_MEMORY_MB", "SANDBOX_CPU"):
        settings.pop(name, None)
    # Without containers there is no runtime to isolate it: the app must not fall back to a plain subprocess.
    settings["SANDBOX_ENABLED"] = "false"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if settings.get(name) == CA_PATH:
            settings[name] = server.authorities
    own = {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": APP_FOLDER,
        "XDG_CACHE_HOME": deployment.config.contract.state.models,
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return [f"{name}={value}" for name, value in sorted((own | settings).items())]


def _start(server: Server) -> dict[str, Any]:
    deployment = server.deployment
    config = deployment.config
    pooled = deployment.sizes.pooler
    host, port = (LOOPBACK, POOLER_PORT) if pooled else (server.database_host, server.database_port)
    return {
        "secret_names": " ".join(secret.name for secret in secrets(deployment) if secret.for_app),
        "secrets_as": config.contract.secrets_as,
        "database": _database(server, host, port) if deployment.uses_database else None,
        "pooled": pooled,
        "cache": _cache(server) if deployment.uses_cache and config.cache.password_secret else None,
    }


def _database(server: Server, host: str, port: int) -> dict[str, str]:
    """The two halves of DATABASE_URL, through the pooler and past it."""
    deployment = server.deployment
    start, end = _halves(server, host, port)
    if deployment.sizes.pooler:
        # PgBouncer is on this machine and speaks no TLS; it is the one who verifies the database.
        end = f"{end.partition('?')[0]}?sslmode=disable"
    start_direct, end_direct = _halves(server, server.database_host, server.database_port)
    return {
        "password": DATABASE_PASSWORD,
        "start": start,
        "end": end,
        "start_direct": start_direct,
        "end_direct": end_direct,
    }


def _halves(server: Server, host: str, port: int) -> tuple[str, str]:
    start, _, end = database_url(server.deployment, host, port, "\0", server.database_ca).partition("\0")
    return start, end


def _cache(server: Server) -> dict[str, str]:
    deployment = server.deployment
    scheme, separator, place = cache_url(deployment, LOOPBACK, 0).partition("://")
    _, _, limits = cache_url(deployment, LOOPBACK, 1).partition("://")
    return {
        "password": deployment.config.cache.password_secret or "",
        "start": f"{scheme}{separator}:",
        "end": f"@{place}",
        "limits_end": f"@{limits}",
    }


def _devices(server: Server) -> dict[str, list[str]] | None:
    gpu = server.deployment.config.app.gpu
    if not gpu.count:
        return None
    if gpu.vendor == "amd":
        return {"allowed": list(AMD_DEVICES), "groups": ["video", "render"]}
    return {"allowed": [*NVIDIA_DEVICES, *(f"/dev/nvidia{number}" for number in range(gpu.count))], "groups": []}
