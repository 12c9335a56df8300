"""What ECS does not render as it is meant, and why."""

from __future__ import annotations

from aisearch_deploy.config.targets import Targets
from aisearch_deploy.targets.base import Gap, GapKind


def _approximated(reason: str) -> Gap:
    return Gap(GapKind.APPROXIMATED, reason)


def _missing(reason: str) -> Gap:
    return Gap(GapKind.NOT_EXPRESSED, reason)


_ACM = (
    "ACM issues and renews the load balancer's certificate: targets.ecs.certificate_arn, or one that the stack asks for"
)
_OTHER = "another target's settings"
_KUBERNETES = "Kubernetes' own; Fargate has no nodes to choose from"
_RDS = "RDS and ElastiCache run images of their own"

GAPS = {
    "image.pull_secret": _missing(
        "deploy.sh pulls with this machine's docker login; Fargate pulls from ECR, by its role"
    ),
    "image.build": _missing("deploy.sh copies an image that exists: the compose target has the Dockerfile"),
    "app.cpu.request": _missing("Fargate reserves all the cores that a task may use"),
    "app.models_cache": _missing("EFS has no size: it grows, is always kept, and costs what it holds"),
    "app.volumes": _missing("Fargate mounts neither claims nor folders of a server: uploads and models are on EFS"),
    "tls": _approximated(_ACM),
    "tls.email": _missing(_ACM),
    "tls.path": _missing(_ACM),
    "tls.server": _missing(_ACM),
    "edge.balance": _approximated("address-hash is a cookie of the load balancer"),
    "rate_limit": _approximated(
        "the edge counts for each task alone; WAF counts over all tasks, in windows of a minute, the burst on top, at "
        "least 10, and a few seconds late"
    ),
    "secrets.store": _missing("values are in Secrets Manager, wherever they came from: secrets.sh puts files there"),
    "secrets.external_store": _missing("values are in Secrets Manager"),
    "secrets.existing": _missing("Kubernetes' own; secrets are in Secrets Manager under the stack's name"),
    "database.image": _approximated(f"{_RDS}; this one is where psql comes from"),
    "database.tls": _approximated("RDS refuses connections without TLS: disable is rendered as require"),
    "database.cpu": _approximated("the smallest RDS class that has as much, or targets.ecs.database_class"),
    "database.memory": _approximated("the smallest RDS class that has as much, or targets.ecs.database_class"),
    "database.storage_class": _missing("RDS uses gp3"),
    "cache.image": _missing(_RDS),
    "cache.memory": _approximated("the smallest ElastiCache node that has as much, or targets.ecs.cache_node"),
    "uploads.storage": _missing("EFS has no size: it grows, and costs what it holds"),
    "uploads.storage_class": _missing(_KUBERNETES),
    "logs.max_size": _missing("CloudWatch keeps logs by days: targets.ecs.log_retention"),
    "logs.max_files": _missing("CloudWatch keeps logs by days: targets.ecs.log_retention"),
    "backup.to": _missing("AWS Backup keeps recovery points in a vault of its own; a bucket is another target's"),
    "backup.encrypt_to": _missing("recovery points are encrypted with the stack's KMS key, not with age"),
    "backup.storage": _missing("a vault has no size: it costs what it holds"),
    "network.ipv6": _approximated("IPv6 reaches the load balancer; inside, everything speaks IPv4"),
    "scheduling.node_selector": _missing(_KUBERNETES),
    "scheduling.tolerations": _missing(_KUBERNETES),
    "scheduling.priority_class": _missing(_KUBERNETES),
    **{
        f"targets.{field.alias or name}": _missing(_OTHER)
        for name, field in Targets.model_fields.items()
        if name != "ecs"
    },
}
