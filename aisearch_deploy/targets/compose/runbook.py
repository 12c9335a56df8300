"""The values of RUNBOOK.md: this config's own commands."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.formats.calendar import in_words
from aisearch_deploy.formats.quantities import letter_bytes
from aisearch_deploy.targets.compose.about import TIER
from aisearch_deploy.targets.compose.gaps import GAPS
from aisearch_deploy.targets.compose.project import Project
from aisearch_deploy.targets.compose.refusals import OVERRIDE
from aisearch_deploy.targets.compose.services import compose_file, lasting_services, summary
from aisearch_deploy.targets.gaps import gap_at, written_paths
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets

GIBIBYTE = 2**30
# Where a person puts the age identity for as long as a restore takes.
IDENTITY = "/root/backup-identity.txt"
UNITS = {"k": 2**10, "m": 2**20, "g": 2**30, "b": 1}


def runbook(project: Project) -> dict[str, Any]:
    """What the runbook names, and the blocks of commands with values in them."""
    deployment, options = project.deployment, project.options
    config, sizes = deployment.config, deployment.sizes
    folder = f"/opt/{project.name}"
    values = compose_file(project)
    return project.values(
        summary=summary(project),
        domains=config.domains,
        domain=deployment.domain,
        folder=folder,
        image=deployment.images["app"],
        replicas=sizes.replicas,
        workers=sizes.workers,
        rest=letter_bytes(config.app.memory_per_worker.rest),
        app_memory=letter_bytes(config.app.memory.limit),
        memory=_memory(project),
        startup=config.app.startup,
        drain=sizes.stop_grace,
        one_writer=project.one_writer,
        tls=config.tls.source,
        http_port=options.http_port,
        certificates=project.certificates,
        database=deployment.uses_database,
        bundled=deployment.bundles_database,
        version=config.database.version,
        cache=config.cache.engine if values["cache"] else None,
        pooler=sizes.pooler,
        api_keys=config.api_keys,
        external_vectors=config.vector_store.engine == "external",
        migrates=bool(config.app.migrate),
        build=config.image.build,
        air_gapped=config.air_gapped is not None,
        gpu=config.app.gpu.vendor if config.app.gpu.count else None,
        runtime=values["app"]["runtime"],
        backup=config.backup,
        backups=project.backups,
        schedule_words=in_words(config.backup.schedule),
        keep_days=config.backup.keep // 86_400,
        bucket="://" in (config.backup.to or ""),
        encrypted=bool(config.backup.encrypt_to),
        overridden=OVERRIDE in deployment.inputs,
        secrets=[{"name": secret.name, "about": secret.about} for secret in secrets(deployment)],
        tier=str(TIER),
        gaps=_gaps(project),
        commands=_commands(project, folder),
    )


def _memory(project: Project) -> dict[str, int]:
    """GiB that everything may use at most, and what one more replica during an update adds."""
    values = compose_file(project)
    once = sum(_bytes(values[part]["bounds"].memory) for part in lasting_services(project) if part in values)
    beside = sum(_bytes(sidecar["bounds"].memory) for sidecar in values["sidecars"])
    app = project.deployment.config.app.memory.limit
    total = once + beside + app * (project.deployment.sizes.replicas - 1)
    return {"steady": -(-total // GIBIBYTE), "updating": -(-(total + app) // GIBIBYTE)}


def _bytes(written: str) -> int:
    return int(written[:-1]) * UNITS[written[-1]]


def _gaps(project: Project) -> list[str]:
    found = [(path, gap_at(GAPS, path)) for path in written_paths(project.deployment)]
    return [f"{path} is {gap.kind}: {gap.reason}" for path, gap in found if gap]


def _commands(project: Project, folder: str) -> dict[str, Any]:
    deployment, options = project.deployment, project.options
    config = deployment.config
    rendered = f"deploy/{deployment.environment}/compose" if deployment.environment else "deploy/compose"
    where = deployment.secrets_path
    password = f"{where}/{DATABASE_PASSWORD}"
    encryption = "disable" if config.database.tls == "disable" else "require"
    https = f"127.0.0.1:{options.https_port}"
    environment = f" -e {deployment.environment}" if deployment.environment else ""
    return {
        "server": [f"SERVER=root@{deployment.domain}"],
        "render": [
            f"aisearch-deploy render -t compose{environment}",
            f'rsync --archive --chown=root:root --delete --exclude=.previous-image {rendered}/ "$SERVER":{folder}/',
        ],
        "secrets": [
            f"install --directory --mode=0700 {where}",
            *(_install(f"{where}/{secret.name}", secret) for secret in secrets(deployment)),
        ],
        "certificates": [
            f"install --directory --mode=0750 --group=101 {project.certificates}",
            f"install --mode=0640 --group=101 fullchain.pem privkey.pem {project.certificates}/",
        ],
        "firewall": [
            "ufw default deny incoming",
            "ufw allow 22/tcp",
            f"ufw allow {options.http_port}/tcp",
            *([f"ufw allow {options.https_port}/tcp"] if config.tls.source != "platform" else []),
            "ufw enable",
        ],
        "start": [f"cd {folder}", "docker compose up --detach --wait", "./verify.sh", "./schedule-backups.sh"],
        "ports": [f"ss -ltnp | grep -E ':({options.http_port}|{options.https_port}) '"],
        "rotate_database": [
            f"openssl rand -hex 32 >{password}.new",
            f'printf "ALTER ROLE {config.database.user} PASSWORD \'%s\';\\n" "$(cat {password}.new)" | '
            "docker compose run --rm -T client psql --quiet",
            f"cat {password}.new >{password} && rm {password}.new",
            *(["docker compose up --detach --no-deps --force-recreate pooler"] if deployment.sizes.pooler else []),
            "./update.sh --no-migrate",
        ],
        "rotate": [f"cat >{where}/{name}   # paste, Enter, Ctrl-D" for name in _read_by_app(project)],
        "rotate_keys": _edit(f"{where}/{config.api_keys.secret}") if config.api_keys else [],
        "dates": [
            f"openssl s_client -connect {https} -servername {deployment.domain} </dev/null 2>/dev/null | "
            "openssl x509 -noout -issuer -dates"
        ],
        "resolves": [f"getent ahosts {deployment.domain}"],
        "backups": [f"systemctl status {project.name}-backup.service", f"ls {project.backups}"],
        "newest": [f'./restore.sh --test{_identity(project)} "$(ls {project.backups} | tail -n 1)"'],
        "restore": ["./restore.sh", f'./restore.sh{_identity(project)} "$(ls {project.backups} | tail -n 1)"'],
        "disk": [f"df -h /var/lib/docker {project.backups}", "docker system df"],
        "pools": [
            f"docker compose run --rm client env PGSSLMODE={encryption} "
            'psql --host=pooler --port=6432 --dbname=pgbouncer --command="SHOW POOLS"'
        ],
        "new_major": [
            "docker compose down",
            f"docker volume rm {project.name}_database",
            "docker compose up --detach --wait db",
            f'./restore.sh --without-backup{_identity(project)} "$(ls {project.backups} | tail -n 1)"',
        ],
        "cache": [f"docker compose exec cache {config.cache.engine}-cli info stats | grep keyspace"],
        "identity": IDENTITY,
    }


def _identity(project: Project) -> str:
    return f" --identity {IDENTITY}" if project.deployment.config.backup.encrypt_to else ""


def _edit(path: str) -> list[str]:
    """Editors put a new file in the old one's place; a container goes on seeing the one that it was started with."""
    return [f"cp {path} {path}.new && ${{EDITOR:-nano}} {path}.new", f"cat {path}.new >{path} && rm {path}.new"]


def _read_by_app(project: Project) -> list[str]:
    return [
        secret.name for secret in secrets(project.deployment) if secret.for_app and secret.name != DATABASE_PASSWORD
    ]


def _install(path: str, secret: Secret) -> str:
    if secret.generated:
        return f"test -s {path} || openssl rand -hex 32 | install --mode=0444 /dev/stdin {path}"
    if secret.name == BACKUP_CREDENTIALS:
        return f"install --mode=0444 rclone.conf {path}"
    return f"install --mode=0444 /dev/stdin {path}   # {secret.about}: paste, Enter, Ctrl-D"
