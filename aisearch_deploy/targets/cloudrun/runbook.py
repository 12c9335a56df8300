"""RUNBOOK.md: the exact commands for this deployment."""

from __future__ import annotations

from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.cloudrun import app_secrets
from aisearch_deploy.targets.cloudrun.place import Place
from aisearch_deploy.targets.cloudrun.scripts import backup_hour


def runbook(place: Place) -> File:
    """RUNBOOK.md."""
    deployment = place.deployment
    config, sizes = deployment.config, deployment.sizes
    service, region, project = place.service, place.options.region, place.options.project
    ours = f"--project={project} --region={region}"
    database, clone = place.named("db"), place.named("db-restored")
    folder = f"{place.backup_folder}/" if place.backup_folder else ""
    environment = f" -e {deployment.environment}" if deployment.environment else ""
    logs = f'resource.type="cloud_run_revision" AND resource.labels.service_name="{service}"'
    folder_of_secrets = f"secrets/{deployment.environment}" if deployment.environment else "secrets"
    stored = deployment.secrets_path
    commands = {
        "render": f"aisearch-deploy render -t cloudrun{environment} -c {place.values()['config_file']}",
        "login": ["gcloud auth login", f"gcloud config set project {project}"],
        "deploy": ["./deploy.sh", "./verify.sh"],
        "secret": [
            f"install -d -m 700 {stored}",
            *(
                f"install -m 600 {folder_of_secrets}/{secret.name} {stored}/{secret.name}"
                for secret in app_secrets.stored(place)
            ),
        ],
        "status": [
            f"gcloud run services describe {service} {ours}",
            f"gcloud run revisions list --service={service} {ours}",
        ],
        "backup": f"gcloud run jobs execute {place.named('database')} {ours} --wait",
        "list": f"gcloud storage ls --long gs://{place.backups}/{folder}",
        "native": f"gcloud sql backups list --instance={database} --project={project}",
        "clone": [
            f"gcloud sql instances clone {database} {clone} --project={project} "
            "--point-in-time=$(date -u -d '1 hour ago' +%FT%TZ)",
            f"address=$(gcloud sql instances describe {clone} --project={project} "
            "--format='value(ipAddresses[0].ipAddress)')",
            f"gcloud dns record-sets update db.{place.zone}. --project={project} --zone={service} --type=A --ttl=60 "
            '--rrdatas="$address"',
            "./restart.sh",
        ],
        "undelete": f"gcloud storage objects list gs://{place.uploads}/** --soft-deleted",
        "rotate": [f"./secrets.sh {stored}", "./restart.sh"],
        "rotate_database": [f"./data.sh {stored}", f"./secrets.sh {stored}", "./restart.sh"],
        "scale": f"gcloud run services update {service} {ours} "
        f"--min-instances={sizes.replicas} --max-instances={sizes.max_replicas}",
        "errors": f"gcloud logging read '{logs} AND severity>=ERROR' --project={project} --freshness=1h --limit=50",
        "logs": f"gcloud logging read '{logs}' --project={project} --freshness=10m --limit=100",
        "certificate": f"gcloud compute ssl-certificates list --project={project} --global",
        "mapping": f"gcloud beta run domain-mappings list {ours}",
    }
    values = place.values(
        commands=commands,
        domains=config.domains,
        replicas=sizes.replicas,
        most=sizes.max_replicas,
        concurrency=place.concurrency,
        secrets_path=stored,
        balanced=place.balanced,
        brought=config.tls.source == "files",
        certificate_folder=config.tls.path or f"/etc/{deployment.instance}/tls",
        migrate=bool(config.app.migrate),
        api_keys=config.api_keys.secret if config.api_keys else None,
        bundled_database=deployment.bundles_database,
        bundled=deployment.bundles_database or deployment.bundles_cache,
        network=place.network,
        database=database,
        cores=place.cores,
        workers=sizes.workers,
        schedule=config.backup.schedule,
        backup_hour=backup_hour(config.backup.schedule),
        keep=duration(config.backup.keep),
        pooler=sizes.pooler,
        cloudflare=config.cdn == "cloudflare",
        registry=place.registry,
    )
    return File("RUNBOOK.md", "deploy, update, restore: the exact commands", "markdown", values)
