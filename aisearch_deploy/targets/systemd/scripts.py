"""The scripts that a person runs on the server, and what they install besides units and the site."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.secrets import secrets
from aisearch_deploy.targets.systemd.edge import site_values, watched
from aisearch_deploy.targets.systemd.server import APP_FOLDER, Server

# Units besides the app's own that a deployment can have.
PARTS = "next migrate cache pooler edge logs backup drill"


class Folder(NamedTuple):
    """One line of tmpfiles.d."""

    path: str
    mode: str = "0755"
    owner: str = "root"
    group: str = "root"
    kind: str = "d"


def script_files(server: Server) -> list[File]:
    """In the order in which people meet them."""
    values = _values(server)
    about = {
        "install.sh": "makes an empty server serve; safe to run again",
        "update.sh": "puts a version into service without refusing anybody",
        "rollback.sh": "goes back to the one before",
        "uninstall.sh": "takes it off the server again",
        "files.sh": "part of both: units, scripts, folders, site",
        "release.sh": "part of both: a release in an environment of its own",
    }
    return [
        *(server.file(path, text, "shell", executable=True, **values) for path, text in about.items()),
        server.file(
            "lib/verify.sh", "whether it serves as it should", "shell", executable=True, **_verification(server)
        ),
    ]


def system_files(server: Server) -> list[File]:
    """The user, the folders, the journal."""
    config = server.deployment.config
    logs = config.logs
    return [
        server.file(
            "sysusers.conf", "the app's user", "tmpfiles", user=config.contract.user, home=f"/var/lib/{server.name}"
        ),
        server.file(
            "tmpfiles.conf",
            "the folders, and who may enter them",
            "tmpfiles",
            folders=_folders(server),
            link=_entrance(server),
        ),
        server.file(
            "units/journald.conf",
            "how much of the app's log is kept",
            "systemd",
            file_size=logs.max_size,
            files=logs.max_files,
            all_files=logs.max_size * logs.max_files,
        ),
    ]


def authority_files(server: Server) -> list[File]:
    """The certificate authorities that the config brings, as they are."""
    deployment = server.deployment
    config = deployment.config
    files = []
    if config.network.ca_bundle:
        content = deployment.inputs[config.network.ca_bundle]
        files.append(File("ca-bundle.pem", "authorities that the app trusts too", content=content))
    if config.database.ca and deployment.uses_database:
        content = deployment.inputs[config.database.ca]
        files.append(File("database-ca.pem", "the authority of the database's certificate", content=content))
    return files


def version(server: Server) -> str:
    """What a release is called, before the fingerprint of what it contains: the image's tag, else its digest."""
    image = server.deployment.config.image
    return image.tag or (image.digest or "").removeprefix("sha256:")[:12]


def package_place(server: Server) -> str:
    """Where the package lies beside the scripts."""
    return f"package/{server.options.package.path.rpartition('/')[2]}"


def required_secrets(server: Server) -> list[str]:
    """The names of all secrets that the server needs."""
    return [secret.name for secret in secrets(server.deployment)]


def _values(server: Server) -> dict[str, Any]:
    deployment, options = server.deployment, server.options
    config, site = deployment.config, site_values(server)
    tls = config.tls
    return {
        "scripts": server.scripts,
        "settings": server.settings,
        "secrets_path": deployment.secrets_path,
        "secret_names": " ".join(required_secrets(server)),
        "releases": server.releases,
        "backups": server.backups,
        "logs": f"/var/log/{server.name}",
        "log_size": config.logs.max_size,
        "log_files": config.logs.max_files,
        "connections": site["connections"],
        "parts": PARTS,
        "packages": " ".join(packages(server)),
        "units": " ".join(_units(server)),
        "version": version(server),
        "package": package_place(server),
        "python": f"python{options.package.python}",
        "mounts": " ".join(_mounts(server)),
        "proxy": config.network.proxy.https or config.network.proxy.http,
        "authorities": server.authorities if config.network.ca_bundle else None,
        "ca_bundle": config.network.ca_bundle is not None,
        "database_ca": config.database.ca is not None and deployment.uses_database,
        "bundled_database": deployment.bundles_database,
        "database": config.database.name,
        "user": config.database.user,
        "bundled_cache": deployment.bundles_cache,
        "cache_unit": deployment.bundles_cache,
        "their_services": " ".join(_their_services(server)),
        "pooler": deployment.sizes.pooler,
        "tls": tls.source != "platform",
        "tls_files": tls.source == "files",
        "refreshes": bool(watched(server)) or tls.source != "platform",
        "acme": tls.source == "letsencrypt",
        "certificates": server.certificates,
        "email": tls.email,
        "acme_server": tls.server,
        "domain": deployment.domain,
        "domains": " ".join(config.domains),
        "challenges": server.challenges,
        "firewall": options.firewall,
        "http_port": options.http_port,
        "https_port": options.https_port,
        "socket": server.socket,
        "next_socket": server.next_socket,
        "lock": server.lock,
        "entrance": server.entrance,
        "ready_path": config.contract.ready_path,
        "migrates": "yes" if config.app.migrate else None,
        "migration": "yes" if config.app.migrate else "no",
        "one_writer": server.one_writer,
        "startup": config.app.startup,
    }


