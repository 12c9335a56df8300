"""RUNBOOK.md: the exact commands for this deployment."""

from __future__ import annotations

from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.targets.aci import app_secrets
from aisearch_deploy.targets.aci.place import Place
from aisearch_deploy.targets.aci.scripts import certificate_folder, keep_days
from aisearch_deploy.targets.base import File


def runbook(place: Place) -> File:
    """RUNBOOK.md."""
    deployment = place.deployment
    config = deployment.config
    options = place.options
    ours = f"--subscription {options.subscription} --resource-group {options.resource_group}"
    folder = f"secrets/{deployment.environment}" if deployment.environment else "secrets"
    environment = f" -e {deployment.environment}" if deployment.environment else ""
    stored = deployment.secrets_path
    server = place.database_server
    commands = {
        "render": f"aisearch-deploy render -t aci{environment} -c {place.values()['config_file']}",
        "login": ["az login", f"az account set --subscription {options.subscription}"],
        "secret": [
            f"install -d -m 700 {stored}",
            *(f"install -m 600 {folder}/{secret.name} {stored}/{secret.name}" for secret in app_secrets.stored(place)),
        ],
        "status": f"az container show {ours} --name {place.group} --output table",
        "events": f"az container show {ours} --name {place.group} --query 'containers[].[name, instanceView.events]'",
        "app_log": f"az container logs {ours} --name {place.group} --container-name app",
        "edge_log": f"az container logs {ours} --name {place.group} --container-name edge",
        "certbot_log": f"az container logs {ours} --name {place.group} --container-name certbot",
        "memory": f"az monitor metrics list {ours} --resource {place.group} "
        "--resource-type Microsoft.ContainerInstance/containerGroups --metric MemoryUsage CpuUsage --interval PT1M",
        "clone": f"az postgres flexible-server restore {ours} --name {server}-restored --source-server {server} "
        "--restore-time $(date -u -d '1 hour ago' +%FT%TZ)",
        "native": f"az postgres flexible-server backup list {ours} --name {server}",
        "recreate": [f"az container delete {ours} --name {place.group}", "./apply.sh group.yaml"],
        "rotate": "./apply.sh group.yaml",
    }
    values = place.values(
        commands=commands,
        domains=config.domains,
        host=place.host,
        cores=config.app.cpu.limit / 1000,
        workers=deployment.sizes.workers,
        secrets_path=stored,
        api_keys=config.api_keys.secret if config.api_keys else None,
        migrate=bool(config.app.migrate),
        bundled_database=deployment.bundles_database,
        server=server,
        keep_days=keep_days(place),
        keep=duration(config.backup.keep),
        startup=duration(config.app.startup),
        source=config.tls.source,
        certificate_folder=certificate_folder(place),
        registry=options.registry,
    )
    return File("RUNBOOK.md", "deploy, update, restore: the exact commands", "markdown", values)
