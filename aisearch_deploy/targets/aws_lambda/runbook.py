"""RUNBOOK.md: the exact commands for this function."""

from __future__ import annotations

from shlex import join

from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.aws_lambda.template import options_of, stored_secrets
from aisearch_deploy.targets.base import File, Tier
from aisearch_deploy.targets.parts.aws import stack_name


def next_steps(deployment: Deployment) -> tuple[str, ...]:
    """What a person runs next."""
    secrets = ("./secrets.sh",) if stored_secrets(deployment) else ()
    return (*secrets, "./deploy.sh", "./verify.sh")


def runbook(deployment: Deployment) -> File:
    """The runbook."""
    config, options = deployment.config, options_of(deployment)
    function, region = stack_name(deployment), options.region
    names = [secret.name for secret in stored_secrets(deployment)]
    aws = f"--region {region}"
    logs = f"aws logs tail /aws/lambda/{function} {aws}"
    metric = (
        f"aws cloudwatch get-metric-statistics {aws} --namespace AWS/Lambda --metric-name {{}}"
        f" --dimensions Name=FunctionName,Value={function} --statistics {{}} --period 300"
        ' --start-time "$(date -u -d \'6 hours ago\' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)"'
    )
    values = {
        "config_file": deployment.document.file.rpartition("/")[2],
        "name": function,
        "domain": deployment.domain,
        "region": region,
        "tier": str(Tier.VALIDATED),
        "least": config.scaling.min,
        "most": config.scaling.max,
        "longest": duration(config.app.longest_request),
        "canary": options.canary,
        "files": options.files,
        "secret_files": [f"{deployment.secrets_path}/{name}" for name in names],
        "deploy": [*next_steps(deployment)],
        "migrate": [
            f"docker run --rm --env-file migrate.env {deployment.images['app']} {join(config.app.migrate)}",
        ]
        if config.app.migrate
        else [],
        "rotate": [
            "./secrets.sh",
            f"aws lambda update-function-configuration {aws} --function-name {function}"
            ' --description "secrets of $(date -u +%F)"',
            f"aws lambda wait function-updated {aws} --function-name {function}",
            f"aws lambda update-alias {aws} --function-name {function} --name live --function-version"
            f' "$(aws lambda publish-version {aws} --function-name {function} --query Version --output text)"',
        ],
        "database_host": config.database.host,
        "logs": [f"{logs} --since 30m"],
        "memory": [f'{logs} --since 6h --filter-pattern "REPORT" | grep -o "Max Memory Used: [0-9]* MB" | sort -u'],
        "slow": [
            metric.format("Duration", "Maximum"),
            metric.format("ConcurrentExecutions", "Maximum"),
            metric.format("Throttles", "Sum"),
        ],
        "certificate": [
            "aws acm list-certificates --region us-east-1 --output table",
            f"openssl s_client -connect {deployment.domain}:443 -servername {deployment.domain} </dev/null"
            " | openssl x509 -noout -subject -dates",
        ],
        "backups": [_backups(options.files, aws)] if options.files else [],
        "daily": [f"{logs} --since 24h --filter-pattern ERROR", "./verify.sh"],
        "weekly": [f"aws lambda list-versions-by-function {aws} --function-name {function} --output table"],
        "delete": [f"aws cloudformation delete-stack {aws} --stack-name {function}"],
    }
    return File("RUNBOOK.md", "the commands for this deployment", "markdown", values)


def _backups(access_point: str, aws: str) -> str:
    """Recovery points belong to the file system that the access point opens."""
    prefix, _, point = access_point.partition(":access-point/")
    found = f"aws efs describe-access-points {aws} --access-point-id {point} --query 'AccessPoints[0].FileSystemId'"
    arn = f'"{prefix}:file-system/$({found} --output text)"'
    return f"aws backup list-recovery-points-by-resource {aws} --resource-arn {arn}"
