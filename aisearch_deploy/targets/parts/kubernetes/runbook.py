"""RUNBOOK.md: the exact commands for this deployment."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.calendar import in_words
from aisearch_deploy.formats.quantities import binary_bytes, duration
from aisearch_deploy.targets.base import File, Tier
from aisearch_deploy.targets.parts.kubernetes.app import GPU_RESOURCES, RUNTIME_CLASSES
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.database import instances, storage
from aisearch_deploy.targets.parts.kubernetes.edge import asks_for_certificates
from aisearch_deploy.targets.parts.kubernetes.migration import migration_name
from aisearch_deploy.targets.parts.kubernetes.secrets import EXTERNAL
from aisearch_deploy.targets.parts.secrets import Secret

MINUTE = 60


def next_steps(cluster: Cluster) -> tuple[str, ...]:
    """What a person runs after `render`, from inside the folder."""
    scripts = before(cluster)
    wait = f"kubectl -n {cluster.namespace}"
    if not cluster.deployment.config.app.migrate:
        return (*scripts, f"kubectl apply -k . && {wait} rollout status deployment/{cluster.named('app')}")
    return (
        *scripts,
        "kubectl apply -k . -l app.kubernetes.io/component!=app",
        f"{wait} wait --for=condition=complete --timeout=15m job/{migration_name(cluster)}",
        f"kubectl apply -k . && {wait} rollout status deployment/{cluster.named('app')}",
    )


def before(cluster: Cluster) -> list[str]:
    """The scripts that put secrets and certificates into the cluster; they make the namespace too."""
    return [*(["./secrets.sh"] if _secrets_script(cluster) else []), *_certificate_script(cluster)]


def runbook(cluster: Cluster, tier: Tier, *, chart: bool = False) -> File:
    """The runbook; `tier` is how far the target is proven, `chart` whether Helm applies it."""
    values = cluster.values(
        chart=chart,
        tier=str(tier),
        **_names(cluster),
        **_app(cluster),
        **_front(cluster),
        **_data(cluster),
        **_secrets(cluster),
        **_backup(cluster),
    )
    return File("RUNBOOK.md", "deploy, update, restore: the exact commands", "markdown", values)


def _names(cluster: Cluster) -> dict[str, Any]:
    parts = ("app", "edge", "database", "pooler", "cache", "backup", "restore", "acme", "uploads", "data")
    return {part: cluster.named(part) for part in parts}


def _app(cluster: Cluster) -> dict[str, Any]:
    config, sizes, options = cluster.deployment.config, cluster.deployment.sizes, cluster.options
    least, most = sizes.replicas, sizes.max_replicas
    return {
        "workers": sizes.workers,
        "replicas_text": f"replicas: {least} to {most}" if sizes.autoscales else f"replicas: {least}",
        "least": least,
        "twice_least": 2 * least,
        "most": most,
        "autoscales": sizes.autoscales,
        "scales_on_memory": sizes.scales_on_memory,
        "cpu": config.scaling.cpu,
        "memory": config.scaling.memory,
        "memory_limit": binary_bytes(config.app.memory.limit),
        "memory_at_rest": binary_bytes(sizes.workers * config.app.memory_per_worker.rest),
        "shared_state": cluster.deployment.shared_state,
        "one_writer": cluster.one_writer,
        "shared_volume": not cluster.one_writer,
        "storage_class_text": config.uploads.storage_class or "the default one",
        "startup": duration(config.app.startup),
        "drain": f"up to {duration(config.app.drain)}",
        "history": options.history,
        "rollout_timeout": f"{-(-options.progress_deadline // MINUTE)}m",
        "migration": migration_name(cluster) if config.app.migrate else "",
        "kubernetes_version": options.version,
        "health_path": config.contract.health_path,
        "metrics_path": config.contract.metrics_path,
        "pull_secret": config.image.pull_secret,
        "air_gapped": config.air_gapped is not None,
        "runtime_class": RUNTIME_CLASSES.get(config.sandbox.mode),
        "gpu": GPU_RESOURCES[config.app.gpu.vendor] if config.app.gpu.count else None,
    }


def _front(cluster: Cluster) -> dict[str, Any]:
    config, options = cluster.deployment.config, cluster.options
    limit = config.rate_limit
    behind = {"nginx": "", "gateway": " behind a Gateway", "ingress": " behind an Ingress"}
    issued = options.tls_secret is None and config.tls.source == "letsencrypt"
    return {
        "domain": cluster.deployment.domain,
        "domains": ", ".join(config.domains),
        "expose": options.expose,
        "front_text": behind[options.expose],
        "gateway_class": options.gateway_class,
        "existing_gateway": options.gateway if options.expose == "gateway" else None,
        "own_acme": asks_for_certificates(cluster),
        "cert_manager": issued and cluster.has("cert-manager"),
        "issuer": options.issuer,
        "certificate_script": bool(_certificate_script(cluster)),
        "self_signed": config.tls.source == "self-signed" and options.tls_secret is None,
        "serves_tls": config.tls.source != "platform" or options.tls_secret is not None,
        "tls_secret": cluster.tls_secret,
        "limit_path": limit.paths[0] if limit else None,
        "limit_text": f"{limit.requests} a {limit.per} and {limit.burst} at once" if limit else "",
        "limit_probe": limit.requests + limit.burst + 10 if limit else 0,
        "api_key_header": config.api_keys.header if config.api_keys else None,
        "api_key_secret": config.api_keys.secret if config.api_keys else None,
    }


def _data(cluster: Cluster) -> dict[str, Any]:
    deployment = cluster.deployment
    config, sizes = deployment.config, deployment.sizes
    return {
        "uses_database": deployment.uses_database,
        "bundled_database": deployment.bundles_database,
        "operator": cluster.operates_database,
        "instances": instances(cluster),
        "version": config.database.version,
        "database_host": cluster.database_host,
        "database_name": config.database.name,
        "database_storage": binary_bytes(storage(cluster)),
        "max_connections": config.database.max_connections,
        "connections": sizes.connections_update,
        "pooled": sizes.pooler,
        "pooler_clients": sizes.pooler_clients,
        "pooler_connections": sizes.pooler_connections,
        "bundled_cache": deployment.bundles_cache,
        "cache_engine": config.cache.engine,
        "cache_port": config.cache.port,
    }


def _secrets(cluster: Cluster) -> dict[str, Any]:
    wanted = cluster.deployment.config.secrets
    folder = f"secrets/{cluster.deployment.environment}" if cluster.deployment.environment else "secrets"
    file = wanted.store == "sops"
    outside = [cluster.deployment.config.database.mode != "bundled" and cluster.deployment.uses_database]
    return {
        "secrets_script": _secrets_script(cluster),
        "sealed": wanted.store == "sealed-secrets",
        "existing_secret": wanted.existing.name if wanted.existing else None,
        "external_store": wanted.external_store if wanted.store in EXTERNAL and not wanted.existing else None,
        "secret_names": ", ".join(secret.name for secret in cluster.stored_secrets) or "none",
        "secrets_source": f"{folder}.sops.yaml beside the config" if file else f"{folder}/ beside the config",
        "secrets_folder": not file,
        "secret_steps": _secret_steps(cluster, folder),
        "url_passwords": cluster.deployment.config.contract.secrets_as == "env"
        and any([*outside, cluster.deployment.config.cache.password_secret]),
    }


def _secret_steps(cluster: Cluster, folder: str) -> list[str]:
    """How the files come about; an encrypted file is its owner's, and is edited with SOPS."""
    store = cluster.deployment.config.secrets.store
    if store == "sops":
        return [f"sops edit {folder}.sops.yaml   # a line NAME: value for each"]
    ignored = "secrets/" if store == "files" else "secrets/**\\n!secrets/**/\\n!sealed-secret.yaml"
    return [
        f"printf '{ignored}\\n' >>.gitignore",
        f"install -d -m 0700 {folder}",
        *(_made(f"{folder}/{secret.name}", secret) for secret in cluster.stored_secrets),
    ]


def _made(path: str, secret: Secret) -> str:
    if secret.generated:
        return f"test -s {path} || (umask 077 && openssl rand -hex 32 >{path})"
    return f"(umask 077 && cat >{path})   # {secret.about}: paste, Enter, Ctrl-D"


def _backup(cluster: Cluster) -> dict[str, Any]:
    wanted = cluster.deployment.config.backup
    stamp = "20261124T020000Z"
    return {
        "schedule": in_words(wanted.schedule),
        "keep": duration(wanted.keep),
        "remote": wanted.to is not None,
        "bucket": cluster.deployment.backup_place,
        "backup_example": f"database-{stamp}.dump" if cluster.deployment.uses_database else f"state-{stamp}.tar.gz",
    }


def _secrets_script(cluster: Cluster) -> bool:
    wanted = cluster.deployment.config.secrets
    return wanted.existing is None and wanted.store not in EXTERNAL and bool(cluster.stored_secrets)


def _certificate_script(cluster: Cluster) -> list[str]:
    source = cluster.deployment.config.tls.source
    made = cluster.options.tls_secret is None and (
        source == "files" or (source == "self-signed" and cluster.behind_gateway)
    )
    return ["./certificate.sh"] if made else []
