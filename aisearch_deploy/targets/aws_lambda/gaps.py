"""What Lambda does not render as it is meant, and why."""

from __future__ import annotations

from aisearch_deploy.config.targets import Targets
from aisearch_deploy.targets.base import Gap, GapKind


def _approximated(reason: str) -> Gap:
    return Gap(GapKind.APPROXIMATED, reason)


def _missing(reason: str) -> Gap:
    return Gap(GapKind.NOT_EXPRESSED, reason)


_ALONE = "an instance of a function answers one request at a time, so it runs one worker with what AWS gives it"
_CPU = "Lambda gives CPU by memory: one core for each 1,769 MiB"
_EDGE = "there is no nginx: CloudFront answers for the domains"
_TLS = "CloudFront's certificate is targets.lambda.certificate_arn; the function's own URL has AWS's"
_EXTERNAL = "Lambda uses a database and a cache that exist"
_KUBERNETES = "Kubernetes' own; a function has no nodes"
_BACKUP = "a function stores nothing: backups belong to the database and the file system that it uses"
_LOGS = "CloudWatch keeps logs by days: targets.lambda.log_retention"

GAPS = {
    "load": _missing("Lambda starts an instance for each request in flight; scaling.max bounds them"),
    "image.pull_secret": _missing("deploy.sh pulls with this machine's docker login; Lambda pulls from ECR"),
    "image.build": _missing("deploy.sh builds on an image that exists: the compose target has the Dockerfile"),
    "contract.user": _missing("Lambda runs every image as a user of its own"),
    "contract.health_path": _missing("the Web Adapter asks ready_path before the first request"),
    "contract.metrics_path": _missing(_EDGE),
    "contract.static_path": _missing("CloudFront caches nothing here, so that no answer is another caller's"),
    "app.workers": _missing(_ALONE),
    "app.cpu": _missing(_CPU),
    "app.memory.request": _missing("Lambda reserves all the memory that a function may use"),
    "app.memory_per_worker": _missing(_ALONE),
    "app.startup": _approximated("an instance that starts longer than 10 s is started asynchronously"),
    "app.longest_request": _approximated(
        "CloudFront waits 60 s for the first byte of an answer, and for each next one"
    ),
    "app.token_gap": _missing("CloudFront ends an answer that is silent for 60 s"),
    "app.migrate": _missing("a function runs no commands: RUNBOOK.md runs it with docker, before an update"),
    "app.models_cache": _missing("EFS has no size"),
    "app.streaming_paths": _missing("every answer streams"),
    "scaling.cpu": _missing("Lambda starts an instance for each request in flight"),
    "scaling.memory": _missing("Lambda starts an instance for each request in flight"),
    "rate_limit": _missing("nothing here counts callers: scaling.max bounds them all together. Take ecs"),
    "tls": _missing(_TLS),
    "trusted_proxies": _missing(_EDGE),
    "edge.balance": _missing(_EDGE),
    "edge.allow": _missing(f"{_EDGE}; a function's URL is open to everybody. Take ecs"),
    "edge.brotli": _missing("the app's answers are streamed as they are"),
    "edge.image": _missing(_EDGE),
    "cdn": _missing("CloudFront is in front where targets.lambda.certificate_arn is set"),
    "secrets.store": _missing("values are in Secrets Manager, wherever they came from: secrets.sh puts files there"),
    "secrets.external_store": _missing("values are in Secrets Manager"),
    "secrets.existing": _missing("Kubernetes' own; secrets are in Secrets Manager under the stack's name"),
    "database.mode": _missing("bundled is refused; managed and external are used alike"),
    "database.version": _missing(_EXTERNAL),
    "database.image": _missing(_EXTERNAL),
    "database.max_connections": _missing("more than it accepts is refused: there is no pooler here"),
    "database.pooler": _missing("an instance has one worker; a pooler of yours is database.host"),
    "database.cpu": _missing(_EXTERNAL),
    "database.memory": _missing(_EXTERNAL),
    "database.storage": _missing(_EXTERNAL),
    "database.storage_class": _missing(_EXTERNAL),
    "cache.mode": _missing("bundled is refused; managed and external are used alike"),
    "cache.engine": _missing(_EXTERNAL),
    "cache.image": _missing(_EXTERNAL),
    "cache.memory": _missing(_EXTERNAL),
    "uploads": _missing("EFS has no size: it grows, and costs what it holds"),
    "vector_store.storage": _missing(_EXTERNAL),
    "logs.max_size": _missing(_LOGS),
    "logs.max_files": _missing(_LOGS),
    "monitoring.metrics": _approximated("Prometheus cannot scrape a function: CloudWatch counts it in any case"),
    "backup": _missing(_BACKUP),
    "network.ipv6": _missing("CloudFront speaks IPv6 in any case, a function's URL too"),
    "scheduling": _missing(_KUBERNETES),
    **{
        f"targets.{field.alias or name}": _missing("another target's settings")
        for name, field in Targets.model_fields.items()
        if name != "lambda_"
    },
}
