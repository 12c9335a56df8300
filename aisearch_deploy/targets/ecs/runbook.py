"""RUNBOOK.md: the exact commands for this stack."""

from __future__ import annotations

from aisearch_deploy.formats.quantities import binary_bytes, cores, duration
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import MIB, pair_for
from aisearch_deploy.targets.base import File, Tier
from aisearch_deploy.targets.ecs import sizes
from aisearch_deploy.targets.ecs.names import options_of, stored_secrets
from aisearch_deploy.targets.ecs.stack import client
from aisearch_deploy.targets.parts.aws import stack_name


def next_steps(deployment: Deployment) -> tuple[str, ...]:
    """What a person runs next."""
    secrets = ("./secrets.sh",) if stored_secrets(deployment) else ()
    return (*secrets, "./deploy.sh", "./verify.sh")


def runbook(deployment: Deployment) -> File:
    """The runbook."""
    config, counts, options = deployment.config, deployment.sizes, options_of(deployment)
    pair = pair_for(config)
    stack, region = stack_name(deployment), options.region
    names = [secret.name for secret in stored_secrets(deployment)]
    folder = deployment.secrets_path
    image = f"{config.image.repository}:1.5.0"
    logs = f"aws logs tail /ecs/{stack} --region {region}"
    ecs = f"aws ecs {{}} --region {region} --cluster {stack}"
    values = {
        "config_file": deployment.document.file.rpartition("/")[2],
        "name": stack,
        "domain": deployment.domain,
        "region": region,
        "tier": str(Tier.VALIDATED),
        "replicas": counts.replicas,
        "most": counts.max_replicas,
        "autoscales": counts.autoscales,
        "pair": f"{cores(pair.cpu * 1000 // 1024)} cores and {binary_bytes(pair.memory * MIB)}" if pair else "",
        "workers": counts.workers,
        "rest": binary_bytes(config.app.memory_per_worker.rest),
        "migrates": bool(config.app.migrate),
        "client": client(deployment),
        "database": deployment.bundles_database,
        "cache": deployment.bundles_cache,
        "pooler": counts.pooler,
        "own_certificate": options.certificate_arn is None,
        "zone": options.hosted_zone,
        "names": names,
        "secret_files": [f"{folder}/{name}" for name in names],
        "put_secrets": ["./secrets.sh", "./restart.sh"],
        "deploy": [*next_steps(deployment)],
        "update": [f"./update.sh {image}"],
        "schedule": config.backup.schedule,
        "keep": duration(config.backup.keep),
        "moment": min(sizes.LONGEST_RETENTION, sizes.retention_days(deployment)),
        "validation": [
            f"aws acm list-certificates --region {region} --certificate-statuses PENDING_VALIDATION",
            f"aws cloudformation describe-stack-events --region {region} --stack-name {stack} --max-items 20",
        ],
        "scale": [
            f"aws application-autoscaling describe-scaling-activities --region {region} --service-namespace ecs"
            f" --resource-id service/{stack}/{deployment.name}",
        ],
        "tasks": [
            f"{ecs.format('describe-services')} --services {deployment.name}"
            " --query 'services[0].events[:10].message' --output table",
            f"{ecs.format('list-tasks')} --desired-status STOPPED",
            f"{logs} --since 30m",
        ],
        "memory": [
            f"aws cloudwatch get-metric-statistics --region {region} --namespace AWS/ECS"
            " --metric-name MemoryUtilization"
            f" --dimensions Name=ClusterName,Value={stack} Name=ServiceName,Value={deployment.name}"
            " --statistics Maximum --period 300"
            ' --start-time "$(date -u -d \'6 hours ago\' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)"',
        ],
        "slow": [
            f"{logs} --since 15m --log-stream-name-prefix edge",
        ],
        "certificate": [
            f"aws acm list-certificates --region {region} --output table",
            f"openssl s_client -connect {deployment.domain}:443 -servername {deployment.domain} </dev/null"
            " | openssl x509 -noout -subject -dates",
        ],
        "rotate_database": [
            f'aws secretsmanager rotate-secret --region {region} --secret-id "$(aws cloudformation describe-stacks'
            f" --region {region} --stack-name {stack} --query \"Stacks[0].Outputs[?OutputKey=='DatabaseSecret']"
            '.OutputValue" --output text)"',
        ],
        "delete": [
            f"aws cloudformation delete-stack --region {region} --stack-name {stack}",
            f"aws cloudformation wait stack-delete-complete --region {region} --stack-name {stack}",
        ],
        "protected": options.deletion_protection,
        "daily": [f"{logs} --since 24h --filter-pattern ERROR", "./verify.sh"],
        "weekly": [
            f"aws backup list-backup-jobs --region {region} --by-state FAILED",
            "./restore.sh",
        ],
        "monthly": [
            f"aws ecr describe-image-scan-findings --region {region} --repository-name {stack}"
            f' --image-id "imageTag=$(aws cloudformation describe-stacks --region {region} --stack-name {stack}'
            ' --query "Stacks[0].Outputs[?OutputKey==\'AppImage\'].OutputValue" --output text | cut -d: -f2)"',
        ],
    }
    return File("RUNBOOK.md", "the commands for this deployment", "markdown", values)