def packages(server: Server) -> list[str]:
    """The distribution's packages. pgvector's carries PostgreSQL's version in its name: database.sh installs it."""
    deployment, options = server.deployment, server.options
    config = deployment.config
    python = f"python{options.package.python}"
    return [
        *("nginx", "curl", "openssl", "ca-certificates", "logrotate", "python3", python, f"{python}-venv"),
        *(["postgresql"] if deployment.bundles_database else []),
        *(["postgresql-client"] if deployment.uses_database and not deployment.bundles_database else []),
        *([_cache_package(server)] if deployment.bundles_cache else []),
        *(["pgbouncer"] if deployment.sizes.pooler else []),
        *(["certbot"] if config.tls.source == "letsencrypt" else []),
        *(["libnginx-mod-http-brotli-filter"] if config.edge.brotli else []),
        *(["age"] if config.backup.encrypt_to else []),
        *(["rclone"] if config.backup.to and "://" in config.backup.to else []),
        *(["ufw"] if options.firewall else []),
    ]


def _their_services(server: Server) -> list[str]:
    deployment = server.deployment
    return [
        *([_cache_package(server)] if deployment.bundles_cache else []),
        *(["pgbouncer"] if deployment.sizes.pooler else []),
    ]


def _cache_package(server: Server) -> str:
    return "redis-server" if server.deployment.config.cache.engine == "redis" else "valkey-server"


def _units(server: Server) -> list[str]:
    """What runs by itself; the cache and the pooler are started before."""
    return [
        server.unit("app", "socket"),
        server.unit("app"),
        server.unit("logs", "timer"),
        server.unit("backup", "timer"),
        server.unit("drill", "timer"),
        *([server.unit("edge", "timer")] if _refreshes(server) else []),
        *([server.unit("edge", "path")] if watched(server) else []),
    ]


def _refreshes(server: Server) -> bool:
    return bool(watched(server)) or server.deployment.config.tls.source != "platform"


def _mounts(server: Server) -> list[str]:
    """Mount points below the app's folder."""
    mounts = [
        *server.state_folders.values(),
        *(volume.mount for volume in server.deployment.config.app.volumes if volume.host_path),
    ]
    return [mount.removeprefix(f"{APP_FOLDER}/") for mount in mounts if mount.startswith(f"{APP_FOLDER}/")]


def _folders(server: Server) -> list[Folder]:
    deployment, name = server.deployment, server.name
    config = deployment.config
    return [
        Folder(f"/opt/{name}"),
        Folder(f"/var/lib/{name}", "0750", name, name),
        *(Folder(f"/var/lib/{name}/{folder}", "0750", name, name) for folder in sorted(server.state_folders)),
        Folder(server.settings),
        Folder(f"/run/{name}"),
        # nginx workers open their logs anew after each rotation, so they have to get there.
        Folder(f"/var/log/{name}", "0751", "root", "adm"),
        Folder(f"/var/cache/{name}", "0700", "www-data", "root"),
        Folder("/var/lib/logrotate"),
        Folder(server.backups, "0700"),
        *([Folder(server.challenges)] if config.tls.source == "letsencrypt" else []),
        *([Folder(config.backup.to, "0700")] if config.backup.to and config.backup.to.startswith("/") else []),
    ]


def _entrance(server: Server) -> dict[str, str] | None:
    """The link that nginx follows to the app's socket, where there are two to choose from."""
    if server.one_writer:
        return None
    return {"path": server.entrance, "to": server.socket.rpartition("/")[2]}


def _verification(server: Server) -> dict[str, Any]:
    deployment, options = server.deployment, server.options
    config = deployment.config
    tls = config.tls.source != "platform"
    port = "" if options.https_port == 443 else f":{options.https_port}"
    services = [
        server.unit("app", "socket"),
        server.unit("app"),
        "nginx.service",
        *([server.unit("pooler")] if deployment.sizes.pooler else []),
        *([server.unit("cache")] if deployment.bundles_cache else []),
        *(["postgresql.service"] if deployment.bundles_database else []),
    ]
    return {
        "services": " ".join(services),
        "socket": server.socket,
        "longest": server.gap_seconds,
        "domain": deployment.domain,
        "http_port": options.http_port,
        "https_port": options.https_port,
        "tls": tls,
        "redirect": f"https://{deployment.domain}{port}/",
        "health_path": config.contract.health_path,
        "metrics_path": config.contract.metrics_path,
        "api_keys": config.api_keys.header if config.api_keys else None,
        "allow": config.edge.allow,
        "trusts": config.tls.source in ("letsencrypt", "files"),
    }
