"""RUNBOOK.md: the exact commands for this server."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.gaps import gap_at, written_paths
from aisearch_deploy.targets.parts.secrets import secrets
from aisearch_deploy.targets.systemd.commands import commands, folder
from aisearch_deploy.targets.systemd.gaps import GAPS, TIER
from aisearch_deploy.targets.systemd.scripts import package_place, packages, version
from aisearch_deploy.targets.systemd.server import Server, size

GIBIBYTE = 2**30


def next_steps(server: Server) -> tuple[str, ...]:
    """What a person runs after `render`, from inside the folder; the runbook says how the app gets beside it."""
    return (
        f"rsync --archive --chown=root:root ./ root@{server.deployment.domain}:{folder(server)}/",
        "read RUNBOOK.md",
    )


def runbook(server: Server) -> File:
    """The runbook."""
    deployment, options = server.deployment, server.options
    config, sizes = deployment.config, deployment.sizes
    return server.file(
        "RUNBOOK.md",
        "deploy, update, restore: the exact commands",
        "markdown",
        domains=config.domains,
        domain=deployment.domain,
        folder=folder(server),
        package=package_place(server),
        releases=server.releases,
        version=version(server),
        python=options.package.python,
        packages=packages(server),
        workers=server.workers,
        replicas=sizes.replicas,
        rest=size(config.app.memory_per_worker.rest),
        app_memory=size(config.app.memory.limit * sizes.replicas),
        memory=_memory(server),
        startup=config.app.startup,
        gap=server.gap_seconds,
        drain=server.stop_seconds,
        one_writer=server.one_writer,
        tls=config.tls.source,
        http_port=options.http_port,
        https_port=options.https_port,
        firewall=options.firewall,
        certificates=server.certificates,
        database=deployment.uses_database,
        bundled=deployment.bundles_database,
        cache=deployment.bundles_cache,
        pooler=sizes.pooler,
        api_keys=config.api_keys,
        metrics_path=config.contract.metrics_path if config.monitoring.metrics else None,
        migrates=bool(config.app.migrate),
        schedule=config.backup.schedule,
        backups=server.backups,
        keep_days=config.backup.keep // 86_400,
        to=deployment.backup_place,
        bucket="://" in (config.backup.to or ""),
        encrypted=bool(config.backup.encrypt_to),
        secrets=secrets(deployment),
        secrets_path=deployment.secrets_path,
        scripts=server.scripts,
        units=_units(server),
        tier=str(TIER),
        gaps=_gaps(server),
        commands=commands(server),
    )


def _memory(server: Server) -> int:
    """GiB that everything may use at most; where two versions run while one replaces the other, with both."""
    deployment = server.deployment
    config, sizes = deployment.config, deployment.sizes
    total = config.app.memory.limit * sizes.replicas * (1 if server.one_writer else 2)
    total += config.database.memory if deployment.bundles_database else 0
    total += sizes.cache_container if deployment.bundles_cache else 0
    return -(-total // GIBIBYTE)


def _gaps(server: Server) -> list[str]:
    found = [(path, gap_at(GAPS, path)) for path in written_paths(server.deployment)]
    return [f"{path} is {gap.kind}: {gap.reason}" for path, gap in found if gap]


def _units(server: Server) -> dict[str, str]:
    parts = ("next", "migrate", "cache", "pooler", "edge", "backup", "drill")
    return {"app": server.unit("app"), "socket": server.unit("app", "socket")} | {
        part: server.unit(part) for part in parts
    }
